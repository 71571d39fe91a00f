"""Adding anything in one line, as one would jot it down.

acme: called anna, wants a new line, send offer fri      what was done with Acme, and what is next
contact Anna Schmidt acme +49 30 1234 anna@acme.example  what is called acme is linked, after a comma also made
account Acme GmbH      lead Ada Voss, Voss AG      deal Retrofit acme 45k
call anna fri 10       task send the offer acme tomorrow      note acme: pays late
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sfa.errors import NotFound, UserError
from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models import find_kind
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.sales.jotting import Step, jotted, planned
from sfa.sales.mentions import last_mention, one_mention
from sfa.store.book import Book

EXAMPLES = N_("Write for example “acme: called anna, send offer fri” or “contact Anna Schmidt acme”.")
PREFIXED = re.compile(r"(?P<head>[^:]+):\s+(?P<rest>.+)$", re.DOTALL)
EMAIL = re.compile(r"\S+@\S+\.\S+")
PHONE = re.compile(r"(?<!\S)\+?\d[\d ()/.-]{4,}\d(?!\S)")


class Added(NamedTuple):
    """The first of the records that were added, and the action's title."""

    kind: str
    id: str
    title: str


def quick_add(book: Book, text: str, origin: str = "command") -> Added:
    """Adds what ``text`` says in one action. Raises ``UserError`` where it cannot be understood."""
    steps = understand(book, text)
    title = edit.created_title(steps[0].kind, steps[0].values)
    if len(steps) > 1:
        title = _("{title} and {count} more").format(title=title, count=len(steps) - 1)
    with book.change(title, origin) as change:
        ids: list[str] = []
        for step in steps:
            links = {field: ids[place] for field, place in step.links.items()}
            ids.append(edit.create(change, step.kind, {**step.values, **links}))
    return Added(steps[0].kind, ids[0], title)


def understand(book: Book, text: str) -> list[Step]:
    """The records that ``text`` would add, each with its ``echo`` in words. Raises ``UserError``."""
    typed = text.split()
    if not typed:
        raise UserError(_("There is nothing to add."), _(EXAMPLES))
    if make := _RECORDS.get(_kind(typed[0])):
        return make(book, text.partition(typed[0])[2].strip())
    if found := PREFIXED.match(text.strip()):
        return jotted(book, found["head"], found["rest"])
    if step := planned(book, text):
        return [step]
    raise UserError(_("“{text}” says neither what it is nor when.").format(text=text), _(EXAMPLES))


def _kind(word: str) -> str:
    try:
        return find_kind(word).kind
    except NotFound:
        return ""


def _points(text: str) -> tuple[str, dict[str, Value]]:
    """``text`` without the phone numbers and e-mail addresses in it, and those."""
    values: dict[str, Value] = {}
    for name, pattern in (("emails", EMAIL), ("phones", PHONE)):
        if found := pattern.findall(text):
            values[name] = [{"label": "work", "value": value} for value in found]
            text = pattern.sub(" ", text)
    return text.strip(), values


def _named(text: str) -> dict[str, Value]:
    first, _space, last = text.rpartition(" ")
    return {"first_name": first.strip() or None, "last_name": last}


def _contact(book: Book, text: str) -> list[Step]:
    text, values = _points(text)
    name, comma, company = (part.strip() for part in text.partition(","))
    account = None
    if not comma:
        typed, account = last_mention(book, name.split(), ("account",), keep=2)
        name = " ".join(typed)
    elif company:
        try:
            account = one_mention(book, company, ("account",))
        except NotFound as error:
            if error.candidates:
                raise
    values |= _named(name)
    if account or not company:
        values |= {"account": account.id} if account else {}
        title = book.get(*account).heading if account else ""
        return [Step("contact", values, {}, _echo(_("New contact"), name, title))]
    return [
        Step("account", {"name": company}, {}, _echo(_("New account"), company)),
        Step("contact", values, {"account": 0}, _echo(_("New contact"), name, company)),
    ]


def _account(_book: Book, text: str) -> list[Step]:
    name, values = _points(text)
    return [Step("account", {"name": name, **values}, {}, _echo(_("New account"), name))]


def _lead(_book: Book, text: str) -> list[Step]:
    text, values = _points(text)
    name, comma, company = (part.strip() for part in text.partition(","))
    if not comma:
        typed = name.split()
        name, company = " ".join(typed[:2]), " ".join(typed[2:])
    return [Step("lead", {**_named(name), "company": company, **values}, {}, _echo(_("New lead"), name, company))]


def _deal(book: Book, text: str) -> list[Step]:
    typed = text.replace(",", " ").split()
    values: dict[str, Value] = {}
    currency = current().default_currency()
    for place in range(len(typed) - 1, 0, -1):
        try:
            values = {"amount": current().parse_amount(typed[place], currency), "currency": currency}
        except ValueError:
            continue
        del typed[place]
        break
    typed, account = last_mention(book, typed, ("account",), keep=1)
    name = " ".join(typed)
    links = {"account": account.id} if account else {}
    title = book.get(*account).heading if account else ""
    amount = current().amount(values["amount"], currency) if values else ""
    return [Step("opportunity", {"name": name, **values, **links}, {}, _echo(_("New deal"), name, title, amount))]


def _echo(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_RECORDS: dict[str, Callable[[Book, str], list[Step]]] = {
    "account": _account,
    "contact": _contact,
    "lead": _lead,
    "opportunity": _deal,
}
