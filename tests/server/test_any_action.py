"""Any action that a hostile laptop could make up is judged or refused, on both databases, and nothing stumbles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sfa.models import KINDS, new_id
from sfa.server.database import Database
from tests.server.offices import asking, enrolled, everything, founded, opened

TRIED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
ODD = ("", "\0", "a\0b", "\u202e", "x" * 70, "2026-11-18", "2026-11-18T09:00:00Z", "account", "9" * 400)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**31, 2**62, 2**63, 2**64 - 1, -(2**63), 1e308, 0.1]),
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["label", "value", "e164", *ODD]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = sorted({"stream", "n", "id", "kind", "nothing"}.union(*(kind.fields for kind in KINDS.values())))


def entries(known: list[tuple[str, str]]) -> st.SearchStrategy[list[Any]]:
    """Entries about records that there are (kind and id), and about others."""
    values, names = st.one_of(VALUES, st.sampled_from([record for _kind, record in known])), st.sampled_from(FIELDS)
    about = st.one_of(st.sampled_from(known), st.tuples(st.sampled_from([*KINDS, "unknown"]), st.builds(new_id)))
    inserted = st.dictionaries(names, values, max_size=6)
    updated = st.dictionaries(names, st.tuples(values, values), max_size=4)
    done = st.one_of(
        st.tuples(st.just("insert"), inserted),
        st.tuples(st.just("update"), st.one_of(updated, updated, inserted)),
        st.tuples(st.just("remove"), st.just(dict[str, Any]())),
    )
    was = st.sampled_from(["", "0" * 16])
    return st.tuples(about, done, inserted, was).map(lambda made: [*made[0], *made[1], *made[2:]])


NEW = new_id()
STRANGE: list[list[Any]] = [
    ["account", NEW, "leave", {}, {}, ""],
    ["account", NEW, "put", {"name": "Acme"}, {}, ""],
    ["account", "\0", "insert", {"name": "Acme"}, {}, ""],
    ["a\0b", NEW, "insert", {"name": "Acme"}, {}, ""],
    ["account", NEW, "insert", {"na\0me": "Acme"}, {}, ""],
    ["account", NEW, "insert", {"name": "\ud800"}, {}, ""],
    ["account", NEW, "insert", {"name": "a\0b"}, {}, ""],
    ["account", NEW, "insert", {"unknown_field": {"a": ["\0"]}, "name": "Acme"}, {}, ""],
    ["unknown", NEW, "insert", {"name": "\0"}, {}, "x"],
    ["account", NEW, "insert", {"name": "Acme", "created_at": "9" * 30}, {}, ""],
    ["account", NEW, "insert", {"name": 2**70}, {}, ""],
]


def test_any_action_is_judged_or_refused(database: Database, tmp_path: Path) -> None:
    office = founded(database, tmp_path)
    known = database.read(lambda session: session.rows("SELECT kind, id FROM record"))
    with opened(office) as app:
        ask = asking(app)
        answered = []

        def judged(made: list[Any], count: int) -> None:
            welcome = enrolled(database, "rita")
            office_before = everything(database)
            actions = [
                {"n": n, "id": new_id(), "at": "2026-11-18T09:00:00Z", "origin": "x", "title": "a\0b", "entries": made}
                for n in range(1, count + 1)
            ]
            body = json.dumps({"server": welcome.server, "chain": "", "actions": actions}).encode()
            reply = ask("POST", "/v1/push", body, token=welcome.token)
            assert reply.status < 500
            if reply.status >= 400:
                assert everything(database) == office_before
            answered.append(reply.status)
            ask("POST", "/v1/logout", token=welcome.token)

        some = st.lists(entries([(kind, record) for kind, record in known]), min_size=1, max_size=3)
        TRIED(given(some, st.integers(1, 2))(judged))()
        assert answered.count(200) > len(answered) / 2  # not all was refused at the door
        for entry in STRANGE:
            judged([entry], 1)
