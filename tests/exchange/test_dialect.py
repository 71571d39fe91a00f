"""Files come in every encoding, with every delimiter and with lines before their header."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from sfa.exchange.dialect import detect_encoding
from sfa.exchange.source import Chunk, Source, open_source

KNOWN = {"company_name", "phone", "city", "a", "b", "c", "First Name", "Last Name", "Notes", "Email Address", "Company"}


def score(cells: Sequence[str]) -> int:
    return len(KNOWN.intersection(cells))


def rows(source: Source) -> list[list[str]]:
    return [row for chunk in source.chunks() for row in chunk.rows]


def read(tmp_path: Path, content: str | bytes, encoding: str = "") -> tuple[Source, Chunk]:
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = open_source(path, score, encoding)
    chunks = list(source.chunks())
    return source, Chunk(
        [line for chunk in chunks for line in chunk.lines],
        [row for chunk in chunks for row in chunk.rows],
        [broken for chunk in chunks for broken in chunk.broken],
        chunks[-1].done if chunks else 0,
    )


@pytest.mark.parametrize(
    "name", ["cp1252", "cp850_dos", "macroman_cr", "semicolon_cp1252", "utf16be_bom", "utf16le_bom", "utf8", "utf8_bom"]
)
def test_the_same_customers_come_out_of_every_encoding(name: str, data: Path) -> None:
    folder = data / "csv" / "encodings"
    with (folder / "northwind_customers_utf8.csv").open(encoding="utf-8", newline="") as file:
        headers, *expected = csv.reader(file)
    source = open_source(folder / f"northwind_customers_{name}.csv", score)
    assert source.headers == headers
    assert rows(source) == expected


def test_utf_16_is_known_without_its_mark(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        source, chunk = read(tmp_path, "a,b\nMüller,2\n".encode(encoding))
        assert (source.headers, chunk.rows) == (["a", "b"], [["Müller", "2"]])


def test_one_foreign_letter_late_in_a_large_file_decides(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"a,b\n" + b"x,y\n" * 50_000 + "Böhm,z\n".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    source, chunk = read(
        tmp_path, f"a{delimiter}b\n1,5{delimiter}2;5\n" if delimiter in "\t|" else f"a{delimiter}b\n1{delimiter}2\n"
    )
    assert source.headers == ["a", "b"]
    assert len(chunk.rows[0]) == 2


def test_what_stands_before_the_header_is_skipped(tmp_path: Path) -> None:
    linkedin = (
        'Notes:\n"When exporting, you may notice, that some are missing"\n\nFirst Name,Last Name,Company\nA,B,C\n'
    )
    source, chunk = read(tmp_path, linkedin)
    assert source.headers == ["First Name", "Last Name", "Company"]
    assert (chunk.lines, chunk.rows) == ([5], [["A", "B", "C"]])


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    _source, chunk = read(tmp_path, 'a,b\n1,"two\nlines"\n\n3,4\r\n5,6')
    assert chunk.rows == [["1", "two\nlines"], ["3", "4"], ["5", "6"]]
    assert chunk.lines == [2, 5, 6]


def test_a_stray_quote_costs_one_line(tmp_path: Path) -> None:
    good = "".join(f"{n},x\n" for n in range(5000))
    _source, chunk = read(tmp_path, f'a,b\n1,2\n"broken,3\n{good}')
    assert [(line, broken.text) for line, broken in chunk.broken] == [(3, '"broken,3\n')]
    assert len(chunk.rows) == 5001
    assert chunk.lines[-1] == 5003


def test_a_row_across_the_border_of_a_chunk_stays_whole(tmp_path: Path) -> None:
    before = "".join(f"{n},x\n" for n in range(1998))
    _source, chunk = read(tmp_path, f'a,b\n{before}z,"one\ntwo\nthree"\nlast,1\n')
    assert chunk.rows[-2:] == [["z", "one\ntwo\nthree"], ["last", "1"]]
    assert chunk.lines[-2:] == [2000, 2003]


def test_bytes_that_are_no_text_come_through_marked(tmp_path: Path) -> None:
    _source, chunk = read(tmp_path, b"a,b\nx\x81y,2\n", "utf-8")
    assert chunk.rows == [["x\udc81y", "2"]]


@pytest.mark.parametrize(
    "name", ["comma_in_quotes", "escaped_quotes", "newlines", "newlines_crlf", "quotes_and_newlines"]
)
def test_the_csv_spectrum(name: str, data: Path) -> None:
    path = data / "csv" / "csv-spectrum" / "csvs" / f"{name}.csv"
    with io.StringIO(path.read_bytes().decode(), newline="") as text:
        headers, *expected = csv.reader(text)
    source = open_source(path, score)
    assert (source.headers, rows(source)) == (headers, expected)
