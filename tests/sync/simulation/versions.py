"""A laptop with an older version: fields and a kind that it does not know yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sfa.models import KINDS
from sfa.server import placement
from sfa.store import columns, schema, search
from sfa.sync import outbox

KIND = "relation"
FIELDS = {"account": ("industry", "billing_city"), "contact": ("nickname",), "opportunity": ("loss_notes", "next_step")}
_CACHES = (
    columns.columns, columns.json_columns, columns._names, columns.listed, schema.table, schema.metadata,
    search.ranked, outbox._sent, placement.depth,
)  # fmt: skip


def _forget() -> None:
    for cached in _CACHES:
        cached.cache_clear()


@contextmanager
def older(is_older: bool) -> Iterator[None]:
    """The models as they were before: what is done meanwhile, an older version does."""
    if not is_older or KIND not in KINDS:
        yield
        return
    kinds, fields = dict(KINDS), {kind: KINDS[kind].fields for kind in FIELDS}
    del KINDS[KIND]
    for kind, hidden in FIELDS.items():
        KINDS[kind].fields = {name: field for name, field in fields[kind].items() if name not in hidden}
    _forget()
    try:
        yield
    finally:
        KINDS.clear()
        KINDS.update(kinds)
        for kind, known in fields.items():
            KINDS[kind].fields = known
        _forget()
