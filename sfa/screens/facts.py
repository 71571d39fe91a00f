"""A record's filled fields as people read them: what lists show comes first, addresses are one line each.

Everything follows from the fields of the kind in this book; nothing is listed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sfa.i18n import _
from sfa.models import KINDS, Field, Link, Links, LongText, Record
from sfa.models.lists import Points
from sfa.models.quantities import Currency
from sfa.models.record import Address
from sfa.sales import changes
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from sfa.widgets.fieldspane import Fact


def facts(book: Book, record: Record) -> list[Fact]:
    """Every field of ``record`` that holds something, but those that make its heading."""
    lookup = Lookup(book)
    fields = book.fields(record.kind)
    held = [field for name, field in fields.items() if name in record.values and name not in record.named_by]
    parts = {name for group in addresses(record) for name in _parts(group)}
    shown = [field for field in held if not (field.name in parts or field.hidden or isinstance(field, Currency))]
    found = [fact for field in sorted(shown, key=_importance) for fact in _facts(field, record, lookup)]
    own = sum(not fact.dim for fact in found)
    return [*found[:own], *(Fact(*line) for line in addresses(record).values()), *found[own:]]


def _importance(field: Field[Any]) -> tuple[bool, bool, bool, int]:
    """What the rep does not write comes last, before it long texts; first what lists show."""
    return not field.form, isinstance(field, LongText), not field.listed, field.listed


def _facts(field: Field[Any], record: Record, lookup: Lookup) -> Iterator[Fact]:
    value, dim = record.values[field.name], not field.form
    if isinstance(field, Points):
        for place, point in enumerate(value):
            yield Fact("" if place else field.title, f"{point['value']}  {_(point['label'])}")
    elif isinstance(field, Links) and KINDS[field.to].rank:
        for place, id in enumerate(value):
            yield Fact("" if place else field.title, lookup.title(field.to, id), f"{field.to} {id}", dim)
    else:
        link = f"{field.to} {value}" if isinstance(field, Link) and KINDS[field.to].rank else ""
        yield Fact(field.title, changes.in_full(field, value, record.values, lookup), link, dim)


def addresses(record: Record) -> dict[str, tuple[str, str]]:
    """The filled addresses of ``record``, by name: label, and the address on one line."""
    found = {}
    for name, address in vars(KINDS[record.kind]).items():
        if isinstance(address, Address) and (line := _on_one_line(name, record)):
            found[name] = (_(address.label), line)
    return found


def _parts(address: str) -> list[str]:
    return [f"{address}_{part}" for part in Address.parts]


def _on_one_line(name: str, record: Record) -> str:
    street, city, state, postal_code, country = (record.values.get(part) or "" for part in _parts(name))
    city = f"{postal_code} {city}".strip()
    return ", ".join(part for part in (*street.splitlines(), city, state, country) if part)
