"""Follow-ups from the screens: finish with what is next, put off, remind, plans, how much of a series."""

from __future__ import annotations

import pytest

from sfa.sales import plans, reminders
from sfa.screens.finishing import FinishScreen
from sfa.screens.form import FormScreen
from sfa.screens.picker import Picker
from sfa.screens.prompt import Prompt
from sfa.screens.today import TodayScreen
from sfa.store.book import Book
from sfa.store.undo import undo
from sfa.widgets.sections import SectionList
from sfa.widgets.table import Table
from tests.books import dump
from tests.sales.makers import deal, make, planned
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines

# Now is Wednesday 2026-11-18 10:00 in Berlin.


def shown(driver: Driver) -> str:
    assert isinstance(driver.app.screen, TodayScreen)
    return "\n".join(line.rstrip() for line in lines(driver.app.screen.query_one("#body", SectionList)))


def options(driver: Driver) -> list[str]:
    assert isinstance(driver.app.screen, Picker)
    return [option.label for option in driver.app.screen.options]


@pytest.fixture
def call(book: Book) -> str:
    return planned(book, "2026-11-18T13:00:00Z", subject="Ask for the order", owner=book.user)


@pytest.fixture
def weekly(book: Book) -> str:
    return planned(book, "2026-11-18T13:00:00Z", subject="Weekly", rrule="FREQ=WEEKLY", owner=book.user)


async def test_done_and_what_is_next_are_one_form_and_one_undo(book: Book, call: str) -> None:
    contact = make(book, "contact", last_name="Schmidt")
    with book.change("x", "screen") as change:
        change.update("activity", call, {"contact": contact})
    before = dump(book)
    async with driving(book) as driver:
        await driver.press("&")
        assert isinstance(driver.app.screen, FinishScreen)
        await driver.type("Wants it\nfri 10 visit\n")
        await driver.settle()
        done = book.get("activity", call).values
        assert (done["status"], done["body"]) == ("Held", "Wants it")
        (step,) = book.records("activity", "came_from = ?", (call,))
        assert (step.values["type"], step.values["start"]) == ("visit", "2026-11-20T09:00:00Z")
        undo(book)
        assert dump(book) == before


async def test_what_is_typed_fast_goes_where_it_belongs(book: Book, call: str) -> None:
    async with driving(book) as driver:
        await driver.press("&")
        driver.rush(*"Sure", "enter", *"fri", "enter")
        await driver.settle()
        assert book.get("activity", call).values["body"] == "Sure"
        assert len(book.records("activity", "came_from = ?", (call,))) == 1


async def test_a_next_step_that_is_not_understood_keeps_the_form(book: Book, call: str) -> None:
    async with driving(book) as driver:
        await driver.press("&", "enter")
        await driver.type("someday\n")
        assert isinstance(driver.app.screen, FinishScreen)
        await driver.press("escape")
        assert "completed_at" not in book.get("activity", call).values


async def test_one_key_puts_off_to_tomorrow_and_the_count_is_told(book: Book, call: str) -> None:
    async with driving(book, (120, 30)) as driver:
        for _time in range(3):
            await driver.press("Z")
            await driver.settle()
            assert book.get("activity", call).values["start"] == "2026-11-19T13:00:00Z"
            with book.change("x", "screen") as change:  # back to today, as if it were the day after
                change.update("activity", call, {"start": "2026-11-18T13:00:00Z"})
            driver.app.book_changed()
            await driver.settle()
        assert book.get("activity", call).values["put_off"] == 3
        assert "Ask for the order · put off 3×" in shown(driver)
        await driver.press("z")
        assert isinstance(driver.app.screen, Prompt)
        assert driver.app.screen.heading.endswith("put off 3× so far")


async def test_reminders_are_added_put_off_and_dismissed(book: Book, call: str) -> None:
    async with driving(book) as driver:
        await driver.press("N")
        assert options(driver)[:2] == ["Add: when it starts", "Add: 15 minutes before"]
        await driver.type("15\n")
        await driver.settle()
        (reminder,) = book.records("reminder")
        assert reminder.values["remind_at"] == "2026-11-18T12:45:00Z"
        await driver.press("N")
        assert options(driver)[0].startswith("◷ ")
        await driver.press("enter")  # that one
        await driver.press("down", "enter")  # the first of the times to put it off to
        await driver.settle()
        assert book.get("reminder", reminder.id).values["snoozes"] == 1
        await driver.press("N", "enter")
        await driver.type("dismiss\n")
        await driver.settle()
        assert book.get("reminder", reminder.id).values["dismissed_at"]


