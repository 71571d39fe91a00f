"""A desktop of its own: a screen that nobody sees, a session bus, and a notification service. Linux only."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.counterparts import program

PATIENCE = 40.0
LOOK = 0.1
DUNST = """[global]
    follow = none
    geometry = "400x10-10+10"
    mouse_left_click = do_action, close_current
    history_length = 50
[urgency_normal]
    timeout = 0
"""


OWNED = (
    "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
    "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.Notifications",
)  # fmt: skip
"""Whether a notification service is there; asking it would have the bus start another one."""


class Desktop:
    """Where notifications are shown; ``environment`` leads programs there."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def _ask(self, *words: str) -> str:
        done = subprocess.run(
            words, env={**os.environ, **self.environment}, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout

    def shown(self) -> list[tuple[str, str]]:
        """Title and body of all notifications so far: those on the screen and those that were closed."""
        for _turn in range(50):  # what is on the screen is only in the history once it is closed
            if self._ask(program("dunstctl"), "count", "displayed").strip() in ("", "0"):
                break
            self._ask(program("dunstctl"), "close-all")
        history: Any = json.loads(self._ask(program("dunstctl"), "history") or '{"data": [[]]}')
        found = [(one["summary"]["data"], one["body"]["data"]) for one in history["data"][0]]
        return found[::-1]

    def wait_for_notification(self) -> None:
        """Waits until one is on the screen."""
        end = time.monotonic() + PATIENCE
        while self._ask(program("dunstctl"), "count", "displayed").strip() in ("", "0"):
            assert time.monotonic() < end, "no notification came"
            time.sleep(LOOK)

    def click(self) -> None:
        """Clicks at the notification on the screen."""
        window = self._ask(program("xdotool"), "search", "--sync", "--onlyvisible", "--class", "Dunst").split()[-1]
        self._ask(program("xdotool"), "mousemove", "--window", window, "60", "15", "click", "1")


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """Starts all of it in ``folder``, and ends it."""
    reader, writer = os.pipe()
    settings = folder / "dunstrc"
    settings.write_text(DUNST)
    started: list[subprocess.Popen[str]] = []
    try:
        started.append(
            subprocess.Popen(
                [program("Xvfb"), "-displayfd", str(writer), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
                pass_fds=[writer],
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        os.close(writer)
        display = f":{os.read(reader, 20).decode().strip()}"
        bus = subprocess.Popen(
            [program("dbus-daemon"), "--session", "--print-address", "--nofork"], stdout=subprocess.PIPE, text=True
        )
        started.append(bus)
        assert bus.stdout
        environment = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
        one = Desktop(environment)
        started.append(
            subprocess.Popen(
                [program("dunst"), "-conf", str(settings)],
                env={**os.environ, **environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        end = time.monotonic() + PATIENCE
        while "true" not in one._ask(*OWNED):
            assert time.monotonic() < end, "no notification service"
            time.sleep(LOOK)
        yield one
    finally:
        os.close(reader)
        for process in reversed(started):
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
