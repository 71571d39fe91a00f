"""Many laptops that send one change after the other, each its own, all into one territory.

    python -m bench.load PORT CLIENTS SECONDS

against the head office of ``bench.office``. What is sent is made and packed before, so that the time is head office's.
Says when it is ready, begins with a line on its input, and prints how many changes were taken, in how many seconds.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import pairwise

from msgspec import Raw

from bench.office import NAME, PASSWORD
from sfa.clock import now
from sfa.models import new_id
from sfa.sync import codec
from sfa.sync.messages import Action, Entry, Login, Push, Welcome, decode, encode

MOST = 1_800
"""Changes of one laptop; more at once head office would slow down. Where there are many, each has an eighth of it."""


def enrol(port: int, clients: int) -> Iterator[Welcome]:
    """A laptop that logs in, and others as its copies: a password takes a tenth of a second to compare."""
    line = HTTPConnection("127.0.0.1", port)
    line.request("POST", "/v1/login", encode(Login(NAME, PASSWORD, "load")))
    first = decode(line.getresponse().read(), Welcome)
    yield first
    for _client in range(clients - 1):
        line.request("POST", "/v1/renew", headers={"Authorization": f"Bearer {first.token}"})
        yield decode(line.getresponse().read(), Welcome)


class Laptop:
    """Adds a contact of its own, then changes it again and again."""

    def __init__(self, port: int, welcome: Welcome, changes: int) -> None:
        self.done = 0
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = list(self._requests(welcome, changes))
        self._send(self.requests.pop(0))

    def _requests(self, welcome: Welcome, count: int) -> Iterator[bytes]:
        chain, record = "", new_id()
        values = {"first_name": "Ann", "last_name": "Abbott", "mailing_city": "Lyon", "department": "0"}
        changes = [{"department": list(pair)} for pair in pairwise(map(str, range(count + 1)))]
        entries = [
            Entry("contact", record, "insert", values),
            *(Entry("contact", record, "update", c) for c in changes),
        ]
        for n, entry in enumerate(entries, 1):
            part = encode(
                Action(n=n, id=new_id(), at=now(), origin="form", title="Changed Ann Abbott", entries=[entry])
            )
            body, packing = codec.pack(encode(Push(welcome.server, chain, [Raw(part)])))
            chain = codec.chained(chain, [part])
            head = (
                f"POST /v1/push HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {welcome.token}\r\n"
                f"Content-Type: application/json\r\nContent-Encoding: {packing}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            yield head.encode() + body

    def _send(self, request: bytes) -> None:
        self.line.sendall(request)
        reply = self.line.recv(65_536)
        if b'"code":""' not in reply:
            raise AssertionError(reply)

    def work(self, end: float) -> None:
        """Sends changes until ``end``."""
        for request in self.requests:
            if time.perf_counter() > end:
                return
            self._send(request)
            self.done += 1


def main(port: int, clients: int, seconds: float) -> None:
    laptops = [Laptop(port, welcome, MOST // min(clients, 8)) for welcome in enrol(port, clients)]
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    threads = [threading.Thread(target=laptop.work, args=(began + seconds,)) for laptop in laptops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = {"changes": sum(laptop.done for laptop in laptops), "seconds": time.perf_counter() - began}
    print(json.dumps(times), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
