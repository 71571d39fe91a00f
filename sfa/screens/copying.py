"""Copying a phone number, an e-mail or an address for use in other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sfa.i18n import _
from sfa.models import KINDS, Record
from sfa.models.lists import Points
from sfa.sales.calls import targets_for
from sfa.screens.facts import addresses
from sfa.screens.picker import Option, Picker
from sfa.store.book import Book

if TYPE_CHECKING:
    from sfa.app import SfaApp


class Copyable(NamedTuple):
    """A text, what it is, and whose."""

    text: str
    what: str
    whose: str


def copyables(book: Book, kind: str, record_id: str) -> list[Copyable]:
    """What can be copied of a record, then of the person and the account that belong to it."""
    record = book.get(kind, record_id)
    others = [
        book.find(*target) for target in targets_for(book, kind, record_id).items() if target != (kind, record_id)
    ]
    return [found for one in (record, *filter(None, others)) for found in _of(book, one)]


def _of(book: Book, record: Record) -> Iterator[Copyable]:
    for name, field in book.fields(record.kind).items():
        if isinstance(field, Points):
            for point in record.values.get(name) or ():
                yield Copyable(point["value"], _(point["label"]), record.heading)
    for label, line in addresses(record).values():
        yield Copyable(line, _("{label} address").format(label=label), record.heading)
    yield Copyable(record.heading, _(KINDS[record.kind].label), record.heading)


def copy(sfa: SfaApp, kind: str, record_id: str) -> None:
    """Asks what to copy, copies it and says so. Whether the terminal took it, no program can know."""
    found = copyables(sfa.book, kind, record_id)
    name = sfa.book.get(kind, record_id).heading
    options = [
        Option(str(place), one.text, one.what if one.whose == name else f"{one.what} · {one.whose}")
        for place, one in enumerate(found)
    ]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            one = found[int(chosen[0])]
            sfa.copy_to_clipboard(one.text)
            sfa.tell(_("Copied {text} ({what})").format(text=one.text, what=one.what))

    sfa.push_screen(Picker(_("Copy"), options), taken)
