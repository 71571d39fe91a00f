"""Reading the numbers, amounts and dates that people type, in the notation of their locale.

The locale's own notation always counts, and so does the plain one of machines (``1054.5``, ``2026-11-27``). An amount
with two readings that differ is refused, never guessed. Every refusal is a ``ValueError`` whose text is the reason.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date as calendar_date
from decimal import Decimal
from functools import cache

from sfa.cldr import BIDI, fold
from sfa.i18n import _
from sfa.locales import Locale, currencies, digits

LONGEST = 24  # characters of an amount: more than any has, fewer than Decimal rounds
LONGEST_NUMBER = 500  # a float in full has up to 440
NUMBER = re.compile(r"(?P<sign>[-+]?)\s*(?P<figure>[\d.,'’ ]*\d)")
AMOUNT = re.compile(r"(?P<head>\D*?)(?P<figure>[.,]?\d(?:[\d.,'’ ]*\d)?)(?P<tail>\D*)")
NUMBERED_DATE = re.compile(r"(\d+)[\s./\-年년]+(\d+)(?:[\s./\-月월]+(\d*))?[\s./日일]*")
DATE_WORDS = re.compile(r"\d+|[^\d\s./,-]+")
FILLERS = {"of", "de", "den", "st", "nd", "rd", "th", "er"}


def plain(text: str) -> str:
    """``text`` without direction marks, with plain digits, spaces and minus signs."""
    return unicodedata.normalize("NFKC", text.translate(BIDI)).replace("−", "-").strip()


@cache
def _shape(decimal: str, group: str, group_size: int) -> re.Pattern[str]:
    """A figure with these separators. Spaces and apostrophes group everywhere, but only one of them in one figure."""
    head, middle = (r"[1-9]\d?", r"\d{2}") if group_size == 2 else (r"[1-9]\d{0,2}", r"\d{3}")
    whole = rf"{head}(?P<group>[ '’{re.escape(group)}])(?:{middle}(?P=group))*\d{{3}}"
    return re.compile(rf"(?P<whole>{whole}|\d*)(?:{re.escape(decimal)}(?P<fraction>\d+))?")


def _readings(figure: str, locale: Locale, longest: int) -> list[str]:
    """All ways to read ``figure``, as plain decimals, the locale's own first."""
    styles = [(locale.decimal, locale.group, 3), (locale.decimal, locale.group, locale.group_size), (".", "", 3)]
    if "." in figure and "," in figure:  # the last is the decimal one, wherever it was written
        styles += [(".", ",", 3), (",", ".", 3)]
    found = [_shape(*style).fullmatch(figure) for style in styles if len(figure) <= longest]
    plains = [
        re.sub(r"\D", "", way["whole"]) + (f".{way['fraction']}" if way["fraction"] else "") for way in found if way
    ]
    return list(dict.fromkeys(plains))


def number(text: str, locale: Locale) -> int | float:
    """The number in ``text``, by the locale's own notation where it fits, else by another that is unmistakable."""
    found = NUMBER.fullmatch(plain(text))
    readings = _readings(found["figure"], locale, LONGEST_NUMBER) if found else []
    if not found or not readings:
        example = locale.number(1054.25)
        raise ValueError(_("{text} is not a number; write it like {example}").format(text=text, example=example))
    exact = found["sign"] + readings[0]
    return float(exact) if "." in exact else int(exact)


def amount(text: str, currency: str, locale: Locale) -> int:
    """The amount in ``text`` in minor units of ``currency``, whose sign or code may stand before or after it.

    An abbreviation may follow: ``12k``, ``1.2m``, or one of the locale's own (``1,2 Mio``).
    """
    found = AMOUNT.fullmatch(plain(text))
    readings = _readings(found["figure"], locale, LONGEST) if found else []
    if not found or not readings:
        raise ValueError(_no_amount(text, currency, locale))
    head, tail = fold(found["head"].replace("-", "", 1).replace("+", "", 1)), fold(found["tail"]).replace(" ", "")
    power = _power(text, head, tail, currency, locale)
    sign = -1 if "-" in found["head"] else 1
    amounts = {minor for reading in readings if (minor := _minor(reading, power, digits(currency))) is not None}
    if not amounts:
        reason = _("{currency} has {count} decimals, and {text} has more")
        raise ValueError(reason.format(text=text, currency=currency, count=digits(currency)))
    if len(amounts) > 1:
        ways = _(" or ").join(locale.amount(sign * way, currency) for way in sorted(amounts))
        raise ValueError(_("{text} may mean {ways}; write it in full").format(text=text, ways=ways))
    return sign * amounts.pop()


