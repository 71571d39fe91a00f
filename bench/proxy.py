"""A TCP proxy that counts what passes through it.

    python -m bench.proxy TARGET

prints the port that it listens on, and for each line on its input the bytes so far to and from the port ``TARGET``.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from types import TracebackType

BLOCK = 1 << 18


class Proxy:
    """The proxy as a process of its own, so that it takes no turn from whoever is measured."""

    def __init__(self, target: int) -> None:
        command = [sys.executable, "-m", "bench.proxy", str(target)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def count(self) -> tuple[int, int]:
        """Bytes so far: up to the server, down to the clients."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        up, down = map(int, self._line().split())
        return up, down

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()


class Counter:
    """Bytes that went up and down."""

    def __init__(self) -> None:
        self.passed = [0, 0]
        self._lock = threading.Lock()

    def add(self, way: int, length: int) -> None:
        with self._lock:
            self.passed[way] += length


def forward(source: socket.socket, target: socket.socket, counter: Counter, way: int) -> None:
    """Everything from ``source`` to ``target``, until one of them closes."""
    try:
        while block := source.recv(BLOCK):
            counter.add(way, len(block))  # before it can be answered
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()


def listen(server: socket.socket, target: int, counter: Counter) -> None:
    while True:
        client, _address = server.accept()
        office = socket.create_connection(("127.0.0.1", target))
        for ours, theirs, way in ((client, office, 0), (office, client, 1)):
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=forward, args=(ours, theirs, counter, way), daemon=True).start()


def main(target: int) -> None:
    counter, server = Counter(), socket.create_server(("127.0.0.1", 0), backlog=256)
    threading.Thread(target=listen, args=(server, target, counter), daemon=True).start()
    print(server.getsockname()[1], flush=True)
    for _line in sys.stdin:
        print(*counter.passed, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
