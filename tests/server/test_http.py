"""Head office over HTTP, asked in the process: what is let in, what is refused, and that everything is answered."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from starlette.responses import FileResponse

from sfa.errors import BookError
from sfa.server.app import App
from sfa.server.office import Office
from sfa.server.routes import ROUTES
from sfa.sync import codec
from sfa.sync.messages import Welcome
from tests.server.offices import Ask, Reply, asking, credentials, everything, opened, pushed


def where(rita: Welcome) -> str:
    """What a laptop asks with that knows everything."""
    at = ".".join(f"{stream.number}:{stream.seq}:{stream.head}" for stream in rita.streams)
    return f"/v1/pull?at={at}&acl={rita.acl}"


# What is done


def test_a_laptop_enrols_pushes_pulls_and_leaves(ask: Ask) -> None:
    welcome = ask("POST", "/v1/login", credentials("Rita")).data
    token = welcome["token"]
    answer = ask("POST", "/v1/push", pushed(welcome["server"], "Acme"), token=token)
    assert (answer.status, answer.data["answers"][0]["outcome"]) == (200, "merged")  # with who and when
    page = ask("GET", "/v1/pull", token=token)
    assert b"Acme" not in page.body  # the state of its rights comes first
    assert ask("GET", f"/v1/digest/{welcome['streams'][1]['number']}", token=token).data["records"] >= 0
    copy = ask("POST", "/v1/renew", token=token).data
    assert (copy["user"], copy["device"] != welcome["device"]) == (welcome["user"], True)
    assert ask("POST", "/v1/logout", token=token).status == 204
    assert ask("GET", "/v1/pull", token=token).code == "unauthorized"
    assert ask("GET", "/v1/pull", token=copy["token"]).status == 200


def test_nothing_new_is_answered_with_nothing(ask: Ask, rita: Welcome) -> None:
    reply = ask("GET", where(rita), token=rita.token)
    assert (reply.status, reply.headers, reply.body) == (204, {}, b"")


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_bodies_are_packed_as_either_side_likes(ask: Ask, rita: Welcome, encoding: str) -> None:
    packed = codec.pack(pushed(rita.server, *["Acme"] * 20), encoding)[0]
    headers = {"content-encoding": encoding, "accept-encoding": encoding}
    reply = ask("POST", "/v1/push", packed, token=rita.token, headers=headers)
    assert reply.status == 200
    assert len(json.loads(codec.unpack(reply.body, reply.headers.get("content-encoding", ""), 10**6))["answers"]) == 20
    assert reply.headers.get("content-encoding", "identity") == encoding


def test_a_body_may_come_in_pieces(ask: Ask, rita: Welcome) -> None:
    body = pushed(rita.server, "Acme")
    pieces = [body[place : place + 7] for place in range(0, len(body), 7)]
    assert ask("POST", "/v1/push", pieces, token=rita.token).status == 200


def test_the_process_lives_and_the_database_answers(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(office.database)
    assert [ask("GET", path).status for path in ("/healthz", "/readyz")] == [200, 200]
    assert everything(office.database) == before

    def broken(_work: Any) -> None:
        raise BookError("the disk has gone")

    monkeypatch.setattr(office.database, "read", broken)
    assert ask("GET", "/healthz").status == 200
    reply = ask("GET", "/readyz")
    assert (reply.status, reply.code, int(reply.headers["retry-after"]) > 0) == (503, "unavailable", True)
    assert b"disk" not in reply.body


def test_measurements_count_and_name_nobody(ask: Ask, rita: Welcome, office: Office) -> None:
    ask("POST", "/v1/push", pushed(rita.server, "Acme", "Bolt"), token=rita.token)
    ask("GET", "/v1/pull/rita@example.com")
    page = ask("GET", "/metrics").body.decode()
    rows = office.database.read(lambda session: session.rows("SELECT count(*) FROM log"))[0][0]
    for line in (
        'sfa_requests_total{route="/v1/push",status="200"} 1.0',
        'sfa_requests_total{route="-",status="404"} 1.0',
        'sfa_request_seconds_count{route="/v1/push"} 1.0',
        'sfa_actions_total{outcome="merged"} 2.0',
        "sfa_listeners 0.0",
        f"sfa_log_rows {rows}.0",
    ):
        assert line in page
    assert not any(word in page for word in ("rita", "Rita", rita.user, rita.device, "Acme"))


def test_measurements_are_for_the_own_network(office: Office) -> None:
    with opened(office, behind_proxy=True) as app:
        ask = asking(app)
        assert ask("GET", "/metrics", client="10.0.0.7").status == 200
        assert ask("GET", "/metrics", client="8.8.8.8").code == "forbidden"
        assert ask("GET", "/metrics", headers={"x-forwarded-for": "127.0.0.1, 8.8.8.8"}).code == "forbidden"
        assert ask("GET", "/metrics", client="?").code == "forbidden"


@pytest.fixture
def snapshot(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the place of a snapshot."""
    path = tmp_path / "snapshot"
    path.write_bytes(bytes(range(256)) * 1000)
    monkeypatch.setattr(office, "snapshot", lambda _who, _stream, _version: (path, "7-ab12cd34"), raising=False)
    return path


