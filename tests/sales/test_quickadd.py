from __future__ import annotations

from typing import Any

import pytest

from sfa.errors import FieldError, NotFound, UserError
from sfa.locales import now
from sfa.sales.quickadd import quick_add, understand
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.books import dump
from tests.sales.makers import make


@pytest.fixture
def acme(book: Book) -> dict[str, str]:
    account = make(book, "account", name="Acme GmbH")
    other = make(book, "account", name="Beta AG")
    make(book, "contact", first_name="Anna", last_name="Huber", account=other)
    contact = make(book, "contact", first_name="Anna", last_name="Schmidt", account=account)
    return {"account": account, "contact": contact, "other": other}


def added(book: Book, text: str) -> list[dict[str, Any]]:
    """What was added by ``text``, in order; undone again, which must leave no trace."""
    before, actions = dump(book), journal.actions(book, 1)[0].number
    result = quick_add(book, text)
    entries = journal.entries(book, actions + 1)
    assert (entries[0].kind, entries[0].record) == (result.kind, result.id)
    records = [{"kind": entry.kind, **book.get(entry.kind, entry.record).values} for entry in entries]
    assert journal.actions(book, 1)[0].number == actions + 1
    undo(book)
    assert dump(book) == before
    return records


def test_what_was_done_and_what_is_next(book: Book, acme: dict[str, str]) -> None:
    call, step = added(book, "acme: called anna, wants a new line, send offer fri")
    assert (call["type"], call["subject"], call["body"]) == ("call", "Call with Anna Schmidt", "wants a new line")
    assert (call["status"], call["completed_at"], call["contact"], call["account"]) == (
        "Held", now(), acme["contact"], acme["account"])  # fmt: skip
    assert (step["type"], step["subject"], step["start"]) == ("task", "send offer", "2026-11-20")
    assert (step["account"], "completed_at" in step) == (acme["account"], False)


@pytest.mark.parametrize(
    ("text", "type_", "subject", "body"),
    [
        ("Acme GmbH: met", "meeting", "Meeting with Acme GmbH", None),
        ("acme: visited the new hall", "visit", "Visit to Acme GmbH", "the new hall"),
        ("anna schmidt: mailed the data sheet", "email", "E-mail to Anna Schmidt", "the data sheet"),
        ("acme: pays late; but always", "note", "Note on Acme GmbH", "pays late, but always"),
        ("note acme: rang twice", "call", "Call with Acme GmbH", "twice"),
        ("acme: called at 10:00 about the hall", "call", "Call with Acme GmbH", "at 10:00 about the hall"),
        ("acme: called, 10:00, 2 weeks, yesterday", "call", "Call with Acme GmbH", "10:00, 2 weeks, yesterday"),
        ("acme: rang twice in a week", "call", "Call with Acme GmbH", "twice in a week"),
        ("visit acme: looked at the hall", "visit", "Visit to Acme GmbH", "looked at the hall"),
    ],
)
def test_done(book: Book, acme: dict[str, str], text: str, type_: str, subject: str, body: str | None) -> None:
    (done,) = added(book, text)
    assert (done["type"], done["subject"], done.get("body"), done["account"]) == (type_, subject, body, acme["account"])
    assert done["completed_at"] == now()


@pytest.mark.parametrize(
    ("text", "type_", "subject", "start", "whom"),
    [
        ("call anna schmidt fri 10", "call", "Call with Anna Schmidt", "2026-11-20T09:00:00Z", "contact"),
        ("fri 10 call anna schmidt about the offer", "call", "about the offer", "2026-11-20T09:00:00Z", "contact"),
        ("meeting acme tomorrow 14:00", "meeting", "Meeting with Acme GmbH", "2026-11-19T13:00:00Z", "account"),
        ("task send the offer acme tomorrow", "task", "send the offer", "2026-11-19", "account"),
        ("send the offer fri", "task", "send the offer", "2026-11-20", None),
        ("task buy stamps", "task", "buy stamps", "2026-11-18", None),
        ("call mother tomorrow", "call", "mother", "2026-11-19", None),
        ("task 2 days training acme", "task", "2 days training", "2026-11-18", "account"),
        ("call anna schmidt in a week", "call", "Call with Anna Schmidt", "2026-11-25", "contact"),
        ("email acme fri", "email", "E-mail to Acme GmbH", "2026-11-20", "account"),
        ("acme: call anna fri 10:30", "call", "Call with Anna Schmidt", "2026-11-20T09:30:00Z", "contact"),
    ],
)
def test_planned(
    book: Book, acme: dict[str, str], text: str, type_: str, subject: str, start: str, whom: str | None
) -> None:
    (step,) = added(book, text)
    assert (step["type"], step["subject"], step["start"]) == (type_, subject, start)
    assert "completed_at" not in step
    assert {kind: step.get(kind) for kind in ("account", "contact")} == {
        "account": acme["account"] if whom else None,
        "contact": acme["contact"] if whom == "contact" else None,
    }


