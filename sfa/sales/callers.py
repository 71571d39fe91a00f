"""Whose number it is: who calls, in whatever notation the telephone says so; and the numbers of somebody to call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from sfa.errors import UserError
from sfa.i18n import _
from sfa.locales import current
from sfa.models import Record
from sfa.models.lists import Phones, e164, phone_spellings
from sfa.sales.calls import targets_for
from sfa.store.book import Book
from sfa.store.search import matching

KINDS = ("contact", "lead", "account")  # whose numbers are known, the most certain first
EXTENSION = 4
"""Digits at most that a telephone system adds to a company's number."""
LEAST = 7
"""Digits of a number that is worth comparing."""
_ADDRESS = re.compile(r"(?:sips?|tel|callto)\s*:\s*(?://)?([^@;?>\s]+)", re.IGNORECASE)
_SIGNS = re.compile(r"[^\d+]")


class Caller(NamedTuple):
    """Somebody with that number. ``is_exact``: else only the company's number begins so, and an extension follows."""

    kind: str
    id: str
    name: str
    detail: str
    is_exact: bool = True


class Call(NamedTuple):
    """A call that comes in: the number as E.164 (as it was told, where it is none), and who it may be."""

    phone: str
    callers: Sequence[Caller]

    @property
    def shown(self) -> str:
        """The number as people read it; empty where it is withheld."""
        return spelled(self.phone)


class Number(NamedTuple):
    """A number to dial: E.164, as it is written in the book, what it is, and whose."""

    e164: str
    value: str
    label: str
    whose: str


def incoming(book: Book, told: str) -> Call:
    """Who calls from the number ``told``: in any notation, as a SIP or tel address, with a name before it or not."""
    numbers = list(dict.fromkeys(readings(told)))
    for number in (*numbers, *_known_as(book, told)):
        if found := list(_holders(book, [number])):
            return Call(number, [_caller(book, record, is_exact=True) for record in _told_apart(found)])
    for number in numbers:
        if found := _with_extension(book, number):
            return Call(number, [_caller(book, record, is_exact=False) for record in found])
    return Call(numbers[0] if numbers else bare(told), [])


def bare(told: str) -> str:
    """What stands for the number in ``told``."""
    found = _ADDRESS.search(told)
    return unquote(found[1] if found else told).strip()


def readings(told: str) -> Iterator[str]:
    """What ``told`` may mean as E.164, the likeliest first: telephone systems often leave the + or the 00 away."""
    text = bare(told)
    digits = _SIGNS.sub("", text)
    spellings = (text, f"+{digits.removeprefix('00')}") if "+" not in digits else (text, digits)
    for spelling in spellings:
        try:
            yield e164(spelling)
        except ValueError:
            continue


def _known_as(book: Book, told: str) -> list[str]:
    """The numbers of the book that are dialled like ``told`` in the country where they are."""
    digits = _SIGNS.sub("", bare(told))
    if not digits.isdecimal() or len(digits) < LEAST:
        return []
    return list(
        dict.fromkeys(
            number
            for kind in KINDS
            for record in book.records(kind, f"n IN ({matching(kind)})", (f'"{digits}"',))
            for number in _numbers(book, record)
            if digits in phone_spellings(number)
        )
    )


def _numbers(book: Book, record: Record) -> list[str]:
    fields = [name for name, field in book.fields(record.kind).items() if isinstance(field, Phones)]
    return [point["e164"] for name in fields for point in record.values.get(name) or ()]


def _holders(book: Book, numbers: Sequence[str]) -> Iterator[Record]:
    """The records that have one of ``numbers``."""
    query = " OR ".join(f'"{number[1:]}"' for number in numbers)
    for kind in KINDS:
        for record in book.records(kind, f"n IN ({matching(kind)})", (query,)):
            if not set(numbers).isdisjoint(_numbers(book, record)) and not record.values.get("converted_at"):
                yield record


def _told_apart(found: Sequence[Record]) -> list[Record]:
    """Without the accounts of which one person has the very number."""
    of_people = [record.values.get("account") for record in found if record.kind == "contact"]
    return [record for record in found if record.kind != "account" or of_people.count(record.id) != 1]


def _with_extension(book: Book, number: str) -> list[Record]:
    """The accounts with whose number ``number`` begins (a final 0 stands for the switchboard); the longest wins."""
    for cut in range(1, EXTENSION + 1):
        start = number[:-cut]
        if len(start) <= LEAST:
            break
        if found := [record for record in _holders(book, [start, f"{start}0"]) if record.kind == "account"]:
            return found
    return []


def _caller(book: Book, record: Record, *, is_exact: bool) -> Caller:
    account = book.find("account", record.values.get("account") or "") if record.kind == "contact" else None
    parts = (
        record.values.get("title"),
        record.values.get("company"),
        account and account.heading,
        record.values.get("billing_city"),
    )
    return Caller(record.kind, record.id, record.heading, " · ".join(str(part) for part in parts if part), is_exact)


def numbers(book: Book, kind: str, record_id: str) -> list[Number]:
    """The numbers to dial for a record: its own, then those of the person and the account that belong to it."""
    record = book.get(kind, record_id)
    others = [book.find(*one) for one in targets_for(book, kind, record_id).items() if one != (kind, record_id)]
    found = [
        Number(point["e164"], point["value"], point["label"], one.heading)
        for one in (record, *filter(None, others))
        for point in one.values.get("phones") or ()
        if point["label"] != "fax"
    ]
    return list({number.e164: number for number in reversed(found)}.values())[::-1]


def require_callable(book: Book, kind: str, record_id: str) -> None:
    """Raises ``UserError`` where the person, or all of that account, asked not to be called."""
    for one in {**targets_for(book, kind, record_id), kind: record_id}.items():
        record = book.find(*one)
        if record and record.values.get("do_not_call"):
            raise UserError(_("{name} asked not to be called.").format(name=record.heading))


def spelled(number: str) -> str:
    """An E.164 number in groups, as within the country where it is the rep's own; anything else as it is."""
    if not number.startswith("+"):
        return number
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    own = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == current().territory
    form = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form))
