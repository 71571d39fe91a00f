"""The calendar feed from a rep's shell, over a real line."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from sfa.cli import main
from tests.cli.test_sync import Rep, rep, rita, url  # noqa: F401 - fixtures
from tests.server.test_connection import Running

pytest_plugins = ("tests.sync.served",)


def fetched(address: str, tag: str = "") -> tuple[int, str, str]:
    """Status, tag and text of what a calendar program gets."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(Request(address, headers={"If-None-Match": tag} if tag else {}), timeout=20) as reply:
            return reply.status, reply.headers["etag"], reply.read().decode()
    except HTTPError as error:
        return error.code, "", ""


def test_a_feed_is_shown_once_read_renewed_and_ended(rita: Rep) -> None:  # noqa: F811
    rita("new", "activity", "type=call", "subject=Ring Anna", "start=2026-11-20 09:00", "account=Acme")
    rita("sync")
    made = rita("calendar", "feed")
    (address,) = made.out.split()
    assert "shown this once" in made.err
    status, tag, text = fetched(address)
    assert status == 200
    assert "SUMMARY:Ring Anna\r\n" in text
    assert fetched(address, tag)[0] == 304
    again = rita("calendar", "feed")
    assert "It was last read" in again.out
    assert address not in again.out + again.err
    other = rita("calendar", "feed", "--renew", "--json").data["url"]
    assert [fetched(one)[0] for one in (address, other)] == [404, 200]
    assert "leads nowhere" in rita("calendar", "feed", "--revoke").err
    assert fetched(other)[0] == 404
    assert "no feed" in rita("calendar", "feed", "--revoke").err
    rita("calendar", "feed", "--renew", "--revoke", code=2)


def test_head_office_lists_and_ends_feeds(
    rita: Rep, head_office: Running, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:  # fmt: skip
    (address,) = rita("calendar", "feed").out.split()
    database = ("--database", str(head_office.office.folder / "office.db"))
    assert main(["admin", "feed", "list", *database]) == 0
    listed = capsys.readouterr().out
    assert "rita" in listed
    assert address.rpartition("/")[2][:10] not in listed
    assert main(["admin", "feed", "revoke", "rita", *database]) == 0
    assert fetched(address)[0] == 404
    assert main(["admin", "feed", "revoke", "rita", *database]) == 1
    assert "has no feed" in capsys.readouterr().err


def test_a_book_of_no_head_office_says_so(rep: Callable[[str], Rep]) -> None:  # noqa: F811
    lone = rep("lone")
    lone("new", "account", "name=Acme")
    assert "belongs to no head office" in lone("calendar", "feed", code=1).err
