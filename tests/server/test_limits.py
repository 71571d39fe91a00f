"""What clients may cost together: threads, time and memory have bounds, and who comes too often waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sfa.server.app import LOGINS
from sfa.server.limits import STANDARD
from sfa.server.office import Office
from sfa.server.throttle import FREE
from sfa.sync.messages import Welcome
from tests.server.offices import Ask, Reply, asked, asking, credentials, everything, opened, pushed

HURRIED = STANDARD._replace(body_seconds=0.05, work_seconds=0.05)


class Gate:
    """An office's push that waits until it is let through."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open, self.inside = threading.Event(), threading.Semaphore(0)
        really = office.push

        def push(*words: Any) -> bytes:
            self.inside.release()
            self.open.wait()
            return really(*words)

        monkeypatch.setattr(office, "push", push)

    async def entered(self) -> None:
        await asyncio.to_thread(self.inside.acquire)


@pytest.fixture
def gate(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(office, monkeypatch)
    yield gate
    gate.open.set()


def test_a_body_that_does_not_come_is_not_waited_for(office: Office, rita: Welcome) -> None:
    with opened(office, HURRIED) as app:
        reply = asking(app)("POST", "/v1/push", [b"{"], token=rita.token, ends=False)
    assert (reply.status, reply.code, reply.headers["connection"]) == (408, "too_slow", "close")


async def test_work_that_takes_too_long_is_not_waited_for_and_still_whole(
    office: Office, rita: Welcome, gate: Gate
) -> None:
    with opened(office, HURRIED) as app:
        before = everything(office.database)
        body = pushed(rita.server, "Acme")
        reply = await asked(app, "POST", "/v1/push", body, token=rita.token)
        assert (reply.status, reply.code) == (503, "timeout")
        assert everything(office.database) == before
        gate.open.set()
    assert any("Acme" in row[4] for row in everything(office.database)["record"])  # the end waited for it


async def test_more_requests_than_can_wait_are_sent_away(office: Office, rita: Welcome, gate: Gate) -> None:
    with opened(office, STANDARD._replace(threads=2, waiting=2)) as app:
        bodies = [pushed(rita.server, name) for name in ("Acme", "Bolt")]
        first = [asyncio.create_task(asked(app, "POST", "/v1/push", body, token=rita.token)) for body in bodies[:1]]
        await gate.entered()
        first.append(asyncio.create_task(asked(app, "POST", "/v1/push", bodies[1], token=rita.token)))
        await gate.entered()
        refused = await asked(app, "GET", "/v1/pull", token=rita.token)
        alive = await asked(app, "GET", "/healthz")
        gate.open.set()
        replies = await asyncio.gather(*first)
        again = await asked(app, "GET", "/v1/pull", token=rita.token)
    assert (refused.status, refused.code, alive.status) == (503, "busy", 200)
    assert [reply.status for reply in replies].count(200) >= 1
    assert again.status == 200


async def test_all_bodies_together_have_a_bound(office: Office, rita: Welcome, gate: Gate) -> None:
    with opened(office, STANDARD._replace(held=1500)) as app:
        body = pushed(rita.server, "Acme").ljust(1000)
        first = asyncio.create_task(asked(app, "POST", "/v1/push", body, token=rita.token))
        await gate.entered()
        refused = await asked(app, "POST", "/v1/push", body, token=rita.token)
        gate.open.set()
        assert (refused.status, refused.code) == (503, "busy")
        assert (await first).status == 200
        assert (await asked(app, "POST", "/v1/push", body, token=rita.token)).status == 200


def test_one_device_that_comes_too_often_waits_and_others_do_not(
    office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(office, STANDARD._replace(rate=0.001, burst=3)) as app:
        ask = asking(app)
        replies = [ask("GET", "/v1/pull", token=rita.token) for _request in range(4)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429]
        assert int(replies[-1].headers["retry-after"]) > 0
        other = ask("POST", "/v1/login", credentials("sam")).data["token"]
        assert ask("GET", "/v1/pull", token=other).status == 200


def failures(ask: Ask, names: list[str], clients: list[str]) -> list[Reply]:
    return [
        ask("POST", "/v1/login", credentials(name, "a wrong one"), client=client)
        for name, client in zip(names, clients, strict=True)
    ]


def test_guessing_is_throttled_by_name_and_by_address(ask: Ask) -> None:
    count = FREE + 1
    by_name = failures(
        ask, ["rita", "RITA", " rita", "ｒｉｔａ", "Rita", "rita"], [f"10.0.0.{n}" for n in range(count)]
    )
    by_address = failures(ask, [f"name {n}" for n in range(count)], ["10.9.9.9"] * count)
    for replies in (by_name, by_address):
        assert [reply.status for reply in replies] == [401] * FREE + [429]
        assert int(replies[-1].headers["retry-after"]) == 1
    assert ask("POST", "/v1/login", credentials("rita"), client="10.0.0.77").status == 429  # also the right one waits
    assert ask("POST", "/v1/login", credentials("sam"), client="10.0.0.78").status == 200


def test_who_knows_the_password_is_never_throttled(ask: Ask) -> None:
    replies = [ask("POST", "/v1/login", credentials("rita"), client="10.0.0.1") for _login in range(3 * FREE)]
    assert {reply.status for reply in replies} == {200}


def test_behind_a_proxy_it_is_the_client_s_address_that_counts(office: Office) -> None:
    def guess(ask: Ask, forwarded: str, n: int) -> int:
        headers = {"x-forwarded-for": forwarded}
        return ask("POST", "/v1/login", credentials(f"name {n}", "wrong one"), headers=headers).status

    with opened(office, behind_proxy=True) as app:
        ask = asking(app)
        assert [guess(ask, f"1.1.1.{n}, 10.0.0.5", n) for n in range(FREE + 1)][
            -1
        ] == 429  # what the client says is no help
        assert guess(ask, "10.0.0.6", 99) == 401
    with opened(office) as app:
        ask = asking(app)
        assert [guess(ask, f"10.0.0.{n}", n) for n in range(FREE + 1)][-1] == 429


async def test_logins_hold_up_nobody_else(office: Office, rita: Welcome, monkeypatch: pytest.MonkeyPatch) -> None:
    from sfa.server import passwords

    open, inside = threading.Event(), threading.Semaphore(0)

    def matches(*_words: Any) -> bool:
        inside.release()
        open.wait()
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    with opened(office, STANDARD._replace(threads=1)) as app:
        logins = [
            asyncio.create_task(asked(app, "POST", "/v1/login", credentials(f"n{n}"), client=f"10.0.0.{n}"))
            for n in range(LOGINS)
        ]
        for _login in logins:
            await asyncio.to_thread(inside.acquire)
        assert (await asked(app, "GET", "/v1/pull", token=rita.token)).status == 200
        open.set()
        assert {reply.status for reply in await asyncio.gather(*logins)} == {401}
