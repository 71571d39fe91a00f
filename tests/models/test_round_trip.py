"""What a form shows, typed back unchanged, is the same value: for every kind of field, in every locale tried."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa import locales
from sfa.errors import NotFound
from sfa.locales import currencies
from sfa.models.fields import CONTROL, CONTROL_IN_LINES
from tests.models.samples import FIELDS, Names

LOCALES = ("en_US", "en_GB", "de_DE", "de_CH", "fr_FR", "hi_IN", "ja_JP", "sv_SE", "tr_TR", "ar_EG", "pt_BR")
LINES = st.text(max_size=60).filter(lambda text: text.strip() and not CONTROL.search(text))
WORDS = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
INSTANTS = st.datetimes(datetime(1001, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds
    lambda moment: moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
)
DATES = st.dates(date(1000, 1, 1)).map(lambda day: day.isoformat())
EMAILS = st.builds(lambda name, host: f"{name}@{host}.example", WORDS, WORDS)
NUMBERS = st.sampled_from(["+49 30 12345", "+1 (650) 253-0000", "+441212345678", "+39 06 698 12345", "+81312345678"])


def points(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    entry = st.fixed_dictionaries({"label": st.sampled_from(["work", "mobile", "büro", "home fax"]), "value": values})
    return st.lists(entry, min_size=1, max_size=4)


STORED: dict[str, st.SearchStrategy[Any]] = {
    "text": LINES,
    "long text": st.text(max_size=60).filter(lambda text: text.strip() and not CONTROL_IN_LINES.search(text)),
    "yes/no": st.sampled_from([0, 1]),
    "choice": st.sampled_from(["Hot", "Warm", "Cold"]),
    "open choice": st.sampled_from(["Retail", "Software", "Ship building", " padded "]),
    "number": st.floats(-(10**15), 10**15, exclude_min=True, exclude_max=True),
    "integer": st.integers(0, 2**63 - 1),
    "year": st.integers(1000, 9999),
    "percent": st.integers(0, 100),
    "currency": st.sampled_from(sorted(currencies())),
    "money": st.integers(-(10**17) + 1, 10**17 - 1),
    "date": DATES,
    "instant": INSTANTS,
    "moment": DATES | INSTANTS,
    "duration": st.integers(0, 2**31 - 1),
    "phones": points(NUMBERS),
    "emails": points(EMAILS),
    "links": st.lists(st.sampled_from(["id-1", "id-2", "id-3", "id-4"]), min_size=1, unique=True),
}


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data(), locale=st.sampled_from(LOCALES), currency=st.sampled_from(sorted(currencies())))
@settings(max_examples=150, deadline=None)
def test_edited_text_reads_as_the_same_value(kind: str, data: st.DataObject, locale: str, currency: str) -> None:
    locales.use(locale)
    try:
        field, peers = FIELDS[kind], {"currency": currency}
        value = field.check(data.draw(STORED[kind]))
        text = field.edit(value, peers, locales.current(), Names())
        assert field.read(text, peers, Names()) == value
        assert field.check(value) == value
    finally:
        locales.use("en_US")


@pytest.mark.parametrize("kind", STORED)
@given(text=st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_with_a_reason(kind: str, text: str) -> None:
    """Never another exception, and what was read is good, searchable and can be shown."""
    field = FIELDS[kind]
    try:
        value = field.read(text, {"currency": "USD"}, Names())
    except (ValueError, NotFound) as refusal:
        value = str(refusal).strip() and None
    if value is not None:
        assert field.check(value) == value
        assert isinstance(field.show(value, {"currency": "USD"}, locales.current()), str)
        assert isinstance(field.words(value), str)
