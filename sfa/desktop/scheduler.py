"""What starts ``sfa remind --watch`` whenever the user logs in: systemd, launchd, or Windows' Task Scheduler."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sfa.desktop import units
from sfa.errors import UserError
from sfa.i18n import _

KEPT = ("SFA_HOME", "SFA_LOCALE", "SFA_LANGUAGE", "SFA_TZ", "DBUS_SESSION_BUS_ADDRESS")
"""What the program would miss of the environment in which it was set up."""
QUIET = 0x08000000  # CREATE_NO_WINDOW of Windows
Words = tuple[str, ...]


class Unit(NamedTuple):
    """What a platform is told: a file, and the commands that start, stop and ask after what it describes."""

    name: str
    path: Path
    text: str
    encoding: str
    start: Sequence[Words]
    stop: Sequence[Words]
    ask: Words
    keep: bool = True
    """Whether the platform reads the file again and again, so that it must stay."""


def unit(book: Path, platform: str = sys.platform) -> Unit:
    """What ``platform`` is told so that it reminds of what is in the book at ``book``."""
    own = windowless() if platform == "win32" else program(platform)
    words = (*own, "remind", "--watch", "--book", str(book))
    kept = {name: os.environ[name] for name in KEPT if os.environ.get(name)}
    return {"darwin": _launchd, "win32": _task}.get(platform, _systemd)(words, kept)


def program(platform: str = sys.platform) -> Words:
    """How this very sfa is called, whatever the search path will be."""
    return (str(Path(sysconfig.get_path("scripts"), "sfa.exe" if platform == "win32" else "sfa")),)


def windowless() -> Words:
    """How sfa is called on Windows without a window."""
    code = "import sys; from sfa.cli import main; sys.exit(main())"
    return (str(Path(sys.executable).with_name("pythonw.exe")), "-c", code)


def _systemd(words: Words, kept: dict[str, str]) -> Unit:
    name = "sfa-reminders.service"
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    control = ("systemctl", "--user")
    return Unit(
        _("systemd user unit"),
        Path(config, "systemd", "user", name),
        units.systemd(words, kept),
        "utf-8",
        ((*control, "daemon-reload"), (*control, "enable", "--now", name)),
        ((*control, "disable", "--now", name),),
        (*control, "is-active", "--quiet", name),
    )


def _launchd(words: Words, kept: dict[str, str]) -> Unit:
    path = Path.home() / "Library" / "LaunchAgents" / f"{units.LABEL}.plist"
    home = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
    return Unit(
        _("launchd agent"),
        path,
        units.launchd(words, kept),
        "utf-8",
        (("launchctl", "bootstrap", home, str(path)),),
        (("launchctl", "bootout", f"{home}/{units.LABEL}"),),
        ("launchctl", "print", f"{home}/{units.LABEL}"),
    )


def _task(words: Words, kept: dict[str, str]) -> Unit:  # noqa: ARG001 - a task has the user's own environment
    name = "sfa reminders"
    path = Path(os.environ.get("LOCALAPPDATA") or Path.home(), "sfa-reminders.xml")
    return Unit(
        _("task of the Task Scheduler"),
        path,
        units.task(words),
        "utf-16",
        (
            ("schtasks", "/Create", "/TN", name, "/XML", str(path), "/F"),
            ("schtasks", "/Run", "/TN", name),
        ),
        (("schtasks", "/End", "/TN", name), ("schtasks", "/Delete", "/TN", name, "/F")),
        ("schtasks", "/Query", "/TN", name),
        keep=False,
    )


def install(unit: Unit) -> None:
    """Writes the unit and has the platform start it, now and at each login.

    Raises ``UserError``; then all is as before.
    """
    before = unit.path.read_bytes() if unit.path.exists() else None
    unit.path.parent.mkdir(parents=True, exist_ok=True)
    unit.path.write_text(unit.text, unit.encoding)
    try:
        if before is not None:
            _try(unit.stop)
        for words in unit.start:
            _run(words)
    except UserError:
        if before is None:
            unit.path.unlink()
        else:
            unit.path.write_bytes(before)
        raise
    if not unit.keep:
        unit.path.unlink()


def uninstall(unit: Unit) -> bool:
    """Stops it and takes it away; whether there was any."""
    there = is_installed(unit)
    _try(unit.stop)
    unit.path.unlink(missing_ok=True)
    return there


def is_installed(unit: Unit) -> bool:
    """Whether the platform was told."""
    return unit.path.exists() if unit.keep else is_running(unit)


def is_running(unit: Unit) -> bool:
    """Whether the platform says that it runs; on Windows: that it is known there."""
    try:
        _run(unit.ask)
    except UserError:
        return False
    return True


def _try(commands: Sequence[Words]) -> None:
    """Runs commands of which it does not matter whether there was anything to do."""
    for words in commands:
        try:
            _run(words)
        except UserError:
            continue


def _run(words: Words) -> None:
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, errors="replace", timeout=60, check=False,
            stdin=subprocess.DEVNULL, creationflags=QUIET if sys.platform == "win32" else 0,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(words, str(getattr(error, "strerror", "") or error)) from None
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise _refused(words, lines[0] if lines else _("exit code {code}").format(code=done.returncode))


def _refused(words: Words, reason: str) -> UserError:
    told = _("“{command}” failed: {reason}.").format(command=" ".join(words), reason=reason.rstrip("."))
    return UserError(told, _("Have “sfa remind --watch” started at login by other means."))
