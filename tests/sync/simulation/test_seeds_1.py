"""Seeds from 0 on: whatever goes wrong between laptops and head office, every promise is kept."""

from __future__ import annotations

import pytest

from tests.sync.simulation.sweep import shares, sweep


@pytest.mark.parametrize("first", shares(0))
def test_every_promise_is_kept(first: int) -> None:
    sweep(first)
