"""The facts of a locale: from Babel's CLDR once, from then on from a small file in the platform's cache folder.

Babel costs 20 ms to import and its data more to load; the file costs under one. Its name holds locale, Babel's version
and the layout below, so it cannot go stale. A damaged one is replaced; where none can be kept, Babel is asked anew.
"""

from __future__ import annotations

import json
import os
import re

from sfa.settings import folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LAYOUT = 1  # raise when the facts below change their meaning

NUMBERS: dict[str, type] = {
    "name": str,  # such as de_DE
    "territory": str,  # such as DE
    "currency": str,  # the territory's own, ISO 4217
    "decimal": str,
    "group": str,
    "group_size": int,  # digits in a group above the first thousand: 3, 2 in India, 0 for no groups
    "money": list,  # what stands around an amount, with ¤ for the sign: before, after, before and after a negative one
    "percent_affixes": list,  # the same around a percentage
    "symbols": dict,  # currency code to sign, where they differ
    "steps": list,  # short amounts: [from this power of ten, in units of this power, abbreviation], largest first
    "powers": dict,  # abbreviations people may type, folded: power of ten
    "currencies": list,  # every code that is legal tender somewhere today
}
DATES: dict[str, type] = {
    "short_date": str,  # templates for str.format with the fields of CLDR
    "day_date": str,
    "day_year_date": str,
    "long_date": str,
    "clock": str,
    "halves": list,  # before and after noon
    "month_names": list,
    "month_shorts": list,
    "weekday_names": list,  # Monday first
    "weekday_shorts": list,
    "months": dict,  # every name by which a month goes, folded: 1 to 12; English ones always among them
    "weekdays": dict,  # the same for days of the week: 0 to 6
    "order": str,  # of numbers in a date: dmy, mdy or ymd
    "short_order": str,  # of a date without a year: dm or md
    "first_weekday": int,  # the first column of a calendar, 0 is Monday
    "first_workday": int,  # the day after the weekend
}
FACTS = NUMBERS | DATES

LETTERS = {3: "K", 6: "M", 9: "B", 12: "T"}  # where a language has no short abbreviation of its own
BIDI = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))  # a terminal's cells need no direction marks
PIECE = re.compile(r"'([^']*)'|(([A-Za-z])\3*)|[^A-Za-z']+")
FIELDS = {
    "y": "{y}", "M": "{M}", "MM": "{M:02}", "MMM": "{MMM}", "MMMM": "{MMMM}", "LLL": "{MMM}", "LLLL": "{MMMM}",
    "d": "{d}", "dd": "{d:02}", "E": "{E}", "EEE": "{E}", "ccc": "{E}", "EEEE": "{EEEE}", "cccc": "{EEEE}",
    "h": "{h}", "hh": "{h:02}", "H": "{H}", "HH": "{H:02}", "m": "{m}", "mm": "{m:02}", "a": "{a}", "B": "{a}",
}  # fmt: skip


def load(name: str) -> dict[str, Any]:
    """The facts of the locale ``name``, those of en_US where Babel knows no such locale."""
    path = os.path.join(folder("cache"), f"locale-{name}-{_babel_version()}-{LAYOUT}.json")
    try:
        with open(path, encoding="utf-8") as file:
            facts = json.load(file)
        if isinstance(facts, dict) and {key: type(fact) for key, fact in facts.items()} == FACTS:
            return facts
    except (OSError, ValueError, RecursionError):
        pass
    facts = extract(name)
    _save(path, facts)
    return facts


def _save(path: str, facts: dict[str, Any]) -> None:
    """Keeps ``facts`` for the next start, where the folder lets us."""
    draft = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        os.replace(draft, path)  # two programs starting at once never see half a file
    except OSError:
        pass


