"""Everything about one record on one screen."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from textual.containers import Container

from sfa.models.fields import Value
from sfa.sales import calls, edit
from sfa.screens.copying import copyables
from sfa.screens.facts import facts
from sfa.screens.form import FormScreen
from sfa.screens.history import HistoryScreen
from sfa.screens.picker import Picker
from sfa.screens.place import Subject
from sfa.screens.record import RecordScreen
from sfa.screens.standing import standing
from sfa.store import journal, undo
from sfa.store.book import Book
from sfa.widgets.fieldspane import FieldsPane
from sfa.widgets.note import Note
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from sfa.widgets.timeline import Timeline
from tests.screens.pilots import Driver, driving

SIZES = [(60, 18), (80, 24), (140, 40)]


class World(NamedTuple):
    """A small company's records, by id."""

    account: str
    contact: str
    other_account: str
    deal: str
    done: str
    planned: str


def stage(book: Book, name: str) -> str:
    return next(one.id for one in book.records("stage") if one.heading == name)


@pytest.fixture
def world(book: Book) -> World:
    with book.change("Fixture", "import") as change:

        def add(kind: str, **values: Value) -> str:
            return edit.create(change, kind, values)

        tag = add("tag", name="key")
        address = {"billing_street": "Am Markt 1\nHaus B", "billing_city": "Bremen", "billing_postal_code": "28195"}
        account = add(
            "account",
            name="Acme [b]GmbH[/b]",
            type="Customer",
            industry="Chemicals",
            owner=book.user,
            tags=[tag],
            **address,
        )
        phones = [{"label": "work", "value": "+49 30 1234567"}, {"label": "mobile", "value": "+49 170 1234567"}]
        contact = add("contact", first_name="Anna", last_name="Schmidt", account=account, phones=phones, title="Buyer")
        other = add("account", name="Beta AG")
        add("relation", contact=contact, account=other, role="Consultant")
        deal = add(
            "opportunity", name="Big deal", account=account, stage=stage(book, "Qualification"), amount=1_000_00,
            currency="EUR", close_date="2026-12-18",
        )  # fmt: skip
        add("contact_role", opportunity=deal, contact=contact, role="Decision Maker")
        links = {"account": account, "contact": contact, "opportunity": deal}
        done = add(
            "activity", type="call", subject="First call", start="2026-11-10T09:00:00Z", status="Held", **links
        )  # fmt: skip
        planned = add("activity", type="task", subject="Send offer", start="2026-11-17", **links)
    return World(account, contact, other, deal, done, planned)


async def opened(driver: Driver, kind: str, record_id: str) -> RecordScreen:
    driver.app.open_record(kind, record_id)
    await driver.settle()
    assert isinstance(driver.app.screen, RecordScreen)
    return driver.app.screen


def here(driver: Driver) -> tuple[str, str]:
    """Kind and id of the record that is shown."""
    assert isinstance(driver.app.screen, RecordScreen)
    return driver.app.screen.kind, driver.app.screen.record_id


def entries(timeline: Timeline) -> list[str]:
    """The ids of its entries."""
    found = (timeline._pages[index] for index in range(timeline.view.count))
    return [entry.id for entry in found if entry]


async def point(driver: Driver, entry: str) -> None:
    """Goes to an entry of the timeline."""
    timeline = driver.app.screen.query_one("#timeline", Timeline)
    timeline.focus()
    timeline.move_to(entries(timeline).index(entry))
    await driver.settle()


def status(driver: Driver) -> StatusLine:
    return driver.app.screen.query_one("#status", StatusLine)


async def test_the_heading_names_kind_owner_and_tags_and_markup_is_text(book: Book, world: World) -> None:
    async with driving(book) as driver:
        await opened(driver, "account", world.account)
        assert status(driver).left == "Acme [b]GmbH[/b] · Account · Rita Rep · #key"


async def test_the_next_step_is_told_in_full_with_its_state_in_words(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "account", world.account)
        told = screen.query_one("#standing", Note).text
        assert told == "! overdue: Send offer · Tuesday, November 17, 2026 · Anna Schmidt"
        await opened(driver, "account", world.other_account)
        told = driver.app.screen.query_one("#standing", Note).text
        assert told == "○ No next step – c logs a call, n plans one"


def test_facts_follow_from_the_fields_and_hold_only_what_is_filled(book: Book, world: World) -> None:
    with book.change("Own field") as change:
        edit.create(change, "custom_field", {"of_kind": "account", "name": "forklifts", "type": "integer"})
    with book.change("Fill it") as change:
        edit.edit(change, "account", world.account, {"forklifts": 12, "description": "Long story"})
    shown = facts(book, book.get("account", world.account))
    labels = [fact.label for fact in shown]
    assert labels[:2] == ["Industry", "Type"]  # in the order of lists; the name is in the heading
    assert "Name" not in labels
    assert "Website" not in labels
    assert {fact.label: fact.value for fact in shown}["Forklifts"] == "12"
    assert {fact.label: fact.value for fact in shown}["Billing"] == "Am Markt 1, Haus B, 28195 Bremen"
    assert labels.index("Description") < labels.index("Billing") < labels.index("Created")
    assert [fact.dim for fact in shown] == sorted(fact.dim for fact in shown)