def _minor(reading: str, power: int, width: int) -> int | None:
    """``reading`` in minor units; None where it has more decimals than the currency.

    Idle zeros do no harm, except three: what looks like thousands elsewhere must not pass as one (``1.000``).
    """
    exact = Decimal(reading).scaleb(power + width)
    decimals = len(reading.partition(".")[2])
    return None if exact % 1 or (decimals == 3 > width and not power) else int(exact)


def _power(text: str, head: str, tail: str, currency: str, locale: Locale) -> int:
    """The power of ten that the words around a figure ask for, once the currency's are taken away."""
    sign = locale.symbol(currency)
    letters = "".join(filter(str.isalpha, sign))
    for mark in (fold(currency), fold(sign), fold(sign.strip(letters))):
        if mark and head == mark:
            head = ""
            break
        if mark and tail.endswith(mark) and mark not in locale.powers:
            tail = tail.removesuffix(mark)
            break
    if not head and (not tail or tail in locale.powers):
        return locale.powers.get(tail, 0)
    word = head or tail
    for other in currencies():
        if word in {fold(other), fold(locale.symbol(other))}:
            raise ValueError(
                _("{text} is in {other}, not in {currency}").format(text=text, other=other, currency=currency)
            )
    raise ValueError(_no_amount(text, currency, locale))


def _no_amount(text: str, currency: str, locale: Locale) -> str:
    example = locale.amount(1054 * 10 ** digits(currency), currency)
    return _("{text} is not an amount; write it like {example}").format(text=text, example=example)


def date(text: str, today: str, locale: Locale, *, either_order: bool = False) -> str:
    """The date in ``text``: ``2026-11-27``, numbers in the locale's order, or with the month's name.

    Without a year it is the next such day from ``today`` on; two digits are the year within fifty of today's.
    ``either_order`` takes day and month the other way round where the locale's order has no such month.
    """
    year, month, day = _numbered(plain(text), locale, either_order) or _named(plain(text), locale) or ("", "", "")
    if not day:
        example = locale.date(today)
        raise ValueError(_("{text} is not a date; write it like {example}").format(text=text, example=example))
    if len(year) in {1, 3} or len(year + month + day) > 8:
        raise ValueError(_("{text} is not a date: write the year with two or four digits").format(text=text))
    return _existing(year, int(month), int(day), today, locale)


def _numbered(text: str, locale: Locale, either_order: bool) -> tuple[str, str, str] | None:
    found = NUMBERED_DATE.fullmatch(text)
    if not found:
        return None
    parts = [part for part in found.groups() if part]
    if len(parts) == 2:
        order = locale.short_order
    elif len(parts[0]) > 2:
        order = "ymd"
    else:
        order = f"{locale.short_order}y" if len(parts[2]) > 2 else locale.order
    named = dict(zip(order, parts, strict=True))
    if either_order and order[0] != "y" and int(named["m"]) > 12:
        named["m"], named["d"] = named["d"], named["m"]
    return named.get("y", ""), named["m"], named["d"]


def _named(text: str, locale: Locale) -> tuple[str, str, str] | None:
    words = [word for word in map(fold, DATE_WORDS.findall(text)) if word not in FILLERS]
    numbers = [word for word in words if word.isdecimal()]
    months = [locale.months[word] for word in words if word in locale.months]
    if len(months) != 1 or not 1 <= len(numbers) <= 2 or len(words) != 1 + len(numbers):
        return None
    if len(numbers[0]) > 2:
        numbers.reverse()  # 2026 Nov 27
    day, year = numbers if len(numbers) == 2 else (numbers[0], "")
    return (year, str(months[0]), day) if len(day) <= 2 else None


def _existing(year: str, month: int, day: int, today: str, locale: Locale) -> str:
    this_year = int(today[:4])
    if not 1 <= month <= 12:
        reason = _("there is no month {month}; a date is written like {example}")
        raise ValueError(reason.format(month=month, example=locale.date(today)))
    low = this_year - 50
    years = [this_year, this_year + 1] if not year else [int(year) if len(year) == 4 else low + (int(year) - low) % 100]
    for candidate in years:
        try:
            found = calendar_date(candidate, month, day).isoformat()
        except ValueError:
            continue
        if year or found >= today:
            return found
    name = locale.month_names[month - 1]
    raise ValueError(_("there is no {day} {month} {year}").format(day=day, month=name, year=years[0]))
