"""Content lines, of which calendars and cards are made: ``NAME;PARAM=value:value`` (RFC 5545, 6350 and 6868).

What is written keeps to the letter: CRLF, at most 75 octets a line, never broken within a character. What is read may
be broken in all the ways that programs are known to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

CRLF = "\r\n"
LONGEST = 75  # octets of a line, without its end
SHORT = LONGEST // 4  # characters that are never too long
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"), ("\r", ""))  # most texts have none of them
_MEANT = {"n": "\n", "N": "\n"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARETS = str.maketrans({"^": "^^", '"': "^'", "\n": "^n", "\r": None})
_CARET = re.compile(r"\^([n'^])")
_CARET_MEANS = {"n": "\n", "'": '"', "^": "^"}
_UNSAFE = re.compile(r"[:;,]")  # what a parameter's value holds within quotes only
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_BREAK = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"\s*(?:[A-Za-z0-9_-]+\.)?[A-Za-z][A-Za-z0-9_-]*(?=[;:])")
_HEAD = re.compile(r'\s*(?:([A-Za-z0-9_-]+)\.)?([A-Za-z][A-Za-z0-9_-]*)((?:;(?:[^":]|"[^"]*")*)?):')
_LOOSE_HEAD = re.compile(r"\s*(?:([A-Za-z0-9_-]+)\.)?([A-Za-z][A-Za-z0-9_-]*)((?:;[^:]*)?):")
_PARAM = re.compile(r';((?:[^";]|"[^"]*"|")*)')
_PARAM_VALUE = re.compile(r'(?:[^",]|"[^"]*"|")+')
_SOFT = re.compile(r"[^:]*QUOTED-PRINTABLE", re.IGNORECASE)
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})


class Line(NamedTuple):
    """One property: its name and its parameters' names in capitals; ``value`` as it stands, escapes and all.

    ``group`` is what stands before the name in cards (``item1.TEL``).
    """

    name: str
    params: Mapping[str, Sequence[str]]
    value: str
    group: str = ""

    def param(self, name: str) -> str:
        """The first value of a parameter; empty where there is none."""
        return next(iter(self.params.get(name, ())), "")


def escape(text: str) -> str:
    """Text as a value; line breaks as ``\\n``, control characters left out."""
    if text.isprintable() and "," not in text and ";" not in text and "\\" not in text:
        return text
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text if text.isprintable() else _CONTROL.sub("", text)


def unescape(value: str) -> str:
    """The text that a value means; a backslash before anything else means that thing."""
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), value) if "\\" in value else value


def split(value: str, separator: str) -> list[str]:
    """The parts of a value between separators that are not escaped; the parts are still escaped."""
    if "\\" not in value:
        return value.split(separator)
    parts, begin, place = [], 0, 0
    while place < len(value):
        if value[place] == "\\":
            place += 1
        elif value[place] == separator:
            parts.append(value[begin:place])
            begin = place + 1
        place += 1
    return [*parts, value[begin:]]


def write_line(name: str, value: str, params: Mapping[str, str | Sequence[str]] | None = None, group: str = "") -> str:
    """A line, not folded yet. ``value`` is escaped already where it is text."""
    written = "".join(f";{key}={_param(given)}" for key, given in (params or {}).items())
    return f"{group}.{name}{written}:{value}" if group else f"{name}{written}:{value}"


def _param(given: str | Sequence[str]) -> str:
    values = (given,) if isinstance(given, str) else given
    return ",".join(map(param_value, values))


def param_value(text: str) -> str:
    """A parameter's value: quoted where it must be, with the carets of RFC 6868."""
    if not text.isalnum():
        text = _CONTROL.sub("", text.translate(_CARETS))
    return f'"{text}"' if _UNSAFE.search(text) else text


def fold(line: str) -> str:
    """The line with its end, broken into lines of at most 75 octets, between characters only."""
    if len(line) <= LONGEST and line.isascii():
        return line + CRLF
    octets, parts, begin, room = line.encode(), [], 0, LONGEST
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        parts.append(octets[begin:end])
        begin, room = end, LONGEST - 1
    parts.append(octets[begin:])
    return b"\r\n ".join(parts).decode() + CRLF


def folded(lines: Iterable[str]) -> str:
    """Many lines as the text of a file."""
    return "".join([
        line + CRLF if (size := len(line)) <= SHORT or (size <= LONGEST and line.isascii()) else fold(line)
        for line in lines
    ])  # fmt: skip


def decode(data: bytes) -> str:
    """A file's text: UTF-8, UTF-16 by its mark, else as Windows in the west wrote it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def unfold(text: str) -> Iterator[str]:
    """The whole lines of a text, empty ones left out.

    What is no line of its own (no name stands before it) goes on the line before, after a line break; so do the soft
    breaks of quoted-printable, without one.
    """
    whole = ""
    for line in _BREAK.split(text):
        if whole.endswith("=") and _SOFT.match(whole):
            whole = whole[:-1] + line.lstrip(" \t")
        elif line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        elif _NAME.match(line) or not whole:
            yield from filter(None, [whole.strip("\ufeff")])
            whole = line.lstrip()
        elif line.strip():
            whole += "\n" + line
    yield from filter(None, [whole.strip("\ufeff")])


def parse(line: str) -> Line:
    """A whole line taken apart. Raises ``ValueError`` where it is none."""
    found = _HEAD.match(line) or _LOOSE_HEAD.match(line)
    if found is None:
        raise ValueError(line)
    params: dict[str, list[str]] = {}
    for part in _PARAM.findall(found[3]):
        name, equals, given = part.partition("=")
        if not equals:  # as in vCard 2.1: TEL;HOME;QUOTED-PRINTABLE:…
            name, given = ("ENCODING" if part.strip().upper() in _ENCODINGS else "TYPE"), part.strip()
        values = [_read_param(value) for value in _PARAM_VALUE.findall(given)]
        params.setdefault(name.strip().upper(), []).extend(values)
    return Line(found[2].upper(), params, line[found.end() :], found[1] or "")


def _read_param(value: str) -> str:
    value = value.strip('"')
    return _CARET.sub(lambda found: _CARET_MEANS[found[1]], value) if "^" in value else value


def parsed(text: str) -> Iterator[Line]:
    """The lines of a text, those left out that are none."""
    for line in unfold(text):
        try:
            yield parse(line)
        except ValueError:
            continue
