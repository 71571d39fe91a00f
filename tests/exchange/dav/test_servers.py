"""What is asked of servers, and what they make of it: each is right in its own way."""

from __future__ import annotations

from contextlib import closing

import pytest

from sfa.exchange.dav.client import Client, DavError
from sfa.exchange.dav.collection import CTAG, TOKEN, Collection, Stale, Unfit
from sfa.exchange.dav.discovery import discover
from tests.exchange.dav.phone import EVENT
from tests.exchange.dav.servers import PASSWORD, Server


@pytest.fixture
def calendar(server: Server, client: Client) -> Collection:
    return Collection(client, server.collection("caldav"), "caldav")


def text(subject: str = "Dentist", uid: str = "phone-1") -> str:
    return EVENT.replace("Dentist", subject).replace("phone-1", uid).replace("\n", "\r\n")


def test_collections_are_found_from_the_servers_name_and_from_their_own_address(server: Server, client: Client) -> None:
    for type in ("caldav", "carddav"):
        url = server.collection(type)
        found = discover(client, server.url, type)
        assert [(one.name, one.type, one.writable) for one in found if one.url == url] == [("Phone", type, True)]
        assert [one.url for one in discover(client, url, type)] == [url]
    (calendar,) = discover(client, server.collection("caldav"), "caldav")
    assert sorted(calendar.components) == ["VEVENT", "VTODO"]


def test_there_is_nothing_where_nothing_is(server: Server, client: Client) -> None:
    with pytest.raises(DavError) as raised:
        Collection(client, f"{server.home}nowhere/", "caldav").changes("")
    assert raised.value.code in ("missing", "no_dav")


def test_a_wrong_password_is_one_clear_line(server: Server) -> None:
    if server.name != "radicale":
        return  # the other one knows no passwords without TLS
    with closing(server.client("wr0ng-one")) as client, pytest.raises(DavError) as raised:
        discover(client, server.url, "caldav")
    assert raised.value.code == "unauthorized"
    assert str(raised.value) == "127.0.0.1 does not accept this user and password."
    assert "wr0ng-one" not in repr(raised.value)


def test_nothing_is_overwritten_that_was_not_seen(calendar: Collection) -> None:
    href = calendar.href("a b ü")
    etag = calendar.put(href, text(), "")
    with pytest.raises(Stale):
        calendar.put(href, text("again"), "")
    with pytest.raises(Stale):
        calendar.put(href, text("on what is long gone"), '"0"')
    with pytest.raises(Stale):
        calendar.put(calendar.href("elsewhere"), text("same UID"), "")
    with pytest.raises(Stale):
        calendar.delete(href, '"0"')
    (page,) = calendar.fetch([href, calendar.href("nothing")])
    assert "SUMMARY:Dentist" in page[href].text  # type: ignore[union-attr]
    assert page[calendar.href("nothing")] is None
    calendar.delete(href, etag)
    calendar.delete(href, etag)  # it is gone, which is what was wanted


def test_rubbish_is_not_taken(calendar: Collection) -> None:
    with pytest.raises((Unfit, Stale)):
        calendar.put(calendar.href("x"), "rubbish", "")


def test_changes_since_a_mark(calendar: Collection) -> None:
    first = calendar.changes("")
    assert (first.etags, first.gone, first.whole) == ({}, [], True)
    assert first.mark.startswith(TOKEN)
    href = calendar.href("a")
    etag = calendar.put(href, text(), "")
    second = calendar.changes(first.mark)
    assert (second.etags, second.gone, second.whole) == ({href: etag}, [], False)
    assert not calendar.changes(second.mark).etags
    calendar.delete(href, etag)
    assert calendar.changes(second.mark).gone == [href]


@pytest.mark.parametrize("token", ["garbage", "http://radicale.org/ns/sync/" + "0" * 64, "0" * 40])
def test_a_token_that_the_server_forgot_gives_all_there_is(token: str, calendar: Collection) -> None:
    etag = calendar.put(calendar.href("a"), text(), "")
    again = calendar.changes(TOKEN + token)
    assert (again.etags, again.whole) == ({calendar.href("a"): etag}, True)
    assert calendar.changes(again.mark).etags == {}


def test_a_server_that_tells_no_changes_is_listed(calendar: Collection) -> None:
    etag = calendar.put(calendar.href("a"), text(), "")
    listed = calendar.changes(f"{CTAG}of-long-ago")
    assert (listed.etags, listed.whole) == ({calendar.href("a"): etag}, True)
    assert listed.mark.startswith(CTAG)
    unchanged = calendar.changes(listed.mark)
    assert (unchanged.etags, unchanged.whole) == ({}, False)
    calendar.put(calendar.href("b"), text(uid="b"), "")
    assert len(calendar.changes(listed.mark).etags) == 2


def test_many_are_fetched_in_pages(calendar: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfa.exchange.dav.collection.PAGE", 2)
    hrefs = [calendar.href(f"n{number}") for number in range(5)]
    for number, href in enumerate(hrefs):
        calendar.put(href, text(f"No {number}", f"uid{number}"), "")
    pages = list(calendar.fetch(hrefs))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert all(found is not None for page in pages for found in page.values())


def test_the_password_is_in_no_address_and_no_error(server: Server) -> None:
    with closing(server.client()) as client:
        client.close()
        with pytest.raises(DavError) as raised:
            client.ask("GET", server.url)
    assert PASSWORD not in f"{raised.value!r}"
