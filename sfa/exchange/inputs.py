"""A file that is to be imported: what its headers mean, and which options of its plan say something about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sfa.exchange.headers import HeaderNames, squeeze
from sfa.exchange.profile import ImportPlan
from sfa.exchange.source import open_source
from sfa.models import KINDS
from sfa.store.book import Book


class Input:
    """A file of ``kind`` with what its headers mean. ``used`` names the options of the plan that concern it."""

    def __init__(self, book: Book, path: Path, kind: str, plan: ImportPlan) -> None:
        self.kind, self.fields = kind, book.fields(kind)
        names = HeaderNames(KINDS[kind], self.fields, plan.columns, plan.match == "id")
        self.source = open_source(path, names.score, plan.encoding, plan.delimiter)
        self.matched = names.match(self.source.headers)
        headers = {squeeze(header) for header in self.source.headers}
        self.used = {header for header in plan.columns if squeeze(header) in headers and squeeze(header) in names.given}
        self.plan = replace(
            plan,
            values={field: pairs for name, pairs in plan.values.items() if (field := self._field(name))},
            constants=self._known(plan.constants),
            unresolved=self._known(plan.unresolved),
        )

    def _known(self, pairs: Mapping[str, str]) -> dict[str, str]:
        return {field: text for name, text in pairs.items() if (field := self._field(name)) or not name}

    def _field(self, name: str) -> str:
        """The field that an option means, by its name or its header here; empty where there is none."""
        places = [place for place, header in enumerate(self.source.headers) if header == name]
        columns = (column.field for column in self.matched.columns.values() if set(column.places).intersection(places))
        field = next(columns, name)
        if field not in self.fields:
            return ""
        self.used.add(name)
        return field
