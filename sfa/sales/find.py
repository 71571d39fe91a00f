"""Finding anybody and anything by a few letters, and what was worked on last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sfa.i18n import _
from sfa.locales import current
from sfa.models import KINDS
from sfa.models.times import show_moment
from sfa.store.book import Book
from sfa.store.search import hits


class Found(NamedTuple):
    """A record by what it is called and what tells it from others of that name."""

    kind: str
    id: str
    title: str
    subtitle: str


_ACCOUNT = "LEFT JOIN account ON account.id = {0}.account"
# Kind → the columns that make the subtitle, and the joins that bring them.
_DETAILS: dict[str, tuple[tuple[str, ...], str]] = {
    "account": (("account.industry", "account.billing_city"), ""),
    "contact": (("contact.title", "account.name"), _ACCOUNT.format("contact")),
    "opportunity": (
        ("account.name", "stage.name"),
        f"{_ACCOUNT.format('opportunity')} LEFT JOIN stage ON stage.id = opportunity.stage",
    ),
    "lead": (("lead.company", "lead.status"), ""),
    "activity": (("activity.type", "activity.start", "account.name"), _ACCOUNT.format("activity")),
    "product": (("product.code", "product.family"), ""),
    "competitor": (("competitor.website",), ""),
}
_CHOICES = frozenset({"account.industry", "lead.status", "activity.type"})
_MOMENTS = frozenset({"activity.start"})
_PARTIES = ("contact", "lead", "opportunity", "account")
_BY_HAND = "('screen', 'command')"
_LOOKED_AT = 200  # of the newest entries of the journal


def find(book: Book, text: str, kinds: tuple[str, ...] = (), limit: int = 8) -> list[Found]:
    """The records that ``text`` finds: kind by kind the best first, at most ``limit`` of each, the newest first."""
    numbers: dict[str, list[int]] = {}
    for kind, number in hits(book, text, kinds, limit):
        numbers.setdefault(kind, []).append(number)
    found: list[Found] = []
    for kind, wanted in numbers.items():
        by_number = _read(book, kind, "n", wanted)
        found.extend(by_number[number] for number in wanted if number in by_number)
    return found


def recent(book: Book, limit: int = 20) -> list[Found]:
    """The records that were last worked on by hand; an activity stands for whom it was with."""
    seen = dict.fromkeys(_parties(book, _last_entries(book)))
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in seen:
        by_kind.setdefault(kind, []).append(record_id)
    found = {(kind, id): thing for kind, ids in by_kind.items() for id, thing in _read(book, kind, "id", ids).items()}
    return [found[key] for key in seen if key in found][:limit]


def _last_entries(book: Book) -> list[tuple[str, str]]:
    """Kind and id of the records that screens and commands touched last; an import is no work on a record."""
    return book.rows(
        "SELECT entry.kind, entry.record FROM action CROSS JOIN entry ON entry.action = action.n"
        f" WHERE action.origin IN {_BY_HAND} ORDER BY action.n DESC, entry.n DESC LIMIT {_LOOKED_AT}"
    )


def _parties(book: Book, entries: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    entries = list(entries)
    ids = [record_id for kind, record_id in entries if kind == "activity"]
    marks, names = ", ".join("?" * len(ids)), ", ".join(_PARTIES)
    links = {row[0]: row[1:] for row in book.rows(f"SELECT id, {names} FROM activity WHERE id IN ({marks})", ids)}
    for kind, record_id in entries:
        if kind == "activity":
            parties = zip(_PARTIES, links.get(record_id, ()), strict=False)
            yield next(((party, linked) for party, linked in parties if linked), (kind, record_id))
        elif KINDS[kind].rank:
            yield kind, record_id


def _read(book: Book, kind: str, key: str, values: list[Any]) -> dict[Any, Found]:
    """The live records whose column ``key`` is among ``values``, by that column."""
    names = [f"{kind}.{name}" for name in KINDS[kind].named_by]
    details, joins = _DETAILS.get(kind, ((), ""))
    columns, marks = ", ".join([*names, *details]), ", ".join("?" * len(values))
    sql = f"SELECT {kind}.{key}, {kind}.id, {columns} FROM {kind} {joins} WHERE {kind}.{key} IN ({marks})"
    return {
        row[0]: Found(kind, row[1], _joined(" ", row[2 : 2 + len(names)]), _subtitle(details, row[2 + len(names) :]))
        for row in book.rows(f"{sql} AND {kind}.deleted_at IS NULL", values)
    }


def _joined(separator: str, texts: Iterable[str | None]) -> str:
    return separator.join(text for text in texts if text)


def _subtitle(names: tuple[str, ...], values: tuple[str | None, ...]) -> str:
    return _joined(" · ", (_shown(name, value) for name, value in zip(names, values, strict=True) if value))


def _shown(name: str, value: str) -> str:
    if name in _CHOICES:
        return _(value)
    return show_moment(value, current()) if name in _MOMENTS else value
