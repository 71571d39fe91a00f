"""Rows that are looked at one by one: each may be a known record, or rules of its kind hang on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sfa.errors import UserError
from sfa.exchange.cells import Reading
from sfa.exchange.links import Problem
from sfa.i18n import _
from sfa.models import KINDS, Link, Links, is_id, new_id, require
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.models.times import local_midnight
from sfa.sales import edit
from sfa.store.columns import decode, dumps, listed

if TYPE_CHECKING:
    from sfa.exchange.loading import Loader

Values = dict[str, Value]
NAME_JOINT = " – "  # between the account and the product that a deal without a name is named after
midnight = cache(local_midnight)


class Row(NamedTuple):
    """A row as it came from the file."""

    line: int
    cells: list[str]


class RowByRow:
    """The rows of one chunk that can be read (``good``), created, updated, found unchanged or refused by ``loader``."""

    def __init__(self, loader: Loader, rows: list[Row], reading: Reading, good: list[int]) -> None:
        self.loader, self.rows, self.change, self.kind = loader, rows, loader.change, loader.kind
        names = tuple(reading.columns)
        every = list(zip(*reading.columns.values(), strict=True))
        self.values = {
            place: {name: value for name, value in zip(names, every[place], strict=True) if value is not None}
            for place in good
        }
        self.pending: dict[int, Values] = {}
        self.pending_keys: set[str] = set()

    def load(self) -> None:
        matcher = self.loader.matcher
        keys = {place: matcher.keys(values) for place, values in self.values.items()} if matcher else {}
        known = self._known(
            [found for place in keys if matcher and isinstance(found := matcher.find(keys[place]), str)]
        )
        for place, values in self.values.items():
            try:
                if matcher is None:
                    self.pending[place] = self._born(values)
                    continue
                if self.pending_keys.intersection(keys[place]):
                    self._flush(keys)
                self._match(place, values, matcher.find(keys[place]), known, keys[place])
            except (UserError, ValueError) as error:
                self._refuse(place, str(error))
        self._flush(keys)

    def _match(
        self, place: int, values: Values, found: str | Problem | None, known: dict[str, Values], keys: list[str]
    ) -> None:
        matcher, mode = self.loader.matcher, self.loader.mode
        assert matcher is not None
        if isinstance(found, Problem) or not keys:
            reason = found.reason if isinstance(found, Problem) else _("is empty, and rows are matched by it")
            title = matcher.field.title if matcher.field else matcher.name
            self._refuse(place, f"{title}: {reason}")
        elif found is not None:
            self._update(place, values, found, known)
        elif mode == "update":
            self._refuse(place, _("There is no such record to update."))
        else:
            if not is_id(values.get("id", new_id())):
                raise ValueError(_("{id} is no id of sfa's.").format(id=values["id"]))
            self.pending[place] = self._born(values)
            self.pending_keys.update(keys)

    def _update(self, place: int, values: Values, record_id: str, known: dict[str, Values]) -> None:
        before = known.get(record_id) or dict(self.change.get(self.kind, record_id).values)
        merged = {name: self._joined(name, before.get(name), value) for name, value in values.items() if name != "id"}
        changed = {name: value for name, value in merged.items() if before.get(name) != value}
        if not changed:
            self.loader.unchanged += 1
        elif self.loader.mode == "insert":
            self._refuse(place, _("The record is in the book already, and differs."))
        else:
            edit.edit(self.change, self.kind, record_id, changed)
            known.pop(record_id, None)
            self.loader.updated += 1

    def _joined(self, name: str, before: Value, value: Value) -> Value:
        """Lists grow by what the file adds; nothing goes from them."""
        field = self.loader.fields.get(name)
        if not before or not isinstance(field, (Points, Links)):
            return value
        if isinstance(field, Links):
            return sorted({*before, *value})
        kept = {point.get("e164") or point["value"].casefold() for point in before}
        return before + [point for point in value if (point.get("e164") or point["value"].casefold()) not in kept]

    def _born(self, values: Values) -> Values:
        """The values of a new record: with defaults, a name, and what its kind's rules add."""
        values = {**self.loader.defaults, **values}
        self._name(values)
        full = {
            name: value for name, value in edit.settled(self.change, self.kind, {}, values).items() if value is not None
        }
        if self.kind == "opportunity" and "stage_entered_at" not in values:
            full["stage_entered_at"] = _entered(full)
        full.setdefault("created_at", self.change.at)
        require(self.loader.fields, full)
        return full

    def _name(self, values: Values) -> None:
        links = KINDS[self.kind].named_after
        if not links or values.get("name"):
            return
        targets = {name: field.to for name in links if isinstance(field := self.loader.fields[name], Link)}
        parts = [
            self.loader.finder.lookup.title(kind, values[name]) for name, kind in targets.items() if values.get(name)
        ]
        name = NAME_JOINT.join(parts) or values.get("external_id")
        if name:
            values["name"] = name[: self.loader.fields["name"].max]

    def _flush(self, keys: Mapping[int, list[str]]) -> None:
        """Inserts what is new so far."""
        pending, self.pending = self.pending, {}
        self.pending_keys.clear()
        if not pending:
            return
        names = tuple({name: None for values in pending.values() for name in values})
        ids = self.change.insert_rows(
            self.kind, names, [[values.get(name) for name in names] for values in pending.values()]
        )
        self.loader.created += len(ids)
        if self.loader.matcher is not None:
            for place, record_id in zip(pending, ids, strict=True):
                self.loader.matcher.add(keys[place], record_id)

    def _known(self, ids: list[str]) -> dict[str, Values]:
        sql = f'SELECT {listed(self.kind)} FROM "{self.kind}" WHERE id IN (SELECT value FROM json_each(?))'
        records = [decode(self.kind, row) for row in self.change.connection.execute(sql, (dumps(ids),))] if ids else []
        return {values["id"]: values for values in records}

    def _refuse(self, place: int, reason: str) -> None:
        row = self.rows[place]
        self.loader.rejects.add(row.line, reason, row.cells)


def _entered(deal: Values) -> Value:
    """When an imported deal came into its stage, as far as the file says: when it was closed, or engaged."""
    return deal.get("closed_at") or (
        midnight(deal["engaged_on"]) if deal.get("engaged_on") else deal["stage_entered_at"]
    )
