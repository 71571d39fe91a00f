"""One card in the fields of a record: what they take, what they cannot take, and which records its names mean."""

from __future__ import annotations

from typing import NamedTuple

from sfa.errors import UserError
from sfa.exchange.cards.wording import FIELDS, SAID_BY, SOURCE, Values, field_of
from sfa.exchange.links import LinkFinder, Miss, Problem
from sfa.exchange.points import dialled
from sfa.formats.vcard.meaning import Meaning, meaning, unread
from sfa.formats.vcard.reading import COMMON, Card, text_of
from sfa.formats.vcard.reading import read as read_cards
from sfa.formats.vcard.versions import to_common, to_newest
from sfa.formats.vcard.writing import Extras
from sfa.formats.vcard.writing import card as write_card
from sfa.i18n import _
from sfa.models.fields import Value
from sfa.models.lists import Points


class Read(NamedTuple):
    """What a card says in stored form: every field that cards have, None where it says nothing.

    ``remarks`` tell what no field could take; that stays in ``original``, from where it is given back.
    """

    values: Values
    remarks: tuple[str, ...]


class Reading:
    """One card, read for a kind of record."""

    def __init__(self, kind: str, finder: LinkFinder, card: Card) -> None:
        self.kind, self.fields, self.finder = kind, finder.fields, finder
        self.card, self.said = card, meaning(card)
        self.values: Values = {}
        self.remarks: list[str] = []
        self.unread: set[int] = set()
        self._texts(self.said)
        for name in ("phones", "emails"):
            self._points(name)

    def done(self) -> Read:
        self._account()
        self._tags()
        if self.kind == "lead":
            self.values |= {"external_source": SOURCE, "external_id": self.card.uid} if self.card.uid else {}
        else:
            lines = (line for line in unread(self.card.lines, sorted(self.unread)) if line.name != "PRODID")
            card = self.card._replace(lines=tuple(lines))
            self.values["uid"] = card.uid or None
            self.values["original"] = text_of(card) if self._says_more(card) else None
        return Read(self.values, tuple(self.remarks))

    def _says_more(self, card: Card) -> bool:
        """Whether the card says anything that we would not write ourselves."""
        if self.unread or not card.uid:
            return True
        said = {**self.values, "id": card.uid, "original": None}
        own = read_cards(write_card(said, COMMON, Extras(self.said.account, self.said.tags)))[0]
        return lines_of(own) != lines_of(card)

    def _texts(self, said: Meaning) -> None:
        refused = {SAID_BY.get(name, name) for name, value in said.values.items() if not self._takes(name, value)}
        for name in FIELDS:
            if field := field_of(self.kind, name):
                group = SAID_BY.get(name, name)
                self.values[field] = None if group in refused and group != "last_name" else said.values.get(name)
        for group in sorted(refused - {"last_name"}):
            self.unread.update(said.by.get(group, ()))

    def _takes(self, name: str, value: Value) -> bool:
        field = self.fields.get(field_of(self.kind, name))
        if field is None:
            return True
        try:
            field.check(value)
        except ValueError as reason:
            self.remarks.append(_("{field}: {reason}").format(field=field.title, reason=reason))
            return False
        return True

    def _points(self, name: str) -> None:
        field = self.fields[name]
        assert isinstance(field, Points)
        country = self.values.get(field_of(self.kind, "mailing_country")) or ""
        taken: list[dict[str, str]] = []
        for said in self.said.of(name):
            try:
                point = {"label": said.label, "value": said.value, **dialled(field, said.value, country)}
                taken += (checked for checked in field.check([point]) if checked not in taken)
            except ValueError as reason:
                self.remarks.append(str(reason))
                self.unread.update(said.places)
        self.values[name] = taken or None

    def _account(self) -> None:
        name = self.said.account
        if self.kind == "lead":
            self.values["company"] = name or None
            return
        found = self._found("account", "account", name) if name else None
        self.values["account"] = found
        if name and found is None:
            self.unread.update(self.said.by["account"])
            self.values["department"] = None

    def _tags(self) -> None:
        found = [self._found("tags", "tag", name) for name in self.said.tags]
        self.values["tags"] = sorted({tag for tag in found if tag}) or None

    def _found(self, field: str, kind: str, name: str) -> str | None:
        """The record of that name, made where there is none; None where the policy leaves it out or several have it."""
        found = self.finder.find(field, kind, name, None)
        if isinstance(found, Miss):
            found = self.finder.settle(found)
            if isinstance(found, Problem):
                raise UserError(found.reason)
            return found if isinstance(found, str) else None
        if isinstance(found, Problem):
            self.remarks.append(found.reason)
            return None
        return found


def lines_of(card: Card) -> list[str]:
    """What a card says, whatever its version and the order of its lines."""
    newest = to_newest(to_common(card))
    lines = (line._replace(params=dict(sorted(line.params.items()))) for line in newest.lines if line.name != "PRODID")
    return sorted(map(repr, lines))
