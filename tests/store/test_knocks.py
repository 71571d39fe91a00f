"""What one program asks another's screens to show."""

from __future__ import annotations

import pytest

from sfa.store.book import Book
from sfa.store.knocks import Knock, is_answered, knock, take, withdraw

SHOW = Knock("show", "contact", "0190")
RING = Knock("rings", phone="+493012345")


def test_knocks_are_taken_in_order_and_once(book: Book) -> None:
    first = knock(book, SHOW)
    knock(book, RING)
    assert not is_answered(book, first)
    assert take(book) == [SHOW, RING]
    assert is_answered(book, first)
    assert take(book) == []


def test_nobody_is_shown_what_was_wanted_long_ago(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    knock(book, SHOW)
    monkeypatch.setenv("SFA_NOW", "2026-11-18T09:10:00Z")
    knock(book, RING)
    assert take(book) == [RING]
    assert book.value("SELECT count(*) FROM knock") == 0


def test_a_knock_that_nobody_answers_is_withdrawn(book: Book) -> None:
    number = knock(book, SHOW)
    assert withdraw(book, number)
    assert not withdraw(book, number)
    assert take(book) == []
