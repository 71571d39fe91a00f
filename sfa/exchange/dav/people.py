"""Contacts on an address book server: which ones, and as what cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sfa.exchange.cards.applying import Applier
from sfa.exchange.cards.wording import sayings
from sfa.exchange.dav.mapping import BEYOND, Known, Thing, Written, beyond, digest, setlike
from sfa.exchange.dav.remotes import Remote
from sfa.exchange.dav.threeway import WHOLE, Parts
from sfa.formats.vcard.meaning import meaning
from sfa.formats.vcard.reading import COMMON, Card, read
from sfa.formats.vcard.writing import Extras, card
from sfa.i18n import _
from sfa.models import Field, Text
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.store.columns import dumps
from sfa.store.lookup import Lookup

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.change import Change

MINE = """deleted_at IS NULL AND (account IN (SELECT id FROM account WHERE owner = :user AND deleted_at IS NULL)
    OR (owner = :user AND account IS NULL))"""
ALL = "deleted_at IS NULL AND :user != ''"
_TOUCHED = """SELECT DISTINCT entry.kind, entry.record FROM entry JOIN action ON action.n = entry.action
    WHERE action.n > ? AND entry.kind IN ('contact', 'account')
    AND NOT (action.origin = 'carddav' AND action.mode = 'do')"""
_OWN = frozenset({"PRODID", "UID", "REV", "FN", "VERSION"})  # what every program writes itself
NAMES = ("account", "tags")
"""What a card says by name, and a contact by link."""


class People:
    """The contacts of ``remote``: by default those of the accounts that its user owns, as ``chosen`` says.

    Cards that somebody else put there stay out of the book, unless ``take`` in ``chosen`` is ``all``: an address book
    of one's own holds more than customers.
    """

    kind = "contact"

    def __init__(self, book: Book, remote: Remote) -> None:
        self.book, self.remote = book, remote
        self._where = ALL if remote.chosen.get("who") == "all" else MINE
        account = Text("Account")
        account.__set_name__(type(self), "account")
        more = {"account": account, "tags": setlike("tags"), BEYOND: beyond()}
        self.fields: Mapping[str, Field[Any]] = {**book.fields("contact"), **more}
        self._known = Known(book, "contact", "1")

    # Texts

    def read(self, text: str) -> Thing:
        cards = read(text)
        if len(cards) != 1:
            raise ValueError(_("it holds no card"))
        if cards[0].is_group:
            return Thing(cards[0].uid, {WHOLE: {}}, secret=True)  # a list of people, which stays as it is
        return Thing(cards[0].uid, {WHOLE: _said(cards[0])})

    def written(self, ids: Collection[str]) -> dict[str, Written]:
        lookup = Lookup(self.book)
        found = self.book.records("contact", "id IN (SELECT value FROM json_each(?))", (dumps(list(ids)),))
        result: dict[str, Written] = {}
        for record in found:
            said, extras = sayings("contact", record.values, lookup)
            text = card(said, COMMON, extras)
            result[record.id] = Written(text, {WHOLE: _said(read(text)[0])})
        return result

    def likened(self, parts: Parts, before: Parts) -> Parts:  # noqa: ARG002 - cards say all that we give them
        return parts

    # Which ones

    def chosen(self) -> set[str]:
        return self._ids("1", "")

    def staying(self, ids: Collection[str]) -> set[str]:
        return self._ids("id IN (SELECT value FROM json_each(:ids))", dumps(list(ids)))

    def _ids(self, where: str, ids: str) -> set[str]:
        sql = f"SELECT id FROM contact WHERE {where} AND {self._where}"
        rows = self.book.connection.execute(sql, {"user": self.book.user, "ids": ids})
        return {row[0] for row in rows}

    def touched(self, since: int) -> set[str]:
        rows = self.book.rows(_TOUCHED, (since,))
        accounts = dumps([record for kind, record in rows if kind == "account"])
        under = self.book.rows("SELECT id FROM contact WHERE account IN (SELECT value FROM json_each(?))", (accounts,))
        return {record for kind, record in rows if kind == "contact"} | {row[0] for row in under}

    def find(self, uid: str) -> str | None:
        return self._known.find(uid)

    def takes(self, thing: Thing) -> bool:  # noqa: ARG002 - all of them or none
        return bool(self.remote.chosen.get("take") == "all")

    def keeps(self, record: str) -> bool:  # noqa: ARG002 - there is no history in a card
        return False

    def part(self, record: str, part: str) -> str:
        return record if part == WHOLE and self.book.find("contact", record) else ""

    # Into the book

    def apply(self, change: Change, record: str | None, text: str, before: Parts, after: Parts) -> str:
        came = read(text)[0]
        said = after[WHOLE]
        if said != _said(came):
            came = _saying(came, said)
        links = {name: change.get("contact", record).values.get(name) for name in NAMES} if record else {}
        applied = Applier(change, "contact").apply(came, record, whole=True)
        self._known.add(came.uid, applied.id)
        # A name that is as it was means the same record as before, whatever else is called so.
        same = {name: links[name] for name in links if before.get(WHOLE, {}).get(name) == said.get(name)}
        if same:
            edit.edit(change, "contact", applied.id, same)
        return applied.id

    def delete(self, change: Change, record: str) -> None:
        edit.delete(change, "contact", [record])


def _said(one: Card) -> dict[str, Value]:
    """What a card says, in plain JSON; account and tags by name."""
    found = meaning(one)
    points = {name: [{"label": s.label, "value": s.value} for s in found.of(name)] for name in ("phones", "emails")}
    places = {
        place
        for said in (*found.by.values(), *(entry.places for n in points for entry in found.of(n)))
        for place in said
    }
    rest = (line for place, line in enumerate(one.lines) if place not in places and line.name not in _OWN)
    said = {**found.values, "account": found.account, "tags": sorted(found.tags), **points}
    said[BEYOND] = digest(repr((line.name, dict(line.params), line.value)) for line in rest)
    return {name: value for name, value in said.items() if value}


def _saying(came: Card, said: Mapping[str, Value]) -> Card:
    """The card ``came``, made to say ``said``."""
    from sfa.formats.vcard.reading import text_of

    values = {"id": came.uid or "-", "uid": came.uid or "-", "original": text_of(came), **said}
    values.pop(BEYOND, None)
    extras = Extras(values.pop("account", ""), tuple(values.pop("tags", ())))
    return read(card(values, COMMON, extras))[0]
