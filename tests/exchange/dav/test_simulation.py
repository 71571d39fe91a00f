"""Rep and phone change the same things, the line breaks, the program is killed: nothing is lost, nothing is twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa.exchange.dav.client import Client
from sfa.store.book import Book
from tests.exchange.dav.conftest import connected
from tests.exchange.dav.servers import Server
from tests.exchange.dav.simulation import play

SEEDS = range(8)


@pytest.mark.parametrize("type", ["caldav", "carddav"])
def test_both_agree_in_the_end(type: str, server: Server, client: Client, tmp_path: Path) -> None:
    conflicts = 0
    for seed in SEEDS:
        book = Book.create(tmp_path / f"{seed}.sfa", "Rita Rep")
        world = play(book, connected(book, server, type, take="all"), client, seed)
        conflicts += len(world.book.records("conflict"))
        world.book.close()
        book.close()
    assert conflicts, "the games are such that both change the same"
