"""Every kind of field: what people type, what is stored, what is shown, what is refused and why."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sfa import locales
from sfa.errors import NotFound
from sfa.models import Link, Text
from sfa.models.fields import Value, quoted
from sfa.printable import clean
from tests.models.samples import FIELDS, Names, named

READ = [
    ("text", "  Acme & Co ", "  Acme & Co "),
    ("text", "   ", "   "),
    ("text", "", None),
    ("number", "   ", None),
    ("long text", "one\ntwo\r\n\tthree", "one\ntwo\r\n\tthree"),
    ("yes/no", "Yes", 1),
    ("yes/no", " off ", 0),
    ("choice", "hot", "Hot"),
    ("open choice", "software", "Software"),
    ("open choice", "Shipping", "Shipping"),
    ("number", "1,054.25", 1054.25),
    ("number", "7", 7.0),
    ("integer", "1,054", 1054),
    ("integer", "3.0", 3),
    ("year", "1998", 1998),
    ("percent", "65%", 65),
    ("percent", " 65 % ", 65),
    ("currency", " eur ", "EUR"),
    ("money", "$1,054.50", 105450),
    ("money", "12k", 1200000),
    ("date", "2026-11-27", "2026-11-27"),
    ("date", "11/27/2026", "2026-11-27"),
    ("date", "29 Feb 2028", "2028-02-29"),
    ("instant", "2026-11-27 14:00", "2026-11-27T13:00:00Z"),
    ("instant", "2026-11-27", "2026-11-26T23:00:00Z"),
    ("instant", "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"),
    ("instant", "2026-11-27T09:00:00+02:00", "2026-11-27T07:00:00Z"),
    ("moment", "2026-11-27", "2026-11-27"),
    ("moment", "11/27/2026 2:30 PM", "2026-11-27T13:30:00Z"),
    ("moment", "11/27/2026 12:15 am", "2026-11-26T23:15:00Z"),
    ("duration", "15", 900),
    ("duration", "1h30", 5400),
    ("duration", "1:30", 5400),
    ("duration", "2d", 172800),
    ("duration", "1 h 5 min", 3900),
    ("duration", "0", 0),
    ("phones", "+49 30 12345", [{"label": "work", "value": "+49 30 12345", "e164": "+493012345"}]),
    (
        "phones",
        "mobile: +49 170 1234567; Home: (650) 253-0000",
        [
            {"label": "mobile", "value": "+49 170 1234567", "e164": "+491701234567"},
            {"label": "home", "value": "(650) 253-0000", "e164": "+16502530000"},
        ],
    ),
    ("emails", "anna@example.com", [{"label": "work", "value": "anna@example.com"}]),
    (
        "emails",
        "a@x.de ::: home: b@x.de\nc@x.de",
        [
            {"label": "work", "value": "a@x.de"},
            {"label": "home", "value": "b@x.de"},
            {"label": "work", "value": "c@x.de"},
        ],
    ),
    ("emails", "a@x.de; a@x.de", [{"label": "work", "value": "a@x.de"}]),
    ("links", "Acme; id-3", ["id-1", "id-3"]),
]


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_read_gives_the_stored_form(kind: str, text: str, value: Value) -> None:
    assert FIELDS[kind].read(text, {"currency": "USD"}, Names()) == value


REFUSED = [
    ("text", "x" * 256, "is 256 characters long; at most 255 are allowed"),
    ("text", "bell\x07", "holds the control character U+0007 at position 5"),
    ("text", "two\nlines", "holds the control character U+000A at position 4"),
    ("long text", "esc\x1b[31m", "holds the control character U+001B at position 4"),
    ("yes/no", "perhaps", "must be yes or no, not perhaps"),
    ("choice", "boiling", "must be one of Hot, Warm, Cold, not boiling"),
    ("choice", "\x1b[2Jx", "must be one of Hot, Warm, Cold, not \\u001b[2Jx"),
    ("number", "many", "many is not a number"),
    ("integer", "-1", "must be at least 0, not -1"),
    ("integer", "1.5", "must be a whole number, not 1.5"),
    ("number", "1" + "0" * 30, "is too large a number"),
    ("year", "26", "must be at least 1000, not 26"),
    ("percent", "-5", "must be at least 0, not -5"),
    ("percent", "101%", "must be at most 100, not 101"),
    ("currency", "XYZ", "must be a currency's code such as EUR or USD, not XYZ"),
    ("money", "1,054.505", "USD has 2 decimals"),
    ("money", "lots", "lots is not an amount"),
    ("date", "2026-02-30", "there is no 30 February 2026"),
    ("date", "31/31/2026", "there is no month 31"),
    ("date", "soonish", "soonish is not a date"),
    ("date", "0026-11-27", "must be a date that exists"),
    ("instant", "2026-11-27 25:00", "holds no time of day"),
    ("moment", "2026-03-29 02:30", "there is no 2026-03-29 02:30: the clocks are put forward then"),
    ("duration", "-5", "must be a length of time such as 15m, 1h30 or 2d, not -5"),
    ("duration", "9999999d", "is too long a time"),
    ("phones", "call me", "call me is not a phone number"),
    ("phones", "+49 1", "is not a phone number"),
    ("emails", "anna@", "anna@ is not an e-mail address"),
    ("links", "Nobody", "0 records of kind account are called Nobody"),
]


@pytest.mark.parametrize(("kind", "text", "reason"), REFUSED)
def test_a_bad_text_is_refused_with_the_reason(kind: str, text: str, reason: str) -> None:
    with pytest.raises((ValueError, NotFound), match=re.escape(reason)) as refusal:
        FIELDS[kind].read(text, {"currency": "USD"}, Names())
    assert clean(str(refusal.value)) == str(refusal.value)


BAD_STORED: list[tuple[str, Any]] = [
    *((kind, value) for kind in FIELDS for value in ({"a": 1}, object(), b"bytes", ["a", 1])),
    *((kind, 5) for kind in ("text", "choice", "currency", "date", "instant", "phones", "links", "yes/no")),
    *((kind, True) for kind in ("integer", "money", "duration", "date")),
    *((kind, "12") for kind in ("yes/no", "number", "integer", "money", "duration", "phones")),
    ("number", float("nan")),
    ("number", float("inf")),
    ("integer", 2**63),
    ("integer", 1.0),
    ("percent", -1),
    ("money", 10**17),
    ("money", 1.5),
    ("currency", "eur"),
    ("date", "2026-W48-5"),
    ("date", "20261127"),
    ("date", "2026-13-01"),
    ("date", "٢٠٢٦-١١-٢٧"),
    ("date", "2026-11-27T00:00:00Z"),
    ("instant", "2026-11-27"),
    ("instant", "2026-11-27T09:00:60Z"),
    ("instant", "2026-11-27T09:00:00z"),
    ("instant", "2026-11-27 09:00:00Z"),
    ("instant", "9999-12-31T23:59:59Z"),
    ("duration", -1),
    ("phones", [{"label": "work"}]),
    ("phones", [{"label": "work", "value": "none"}]),
    ("phones", [{"label": "", "value": 5}]),
    ("phones", [{"label": "a: b", "value": "+493012345"}]),
    ("emails", [{"label": "work", "value": '"a;b"@x.de'}]),
]


@pytest.mark.parametrize(("kind", "value"), BAD_STORED)
def test_a_bad_stored_value_is_refused(kind: str, value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        FIELDS[kind].check(value)


SHOWN = [
    ("yes/no", 1, "yes"),
    ("yes/no", 0, "no"),
    ("number", 1054.25, "1,054.25"),
    ("year", 1998, "1998"),
    ("percent", 65, "65%"),
    ("money", 105450, "€1,054.50"),
    ("date", "2026-11-27", "11/27/2026"),
    ("moment", "2026-11-27", "11/27/2026"),
    ("moment", "2026-11-27T13:30:00Z", "11/27/2026 2:30\u202fPM"),
    ("duration", 5400, "1h30"),
    ("duration", 900, "15m"),
    ("duration", 95, "1m 35s"),
    ("phones", [{"value": "+49 30 1", "e164": "+49301"}, {"value": "2"}], "+49 30 1 (+1)"),
    ("emails", [{"value": "a@x.de"}], "a@x.de"),
]


@pytest.mark.parametrize(("kind", "value", "text"), SHOWN)
def test_show_is_for_people(kind: str, value: Value, text: str) -> None:
    assert FIELDS[kind].show(value, {"currency": "EUR"}, locales.current()) == text


def test_nothing_is_shown_as_nothing() -> None:
    for field in FIELDS.values():
        assert field.show(None, {}, locales.current()) == ""
        assert field.edit(None, {}, locales.current(), Names()) == ""
        assert not field.plain(None, {}, Names())


def test_plain_is_for_machines() -> None:
    context = Names()
    assert FIELDS["yes/no"].plain(1, {}, context) is True
    assert str(FIELDS["money"].plain(105450, {"currency": "EUR"}, context)) == "1054.50"
    assert FIELDS["money"].plain(105450, {"currency": "JPY"}, context) == 105450
    assert str(FIELDS["money"].plain(105450, {"currency": "BHD"}, context)) == "105.450"
    assert FIELDS["links"].plain(["id-1"], {}, context) == [{"id": "id-1", "name": "Acme"}]
    assert named(Link("Account", "account")).plain("id-1", {}, context) == {"id": "id-1", "name": "Acme"}


def test_a_link_is_edited_by_the_name_that_leads_back_or_else_by_its_id() -> None:
    link, links = named(Link("Account", "account")), FIELDS["links"]
    texts = {record: link.edit(record, {}, locales.current(), Names()) for record in ("id-1", "id-2", "id-3", "gone")}
    assert texts == {"id-1": "Acme", "id-2": "Beta; Söhne", "id-3": "id-3", "gone": "gone"}
    assert links.edit(["id-1", "id-2", "id-3"], {}, locales.current(), Names()) == "Acme; id-2; id-3"


def test_a_local_time_that_happens_twice_is_edited_as_the_instant_it_is() -> None:
    first, second = "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"  # both 02:30 in Berlin
    texts = [FIELDS["moment"].edit(value, {}, locales.current(), Names()) for value in (first, second)]
    assert texts == ["10/25/2026 02:30", second]


def test_long_and_wild_values_are_quoted_short_and_harmless() -> None:
    assert quoted("a\x1b[2J\n") == "a\\u001b[2J\\u000a"
    assert quoted("x" * 1000) == "x" * 59 + "…"


def test_a_field_without_a_label_is_called_by_its_name() -> None:
    assert named(Text()).title == "Field"
