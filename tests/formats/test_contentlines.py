"""Content lines: folded at 75 octets between characters, escaped, and read back however broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.formats.contentlines import (
    Line,
    decode,
    escape,
    fold,
    folded,
    param_value,
    parse,
    split,
    unescape,
    unfold,
    write_line,
)

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"))


@given(TEXT)
def test_text_comes_back_and_no_line_is_too_long(text: str) -> None:
    written = fold(write_line("SUMMARY", escape(text)))
    assert written.endswith("\r\n")
    for octets in written.encode().split(b"\r\n"):
        assert len(octets) <= 75
        octets.decode()  # no character is cut
    (line,) = unfold(written)
    assert unescape(parse(line).value) == text


@pytest.mark.parametrize("size", range(60, 80))
def test_spaces_where_a_line_is_broken_stay(size: int) -> None:
    text = "x" * size + "   and more"
    assert [parse(line).value for line in unfold(fold(write_line("SUMMARY", text)))] == [text]


@given(st.lists(TEXT, min_size=1))
def test_values_with_separators_come_back(parts: list[str]) -> None:
    assert [unescape(part) for part in split(",".join(map(escape, parts)), ",")] == parts


@given(TEXT)
def test_parameters_come_back(text: str) -> None:
    line = parse(write_line("ATTENDEE", "mailto:a@b.example", {"CN": text, "ROLE": "CHAIR"}))
    assert (line.param("CN"), line.param("ROLE"), line.value) == (text, "CHAIR", "mailto:a@b.example")


def test_a_fold_lies_between_characters() -> None:
    assert fold("X:" + "ü" * 40) == "X:" + "ü" * 36 + "\r\n ü" + "ü" * 3 + "\r\n"


def test_only_what_must_be_is_quoted() -> None:
    assert param_value("Ann") == "Ann"
    assert param_value('Ann: "the boss", Ltd') == "\"Ann: ^'the boss^', Ltd\""
    assert folded(["A:1", "B:2"]) == "A:1\r\nB:2\r\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A:1\nB:2\n", ["A:1", "B:2"]),
        ("A:1\r\n 2\r\n\t3\r\n", ["A:123"]),
        ("\ufeffBEGIN:VCARD\r\n", ["BEGIN:VCARD"]),
        ("A:first\nand a second line\nB:2", ["A:first\nand a second line", "B:2"]),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:a=\n  b\nC:3", ["NOTE;ENCODING=QUOTED-PRINTABLE:ab", "C:3"]),
        ("A:1\n\n\nB:2", ["A:1", "B:2"]),
    ],
)
def test_broken_texts_are_read(text: str, lines: list[str]) -> None:
    assert list(unfold(text)) == lines


def test_lines_are_taken_apart() -> None:
    assert parse('item1.tel;HOME;QUOTED-PRINTABLE;type="a,b",c:+49:1') == Line(
        "TEL", {"TYPE": ["HOME", "a,b", "c"], "ENCODING": ["QUOTED-PRINTABLE"]}, "+49:1", "item1"
    )
    assert parse('ORGANIZER;CN="Mia:mailto:mia@x.example').value == "mailto:mia@x.example"
    with pytest.raises(ValueError, match="no name"):
        parse("no name")


def test_files_are_decoded() -> None:
    assert (
        decode("Ü".encode())
        == decode("Ü".encode("utf-16"))
        == decode(b"\xdc")
        == decode("Ü".encode("utf-8-sig"))
        == "Ü"
    )
