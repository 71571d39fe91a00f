"""The board: moved at once and written behind, narrowed, undone; closing a deal asks first."""

from __future__ import annotations

import pytest

from sfa.errors import UserError
from sfa.sales import edit, pipeline
from sfa.screens.board import BoardScreen, close_window
from sfa.screens.closing import WonScreen
from sfa.screens.picker import Picker
from sfa.store import journal
from sfa.store.book import Book
from sfa.widgets.statusline import StatusLine
from tests.sales.makers import deal, make, stage
from tests.screens.pilots import Driver, driving
from tests.widgets.hosts import lines


def place(driver: Driver) -> BoardScreen:
    assert isinstance(driver.app.screen, BoardScreen)
    return driver.app.screen


def cards(driver: Driver) -> dict[str, list[str]]:
    """The titles of the cards of each lane that has some."""
    lanes = place(driver).board.lanes
    return {
        lane.title: [card.title for card in some] for lane, some in zip(lanes.lanes, lanes.cards, strict=True) if some
    }


def shown(driver: Driver) -> str:
    return "\n".join(line for slot in place(driver).board.slots if slot.display for line in lines(slot))


def status(driver: Driver) -> str:
    return lines(driver.app.screen.query_one("#status", StatusLine))[0]


def stage_of(book: Book, deal_id: str) -> str:
    return book.get("stage", book.get("opportunity", deal_id).values["stage"]).heading


async def show_board(driver: Driver) -> None:
    await driver.press("b")
    await driver.settle()


@pytest.fixture
def deals(book: Book) -> list[str]:
    """Three deals in the first stage, soonest first."""
    account, uma = make(book, "account", name="Acme Inc."), make(book, "user", name="Uma")
    return [
        deal(book, "Saws", account=account, amount=100_000, currency="EUR", close_date="2026-11-10", owner=book.user),
        deal(book, "Acme: Ovens", account=account, amount=50_000, currency="EUR", close_date="2026-12-20", owner=uma),
        deal(book, "Belts", close_date="2027-06-01", owner=uma),
    ]


async def test_shows_what_is_in_each_stage(book: Book, deals: list[str]) -> None:
    async with driving(book, (140, 40)) as driver:
        await show_board(driver)
        assert cards(driver) == {"Prospecting": ["Saws", "Ovens", "Belts"]}
        assert "3 · €1.5K" in shown(driver)
        assert "€150 weighted" in shown(driver)
        assert "Sales · 3 open · €1.5K · weighted €150" in status(driver)


