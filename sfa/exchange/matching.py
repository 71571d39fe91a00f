"""Which record of the book a row means, by the value of one field."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sfa.errors import UserError
from sfa.exchange.links import Problem
from sfa.i18n import _
from sfa.models import KINDS, Field, Links, Phones, fold
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.store.book import Book

BY_NAME = "name"  # for kinds without a field of that name: what lists call the record


class Matcher:
    """The records of ``kind`` by the field ``name``; ``id`` is sfa's own. Case and accents do not matter."""

    def __init__(self, book: Book, kind: str, fields: Mapping[str, Field[Value]], name: str) -> None:
        if (name not in fields and name not in ("id", BY_NAME)) or isinstance(fields.get(name), Links):
            raise UserError(
                _("Rows cannot be matched by {name}.").format(name=name),
                _("Fields: {names}.").format(names=", ".join(fields)),
            )
        self.kind, self.name, self.field = kind, name, fields.get(name)
        column = "sort_key" if self.field is None and name == BY_NAME else name
        custom = self.field is not None and self.field.custom
        what = f"custom ->> '$.{name}'" if custom else f'"{column}"'
        if self.field is not None and self.field.in_json and custom:
            what = f"custom -> '$.{name}'"
        self._ids: dict[str, list[str]] = {}
        for value, record_id in book.connection.execute(
            f"SELECT {what}, id FROM {kind} WHERE deleted_at IS NULL AND {what} IS NOT NULL"
        ):
            in_json = self.field is not None and self.field.in_json
            for key in [value] if self.field is None else self._keys(json.loads(value) if in_json else value):
                self._ids.setdefault(key, []).append(record_id)

    def _keys(self, value: Value) -> list[str]:
        if isinstance(self.field, Points):
            return [point["e164"] if isinstance(self.field, Phones) else point["value"].casefold() for point in value]
        return [fold(str(value))]

    def keys(self, values: Mapping[str, Value]) -> list[str]:
        """What a row with ``values`` is looked for by; nothing where the field is empty."""
        if self.field is None:
            key = values.get("id") if self.name == "id" else KINDS[self.kind].sort_key_of(values)
            return [key] if key else []
        return [] if values.get(self.name) is None else self._keys(values[self.name])

    def find(self, keys: list[str]) -> str | Problem | None:
        """The id of the one record that goes by any of ``keys``."""
        ids = {record_id for key in keys for record_id in self._ids.get(key, ())}
        if len(ids) > 1:
            return Problem(_("{count} records have this value").format(count=len(ids)))
        return next(iter(ids), None)

    def add(self, keys: list[str], record_id: str) -> None:
        """A record was added."""
        for key in keys:
            self._ids.setdefault(key, []).append(record_id)
