"""The three-way merge: its laws for any values, and an example for each rule of its table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.models import KINDS
from sfa.sync.merge import Clash, Merged, context, document, merge, substance

Values = dict[str, Any]
DEAL, CONTACT, ACCOUNT, ACTIVITY = (KINDS[kind].fields for kind in ("opportunity", "contact", "account", "activity"))
POSITIONS = {"first": 1.0, "second": 2.0, "third": 3.0}


def position(_kind: str, record: str) -> float:
    return POSITIONS.get(record, -1.0)


def merged(fields: Any, theirs: Values, changes: dict[str, list[Any]], seen: Values | None = None) -> Merged:
    return merge(fields, theirs, changes, seen or {}, position)


# Laws

texts = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
lines = st.one_of(st.none(), st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=4).map("\n".join))
tags = st.lists(st.sampled_from(["t1", "t2", "t3"]), unique=True).map(lambda items: sorted(items) or None)
numbers = st.lists(st.sampled_from(["+49301", "+49302", "+49303"]), unique=True).map(
    lambda items: [{"label": "work", "value": item, "e164": item} for item in items] or None
)
fields_of_contact = st.fixed_dictionaries(
    {
        "title": texts, "first_name": texts, "last_name": texts, "description": lines, "tags": tags, "phones": numbers,
        "do_not_call": st.sampled_from([None, 0, 1]), "x_newer": texts,
    }
)  # fmt: skip


def filled(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def changes_between(base: Values, mine: Values) -> dict[str, list[Any]]:
    return {name: [base[name], mine[name]] for name in base if base[name] != mine[name]}


@given(fields_of_contact, fields_of_contact)
def test_what_nobody_else_changed_is_mine(base: Values, mine: Values) -> None:
    changes = changes_between(base, mine)
    result = merged(CONTACT, filled(base), changes, context(CONTACT, base, changes))
    assert result.clashes == []
    assert {**base, **result.values} == {**base, **{name: pair[1] for name, pair in changes.items()}}


@given(fields_of_contact, fields_of_contact)
def test_what_is_there_already_changes_nothing(base: Values, mine: Values) -> None:
    changes = changes_between(base, mine)
    assert merged(CONTACT, filled(mine), changes, context(CONTACT, base, changes)) == Merged({}, [])


@given(fields_of_contact, fields_of_contact, fields_of_contact)
def test_every_change_is_taken_or_kept_in_a_clash(base: Values, mine: Values, theirs: Values) -> None:
    changes = changes_between(base, mine)
    result = merged(CONTACT, filled(theirs), changes, context(CONTACT, base, changes))
    after = {**theirs, **result.values}
    clashing = {name for clash in result.clashes for name in (*clash.base, *clash.mine, *clash.theirs)}
    for name, (_old, new) in changes.items():
        plain = CONTACT.get(name) is None or not (CONTACT[name].merge or name in ("description", "tags", "phones"))
        assert after[name] == new or not plain or name in clashing
    for clash in result.clashes:
        assert not clash.mine.keys() & result.values.keys()  # theirs stands
        assert clash.theirs == {name: theirs[name] for name in clash.theirs}


@given(fields_of_contact, fields_of_contact, fields_of_contact)
def test_what_only_others_changed_stays(base: Values, mine: Values, theirs: Values) -> None:
    changes = changes_between(base, mine)
    result = merged(CONTACT, filled(theirs), changes, context(CONTACT, base, changes))
    assert result.values.keys() <= changes.keys()


@given(tags, tags, tags)
def test_sets_take_in_what_was_added_and_leave_out_what_was_taken(base: Any, mine: Any, theirs: Any) -> None:
    if base == mine:
        return
    result = merged(CONTACT, filled({"tags": theirs}), {"tags": [base, mine]})
    was, wanted, there = set(base or ()), set(mine or ()), set(theirs or ())
    expected = (there | (wanted - was)) - (was - wanted)
    assert set({"tags": theirs, **result.values}["tags"] or ()) == expected
    assert result.clashes == []


@given(lines, lines, lines)
def test_no_line_of_a_note_is_lost(base: Any, mine: Any, theirs: Any) -> None:
    if base == mine:
        return
    result = merged(CONTACT, filled({"description": theirs}), {"description": [base, mine]})
    if result.clashes:
        return
    after = str({"description": theirs, **result.values}["description"] or "").splitlines()
    added = set(str(mine or "").splitlines()) - set(str(base or "").splitlines())
    assert added <= set(after)
    if theirs != base:
        assert set(str(theirs or "").splitlines()) <= set(after)


# The rules of the table, one by one


def test_theirs_is_still_the_base() -> None:
    assert merged(ACCOUNT, {"website": "old"}, {"website": ["old", "mine"]}) == Merged({"website": "mine"}, [])


def test_theirs_is_mine_already() -> None:
    assert merged(ACCOUNT, {"website": "mine"}, {"website": ["old", "mine"]}) == Merged({}, [])


def test_lists_are_sets_and_a_relabelled_number_is_the_same_number() -> None:
    one, other, new = ({"label": "work", "value": n, "e164": n} for n in ("+491", "+492", "+493"))
    result = merged(CONTACT, {"phones": [one, other]}, {"phones": [[one], [{**one, "label": "home"}, new]]})
    assert result == Merged({"phones": [{**one, "label": "home"}, other, new]}, [])


def test_a_number_that_both_took_out_is_out_and_one_that_theirs_relabelled_stays() -> None:
    one = {"label": "work", "value": "+491", "e164": "+491"}
    assert merged(CONTACT, {}, {"phones": [[one], None]}) == Merged({}, [])
    relabelled = {**one, "label": "home"}
    assert merged(CONTACT, {"phones": [relabelled]}, {"phones": [[one], None]}) == Merged({}, [])


def test_notes_keep_both() -> None:
    result = merged(CONTACT, {"description": "first\ntheirs"}, {"description": ["first", "first\nmine"]})
    assert result == Merged({"description": "first\ntheirs\nmine"}, [])


def test_a_note_shortened_here_and_lengthened_there_is_a_conflict() -> None:
    result = merged(CONTACT, {"description": "one\ntwo\nthree"}, {"description": ["one\ntwo", "one"]})
    assert result.values == {}
    assert result.clashes == [
        Clash({"description": "one\ntwo"}, {"description": "one"}, {"description": "one\ntwo\nthree"})
    ]


def test_two_notes_that_together_are_too_long_are_a_conflict() -> None:
    long = "x" * (CONTACT["description"].max - 3)
    result = merged(CONTACT, {"description": long}, {"description": ["a", "a\nmine"]})
    assert result.values == {}
    assert len(result.clashes) == 1


@pytest.mark.parametrize(
    ("fields", "name", "base", "mine", "theirs", "stands"),
    [
        (CONTACT, "do_not_call", None, 1, 0, 1),
        (CONTACT, "do_not_call", None, 0, 1, 1),
        (ACTIVITY, "completed_at", None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        (DEAL, "furthest_stage", "first", "second", "third", "third"),
        (DEAL, "furthest_stage", "first", "third", "second", "third"),
    ],
)
def test_fields_with_a_rule(fields: Any, name: str, base: Any, mine: Any, theirs: Any, stands: Any) -> None:
    if base is None:
        base = "2026-01-09T00:00:00Z" if name == "completed_at" else 0 if theirs else -1
    result = merged(fields, {name: theirs}, {name: [base, mine]})
    assert {name: theirs, **result.values} == {name: stands}
    assert result.clashes == []


def test_all_else_is_a_conflict_that_keeps_all_three_values() -> None:
    result = merged(ACCOUNT, {"website": "theirs"}, {"website": ["old", "mine"]})
    assert result == Merged({}, [Clash({"website": "old"}, {"website": "mine"}, {"website": "theirs"})])


def test_clearing_what_others_changed_is_a_conflict() -> None:
    result = merged(ACCOUNT, {"website": "theirs"}, {"website": ["old", None]})
    assert result == Merged({}, [Clash({"website": "old"}, {}, {"website": "theirs"})])


# Groups


def test_fields_of_a_group_merge_as_one() -> None:
    """A price in euros here and a currency changed there make no price that anybody meant."""
    result = merged(DEAL, {"amount": 5, "currency": "USD"}, {"amount": [5, 7]}, {"currency": "EUR"})
    assert result.values == {}
    (clash,) = result.clashes
    assert clash.mine == {"amount": 7, "currency": "EUR"}
    assert clash.theirs == {"amount": 5, "currency": "USD"}


def test_groups_do_not_touch_each_other() -> None:
    changes: dict[str, list[Any]] = {"amount": [5, 7], "name": ["Deal", "Better deal"]}
    result = merged(DEAL, {"amount": 6, "currency": "EUR", "name": "Deal"}, changes, {"currency": "EUR"})
    assert result.values == {"name": "Better deal"}
    assert len(result.clashes) == 1


def test_two_moves_to_the_same_stage_are_one_since_the_earlier() -> None:
    changes = {"stage": ["first", "second"], "stage_entered_at": ["2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"]}
    theirs = {"stage": "second", "stage_entered_at": "2026-01-02T00:00:00Z"}
    assert merged(DEAL, theirs, changes) == Merged({}, [])
    later = {"stage": "second", "stage_entered_at": "2026-01-04T00:00:00Z"}
    assert merged(DEAL, later, changes) == Merged({"stage_entered_at": "2026-01-03T00:00:00Z"}, [])


def test_two_moves_to_different_stages_are_a_conflict() -> None:
    changes = {"stage": ["first", "second"], "stage_entered_at": ["2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"]}
    result = merged(DEAL, {"stage": "third", "stage_entered_at": "2026-01-02T00:00:00Z"}, changes)
    assert result.values == {}
    assert len(result.clashes) == 1


def test_a_field_of_a_group_that_the_client_does_not_know_is_left_to_itself() -> None:
    theirs = {"amount": 5, "currency": "EUR", "discount": 3}  # ``discount`` is newer than the client
    assert merged(DEAL, theirs, {"amount": [5, 7]}, {"currency": "EUR"}) == Merged({"amount": 7}, [])


def test_a_field_that_nobody_knows_merges_as_one_text() -> None:
    assert merged(ACCOUNT, {"x_newer": "old"}, {"x_newer": ["old", "mine"]}) == Merged({"x_newer": "mine"}, [])
    assert len(merged(ACCOUNT, {"x_newer": "theirs"}, {"x_newer": ["old", "mine"]}).clashes) == 1


def test_the_context_names_the_rest_of_each_group_also_where_it_is_empty() -> None:
    assert context(DEAL, {"currency": "EUR", "name": "Deal"}, ["amount"]) == {"currency": "EUR"} | {
        name: None
        for name, field in DEAL.items()
        if field.group == DEAL["amount"].group and name not in ("amount", "currency")
    }
    assert context(DEAL, {"name": "Deal"}, ["name"]) == {}


def test_documents_have_one_spelling() -> None:
    assert document({"b": 1, "a": "ü", "n": 7, "id": "x", "c": None}) == '{"a":"ü","b":1}'
    assert substance({"a": 1, "deleted_at": "x", "merged_into": "y", "created_at": "z", "created_by": "u"}) == '{"a":1}'