def _babel_version() -> str:
    """Babel's version, without the cost of importing it (or ``importlib.metadata``, which costs as much)."""
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("babel")
    try:
        with open(spec.origin if spec and spec.origin else "", encoding="utf-8") as file:
            found = re.search(r"^__version__ = ['\"]([\w.+-]+)", file.read(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found[1] if found else "unknown"


def extract(name: str) -> dict[str, Any]:
    """The facts of the locale ``name`` as Babel tells them."""
    from babel import Locale, UnknownLocaleError

    for candidate in (name, name.partition("_")[0], "en_US"):
        try:
            cldr = Locale.parse(candidate)
            break
        except (UnknownLocaleError, ValueError):
            continue
    return {"name": str(cldr), **_numbers(cldr), **_dates(cldr)}


def _numbers(cldr: Any) -> dict[str, Any]:
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    likely = get_global("likely_subtags").get(cldr.language, "")
    territory = cldr.territory or likely.rpartition("_")[2] or "US"
    money, percent = cldr.currency_formats["standard"], cldr.percent_formats[None]
    signs, size = cldr.number_symbols["latn"], cldr.decimal_formats[None].grouping[1]
    tenders = get_global("territory_currencies").values()
    steps, powers = _abbreviations(cldr.compact_decimal_formats["short"]["other"])
    return {
        "territory": territory,
        "currency": next(iter(get_territory_currencies(territory)), "USD"),
        "decimal": signs["decimal"],
        "group": signs["group"],
        "group_size": size if size in {2, 3} else 0,
        "money": _affixes(money),
        "percent_affixes": _affixes(percent),
        "symbols": {code: sign.translate(BIDI) for code, sign in cldr.currency_symbols.items() if sign != code},
        "steps": steps,
        "powers": powers,
        "currencies": sorted({code for known in tenders for code, _, end, tender in known if tender and end is None}),
    }


def _affixes(pattern: Any) -> list[str]:
    pairs = zip(pattern.prefix, pattern.suffix, strict=True)
    return [affix.replace("'", "").translate(BIDI) for pair in pairs for affix in pair]


def _abbreviations(patterns: Any) -> tuple[list[list[Any]], dict[str, int]]:
    """The steps of short amounts, and the abbreviations that may be typed.

    K and M are understood everywhere, so they stand in for longer words of the same size; the language's own are kept
    where they are short or count differently (億, Cr).
    """
    steps: dict[int, list[Any]] = {}
    powers: dict[str, int] = {}
    for power in sorted(len(magnitude) - 1 for magnitude in patterns):
        pattern = patterns["1" + "0" * power].pattern
        word = re.sub(r"[0'.\s]", "", pattern.translate(BIDI))
        unit = power + 1 - pattern.count("0")
        short = word if len(word) <= (2 if power in {3, 6} else 3) else LETTERS.get(power, "")
        if word:
            powers.setdefault(fold(word), unit)
        if short and unit not in steps:
            steps[unit] = [power, unit, short]
            powers.setdefault(fold(short), unit)
    if not steps.keys() & {3, 4}:
        steps[3] = [3, 3, "K"]
    return sorted(steps.values(), reverse=True), {"k": 3, "m": 6} | powers


def _dates(cldr: Any) -> dict[str, Any]:
    from babel import Locale

    short, time = cldr.date_formats["short"].pattern, cldr.time_formats["short"].pattern
    skeletons = cldr.datetime_skeletons
    day, day_year = skeletons["MMMEd"].pattern, skeletons["yMMMEd"].pattern
    long = cldr.date_formats["full"].pattern
    context = "stand-alone" if "c" in PIECE.sub(lambda piece: piece[2] or "", day + long) else "format"
    halves = cldr.day_periods["format"]["abbreviated"]
    both = (Locale.parse("en_US"), cldr)
    return {
        "short_date": _template(short),
        "day_date": _template(day),
        "day_year_date": _template(day_year),
        "long_date": _template(long),
        "clock": _template(time),
        "halves": [halves["am"], halves["pm"]],
        "month_names": [cldr.months["format"]["wide"][month] for month in range(1, 13)],
        "month_shorts": [cldr.months["format"]["abbreviated"][month] for month in range(1, 13)],
        "weekday_names": [cldr.days[context]["wide"][day] for day in range(7)],
        "weekday_shorts": [cldr.days[context]["abbreviated"][day] for day in range(7)],
        "months": {"sept": 9} | _names(both, "months"),
        "weekdays": {"tues": 1, "weds": 2, "thur": 3, "thurs": 3} | _names(both, "days"),
        "order": "".join(dict.fromkeys(re.sub("[^yMd]", "", short).lower())),
        "short_order": "".join(dict.fromkeys(re.sub("[^MLd]", "", skeletons["Md"].pattern).replace("L", "M").lower())),
        "first_weekday": cldr.first_week_day,
        "first_workday": (cldr.weekend_end + 1) % 7,
    }


def _names(locales: tuple[Any, ...], what: str) -> dict[str, int]:
    """Every long and short name of months or days in ``locales``, the last one's first."""
    tables = [
        getattr(cldr, what)[context][width]
        for cldr in locales
        for context in ("stand-alone", "format")
        for width in ("abbreviated", "wide")
    ]
    return {fold(name): number for table in tables for number, name in table.items()}


def _template(pattern: str) -> str:
    """A CLDR pattern as a template for ``str.format``: ``d. MMMM y`` becomes ``{d}. {MMMM} {y}``."""

    def piece(found: re.Match[str]) -> str:
        if found[2]:
            return FIELDS.get("y" if found[3] == "y" else found[2], "")
        return found[0] if found[1] is None else found[1] or "'"

    return PIECE.sub(piece, pattern.translate(BIDI)).strip()


def fold(text: str) -> str:
    """``text`` for comparing names: without case, accents, dots and direction marks."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold().translate(BIDI))
    return "".join(char for char in plain if not unicodedata.combining(char)).replace(".", "").strip()
