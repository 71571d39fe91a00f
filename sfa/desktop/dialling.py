"""Dialling: a number is handed to the program that the system has for calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from sfa.errors import UserError
from sfa.i18n import _


def address(number: str, way: str) -> str:
    """``number`` (E.164) as an address to open: ``way`` is a scheme, or an address with {number} in it."""
    return way.replace("{number}", number) if "{number}" in way else f"{way}:{number}"


def dial(number: str, way: str) -> str:
    """Hands ``number`` to the system and gives the address that was opened. Raises ``UserError`` where none is."""
    uri = address(number, way)
    try:
        if sys.platform == "win32":
            os.startfile(uri)
        else:
            _open(uri)
    except OSError as error:
        raise _refused(uri, error.strerror or str(error)) from None
    return uri


def _open(uri: str) -> None:
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if not shutil.which(opener):
        raise _refused(uri, _("{program} is not installed").format(program=opener))
    try:
        done = subprocess.run(
            (opener, uri), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=10, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return  # the program that took it stays in the foreground
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise _refused(uri, lines[0] if lines else _("no program takes such addresses"))


def _refused(uri: str, reason: str) -> UserError:
    told = _("{uri} could not be opened: {reason}.").format(uri=uri, reason=reason.rstrip("."))
    return UserError(told, _("The setting “dial” says which kind of address is opened."))