def test_every_phone_and_each_linked_record_is_a_fact_of_its_own(book: Book, world: World) -> None:
    shown = facts(book, book.get("contact", world.contact))
    assert [fact.value for fact in shown if "1234567" in fact.value] == [
        "+49 30 1234567  work",
        "+49 170 1234567  mobile",
    ]
    assert next(fact for fact in shown if fact.label == "Account").link == f"account {world.account}"
    assert not next(fact for fact in shown if fact.label == "Created by").link  # users are no records one visits


@pytest.mark.parametrize("size", SIZES)
async def test_people_deals_and_timeline_are_shown_at_every_size(
    book: Book, world: World, size: tuple[int, int]
) -> None:
    async with driving(book, size) as driver:
        screen = await opened(driver, "account", world.account)
        around, happened = screen.query_one("#around", SectionList), screen.query_one("#timeline", Timeline)
        assert screen.query_one("#around-pane", Container).border_title == "People 1 · Deals 1"
        assert around.cursor_id == f"contact {world.contact}"
        assert f"activity {world.planned}" in entries(happened)
        for pane in (screen.query_one(FieldsPane), around, happened):
            pane.focus()
            await driver.settle()
            assert pane.size.height >= 2
            assert screen.region.contains_region(pane.region)


async def test_a_contact_shows_its_roles_in_other_accounts(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "contact", world.contact)
        assert screen.query_one("#around-pane", Container).border_title == "Roles in accounts 1 · Deals 1"
        await driver.press("tab", "enter")
        await driver.settle()
        assert here(driver) == ("account", world.other_account)


async def test_enter_opens_and_escape_and_minus_go_back(book: Book, world: World) -> None:
    async with driving(book) as driver:
        account = await opened(driver, "account", world.account)
        await driver.press("tab", "enter")
        await driver.settle()
        assert here(driver) == ("contact", world.contact)
        await driver.press("minus")
        await driver.settle()
        assert here(driver) == ("account", world.account)
        await driver.press("escape", "escape")
        await driver.settle()
        assert driver.app.screen is account


async def test_keys_act_on_the_record_until_the_cursor_of_a_list_says_otherwise(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "account", world.account)
        assert screen.subject() == Subject("account", [world.account])
        await driver.press("tab", "down")
        await driver.settle()
        assert screen.subject() == Subject("opportunity", [world.deal])
        assert status(driver).right == "keys act on Big deal"
        await driver.press("tab", "down")
        await driver.settle()
        assert screen.subject() == Subject("activity", [world.planned])
        assert screen.subject_of("move") == Subject("activity", [world.planned])  # and is refused, with a reason
        await driver.press("m")
        await driver.settle()
        assert driver.told()[-1] == "This cannot be done with activities."


async def test_deal_keys_act_on_the_deal_of_the_screen_from_every_pane(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "opportunity", world.deal)
        await driver.press("tab")
        assert screen.subject() == Subject("contact", [world.contact])
        assert screen.subject_of("move") == Subject("opportunity", [world.deal])
        await driver.press("m", "down", "enter")
        await driver.settle()
        assert book.get("opportunity", world.deal).values["stage"] == stage(book, "Needs Analysis")


async def test_f_finishes_the_next_step_and_a_done_one_says_so(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "account", world.account)
        await driver.press("f")
        await driver.settle()
        assert book.get("activity", world.planned).values["status"] == "Completed"
        assert screen.query_one("#standing", Note).text.startswith("○ No next step")
        await point(driver, f"activity {world.planned}")
        await driver.press("f")
        await driver.settle()
        assert driver.told()[-1] == "This is done already."


async def test_n_plans_an_activity_with_the_record(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "opportunity", world.deal)
        assert screen.preset() == calls.targets_for(book, "opportunity", world.deal)
        await driver.press("n")
        await driver.settle()
        assert isinstance(driver.app.screen, FormScreen)
        await driver.type("Demo day")
        await driver.press("ctrl+s")
        await driver.settle()
        (added,) = book.records("activity", "subject = 'Demo day'")
        assert (added.values["opportunity"], added.values["account"]) == (world.deal, world.account)