@pytest.mark.parametrize("keys", [("L",), ("shift+right",), ("2",), ("L", "L", "H")])
async def test_a_move_is_drawn_and_written_and_undone(book: Book, deals: list[str], keys: tuple[str, ...]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press(*keys)
        assert cards(driver)["Qualification"] == ["Saws"]
        await driver.settle()
        assert stage_of(book, deals[0]) == "Qualification"
        assert place(driver).board.cursor_id == deals[0]
        assert "1 · €1K" in shown(driver)
        assert journal.actions(book, 1)[0].origin == "screen"
        await driver.press(*["u"] * len(keys))
        await driver.settle()
        assert stage_of(book, deals[0]) == "Prospecting"
        assert cards(driver) == {"Prospecting": ["Saws", "Ovens", "Belts"]}


async def test_marked_cards_move_as_one_action(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("space", "space")
        assert "2 marked" in status(driver)
        await driver.press("3")
        await driver.settle()
        assert [stage_of(book, deal_id) for deal_id in deals] == ["Needs Analysis", "Needs Analysis", "Prospecting"]
        assert driver.told() == ["Moved 2 deals to Needs Analysis · u undo"]
        await driver.press("u")
        await driver.settle()
        assert {stage_of(book, deal_id) for deal_id in deals} == {"Prospecting"}


async def test_m_chooses_the_stage(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("m", *"needs", "enter")
        await driver.settle()
        assert stage_of(book, deals[0]) == "Needs Analysis"
        assert cards(driver)["Needs Analysis"] == ["Saws"]


async def test_a_move_that_fails_is_taken_back_on_the_screen(
    book: Book, deals: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> int:
        raise UserError("Not [b]today[/b].")

    async with driving(book) as driver:
        await show_board(driver)
        monkeypatch.setattr(pipeline, "move", refuse)
        await driver.press("L")
        await driver.settle()
        assert cards(driver) == {"Prospecting": ["Saws", "Ovens", "Belts"]}
        assert driver.told() == ["Not [b]today[/b]."]
        monkeypatch.undo()
        await driver.press("L")
        await driver.settle()
        assert stage_of(book, deals[0]) == "Qualification"


async def test_moving_to_won_asks_and_the_cursor_stays_in_its_column(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("6")
        await driver.settle()
        assert isinstance(driver.app.screen, WonScreen)
        assert stage_of(book, deals[0]) == "Prospecting"
        await driver.press("enter")
        await driver.settle()
        assert stage_of(book, deals[0]) == "Closed Won"
        assert place(driver).board.cursor_id == deals[1]


async def test_closed_cards_say_when_they_closed(book: Book, deals: list[str]) -> None:
    pipeline.close_won(book, deals[0], "2026-11-17")
    reason = book.records("loss_reason")[0].id
    pipeline.close_lost(book, [deals[1]], reason, close_date="2026-11-16")
    async with driving(book, (140, 40)) as driver:
        await show_board(driver)
        assert "✓ 11/17/2026" in shown(driver)
        assert "✗ 11/16/2026" in shown(driver)
        assert shown(driver).count("no step") == 1


async def test_a_deal_that_was_just_moved_does_not_rot(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    with book.change("test") as change:
        edit.edit(change, "stage", stage(book, "Prospecting"), {"rot_days": 5})
        edit.edit(change, "stage", stage(book, "Qualification"), {"rot_days": 5})
    deal(book, "Old one")
    monkeypatch.setenv("SFA_NOW", "2027-01-18T09:00:00Z")
    async with driving(book, (140, 40)) as driver:
        await show_board(driver)
        assert "▲" in shown(driver)
        await driver.press("L")
        assert "▲" not in shown(driver)
        await driver.settle()


async def test_the_filter_narrows_with_each_letter_and_escape_clears_it(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("/", *"acm")
        await driver.settle()
        assert cards(driver) == {"Prospecting": ["Saws", "Ovens"]}
        await driver.press(*"e sa", "enter")
        await driver.settle()
        assert cards(driver) == {"Prospecting": ["Saws"]}
        assert "“acme sa”" in status(driver)
        await driver.press("L")
        await driver.settle()
        assert cards(driver) == {"Qualification": ["Saws"]}
        assert "1 open" in status(driver)
        await driver.press("/", "escape")
        await driver.settle()
        assert len(cards(driver)["Prospecting"]) == 2


async def test_narrows_to_an_owner_and_to_close_dates(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("o", *"rita", "enter")
        await driver.settle()
        assert cards(driver) == {"Prospecting": ["Saws"]}
        assert "Rita Rep" in status(driver)
        await driver.press("o", "home", "up", "enter")
        await driver.settle()
        assert len(cards(driver)["Prospecting"]) == 3
        await driver.press("V", *"90", "enter")
        await driver.settle()
        assert cards(driver) == {"Prospecting": ["Ovens"]}
        assert "closes within 90 days" in status(driver)


async def test_another_pipeline_has_other_stages(book: Book, deals: list[str]) -> None:
    other = make(book, "pipeline", name="Service")
    first = make(book, "stage", name="Asked", pipeline=other, position=1)
    make(book, "opportunity", name="Contract", pipeline=other, stage=first)
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("p", *"serv", "enter")
        await driver.settle()
        assert cards(driver) == {"Asked": ["Contract"]}
        assert "Service · 1 open" in status(driver)


async def test_new_starts_in_the_stage_under_the_cursor(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("right")
        assert place(driver).preset() == {"pipeline": place(driver).pipeline_id, "stage": stage(book, "Qualification")}


async def test_enter_opens_the_deal(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        await driver.press("down", "enter")
        await driver.settle()
        assert driver.shown == ("opportunity", deals[1])
        await driver.press("escape")
        assert place(driver).board.cursor_id == deals[1]


async def test_leaving_the_picker_changes_nothing(book: Book, deals: list[str]) -> None:
    async with driving(book) as driver:
        await show_board(driver)
        for key in ("o", "V", "p", "m", "x"):
            await driver.press(key)
            assert isinstance(driver.app.screen, Picker)
            await driver.press("escape")
        assert len(cards(driver)["Prospecting"]) == 3


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("", None, None),
        ("late", None, "2026-11-17"),
        ("month", "2026-11-01", "2026-11-30"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("90", "2026-11-18", "2027-02-16"),
    ],
)
def test_spans_of_close_dates(name: str, first: str | None, last: str | None) -> None:
    assert close_window(name, "2026-11-18") == (first, last)
