"""Servers that mean harm, or are none: one clear line, and the password goes nowhere."""

from __future__ import annotations

from contextlib import closing

import pytest

from sfa.exchange.dav.client import Answer, Client, DavError, is_kin
from sfa.exchange.dav.collection import Collection
from sfa.exchange.dav.discovery import discover
from sfa.exchange.dav.multistatus import Unreadable, names_error, parse, read
from sfa.sync.transport import Patience
from tests.sync.liar import lying, reply

SHORT = Patience(0.3, 0.3, 0.4, 0.3)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    '<d:multistatus xmlns:d="DAV:"><d:response><d:href>&c;</d:href></d:response></d:multistatus>'
)
FILE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'


@pytest.mark.parametrize("text", [BOMB, FILE, "", "<a", "rubbish", "<a>" * 10_000, BOMB.encode("utf-16")])
def test_only_plain_xml_is_read(text: str | bytes) -> None:
    body = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Unreadable):
        parse(body)
    assert not names_error(body, "d:valid-sync-token")


def test_only_a_multistatus_is_one() -> None:
    with pytest.raises(Unreadable):
        read(b"<html><body>log in</body></html>")


def failed(answer: bytes, method: str = "PROPFIND") -> DavError:
    with lying(answer) as liar, closing(Client(liar.url, "rita", "s3cret", patience=SHORT)) as client:
        with pytest.raises(DavError) as raised:
            Collection(client, f"{liar.url}/c/", "caldav").changes("") if method == "PROPFIND" else client.ask(
                method, liar.url
            )
        assert "s3cret" not in str(raised.value)
        assert "\n" not in str(raised.value)
        return raised.value


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(b"<html>", status="200 OK", form="text/html"), "no_dav"),
        (reply(BOMB.encode(), status="207 Multi-Status"), "no_dav"),
        (reply(b"", status="401 Unauthorized"), "unauthorized"),
        (reply(b"", status="403 Forbidden"), "forbidden"),
        (reply(b"", status="404 Not Found"), "missing"),
        (reply(b"", status="503 Service Unavailable"), "unavailable"),
        (reply(b"", "location: http://elsewhere.example/", status="301 Moved"), "unsafe"),
        (reply(b"", "location: ftp://elsewhere.example/", status="301 Moved"), "unsafe"),
        (reply(b"", "location: https://elsewhere.example/", status="301 Moved"), "stranger"),
        (reply(b"", "location: /again", status="302 Found"), "no_dav"),
        (reply(b"<a>", "content-length: 100", status="207 Multi-Status"), "offline"),
        (b"SSH-2.0-OpenSSH\r\n", "offline"),
        (b"", "offline"),
    ],
)
def test_what_is_no_server_is_one_clear_line(answer: bytes, code: str) -> None:
    assert failed(answer).code == code


def test_what_a_reply_names_is_asked_no_less_safely_than_the_user_said() -> None:
    with closing(Client("https://cloud.example/", "rita", "s3cret", patience=SHORT)) as client:
        for url in ("http://cloud.example/c/", "http://elsewhere.example/", "ftp://cloud.example/"):
            with pytest.raises(DavError) as raised:
                client.ask("PUT", url, b"text")
            assert raised.value.code == "unsafe"


@pytest.mark.parametrize(
    ("host", "other", "kin"),
    [
        ("caldav.icloud.com", "caldav.icloud.com", True),
        ("caldav.icloud.com", "p23-caldav.icloud.com", True),
        ("caldav.icloud.com", "p23.caldav.icloud.com", True),
        ("cloud.example", "dav.cloud.example", True),
        ("cloud.example", "other.example", False),
        ("caldav.icloud.com", "evilicloud.com", False),
        ("caldav.icloud.com", "caldav.icloud.com.evil.example", False),
        ("localhost", "elsewhere.example", False),
        ("192.168.1.10", "10.168.1.10", False),
        ("192.168.1.10", "x.168.1.10", False),
        ("192.168.1.10", "192.168.1.10", True),
    ],
)
def test_the_password_is_for_a_host_and_its_kin(host: str, other: str, kin: bool) -> None:
    assert is_kin(host, other) is kin


