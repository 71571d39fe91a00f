"""Moments of the past, as reps say them. Now is Wednesday, 18 November 2026, 10:00 in Berlin."""

from __future__ import annotations

import pytest

from sfa.errors import UserError
from sfa.sales.review import moments
from sfa.store.book import Book
from tests.sales.makers import deal


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("monday", "2026-11-15T23:00:00Z"),
        ("Wednesday", "2026-11-10T23:00:00Z"),
        ("last fri", "2026-11-12T23:00:00Z"),
        ("yesterday", "2026-11-16T23:00:00Z"),
        ("2 weeks ago", "2026-11-03T23:00:00Z"),
        ("-7d", "2026-11-10T23:00:00Z"),
        ("1 month ago", "2026-10-17T22:00:00Z"),
        ("last week", "2026-11-07T23:00:00Z"),
        ("this month", "2026-10-31T23:00:00Z"),
        ("2026-11-01", "2026-10-31T23:00:00Z"),
        ("2026-11-17 16:30", "2026-11-17T15:30:00Z"),
        ("2026-Q3", "2026-06-30T22:00:00Z"),
    ],
)
def test_what_reps_say(book: Book, text: str, local: str) -> None:
    assert moments.read(book, text).at == local


def test_the_end_of_a_day_is_the_next_midnight_and_never_after_now(book: Book) -> None:
    assert moments.read(book, "monday", end=True).at == "2026-11-16T23:00:00Z"
    assert moments.read(book, "today", end=True) == moments.present(book)


@pytest.mark.parametrize("text", ["2027-01-01", "some day", "last review"])
def test_what_is_no_moment_of_the_past(book: Book, text: str) -> None:
    with pytest.raises(UserError):
        moments.read(book, text)


def test_a_review_is_of_two_moments_in_their_order(book: Book) -> None:
    since, until = moments.span(book, "2026-11-02", "2026-11-02")
    assert until
    assert (moments.show(since), moments.show(until, end=True)) == ("11/2/2026", "11/2/2026")
    assert moments.span(book, "", "") == (moments.default(book), None)
    with pytest.raises(UserError, match="is not after"):
        moments.span(book, "2026-11-02", "2026-11-01")


def test_the_last_review_is_remembered_without_an_action(book: Book) -> None:
    assert moments.default(book).at == "2026-11-10T23:00:00Z"
    deal(book)
    ended = moments.present(book)
    moments.remember(book, ended)
    assert moments.read(book, "last review") == moments.default(book) == ended
    assert moments.present(book) == ended


def test_a_moment_lies_before_the_first_action_that_was_done_after_it(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFA_NOW", "2026-11-19T09:00:00Z")
    deal(book)
    with book.transaction() as connection:  # somebody else's, done before it and arrived after it
        for day, origin in ((18, "sync"), (20, "sync")):
            connection.execute(
                "INSERT INTO action (id, at, device, origin, title, mode, root) VALUES (?, ?, '', ?, '', 'do', 0)",
                (f"id{day}", f"2026-11-{day}T10:00:00Z", origin),
            )
    newest = moments.present(book).number
    assert moments.of(book, "2026-11-19T09:30:00Z").number == newest - 1
    assert moments.of(book, "2026-11-18T12:00:00Z").number == newest - 3
    assert moments.of(book, "2026-11-21T12:00:00Z").number == newest
