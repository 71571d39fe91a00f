"""How a book stands with its head office: what waits, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfa import locales
from sfa.i18n import _
from sfa.models.times import local_day
from sfa.sync import outbox

if TYPE_CHECKING:
    from sfa.store.book import Book


class Status(NamedTuple):
    """``server``: head office's URL, empty for a book that is alone; ``synced_at``: the last success, an instant.

    ``unsent`` counts own actions that head office has not judged, ``conflicts`` those that the user has to decide,
    ``rejected`` actions that head office refused; ``problem`` says why the last sync did not come through.
    """

    server: str = ""
    synced_at: str = ""
    unsent: int = 0
    conflicts: int = 0
    rejected: int = 0
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Whether there is something that somebody has to look at."""
        return bool(self.conflicts or self.rejected)

    def line(self) -> str:
        """All of it in one line."""
        counts = (
            (self.unsent, _("{count} unsent")),
            (self.conflicts, _("{count} conflicts") if self.conflicts != 1 else _("{count} conflict")),
            (self.rejected, _("{count} refused")),
        )
        number = locales.current().number
        told = [text.format(count=number(count)) for count, text in counts if count]
        last = _("synced {when}").format(when=when(self.synced_at)) if self.synced_at else _("not synced yet")
        return " · ".join([last, *told])

    def text(self) -> str:
        """The line, and what is wrong."""
        return " · ".join(filter(None, (self.line(), self.problem)))


def status(book: Book) -> Status:
    """How ``book`` stands now."""
    server = book.meta("server")
    if not server:
        return Status()
    mine = "SELECT count(*) FROM conflict WHERE deleted_at IS NULL AND resolved_at IS NULL AND user = ?"
    rejected = "SELECT count(*) FROM outgoing WHERE outcome = 'rejected'"
    counts = outbox.waiting(book), int(book.value(mine, (book.user,))), int(book.value(rejected))
    return Status(server, book.meta("synced_at"), *counts, book.meta("problem"))


def when(moment: str) -> str:
    """A moment as briefly as can be: today's as a time."""
    locale, today = locales.current(), locales.today()
    local = locales.to_local(moment, locales.zone())
    time = locale.time(local.hour, local.minute)
    return time if local_day(moment) == today else f"{locale.day(local_day(moment), today)} {time}"
