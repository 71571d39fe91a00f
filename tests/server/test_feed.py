"""Calendar feeds: what they say is what the laptop would write; who may read them, how often, and until when."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfa.errors import NotFound
from sfa.exchange.calendars.exporting import export_ical
from sfa.formats.ical.parts import component_of
from sfa.sales import edit, series
from sfa.sales.reminders import add as remind
from sfa.server import people
from sfa.server.app import App
from sfa.server.office import Office
from sfa.server.people import Who
from sfa.store.book import Book
from sfa.store.query import Query
from sfa.sync.messages import Welcome
from tests.formats.ical.activities import activities
from tests.sales.makers import make, planned, update
from tests.server.offices import Ask, asking, enrolled, everything, opened
from tests.sync.rig import Laptop, add_user, make_office

SINCE = "2026-08-20T09:00:00Z"  # 90 days before the tests' now
ONE = re.compile(r"BEGIN:(VEVENT|VTODO)\r\n.*?END:\1\r\n", re.DOTALL)


@pytest.fixture
def laptop(tmp_path: Path, address: str) -> Iterator[Laptop]:
    """Rita's, in the North, on either database."""
    office = make_office(tmp_path, address)
    people.add_stream(office.database, "North")
    people.add_user(
        office.database, "rita", "Rita", "correct horse battery", email="rita@example.com", territory="North"
    )
    add_user(office.database, "max", "North")
    laptop = Laptop(office, tmp_path / "rita.sfa", "rita")
    yield laptop
    laptop.book.close()
    office.database.close()


def who(laptop: Laptop) -> Who:
    return people.identify(laptop.office.database, laptop.token)


def path_of(laptop: Laptop) -> str:
    return f"/calendar/{people.make_feed(laptop.office.database, who(laptop))}.ics"


