"""Phones and e-mail addresses in a cell: one, or several with labels of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sfa.exchange.countries import region_of
from sfa.models import Phones
from sfa.models.lists import SEPARATOR, Points, e164

NOTHING: dict[str, str] = {}


def are_plain(texts: Sequence[str], longest: int) -> bool:
    """Whether no text can hold several entries, a label, or what no field takes."""
    joined = "".join(texts)
    return (
        joined.isprintable() and ":" not in joined and ";" not in joined and max(map(len, texts), default=0) <= longest
    )


def read_points(field: Points, text: str, label: str, country: str, plain: bool = False) -> list[dict[str, str]]:
    """The entries in a cell under a header that says ``label``: several between semicolons, or commas where it must be.

    A number without a country code is dialled in ``country``. ``plain`` is known to hold one entry without a label.
    """
    if plain:
        value = text.strip()
        try:
            return [{"label": label, "value": value, **field.judge(value, dialled(field, value, country))}]
        except ValueError:
            if "," not in value:
                raise
    parts = text.split(",") if plain else SEPARATOR.split(text.strip())
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
