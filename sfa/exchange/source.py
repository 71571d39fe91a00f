"""Files as chunks of rows: CSV of every dialect, and JSON lines. Nothing is held beyond one chunk."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sfa.errors import UserError
from sfa.exchange.dialect import Dialect, Score, detect, errors_of
from sfa.i18n import _
from sfa.models.lists import SEPARATOR

CHUNK = 2000  # rows


class Broken(NamedTuple):
    """A row that is no row: its text and what is wrong."""

    text: str
    reason: str


Row = tuple[int, list[str] | Broken]  # the line that it begins in, its cells
Batch = tuple[int, list[Row]]  # bytes read so far, rows


class Chunk(NamedTuple):
    """Some rows with the lines that they begin in, rows that are none, and how many bytes of the file are behind us."""

    lines: list[int]
    rows: list[list[str]]
    broken: list[tuple[int, Broken]]
    done: int


class Source:
    """A file with columns: ``headers`` and ``chunks``. ``size`` is in bytes. ``exact`` ones have spans in seconds."""

    exact = False

    def __init__(self, path: Path, headers: list[str]) -> None:
        self.path, self.headers = path, headers
        self.size = path.stat().st_size

    def chunks(self) -> Iterator[Chunk]:
        """All rows after the header; lines without any cell are no rows."""
        for done, rows in self._batches():
            good = [(line, cells) for line, cells in rows if not isinstance(cells, Broken)]
            broken = [(line, cells) for line, cells in rows if isinstance(cells, Broken)]
            yield Chunk([line for line, _cells in good], [cells for _line, cells in good], broken, done)

    def _batches(self) -> Generator[Batch, None, None]:
        raise NotImplementedError


def open_source(path: Path, score: Score, encoding: str = "", delimiter: str = "") -> Source:
    """The file at ``path``; ``score`` says how many cells of a row are names of known columns. Raises ``UserError``."""
    if not path.is_file():
        raise UserError(_("There is no file {path}.").format(path=path))
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return JsonSource(path)
    return CsvSource(path, detect(path, score, encoding, delimiter))


class CsvSource(Source):
    """Comma separated values, with any delimiter. Quoted line breaks are data; a stray quote costs only its line."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self.path, self.dialect = path, dialect
        self._before = 0  # records before the first row, the header among them
        with closing(self._batches()) as batches:
            rows = (cells for _done, batch in batches for _line, cells in batch)
            cells = next(islice(rows, dialect.skip, None), [])
        self._before = dialect.skip + 1
        super().__init__(path, [header.strip() for header in cells] if isinstance(cells, list) else [])

    def _batches(self) -> Generator[Batch, None, None]:
        encoding, before, number = self.dialect.encoding, self._before, 1
        with (
            self.path.open("rb") as file,
            io.TextIOWrapper(file, encoding, errors=errors_of(encoding), newline="") as text,
        ):
            while lines := list(islice(text, CHUNK)):
                rows = self._read(number, lines) or self._read_with_care(number, lines, text)
                number += len(lines)
                found = [row for row in rows if row[1]]
                yield file.tell(), found[before:]
                before -= min(before, len(found))

    def _read(self, number: int, lines: list[str]) -> list[Row]:
        """The rows of ``lines`` where each is a row of its own; nothing otherwise."""
        try:
            rows = list(self._reader(lines))
        except csv.Error:
            return []
        return list(enumerate(rows, number)) if len(rows) == len(lines) else []

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.dialect.delimiter, strict=True)

    def _read_with_care(self, number: int, lines: list[str], text: Iterator[str]) -> list[Row]:
        """The rows that begin within ``lines``, which grow by those that the last row needs more."""
        rows: list[Row] = []
        place = 0
        while place < len(lines):
            taken = _Lines(lines, place, text)
            reader = self._reader(taken)
            try:
                for cells in reader:
                    rows.append((number + place, cells))
                    place = taken.place
                    if place >= len(lines):
                        break
            except csv.Error as error:
                rows.append((number + place, Broken(lines[place], str(error))))
                place += 1
        return rows


class _Lines:
    """The lines from ``place`` on, of which more are taken from ``text`` as a row needs them."""

    def __init__(self, lines: list[str], place: int, text: Iterator[str]) -> None:
        self.lines, self.place, self.text = lines, place, text

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.place == len(self.lines):
            self.lines.append(next(self.text))
        self.place += 1
        return self.lines[self.place - 1]


class JsonSource(Source):
    """One JSON object a line, as ``export`` writes them. The headers are all keys that any of them has."""

    exact = True

    def __init__(self, path: Path) -> None:
        keys: dict[str, None] = {}
        with path.open("rb") as file:
            for line in file:
                keys.update(dict.fromkeys(_object(line) or ()))
        super().__init__(path, list(keys))

    def _batches(self) -> Generator[Batch, None, None]:
        with self.path.open("rb") as file:
            numbered = enumerate(file, 1)
            while lines := list(islice(numbered, CHUNK)):
                yield file.tell(), [(number, self._row(line)) for number, line in lines if line.strip()]

    def _row(self, line: bytes) -> list[str] | Broken:
        record = _object(line)
        if record is None:
            return Broken(line.decode("utf-8", "surrogateescape"), _("is no JSON object"))
        return [_cell(record.get(header)) for header in self.headers]


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line, parse_float=number_text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _cell(value: Any) -> str:
    """A JSON value as the text that a field reads."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, dict) and "value" in item for item in value):
        return "; ".join(f"{item.get('label') or 'work'}: {item['value']}" for item in value)
    if isinstance(value, list):
        return "; ".join(map(_link, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _link(value: Any) -> str:
    """One of several links: by id and name where the name cannot be taken for two."""
    text = _cell(value)
    return str(value["id"]) if isinstance(value, dict) and "id" in value and SEPARATOR.search(text) else text


def number_text(text: str) -> str:
    """A plain decimal such that no locale takes its point for thousands: three decimals become four."""
    return text + "0" if len(text.partition(".")[2]) == 3 else text