def test_a_snapshot_is_fetched_whole_or_from_where_it_broke_off(ask: Ask, rita: Welcome, snapshot: Path) -> None:
    def fetched(**headers: str) -> Reply:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask("GET", "/v1/snapshot/1", token=rita.token, headers=names)

    content, tag = snapshot.read_bytes(), '"7-ab12cd34"'
    whole = fetched()
    assert (whole.status, whole.headers["etag"], whole.body == content) == (200, tag, True)
    part = fetched(range="bytes=100000-100099", if_range=tag)
    assert (part.status, part.headers["content-range"]) == (206, "bytes 100000-100099/256000")
    assert part.body == content[100000:100100]
    assert fetched(range="bytes=255990-").body == content[255990:]
    assert fetched(range="bytes=10-", if_range='"6-another"').body == content  # it has become another
    for odd in ("bytes=-5", "bytes=1-2,5-6", "lines=1-2", "bytes=a-b", "bytes="):
        assert (fetched(range=odd).status, fetched(range=odd).body == content) == (200, True)
    for beyond in ("bytes=256000-", "bytes=5-4"):
        assert (fetched(range=beyond).status, fetched(range=beyond).code) == (416, "bad_range")


def test_a_snapshot_that_vanishes_meanwhile_is_asked_for_again(
    ask: Ask, rita: Welcome, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = FileResponse.__call__

    async def late(self: FileResponse, *words: Any) -> None:
        snapshot.unlink()
        await really(self, *words)

    monkeypatch.setattr(FileResponse, "__call__", late)
    reply = ask("GET", "/v1/snapshot/1", token=rita.token)
    assert (reply.status, reply.code) == (503, "unavailable")


# What is refused


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v1/pull/", 404, "not_found"),
        ("GET", "/v1/digest", 404, "not_found"),
        ("GET", "/v1/digest/1/2", 404, "not_found"),
        ("GET", "/v1/digest/", 404, "not_found"),
        ("GET", "/v1/digest/one", 404, "not_found"),
        ("GET", "/v1/digest/-1", 404, "not_found"),
        ("GET", "/v1/digest/٣", 404, "not_found"),
        ("GET", "/v1/digest/" + "9" * 5000, 404, "not_found"),
        ("GET", "/v1/digest/{stream}", 404, "not_found"),
        ("GET", "/v1/digest/999999", 403, "out_of_scope"),
        ("GET", "/v1/push", 405, "method_not_allowed"),
        ("DELETE", "/v1/pull", 405, "method_not_allowed"),
        ("HEAD", "/v1/events", 405, "method_not_allowed"),
        ("GET", "/v1/pull?at=nonsense", 422, "invalid_query"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(ask: Ask, rita: Welcome, method: str, path: str, status: int, code: str) -> None:
    reply = ask(method, path, token=rita.token)
    assert (reply.status, reply.code, bool(reply.data["reason"])) == (status, code, True)


SECURED = [route for route in ROUTES if not route.open]


@pytest.mark.parametrize("route", SECURED, ids=lambda route: route.name)
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x y", "Bearer " + "x" * 5000, "Bearer \xff"]
)
def test_nobody_is_let_in_without_a_token(ask: Ask, route: Any, header: str) -> None:
    reply = ask(route.method, route.path.replace("{stream}", "1"), b"x" * 9, headers={"authorization": header})
    assert (reply.status, reply.code, reply.headers["www-authenticate"]) == (401, "unauthorized", "Bearer")


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"\xff", b"{" * 50_000, b'{"name": 1}', b'{"name":"x"}', b'"\\ud800"']
)
@pytest.mark.parametrize("path", ["/v1/login", "/v1/push"])
def test_a_body_that_is_none_is_refused(ask: Ask, rita: Welcome, office: Office, path: str, body: bytes) -> None:
    before = everything(office.database)
    reply = ask("POST", path, body, token=rita.token)
    assert (reply.status, reply.code) in {(422, "invalid_body"), (413, "too_large")}
    assert everything(office.database) == before


