"""Rows of one file that point to each other, or to themselves: none can be the first, so they come all at once."""

from __future__ import annotations

from collections.abc import Mapping, Set

from sfa.models import Record, fold
from sfa.models.fields import Value


def row_keys(record: type[Record], values: Mapping[str, Value]) -> set[str]:
    """What other rows may call the record with ``values``: its name, its id, the one that it had elsewhere."""
    known = (record.heading_of(values), values.get("id"), values.get("external_id"))
    return {fold(str(key)) for key in known if key}


def closed(keys: Mapping[int, Set[str]], missing: Mapping[int, Set[str]]) -> dict[str, int]:
    """Key → place of the rows whose missing names are all keys of such rows again. A key of two rows means neither."""
    places = {key: place for place, own in keys.items() for key in own}
    doubtful = {key for place, own in keys.items() for key in own if places[key] != place}
    left = dict(missing)
    while True:
        known = {key: place for key, place in places.items() if place in left and key not in doubtful}
        unmet = [place for place, texts in left.items() if not texts <= known.keys()]
        if not unmet:
            return known
        for place in unmet:
            del left[place]
