"""Conditions: every operator over every kind of field, paths over links; and nothing but values gets through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa.errors import NotFound, UserError
from sfa.models import KINDS
from sfa.store.book import Book
from sfa.store.query import Condition, Listing, Query
from tests.store.samples import ask


@pytest.mark.parametrize(
    ("kind", "where", "found"),
    [
        ("contact", "last_name=SCHMIDT", "Schmidt"),
        ("contact", "last_name!=schmidt", "Ångström zola"),
        ("contact", "last_name=schmidt|ZOLA", "Schmidt zola"),
        ("contact", "last_name~chmi", "Schmidt"),
        ("contact", "last_name!~chmi", "Ångström zola"),
        ("contact", "last_name~ÅNG", "Ångström"),
        ("contact", "first_name=", "Ångström"),
        ("contact", "first_name!=", "Schmidt zola"),
        ("contact", "last_name<t", "Schmidt"),
        ("contact", "account=acme", "Schmidt"),
        ("contact", "account=ÄRZTE gmbh", "zola"),
        ("contact", "account!=acme", "Ångström zola"),
        ("contact", "account~arzte", "zola"),
        ("contact", "account~ÄRZTE", "zola"),
        ("contact", "account!~me", "Ångström zola"),
        ("contact", "account=", "Ångström"),
        ("contact", "account.industry=retail", "Schmidt"),
        ("contact", "account.parent=acme", "zola"),
        ("contact", "account.parent.name=acme", "zola"),
        ("contact", "account.parent.tags=vip", "zola"),
        ("contact", "account.billing_city=KÖLN", ""),
        ("contact", "account.billing_city=köln", "Schmidt"),
        ("contact", "account.billing_city~KÖL", "Schmidt"),
        ("contact", "tags=vip", "Schmidt"),
        ("contact", "tags=cold", "Schmidt zola"),
        ("contact", "tags!=vip", "Ångström zola"),
        ("contact", "tags=vip|cold", "Schmidt zola"),
        ("contact", "tags~OL", "Schmidt zola"),
        ("contact", "tags=", "Ångström"),
        ("contact", "emails=anna@acme.de", "Schmidt"),
        ("contact", "emails=nna@acme.de", ""),
        ("contact", "emails=JOANNA@home.de", "Schmidt"),
        ("contact", "emails~@home", "Schmidt"),
        ("contact", "emails~work", ""),
        ("contact", "emails!=", "Schmidt"),
        ("contact", "phones=+493012345", "Schmidt"),
        ("contact", "phones~030 123", "Schmidt"),
        ("contact", "phones~49-30", "Schmidt"),
        ("contact", "do_not_call=yes", "zola"),
        ("contact", "do_not_call=no", "Ångström Schmidt"),
        ("contact", "do_not_call!=yes", "Ångström Schmidt"),
        ("contact", "shoe=41", "Schmidt"),
        ("contact", "shoe>41", "Ångström"),
        ("contact", "shoe>=41", "Ångström Schmidt"),
        ("contact", "shoe<44.5", "Schmidt"),
        ("contact", "shoe<=44.5", "Ångström Schmidt"),
        ("contact", "shoe=", "zola"),
        ("contact", "buddy=Anna Schmidt", "zola"),
        ("contact", "buddy.emails~acme", "zola"),
        ("contact", "buddy.account.industry=Retail", "zola"),
        ("contact", "second~second@", "Ångström"),
        ("contact", "birthday=1980-02-29", "Schmidt"),
        ("contact", "birthday<2000-01-01", "Schmidt"),
        ("contact", "owner=me", "Ångström Schmidt zola"),
        ("contact", "owner!=me", ""),
        ("contact", "created_at=2026-11-18", "Ångström Schmidt zola"),
        ("contact", "created_at<2026-11-18", ""),
        ("opportunity", "amount>=10000", "Big Dinar Yen"),
        ("opportunity", "amount>10000", ""),
        ("opportunity", "amount=10,000", "Big Dinar Yen"),
        ("opportunity", "amount=", "None"),
        ("opportunity", "stage=Closed Won", "Big"),
        ("opportunity", "stage=won|Prospecting", "Big None Yen"),
        ("opportunity", "stage.type=won", "Big"),
        ("opportunity", "stage.probability<50", "None Yen"),
        ("activity", "start=2026-11-20", "day early late"),
        ("activity", "start<2026-11-20", ""),
        ("activity", "start<=2026-11-20", "day early late"),
        ("activity", "start>2026-11-20", "next"),
        ("activity", "start>=2026-11-20", "day early late next"),
        ("activity", "start<2026-11-20 01:00", "day early"),
        ("activity", "start!=2026-11-20", "next open"),
        ("activity", "start=", "open"),
        ("activity", "duration=1h", "day early late next open"),
        ("activity", "priority=urgent|high", "early late"),
    ],
)  # fmt: skip
def test_a_condition_finds(people: Book, kind: str, where: str, found: str) -> None:
    assert ask(people, kind, where) == found


def test_conditions_are_all_to_hold(people: Book) -> None:
    assert ask(people, "contact", "tags=cold", "account.industry=Retail", text="ann") == "Schmidt"
    assert ask(people, "contact", "tags=cold", "do_not_call=yes", text="ann") == ""
    assert ask(people, "contact", text="???") == ""
    assert ask(people, "stage", text="won") == "Closed Won"
    record = people.value("SELECT id FROM contact WHERE last_name = 'zola'")
    assert ask(people, "contact", f"id={record[:-3].upper()}") == "zola"
    assert ask(people, "contact", f"id!={record}") == "Ångström Schmidt"


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("nonsense", "“nonsense” is not a condition"),
        ("=5", "“=5” is not a condition"),
        ("nothing=5", "nothing: Contact has no such field; fields: "),
        ("last_name.x=5", "Last name: is no link to another record"),
        ("tags.name=vip", "Tags: is no link to another record"),
        ("account.nothing=5", "nothing: Account has no such field"),
        ("account=Acne", "There is no Account called “Acne”. Did you mean “Acme”?"),
        ("birthday>soon", "Birthday: soon is not a date"),
        ("birthday>", "Birthday: > needs something to compare with"),
        ("do_not_call=maybe", "Do not call: must be yes or no, not maybe"),
        ("account>Acme", "Account: has no order; compare it by = != or ~"),
        ("phones<5", "Phones: has no order"),
        ("shoe=big", "Shoe: big is not a number"),
    ],
)
def test_a_condition_without_sense_is_refused_in_one_line(people: Book, where: str, line: str) -> None:
    with pytest.raises(UserError) as refusal:
        ask(people, "contact", where)
    assert str(refusal.value).startswith(line)
    assert "\n" not in str(refusal.value)


ATTACKS = [
    "' OR 1=1 --",
    '" OR 1=1 --',
    "'); DROP TABLE contact; --",
    "%",
    "_",
    "\\",
    "?",
    ":x",
    "*",
    '"*',
    "NEAR(",
    "a OR b",
    "x' AND",
    "{",
    "\ud800",
    "z" * 100_000,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_values_are_only_ever_values(people: Book, attack: str) -> None:
    before = people.value("SELECT count(*) FROM contact")
    for field in ("last_name", "emails", "second", "phones", "account.name"):
        for op in ("=", "~"):
            assert ask(people, "contact", f"{field}{op}{attack}") == ""
    assert ask(people, "contact", f"last_name!={attack}") == "Ångström Schmidt zola"
    assert ask(people, "contact", f"id={attack}") == ""
    assert ask(people, "contact", "last_name~Schmidt", text=attack[:50]) in ("", "Schmidt")
    for field in ("account", "tags", "owner"):
        with pytest.raises(NotFound):
            ask(people, "contact", f"{field}={attack}")
    assert people.value("SELECT count(*) FROM contact") == before


@given(
    path=st.sampled_from(sorted(KINDS["contact"].fields)),
    op=st.sampled_from(["=", "!=", "~", "!~", "<", ">=", "<=", ">"]),
    text=st.text(max_size=12),
)
@settings(max_examples=400, deadline=None)
def test_any_condition_is_answered_or_refused(people: Book, path: str, op: str, text: str) -> None:
    """And a condition and its opposite divide the list."""
    try:
        listing = Listing(people, Query("contact", (), (Condition(path, op, text),)))
    except UserError:
        return
    count = listing.count
    assert 0 <= count <= 3
    opposite = {"=": "!=", "!=": "=", "~": "!~", "!~": "~"}.get(op)
    if opposite:
        assert count + Listing(people, Query("contact", (), (Condition(path, opposite, text),))).count == 3
