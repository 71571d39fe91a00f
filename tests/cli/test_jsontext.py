"""JSON that is exact and harmless."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sfa.cli.jsontext import pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def written(value: Any, ascii_only: bool = False) -> str:
    return "".join(pieces(value, ascii_only=ascii_only))


@given(VALUES, st.booleans())
def test_everything_comes_back_and_nothing_is_obeyed(value: Any, ascii_only: bool) -> None:
    text = written(value, ascii_only)
    assert json.loads(text) == value
    assert text.replace("\n", "").isprintable()
    assert text.isascii() or not ascii_only


def test_amounts_are_exact_numbers() -> None:
    assert written({"amount": Decimal("999999999999999.99")}) == '{\n  "amount": 999999999999999.99\n}'
    assert written([Decimal("0.10"), Decimal("1E+3")]) == "[\n  0.10,\n  1000\n]"


def test_any_iterable_is_an_array() -> None:
    assert json.loads(written(number for number in range(3))) == [0, 1, 2]
    assert written(iter(())) == "[]"
    assert written({}) == "{}"
