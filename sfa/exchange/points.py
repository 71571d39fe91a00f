"""Phones and e-mail addresses in a cell: one, or several with labels of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sfa.exchange.countries import region_of
from sfa.models import Phones
from sfa.models.lists import SEPARATOR, Points, e164

NOTHING: dict[str, str] = {}


def are_plain(texts: Sequence[str], longest: int) -> bool:
    """Whether each text is one entry at most, without a label, and holds nothing that no field takes."""
    joined = "".join(texts)
    return (
        joined.isprintable()
        and not any(sign in joined for sign in ":;,")
        and max(map(len, texts), default=0) <= longest
    )


def read_point(field: Points, text: str, label: str) -> dict[str, str]:
    """The entry in a plain cell under a header that says ``label``."""
    value = text.strip()
    return {"label": label, "value": value, **field.judge(value, NOTHING)}


def read_points(field: Points, text: str, label: str, country: str) -> list[dict[str, str]]:
    """The entries in a cell under a header that says ``label``: several between semicolons, or commas where it must be.

    A number without a country code is dialled in ``country``.
    """
    try:
        return _checked(field, SEPARATOR.split(text.strip()), label, country)
    except ValueError:
        if "," not in text or SEPARATOR.search(text.strip()):
            raise
    return _checked(field, text.split(","), label, country)


def _checked(field: Points, parts: Sequence[str], label: str, country: str) -> list[dict[str, str]]:
    points = [field.point(part, label) for part in parts if part.strip()]
    checked: list[dict[str, str]] = field.check(
        [{**dialled(field, point["value"], country), **point} for point in points]
    )
    return checked


def dialled(field: Points, number: str, country: str) -> dict[str, str]:
    """What a phone number is in its country, where that is known."""
    if not country or not isinstance(field, Phones) or number.startswith(("+", "00")):
        return NOTHING
    region = region_of(country)
    return {"e164": e164(number, region)} if region else NOTHING
