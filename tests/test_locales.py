"""Writing in the rep's locale, with Babel as the judge, and which locale that is."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from babel import dates, numbers

from sfa import cldr, locales
from sfa.errors import UserError
from sfa.locales import currencies, digits

NAMES = """
    en_US en_GB en_IN de_DE de_AT de_CH fr_FR fr_CH es_ES it_IT nl_NL pt_BR sv_SE nb_NO da_DK fi_FI pl_PL cs_CZ tr_TR
    ja_JP ko_KR zh_CN hi_IN ar_EG he_IL
""".split()  # noqa: SIM905 - a list of names reads better as text
TODAY = "2026-11-21"
CURRENCIES = ("USD", "EUR", "JPY", "BHD", "CHF", "SEK", "INR", "EGP")
AMOUNTS = (0, 1, 5, 99, 100, 105400, -105400, 99999, 100000, 123456789, -5, 12345678901234)
DAYS = ("2026-01-01", "2026-02-28", "2026-11-27", "2027-12-31", "1999-05-09")


def bare(text: str) -> str:
    """Babel's text without direction marks, which we leave out."""
    return text.translate(cldr.BIDI)


@pytest.mark.parametrize("name", NAMES)
def test_amounts_are_written_as_babel_writes_them(name: str) -> None:
    locale = locales.load(name)
    for currency in CURRENCIES:
        for minor in AMOUNTS:
            amount = Decimal(minor).scaleb(-digits(currency))
            assert locale.amount(minor, currency) == bare(numbers.format_currency(amount, currency, locale=name))


