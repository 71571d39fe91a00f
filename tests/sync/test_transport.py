"""The line to head office: few bytes, no endless wait, and no belief in whatever answers."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from sfa.errors import UserError
from sfa.sync.address import address
from sfa.sync.messages import PAGE_BYTES, Problem, encode
from sfa.sync.steps import Reply, Request, SyncError
from sfa.sync.transport import Line, Offline, Patience
from tests.sync.liar import Liar, lying, reply

PULL = Request("GET", "/v1/pull?at=1:10234:ab12cd34.5:88:ab12cd34&acl=3")
PUSH = Request("POST", "/v1/push", b'{"actions":[]}')
SHORT = Patience(0.3, 0.3, 0.4, 0.3)
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"


def asked(answer: bytes, request: Request = PULL, patience: Patience = SHORT) -> Reply:
    """What a line makes of ``answer``."""
    with lying(answer) as liar:
        return Line(liar.url, patience=patience).ask(request)


def refused(code: str, answer: bytes, said: str = "", request: Request = PULL) -> SyncError:
    with pytest.raises(SyncError) as raised:
        asked(answer, request)
    assert raised.value.code == code, raised.value
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    return raised.value


# What is sent


def test_asking_for_news_takes_few_bytes_and_one_connection() -> None:
    with lying(NOTHING) as liar:
        line = Line(liar.url, token="x" * 43)
        assert [line.ask(PULL) for _round in range(3)] == [Reply(204)] * 3
        assert liar.connections == 1
    assert len(set(liar.heard)) == 1
    assert len(liar.heard[0]) < 200
    assert b"Authorization: Bearer " + b"x" * 43 in liar.heard[0]


def test_large_bodies_are_packed_both_ways() -> None:
    body = b'{"actions":[' + b'{"name":"Acme"},' * 1_000 + b"{}]}"
    with lying(reply(zstandard.compress(body), "content-encoding: zstd")) as liar:
        assert Line(liar.url).ask(Request("POST", "/v1/push", body)).body == body
    head, _gap, sent = liar.heard[0].partition(b"\r\n\r\n")
    assert b"Content-Encoding: zstd" in head
    assert zstandard.decompress(sent) == body
    assert asked(reply(gzip.compress(body), "content-encoding: gzip")).body == body
    assert asked(reply(b"2\r\n{}\r\n0\r\n\r\n", "transfer-encoding: chunked")).body == b"{}"


def test_a_read_on_a_connection_that_went_stale_is_tried_once_more() -> None:
    def once(connection: socket.socket) -> None:
        connection.sendall(NOTHING)
        liar.request(connection)
        connection.close()

    with lying(once, NOTHING) as liar:
        line = Line(liar.url)
        assert line.ask(PULL).status == line.ask(PULL).status == 204
        assert liar.connections == 2
    with lying(once, once, once) as liar:  # but what changes something is not, and neither is the first
        line = Line(liar.url)
        line.ask(PULL)
        with pytest.raises(Offline):
            line.ask(PUSH)
    with lying(lambda connection: connection.close()) as liar, pytest.raises(Offline):
        Line(liar.url).ask(PULL)
    assert liar.connections == 1


def test_a_piece_of_a_file_comes_with_its_place() -> None:
    asked_for = Request("GET", "/v1/snapshot/5", headers={"Range": "bytes=0-3"})
    place = {"etag": '"5-ab"', "content-range": "bytes 0-3/9"}
    whole = reply(b"abcd", *map(": ".join, place.items()), status="206 Partial Content", form="application/zstd")
    with lying(whole) as liar:
        assert Line(liar.url).ask(asked_for) == Reply(206, b"abcd", place)
        assert b"Range: bytes=0-3" in liar.heard[0]
    refused("no_office", reply(b"{}"), request=asked_for)


# What is not believed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(b"<html>Log in", form="text/html; charset=utf-8"), "wants you to log in"),
        (reply(b"<html>No", status="404 Not Found", form="text/html"), "404"),
        (reply(b"<html>", status="511 Network Authentication Required", form="text/html"), "511"),
        (reply(b"", "location: https://evil.example/", status="302 Found"), "leads elsewhere"),
        (reply(b"", "location: /v1/pull", status="307 Temporary Redirect"), "leads elsewhere"),
        (reply(b"{}", "content-encoding: br"), "content encoding"),
        (reply(b"{}", "content-encoding: zstd"), "zstd"),
        (reply(zstandard.compress(bytes(PAGE_BYTES + 1)), "content-encoding: zstd"), "more than"),
        (reply(gzip.compress(bytes(PAGE_BYTES + 1), mtime=0), "content-encoding: gzip"), "more than"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "does not speak as one"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n", "does not speak as one"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000, "does not speak as one"),
        (reply(b"zz\r\n", "transfer-encoding: chunked"), ""),
    ],
    ids=range(13),
)
def test_what_is_no_head_office_is_told_in_one_line(answer: bytes, said: str) -> None:
    with pytest.raises(SyncError) as raised:
        asked(answer)
    assert raised.value.code in ("no_office", "offline")
    assert said in str(raised.value)


def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
        while True:
            connection.sendall(b"x" * 1_000_000)

    with lying(pour) as liar, pytest.raises(SyncError, match="no end") as raised:
        Line(liar.url).ask(PULL)
    assert raised.value.code == "no_office"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 O",
        reply(b"", "content-length: 10"),
        reply(b'{"rows"', "content-length: 100"),
        reply(b"5\r\n{}", "transfer-encoding: chunked"),
    ],
)
@pytest.mark.parametrize("ends", [True, False])
def test_an_answer_that_stops_in_the_middle_is_no_answer(answer: bytes, ends: bool) -> None:
    def stop(connection: socket.socket) -> None:
        connection.sendall(answer)
        if ends:
            connection.close()
        else:
            liar.request(connection)

    with lying(stop) as liar, pytest.raises(Offline):
        Line(liar.url, patience=SHORT).ask(PULL)


@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n"]
)
def test_an_answer_drop_by_drop_is_cut_off(begun: bytes) -> None:
    dripping = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(begun)
        while not dripping.wait(0.02):
            connection.sendall(b"H" if not begun else b" ")

    with lying(drip) as liar, pytest.raises(Offline, match="too long"):
        Line(liar.url, patience=SHORT).ask(PULL)
    dripping.set()


def test_what_stands_behind_an_answer_is_not_taken_for_the_next() -> None:
    def more(connection: socket.socket) -> None:
        connection.sendall(reply(b"{}") + reply(b'{"forged":1}'))
        if liar.request(connection):
            connection.sendall(NOTHING)

    with lying(more, NOTHING) as liar:
        line = Line(liar.url)
        assert line.ask(PULL).body == b"{}"
        assert line.ask(PULL) == Reply(204)


# What head office itself says


def test_refusals_are_passed_on_and_pauses_that_it_asks_for_told() -> None:
    problem = encode(Problem("history_changed", "Put back.", stream=5))
    assert asked(reply(problem, status="409 Conflict")) == Reply(409, problem)
    busy = reply(encode(Problem("busy", "Too many.")), "retry-after: 7", status="503 Service Unavailable")
    assert refused("busy", busy, "Too many.").wait == 7
    assert refused("unavailable", reply(b"<html>", status="502 Bad Gateway", form="text/html"), "502").wait == 0


def test_the_words_for_a_network_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Offline) as raised:
        Line(f"http://127.0.0.1:{port}").ask(PULL)
    assert raised.value.reason == "connection refused"
    with pytest.raises(Offline, match="not known"):
        Line("http://office.invalid").ask(PULL)


def test_tls_is_spoken_with_whom_it_is_due(tmp_path: Path) -> None:
    plain = Liar(lambda connection: connection.sendall(NOTHING))
    with closing(plain), pytest.raises(Offline, match="TLS fails"):
        Line(plain.url.replace("http:", "https:")).ask(PULL)
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(UserError, match=r"ca\.pem"):
        Line("https://127.0.0.1:1", ca=str(tmp_path / "ca.pem")).ask(PULL)


def test_proxies_of_the_environment_are_used_but_not_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with lying(NOTHING) as proxy, lying(NOTHING) as office:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http://", "http://me:secret@"))
        monkeypatch.delenv("no_proxy", raising=False)
        assert Line("http://office.example").ask(PULL).status == 204
        assert Line(office.url).ask(PULL).status == 204
    assert proxy.heard[0].startswith(b"GET http://office.example/v1/pull?")
    assert b"Proxy-Authorization: Basic " in proxy.heard[0].title()
    assert office.connections == proxy.connections == 1


def test_a_line_that_is_closed_waits_no_longer() -> None:
    def leave(connection: socket.socket) -> None:
        connection.sendall(NOTHING)
        liar.request(connection)
        line.close()

    with lying(leave) as liar:
        line = Line(liar.url)
        line.ask(PULL)
        with pytest.raises(Offline):
            line.ask(PULL)
        assert liar.connections == 1


# Announcements


def heard(line: Line) -> list[dict[int, int]]:
    found: list[dict[int, int]] = []
    line.listen(found.append)
    return found


def announced(*events: bytes, head: str = "text/event-stream") -> list[dict[int, int]]:
    def tell(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\ncontent-type: {head}\r\n\r\n".encode())
        for event in events:
            connection.sendall(event)
        connection.close()

    with lying(tell) as liar:
        return heard(Line(liar.url, token="x", patience=SHORT))


def test_announcements_come_as_they_are_made() -> None:
    events = b'event: position\ndata: {"1": 5, "7": 12}\n\n: \n\nevent: pos', b'ition\ndata: {"1": 6}\n\n'
    assert announced(*events) == [{1: 5, 7: 12}, {1: 6}]


@pytest.mark.parametrize(
    "event",
    [b"data: {\n\n", b'data: {"a": 1}\n\n', b"data: [1]\n\n", b'data: {"1": "x"}\n\n', b": " + b"x" * 2_000_000],
)
def test_announcements_that_make_no_sense_end_the_line(event: bytes) -> None:
    with pytest.raises(SyncError) as raised:
        announced(event)
    assert raised.value.code == "no_office"


def test_silence_ends_the_line_and_so_does_a_refusal() -> None:
    with lying(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: \n\n") as liar, pytest.raises(Offline):
        heard(Line(liar.url, patience=SHORT))
    unknown = reply(encode(Problem("unauthorized", "Log in.")), status="401 Unauthorized")
    with lying(unknown) as liar, pytest.raises(SyncError) as raised:
        heard(Line(liar.url, patience=SHORT))
    assert raised.value.code == "unauthorized"
    with pytest.raises(SyncError):
        announced(head="text/html")


# Addresses


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("office.example", "https://office.example"),
        (" https://Office.example:8443/sfa/ ", "https://office.example:8443/sfa"),
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
        ("http://[::1]:8470/", "http://[::1]:8470"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_address_has_one_spelling(given: str, kept: str) -> None:
    assert address(given) == kept


@pytest.mark.parametrize(
    "given", ["", "ftp://x", "https://", "https://a b", "https://x:y:z", "https://u:p@x", "https://x?a", "https://x#a", "http://x:70000"]
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused(given: str) -> None:
    with pytest.raises(UserError, match=r"no head office's address"):
        address(given)


def test_no_password_crosses_a_network_in_the_clear_unless_told_to() -> None:
    with pytest.raises(UserError, match="in the clear"):
        address("http://office.example")
    assert address("http://office.example", insecure=True) == "http://office.example"
