"""Who takes part in the benchmark of sync: each side is a head office and a program with two laptops, in any language.

The program reads steps from its input, one a line, with an optional value behind it, and answers each with a line of
JSON: ``ms``, or for "count" the records of the second laptop and how many of them have the value.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.proxy import Proxy

COUNT, FEW = 10_000, 10
"""Records of the initial push and pull, and of a small one."""
REPEATS = 9
PATIENCE = 600.0
"""Seconds in which a server must listen; some are filled first."""


class Side(ABC):
    """Two laptops; what is measured is one call each."""

    @abstractmethod
    def write(self) -> None:
        """The first laptop gets all contacts, as if typed or imported there."""

    @abstractmethod
    def edit(self, value: str) -> None:
        """The first changes a few, at once."""

    @abstractmethod
    def edit_each(self, value: str) -> None:
        """The first changes a few, one after the other."""

    @abstractmethod
    def push(self) -> None:
        """The first sends what it has."""

    @abstractmethod
    def pull(self) -> None:
        """The second gets what there is."""

    @abstractmethod
    def nothing(self) -> None:
        """The first does both, with nothing to do."""

    @abstractmethod
    def count(self, value: str) -> tuple[int, int]:
        """Contacts of the second, and those that were changed to ``value``."""


def serve(side: object) -> None:
    """Does the steps that come in."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        name, *values = line.split()
        began = time.perf_counter()
        found = getattr(side, name)(*values)
        print(json.dumps({"ms": (time.perf_counter() - began) * 1000, "found": found}), flush=True)


class Peer(NamedTuple):
    """How the two programs of a side are started; ``{port}`` and ``{folder}`` are filled in."""

    name: str
    office: tuple[str, ...]
    laptops: tuple[str, ...]
    environment: Mapping[str, str] = {}
    edits: tuple[str, ...] = ("edit",)
    """The ways in which it changes a few."""

    def filled(self, port: int, folder: Path) -> Peer:
        """The same with a port and a folder."""

        def fill(words: Iterable[str]) -> tuple[str, ...]:
            return tuple(word.format(port=port, folder=folder) for word in words)

        values = zip(self.environment, fill(self.environment.values()), strict=True)
        return self._replace(office=fill(self.office), laptops=fill(self.laptops), environment=dict(values))


class Step(NamedTuple):
    """What a step took, and the bytes of both ways, heads of HTTP included."""

    ms: float
    bytes: int


class Running(NamedTuple):
    """A side whose programs run."""

    laptops: subprocess.Popen[str]
    proxy: Proxy

    def step(self, line: str) -> Step:
        before = sum(self.proxy.count())
        ms = self.ask(line)["ms"]
        return Step(ms, sum(self.proxy.count()) - before)

    def ask(self, line: str) -> dict[str, Any]:
        assert self.laptops.stdin
        assert self.laptops.stdout
        self.laptops.stdin.write(line + "\n")
        self.laptops.stdin.flush()
        return answer(self.laptops)


def answer(laptops: subprocess.Popen[str]) -> dict[str, Any]:
    assert laptops.stdout
    for line in laptops.stdout:
        if line.startswith("{"):  # libraries greet and warn there, too
            return json.loads(line)  # type: ignore[no-any-return]
    raise RuntimeError("the laptops ended")


@contextmanager
def running(peer: Peer) -> Iterator[Running]:
    """Starts ``peer`` in a folder of its own and stops it in the end."""
    with tempfile.TemporaryDirectory(prefix="sfa-bench-") as name:
        folder, port = Path(name), free_port()
        filled = peer.filled(port, folder)
        with program(filled.office, filled.environment, folder), Proxy(port) as proxy:
            await_port(port)
            with program(peer.filled(proxy.port, folder).laptops, filled.environment, folder) as laptops:
                answer(laptops)  # they are ready
                yield Running(laptops, proxy)


@contextmanager
def program(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that is stopped in the end, with what it started; its messages are shown where something went wrong."""
    with (folder / "messages").open("a+", encoding="utf-8") as messages:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages, text=True,
            env={**os.environ, **environment},
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        except Exception:
            messages.seek(0)
            print(messages.read(), file=sys.stderr)
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def await_port(port: int) -> None:
    """Returns when somebody listens there."""
    for _attempt in range(int(PATIENCE / 0.05)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


def play(peer: Peer) -> dict[str, Step]:
    """All steps once; small ones several times, of which the median counts."""
    with running(peer) as side:
        side.ask("write")
        found = {"initial push": side.step("push"), "initial pull": side.step("pull")}
        side.ask("nothing")  # some get back what they sent
        small: dict[str, list[Step]] = {}
        for number in range(REPEATS):
            for edit in peer.edits:
                side.ask(f"{edit} {edit}-{number}")
                for step in ("push", "pull"):
                    small.setdefault(step + edit.removeprefix("edit"), []).append(side.step(step))
        small["nothing"] = [side.step("nothing") for _number in range(REPEATS)]
        arrived = side.ask(f"count {peer.edits[-1]}-{REPEATS - 1}")["found"]
    if arrived != [COUNT, FEW]:
        raise AssertionError(f"{peer.name}: {arrived} arrived, not {[COUNT, FEW]}")
    return found | {
        name: Step(median(step.ms for step in steps), round(median(step.bytes for step in steps)))
        for name, steps in small.items()
    }