@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_percentages_are_written_as_babel_writes_them(name: str) -> None:
    locale = locales.load(name)
    for number in (0, 7, 999, 1000, -1054, 1234567, 0.5, -1234.25, 0.123456, 1e15, 1e22):
        theirs = numbers.format_decimal(Decimal(str(number)), locale=name, decimal_quantization=False)
        assert locale.number(number) == bare(theirs)
    for percent in (0, 20, 100, -5, 12.5, 1234):
        theirs = numbers.format_percent(Decimal(str(percent)) / 100, locale=name, decimal_quantization=False)
        assert locale.percent(percent) == bare(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_dates_and_times_are_written_as_babel_writes_them(name: str) -> None:
    locale = locales.load(name)
    short = re.sub("y+", "y", dates.get_date_format("short", locale=name).pattern)
    for text in DAYS:
        day = dt.date.fromisoformat(text)
        assert locale.date(text) == bare(dates.format_date(day, short, locale=name))
        assert locale.long_day(text) == bare(dates.format_date(day, "full", locale=name))
        assert locale.day(text, text) == bare(dates.format_skeleton("MMMEd", day, locale=name))
        assert locale.day(text, "2020-01-01") == bare(dates.format_skeleton("yMMMEd", day, locale=name))
    for hour, minute in ((0, 0), (9, 5), (11, 59), (12, 0), (13, 30), (23, 59)):
        assert locale.time(hour, minute) == bare(dates.format_time(dt.time(hour, minute), "short", locale=name))


def test_known_spellings() -> None:
    american, german, swiss = (locales.load(name) for name in ("en_US", "de_DE", "de_CH"))
    assert american.amount(105400, "USD") == "$1,054.00"
    assert american.amount(-105450, "USD", whole=True) == "-$1,054"  # half to even
    assert american.amount(105550, "USD", whole=True) == "$1,056"
    assert german.amount(105400, "EUR") == "1.054,00\xa0€"
    assert swiss.amount(105400, "CHF") == "CHF\xa01’054.00"
    assert locales.load("hi_IN").amount(1234567890, "INR") == "₹1,23,45,678.90"
    assert locales.load("ar_EG").amount(105400, "EGP") == "1,054.00\xa0ج.م."
    assert american.date("2026-11-27") == "11/27/2026"
    assert locales.load("en_GB").day("2026-11-27", TODAY) == "Fri 27 Nov"
    assert german.long_day("2026-11-27") == "Freitag, 27. November 2026"
    assert (american.first_weekday, german.first_weekday) == (6, 0)
    assert (american.territory, german.default_currency()) == ("US", "EUR")
    assert (locales.load("de").territory, locales.load("en").default_currency()) == ("DE", "USD")


@pytest.mark.parametrize(
    ("name", "currency", "major", "short"),
    [
        ("en_US", "USD", 0, "$0"),
        ("en_US", "USD", 950, "$950"),
        ("en_US", "USD", -1054, "-$1.1K"),
        ("en_US", "USD", 12_400, "$12.4K"),
        ("en_US", "USD", 12_000, "$12K"),
        ("en_US", "USD", 124_449, "$124K"),
        ("en_US", "USD", 950_000, "$950K"),
        ("en_US", "USD", 999_499, "$999K"),
        ("en_US", "USD", 999_500, "$1M"),
        ("en_US", "USD", 1_250_000_000, "$1.2B"),
        ("de_DE", "EUR", 1_200_000, "1,2M\xa0€"),
        ("de_DE", "EUR", 1_200_000_000, "1,2Mrd\xa0€"),
        ("ja_JP", "JPY", 9_500, "￥9,500"),
        ("ja_JP", "JPY", 124_000_000, "￥1.2億"),
        ("en_IN", "INR", 1_240_000, "₹12.4L"),
        ("ar_EG", "EGP", 1_200_000_000, "1.2B\xa0ج.م."),  # its own word is too long
    ],
)
def test_short_amounts(name: str, currency: str, major: int, short: str) -> None:
    assert locales.load(name).short_amount(major * 10 ** digits(currency), currency) == short


@pytest.mark.parametrize("name", NAMES)
def test_short_amounts_stay_narrow_and_close(name: str) -> None:
    locale = locales.load(name)
    for major in (1, 99, 999, 1234, 99_949, 999_999, 5_555_555, 123_456_789):
        text = locale.short_amount(major * 10 ** digits(locale.currency), locale.currency)
        assert len(text.replace(locale.symbol(locale.currency), "").replace("\xa0", "")) <= 8
        try:
            again = locale.parse_amount(text, locale.currency)
        except ValueError:
            continue  # 1.235M in Spain has two readings, and says so
        assert abs(again / 10 ** digits(locale.currency) - major) <= major / 20


def test_minor_digits_are_those_of_iso_4217() -> None:
    assert [digits(code) for code in ("USD", "JPY", "BHD", "IQD", "CLF", "LBP", "XXX")] == [2, 0, 3, 3, 4, 2, 2]


def test_currencies_are_those_of_today() -> None:
    assert {"USD", "EUR", "JPY", "BHD", "ZMW"} < currencies()
    assert not {"DEM", "FRF", "XXX", "usd", ""} & currencies()
    assert locales.DIGITS.keys() - currencies() == {"CLF", "UYI", "UYW"}  # units of account, no tender


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "en_US"),
        ({"LANG": "C.UTF-8"}, "en_US"),
        ({"LANG": "POSIX"}, "en_US"),
        ({"LANG": "xx_YY.UTF-8"}, "en_US"),
        ({"LANG": "../../etc/passwd"}, "en_US"),
        ({"LANG": "de_DE.UTF-8@euro"}, "de_DE"),
        ({"LANG": "de_US"}, "de"),
        ({"LANG": "de_DE", "LC_ALL": "fr_FR.UTF-8"}, "fr_FR"),
        ({"LC_ALL": "fr_FR", "SFA_LOCALE": "pt-BR"}, "pt_BR"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SFA_LOCALE", "LC_ALL", "LC_NUMERIC", "LC_TIME", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert locales.use("").name == name


def test_dates_and_numbers_may_have_different_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SFA_LOCALE", "LC_ALL", "LC_NUMERIC"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_TIME", "de_DE.UTF-8")
    locale = locales.use("")
    assert (locale.amount(105400, "USD"), locale.date("2026-11-27")) == ("$1,054.00", "27.11.2026")


def test_a_chosen_locale_stays_and_does_not_change() -> None:
    german = locales.use("de_DE")
    assert locales.current() is german
    with pytest.raises(AttributeError):
        german.decimal = "."
    with pytest.raises(UserError, match="no locale xx_YY"):
        locales.use("xx_YY")
    assert locales.current() is german
