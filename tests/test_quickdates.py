"""Next steps as people type them."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sfa import locales
from sfa.errors import UserError
from sfa.quickdates import KINDS, UNITS, WORDS, NoDay, QuickDate, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 18, 10, 30, 40, tzinfo=BERLIN)  # a Wednesday


def read(text: str, name: str = "en_US", now: dt.datetime = NOW) -> QuickDate:
    return parse(text, now, locales.load(name))


def moment(text: str, name: str = "en_US", now: dt.datetime = NOW) -> str:
    """Day and time of a text that says nothing else."""
    found = read(text, name, now)
    assert (found.kind, found.rest) == (None, "")
    return f"{found.date} {found.time or ''}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri 10", "2026-11-20 10:00"),
        ("Friday, 10:30", "2026-11-20 10:30"),
        ("on fri at 10", "2026-11-20 10:00"),
        ("10:30 fri", "2026-11-20 10:30"),
        ("thurs 15", "2026-11-19 15:00"),
        ("wed", "2026-11-25"),  # never today
        ("wed 15:00", "2026-11-25 15:00"),
        ("mon", "2026-11-23"),
        ("next mon", "2026-11-23"),
        ("next wed", "2026-11-25"),
        ("next fri", "2026-11-27"),
        ("fri next week 9", "2026-11-27 09:00"),
        ("next sun", "2026-11-29"),
        ("next week", "2026-11-23"),
        ("next month", "2026-12-01"),
        ("today", "2026-11-18"),
        ("today wed", "2026-11-18"),
        ("today 5pm", "2026-11-18 17:00"),
        ("today 10:30", "2026-11-18 10:30"),  # this very minute
        ("tomorrow 14:00", "2026-11-19 14:00"),
        ("tomorrow noon", "2026-11-19 12:00"),
        ("tomorrow 5 p.m.", "2026-11-19 17:00"),
        ("tomorrow 12am", "2026-11-19 00:00"),
        ("tomorrow 12pm", "2026-11-19 12:00"),
        ("tomorrow 14h30", "2026-11-19 14:30"),
        ("tomorrow @9", "2026-11-19 09:00"),
        ("tomorrow 03:30", "2026-11-19 03:30"),
        ("tomorrow ١١:٣٠", "2026-11-19 11:30"),
        ("+0d", "2026-11-18"),
        ("+2d", "2026-11-20"),
        ("+2d 9", "2026-11-20 09:00"),
        ("+3w", "2026-12-09"),
        ("+1m", "2026-12-18"),
        ("+18months", "2028-05-18"),
        ("+1y", "2027-11-18"),
        ("+2h", "2026-11-18 12:30"),
        ("+20h", "2026-11-19 06:30"),
        ("in 3 weeks", "2026-12-09"),
        ("in 3w", "2026-12-09"),
        ("in 30 min", "2026-11-18 11:00"),
        ("2026-12-01 9:00", "2026-12-01 09:00"),
        ("27 nov", "2026-11-27"),
        ("nov 27 9", "2026-11-27 09:00"),
        ("Fri, Nov 27, 2026 9:00", "2026-11-27 09:00"),
        ("1st december of 2027", "2027-12-01"),
        ("2 jan", "2027-01-02"),  # the year rolls over
        ("18 nov", "2026-11-18"),
        ("17 nov", "2027-11-17"),
        ("11:00", "2026-11-18 11:00"),
        ("10:00", "2026-11-19 10:00"),  # over for today
        ("10:30", "2026-11-19 10:30"),
        ("at 11", "2026-11-18 11:00"),
        ("5 pm", "2026-11-18 17:00"),
        ("noon", "2026-11-18 12:00"),
        ("in a week", "2026-11-25"),
        ("in a month", "2026-12-18"),
        ("in an hour", "2026-11-18 11:30"),
        ("in a week 9:00", "2026-11-25 09:00"),
        ("2 days", "2026-11-20"),
        ("2 weeks", "2026-12-02"),
        ("90 minutes", "2026-11-18 12:00"),
    ],
)
def test_days_and_times(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "american", "german"),
    [
        ("3/4", "2027-03-04", "2027-04-03"),
        ("3/4/27", "2027-03-04", "2027-04-03"),
        ("31.12.", "2026-12-31", "2026-12-31"),  # only one order gives a date
        ("31/12", "2026-12-31", "2026-12-31"),
        ("12/31", "2026-12-31", "2026-12-31"),
        ("1.12. 9:00", "2027-01-12 09:00", "2026-12-01 09:00"),
    ],
)
def test_numbers_are_read_in_the_order_of_the_locale(text: str, american: str, german: str) -> None:
    assert (moment(text, "en_US"), moment(text, "de_DE")) == (american, german)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("de_DE", "Freitag 10", "2026-11-20 10:00"),
        ("de_DE", "fr. 3:30", "2026-11-20 03:30"),  # clocks have 24 hours
        ("de_DE", "fri 10", "2026-11-20 10:00"),
        ("de_DE", "27. Dezember 9:00", "2026-12-27 09:00"),
        ("fr_FR", "mar. 14h", "2026-11-24 14:00"),
        ("fr_FR", "10 fevrier", "2027-02-10"),  # accents are optional
        ("it_IT", "10 mar", "2027-03-10"),
        ("it_IT", "mar", "2026-11-24"),
        ("sv_SE", "lördag 9", "2026-11-21 09:00"),
        ("pl_PL", "piątek 10", "2026-11-20 10:00"),
        ("pt_BR", "27 de novembro de 2026 14:00", "2026-11-27 14:00"),
        ("he_IL", "next week", "2026-11-22"),  # working weeks begin on Sunday
    ],
)
def test_the_language_of_the_locale(name: str, text: str, expected: str) -> None:
    assert moment(text, name) == expected


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("fri 10:30 call", "call", ""),
        ("call fri", "call", ""),
        ("Phone fri", "call", ""),
        ("tomorrow 14:00 call", "call", ""),
        ("monday 9 visit Acme", "visit", "Acme"),
        ("e-mail: fri the Offer", "email", "the Offer"),
        ("send offer fri", None, "send offer"),
        ("prepare call fri", None, "prepare call"),
        ("fri 30 units", None, "30 units"),
        ("send 3 offers fri", None, "send 3 offers"),
        ("fri  “Ünits”  ½", None, "“Ünits” ½"),
        ("call Tom in a week", "call", "Tom"),
        ("2 days training fri", None, "2 days training"),
        ("fri about yesterday", None, "about yesterday"),
        ("call Tom in 2 days at 10 about + 2", "call", "Tom about + 2"),
    ],
)
def test_kind_and_subject(text: str, kind: str | None, rest: str) -> None:
    found = read(text)
    assert (found.kind, found.rest) == (kind, rest)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "names no day"),
        ("call Acme", "names no day"),
        ("14:00 call", "names no day"),
        ("called at 10:00", "names no day"),
        ("2 days training acme", "names no day"),
        ("training 2 days", "names no day"),
        ("mail Tom about yesterday", "names no day"),
        ("10", "names no day"),
        ("2 w", "names no day"),
        ("a week", "names no day"),
        ("yesterday", "Tuesday, November 17, 2026 is over"),
        ("yesterday 15:00", "is over"),
        ("at 3", "write 3am or 3pm"),
        ("11:00 12:00", "more than one time"),
        ("next", "names no day"),
        ("+99999y", "names no day"),
        ("+9999y", "too far away"),
        ("fri mon", "more than one day: Friday, November 20, 2026; Monday, November 23, 2026"),
        ("mon 27 nov", "more than one day: Friday, November 27, 2026; Monday"),
        ("tomorrow +2d", "more than one day"),
        ("fri 10:00 11:30", "more than one time"),
        ("+2h 15:00", "more than one time"),
        ("fri 3", "write 3am or 3pm"),
        ("fri 3:30", "write 3:30am or 3:30pm"),
        ("fri 25:00", "no time 25:00"),
        ("fri 10:75", "no time 10:75"),
        ("fri 13pm", "no time 13pm"),
        ("+30m", "months or minutes"),
        ("today 9", "is over"),
        ("today 10:29", "is over"),
        ("2026-11-17", "is over"),
        ("31.2.", "no 31 February"),
        ("2026-02-30", "no 30 February"),
        ("2026-13-01", "no month 13"),
        ("feb 29", "no 29 February"),
        ("15/15", "no month 15"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UserError, match=re.escape(reason)):
        read(text)


def test_a_word_that_is_a_day_and_a_month_is_refused_where_both_fit() -> None:
    with pytest.raises(UserError, match="may be a day or a month"):
        read("mar 10", "it_IT")


@pytest.mark.parametrize("text", ["10:00", "noon", "2 weeks", "yesterday", "rang twice in a week"])
def test_a_piece_of_a_tale_names_no_day_by_the_way(text: str) -> None:
    with pytest.raises(NoDay):
        parse(text, NOW, locales.load("en_US"), told=True)
    assert parse("in a week offer", NOW, locales.load("en_US"), told=True).date == "2026-11-25"


def test_months_end_where_they_end() -> None:
    january, leap = (dt.datetime(year, 1, 31, 9, tzinfo=BERLIN) for year in (2027, 2028))
    assert [moment("+1m", now=now) for now in (january, leap)] == ["2027-02-28", "2028-02-29"]
    assert moment("next month", now=january) == "2027-02-01"
    assert moment("+1y", now=dt.datetime(2028, 2, 29, 9, tzinfo=BERLIN)) == "2029-02-28"
    december = dt.datetime(2026, 12, 31, 23, 30, tzinfo=BERLIN)
    assert moment("tomorrow", now=december) == "2027-01-01"
    assert moment("next month", now=december) == "2027-01-01"
    assert moment("+1h", now=december) == "2027-01-01 00:30"
    assert moment("fri", now=december) == "2027-01-01"
    assert moment("feb 29", now=dt.datetime(2027, 5, 1, tzinfo=BERLIN)) == "2028-02-29"


def test_hours_pass_also_when_the_clock_is_changed() -> None:
    eve = dt.datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)  # at 3:00 it becomes 2:00
    assert moment("+2h", now=eve) == "2026-10-25 02:30"
    assert moment("+3h", now=eve) == "2026-10-25 03:30"


def test_weeks_from_every_day_of_the_week() -> None:
    monday = dt.datetime(2026, 11, 16, 12, tzinfo=BERLIN)
    for offset in range(7):
        now = monday + dt.timedelta(offset)
        assert moment("next week", now=now) == "2026-11-23"
        assert moment("next sun", now=now) == "2026-11-29"
        assert now.date().isoformat() < moment("wed", now=now) <= (now + dt.timedelta(7)).date().isoformat()


@pytest.mark.parametrize(
    ("name", "text", "echo"),
    [
        ("en_GB", "fri 10 call", "call · Friday, 20 November 2026, 10:00"),
        ("en_US", "fri 10 call Bob", "call · Friday, November 20, 2026, 10:00\u202fAM · Bob"),
        ("de_DE", "31.12. Angebot", "Donnerstag, 31. Dezember 2026 · Angebot"),
        ("fr_FR", "+2d", "vendredi 20 novembre 2026"),
    ],
)
def test_the_echo_says_it_in_full(name: str, text: str, echo: str) -> None:
    assert read(text, name).echo(locales.load(name)) == echo


def test_translations_add_words(monkeypatch: pytest.MonkeyPatch) -> None:
    german = {WORDS["tomorrow"]: "morgen", KINDS["call"]: "Anruf", UNITS["weeks"]: "Woche Wochen", "call": "Anruf"}
    monkeypatch.setattr("sfa.quickdates._", lambda text: german.get(text, text))
    assert read("morgen Anruf Acme", "de_DE")[:] == ("2026-11-19", None, "call", "Acme")
    assert read("call tomorrow").kind == "call"
    assert moment("in 2 Wochen") == "2026-12-02"
    assert read("anruf fr", "de_DE").echo(locales.load("de_DE")) == "Anruf · Freitag, 20. November 2026"


PIECES = (
    "yesterday a an days "
    "fri mon next week month in at on + +2d +1m 3 10 31 2026 2026-12-31 31.12. 3/4 29/2 10:30 5pm am noon today "
    "tomorrow call visit Acme mar 27 nov of 0 00 99 24:00 ½ ٣ : . / - , months 9999 +9999w +300y"
)
TEXTS = st.lists(st.sampled_from(PIECES.split(" ")), max_size=7).map(" ".join) | st.text(max_size=20)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), timezones=st.just(BERLIN))  # noqa: DTZ001 - the strategy adds it


@pytest.mark.parametrize("name", ["en_US", "de_DE", "it_IT", "ja_JP", "he_IL"])
@given(text=TEXTS, now=MOMENTS)
@example(text="next " * 3000, now=NOW)
def test_any_text_gives_a_moment_to_come_or_a_reason(name: str, text: str, now: dt.datetime) -> None:
    locale = locales.load(name)
    try:
        found = parse(text, now, locale)
    except UserError:
        return
    assert found.date >= now.date().isoformat()
    assert found.time is None or re.fullmatch("[0-2][0-9]:[0-5][0-9]", found.time)
    assert f"{found.date} {found.time or '24'}" >= f"{now.date().isoformat()} {now:%H:%M}"
    assert set(found.rest.split()) <= set(text.split())
    assert parse(f"{found.date} {found.time or ''} {found.kind or ''}", now, locale) == found._replace(rest="")
    assert found.echo(locale)
