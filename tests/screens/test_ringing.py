"""What comes to the screens from outside: calls, wishes of other programs, reminders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from sfa.errors import BookError
from sfa.sales import edit, reminders
from sfa.sales.callers import Call
from sfa.screens.call import CallScreen
from sfa.screens.form import FormScreen
from sfa.screens.picker import Picker
from sfa.screens.place import Place
from sfa.screens.record import RecordScreen
from sfa.screens.runningcall import RunningCall
from sfa.screens.today import TodayScreen
from sfa.settings import Settings
from sfa.store.book import Book
from sfa.store.knocks import Knock, knock
from sfa.widgets.statusline import StatusLine
from tests.screens.pilots import Driver, driving

PHONE = "+493012345678"


@pytest.fixture
def anna(book: Book) -> str:
    with book.change("Set up") as change:
        person = {"first_name": "Anna", "last_name": "Schmidt", "phones": [{"label": "work", "value": PHONE}]}
        return edit.create(change, "contact", person)


async def until(driver: Driver, holds: Callable[[], bool], wanted: str) -> None:
    """Waits for what another thread brings."""
    for _turn in range(400):
        await driver.pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited for {wanted}")


def is_at(driver: Driver, kind: type) -> Callable[[], bool]:
    return lambda: isinstance(driver.app.screen, kind) and driver.app.screen.is_mounted


def far(driver: Driver) -> str:
    place = next(screen for screen in reversed(driver.app.screen_stack) if isinstance(screen, Place))
    return place.query_one(StatusLine).far


async def test_a_wish_of_another_program_opens_the_record(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        other = Book.open(book.path)
        knock(other, Knock("show", "contact", anna))
        other.close()
        await until(driver, is_at(driver, RecordScreen), "the record")
        assert driver.shown == ("contact", anna)
        knock(book, Knock("show"))
        await until(driver, is_at(driver, TodayScreen), "Today")


async def test_what_was_wanted_just_before_the_start_is_shown(book: Book, anna: str) -> None:
    knock(book, Knock("show", "contact", anna))
    async with driving(book) as driver:
        await until(driver, is_at(driver, RecordScreen), "the record")


async def test_who_calls_is_opened_and_c_answers_and_times(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        knock(book, Knock("rings", phone=PHONE))
        await until(driver, is_at(driver, RecordScreen), "the caller")
        assert driver.shown == ("contact", anna)
        assert any("030 12345678" in text or "12345678" in text for text in driver.told())
        await driver.press("c")
        assert isinstance(driver.app.screen, CallScreen)
        running = driver.app.screen.running
        assert running is not None
        assert running.inbound
        running._began -= 150  # two and a half minutes ago
        driver.app.screen.tell_time()
        assert "● 2:30" in str(driver.app.screen.query_one(".dialog").border_subtitle)
        await driver.press("escape")
        await driver.settle()
        assert far(driver).startswith("☎ Anna Schmidt ● 2:3")
        await driver.press("c", "H", "i", "ctrl+t")
        assert not running.runs
        await driver.press("ctrl+s")
        await driver.settle()
        assert "☎" not in far(driver)
    (call,) = book.records("activity")
    assert call.values["direction"] == "Inbound"
    assert 150 <= call.values["duration"] < 200


@pytest.mark.parametrize("fault", [BookError("The book is busy."), KeyError("phone")])
async def test_a_caller_who_cannot_be_looked_up_keeps_no_other_wish_from_being_heard(
    book: Book, anna: str, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def failing(_book: Book, _told: str) -> Call:
        raise fault

    monkeypatch.setattr("sfa.sales.callers.incoming", failing)
    knock(book, Knock("rings", phone=PHONE))
    knock(book, Knock("show", "contact", anna))  # taken together, at the start
    async with driving(book) as driver:
        await until(driver, is_at(driver, RecordScreen), "the record")
        assert driver.shown == ("contact", anna)
        assert any(("is busy" in text) or ("(KeyError)" in text) for text in driver.told())
        knock(book, Knock("show"))
        await until(driver, is_at(driver, TodayScreen), "Today, for it still listens")


async def test_who_rang_long_ago_is_no_longer_at_the_telephone(
    book: Book, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfa.screens.ringing.RINGS", 0.0)
    async with driving(book) as driver:
        knock(book, Knock("rings", phone=PHONE))
        await until(driver, is_at(driver, RecordScreen), "the caller")
        await driver.press("c")
        assert isinstance(driver.app.screen, CallScreen)
        assert driver.app.screen.running is None


async def test_a_call_that_is_answered_opens_the_form_and_ends_with_the_telephone(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        knock(book, Knock("answered", phone=PHONE))
        await until(driver, is_at(driver, CallScreen), "the form")
        assert isinstance(driver.app.screen, CallScreen)
        running = driver.app.screen.running
        assert running is not None
        assert running.runs
        knock(book, Knock("ended", phone=PHONE))
        await until(driver, lambda: not running.runs, "the end")


async def test_nobody_who_types_is_disturbed(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        await driver.press("n")
        assert isinstance(driver.app.screen, FormScreen)
        knock(book, Knock("rings", phone=PHONE))
        await until(driver, lambda: any("12345678" in text for text in driver.told()), "the caller")
        assert isinstance(driver.app.screen, FormScreen)
        await driver.press("escape")
        await until(driver, is_at(driver, RecordScreen), "the caller's record")


async def test_of_several_callers_it_is_asked_who(book: Book, anna: str) -> None:
    with book.change("More") as change:
        bert = edit.create(change, "contact", {"last_name": "Bert", "phones": [{"label": "work", "value": PHONE}]})
    async with driving(book) as driver:
        knock(book, Knock("rings", phone=PHONE))
        await until(driver, is_at(driver, Picker), "the question")
        await driver.type("Bert")
        await driver.press("enter")
        await until(driver, is_at(driver, RecordScreen), "the record")
        assert driver.shown == ("contact", bert)


async def test_somebody_unknown_can_be_added(book: Book, anna: str) -> None:
    async with driving(book) as driver:
        knock(book, Knock("rings", phone="+493099999999"))
        await until(driver, is_at(driver, Picker), "the offer")
        await driver.press("enter")
        assert isinstance(driver.app.screen, FormScreen)
        await driver.press("tab")
        await driver.type("Neu")
        await driver.press("ctrl+s")
        await driver.settle()
    assert [record.values["phones"][0]["e164"] for record in book.records("contact", "id != ?", (anna,))] == [
        "+493099999999"
    ]


async def test_dialling_hands_over_the_number_and_times_the_call(
    book: Book, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[tuple[str, str]] = []
    monkeypatch.setattr("sfa.desktop.dialling.dial", lambda *words: dialled.append(words))
    async with driving(book) as driver:
        driver.app.open_record("contact", anna)
        await driver.settle()
        await driver.press("+")
        await driver.settle()
        assert dialled == [(PHONE, "tel")]
        assert isinstance(driver.app.screen, CallScreen)
        assert driver.app.screen.running is not None
        assert not driver.app.screen.running.inbound


async def test_who_does_not_want_to_be_called_is_called_only_on_purpose(
    book: Book, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[str] = []
    monkeypatch.setattr("sfa.desktop.dialling.dial", lambda number, way: dialled.append(number))
    with book.change("No") as change:
        edit.edit(change, "contact", anna, {"do_not_call": 1})
    async with driving(book) as driver:
        driver.app.open_record("contact", anna)
        await driver.settle()
        await driver.press("+", "enter")
        await driver.settle()
        assert not dialled
        await driver.press("+", "down", "enter")
        await driver.settle()
        assert dialled == [PHONE]


def remind(book: Book, subject: str, at: str) -> None:
    with book.change("Plan") as change:
        planned = edit.create(change, "activity", {"type": "call", "subject": subject, "start": at})
        edit.create(change, "reminder", {"activity": planned, "remind_at": at})


async def test_reminders_fire_and_the_status_line_says_when_the_next_is_due(book: Book) -> None:
    remind(book, "Later", "2026-11-18T13:00:00Z")
    async with driving(book, settings=Settings({"reminders": "here"}), reminds=True) as driver:
        await until(driver, lambda: far(driver) != "", "the status")
        assert far(driver) == "◷ 2:00\u202fPM"
        other = Book.open(book.path)
        remind(other, "Call [b]now[/b]", "2026-11-18T08:30:00Z")
        other.close()
        await until(driver, lambda: bool(driver.told()), "the reminder")
        (notification,) = driver.app._notifications
        assert notification.title == "◷ Call [b]now[/b]"
        assert not notification.markup
        assert [one.title for one in reminders.fired(book)] == ["Call [b]now[/b]"]
        await until(driver, lambda: far(driver) == "◷ 2:00\u202fPM", "the next one")


async def test_screens_that_are_not_to_remind_leave_it_to_others(book: Book) -> None:
    remind(book, "now", "2026-11-18T08:30:00Z")
    async with driving(book, settings=Settings({"reminders": "off"}), reminds=True) as driver:
        await until(driver, lambda: far(driver) == "◷ off", "the status")
        knock(book, Knock("show"))
        await driver.settle()
    assert reminders.next_due(book) == "2026-11-18T08:30:00Z"


def test_the_time_of_a_call_stops_and_goes_on() -> None:
    call = RunningCall({"contact": "a", "account": "x"}, "Anna")
    call._began -= 3725
    assert call.told() == "● 1:02:05"
    call.switch()
    call._began -= 100
    assert (call.told(), call.runs) == ("■ 1:02:05", False)
    call.switch()
    call._began -= 10
    assert call.seconds == 3735
    assert call.is_with({"account": "x", "contact": "a"})
    assert not call.is_with({"contact": "b", "account": "x"})
    assert call.is_with({"account": "x"})
    assert not call.is_with({"lead": "l"})
