"""Bad values: refused with field and reason, or kept exactly; never a crash, never a silent change."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from sfa.errors import FieldError
from sfa.models import KINDS, Field, check_values, read_values, require
from sfa.models.fields import CONTROL, CONTROL_IN_LINES, LongText
from sfa.store.book import Book
from sfa.store.lookup import Lookup
from tests.models.samples import TEXT_FIELDS, attempt, naughty

EXTRA = [
    "nul\x00",
    "esc\x1b[2J",
    "\u202eright",
    "\ud800",
    "\ufeffbom",
    "a\u0085b",
    "z" * 100_001,
    "💥" * 255,
    " padded ",
    "tab\there",
]


@pytest.mark.parametrize(
    ("kind", "field", "text", "line"),
    [
        ("opportunity", "close_date", "2026-02-30", "Close date: there is no 30 February 2026"),
        ("opportunity", "currency", "DOGE", "Currency: must be a currency's code such as EUR or USD, not DOGE"),
        ("opportunity", "probability", "-1", "Probability: must be at least 0, not -1"),
        ("contact", "phones", "letters", "Phones: letters is not a phone number: "),
        ("account", "name", "x" * 300, "Name: is 300 characters long; at most 255 are allowed"),
        ("account", "name", "a\x00b", "Name: holds the control character U+0000 at position 2"),
        ("account", "name", "  ", "Name: is required"),
        ("account", "nonsense", "x", "nonsense: there is no such field"),
        ("opportunity", "stage", "Stage Left", "Stage: There is no Stage called “Stage Left”"),
        ("contact", "emails", "a@b@c", "E-mails: a@b@c is not an e-mail address"),
    ],
)
def test_the_refusal_names_field_and_reason(book: Book, kind: str, field: str, text: str, line: str) -> None:
    fields = book.fields(kind)
    with pytest.raises(FieldError) as refusal:
        check_values(fields, read_values(fields, {field: text}, {}, Lookup(book)))
    assert str(refusal.value).startswith(line)
    assert refusal.value.field == field


def test_what_is_required_must_be_there() -> None:
    with pytest.raises(FieldError, match="Name: is required"):
        require(KINDS["account"].fields, {"type": "Customer"})
    with pytest.raises(FieldError, match="Name: is required"):
        check_values(KINDS["account"].fields, {"name": None})


def test_every_text_field_keeps_naughty_strings_exactly_or_refuses_them(book: Book) -> None:
    strings = [*naughty(), *EXTRA]
    for kind, name in TEXT_FIELDS:
        field = KINDS[kind].fields[name]
        control = CONTROL_IN_LINES if isinstance(field, LongText) else CONTROL
        for text in strings:
            good = len(text) <= field.max and not control.search(text)
            for checked in (
                partial(_check_one, name, field, text),
                partial(_read_one, name, field, text, Lookup(book)),
            ):
                kept, refusal = attempt(checked)
                if refusal is None:
                    assert good
                    assert (kept or "") == text
                else:
                    assert not good or (field.required and not text.strip())
                    assert str(refusal).startswith(f"{field.title}: ")


def test_naughty_strings_come_back_from_the_book_exactly(book: Book) -> None:
    kept = {}
    for text in [*naughty(), *EXTRA]:
        if text.strip() and len(text) < 256 and not CONTROL.search(text):
            with book.change("Add") as change:
                kept[change.insert("account", {"name": text, "description": text})] = text
    assert len(kept) > 400
    for record, text in kept.items():
        values = book.get("account", record).values
        assert (values["name"], values["description"]) == (text, text)


def test_naughty_strings_through_every_other_kind_of_field_are_refused_or_read(book: Book) -> None:
    strings, lookup = [*naughty(), *EXTRA], Lookup(book)
    fields = {type(field): (name, field) for kind in KINDS.values() for name, field in kind.fields.items()}
    for name, field in fields.values():
        for text in strings[:: 1 if type(field).__name__ not in ("Link", "Links") else 7]:
            value, refusal = attempt(partial(_read_one, name, field, text, lookup))
            assert refusal is None or str(refusal).startswith(f"{field.title}: ")
            assert value is None or field.check(value) == value


def _check_one(name: str, field: Field[Any], text: str) -> Any:
    return check_values({name: field}, {name: text})[name]


def _read_one(name: str, field: Field[Any], text: str, lookup: Lookup) -> Any:
    return check_values({name: field}, read_values({name: field}, {name: text}, {}, lookup))[name]