BOMB = b"\0" * 9_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("zstd", zstandard.compress(BOMB), 413),
        ("zstd", zstandard.ZstdCompressor(write_content_size=False).compress(BOMB), 400),
        ("gzip", gzip.compress(BOMB), 413),
        ("gzip", gzip.compress(b"{}") + b"more", 400),
        ("gzip", gzip.compress(b"{}")[:-3], 400),
        ("zstd", zstandard.compress(b"{}") + b"more", 400),
        ("zstd", b"no zstd", 400),
        ("gzip", b"", 400),
        ("deflate", zlib.compress(b"{}"), 400),
        ("br", b"x", 400),
        ("gzip, zstd", b"x", 400),
        ("", BOMB, 413),
    ],
)  # fmt: skip
def test_packed_bodies_are_unpacked_within_bounds(
    ask: Ask, rita: Welcome, encoding: str, body: bytes, status: int
) -> None:
    reply = ask("POST", "/v1/push", body, token=rita.token, headers={"content-encoding": encoding})
    assert (reply.status, reply.code) == (status, "bad_encoding" if status == 400 else "too_large")


def test_a_large_body_is_refused_before_all_of_it_has_come(ask: Ask, rita: Welcome) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 100_000

    reply = ask("POST", "/v1/push", endless(), token=rita.token, headers={"transfer-encoding": "chunked"})
    assert (reply.status, reply.headers["connection"], taken) == (413, "close", 81)
    for length in ("8000001", "9" * 5000):
        reply = ask("POST", "/v1/push", endless(), token=rita.token, headers={"content-length": length})
        assert (reply.status, reply.headers["connection"], taken) == (413, "close", 81)


def test_no_body_is_taken_of_somebody_unknown(ask: Ask) -> None:
    never = (pytest.fail("a body was read") for _piece in range(1))
    reply = ask("POST", "/v1/push", never, token="x", headers={"transfer-encoding": "chunked"})
    assert (reply.status, reply.headers["connection"]) == (401, "close")


def test_a_client_that_hangs_up_is_no_failure(ask: Ask, rita: Welcome, office: Office) -> None:
    before = everything(office.database)
    ask("POST", "/v1/push", iter([pushed(rita.server, "Acme")[:50]]), token=rita.token, gone=True)
    assert everything(office.database) == before


# What nobody foresaw


def test_what_nobody_foresaw_is_answered_and_may_be_tried_again(
    ask: Ask, rita: Welcome, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: Any) -> bytes:
        raise KeyError("Acme is a customer")

    monkeypatch.setattr(office, "push", broken)
    reply = ask("POST", "/v1/push", b"{}", token=rita.token)
    assert (reply.status, reply.code, "retry-after" in reply.headers) == (503, "unavailable", True)
    assert b"Acme" not in reply.body


async def test_what_breaks_off_halfway_ends_without_an_error(app: App, rita: Welcome) -> None:
    sent = []

    async def send(message: Any) -> None:
        sent.append(message["type"])
        raise OSError("the line is cut")

    async def receive() -> Any:
        raise AssertionError("there is no body")

    await app({"type": "http", "method": "GET", "path": "/healthz", "headers": [], "query_string": b""}, receive, send)
    assert sent == ["http.response.start"]


async def test_the_application_can_be_hosted_by_any_server(app: App) -> None:
    messages, sent = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]), []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
