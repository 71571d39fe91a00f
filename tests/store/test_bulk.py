"""Many records at once are written as one after the other would be."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.columns import dumps, dumps_all
from sfa.store.search import hits

ROWS: list[dict[str, Any]] = [
    {
        "last_name": "Ek",
        "first_name": "Anna",
        "phones": [{"label": "work", "value": "+493012345", "e164": "+493012345"}],
    },
    {"last_name": "Łódź", "emails": [{"label": "work", "value": "a@b.de"}], "shoe_size": 46},
    {"last_name": "Gone", "deleted_at": "2026-01-01T00:00:00Z"},
]


def test_rows_lie_in_the_book_as_single_inserts_do(book: Book) -> None:
    with book.change("Field") as change:
        edit.create(change, "custom_field", {"of_kind": "contact", "name": "shoe_size", "type": "integer"})
    with book.change("One by one") as change:
        for values in ROWS:
            change.insert("contact", values)
    names = tuple({name: None for values in ROWS for name in values})
    with book.change("At once") as change:
        ids = change.insert_rows("contact", names, [[values.get(name) for name in names] for values in ROWS])
        assert change.insert_rows("contact", names, []) == []
    every = [values for (values,) in book.rows("SELECT id FROM contact ORDER BY n")]
    assert every[3:] == ids == sorted(ids)
    records = [book.get("contact", record_id).values for record_id in every]
    bare = [{name: value for name, value in values.items() if name not in ("id", "n")} for values in records]
    assert bare[:3] == bare[3:]
    keys = book.rows("SELECT sort_key FROM contact ORDER BY n")
    assert keys[:3] == keys[3:] == [("ek anna",), ("lodz",), ("gone",)]
    for text, count in {"ek anna": 2, "03012345": 2, "lodz": 2, "gone": 0}.items():
        assert len(hits(book, text, ("contact",))) == count, text


values = st.none() | st.recursive(
    st.text(max_size=5) | st.integers() | st.sampled_from(['","', '"', "\\", "\x00", "\\u0000", ',"\\u0000",']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(st.lists(values, max_size=8))
def test_many_values_are_spelled_as_each_by_itself(several: list[object]) -> None:
    assert dumps_all(several) == [None if value is None else dumps(value) for value in several]