async def test_enter_on_a_plain_field_edits_and_on_a_link_opens(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "contact", world.contact)
        assert screen.query_one(FieldsPane).cursor_id == f"account {world.account}"
        await driver.press("down", "enter")
        await driver.settle()
        assert type(driver.app.screen) is FormScreen
        await driver.press("escape", "up", "enter")
        await driver.settle()
        assert here(driver) == ("account", world.account)


async def test_a_change_in_the_timeline_opens_the_history_at_it(book: Book, world: World) -> None:
    with book.change("Renamed the deal", "screen") as change:
        edit.edit(change, "opportunity", world.deal, {"name": "Bigger deal"})
    renamed = journal.actions(book, 1)[0].number
    with book.change("Moved the date", "screen") as change:
        edit.edit(change, "opportunity", world.deal, {"close_date": "2026-12-24"})
    async with driving(book) as driver:
        await opened(driver, "account", world.account)
        await point(driver, f"change {journal.entries(book, renamed)[0].number}")
        await driver.press("enter")
        await driver.settle()
        assert isinstance(driver.app.screen, HistoryScreen)
        assert driver.app.screen.of == ("opportunity", world.deal)  # the deal's, not the account's
        assert driver.app.screen.query_one(Timeline).cursor_id == str(renamed)


async def test_y_copies_what_was_chosen_and_says_what(book: Book, world: World) -> None:
    async with driving(book) as driver:
        await opened(driver, "contact", world.contact)
        await driver.press("y")
        await driver.settle()
        assert isinstance(driver.app.screen, Picker)
        await driver.press("down", "enter")
        await driver.settle()
        assert driver.app.clipboard == "+49 170 1234567"
        assert driver.told()[-1] == "Copied +49 170 1234567 (mobile)"


def test_copying_from_a_deal_offers_the_account_too(book: Book, world: World) -> None:
    found = copyables(book, "opportunity", world.deal)
    assert ("Am Markt 1, Haus B, 28195 Bremen", "Billing address") in [one[:2] for one in found]


async def test_a_deleted_record_says_how_to_bring_it_back(book: Book, world: World) -> None:
    async with driving(book) as driver:
        screen = await opened(driver, "account", world.other_account)
        await driver.press("d")
        await driver.settle()
        assert screen.query_one("#standing", Note).text.startswith("✗ Deleted on Wed, Nov 18 – i shows the history")
        await driver.press("i", "enter", "enter")
        await driver.settle()
        assert "deleted_at" not in book.get("account", world.other_account).values
        await driver.press("escape")
        await driver.settle()
        assert driver.app.screen is screen
        assert screen.query_one("#standing", Note).text.startswith("○ No next step")


async def test_a_record_that_undo_took_away_closes_its_screens(book: Book) -> None:
    with book.change("Added account Gone", "screen") as change:
        gone = edit.create(change, "account", {"name": "Gone"})
    async with driving(book) as driver:
        today = driver.app.screen
        await opened(driver, "account", gone)
        await driver.press("u")
        await driver.settle()
        assert driver.app.screen is today
        assert any("not in the book any more" in told for told in driver.told())
        await driver.press("minus")  # and previous does not lead there again
        await driver.settle()
        assert driver.told()[-1] == "No other record was looked at yet."


async def test_screens_below_close_too_when_their_record_is_gone(book: Book, world: World) -> None:
    with book.change("Added account Gone", "screen") as change:
        gone = edit.create(change, "account", {"name": "Gone"})
    async with driving(book) as driver:
        today = driver.app.screen
        await opened(driver, "account", gone)
        await opened(driver, "account", world.account)
        undo.undo(book)
        driver.app.book_changed()
        await driver.press("escape")
        await driver.settle()
        assert driver.app.screen is today


def test_closed_deals_and_settled_leads_say_how_they_ended(book: Book, world: World) -> None:
    with book.change("Ends") as change:
        edit.edit(change, "opportunity", world.deal, {"stage": stage(book, "Closed Won"), "close_date": "2026-11-13"})
        values = {
            "last_name": "Idle",
            "company": "Idle Inc.",
            "status": "Unqualified",
            "disqualify_reason": "No budget",
        }
        lead = edit.create(change, "lead", values)
    assert standing(book, book.get("opportunity", world.deal)).text == "✓ Won on Friday, November 13, 2026"
    assert standing(book, book.get("lead", lead)).text == "✗ Disqualified: No budget"
    assert standing(book, book.get("activity", world.done)).text.startswith("✓ Done Tuesday, November 10, 2026")


@pytest.mark.parametrize("kind", ["account", "contact", "lead", "opportunity", "activity", "product", "competitor"])
async def test_every_kind_that_can_be_found_can_be_opened(demo: Book, kind: str) -> None:
    async with driving(demo) as driver:
        screen = await opened(driver, kind, demo.records(kind)[0].id)
        assert screen.query_one(FieldsPane).view.count
