"""A book whose file another program has replaced takes no more changes: they would go where nobody finds them."""

from __future__ import annotations

import shutil

import pytest

from sfa.errors import BookError
from sfa.store.book import Book
from tests.sales.makers import make


def test_nothing_is_written_to_a_file_that_is_no_longer_the_book(book: Book) -> None:
    make(book, "tag", name="first")
    other = book.path.with_name("other.sfa")
    shutil.copy(book.path, other)
    other.replace(book.path)
    with pytest.raises(BookError, match="another file in the place of"):
        make(book, "tag", name="second")
    assert [tag.heading for tag in book.records("tag")] == ["first"]