async def test_a_reminder_at_any_time_or_span(book: Book, call: str) -> None:
    async with driving(book) as driver:
        for text in ("2h before", "fri 10"):
            await driver.press("N")
            await driver.type("another\n")
            await driver.type(f"{text}\n")
            await driver.settle()
        moments = [reminder.values["remind_at"] for reminder in book.records("reminder")]
        assert sorted(moments) == ["2026-11-18T11:00:00Z", "2026-11-20T09:00:00Z"]


async def test_what_reminded_is_on_today(book: Book) -> None:
    later = planned(book, "2026-11-20T09:00:00Z", subject="Prepare the talk", owner=book.user)
    reminders.add(book, "activity", later, before=2 * 86_400)
    reminders.claim(book)
    planned(book, "2026-11-18", "task", subject="Report", rrule="FREQ=DAILY", owner=book.user)
    async with driving(book, (120, 30)) as driver:
        await driver.settle()
        text = shown(driver)
        assert text.index("Reminders  1") < text.index("Prepare the talk") < text.index("Due today")
        assert "↻ Report" in text
        await driver.press("f")
        await driver.settle()
        assert "Prepare the talk" not in shown(driver)


async def test_a_plan_is_applied_shifted_and_stopped(book: Book) -> None:
    plan = plans.make(book, "Offer", [{"type": "call", "subject": "Arrived?", "after_days": 2}])
    big = deal(book, owner=book.user)
    async with driving(book) as driver:
        driver.app.open_record("opportunity", big)
        await driver.settle()
        await driver.press("#")
        assert options(driver) == ["Apply Offer …"]
        await driver.press("enter")
        await driver.type("mon\n")
        await driver.settle()
        (step,) = book.records("activity")
        assert (step.values["start"], step.values["plan"]) == ("2026-11-25", plan)
        await driver.press("#", "enter")
        await driver.type("fri\n")
        await driver.settle()
        assert book.get("activity", step.id).values["start"] == "2026-11-20"
        await driver.press("#")
        await driver.type("stop\n")
        await driver.settle()
        assert book.records("activity") == []


async def test_the_form_repeats_in_words_and_asks_how_much_of_a_series(book: Book, weekly: str) -> None:
    async with driving(book) as driver:
        await driver.press("e")
        assert isinstance(driver.app.screen, FormScreen)
        form = driver.app.screen
        assert form.draft.text("rrule") == "every week"
        form.draft.type("subject", "Only now")
        await driver.press("ctrl+s")
        assert [label.split()[0] for label in options(driver)] == ["Only", "11/18/2026", "All"]
        await driver.press("enter")
        await driver.settle()
        (apart,) = book.records("activity", "series = ?", (weekly,))
        assert (apart.values["subject"], apart.values["start"]) == ("Only now", "2026-11-18T13:00:00Z")
        assert book.get("activity", weekly).values["start"] == "2026-11-25T13:00:00Z"


async def test_deleting_of_a_series_asks_how_much(book: Book, weekly: str) -> None:
    async with driving(book) as driver:
        await driver.press("d", "enter")
        await driver.settle()
        values = book.get("activity", weekly).values
        assert (values["exdates"], values["start"]) == (["2026-11-18T13:00:00Z"], "2026-11-25T13:00:00Z")


async def test_a_deal_without_a_next_step_is_marked_in_the_list(book: Book) -> None:
    for name in ("Bare", "Planned", "Won"):
        made = deal(book, name, "Closed Won" if name == "Won" else "Prospecting", owner=book.user)
        if name == "Planned":
            planned(book, "2026-11-20", opportunity=made)
    async with driving(book, (120, 30)) as driver:
        driver.app.open_list("opportunity")
        await driver.settle()
        text = "\n".join(lines(driver.app.screen.query_one("#body", Table)))
        assert "○ Bare" in text
        assert text.count("○") == 1
