"""Fields to try, and the world around them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sfa.errors import NotFound, UserError
from sfa.models import (
    KINDS,
    Choice,
    Date,
    Duration,
    Emails,
    Field,
    Instant,
    Integer,
    Links,
    LongText,
    Moment,
    Money,
    Number,
    Percent,
    Phones,
    Text,
    YesNo,
)
from sfa.models.fields import Peers, Value
from sfa.models.quantities import Currency, Year
from sfa.models.record import Record
from sfa.printable import clean
from tests.shared import real

NAMES = {"id-1": "Acme", "id-2": "Beta; Söhne", "id-3": "Twin", "id-4": "Twin"}


class Names:
    """A context in which a few records have names, two of them the same."""

    def resolve(self, kind: str, text: str, peers: Peers) -> str:
        found = [key for key, name in NAMES.items() if text in (key, name)]
        if len(found) != 1:
            raise NotFound(f"{len(found)} records of kind {kind} are called {text}")
        return found[0]

    def title(self, kind: str, record_id: str) -> str:
        return NAMES.get(record_id, record_id)


def named(field: Field[Any]) -> Field[Any]:
    field.__set_name__(Record, "field")
    return field


FIELDS: dict[str, Field[Any]] = {
    "text": named(Text("Field")),
    "long text": named(LongText("Field")),
    "yes/no": named(YesNo("Field")),
    "choice": named(Choice("Field", ("Hot", "Warm", "Cold"))),
    "open choice": named(Choice("Field", ("Retail", "Software"), open=True)),
    "number": named(Number("Field")),
    "integer": named(Integer("Field", least=0)),
    "year": named(Year("Field")),
    "percent": named(Percent("Field")),
    "currency": named(Currency("Field")),
    "money": named(Money("Field")),
    "date": named(Date("Field")),
    "instant": named(Instant("Field")),
    "moment": named(Moment("Field")),
    "duration": named(Duration("Field")),
    "phones": named(Phones("Field")),
    "emails": named(Emails("Field")),
    "links": named(Links("Field", "account")),
}
TEXT_FIELDS = [
    (kind, name)
    for kind, record in KINDS.items()
    for name, field in record.fields.items()
    if type(field) in (Text, LongText)
]


def attempt(read: Callable[[], Value]) -> tuple[Value, Exception | None]:
    """What ``read`` gives, or how it refuses: in one line that no terminal obeys."""
    try:
        return read(), None
    except (ValueError, UserError) as refusal:
        text = str(refusal)
        assert text.strip()
        assert text == clean(text)
        return None, refusal


def naughty() -> list[str]:
    """The big list of naughty strings; skips the test where it is not there."""
    strings: list[str] = read_json("naughty_strings", "blns.json")
    return strings


def read_json(*parts: str) -> Any:
    """A file of real data as JSON; skips the test where it is not there."""
    return json.loads(real(*parts).read_text("utf-8"))
