"""Activities as a calendar that others import or subscribe to: what was deleted of late is in it as cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

from sfa.exchange.calendars.gathering import sources
from sfa.formats.ical.writing import calendar
from sfa.locales import now, to_instant
from sfa.store.book import Book, collector_resting
from sfa.store.columns import dumps
from sfa.store.query import Query

if TYPE_CHECKING:
    import sqlalchemy as sa

KEPT = timedelta(days=90)  # for which what was deleted is told as cancelled


def export_ical(book: Book, query: Query, stream: IO[str]) -> int:
    """Writes the activities of ``query`` as iCalendar; gives the number of events and to-dos. Raises ``UserError``.

    ``stream`` must not translate line ends (``newline=""``).
    """
    with collector_resting():
        since = to_instant(datetime.fromisoformat(now()) - KEPT)
        some = query.where or query.text
        chosen = sources(book, _chosen(book, query, since) if some else None, since)
        stream.write(calendar(chosen))
    return len(chosen)


def _chosen(book: Book, query: Query, since: str) -> list[str]:
    """The ids of the query's activities, and of those that would be among them had they not been deleted of late."""
    from sfa.store.query import Builder

    class Deleted(Builder):
        """The query's records that were deleted of late."""

        def conditions(self) -> list[sa.ColumnElement[bool]]:
            _live, *others = super().conditions()
            return [self.root.c.deleted_at >= since, self.root.c.series.is_(None), *others]

    live, deleted = Builder(book, query).page(), Deleted(book, query).page()
    found = [*live.run(book, size=-1, skip=0), *deleted.run(book, size=-1, skip=0)]
    return _with_occurrences(book, [row[0] for row in found])


def _with_occurrences(book: Book, ids: list[str]) -> list[str]:
    """Series are never told without what stands for their times."""
    sql = "SELECT id FROM activity WHERE deleted_at IS NULL AND series IN (SELECT value FROM json_each(?))"
    rows: list[tuple[Any, ...]] = book.rows(sql, (dumps(ids),))
    return list(dict.fromkeys([*ids, *(row[0] for row in rows)]))
