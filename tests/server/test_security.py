"""What a stolen database, a stolen laptop and a hostile colleague do not get; what the log does not tell."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sfa.server import logs, people
from sfa.server.database import Database
from sfa.server.office import Office
from sfa.server.people import enrolment
from sfa.server.routes import ROUTES
from sfa.sync.messages import Welcome
from tests.server.offices import PASSWORD, Ask, asking, credentials, enrolled, everything, founded, opened, pushed


def test_neither_tokens_nor_passwords_are_in_the_database(database: Database, tmp_path: Path) -> None:
    founded(database, tmp_path)
    welcome = enrolled(database, "rita")
    copy = people.renew(database, people.identify(database, welcome.token))
    stored = repr(everything(database))
    assert "$argon2id$" in stored
    assert not any(secret in stored for secret in (welcome.token, copy.token, PASSWORD))
    assert len(welcome.token) >= 43  # 32 random bytes


def test_every_token_is_another(office: Office) -> None:
    assert len({enrolled(office.database, "rita").token for _laptop in range(20)}) == 20


def test_hashes_of_tokens_are_compared_in_constant_time(
    office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare_digest(one: str, other: str) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(enrolment, "compare_digest", compare_digest)
    with opened(office) as app:
        assert asking(app)("GET", "/v1/pull", token=rita.token).status == 401
    assert len(compared) == 1


def reached(ask: Ask, token: str) -> set[tuple[int, str]]:
    """What each of the routes that need a token answers."""
    found = set()
    for route in ROUTES:
        if not route.open:
            reply = ask(route.method, route.path.replace("{stream}", "1"), b"{}", token=token)
            found.add((reply.status, reply.code))
    return found


def test_a_revoked_laptop_gets_nothing_anywhere(ask: Ask, office: Office, rita: Welcome) -> None:
    people.revoke_device(office.database, rita.device)
    before = everything(office.database)
    assert reached(ask, rita.token) == {(403, "device_revoked")}
    assert everything(office.database) == before


def test_a_disabled_user_gets_nothing_anywhere(ask: Ask, office: Office, rita: Welcome) -> None:
    people.disable_user(office.database, "rita")
    before = everything(office.database)
    assert reached(ask, rita.token) == {(403, "user_disabled")}
    assert ask("POST", "/v1/login", credentials("rita")).code == "user_disabled"
    assert everything(office.database) == before


def test_nobody_locks_out_or_copies_another_s_laptop(ask: Ask, office: Office, rita: Welcome) -> None:
    sam = enrolled(office.database, "sam")
    for path in ("/v1/logout", "/v1/renew"):
        for extra in ({"device": rita.device}, {"device": rita.device, "user": rita.user}):
            query = "&".join(f"{name}={value}" for name, value in extra.items())
            ask("POST", f"{path}?{query}", json.dumps(extra).encode(), token=sam.token)
    assert ask("GET", "/v1/pull", token=rita.token).status == 200
    assert [device.user for device in people.devices(office.database, "rita")] == ["rita"]
    assert len(people.devices(office.database, "rita")) == 1


def test_streams_of_others_are_closed_on_every_way_in(ask: Ask, office: Office, rita: Welcome) -> None:
    north = next(stream for stream in rita.streams if stream.name == "North").number
    assert ask("POST", "/v1/push", pushed(rita.server, "Acme Secret"), token=rita.token).status == 200
    sam = enrolled(office.database, "sam")
    assert ask("GET", f"/v1/digest/{north}", token=sam.token).status in (403, 404)
    replies = [ask("GET", f"/v1/pull?at={north}:0:", token=sam.token), ask("GET", "/v1/pull", token=sam.token)]
    assert not any(b"Acme Secret" in reply.body for reply in replies)
    people.set_member(office.database, "rita", "North", None)
    assert ask("GET", f"/v1/digest/{north}", token=rita.token).status in (403, 404)


def test_who_logs_in_learns_nothing_about_which_names_there_are(ask: Ask) -> None:
    replies = [ask("POST", "/v1/login", credentials(name, "a wrong one")) for name in ("rita", "nobody", "a\0b")]
    assert len({(reply.status, reply.body, tuple(reply.headers.items())) for reply in replies}) == 1


# The log


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log says, as it is set up for a running head office."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    before = {name: (owner.handlers, owner.propagate, owner.level) for name, owner in _loggers().items()}
    logs.begin()
    yield stream
    for name, owner in _loggers().items():
        owner.handlers, owner.propagate, owner.level = before[name]


def _loggers() -> dict[str, logging.Logger]:
    return {name: logging.getLogger(name) for name in ("sfa.server", "uvicorn")}


def test_the_log_of_a_day_tells_nothing_of_customers_and_no_secret(
    office: Office, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(office) as app:
        ask = asking(app)
        ask("POST", "/v1/login", credentials("rita", "my wrong password"))
        rita = ask("POST", "/v1/login", credentials("rita")).data
        token = rita["token"]
        ask("POST", "/v1/push", pushed(rita["server"], "Acme Secret"), token=token)
        ask("POST", "/v1/push", b'{"customer": "Acme Secret"', token=token)
        ask("GET", "/v1/pull?at=Acme+Secret", token=token)
        ask("GET", "/v1/pull/Acme Secret", token=token)
        ask("ACMESECRET", "/v1/pull", token=token)
        ask("GET", "/v1/pull", token=token)

        def broken(*_words: Any) -> bytes:
            try:
                raise ValueError("Acme Secret")
            except ValueError as error:
                raise KeyError("Acme Secret", token) from error

        monkeypatch.setattr(office, "push", broken)
        ask("POST", "/v1/push", b"{}", token=token)
        logging.getLogger("uvicorn.error").warning("it said %s", "Acme Secret")
        logging.getLogger("uvicorn.error").error("failed", exc_info=ValueError("Acme Secret"))
    text = logged.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in requests] == [401, 200, 200, 422, 422, 404, 405, 200, 503]
    assert {"at", "level", "method", "route", "ms", "in", "out"} <= requests[0].keys()
    assert requests[2]["device"] == rita["device"]
    failure = next(line for line in lines if line["event"] == "failure")
    assert (failure["error"], failure["cause"]["error"]) == ("KeyError", "ValueError")
    assert any("test_security.py" in place for place in failure["where"])
    for secret in (
        "Acme",
        "ACME",
        "Secret",
        token,
        PASSWORD,
        "wrong password",
        "rita",
        "Rita",
        rita["user"],
        "127.0.0.1",
    ):
        assert secret not in text
