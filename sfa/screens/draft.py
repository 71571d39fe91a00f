"""What is being typed into a form: a text per field, judged as it is typed. No widget here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sfa import locales
from sfa.errors import NotFound, SfaError
from sfa.i18n import _
from sfa.models import KINDS, Field, Link, Links, Money, new_id
from sfa.models.fields import Peers, Value
from sfa.sales import edit
from sfa.screens import readings, suggestions
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.store.lookup import Lookup
from sfa.widgets.formcanvas import Note, Suggestion


class NameLookup(Lookup):
    """A lookup for every letter typed: it names no near matches, as the suggestions do."""

    def near(self, kind: str, text: str) -> tuple[str, ...]:  # noqa: ARG002 - as in the base
        return ()

    def _resolve(self, kind: str, text: str, scope: str | None) -> str:
        try:
            return super()._resolve(kind, text, scope)
        except NotFound as error:
            if len(error.candidates) < 2:
                raise
            reason = _("{count} are called so; choose one from the list.")
            raise NotFound(reason.format(count=len(error.candidates))) from None


class Judged(NamedTuple):
    """What a field's text came to."""

    value: Value
    note: Note = Note()


class Typed(NamedTuple):
    """What is kept of a form that was left: the texts typed, and the records to be added by name."""

    texts: dict[str, str]
    fresh: dict[str, tuple[str, str]]


