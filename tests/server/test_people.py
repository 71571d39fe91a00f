"""Who may come in, with what, and what they see; on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from sfa.errors import BookError, NotFound, UserError
from sfa.server import passwords, people
from sfa.server.database import Database
from sfa.server.office import Office
from sfa.server.people import enrolment
from sfa.server.refusal import Refused
from sfa.sync.messages import Login, StreamInfo
from tests.server.offices import PASSWORD, enrolled, everything, founded


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return founded(database, tmp_path)


def refused(code: str, work: Callable[[], Any]) -> int:
    """The status with which ``work`` is refused."""
    with pytest.raises(Refused) as caught:
        work()
    assert caught.value.code == code
    return caught.value.status


def seen(database: Database, name: str) -> dict[str, StreamInfo]:
    return {stream.name: stream for stream in enrolled(database, name).streams}


# The beginning


def test_an_office_begins_once(database: Database) -> None:
    people.initialise(database)
    before = everything(database)
    people.initialise(database)
    assert everything(database) == before
    (company,) = people.streams(database)
    assert (company.number, company.kind) == (1, "company")
    kinds = {kind for (kind,) in database.read(lambda session: session.rows("SELECT DISTINCT kind FROM record"))}
    assert kinds == {"pipeline", "stage", "loss_reason", "call_outcome"}


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    people.initialise(database)
    database.write(lambda session: session.execute("UPDATE meta SET value = '99' WHERE key = 'version'"))
    with pytest.raises(BookError, match="newer"):
        people.initialise(database)


# Users


def test_the_first_user_manages_the_company_and_others_write(office: Office) -> None:
    company = people.streams(office.database)[0]
    assert company.members == [("max", "manager", False), ("rita", "writer", False), ("sam", "writer", False)]


def test_a_user_sees_the_company_the_own_stream_and_the_territory_alone(office: Office) -> None:
    streams = seen(office.database, "rita")
    assert {name: (one.kind, one.role, one.home) for name, one in streams.items()} == {
        "Company": ("company", "writer", False),
        "North": ("territory", "writer", True),
        "Rita Rep": ("own", "writer", False),
    }


def test_without_a_territory_the_own_stream_is_home(office: Office) -> None:
    people.add_user(office.database, "lea", "Lea", PASSWORD, role="reader")
    streams = seen(office.database, "lea")
    assert (streams["Lea"].home, streams["Company"].role) == (True, "reader")


def test_a_user_is_a_record_that_laptops_get(office: Office) -> None:
    rows = office.database.read(lambda session: session.rows("SELECT id, stream, doc FROM record WHERE kind = 'user'"))
    documents = {json.loads(doc)["name"]: (record, stream, json.loads(doc)) for record, stream, doc in rows}
    rita = next(user for user in people.users(office.database) if user.name == "rita")
    record, stream, doc = documents["Rita Rep"]
    assert (record, stream, doc["email"]) == (rita.id, 1, [{"label": "work", "value": "rita@example.com"}])


@pytest.mark.parametrize("name", ["RITA", " rita ", "ｒｉｔａ"])
def test_names_are_told_apart_as_people_do(office: Office, name: str) -> None:
    assert people.login(office.database, Login(name, PASSWORD, "x")).name == "Rita Rep"
    with pytest.raises(UserError, match="already"):
        people.add_user(office.database, name, "Another", PASSWORD)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("", {}),
        ("a\nb", {}),
        ("x" * 201, {}),
        ("lea", {"password": "short"}),
        ("lea", {"password": "x" * 1001}),
        ("lea", {"email": "no address"}),
        ("lea", {"territory": "Nowhere"}),
        ("lea", {"territory": "Company"}),
        ("lea", {"role": "king"}),
        ("lea", {"full_name": "a\x00b"}),
    ],
)
def test_a_user_that_cannot_be_leaves_nothing(office: Office, name: str, options: dict[str, str]) -> None:
    before = everything(office.database)
    values = {"full_name": "Lea", "password": PASSWORD, **options}
    with pytest.raises(UserError):
        people.add_user(office.database, name, **values)
    assert everything(office.database) == before


def test_a_disabled_user_gets_nothing_until_enabled(office: Office) -> None:
    database, token = office.database, enrolled(office.database, "rita").token
    people.disable_user(database, "Rita")
    assert refused("user_disabled", lambda: people.identify(database, token)) == 403
    assert refused("user_disabled", lambda: enrolled(database, "rita")) == 403
    assert refused("bad_login", lambda: people.login(database, Login("rita", "wrong", "x"))) == 401
    assert [user.name for user in people.users(database) if user.disabled] == ["rita"]
    people.enable_user(database, "rita")
    assert people.identify(database, token).name == "rita"


def test_a_new_password_is_the_only_one(office: Office) -> None:
    people.set_password(office.database, "rita", "another horse")
    refused("bad_login", lambda: enrolled(office.database, "rita"))
    assert people.login(office.database, Login("rita", "another horse", "x")).user


@pytest.mark.parametrize(
    "work",
    [
        lambda database: people.disable_user(database, "nobody"),
        lambda database: people.set_password(database, "nobody", PASSWORD),
        lambda database: people.set_member(database, "nobody", "North", "reader"),
        lambda database: people.set_member(database, "rita", "Nowhere", "reader"),
        lambda database: people.set_member(database, "rita", "Rita Rep", "reader"),
        lambda database: people.revoke_device(database, "01"),
        lambda database: people.revoke_device(database, ""),
        lambda database: people.devices(database, "nobody"),
    ],
)
def test_what_is_not_there_is_named(office: Office, work: Callable[[Database], Any]) -> None:
    with pytest.raises(NotFound, match=r"There is no|several"):
        work(office.database)


# Streams


def test_a_territory_is_a_stream_and_a_record_of_one_id(office: Office) -> None:
    territory = people.add_stream(office.database, " West ")
    assert [one.id for one in people.streams(office.database) if one.name == "West"] == [territory]
    found = office.database.read(
        lambda session: session.rows("SELECT kind, stream, doc FROM record WHERE id = ?", (territory,))
    )
    assert [(kind, stream, json.loads(doc)["name"]) for kind, stream, doc in found] == [("territory", 1, "West")]
    for name in ("West", " "):
        with pytest.raises(UserError):
            people.add_stream(office.database, name)


def test_every_change_of_rights_is_told_by_the_acl(office: Office) -> None:
    database, states = office.database, [enrolled(office.database, "rita").acl]
    changes: list[Callable[[], Any]] = [
        lambda: people.set_member(database, "rita", "South", "reader"),
        lambda: people.set_member(database, "rita", "South", "writer", home=True),
        lambda: people.set_member(database, "rita", "South", None),
        lambda: people.disable_user(database, "rita"),
        lambda: people.enable_user(database, "rita"),
    ]
    for change in changes:
        change()
        states.append(database.read(lambda session: session.rows("SELECT acl FROM login WHERE name = 'rita'"))[0][0])
    assert len(set(states)) == 6


def test_everybody_has_exactly_one_home(office: Office) -> None:
    database = office.database

    def homes() -> list[str]:
        return [name for name, stream in seen(database, "rita").items() if stream.home]

    people.set_member(database, "rita", "South", "writer", home=True)
    assert homes() == ["South"]
    people.set_member(database, "rita", "South", "reader")
    assert homes() == ["South"]
    people.set_member(database, "rita", "South", None)
    assert homes() == ["Rita Rep"]
    people.set_member(database, "rita", "North", None)
    assert homes() == ["Rita Rep"]


@pytest.mark.parametrize(
    ("stream", "role", "home"), [("1", None, False), ("1", "writer", True), ("North", "king", False)]
)
def test_memberships_that_cannot_be_are_refused(office: Office, stream: str, role: str | None, home: bool) -> None:
    before = everything(office.database)
    with pytest.raises(UserError):
        people.set_member(office.database, "rita", stream, role, home)
    assert everything(office.database) == before


# Laptops


def test_a_laptop_is_known_by_its_token_alone(office: Office) -> None:
    welcome = enrolled(office.database, "rita")
    assert people.identify(office.database, welcome.token) == people.Who(welcome.user, welcome.device, "rita")
    for token in (
        "",
        "x",
        welcome.device,
        welcome.token + "x",
        welcome.token[:-1],
        sha256(welcome.token.encode()).hexdigest(),
    ):
        assert refused("unauthorized", partial(people.identify, office.database, token)) == 401


def test_a_copy_is_a_laptop_of_its_own_and_locked_out_with_the_one_it_was_copied_from(office: Office) -> None:
    database, first = office.database, enrolled(office.database, "rita")
    copy = people.renew(database, people.identify(database, first.token))
    third = people.renew(database, people.identify(database, copy.token))
    assert len({first.device, copy.device, third.device}) == 3
    assert people.identify(database, first.token).device == first.device
    assert people.revoke_device(database, copy.device) == [copy.device, third.device]
    assert people.identify(database, first.token)
    for token in (copy.token, third.token):
        assert refused("device_revoked", partial(people.identify, database, token)) == 403


def test_who_was_revoked_meanwhile_gets_no_copy(office: Office) -> None:
    who = people.identify(office.database, enrolled(office.database, "rita").token)
    people.revoke_device(office.database, who.device)
    refused("device_revoked", lambda: people.renew(office.database, who))


def test_logging_out_gives_this_token_up_and_no_other(office: Office) -> None:
    database, first = office.database, enrolled(office.database, "rita")
    copy = people.renew(database, people.identify(database, first.token))
    people.logout(database, people.identify(database, first.token))
    refused("unauthorized", lambda: people.identify(database, first.token))
    assert people.identify(database, copy.token)


def test_devices_are_bounded_and_revoking_makes_room(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolment, "MOST", 2)
    first = enrolled(office.database, "rita")
    who = people.identify(office.database, first.token)
    people.renew(office.database, who)
    assert refused("too_many_devices", lambda: people.renew(office.database, who)) == 409
    assert refused("too_many_devices", lambda: enrolled(office.database, "rita")) == 409
    people.revoke_device(office.database, first.device)
    assert people.users(office.database)[1].devices == 0
    assert enrolled(office.database, "rita")


def test_when_a_laptop_was_seen_is_noted_once_a_minute(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    token = enrolled(office.database, "rita").token
    noted = []
    for moment in ("09:00:59", "09:01:00", "09:01:30", "08:00:00"):  # a clock that was put back
        monkeypatch.setenv("SFA_NOW", f"2026-11-18T{moment}Z")
        people.identify(office.database, token)
        noted.append(people.devices(office.database, "rita")[0].seen_at[11:19])
    assert noted == ["09:00:00", "09:01:00", "09:01:00", "08:00:00"]


def test_what_a_laptop_calls_itself_is_kept_harmless(office: Office) -> None:
    people.login(office.database, Login("rita", PASSWORD, "evil\x1b[2J\x00 laptop"))
    assert people.devices(office.database)[0].name == "evil␛[2J␀ laptop"


# Passwords


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            compared.append(password)
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Watched(time_cost=1, memory_cost=8, parallelism=1))
    for name in ("rita", "nobody", "", "a\x00b"):
        compared.clear()
        refused("bad_login", partial(people.login, office.database, Login(name, "wrong", "x")))
        assert len(compared) == 1


def test_the_password_that_nobody_has_lets_nobody_in(office: Office) -> None:
    refused("bad_login", lambda: people.login(office.database, Login("nobody", "nobody's password", "x")))


def test_a_hash_of_old_parameters_is_replaced_at_the_next_login(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> str:
        rows = office.database.read(lambda session: session.rows("SELECT password FROM login WHERE name = 'rita'"))
        return str(rows[0][0])

    before = kept()
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    enrolled(office.database, "rita")
    assert before != kept()
    assert "m=16,t=2" in kept()
    assert enrolled(office.database, "rita")