def test_records(book: Book, acme: dict[str, str]) -> None:
    (contact,) = added(book, "contact Eva Maria Schmidt acme +49 30 23125001 eva@acme.example")
    assert (contact["first_name"], contact["last_name"], contact["account"]) == (
        "Eva Maria",
        "Schmidt",
        acme["account"],
    )
    assert (contact["phones"][0]["e164"], contact["emails"][0]["value"]) == ("+493023125001", "eva@acme.example")
    (account,) = added(book, "account Gamma & Sons Ltd info@gamma.example")
    assert (account["name"], account["emails"][0]["value"]) == ("Gamma & Sons Ltd", "info@gamma.example")
    (lead,) = added(book, "lead Ada Voss Voss AG")
    assert (lead["first_name"], lead["last_name"], lead["company"]) == ("Ada", "Voss", "Voss AG")
    (lead,) = added(book, "Lead Ada Maria Voss, Voss AG")
    assert (lead["first_name"], lead["last_name"], lead["company"]) == ("Ada Maria", "Voss", "Voss AG")
    (deal,) = added(book, "deal Retrofit hall 2 acme 45k")
    assert (deal["name"], deal["amount"], deal["currency"], deal["account"]) == (
        "Retrofit hall 2",
        4_500_000,
        "USD",
        acme["account"],
    )
    (contact,) = added(book, "contact Huber")
    assert (contact["last_name"], "first_name" in contact) == ("Huber", False)


def test_a_company_after_a_comma_is_used_or_made(book: Book, acme: dict[str, str]) -> None:
    (contact,) = added(book, "contact Eva Wolf, beta")
    assert contact["account"] == acme["other"]
    account, contact = added(book, "contact Eva Wolf, Newco GmbH")
    assert (account["kind"], account["name"], contact["account"]) == ("account", "Newco GmbH", account["id"])


def test_the_echo_says_what_will_be_added(book: Book, acme: dict[str, str]) -> None:
    def echo(text: str) -> list[str]:
        return [step.echo for step in understand(book, text)]

    assert echo("acme: called anna, wants more, send offer fri") == [
        "Call with Anna Schmidt · done, wants more", "task · Friday, November 20, 2026 · send offer"]  # fmt: skip
    assert echo("contact Eva Wolf, Newco") == ["New account · Newco", "New contact · Eva Wolf · Newco"]
    assert echo("deal Retrofit acme 45k") == ["New deal · Retrofit · Acme GmbH · $45,000.00"]


def test_titles(book: Book, acme: dict[str, str]) -> None:
    assert quick_add(book, "account Gamma").title == "Added account Gamma"
    assert quick_add(book, "acme: called, send offer fri").title == "Added activity Call with Acme GmbH and 1 more"


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", UserError, "nothing to add"),
        ("hello there", UserError, "neither what it is nor when"),
        ("nobody: called", NotFound, "nobody called “nobody”"),
        ("anna: called", NotFound, "may mean several"),
        ("lead Ada Voss", FieldError, "Company"),
        ("account", FieldError, "Name"),
        ("call anna fri mon", UserError, "more than one day"),
    ],
)
def test_refusals_change_nothing(
    book: Book, acme: dict[str, str], text: str, error: type[UserError], message: str
) -> None:
    before = dump(book)
    with pytest.raises(error, match=message):
        quick_add(book, text)
    assert dump(book) == before
