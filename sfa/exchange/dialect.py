"""How a text file with columns was written: its encoding, its delimiter and the line that its header stands in."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sfa.errors import UserError
from sfa.i18n import _

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("cp1252", "cp850", "mac_roman")  # of Windows, DOS and the old Mac; the first wins a tie
COMMON = frozenset("äöüßéèêëàâáãåæçñóòôõøíìîïúùûýÿœÄÖÜÉÅØÆÇÑ’‘“”–—…€£°§®")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
DELIMITERS = ",;\t|"
SAMPLE = 1 << 16
HEADER_WITHIN = 30  # rows among which the header is looked for
Score = Callable[[Sequence[str]], int]


class Dialect(NamedTuple):
    """``skip`` is the number of records before the header, a ``sep=`` line and preambles; blank lines are none."""

    encoding: str
    delimiter: str
    skip: int = 0


def detect(path: Path, score: Score, encoding: str = "", delimiter: str = "") -> Dialect:
    """The dialect of the file; what is given stands. ``score`` says how many cells of a row are names of known columns.

    Raises ``UserError`` where the file cannot be read.
    """
    try:
        encoding = encoding or detect_encoding(path)
        with path.open(encoding=encoding, errors=errors_of(encoding), newline="") as file:
            sample = file.read(SAMPLE)
            whole = not file.read(1)
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror)) from None
    except (UnicodeError, LookupError) as error:
        raise UserError(
            _("{path} cannot be read as {encoding}: {reason}.").format(path=path, encoding=encoding, reason=error)
        ) from None
    return Dialect(encoding, *_layout(sample, whole, score, delimiter))


def errors_of(encoding: str) -> str:
    """How bytes that are no text come through: as lone surrogates, which every field then refuses with a reason."""
    return "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def detect_encoding(path: Path) -> str:
    """By the byte order mark, by UTF-16's zero bytes, as UTF-8 where all of it is, else the likeliest old code page."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        for mark, encoding in BOMS:
            if head.startswith(mark):
                return encoding
        for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if head[start::2].count(0) * 3 > len(head) and not head[1 - start :: 2].count(0):
                return encoding
        chunk = head
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(SAMPLE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _legacy(chunk or head)
    return "utf-8"


def _legacy(sample: bytes) -> str:
    return max(LEGACY, key=lambda encoding: _likeliness(sample.decode(encoding, "replace")))


def _likeliness(text: str) -> int:
    """How much the foreign letters of ``text`` look like those of names and words."""
    score = 0
    for found in NOT_ASCII.finditer(text):
        char, before = found[0], text[found.start() - 1 : found.start()]
        score += 2 if char in COMMON and not (char.isupper() and before.islower()) else -1
    return score


def _layout(sample: str, whole: bool, score: Score, delimiter: str) -> tuple[str, int]:
    """Delimiter and number of records before the header."""
    first = sample.partition("\n")[0].strip().lower()
    if not delimiter and first.startswith("sep=") and len(first) == 5:
        delimiter = first[4]
    best: tuple[tuple[int, int], str, int] | None = None
    for candidate in delimiter or DELIMITERS:
        rows = _rows(sample, candidate, whole)
        skip = _header_place(rows, score)
        width = len(rows[skip]) if rows else 0
        even = sum(len(row) == width for row in rows[skip:]) if width > 1 else 0
        rank = (score(rows[skip]) if rows else 0, even)
        if best is None or rank > best[0]:
            best = rank, candidate, skip
    assert best is not None
    return best[1], best[2]


def _rows(sample: str, delimiter: str, whole: bool) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a broken row further down; what came before it is enough
        rows.extend(row for row in islice(reader, 200) if row)
    return rows if whole or len(rows) < 2 or len(rows) == 200 else rows[:-1]


def _header_place(rows: list[list[str]], score: Score) -> int:
    """The row with the most known names; where none has two, the first that holds anything but ``sep=``."""
    scores = [score(row) for row in rows[:HEADER_WITHIN]]
    if scores and max(scores) >= 2:
        return scores.index(max(scores))
    texts = ["".join(row).strip() for row in rows]
    return next((place for place, text in enumerate(texts) if text and not text.lower().startswith("sep=")), 0)
