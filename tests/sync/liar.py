"""A server that says whatever a test wants, in bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]


class Liar:
    """Listens on loopback and has each connection served by the next of ``talks``, the last one again and again."""

    def __init__(self, *talks: Talk) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.heard: list[bytes] = []
        self.connections = 0
        self._talks, self._open = list(talks), list[socket.socket]()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._socket.accept()[0]
                self._open.append(connection)
                talk = self._talks[min(self.connections, len(self._talks) - 1)]
                self.connections += 1
                threading.Thread(target=self._talk, args=(talk, connection), daemon=True).start()

    def _talk(self, talk: Talk, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            talk(connection)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def request(self, connection: socket.socket) -> bytes:
        """One whole request, as it came; empty at the end."""
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65_536)
            if not part:
                return b""
            data += part
        head, _gap, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        while len(body) < length:
            body += connection.recv(65_536)
        self.heard.append(head + b"\r\n\r\n" + body)
        return self.heard[-1]


@contextmanager
def lying(*answers: bytes | Talk) -> Iterator[Liar]:
    """A server that gives these bytes in answer to each request of its n-th connection, and then waits for more.

    An answer that is a function is given the connection after a request was read.
    """
    liar: Liar

    def says(answer: bytes | Talk) -> Talk:
        def talk(connection: socket.socket) -> None:
            while liar.request(connection):
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)

        return talk

    liar = Liar(*map(says, answers))
    try:
        yield liar
    finally:
        liar.close()


def reply(body: bytes, *headers: str, status: str = "200 OK", form: str = "application/json") -> bytes:
    """An answer as head office would give it, but for what ``headers`` say."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {form}", *headers]
    if not any(line.startswith(("content-length:", "transfer-encoding:")) for line in headers):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
