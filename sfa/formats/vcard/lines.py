"""The lines of cards as programs of thirty years have written them.

vCard 2.1 differs most: quoted-printable with its soft breaks, a charset per line, bare parameters, folding that keeps
the space. What comes out of here is written as in vCard 3 and 4: escaped text, base64 in one piece, no charsets.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator

from sfa.formats.contentlines import Line, escape, parse, split

OLD = "2.1"
STRUCTURED = frozenset({"N", "ADR", "ORG"})
LISTS = frozenset({"CATEGORIES", "NICKNAME"})
TEXTS = frozenset({"FN", "TITLE", "ROLE", "NOTE", "TEL", "EMAIL", "LABEL", "MAILER", "UID", "SORT-STRING"})
_BREAK = re.compile(rb"\r*\n|\r")
_START = re.compile(rb"\s*(?:[\w-]+\.)?[A-Za-z][\w-]*(?:;[^:]*)?:")
_HEAD = re.compile(rb'\s*(?:[\w-]+\.)?[A-Za-z][\w-]*(?:;(?:[^":]|"[^"]*")*)?:')
_CHARSET = re.compile(rb';\s*CHARSET="?([\w.:-]+)', re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_OLD_ESCAPED = re.compile(r"\\([\\;:,])")
_SPACE = re.compile(r"\s+")
_CODINGS = frozenset({"QUOTED-PRINTABLE", "8BIT", "7BIT"})
_BASE64 = frozenset({"B", "BASE64"})


def physical(data: bytes) -> list[bytes]:
    """The lines as they stand in the file. Some programs end them with two carriage returns, some with one."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    return _BREAK.split(data.removeprefix(b"\xef\xbb\xbf"))


def logical(lines: Iterable[bytes], version: str) -> Iterator[bytes]:
    """Whole properties. Empty lines and comments are none; what has no name of its own goes on the line before."""
    parts: list[bytes] = []
    head = b""
    for line in lines:
        if parts and b"QUOTED-PRINTABLE" in head and parts[-1].endswith(b"="):
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif parts and line[:1] in (b" ", b"\t"):
            keeps_space = version == OLD and not _is_base64(head)
            parts.append(b" " + line[1:] if keeps_space else line[1:])
        elif not line.strip() or line.startswith(b"#"):
            continue
        elif not parts or _START.match(line):
            yield from ([b"".join(parts)] if parts else [])
            parts = [line]
            head = line.partition(b":")[0].upper()
        elif _is_base64(head):
            parts.append(line)
        else:
            parts[-1] = parts[-1].removesuffix(b"\\")
            parts.append(b"\n" + line)
    yield from ([b"".join(parts)] if parts else [])


def _is_base64(head: bytes) -> bool:
    return b"BASE64" in head or b"ENCODING=B" in head


def read_line(whole: bytes, version: str, encoding: str = "") -> Line | None:
    """One property, as vCard 3 and 4 write it; None where there is none. ``encoding`` is that of odd letters."""
    found = _HEAD.match(whole) or _START.match(whole)
    if found is None:
        return None
    value = whole[found.end() :]
    charset = _CHARSET.search(found[0])
    if b"QUOTED-PRINTABLE" in found[0].upper():
        value = binascii.a2b_qp(value)
    try:
        line = parse(_text(found[0], encoding))
    except ValueError:
        return None
    text = _text(value, charset[1].decode() if charset else encoding)
    return _modern(line._replace(value=_CONTROL.sub("", text.replace("\r", ""))), version)


def _text(data: bytes, encoding: str) -> str:
    for name in filter(None, (encoding, "utf-8")):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _modern(line: Line, version: str) -> Line:
    """The line with its value and parameters as vCard 3 and 4 have them."""
    coding = line.param("ENCODING").upper()
    params = {name: _types(given) if name == "TYPE" else given for name, given in line.params.items()}
    params.pop("CHARSET", None)
    if coding in _BASE64:
        return line._replace(params={**params, "ENCODING": ["b"]}, value=_SPACE.sub("", line.value))
    if coding in _CODINGS:
        params.pop("ENCODING")
    value = _escaped(line.name, line.value) if version == OLD else line.value.replace("\n", "\\n")
    return line._replace(params=params, value=value)


def _types(given: Iterable[str]) -> list[str]:
    """Some write several types as one: ``TYPE="home,voice"``."""
    return [part.strip() for value in given for part in value.split(",") if part.strip()]


def _escaped(name: str, value: str) -> str:
    """A value of vCard 2.1, where only what separates is escaped, as in later versions."""
    if name in STRUCTURED:
        return ";".join(escape(_plain(part)) for part in split(value, ";"))
    if name in LISTS:
        return ",".join(escape(_plain(part)) for part in re.split(r"(?<!\\)[,;]", value))
    if name in TEXTS:
        return escape(_plain(value))
    return value.replace("\n", "\\n")


def _plain(value: str) -> str:
    return _OLD_ESCAPED.sub(r"\1", value)
