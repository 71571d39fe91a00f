"""Cells to stored values, column by column: what a text means is read once for all rows that hold it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from typing import NamedTuple

from sfa.exchange.headers import WHOLE_NAME, Column, label_of
from sfa.exchange.links import LinkFinder, Miss, Problem, split_name
from sfa.exchange.points import are_plain, read_point, read_points
from sfa.exchange.profile import ImportPlan
from sfa.i18n import _
from sfa.models import KINDS, Date, Duration, Field, Instant, Link, Links, LongText, Money, Number, Phones, Text, fold
from sfa.models.fields import Value
from sfa.models.lists import SEPARATOR, Points
from sfa.models.record import field_error
from sfa.models.times import Moment, local_day, read_moment

SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?E[-+]?\d{1,3}", re.IGNORECASE)
REMEMBERED = 50_000  # distinct texts of a column
NO_DATE = frozenset("0/.- ")
Cells = Sequence[str]


class Reading(NamedTuple):
    """A chunk as values: a list per field. Rows (by place) with a problem, and the later rows that some wait for."""

    columns: dict[str, list[Value]]
    problems: dict[int, str]
    waiting: dict[int, set[str]]


class Parsed(dict[str, Value]):
    """What each distinct text of a column means."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__({"": None})
        self.read, self.troubled = read, False

    def __missing__(self, text: str) -> Value:
        if len(self) > REMEMBERED:
            self.clear()
        try:
            value = self.read(text) if text.strip() else None
        except ValueError as reason:
            value = Problem(str(reason))
        self.troubled = self.troubled or _troubles(value)
        self[text] = value
        return value

    def forget_misses(self) -> None:
        """Records may have been added since."""
        for text in [text for text, value in self.items() if _troubles(value)]:
            del self[text]
        self.troubled = False


def _troubles(value: Value) -> bool:
    return isinstance(value, (Problem, Miss)) or (
        type(value) is list and any(isinstance(item, (Problem, Miss)) for item in value)
    )


