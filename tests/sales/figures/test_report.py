"""Figures as people and as machines read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sfa import locales
from sfa.sales.figures.report import Column, plain, shown


@pytest.mark.parametrize(
    ("kind", "value", "english", "german", "machine"),
    [
        ("percent", 64.3, "64.30%", "64,30\xa0%", 64.3),
        ("percent", -2.006, "-2.01%", "-2,01\xa0%", -2.01),
        ("days", 1051.78, "1,051.78", "1.051,78", 1051.78),
        ("hours", 0.25, "0.2", "0,2", 0.25),
        ("seconds", 3725, "1:02", "1:02", 3725),
        ("count", 1234, "1,234", "1.234", 1234),
        ("money", 236_091.5, "$2,360.92", "2.360,92\xa0$", Decimal("2360.92")),
        ("text", "a", "a", "a", "a"),
        ("money", None, "", "", None),
    ],
)
def test_each_kind_is_written_its_way(kind: str, value: Any, english: str, german: str, machine: Any) -> None:
    column = Column("x", "X", kind)
    locales.use("en_US")
    assert shown(column, value, "USD") == english
    locales.use("de_DE")
    assert shown(column, value, "USD") == german
    assert plain(column, value, "USD") == machine
