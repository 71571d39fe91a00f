"""The form: derived from the definitions, judged while typing, saved as one action, never losing what was typed."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens.form import FormScreen, edit_records, new_record
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.widgets.statusline import StatusLine
from tests.screens.pilots import Driver, driving


def added(book: Book, kind: str, **values: object) -> str:
    with book.change("test") as change:
        return edit.create(change, kind, values)


def form_of(driver: Driver) -> FormScreen:
    assert isinstance(driver.app.screen, FormScreen)
    return driver.app.screen


async def go_to(driver: Driver, name: str) -> None:
    """Puts the cursor on a field by the keys, wherever it is."""
    await driver.press(*["pageup"] * 3)
    for _turn in range(60):
        if form_of(driver).lines.current.id == name:
            return
        await driver.press("down")
    raise AssertionError(f"no line {name}")


def shown(driver: Driver) -> str:
    lines = form_of(driver).lines
    return "\n".join(lines.render_line(y).text for y in range(lines.size.height))


async def test_typing_and_saving_adds_one_record_in_one_action(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        await driver.type("Anna\nSchmidt\n")
        await driver.press("ctrl+s")
        await driver.settle()
        (contact,) = book.records("contact")
        assert (contact.values["first_name"], contact.values["last_name"]) == ("Anna", "Schmidt")
        assert contact.values["owner"] == book.user
        assert journal.actions(book)[0].title == "Added contact Anna Schmidt"
        assert "Added contact Anna Schmidt · u undo" in driver.told()
        assert driver.shown == ("contact", contact.id)


async def test_letters_typed_behind_enter_land_in_the_next_field(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        driver.rush("a", "enter", "b", "tab", "c")
        await driver.settle()
        texts = form_of(driver).draft
        assert [texts.text(name) for name in ("first_name", "last_name", "nickname")] == ["a", "b", "c"]


async def test_a_custom_field_is_in_the_form_and_is_saved(book: Book) -> None:
    added(book, "custom_field", of_kind="account", name="region", caption="Region", type="text")
    async with driving(book) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        await driver.type("Acme")
        await go_to(driver, "region")
        await driver.type("North")
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("account")[0].values["region"] == "North"


async def test_bad_values_are_told_beside_the_field_and_keep_the_form(book: Book) -> None:
    async with driving(book, (120, 36)) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        await driver.type("Acme")
        await go_to(driver, "phones")
        await driver.type("12")
        assert "! 12 is not a phone number" in shown(driver)
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("account") == []
        assert form_of(driver).lines.current.id == "phones"
        await driver.type("34567890 ext")
        await driver.press(*["backspace"] * 20)
        await driver.type("+49 30 1234567")
        assert "+49301234567" in shown(driver)  # as it will be dialled
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.records("account")[0].values["phones"][0]["e164"] == "+49301234567"


async def test_saving_without_what_is_required_goes_there_and_says_so(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        await driver.type("Anna")
        await driver.press("ctrl+s")
        await driver.settle()
        assert form_of(driver).lines.current.id == "last_name"
        assert "! is required" in shown(driver)


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


async def test_editing_writes_only_what_changed(book: Book) -> None:
    account = added(book, "account", name="Acme")
    contact = added(
        book, "contact", last_name="Schmidt", account=account, phones=[{"label": "work", "value": "+49 30 1234567"}]
    )
    async with driving(book) as driver:
        edit_records(driver.app, "contact", [contact])
        await driver.settle()
        await go_to(driver, "title")
        await driver.type("CTO")
        await driver.press("ctrl+s")
        await driver.settle()
        (entry,) = journal.entries(book, journal.actions(book)[0].number)
        assert entry.fields == {"title": [None, "CTO"]}


async def test_escape_keeps_what_was_typed_and_offers_it_again(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        await driver.type("Anna\nSchm")
        await driver.press("escape")
        await driver.settle()
        assert not isinstance(driver.app.screen, FormScreen)
        assert any("kept" in message for message in driver.told())
        new_record(driver.app, "contact", {})
        await driver.settle()
        assert form_of(driver).draft.text("last_name") == "Schm"
        await driver.press("ctrl+r")
        assert form_of(driver).draft.text("last_name") == ""
        await driver.press("escape")
        await driver.settle()
        new_record(driver.app, "contact", {})
        await driver.settle()
        assert form_of(driver).draft.typed.texts == {}


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


async def test_a_duplicate_is_hinted_at_while_typing_and_opens(book: Book) -> None:
    acme = added(book, "account", name="Acme Industries GmbH")
    async with driving(book) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        await driver.type("Acme Industries")
        await driver.settle()
        assert [hint.id for hint in form_of(driver).hints] == [acme]
        assert "Looks like Acme Industries GmbH" in form_of(driver).query_one("#notice", StatusLine).left
        await driver.press("ctrl+o")
        await driver.settle()
        assert driver.shown == ("account", acme)
        await driver.press("escape")
        await driver.settle()
        assert form_of(driver).draft.text("name") == "Acme Industries"


async def test_all_fields_are_there_on_demand(book: Book) -> None:
    async with driving(book) as driver:
        new_record(driver.app, "contact", {})
        await driver.settle()
        at_first = {line.id for line in form_of(driver).form_lines()}
        assert {"last_name", "account", "phones", "emails"} <= at_first
        assert "mailing_city" not in at_first
        await driver.press("ctrl+l")
        assert len(form_of(driver).lines.children) == 1  # one editor, however many fields
        assert {name for name, field in book.fields("contact").items() if field.form} <= {
            line.id for line in form_of(driver).form_lines()
        }


async def test_bulk_edit_is_one_action(book: Book) -> None:
    ids = [added(book, "account", name=name) for name in ("One", "Two", "Three")]
    async with driving(book) as driver:
        edit_records(driver.app, "account", ids)
        await driver.settle()
        await driver.type("rating")
        await driver.press("enter")
        await driver.settle()
        await driver.type("war\n")
        await driver.settle()
        assert [account.values.get("rating") for account in book.records("account")] == [None] * 3
        await driver.press("enter")
        await driver.settle()
        assert [account.values["rating"] for account in book.records("account")] == ["Warm"] * 3
        assert journal.actions(book)[0].title == "Set Rating of 3 accounts to Warm"
        undo.undo(book)
        assert all("rating" not in account.values for account in book.records("account"))


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
    from textual import events

    async with driving(book) as driver:
        new_record(driver.app, "account", {})
        await driver.settle()
        assert driver.app.focused
        driver.app.focused.post_message(events.Paste("Acme\nIndustries"))
        await driver.settle()
        assert form_of(driver).draft.text("name") == "Acme Industries"