def test_a_stranger_that_a_server_names_gets_no_password() -> None:
    """By a redirect or by an href alike: nothing is sent, and one line says what can be done."""
    with closing(Client("https://cloud.example/", "rita", "s3cret", patience=SHORT)) as client:
        for method in ("PROPFIND", "PUT"):
            with pytest.raises(DavError) as raised:
                client.ask(method, "https://elsewhere.example:8443/c/", b"text")
            assert raised.value.code == "stranger"
            assert raised.value.message == (
                "cloud.example leads to elsewhere.example, which does not get its password; "
                "where you trust it, add https://elsewhere.example:8443 itself."
            )


@pytest.mark.parametrize("authority", ["elsewhere.example\\@cloud.example", "cloud.example@elsewhere.example"])
def test_no_address_is_taken_for_two(authority: str) -> None:
    with closing(Client("https://cloud.example/", "rita", "s3cret", patience=SHORT)) as client:
        with pytest.raises(DavError) as raised:
            client.ask("PROPFIND", f"https://{authority}/c/")
        assert raised.value.code == "unsafe"


def test_where_a_calendar_is_looked_for_a_stranger_is_named() -> None:
    missing = reply(b"", status="404 Not Found")
    away = reply(b"", "location: https://elsewhere.example/dav/", status="301 Moved")
    answers = [missing, away, missing]
    with (
        lying(lambda connection: connection.sendall(answers.pop(0))) as liar,
        closing(Client(liar.url, "rita", "s3cret", patience=SHORT)) as client,
        pytest.raises(DavError) as raised,
    ):
        discover(client, f"{liar.url}/dav/", "caldav")
    assert raised.value.code == "stranger"
    assert not answers


def test_nobody_is_waited_for_for_ever() -> None:
    with (
        closing(Client("http://127.0.0.1:1", "rita", "x", patience=SHORT)) as client,
        pytest.raises(DavError) as raised,
    ):
        discover(client, client.url, "caldav")
    assert str(raised.value) == "127.0.0.1 is out of reach: connection refused."


def test_a_change_is_never_sent_twice_by_the_line_itself() -> None:
    """The server may have acted: whoever syncs finds that out."""
    with (
        lying(lambda connection: connection.close()) as liar,
        closing(Client(liar.url, "r", "x", patience=SHORT)) as client,
    ):
        with pytest.raises(DavError):
            client.ask("PUT", f"{liar.url}/x", b"text")
        assert len(liar.heard) == 1


class Moody:
    """A collection whose changes come in pieces, as RFC 6578 has it (507), with weak ETags."""

    def __init__(self, *bodies: str) -> None:
        self.bodies = list(bodies)
        self.asked: list[bytes] = []

    def ask(self, method: str, url: str, body: bytes = b"", headers: object = None) -> Answer:
        self.asked.append(body)
        return Answer(207, {}, self.bodies.pop(0).encode(), url)


def test_changes_may_come_in_pieces() -> None:
    def piece(inner: str, token: str) -> str:
        return f'<m:multistatus xmlns:m="DAV:">{inner}<m:sync-token>{token}</m:sync-token></m:multistatus>'

    def thing(name: str) -> str:
        prop = f'<m:prop><m:getetag>W/"{name}"</m:getetag></m:prop><m:status>HTTP/1.1 200 OK</m:status>'
        return f"<m:response><m:href>/c/{name}%20.ics</m:href><m:propstat>{prop}</m:propstat></m:response>"

    more = "<m:response><m:href>/c/</m:href><m:status>HTTP/1.1 507 Insufficient Storage</m:status></m:response>"
    gone = "<m:response><m:href>https://h.example/c/a%20.ics</m:href><m:status>HTTP/1.1 404 No</m:status></m:response>"
    line = Moody(piece(thing("a") + thing("b") + more, "t1"), piece(thing("c") + gone, "t2"))
    found = Collection(line, "https://h.example/c/", "caldav").changes("token:t0")
    assert (found.etags, found.gone, found.mark) == (
        {"/c/b .ics": '"b"', "/c/c .ics": '"c"'},
        ["/c/a .ics"],
        "token:t2",
    )
    assert b"<d:sync-token>t1</d:sync-token>" in line.asked[1]
