"""Typing into a form: every kind of field is read as people write it, completed, and told in full."""

from __future__ import annotations

import pytest
from textual import events

from sfa.screens.form import new_record
from sfa.store import undo
from sfa.store.book import Book
from tests.screens.forms import added, form_of, go_to, shown
from tests.screens.pilots import driving


async def test_letters_typed_behind_enter_land_in_the_next_field(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        driver.rush("a", "enter", "b", "tab", "c")
        await driver.settle()
        texts = form_of(driver).draft
        assert [texts.text(name) for name in ("first_name", "last_name", "nickname")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("typed", "stored", "told"),
    [
        ("fri", "2026-11-20", "Friday, November 20, 2026"),
        ("+2d", "2026-11-20", "Friday, November 20, 2026"),
        ("12/24/2026", "2026-12-24", "Thursday, December 24, 2026"),
    ],
)
async def test_dates_are_read_as_people_say_them_and_told_in_full(
    book: Book, typed: str, stored: str, told: str
) -> None:
    async with driving(book, (120, 30)) as driver:
        new_record(driver.app, "opportunity", {})
        await driver.settle()
        await driver.type("Deal")
        await go_to(driver, "close_date")
        await driver.type(typed)
        assert told in shown(driver)
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("opportunity")[0].values["close_date"] == stored


async def test_a_moment_keeps_its_time_of_day(book: Book) -> None:
    async with driving(book, (120, 30)) as driver:
        new_record(driver.app, "activity", {})
        await driver.settle()
        await go_to(driver, "subject")
        await driver.type("Show it")
        await go_to(driver, "start")
        await driver.type("fri 10")
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("activity")[0].values["start"] == "2026-11-20T09:00:00Z"  # ten o'clock in Berlin


async def test_a_link_is_found_by_part_of_its_name(book: Book) -> None:
    acme = added(book, "account", name="Acme Industries GmbH")
    async with driving(book) as driver:
        new_record(driver.app, "contact", {"last_name": "Schmidt"})
        await driver.settle()
        await go_to(driver, "account")
        await driver.type("indu")
        assert [item.text for item in form_of(driver).lines.offered] == ["Acme Industries GmbH", "indu"]
        await driver.press("enter")
        assert form_of(driver).draft.text("account") == "Acme Industries GmbH"
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("contact")[0].values["account"] == acme


async def test_two_of_one_name_are_told_apart_by_choosing(book: Book) -> None:
    added(book, "account", name="Acme", billing_city="Bremen")
    second = added(book, "account", name="Acme", billing_city="Ulm")
    async with driving(book) as driver:
        new_record(driver.app, "contact", {"last_name": "Schmidt"})
        await driver.settle()
        await go_to(driver, "account")
        await driver.type("acme")
        offered = form_of(driver).lines.offered
        await driver.press(*["down"] * [item.hint for item in offered].index("Ulm"), "right", "ctrl+s")
        await driver.settle()
        assert book.records("contact")[0].values["account"] == second


async def test_an_account_that_is_not_there_is_added_along(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {"last_name": "Schmidt"})
        await driver.settle()
        await go_to(driver, "account")
        await driver.type("Newco")
        await driver.press("tab", "ctrl+s")
        await driver.settle()
        (account,) = book.records("account")
        assert account.heading == "Newco"
        assert book.records("contact")[0].values["account"] == account.id
        undo.undo(book)
        assert book.records("account") == book.records("contact") == []


async def test_a_choice_is_completed_and_another_word_refused(book: Book) -> None:
    async with driving(book, (120, 36)) as driver:
        new_record(driver.app, "account", {"name": "Acme"})
        await driver.settle()
        await go_to(driver, "type")
        await driver.type("cust")
        await driver.press("enter")
        assert form_of(driver).draft.values["type"] == "Customer"
        await driver.press("up")
        await driver.type("zzz")
        assert "! must be one of" in shown(driver)


async def test_an_amount_is_read_in_its_currency(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "opportunity", {"name": "Deal"})
        await driver.settle()
        await go_to(driver, "amount")
        await driver.type("12.5k")
        await go_to(driver, "currency")
        await driver.type("JPY")
        await driver.press("ctrl+s")
        await driver.settle()
        values = book.records("opportunity")[0].values
        assert (values["amount"], values["currency"]) == (12_500, "JPY")


async def test_escape_closes_the_suggestions_first(book: Book) -> None:
    added(book, "account", name="Acme")
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        await go_to(driver, "account")
        await driver.type("ac")
        await driver.press("escape")
        assert form_of(driver).lines.offered == ()


async def test_a_note_of_several_lines_is_saved_to_its_last_letter(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "account", {"name": "Acme"})
        await driver.settle()
        await go_to(driver, "description")
        await driver.type("one\ntwo")
        driver.rush("x", "tab")
        await driver.settle()
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("account")[0].values["description"] == "one\ntwox"


async def test_naughty_text_is_kept_exactly(book: Book) -> None:
    name = "[bold]O'Brien[/] <script>"
    async with driving(book) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        await driver.type(name)
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("account")[0].heading == name


async def test_another_pipeline_has_other_stages(book: Book) -> None:
    pipeline = added(book, "pipeline", name="Partners")
    added(book, "stage", name="First talk", pipeline=pipeline, position=1, type="Open", probability=10)
    async with driving(book) as driver:
        new_record(driver.app, "opportunity", {"name": "Deal"})
        await driver.settle()
        await go_to(driver, "pipeline")
        await driver.type("Partners")
        await driver.press("ctrl+s")
        await driver.settle()
        assert form_of(driver).lines.current.id == "stage"
        await driver.type("first")
        await driver.press("enter", "ctrl+s")
        await driver.settle()
        assert book.records("opportunity")[0].values["pipeline"] == pipeline


async def test_the_mouse_goes_to_a_field_takes_a_suggestion_and_saves(book: Book) -> None:
    acme = added(book, "account", name="Acme")
    async with driving(book) as driver:
        new_record(driver.app, "contact", {"last_name": "Schmidt"})
        await driver.settle()
        rows = shown(driver).splitlines()
        account, save = (next(y for y, row in enumerate(rows) if word in row) for word in ("Account", "[ Save ]"))
        await driver.pilot.click("#lines", offset=(4, account))
        assert form_of(driver).lines.current.id == "account"
        await driver.type("ac")
        await driver.pilot.click("#lines", offset=(30, account + 1))
        assert form_of(driver).draft.values["account"] == acme
        await driver.pilot.click("#lines", offset=(4, save))
        await driver.settle()
        assert book.records("contact")[0].values["account"] == acme


async def test_several_pasted_lines_are_kept_as_one(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        assert driver.app.focused
        driver.app.focused.post_message(events.Paste("Acme\nIndustries"))
        await driver.settle()
        assert form_of(driver).draft.text("name") == "Acme Industries"
