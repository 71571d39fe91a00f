"""Files of cards into the book, as one action that one undo takes back, or as a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sfa.errors import UserError
from sfa.exchange.cards.applying import CREATED, UNCHANGED, UPDATED, Applier
from sfa.exchange.cards.wording import require_kind
from sfa.formats.vcard.meaning import plain
from sfa.formats.vcard.reading import Card, read
from sfa.i18n import _
from sfa.models import KINDS
from sfa.sales.duplicates import PAIRED, hints
from sfa.store.book import Book
from sfa.store.change import Change


class Told(NamedTuple):
    """Something about one card: ``place`` counts from 1, ``name`` is what the card shows."""

    place: int
    name: str
    text: str


class Alike(NamedTuple):
    """A new record that looks like one that was there."""

    id: str
    name: str
    other: str
    other_name: str
    reason: str


@dataclass
class CardFile:
    """What became of one file. ``cards`` = created + updated + unchanged + rejected."""

    path: Path
    cards: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)  # what no field could take, and is kept for the export
    alike: list[Alike] = field(default_factory=list)


@dataclass
class CardImport:
    """What became of all files; ``action`` is the number of the journal's action, 0 where nothing changed."""

    kind: str
    files: list[CardFile]
    dry_run: bool
    added: dict[str, int]  # kind → records made for names that no record had
    action: int = 0
    title: str = ""


class _Rehearsed(Exception):
    """Takes a dry run back."""


def run_card_import(
    book: Book,
    paths: Sequence[Path],
    kind: str = "contact",
    policies: Mapping[str, str] | None = None,
    *,
    encoding: str = "",
    dry_run: bool = False,
) -> CardImport:
    """Imports the cards of the files at ``paths`` as ``kind``: all in one action, or nothing.

    ``policies`` say what becomes of accounts and tags that nobody has; ``encoding`` is that of letters of which a file
    says nothing. Raises ``UserError`` for a file that holds no card.
    """
    require_kind(kind)
    files = [(CardFile(path), cards_of(path, encoding)) for path in paths]
    title = _("Imported {files}").format(files=", ".join(path.name for path in paths))
    try:
        with book.change(title, "import") as change:
            applier = Applier(change, kind, policies)
            for result, cards in files:
                _Loading(change, applier, result).load(cards)
            added = dict(applier.finder.created)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return CardImport(
        kind, [result for result, _cards in files], dry_run, added, 0 if dry_run else change.number, title
    )


def cards_of(path: Path, encoding: str = "") -> list[Card]:
    """The cards in a file. Raises ``UserError`` where it cannot be read or holds none."""
    try:
        data = path.read_bytes()
        "".encode(encoding or "utf-8")
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)) from None
    except LookupError:
        raise UserError(_("There is no encoding {name}.").format(name=encoding)) from None
    cards = read(data, encoding)
    if not cards:
        hint = _("It holds a calendar.") if b"BEGIN:VCALENDAR" in data.upper() else ""
        raise UserError(_("{path} holds no card of an address book.").format(path=path), hint)
    return cards


def shown_name(card: Card) -> str:
    """What people know a card by; empty where it has no name."""
    line = card.first("FN") or card.first("N")
    return " ".join(plain(line.value).replace(";", " ").split()) if line else ""


class _Loading:
    """One file, within ``change``."""

    def __init__(self, change: Change, applier: Applier, result: CardFile) -> None:
        self.change, self.applier, self.result = change, applier, result

    def load(self, cards: Sequence[Card]) -> None:
        self.result.cards = len(cards)
        for place, card in enumerate(cards, 1):
            try:
                applied = self.applier.apply(card)
            except UserError as error:
                self.result.rejected.append(Told(place, shown_name(card), str(error)))
                continue
            self.result.remarks += [Told(place, shown_name(card), remark) for remark in applied.remarks]
            if applied.outcome == CREATED:
                self.result.created += 1
                self._look_around(applied.id)
            self.result.updated += applied.outcome == UPDATED
            self.result.unchanged += applied.outcome == UNCHANGED

    def _look_around(self, record_id: str) -> None:
        """Remembers whom a new record looks like; the rep merges what is the same."""
        kind = self.applier.kind
        values = self.change.get(kind, record_id).values
        for hint in hints(self.change.book, kind, values, record_id, limit=1):
            if hint.score >= PAIRED:
                name = KINDS[kind].heading_of(values)
                self.result.alike.append(Alike(record_id, name, hint.id, hint.title, hint.reason))
