"""Reading numbers, amounts and dates in the rep's locale."""

import datetime as dt
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa import locales

TODAY = "2026-11-21"
NAMES = ["en_US", "en_IN", "de_DE", "de_CH", "fr_FR", "sv_SE", "nb_NO", "pl_PL", "ja_JP", "ar_EG", "he_IL"]
AMOUNTS = st.integers(-(10**16), 10**16)


@pytest.mark.parametrize("name", NAMES)
@given(
    minor=st.integers(-(10**16), 10**16), number=st.integers(-(10**18), 10**18) | st.floats(-1e15, 1e15), day=st.dates()
)
def test_what_is_shown_is_read_back(name: str, minor: int, number: float, day: dt.date) -> None:
    locale = locales.load(name)
    for currency in {"USD", "JPY", "BHD", locale.currency}:
        assert locale.parse_amount(locale.amount(minor, currency), currency) == minor
    assert locale.parse_number(locale.number(number)) == number
    if day.year >= 1000:
        assert locale.parse_date(locale.date(day.isoformat()), TODAY) == day.isoformat()
        assert locale.parse_date(day.isoformat(), TODAY) == day.isoformat()


@pytest.mark.parametrize(
    ("name", "currency", "text", "minor"),
    [
        ("en_US", "USD", "1054", 105400),
        ("en_US", "USD", "1054.5", 105450),
        ("en_US", "USD", "1,054.00", 105400),
        ("en_US", "USD", "1.054,00", 105400),  # two separators tell themselves apart
        ("en_US", "USD", "1,054", 105400),
        ("en_US", "USD", " 1 054 ", 105400),
        ("en_US", "USD", "12k", 1_200_000),
        ("en_US", "USD", "1.2m", 120_000_000),
        ("en_US", "USD", "$ 12K", 1_200_000),
        ("en_US", "USD", "USD 5", 500),
        ("en_US", "USD", "5usd", 500),
        ("en_US", "USD", "-$5", -500),
        ("en_US", "USD", "−5", -500),
        ("en_US", "USD", ".5", 50),
        ("en_US", "USD", "１２３", 12300),
        ("ar_EG", "EGP", "١٢٣", 12300),
        ("de_DE", "EUR", "1.054,00", 105400),
        ("de_DE", "EUR", "1054.5", 105450),  # as machines write
        ("de_DE", "EUR", "1.054", 105400),  # cannot be one euro and 5.4 cents
        ("de_DE", "EUR", "1,2 Mio. €", 120_000_000),
        ("de_DE", "EUR", "1,2k€", 120_000),
        ("de_CH", "CHF", "1'054.50", 105450),
        ("fr_FR", "EUR", "1\u202f234\u202f567,5 €", 123_456_750),
        ("hi_IN", "INR", "12,34,567", 123_456_700),
        ("en_IN", "INR", "2.5cr", 2_500_000_000),
        ("en_ZM", "ZMW", "12k", 1_200_000),  # kwacha have the sign K
        ("en_US", "JPY", "1054.00", 1054),
        ("en_US", "BHD", "1.054", 1054),
    ],
)
def test_amounts_are_read(name: str, currency: str, text: str, minor: int) -> None:
    assert locales.load(name).parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("name", "currency", "text", "reason"),
    [
        ("en_US", "USD", "", "not an amount"),
        ("en_US", "USD", "ten", "not an amount"),
        ("en_US", "USD", "1e5", "not an amount"),
        ("en_US", "USD", "½", "not an amount"),
        ("en_US", "USD", "1,05", "not an amount"),  # a comma is no decimal point here
        ("en_US", "USD", "1,2,3", "not an amount"),
        ("en_US", "USD", "--5", "not an amount"),
        ("en_US", "USD", "9" * 30, "not an amount"),
        ("en_US", "USD", "1.054", "USD has 2 decimals"),
        ("en_US", "USD", "1.000", "USD has 2 decimals"),  # a thousand elsewhere
        ("en_US", "JPY", "10.5", "JPY has 0 decimals"),
        ("de_DE", "EUR", "1,054", "EUR has 2 decimals"),
        ("de_DE", "BHD", "1.054", "1,054\xa0BHD or 1.054,000\xa0BHD"),
        ("de_DE", "EUR", "1.054k", "1.054,00\xa0€ or 1.054.000,00\xa0€"),
        ("en_US", "USD", "€5", "in EUR, not in USD"),
        ("en_US", "USD", "5 GBP", "in GBP, not in USD"),
    ],
)
def test_amounts_that_are_none_or_two_are_refused(name: str, currency: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        locales.load(name).parse_amount(text, currency)


def test_numbers_are_read_in_the_own_notation_first() -> None:
    german, american = locales.load("de_DE"), locales.load("en_US")
    assert (german.parse_number("1.054"), american.parse_number("1.054")) == (1054, 1.054)
    assert (german.parse_number("1,5"), german.parse_number("1.5")) == (1.5, 1.5)
    assert isinstance(american.parse_number("-1,054"), int)
    for text in ("", "x", "1,5", "1e5", "nan", "9" * 5000):
        with pytest.raises(ValueError, match="not a number"):
            american.parse_number(text)


@pytest.mark.parametrize(
    ("name", "text", "day"),
    [
        ("en_US", "3/4/26", "2026-03-04"),
        ("de_DE", "3/4/26", "2026-04-03"),
        ("de_DE", "31.12.", "2026-12-31"),
        ("de_DE", "31.12.2026", "2026-12-31"),
        ("de_DE", "1.2.", "2027-02-01"),  # the next one
        ("de_DE", "21.11.", "2026-11-21"),  # today counts
        ("de_DE", "27. Dez. 2026", "2026-12-27"),
        ("en_US", "Nov 27, 2026", "2026-11-27"),
        ("en_US", "1st december", "2026-12-01"),
        ("en_US", "2026 nov 27", "2026-11-27"),
        ("en_US", "1/1/85", "1985-01-01"),
        ("en_US", "1/1/70", "2070-01-01"),
        ("sv_SE", "26-11-27", "2026-11-27"),
        ("sv_SE", "27/11", "2026-11-27"),
        ("ja_JP", "2026年11月27日", "2026-11-27"),
        ("pl_PL", "27 listopada 2026", "2026-11-27"),
        ("pt_BR", "27 de novembro de 2026", "2026-11-27"),
        ("de_DE", "29.2.2028", "2028-02-29"),
    ],
)
def test_dates_are_read(name: str, text: str, day: str) -> None:
    assert locales.load(name).parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("en_US", "2026-02-30", "there is no 30 February 2026"),
        ("de_DE", "29.2.", "there is no 29 Februar"),
        ("en_US", "31/12/2026", "there is no month 31"),
        ("en_US", "2026-13-01", "there is no month 13"),
        ("en_US", "0000-01-01", "there is no 1 January 0"),
        ("en_US", "3/4/123", "two or four digits"),
        ("en_US", "soon", "not a date; write it like 11/21/2026"),
        ("en_US", "", "not a date"),
        ("en_US", "12345", "not a date"),
        ("en_US", "nov 2026", "not a date"),
        ("en_US", "9" * 5000 + "/1/1", "two or four digits"),
    ],
)
def test_dates_that_do_not_exist_are_refused(name: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        locales.load(name).parse_date(text, TODAY)


@pytest.mark.parametrize("name", ["en_US", "de_DE", "ja_JP", "ar_EG"])
@given(text=st.text(st.sampled_from("0123456789.,'/- kmM€$jan²٣½") | st.characters(), max_size=12))
def test_any_text_is_read_or_refused_with_a_reason(name: str, text: str) -> None:
    locale = locales.load(name)
    readers = (
        locale.parse_number,
        partial(locale.parse_amount, currency="EUR"),
        partial(locale.parse_date, today=TODAY),
    )
    for read in readers:
        reason = ""
        try:
            assert read(text) is not None
        except ValueError as error:
            reason = str(error)
        assert not reason or text in reason or reason.startswith("there is no")
