"""Rules of repetition in words: told, and read as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard

from sfa.cldr import fold
from sfa.i18n import N_, _
from sfa.locales import Locale
from sfa.recurrence import DAYS, check, parts_of

FREQUENCIES = {
    "DAILY": (N_("every day"), N_("every {count} days"), N_("daily")),
    "WEEKLY": (N_("every week"), N_("every {count} weeks"), N_("weekly")),
    "MONTHLY": (N_("every month"), N_("every {count} months"), N_("monthly")),
    "YEARLY": (N_("every year"), N_("every {count} years"), N_("yearly")),
}
ORDINALS = {"1": N_("1st"), "2": N_("2nd"), "3": N_("3rd"), "4": N_("4th"), "5": N_("5th"), "-1": N_("last")}
_TIMES = r"(\d{1,4}) times"


def describe(rule: str, locale: Locale) -> str:
    """A rule in words: ``every 2 weeks on Monday, until 31.12.2026``; the rule itself where words would not do."""
    parts = parts_of(rule)
    names = FREQUENCIES.get(parts.get("FREQ", ""))
    if names is None or not {name for name in parts if name.startswith("BY")} <= {"BYDAY", "BYMONTHDAY"}:
        return rule
    interval = int(parts.get("INTERVAL", "1"))
    words = _(names[0]) if interval == 1 else _(names[1]).format(count=interval)
    try:
        days = _days_in_words(parts, locale)
    except (ValueError, KeyError):
        return rule
    if days:
        words = _("{rule} on {days}").format(rule=words, days=days)
    if end := parts.get("UNTIL"):
        words = _("{rule}, until {day}").format(rule=words, day=locale.date(f"{end[:4]}-{end[4:6]}-{end[6:8]}"))
    return _("{rule}, {count} times").format(rule=words, count=parts["COUNT"]) if "COUNT" in parts else words


def _days_in_words(parts: Mapping[str, str], locale: Locale) -> str:
    """``Monday, Tuesday`` of weeks; ``day 15``, ``the last day``, ``the 2nd Tuesday`` of months. Others raise."""
    by_day, by_month_day = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    if by_day and parts["FREQ"] == "WEEKLY" and not by_month_day:
        return ", ".join(locale.weekday_names[DAYS.index(day)] for day in by_day.split(","))
    if (by_day or by_month_day) and (parts["FREQ"] != "MONTHLY" or (by_day and by_month_day)):
        raise ValueError
    if by_month_day:
        return _("the last day") if by_month_day == "-1" else _("day {day}").format(day=int(by_month_day))
    if by_day:
        day = locale.weekday_names[DAYS.index(by_day[-2:])]
        return _("the {nth} {day}").format(nth=_(ORDINALS[by_day[:-2]]), day=day)
    return ""


def read(text: str, locale: Locale) -> str:
    """The rule that ``text`` says: words such as ``weekly``, ``every 2 weeks on mon, thu``, ``every month on day 15``,
    ``every friday until 31.12.2026``, ``daily 5 times``; or a rule itself. Raises ``ValueError``.
    """
    word = " ".join(text.casefold().split())
    if "=" in word:
        return check(text)
    try:
        return _read_words(word, locale)
    except (ValueError, KeyError):
        reason = _("“{text}” is not understood; write weekly, every 2 weeks on mon, every month on day 15, or a rule")
        raise ValueError(reason.format(text=text[:80])) from None


def _read_words(word: str, locale: Locale) -> str:
    """Raises ``KeyError`` or ``ValueError`` for what is not understood."""
    from sfa.locales import today

    ends = ""
    if found := re.fullmatch(rf"(.+?),? {_TIMES}", word):
        word, ends = found[1], f";COUNT={int(found[2])}"
    elif found := re.fullmatch(rf"(.+?),? (?:until|{re.escape(_('until'))}) (.+)", word):
        word, ends = found[1], f";UNTIL={locale.parse_date(found[2], today()).replace('-', '')}"
    frequency, on, days = word.partition(f" {_('on')} ") if f" {_('on')} " in word else word.partition(" on ")
    every = _("every {day}").format(day="").strip().casefold()
    named = _weekdays(frequency.removeprefix("every").removeprefix(every).strip(), locale)
    if named and not on:
        return f"FREQ=WEEKLY;BYDAY={named}{ends}"
    rule = _frequency(frequency)
    if on and rule.startswith("FREQ=MONTHLY"):
        return f"{rule};{_month_days(days, locale)}{ends}"
    if on and not (rule.startswith("FREQ=WEEKLY") and (named := _weekdays(days, locale))):
        raise ValueError(days)
    return f"{rule};BYDAY={named}{ends}" if on else rule + ends


def _frequency(word: str) -> str:
    for frequency, (every, several, adverb) in FREQUENCIES.items():
        if word in (_(every), _(adverb), every, adverb):
            return f"FREQ={frequency}"
        for form in (several, _(several)):
            pattern = re.escape(form.casefold()).replace(r"\{count\}", r"(\d{1,3})")
            if found := re.fullmatch(pattern, word):
                return f"FREQ={frequency};INTERVAL={int(found[1])}"
    raise KeyError(word)


def _weekdays(text: str, locale: Locale) -> str:
    """The weekdays that are named, as a rule has them; empty where something else is."""
    names = [name for name in re.split(rf"[, ]+(?:(?:and|{re.escape(_('and'))}) )?", text) if name]
    found = {locale.weekdays.get(fold(name)) for name in names}
    return "" if None in found or not found else ",".join(DAYS[day] for day in sorted(filter(_is_day, found)))


def _is_day(day: int | None) -> TypeGuard[int]:
    return day is not None


def _month_days(text: str, locale: Locale) -> str:
    """``day 15``, ``the last day``, ``the 2nd tuesday`` as a part of a rule."""
    if text in ("the last day", _("the last day").casefold()):
        return "BYMONTHDAY=-1"
    for form in ("day {day}", _("day {day}").casefold()):
        if found := re.fullmatch(re.escape(form).replace(r"\{day\}", r"(\d{1,2})"), text):
            return f"BYMONTHDAY={int(found[1])}"
    for number, nth in ORDINALS.items():
        for form in (f"the {nth} ", _("the {nth} {day}").format(nth=_(nth), day="").casefold()):
            if text.startswith(form) and (day := _weekdays(text.removeprefix(form), locale)):
                return f"BYDAY={number}{day}"
    raise ValueError(text)
