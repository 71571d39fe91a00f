"""What lies between a laptop and head office, in a test's hand: it counts bytes, and breaks at one of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

UP, DOWN = "up", "down"


class Proxy:
    """Forwards connections to ``target``. ``passed`` counts the bytes in each direction since the last ``reset``.

    ``pieces``: every byte is sent on its own. ``twice``: every request is made twice, and answered with what came the
    second time, as after an answer that got lost.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target, self.pieces, self.twice = target, False, False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._lock = threading.Lock()
        self.reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """Counts from 0 again, and breaks nowhere."""
        with self._lock:
            self.passed = {UP: 0, DOWN: 0}
            self._place: tuple[str, int] | None = None

    def break_at(self, way: str, byte: int, then: Callable[[], object] = lambda: None) -> None:
        """Does ``then`` and cuts the line once ``byte`` bytes have passed in the direction ``way``."""
        self.reset()
        self._then = then
        self._place = (way, byte)

    @property
    def broke(self) -> bool:
        """Whether it came to what ``break_at`` asked for."""
        return self._place is None

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                laptop = self._socket.accept()[0]
                threading.Thread(target=self._serve, args=(laptop,), daemon=True).start()

    def _serve(self, laptop: socket.socket) -> None:
        with suppress(OSError), laptop:
            if self.twice:
                while request := _message(laptop):
                    self._ask(request)
                    laptop.sendall(self._ask(request))
                return
            with socket.create_connection(self.target) as office:
                back = threading.Thread(target=self._forward, args=(DOWN, office, laptop), daemon=True)
                back.start()
                self._forward(UP, laptop, office)
                back.join()

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self.target) as office:
            office.sendall(request)
            return _message(office)

    def _forward(self, way: str, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                whole, data = self._counted(way, data)
                for piece in [data[n : n + 1] for n in range(len(data))] if self.pieces else [data]:
                    target.sendall(piece)
                if not whole:
                    self._then()
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _counted(self, way: str, data: bytes) -> tuple[bool, bytes]:
        """Whether all of ``data`` passes; and what passes of it."""
        with self._lock:
            before = self.passed[way]
            if self._place and self._place[0] == way and before + len(data) >= self._place[1]:
                data = data[: self._place[1] - before]
                self._place = None
                return False, data
            self.passed[way] += len(data)
            return True, data


def _message(source: socket.socket) -> bytes:
    """The next whole request or reply; empty where there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = source.recv(65_536)
        if not part:
            return b""
        data += part
    head, _gap, body = data.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0]) if lengths else 0
    while len(body) < length:
        part = source.recv(65_536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
