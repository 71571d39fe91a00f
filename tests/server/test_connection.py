"""Head office on a real line: bytes in, bytes out, and who dawdles or floods is cut off."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sfa.errors import UserError
from sfa.server import connection
from sfa.server.app import App
from sfa.server.connection import HEADERS
from sfa.server.database import connect
from sfa.server.office import Office
from sfa.server.service import Server, Service, make_server, prepare
from sfa.sync.messages import Welcome
from tests.server.offices import enrolled, everything, founded, opened, pushed

CERTIFICATE = Path(__file__).parent / "certificate" / "localhost.pem"
KEY = CERTIFICATE.with_suffix(".key")  # of the tests alone


class Reply(NamedTuple):
    """What came over the line: all of it, and taken apart."""

    raw: bytes
    status: int
    headers: dict[str, str]
    body: bytes


class Running(NamedTuple):
    """A served office, and the server that serves it."""

    office: Office
    app: App
    server: Server
    service: Service
    thread: threading.Thread
    welcome: Welcome

    def line(self) -> socket.socket:
        made = socket.create_connection(self.service.socket.getsockname())
        made.settimeout(20)
        return made

    def end(self) -> None:
        self.server.should_exit = True
        self.thread.join()

    def get(self, path: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self.service.url.partition('//')[2]}\r\n"
            f"Authorization: Bearer {self.welcome.token}\r\n\r\n"
        ).encode()

    def up_to_date(self) -> str:
        at = ".".join(f"{stream.number}:{stream.seq}:{stream.head}" for stream in self.welcome.streams)
        return f"/v1/pull?at={at}&acl={self.welcome.acl}"


def running(
    folder: Path, certificate: Path | None = None, key: Path | None = None, *, plainly: bool = False
) -> Iterator[Running]:
    """A served office; ``plainly`` in the loop that Python has on every platform."""
    database = connect(str(folder / "office.db"))
    office = founded(database, folder)
    service = prepare("127.0.0.1:0", certificate, key, behind_proxy=False)
    with opened(office) as app:
        server = make_server(app, service)
        run = (lambda sockets: asyncio.run(server.serve(sockets))) if plainly else server.run
        thread = threading.Thread(target=run, args=([service.socket],))
        thread.start()
        served = Running(office, app, server, service, thread, enrolled(database, "rita"))
        try:
            yield served
        finally:
            served.end()
    database.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(tmp_path_factory.mktemp("served"), plainly=True)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Running]:
    """As ``served``, for a test that ends or changes it."""
    yield from running(tmp_path)


def taken(line: socket.socket) -> Reply:
    """The next reply on the line."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = line.recv(65536)
        assert piece, f"cut off behind {raw!r}"
        raw += piece
    head, _end, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = dict(header.split(": ", 1) for header in rest)
    while len(body) < int(headers.get("content-length", 0)):
        piece = line.recv(65536)
        assert piece
        body += piece
        raw += piece
    return Reply(raw, int(first.split()[1]), headers, body)


