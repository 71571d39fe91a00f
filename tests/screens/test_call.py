"""Logging a call: few keys, the note first, the next step as one says it, one action for everything."""

from __future__ import annotations

import pytest

from sfa.sales import edit
from sfa.screens.call import CallScreen, log_call
from sfa.screens.picker import Picker
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.widgets.sections import SectionList
from tests.screens.pilots import Driver, driving


@pytest.fixture
def anna(book: Book) -> str:
    with book.change("test") as change:
        account = edit.create(change, "account", {"name": "Acme"})
        phones = [{"label": "work", "value": "+49 30 1234567"}]
        values = {"first_name": "Anna", "last_name": "Schmidt", "account": account, "phones": phones}
        return edit.create(change, "contact", values)


def added(book: Book, kind: str, **values: object) -> str:
    with book.change("test") as change:
        return edit.create(change, kind, values)


def outcome(book: Book, name: str) -> str:
    return next(record.id for record in book.records("call_outcome") if record.heading == name)


def calls_of(book: Book, *, done: bool) -> list[dict[str, object]]:
    return [found.values for found in book.records("activity") if ("completed_at" in found.values) == done]


def dialog(driver: Driver) -> CallScreen:
    assert isinstance(driver.app.screen, CallScreen)
    return driver.app.screen


def echo(driver: Driver) -> str:
    return str(dialog(driver).query_one("#echo").render()).replace("\u202f", " ")


def today_at(driver: Driver) -> str:
    """The record under the cursor of Today."""
    at = driver.app.screen.query_one("#body", SectionList).cursor_id
    assert at is not None
    return at.partition(" ")[2]


async def test_six_keys_besides_the_text_log_a_call(book: Book, anna: str) -> None:
    planned = added(book, "activity", type="call", subject="Ring Anna", contact=anna, start="2026-11-18")
    async with driving(book) as driver:
        assert today_at(driver) == planned
        keys = ["c", "tab", "1", "enter"]  # what is pressed besides the text
        await driver.press(keys[0])
        await driver.settle()
        await driver.type("Wants the offer")
        await driver.press(keys[1], keys[2])
        await driver.type("fri 10 call about the offer")
        assert "call · Friday, November 20, 2026, 10:00 AM · about the offer" in echo(driver)
        await driver.press(keys[3])
        await driver.settle()
        assert len(keys) <= 6
        (held,) = calls_of(book, done=True)
        assert (held["body"], held["outcome"], held["status"]) == (
            "Wants the offer",
            outcome(book, "Connected"),
            "Held",
        )
        assert book.get("activity", planned).values["status"] == "Held"  # the planned call is this one
        (next_call,) = calls_of(book, done=False)
        assert (next_call["type"], next_call["subject"]) == ("call", "about the offer")
        assert next_call["start"] == "2026-11-20T09:00:00Z"
        title = "Logged call with Anna Schmidt · next: Fri, Nov 20 10:00 AM"
        assert journal.actions(book)[0].title.replace("\u202f", " ") == title
        assert any(message.endswith(" · u undo") for message in driver.told())
        undo.undo(book)
        assert calls_of(book, done=True) == []


async def test_letters_typed_at_once_find_their_parts(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        driver.rush("h", "i", "tab", "1", "f", "r", "i")
        await driver.settle()
        assert dialog(driver).texts == {"note": "hi", "outcome": outcome(book, "Connected"), "next": "fri"}


async def test_an_outcome_suggests_the_next_step_which_typing_replaces(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        await driver.press("tab", "b")  # no answer
        assert dialog(driver).texts["next"] == "+1d call"
        assert "Thursday, November 19, 2026" in echo(driver)
        await driver.type("mon")
        assert dialog(driver).texts["next"] == "mon"
        await driver.press("shift+tab", "8")  # another outcome leaves alone what was typed
        assert dialog(driver).texts["next"] == "mon"


async def test_a_next_step_that_names_no_day_is_told_and_not_saved(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        await driver.press("tab", "1")
        await driver.type("soon")
        assert echo(driver).startswith("! This names no day.")
        await driver.press("ctrl+s")
        await driver.settle()
        assert isinstance(driver.app.screen, CallScreen)
        assert calls_of(book, done=True) == []


async def test_all_fourteen_outcomes_have_a_key(book: Book, anna: str) -> None:
    names = [record.id for record in sorted(book.records("call_outcome"), key=lambda found: found.values["position"])]
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        for key, name in zip("123456789abcde", names, strict=True):
            dialog(driver).set_focus(dialog(driver).query_one("#outcome"))
            await driver.press(key)
            assert dialog(driver).texts["outcome"] == name


async def test_who_is_called_is_shown_and_y_copies_the_number(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        who = dialog(driver).query_one("#who")
        assert "Anna Schmidt" in who.render_line(0).text
        assert "+49 30 1234567" in who.render_line(1).text
        await driver.press("shift+tab", "y")
        assert driver.app.clipboard == "+49 30 1234567"


async def test_a_future_call_stays_planned_unless_space_says_otherwise(book: Book, anna: str) -> None:
    planned = added(book, "activity", type="call", subject="Ring", contact=anna, start="2026-12-18")
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        assert dialog(driver).query_one("#who").render_line(2).text.startswith("○ still planned: “Ring”")
        await driver.press("shift+tab", "space", "ctrl+s")
        await driver.settle()
        assert book.get("activity", planned).values["status"] == "Held"


async def test_of_several_people_one_is_chosen(book: Book, anna: str) -> None:
    account = book.get("contact", anna).values["account"]
    bernd = added(book, "contact", first_name="Bernd", last_name="Braun", account=account)
    async with driving(book) as driver:
        log_call(driver.app, "account", account)
        await driver.settle()
        assert isinstance(driver.app.screen, Picker)
        await driver.type("bernd\n")
        await driver.settle()
        await driver.type("hello")
        await driver.press("ctrl+s")
        await driver.settle()
        (held,) = calls_of(book, done=True)
        assert (held["contact"], held["account"]) == (bernd, account)


async def test_from_today_the_cursor_goes_on_to_the_next_call(book: Book, anna: str) -> None:
    for number, kind in enumerate(("call", "task", "call")):
        added(book, "activity", type=kind, subject=f"{kind} {number}", contact=anna, start=f"2026-11-1{number + 5}")
    async with driving(book) as driver:
        await driver.press("c")
        await driver.settle()
        await driver.press("ctrl+s")
        await driver.settle()
        assert book.get("activity", today_at(driver)).heading == "call 2"


async def test_escape_keeps_the_note(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        await driver.type("long talk")
        await driver.press("tab", "2", "escape")
        await driver.settle()
        assert calls_of(book, done=True) == []
        log_call(driver.app, "contact", anna)
        await driver.settle()
        assert dialog(driver).texts["note"] == "long talk"
        await driver.press("ctrl+s")
        await driver.settle()
        assert calls_of(book, done=True)[0]["outcome"] == outcome(book, "Meeting booked")


async def test_it_fits_a_small_terminal(book: Book, anna: str) -> None:
    added(book, "activity", type="call", subject="Ring", contact=anna, start="2026-11-18")
    async with driving(book, (60, 18)) as driver:
        log_call(driver.app, "contact", anna)
        await driver.settle()
        for part in ("#who", "#note", "#outcome", "#next", "#echo"):
            region = dialog(driver).query_one(part).region
            assert region.height > 0
            assert dialog(driver).region.contains_region(region)
