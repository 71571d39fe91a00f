"""One file into the book: each row is created, updated, found unchanged or rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sfa.errors import UserError
from sfa.exchange.cells import CellReader, Reading
from sfa.exchange.circles import closed, row_keys
from sfa.exchange.headers import WHOLE_NAME
from sfa.exchange.inputs import Input
from sfa.exchange.links import LinkFinder
from sfa.exchange.matching import Matcher
from sfa.exchange.profile import ImportPlan
from sfa.exchange.rejects import Rejects
from sfa.exchange.rows import Row, RowByRow
from sfa.i18n import _
from sfa.models import KINDS, Field, new_id
from sfa.sales.rules import RULES
from sfa.store.change import Change


class Loader:
    """Loads one file within ``change``. Counts are in rows."""

    def __init__(self, change: Change, file: Input, rejects: Rejects) -> None:
        plan = file.plan
        self.change, self.kind, self.source, self.rejects = change, file.kind, file.source, rejects
        self.fields: Mapping[str, Field[Any]] = file.fields
        self.columns = file.matched.columns
        self.mode = plan.mode or ("upsert" if plan.match else "insert")
        self.finder = LinkFinder(change, self.kind, self.fields, plan.unresolved)
        self.reader = CellReader(self.columns, plan, self.finder, self.source.exact)
        self.matcher = Matcher(change.book, self.kind, self.fields, plan.match) if plan.match else None
        self.rows = self.created = self.updated = self.unchanged = 0
        self.defaults = {name: field.default for name, field in self.fields.items() if field.default is not None}
        self.simple = self.matcher is None and self.kind not in RULES and not KINDS[self.kind].named_after
        self._require_columns(plan)

    def _require_columns(self, plan: ImportPlan) -> None:
        """Raises ``UserError`` where no row of the file could be a record."""
        found = {*self.columns, *plan.constants}
        if not self.columns:
            raise UserError(
                _("{path} has no column that is a field of {kind}.").format(
                    path=self.source.path, kind=_(KINDS[self.kind].label)
                ),
                _("Its first line must name the columns. Found: {headers}.").format(
                    headers=", ".join(self.source.headers[:12]) or "–"
                ),
            )
        if (
            plan.match
            and not found & {plan.match, WHOLE_NAME}
            and not (plan.match == "name" and found & set(KINDS[self.kind].named_by))
        ):
            raise UserError(
                _("{path} has no column {name} to match rows by.").format(path=self.source.path, name=plan.match)
            )
        settled = {"stage", "pipeline"} if self.kind == "opportunity" else set()
        if WHOLE_NAME in found or (found & set(KINDS[self.kind].named_after)):
            settled |= {"last_name", "name"}
        missing = [
            field.title
            for name, field in self.fields.items()
            if field.required and name not in found | self.defaults.keys() | settled
        ]
        if missing and self.mode != "update":
            raise UserError(
                _("{path} has no column for {fields}.").format(path=self.source.path, fields=", ".join(missing)),
                _("Name it with --map, or give a value for all rows."),
            )

    def load(self, proceed: Callable[[int], None]) -> None:
        """Reads the whole file; ``proceed`` is told how many bytes are behind us and may raise."""
        waiting: list[Row] = []
        for chunk in self.source.chunks():
            self.rows += len(chunk.rows) + len(chunk.broken)
            for line, broken in chunk.broken:
                self.rejects.add(line, broken.reason, [broken.text])
            waiting += self._load([Row(*pair) for pair in zip(chunk.lines, chunk.rows, strict=True)])
            proceed(chunk.done)
        while waiting:
            self.finder.refresh()
            left = self._load(waiting)
            if len(left) == len(waiting):
                left = self._load_circles(left)
                self.finder.final = len(left) == len(waiting)
            waiting = left

    def _load_circles(self, rows: list[Row]) -> list[Row]:
        """Loads those rows that only wait for each other; gives the others."""
        reading = self._read(rows)
        records = {
            place: {name: values[place] for name, values in reading.columns.items()} for place in reading.waiting
        }
        found = closed(
            {place: row_keys(KINDS[self.kind], record) for place, record in records.items()}, reading.waiting
        )
        ids = {place: records[place].get("id") or new_id() for place in sorted(set(found.values()))}
        self.finder.expected = {key: ids[place] for key, place in found.items()}
        self._load([rows[place] for place in ids], list(ids.values()))
        self.finder.expected = {}
        return [row for place, row in enumerate(rows) if place not in ids]

    def _read(self, rows: list[Row]) -> Reading:
        return self.reader.read([row.cells for row in rows], len(self.source.headers))

    def _load(self, rows: list[Row], ids: list[str] | None = None) -> list[Row]:
        """Loads some rows (as records with ``ids``); gives those that point to records that later rows may bring."""
        if not rows:
            return []
        reading = self._read(rows)
        if ids:
            reading.columns["id"] = ids
        if self.simple:
            self._fill(reading)
        for place, reason in sorted(reading.problems.items()):
            self.rejects.add(rows[place].line, reason, rows[place].cells)
        good = [place for place in range(len(rows)) if place not in reading.problems and place not in reading.waiting]
        if self.simple:
            values = list(zip(*reading.columns.values(), strict=True))
            self.change.insert_rows(self.kind, tuple(reading.columns), [values[place] for place in good])
            self.created += len(good)
        else:
            RowByRow(self, rows, reading, good).load()
        return [row for place, row in enumerate(rows) if place in reading.waiting and place not in reading.problems]

    def _fill(self, reading: Reading) -> None:
        """Defaults for empty cells, then what is required."""
        count = len(next(iter(reading.columns.values())))
        for name, default in self.defaults.items():
            if name in reading.columns:
                reading.columns[name] = [default if value is None else value for value in reading.columns[name]]
            else:
                reading.columns[name] = [default] * count
        if "created_at" in reading.columns:
            reading.columns["created_at"] = [value or self.change.at for value in reading.columns["created_at"]]
        for name, field in self.fields.items():
            if field.required:
                for place, value in enumerate(reading.columns[name]):
                    if value is None or not str(value).strip():
                        reading.problems.setdefault(place, _("{field}: is required").format(field=field.title))
