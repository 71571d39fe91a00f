"""Ids are UUIDs of version 7 that sort by birth."""

from __future__ import annotations

import uuid

from sfa.models import is_id, new_id, new_ids


def test_later_ids_sort_after_earlier_ones_made_one_by_one_or_many_at_once() -> None:
    ids = [new_id(), *new_ids(10_000), new_id(), *new_ids(1), *new_ids(0), new_id()]
    assert ids == sorted(set(ids))
    assert len(ids) == 10_004


def test_they_are_written_as_the_standard_says() -> None:
    for text in (new_id(), *new_ids(100)):
        found = uuid.UUID(text)
        assert (str(found), found.version, found.variant) == (text, 7, uuid.RFC_4122)
        assert is_id(text)