def read(laptop: Laptop, path: str = "") -> str:
    """What a subscriber gets, with the entries as they are written."""
    with opened(laptop.office) as app:
        reply = asking(app)("GET", path or path_of(laptop))
    assert (reply.status, reply.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return reply.body.decode()


def entries(text: str) -> list[str]:
    return sorted(found[0] for found in ONE.finditer(text))


def exported(book: Book) -> list[str]:
    stream = io.StringIO(newline="")
    export_ical(book, Query("activity"), stream)
    return entries(stream.getvalue())


def uid(entry: str) -> str:
    return str(re.search(r"UID:(.*)\r\n", entry)[1])  # type: ignore[index]


def test_the_feed_says_what_the_laptop_would_write(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    book = laptop.book
    monkeypatch.setenv("SFA_NOW", "2026-11-10T08:00:00Z")
    tag = make(book, "tag", name="Messe; Köln")
    anna = make(
        book, "contact", first_name="Anna", last_name="Ähre", emails=[{"label": "work", "value": "a@b.example"}]
    )
    times = {"end": "2026-11-20T10:00:00Z", "tzid": "Europe/Berlin"}
    meeting = planned(book, "2026-11-20T09:00:00Z", "meeting", contact=anna, tags=[tag], location="Hof 2", **times)
    remind(book, "activity", meeting, before=900)
    remind(book, "activity", planned(book, "2026-11-25", "task", body="zwei\nZeilen"), before=86400)
    weekly = planned(
        book, "2026-11-16T08:00:00Z", "visit", tzid="Europe/Berlin", rrule="FREQ=WEEKLY",
        series_start="2026-11-16T08:00:00Z",
    )  # fmt: skip
    monkeypatch.setenv("SFA_NOW", "2026-11-11T08:00:00Z")
    series.move(book, weekly, "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z", None, "this")
    series.skip(book, weekly, "2026-11-30T08:00:00Z")
    update(book, "activity", meeting, subject="Verschoben")
    gone = planned(book, "2026-11-21T09:00:00Z", "meeting")
    called_off = planned(
        book, "2026-11-22T09:00:00Z", "meeting", status="Not Held", completed_at="2026-11-11T07:00:00Z"
    )
    planned(book, None, "note")
    old = planned(book, "2026-05-01T09:00:00Z", "call", completed_at="2026-05-01T09:30:00Z", status="Held")
    with book.change("delete", "command") as change:
        edit.delete(change, "activity", [gone])
    laptop.sync()
    text = read(laptop)
    assert {uid(entry) for entry in exported(book)} - {uid(entry) for entry in entries(text)} == {old}
    assert entries(text) == [entry for entry in exported(book) if uid(entry) != old]
    cancelled = {uid(entry) for entry in entries(text) if "STATUS:CANCELLED" in entry}
    assert cancelled == {gone, called_off}
    for line in (
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Activities of Rita",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "BEGIN:VTIMEZONE",
    ):
        assert f"{line}\r\n" in text
    assert len(icalendar.Calendar.from_ical(text).walk("VEVENT")) == 5
    assert text.count("BEGIN:VALARM") == 2


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(made=st.lists(st.tuples(activities(), st.booleans()), min_size=1, max_size=5))
def test_any_activities_are_told_as_the_laptop_would(tmp_path_factory: pytest.TempPathFactory, made: Any) -> None:
    folder = tmp_path_factory.mktemp("feed")
    office = make_office(folder)
    people.add_stream(office.database, "North")
    add_user(office.database, "rita", "North")
    other = add_user(office.database, "max", "North")
    laptop = Laptop(office, folder / "rita.sfa", "rita")
    told = set()
    with laptop.book.change("all", "screen") as change:
        for values, own in made:
            filled = {name: value for name, value in values.items() if value is not None and name != "id"}
            record = edit.create(change, "activity", filled | {"owner": laptop.book.user if own else other})
            kept = change.get("activity", record).values
            last = max(kept.get("completed_at") or "", kept.get("end") or kept.get("start") or "")
            if own and component_of(kept) and (not kept.get("completed_at") or last >= SINCE):
                told.add(record)
    laptop.sync()
    assert entries(read(laptop)) == [entry for entry in exported(laptop.book) if uid(entry) in told]
    laptop.book.close()
    office.database.close()


def test_only_what_has_changed_is_sent_and_a_restart_changes_nothing(laptop: Laptop) -> None:
    book, path = laptop.book, path_of(laptop)
    call = planned(book, "2026-11-20T09:00:00Z")
    laptop.sync()
    with opened(laptop.office) as app:
        ask = asking(app)
        tag = ask("GET", path).headers["etag"]
        for seen in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            reply = ask("GET", path, headers={"if-none-match": seen})
            assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
    make(book, "account", name="Acme")  # nothing that is in the calendar
    laptop.sync()
    with opened(laptop.office) as app:
        ask = asking(app)
        assert ask("GET", path, headers={"if-none-match": tag}).status == 304
        update(book, "activity", call, subject="Anders")
        laptop.sync()
        fresh = ask("GET", path, headers={"if-none-match": tag})
        assert (fresh.status, fresh.headers["etag"] == tag) == (200, False)
        assert "SUMMARY:Anders\r\n" in fresh.body.decode()
        assert fresh.headers["cache-control"] == "private, no-cache"


def test_what_was_deleted_is_told_for_a_while(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFA_NOW", "2026-08-10T09:00:00Z")
    call = planned(laptop.book, "2026-08-12T09:00:00Z")
    laptop.sync()
    with laptop.book.change("delete", "command") as change:
        edit.delete(change, "activity", [call])
    laptop.sync()
    path = path_of(laptop)
    assert ["STATUS:CANCELLED" in entry for entry in entries(read(laptop, path))] == [True]
    monkeypatch.setenv("SFA_NOW", "2026-11-18T09:00:00Z")
    assert entries(read(laptop, path)) == []


def test_a_clock_that_was_set_back_makes_nothing_older(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Subscribers keep the newer of two."""
    monkeypatch.setenv("SFA_NOW", "2026-11-12T09:00:00Z")
    call = planned(laptop.book, "2026-11-20T09:00:00Z")
    laptop.sync()
    monkeypatch.setenv("SFA_NOW", "2026-11-11T09:00:00Z")
    update(laptop.book, "activity", call, subject="Anders")
    laptop.sync()
    (entry,) = entries(read(laptop))
    assert "SUMMARY:Anders\r\n" in entry
    assert "LAST-MODIFIED:20261112T090000Z\r\n" in entry


def test_what_goes_to_others_leaves_the_feed(laptop: Laptop) -> None:
    call = planned(laptop.book, "2026-11-20T09:00:00Z")
    laptop.sync()
    path = path_of(laptop)
    assert len(entries(read(laptop, path))) == 1
    (max_,) = laptop.book.records("user", "name = 'Max'")
    update(laptop.book, "activity", call, owner=max_.id)
    laptop.sync()
    assert entries(read(laptop, path)) == []
    update(laptop.book, "activity", call, owner=laptop.book.user)
    laptop.sync()
    assert len(entries(read(laptop, path))) == 1
    people.set_member(laptop.office.database, "rita", "North", None)
    assert entries(read(laptop, path)) == []


def test_a_head_office_of_before_gets_its_agenda(laptop: Laptop, tmp_path: Path) -> None:
    call = planned(laptop.book, "2026-11-20T09:00:00Z")
    laptop.sync()
    database = laptop.office.database

    def before(session: Any) -> None:
        session.execute("DELETE FROM agenda")
        session.execute("UPDATE meta SET value = '1' WHERE key = 'version'")

    database.write(before)
    assert entries(read(laptop)) == []
    people.initialise(database)
    assert [uid(entry) for entry in entries(read(laptop))] == [call]


@pytest.fixture
def feed(office: Office, rita: Welcome) -> str:
    """The path of Rita's feed."""
    return f"/calendar/{people.make_feed(office.database, people.identify(office.database, rita.token))}.ics"


def test_the_feed_ends_with_its_user_its_laptop_and_by_hand(office: Office, rita: Welcome, ask: Ask, feed: str) -> None:
    database = office.database
    assert ask("GET", feed).status == 200
    people.disable_user(database, "rita")
    assert (ask("GET", feed).status, ask("GET", feed).code, people.feeds(database)) == (404, "not_found", [])
    people.enable_user(database, "rita")
    assert ask("GET", feed).status == 200
    people.revoke_feed(database, "rita")
    assert ask("GET", feed).status == 404
    with pytest.raises(NotFound, match="no feed"):
        people.revoke_feed(database, "rita")
    again = json.loads(ask("POST", "/v1/feed", token=rita.token).body)["path"]
    assert ask("GET", again).status == 200
    assert [(one.user, one.device) for one in people.feeds(database)] == [("rita", rita.device)]
    people.revoke_device(database, rita.device)
    assert ask("GET", again).status == 404


def test_a_laptop_makes_looks_at_and_ends_the_one_feed_of_its_user(ask: Ask, office: Office, rita: Welcome) -> None:
    assert json.loads(ask("GET", "/v1/feed", token=rita.token).body) == {}
    made = [json.loads(ask("POST", "/v1/feed", token=rita.token).body) for _time in range(2)]
    assert [list(one) for one in made] == [["path"], ["path"]]
    assert [ask("GET", one["path"]).status for one in made] == [404, 200]
    known = json.loads(ask("GET", "/v1/feed", token=enrolled(office.database, "rita", "Second").token).body)
    assert list(known) == ["created_at", "read_at"]
    assert ask("DELETE", "/v1/feed", token=rita.token).status == 204
    assert ask("GET", made[1]["path"]).status == 404
    assert [ask(method, "/v1/feed").status for method in ("GET", "POST", "DELETE")] == [401, 401, 401]


def test_who_guesses_waits_and_who_subscribes_does_not(app: App, feed: str) -> None:
    ask = asking(app)
    assert ask("GET", feed).status == 200
    for _guess in range(5):
        assert ask("GET", f"/calendar/{'x' * 43}.ics").status == 404
    assert ask("GET", f"/calendar/{'y' * 43}.ics").status == 429
    assert ask("GET", feed).status == 200  # behind the same address
    assert ask("GET", f"/calendar/{'y' * 43}.ics", client="192.0.2.7").status == 404


def test_a_good_secret_is_no_failed_attempt(office: Office, feed: str) -> None:
    for _start in range(8):
        with opened(office) as app:
            assert asking(app)("GET", feed).status == 200


def test_the_secret_is_kept_nowhere_and_logged_nowhere(
    office: Office, ask: Ask, feed: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = feed.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43  # 32 random bytes
    with caplog.at_level(logging.DEBUG):
        assert ask("GET", feed).status == 200
        assert ask("GET", feed + "x").status == 404
    told = "".join(f"{record.getMessage()}{vars(record)}" for record in caplog.records)
    assert "/calendar/{feed}" in told
    assert secret not in told
    assert secret not in repr(everything(office.database))
    assert secret not in ask("GET", "/metrics").body.decode()


def test_secrets_are_compared_in_constant_time(ask: Ask, feed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare_digest(one: str, other: str) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("sfa.server.people.subscriptions.compare_digest", compare_digest)
    assert ask("GET", feed).status == 404
    assert len(compared) == 1