def is_cut(line: socket.socket) -> bool:
    """Whether the other end has hung up."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def refusal(reply: Reply) -> tuple[int, str]:
    problem = json.loads(reply.body)
    assert problem["reason"]
    assert reply.headers["content-type"] == "application/json"
    return reply.status, problem["code"]


# What goes over the line


def test_nothing_new_costs_few_bytes_however_much_there_is(served: Running) -> None:
    with closing(served.line()) as line:
        request = served.get(served.up_to_date())
        line.sendall(request)
        reply = taken(line)
    assert reply.raw == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert len(request) + len(reply.raw) <= 400


def test_a_reply_leaves_in_one_piece(served: Running) -> None:
    with closing(served.line()) as line:
        for _request in range(30):
            line.sendall(served.get("/v1/digest/1"))
            reply = line.recv(65536)
            head, _end, body = reply.partition(b"\r\n\r\n")
            assert (reply.startswith(b"HTTP/1.1 200 OK\r\n"), f"content-length: {len(body)}".encode() in head) == (
                True,
                True,
            )


def test_requests_in_a_row_are_answered_in_their_order(served: Running) -> None:
    requests = [served.get("/v1/digest/1"), served.get("/nowhere"), b"GET /healthz HTTP/1.0\r\n\r\n"]
    alone = []
    for request in requests:
        with closing(served.line()) as line:
            line.sendall(request)
            alone.append(taken(line).raw)
    with closing(served.line()) as line:
        line.sendall(b"".join(requests))
        assert b"".join(iter(lambda: line.recv(65536), b"")) == b"".join(alone)


def test_who_is_unknown_is_not_even_asked_for_the_body(served: Running) -> None:
    head = b"POST /v1/push HTTP/1.1\r\nHost: o\r\nContent-Length: 9\r\nExpect: 100-continue\r\nAuthorization: Bearer "
    with closing(served.line()) as line:
        line.sendall(head + b"x\r\n\r\n")
        assert taken(line).status == 401
        assert is_cut(line)
    with closing(served.line()) as line:
        line.sendall(head + served.welcome.token.encode() + b"\r\n\r\n")
        assert taken(line).status == 100
        line.sendall(b"[] [] [] ")
        assert refusal(taken(line)) == (422, "invalid_body")
        line.sendall(served.get("/healthz"))
        assert taken(line).status == 200  # the whole body was read, so the line stays


def test_the_line_is_encrypted_with_the_certificate(tmp_path: Path) -> None:
    for secure in running(tmp_path, CERTIFICATE, KEY):
        assert secure.service.url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(CERTIFICATE))
        with closing(context.wrap_socket(secure.line(), server_hostname="localhost")) as line:
            line.sendall(secure.get(secure.up_to_date()))
            assert (taken(line).status, line.version()) == (204, "TLSv1.3")
        with closing(secure.line()) as line:
            line.sendall(secure.get("/healthz"))
            assert is_cut(line)


# Who dawdles or floods


def test_headers_have_a_bound(served: Running) -> None:
    for request in (
        b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 3 * HEADERS + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X: x\r\n" * HEADERS + b"\r\n",
        b"GET /" + b"x" * 3 * HEADERS + b" HTTP/1.1\r\n\r\n",
    ):
        with closing(served.line()) as line:
            line.sendall(request)
            assert refusal(taken(line)) == (431, "too_large")
            assert is_cut(line)


def test_headers_without_an_end_have_a_bound(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SECONDS", 1000)  # it is not for the time that the line is cut
    with closing(served.line()) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        with suppress(ConnectionError):
            for _piece in range(1000):
                line.sendall(b"x" * 1000)
            while line.recv(65536):  # the refusal, and then the end
                pass


def test_who_does_not_ask_in_time_is_sent_away(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SECONDS", 0.05)
    for started in (b"", b"\r\n", b"GET /healthz HTTP/1.1\r\nHost"):
        with closing(served.line()) as line:
            line.sendall(started)
            assert refusal(taken(line)) == (408, "too_slow")
            assert is_cut(line)
    with closing(served.line()) as line:
        line.sendall(served.get("/healthz"))
        assert taken(line).status == 200
        line.sendall(b"GET")
        assert refusal(taken(line)) == (408, "too_slow")


def test_connections_have_a_bound(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(served.line()) as first:
        first.sendall(served.get("/healthz"))
        assert taken(first).status == 200
        monkeypatch.setattr(connection, "CONNECTIONS", 1)
        with closing(served.line()) as second:
            assert is_cut(second)
        first.sendall(served.get("/healthz"))
        assert taken(first).status == 200


def test_a_body_that_breaks_off_stores_nothing(served: Running) -> None:
    before = everything(served.office.database)
    body = pushed(served.welcome.server, "Acme")
    head = f"POST /v1/push HTTP/1.1\r\nHost: o\r\nAuthorization: Bearer {served.welcome.token}\r\n"
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
    with closing(served.line()) as line:
        line.sendall(chunked + b"%x\r\n%b\r\nno chunk\r\n" % (len(body), body))
        assert is_cut(line)
    with closing(served.line()) as line:
        line.sendall(f"{head}Content-Length: {len(body) + 1}\r\n\r\n".encode() + body)
    with closing(served.line()) as line:
        line.sendall(served.get("/healthz"))
        assert taken(line).status == 200
    assert everything(served.office.database) == before


START = b"GET /healthz HTTP/1.1\r\n"


@settings(max_examples=60, derandomize=True)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(START.__add__)))
@example(b"\x16\x03\x01\x02\x00\x01\x00")
@example(b"GET http://office HTTP/1.1\r\n\r\n")
@example(b"GET /\xff HTTP/1.1\r\n\r\n")
@example(b"GET * HTTP/1.1\r\n\r\n")
@example(b"CONNECT office:1 HTTP/1.1\r\n\r\n")
@example(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
@example(START + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n")
@example(START + b"Content-Length: -1\r\n\r\n")
@example(START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
def test_any_bytes_are_answered_or_cut_off(served: Running, request_bytes: bytes) -> None:
    with closing(served.line()) as line:
        line.sendall(request_bytes)
        line.shutdown(socket.SHUT_WR)
        try:
            said = b"".join(iter(lambda: line.recv(65536), b""))
        except ConnectionError:
            said = b""
        for reply in said.split(b"HTTP/1.1 ")[1:]:
            assert reply[:1] in (b"2", b"4"), reply


# The end


def test_the_end_finishes_what_is_in_hand(alone: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    place = alone.service.socket.getsockname()
    inside, go_on, really = threading.Event(), threading.Event(), alone.office.push

    def push(*words: Any) -> bytes:
        inside.set()
        go_on.wait()
        return really(*words)

    monkeypatch.setattr(alone.office, "push", push)
    body = pushed(alone.welcome.server, "Acme")
    head = f"POST /v1/push HTTP/1.1\r\nHost: o\r\nAuthorization: Bearer {alone.welcome.token}\r\n"
    with closing(alone.line()) as working, closing(alone.line()) as listening, closing(alone.line()) as idle:
        idle.sendall(alone.get("/healthz"))
        assert taken(idle).status == 200
        listening.sendall(alone.get("/v1/events"))
        assert taken(listening).status == 200
        working.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        inside.wait()
        alone.server.should_exit = True
        while listening.recv(65536):
            pass
        assert is_cut(idle)
        go_on.set()
        assert taken(working).status == 200
        assert is_cut(working)
    alone.end()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place)


# How it is set up


@pytest.mark.parametrize(
    ("listen", "certificate", "key", "behind_proxy", "said"),
    [
        ("0.0.0.0:0", None, None, False, "in the clear"),
        ("[::]:0", None, None, False, "in the clear"),
        ("office.example:0", None, None, False, "in the clear"),
        ("127.0.0.1:0", CERTIFICATE, None, False, "go together"),
        ("127.0.0.1:0", None, KEY, False, "go together"),
        ("127.0.0.1:0", KEY, CERTIFICATE, False, "cannot be used"),
        ("127.0.0.1:0", CERTIFICATE, Path("nowhere"), False, "cannot be used"),
        ("127.0.0.1:x", None, None, False, "HOST:PORT"),
        (":80", None, None, False, "HOST:PORT"),
        ("127.0.0.1:99999", None, None, False, "HOST:PORT"),
        ("203.0.113.1:0", None, None, True, "Cannot listen"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    listen: str, certificate: Path | None, key: Path | None, behind_proxy: bool, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        prepare(listen, certificate, key, behind_proxy=behind_proxy)


def test_a_port_that_is_taken_is_said(served: Running) -> None:
    place = served.service.url.removeprefix("http://")
    with pytest.raises(UserError, match=f"Cannot listen on {place}"):
        prepare(place, None, None, behind_proxy=False)