class CellReader:
    """Reads the chunks of one file. ``columns`` says where each field's cells are."""

    def __init__(
        self, columns: Mapping[str, Column], plan: ImportPlan, finder: LinkFinder, exact: bool = False
    ) -> None:
        self.columns, self.finder, self.fields, self.exact = columns, finder, finder.fields, exact
        self.constants = plan.constants
        self.values = plan.values
        self.order = sorted({**columns, **plan.constants}, key=lambda name: _hangs_on_others(self.fields.get(name)))
        self._parsed: dict[tuple[str, Value], Parsed] = {}

    def read(self, rows: Sequence[list[str]], width: int) -> Reading:
        """The values of ``rows``; longer ones than ``width`` are refused, shorter ones end in empty cells."""
        reading = Reading({}, {}, {})
        for parsed in self._parsed.values():
            if parsed.troubled:
                parsed.forget_misses()
        cells = list(zip(*self._even(rows, width, reading.problems), strict=True)) or [()] * width
        for name in self.order:
            column, field = self.columns.get(name), self.fields.get(name)
            if name in self.constants:
                reading.columns[name] = self._parse(field, [self.constants[name]] * len(rows), reading)
            elif column is None:
                continue
            elif name == WHOLE_NAME:
                names = list(map(_split, cells[column.places[0]]))
                for part, own in enumerate(("first_name", "last_name")):
                    reading.columns[own] = _texts(self.fields[own], [both[part] for both in names], reading)
            elif field is None:  # sfa's own id
                reading.columns[name] = [cell.strip() or None for cell in cells[column.places[0]]]
            elif isinstance(field, Points):
                reading.columns[name] = self._points(field, column, cells, reading)
            else:
                reading.columns[name] = self._column(field, [cells[place] for place in column.places], reading)
        return reading

    def _even(self, rows: Sequence[list[str]], width: int, problems: dict[int, str]) -> Sequence[list[str]]:
        if set(map(len, rows)) <= {width}:
            return rows
        for place, row in enumerate(rows):
            if len(row) > width and "".join(row[width:]).strip():
                problems[place] = _("the row has {count} cells, but there are {width} columns").format(
                    count=len(row), width=width
                )
        return [row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for row in rows]

    def _column(self, field: Field[Value], cells: list[Cells], reading: Reading) -> list[Value]:
        if type(field) not in (Text, LongText):
            return self._parse(field, cells[0], reading)
        texts = (
            cells[0] if len(cells) == 1 else ["\n".join(filter(str.strip, parts)) for parts in zip(*cells, strict=True)]
        )
        if mapped := self.values.get(field.name):
            texts = [mapped.get(text.strip(), text) for text in texts]
        return _texts(field, texts, reading)

    def _parse(self, field: Field[Value] | None, cells: Cells, reading: Reading) -> list[Value]:
        """Values of a field whose texts repeat; ``scope`` is the other field that their meaning hangs on."""
        assert field is not None
        scopes = reading.columns.get(_scope_of(field))
        if scopes is None:
            parsed = self._parsed_in(field, None)
            values, troubled = list(map(parsed.__getitem__, cells)), parsed.troubled
        else:
            known = {scope: self._parsed_in(field, scope) for scope in set(scopes)}
            values = [known[scope][cell] for scope, cell in zip(scopes, cells, strict=True)]
            troubled = any(parsed.troubled for parsed in known.values())
        if troubled:
            values = [self._settled(field, place, value, reading) for place, value in enumerate(values)]
        return values

    def _parsed_in(self, field: Field[Value], scope: Value) -> Parsed:
        key = (field.name, scope)
        if key not in self._parsed:
            self._parsed[key] = Parsed(self._meaning(field, scope))
        return self._parsed[key]

    def _meaning(self, field: Field[Value], scope: Value) -> Callable[[str], Value]:
        mapped = self.values.get(field.name, {})
        peers = {_scope_of(field): scope} if scope is not None else {}
        finder, name, exact = self.finder, field.name, self.exact

        def read(text: str) -> Value:
            text = mapped.get(text.strip(), text)
            if isinstance(field, Link):
                return finder.find(name, field.to, text.strip(), scope) if text.strip() else None
            if isinstance(field, Links):
                parts = (part.strip().removeprefix("* ") for part in SEPARATOR.split(text))
                return [finder.find(name, field.to, mapped.get(part, part), scope) for part in parts if part]
            if isinstance(field, Date):
                return read_time(field, text)
            if exact and isinstance(field, Duration):
                text += "s"
            if isinstance(field, (Money, Number)) and SCIENTIFIC.fullmatch(text.strip()):
                text = f"{Decimal(text.strip()):f}"
            return field.read(text, peers, finder.lookup)

        return read

    def _settled(self, field: Field[Value], place: int, value: Value, reading: Reading) -> Value:
        """``value`` where it is one; otherwise what the plan says, noting rows that cannot be read, or not yet."""
        if type(value) is list:
            parts = [self._settled(field, place, part, reading) for part in value]
            return sorted({part for part in parts if part is not None}) or None
        if isinstance(value, Miss):
            if self.finder.waits(value):
                reading.waiting.setdefault(place, set()).add(fold(value.text))
                return None
            value = self.finder.settle(value)
        if isinstance(value, Problem):
            reading.problems.setdefault(place, str(field_error(field, value.reason)))
            return None
        return value

    def _points(self, field: Points, column: Column, cells: Sequence[Cells], reading: Reading) -> list[Value]:
        """Lists of phones or addresses, in one column or several; numbers are dialled in the row's first country."""
        mapped = self.values.get(field.name, {})
        countries = _countries(self.fields, reading) if isinstance(field, Phones) else []
        values: list[Value] = [None] * len(cells[column.places[0]])
        for place, label, label_place in zip(column.places, column.labels, column.label_places, strict=True):
            texts = [mapped.get(text.strip(), text) for text in cells[place]] if mapped else cells[place]
            labels = map(label_of, cells[label_place]) if label_place is not None else repeat(label)
            plain = are_plain(texts, field.max)
            for row, (text, word) in enumerate(zip(texts, labels, strict=False)):
                if not text or text.isspace():
                    continue
                try:
                    if plain and (not countries or text[0] == "+"):
                        points = [read_point(field, text, word or "work")]
                    else:
                        country = next(filter(None, (names[row] for names in countries)), "")
                        points = read_points(field, text, word or "work", country)
                except ValueError as reason:
                    reading.problems.setdefault(row, str(field_error(field, reason)))
                    continue
                known = values[row]
                values[row] = points if known is None else known + [point for point in points if point not in known]
        return values


def _countries(fields: Mapping[str, Field[Value]], reading: Reading) -> list[list[Value]]:
    return [reading.columns[name] for name in fields if name.endswith("_country") and name in reading.columns]


def _scope_of(field: Field[Value] | None) -> str:
    """The other field of the record that the meaning of a text hangs on; empty where there is none."""
    if isinstance(field, Money):
        return field.currency
    return KINDS[field.to].scoped_by if isinstance(field, Link) else ""


def _hangs_on_others(field: Field[Value] | None) -> bool:
    """Whether a text means another value depending on other fields: amounts, stages, phone numbers."""
    return _scope_of(field) != "" or isinstance(field, Points)


def _texts(field: Field[Value], texts: Cells, reading: Reading) -> list[Value]:
    joined = "".join(texts)
    control = field.control if isinstance(field, Text) else None
    if (not joined.isprintable() and control and control.search(joined)) or max(map(len, texts), default=0) > field.max:
        for place, text in enumerate(texts):
            try:
                field.check(text)
            except ValueError as reason:
                reading.problems.setdefault(place, str(field_error(field, reason)))
    return [text or None for text in texts]


def read_time(field: Date, text: str) -> Value:
    """A date or instant as other systems write them: ``0/0/00`` is none, and a time may follow a date."""
    text = text.strip()
    if NO_DATE.issuperset(text):
        return None
    if isinstance(field, Instant):
        return field.check(field.parse(text, {}, None))  # type: ignore[arg-type]  # times ask no context
    try:
        return field.check(field.parse(text, {}, None))  # type: ignore[arg-type]
    except ValueError as reason:
        try:
            return field.check(local_day(Moment().check(read_moment(text))))
        except ValueError:
            raise reason from None


def _split(cell: str) -> tuple[str, str]:
    first, last = split_name(cell)
    return first or "", last
