"""The form: derived from the definitions, saved as one action, never losing what was typed."""

from __future__ import annotations

from sfa.screens.form import FormScreen, edit_records, new_record
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.widgets.statusline import StatusLine
from tests.screens.forms import added, form_of, go_to, shown
from tests.screens.pilots import driving


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
