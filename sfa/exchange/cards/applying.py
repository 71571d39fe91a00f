"""One card into the book: a record is created, updated or found unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sfa.errors import UserError
from sfa.exchange.cards.exporting import written
from sfa.exchange.cards.known import KnownCards
from sfa.exchange.cards.reading import Read, Reading, lines_of
from sfa.exchange.cards.wording import Values, require_kind
from sfa.exchange.links import LinkFinder
from sfa.formats.vcard.reading import Card
from sfa.formats.vcard.reading import read as read_cards
from sfa.i18n import _
from sfa.models import Field, check_values
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.sales import edit
from sfa.store.change import Change

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class Applied(NamedTuple):
    """What became of a card; ``outcome`` is created, updated or unchanged."""

    id: str
    outcome: str
    remarks: tuple[str, ...]


class Applier:
    """Brings cards into the book within ``change``, as ``kind`` (contact or lead).

    ``policies`` say what becomes of names that no record has, as for other imports; accounts and tags are created
    unless they say otherwise.
    """

    def __init__(self, change: Change, kind: str = "contact", policies: Mapping[str, str] | None = None) -> None:
        self.change, self.kind = change, require_kind(kind)
        self.fields: Mapping[str, Field[Any]] = change.book.fields(kind)
        self.finder = LinkFinder(change, kind, self.fields, {"account": "create", **(policies or {})})
        self.known = KnownCards(change.book, kind)

    def read(self, card: Card) -> Read:
        """What ``card`` says, its account and tags as records. Raises ``UserError`` where it can be no record."""
        if card.is_group:
            raise UserError(_("It is a list of people, not one person."))
        reading = Reading(self.kind, self.finder, card)
        if not reading.values.get("last_name"):
            raise UserError(_("It names nobody."))
        check_values({"last_name": self.fields["last_name"]}, {"last_name": reading.values["last_name"]})
        return reading.done()

    def apply(self, card: Card, record_id: str | None = None, *, whole: bool = False) -> Applied:
        """Creates or updates the record ``record_id``, or the one that the card is known to be.

        What the card says counts; what it says nothing about stays, and lists grow. ``whole``: the card says all there
        is, so what it does not say goes. Raises ``UserError`` and ``FieldError``.
        """
        read = self.read(card)
        found = record_id or self.known.find(read.values)
        if found is None:
            values = {name: value for name, value in read.values.items() if value is not None}
            created = edit.create(self.change, self.kind, values)
            self.known.add(created, values)
            return Applied(created, CREATED, read.remarks)
        before = self.change.get(self.kind, found).values
        if self._is_ours(before, card):
            return Applied(found, UNCHANGED, ())
        after = read.values if whole else self._joined(before, read.values)
        if found in (after.get("uid"), after.get("external_id")):
            after = {
                name: value for name, value in after.items() if name not in ("uid", "external_id", "external_source")
            }
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        if changed:
            edit.edit(self.change, self.kind, found, changed)
        return Applied(found, UPDATED if changed else UNCHANGED, read.remarks)

    def _is_ours(self, before: Values, card: Card) -> bool:
        """Whether the card is what an export of the record says: what comes back as it went out changes nothing."""
        return lines_of(read_cards(written(self.kind, before, self.finder.lookup))[0]) == lines_of(card)

    def _joined(self, before: Mapping[str, Value], said: Values) -> Values:
        """What is said, lists joined with those that are there."""
        values = {name: value for name, value in said.items() if value is not None}
        for name, value in values.items():
            old = before.get(name) or []
            if isinstance(self.fields[name], Points):
                new = {point.get("e164") or point["value"].casefold() for point in value}
                values[name] = value + [
                    point for point in old if (point.get("e164") or point["value"].casefold()) not in new
                ]
            elif isinstance(value, list):
                values[name] = sorted({*old, *value})
        return values
