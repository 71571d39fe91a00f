"""Where a command's answer goes: data to stdout, narration to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from sfa.cli.command import Answer
from sfa.errors import SfaError
from sfa.printable import clean


def show(answer: Answer, as_json: bool) -> None:
    """Prints the answer: one JSON document, or what people read."""
    if as_json:
        from sfa.cli.jsontext import pieces

        ascii_only = not _is_utf8(sys.stdout)
        sys.stdout.writelines(pieces(answer.data, ascii_only=ascii_only))
        sys.stdout.write("\n")
    else:
        _show_blocks(answer)
    sys.stdout.flush()
    if answer.note:
        narrate(answer.note)


def _show_blocks(answer: Answer) -> None:
    from sfa.cli.layout import Style, lines

    terminal = sys.stdout.isatty()
    style = Style(shutil.get_terminal_size().columns if terminal else None, terminal and has_color())
    for line in lines(answer.blocks, style):
        sys.stdout.write(_encodable(line, sys.stdout) + "\n")


def has_color() -> bool:
    """Whether a terminal may be sent colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ


def narrate(text: str) -> None:
    """Tells the user something that is no data."""
    for line in text.split("\n"):
        sys.stderr.write(_encodable(clean(line), sys.stderr) + "\n")
    sys.stderr.flush()


def complain(error: SfaError) -> None:
    """One line about what went wrong."""
    narrate(f"sfa: {' '.join(str(error).splitlines())}")


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "utf-8").lower().replace("-", "") == "utf8"


def _encodable(text: str, stream: TextIO) -> str:
    """``text`` with what the stream's encoding lacks replaced."""
    if _is_utf8(stream):
        return text
    encoding = stream.encoding
    return text.encode(encoding, "replace").decode(encoding)