class Draft:
    """The texts of ``fields`` and what they mean, over the values ``present``.

    A text that was not touched keeps its value exactly, whatever it would be read as.
    """

    def __init__(self, book: Book, fields: Mapping[str, Field[Any]], present: Mapping[str, Value]) -> None:
        self.book, self.fields, self.present = book, dict(fields), dict(present)
        self.currency = locales.current().default_currency()
        self.lookup = NameLookup(book)
        self.fresh: dict[str, tuple[str, str]] = {}  # id → kind and name of a record to be added with this one
        self._start = {name: self._edited(name, present.get(name), self.present) for name in fields}
        self._texts = dict(self._start)
        self._judged = {name: Judged(present.get(name)) for name in fields}
        for name in fields:
            self._judge(name)

    def _edited(self, name: str, value: Value, beside: Mapping[str, Value]) -> str:
        """The text that a value starts with; records by their names, of which the lookup then knows whom they mean."""
        field = self.fields[name]
        if not isinstance(field, (Link, Links)):
            return field.edit(value, self.peers(beside), locales.current(), self.lookup)
        ids = [value] if isinstance(value, str) else value or []
        titles = {record_id: self.lookup.title(field.to, record_id) for record_id in ids}
        for record_id, title in titles.items():
            self.lookup.remember(field.to, title, record_id)
        return "; ".join(titles.values())

    # What was typed

    def peers(self, values: Mapping[str, Value]) -> Peers:
        """``values`` with the currency that amounts have where none is given."""
        amounts = [field for field in self.fields.values() if isinstance(field, Money)]
        return {**values, **{field.currency: self.currency for field in amounts if not values.get(field.currency)}}

    @property
    def values(self) -> dict[str, Value]:
        """The stored form of every field as it is typed now; what cannot be read is None."""
        return {**self.present, **{name: judged.value for name, judged in self._judged.items()}}

    @property
    def changes(self) -> dict[str, Value]:
        """The values that are not what they were, with the currency of an amount that has none."""
        changed = {name: value for name, value in self.values.items() if value != self.present.get(name)}
        for name, field in self.fields.items():
            if isinstance(field, Money) and changed.get(name) is not None and not self.values.get(field.currency):
                changed[field.currency] = self.currency
        return changed

    @property
    def typed(self) -> Typed:
        """What was typed, to be put back with ``restore``."""
        texts = {name: text for name, text in self._texts.items() if text != self._start[name]}
        return Typed(texts, dict(self.fresh))

    def restore(self, typed: Typed) -> None:
        """Puts back what was typed into an earlier form, amounts after their currencies."""
        for record_id, (kind, name) in typed.fresh.items():
            self._remember_fresh(kind, name, record_id)
        for name in sorted(typed.texts, key=lambda name: isinstance(self.fields.get(name), Money)):
            if name in self.fields:
                self.type(name, typed.texts[name])

    def fill(self, values: Mapping[str, Value]) -> None:
        """Has fields hold ``values`` as if they had been typed, amounts after their currencies."""
        for name in sorted(values, key=lambda name: isinstance(self.fields.get(name), Money)):
            if name in self.fields:
                self.type(name, self._edited(name, values[name], {**self.present, **values}))

    def faults(self) -> dict[str, str]:
        """The fields that cannot be saved, and why; they say so themselves from now on."""
        for name, field in self.fields.items():
            value, note = self._judged[name]
            if field.required and not note.bad and (value is None or not str(value).strip()):
                self.refuse(name, _("is required"))
        return {name: judged.note.text for name, judged in self._judged.items() if judged.note.bad}

    def refuse(self, name: str, reason: str) -> None:
        """Marks a field as wrong, for a reason found elsewhere."""
        self._judged[name] = self._judged[name]._replace(note=Note(reason, True))

    def add_fresh(self, change: Change) -> None:
        """Adds the records that fields name and that do not exist yet."""
        values = self.values.values()
        for record_id, (kind, name) in self.fresh.items():
            if any(record_id == value or (isinstance(value, list) and record_id in value) for value in values):
                edit.create(change, kind, {**suggestions.named_values(kind, name), "id": record_id})

    # The model of the form's widget

    def text(self, name: str) -> str:
        return self._texts[name]

    def type(self, name: str, text: str) -> set[str]:
        return self._type(name, text, settled=True)

    def _type(self, name: str, text: str, *, settled: bool) -> set[str]:
        before = self.peers(self.values)
        self._texts[name] = text
        self._judge(name, settled=settled)
        dependants = self._dependants(name)
        for other in dependants:
            self._convert(other, before)
            self._judge(other, settled=False)
        return {name, *dependants}

    def note(self, name: str) -> Note:
        note = self._judged[name].note
        return note if note.text or self._texts[name].strip() else Note(readings.guidance(self.fields[name]))

    def suggestions(self, name: str) -> list[Suggestion]:
        return suggestions.suggest(self.book, self.fields[name], self._texts[name], self.values)

    def take(self, name: str, suggestion: Suggestion) -> set[str]:
        field = self.fields[name]
        if isinstance(field, (Link, Links)) and suggestion.fresh:
            self._remember_fresh(field.to, suggestion.text, new_id())
        elif isinstance(field, (Link, Links)):
            self.lookup.remember(field.to, suggestion.text, suggestion.id)
        return self._type(name, suggestions.taken(field, self._texts[name], suggestion), settled=False)

    # Judging

    def _remember_fresh(self, kind: str, name: str, record_id: str) -> None:
        self.fresh[record_id] = (kind, name)
        self.lookup.remember(kind, name, record_id)

    def _dependants(self, name: str) -> set[str]:
        """The fields whose meaning hangs on ``name``: amounts on their currency, stages on their pipeline."""
        return {
            other
            for other, field in self.fields.items()
            if (isinstance(field, Money) and field.currency == name)
            or (isinstance(field, Link) and KINDS[field.to].scoped_by == name)
        }

    def _convert(self, name: str, before: Peers) -> None:
        """Writes an amount that stays the same number in the notation of its new currency."""
        field, value = self.fields[name], self._judged[name].value
        if not isinstance(field, Money) or value is None:
            return
        after = self.peers(self.values)
        amount = Decimal(value).scaleb(locales.digits(after[field.currency]) - locales.digits(before[field.currency]))
        if amount == amount.to_integral_value():
            self._texts[name] = field.show(int(amount), after, locales.current())

    def _judge(self, name: str, *, settled: bool = True) -> None:
        """Reads a field's text; where ``settled``, one that was not touched keeps its value."""
        field, text = self.fields[name], self._texts[name]
        peers = self.peers(self.values)
        if settled and text == self._start[name]:
            value = self.present.get(name)
        else:
            try:
                value = readings.read(field, text, peers, self.lookup)
            except (ValueError, SfaError) as error:
                self._judged[name] = Judged(None, Note(str(error), True))
                return
        told = "" if value is None else self._meaning(field, value, text, peers)
        self._judged[name] = Judged(value, Note(told))

    def _meaning(self, field: Field[Any], value: Value, text: str, peers: Peers) -> str:
        if not isinstance(field, (Link, Links)):
            return readings.meaning(field, value, text, peers)
        ids = [value] if isinstance(value, str) else value
        added = [self.fresh[record_id][1] for record_id in ids if record_id in self.fresh]
        if added:
            return _("new {kind}").format(kind=_(KINDS[field.to].label).lower())
        titles = "; ".join(self.lookup.title(field.to, record_id) for record_id in ids)
        return "" if titles == text else titles
