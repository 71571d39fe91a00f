"""Text in cells and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sfa.printable import clean
from sfa.widgets.cells import fit, wrap
from sfa.widgets.columns import Column, ColumnLayout
from sfa.widgets.pages import KEPT, PAGE, Pages


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna Schmidt", "Anna Schmidt"),
        ("a\tb\nc\x1b[31m", "a␉b␊c␛[31m"),
        ("\x7f\x9b", "␡\ufffd"),
        ("abc\u202edef", "abc\ufffddef"),
        ("\ud800", "\ufffd"),
        ("👩‍🚀 می‌خواهم", "👩‍🚀 می‌خواهم"),
    ],
)
def test_what_a_terminal_would_obey_becomes_visible(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(), st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_fitted_text_has_the_width(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align)) == width


def test_cut_text_ends_in_an_ellipsis() -> None:
    assert fit("Anna Schmidt", 6) == "Anna …"
    assert fit("5", 4, "right") == "   5"
    assert fit("日本語", 4) == "日 …"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    wrapped = wrap(text, width)
    assert all(cell_len(line) <= width for line in wrapped)
    expected = "".join(clean(line) for line in text.splitlines())
    assert "".join(wrapped).replace(" ", "") == expected.replace(" ", "")


def test_spare_width_is_shared_by_weight() -> None:
    layout = ColumnLayout([Column("a", "A", 4, weight=2), Column("b", "B", 4), Column("c", "C", 4, weight=0)], 44)
    text = layout.line(["a", "b", "c"])
    assert (text.index("a"), text.index("b"), text.index("c")) == (0, 25, 40)
    assert [column.name for x in (3, 30, 43) if (column := layout.column_at(x))] == ["a", "b", "c"]
    assert layout.column_at(44 + 5) is None


def test_the_first_column_stays_however_narrow() -> None:
    layout = ColumnLayout([Column("a", "Name", 20), Column("b", "B", 4)], 8)
    assert layout.line(["Anna Schmidt", "b"]) == "Anna Sc…"
    assert layout.header("a", False) == "Name▲   "


def test_pages_are_forgotten_when_others_are_needed() -> None:
    class Source:
        count = 100 * PAGE
        read = 0

        def page(self, start: int, stop: int) -> range:
            self.read += 1
            return range(start, stop)

    source = Source()
    pages: Pages[int] = Pages(source)
    assert [pages[n * PAGE + 7] for n in range(KEPT + 1)] == [n * PAGE + 7 for n in range(KEPT + 1)]
    assert pages.missing(0)
    assert not pages.missing(KEPT * PAGE)
    assert source.read == KEPT + 1
    assert pages[100 * PAGE] is None
    assert pages[-1] is None


def test_a_book_that_became_shorter_gives_nothing_for_what_is_gone() -> None:
    class Source:
        count = 10

        def page(self, start: int, stop: int) -> list[int]:
            return [1, 2]

    assert Pages(Source())[5] is None
