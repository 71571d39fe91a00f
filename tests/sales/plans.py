"""What SQLite does for the queries of a function: which tables it walks through, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from sfa.store.book import Book

LARGE = re.compile(
    r"SCAN (account|contact|lead|opportunity|deal|activity|entry|action)\b(?! USING \w*\s*INDEX \w+_open_)"
)
Query = tuple[str, Sequence[Any]]


@contextmanager
def queries(book: Book) -> Iterator[list[Query]]:
    """Collects what the book is asked meanwhile."""
    asked: list[Query] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("rows", "value"):
            patch.setattr(book, name, _listening(getattr(book, name), asked))
        yield asked


def _listening(read: Callable[..., Any], asked: list[Query]) -> Callable[..., Any]:
    def listen(sql: str, parameters: Sequence[Any] = ()) -> Any:
        asked.append((sql, parameters))
        return read(sql, parameters)

    return listen


def plan(book: Book, sql: str, parameters: Sequence[Any] = ()) -> list[str]:
    """The steps of a query."""
    return [row[3] for row in book.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)]


def scans(book: Book, read: Callable[..., object], *arguments: object) -> list[str]:
    """The whole tables of many records that ``read`` walks through; indexes of the few open ones are none."""
    with queries(book) as asked:
        read(book, *arguments)
    assert asked
    steps = [step for sql, parameters in asked for step in plan(book, sql, parameters)]
    return [step for step in steps if LARGE.search(step)]


def reads_only_the_index(book: Book, sql: str, parameters: Sequence[Any] = ()) -> bool:
    """Whether every column comes from an index: no instruction reads one from the table itself."""
    code = book.rows(f"EXPLAIN {sql}", parameters)
    indexes = {row[2] for row in code if row[1] == "OpenRead" and str(row[5]).startswith("k(")}
    return bool(indexes) and {row[2] for row in code if row[1] == "Column"} <= indexes
