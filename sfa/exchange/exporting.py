"""Records out of the book: CSV and JSON lines, which an import reads back into the same values.

The headers are the names of the fields; dates, amounts and numbers are written plainly, the same in every locale. In
CSV a link is the name of its record, or its id where others have that name too.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from sfa.errors import UserError
from sfa.exchange.source import number_text
from sfa.i18n import _
from sfa.locales import current
from sfa.models import KINDS, Duration, Field, Link, Links, Money
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.store.book import Book
from sfa.store.columns import decode, dumps, listed
from sfa.store.lookup import Lookup
from sfa.store.query import Listing, Query

PAGE = 2000  # records
LEFT_OUT = frozenset({"deleted_at"})
Values = dict[str, Value]


def export_csv(book: Book, query: Query, stream: IO[str]) -> int:
    """Writes the records of ``query`` as CSV, its columns or all fields, and gives their number. Raises ``UserError``.

    ``stream`` must not translate line ends (``newline=""``).
    """
    fields, lookup = _fields(book, query), Lookup(book)
    writer = csv.writer(stream)
    writer.writerow(["id", *fields])
    count = 0
    for count, values in enumerate(records(book, query), 1):  # noqa: B007 - how many there were
        cells = [_cell(field, values.get(name), values, lookup) for name, field in fields.items()]
        writer.writerow([values["id"], *cells])
    return count


def export_jsonl(book: Book, query: Query, stream: IO[str]) -> int:
    """Writes the records of ``query`` as one JSON object a line, empty fields left out; gives their number."""
    fields, lookup = _fields(book, query), Lookup(book)
    count = 0
    for count, values in enumerate(records(book, query), 1):  # noqa: B007
        record = {name: field.plain(values[name], values, lookup) for name, field in fields.items() if name in values}
        stream.write(json.dumps({"id": values["id"], **record}, ensure_ascii=False, default=_number) + "\n")
    return count


def _fields(book: Book, query: Query) -> Mapping[str, Field[Any]]:
    fields = book.fields(query.kind)
    if unknown := [name for name in query.columns if name not in fields and name != "id"]:
        raise UserError(
            _("{kind} has no field {name}.").format(kind=_(KINDS[query.kind].label), name=unknown[0]),
            _("Fields: {names}.").format(names=", ".join(fields)),
        )
    names: Sequence[str] = query.columns or tuple(name for name in fields if name not in LEFT_OUT)
    return {name: fields[name] for name in names if name != "id"}


def records(book: Book, query: Query) -> Iterator[Values]:
    """The records in the query's order, page by page."""
    ids = Listing(book, query._replace(columns=())).ids()
    sql = f'SELECT {listed(query.kind)} FROM "{query.kind}" WHERE id IN (SELECT value FROM json_each(?))'
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        found = {values["id"]: values for row in book.rows(sql, (dumps(page),)) if (values := decode(query.kind, row))}
        yield from (found[record_id] for record_id in page if record_id in found)


def _cell(field: Field[Any], value: Value, values: Values, lookup: Lookup) -> str:
    """A value as text that reads as the same value in every locale."""
    if value is None:
        return ""
    if isinstance(field, (Link, Links, Points, Duration)):
        return field.edit(value, values, current(), lookup)
    if isinstance(field, Money):
        return number_text(str(field.plain(value, values, lookup)))
    plain = field.plain(value, values, lookup)
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return plain if isinstance(plain, str) else number_text(str(plain))


def _number(value: object) -> float | str:
    """An amount for JSON: a number where that is exact."""
    assert isinstance(value, Decimal)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
