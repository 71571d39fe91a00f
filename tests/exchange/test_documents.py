"""Reports as pictures and PDF pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa.exchange.documents import charts, tables
from sfa.sales.figures import engine
from sfa.sales.figures.catalogue import REPORTS
from sfa.sales.figures.report import Ask, Figures
from sfa.store.book import Book
from tests.sales.makers import deal, make, stage, update


@pytest.fixture
def losses(book: Book) -> Figures:
    """A lost deal for each of a dozen reasons."""
    for number in range(12):
        reason = make(book, "loss_reason", name=f"Reason {number}")
        lost = deal(book, f"Deal {number}", amount=100_00)
        update(book, "opportunity", lost, stage=stage(book, "Closed Lost"), loss_reason=reason)
    return engine.read(book, REPORTS["losses"], Ask())


def test_a_chart_says_what_is_drawn_in_the_words_of_the_table(losses: Figures) -> None:
    assert charts.heading(losses) == "Why deals are lost\nLost by loss reason · All time"
    (column,) = losses.plotted()
    assert charts.texts_of(losses, column) == ["1"] * 12


def test_chart_and_table_are_on_one_page(losses: Figures, tmp_path: Path) -> None:
    tables.write_pdf(losses, tmp_path / "losses.pdf")
    assert (tmp_path / "losses.pdf").read_bytes().count(b"/Type /Page\n") == 1
