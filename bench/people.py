"""Contacts as a laptop or head office holds them, for the benchmarks of sync: made up, the same for the same number."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any

from bench.names import CITIES, FIRST, LAST, TRADES, Draw, listed
from sfa.models import fold

DEPARTMENTS = ("Purchasing", "Production", "Quality", "IT", "Finance", "Logistics")
SOURCES = ("Trade Show", "Web Site", "Referral", "Cold Call", "Partner")
WORDS = listed("""
asked about renewal prices call again after the fair prefers mornings sent the brochure budget is decided by finance
next quarter pilot in two plants has an offer of a competitor wants to see it on site
""")

Contact = dict[str, Any]


def contacts(count: int) -> Iterator[Contact]:
    """``count`` contacts, each with its id: about 380 bytes of JSON, the values in their stored form."""
    dice = random.Random(7)
    first, last, trades, cities = (Draw(names, dice) for names in (FIRST, LAST, TRADES, CITIES))
    for n in range(count):
        name, family, site = first.one(), last.one(), fold(trades.one())
        phone = f"+4930{dice.randrange(10**7, 10**8)}"
        yield {
            "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            "first_name": name,
            "last_name": family,
            "department": dice.choice(DEPARTMENTS),
            "emails": [_point(f"{fold(name)}.{fold(family)}{n}@{site}.test".replace("'", ""))],
            "phones": [{**_point(phone), "e164": phone}],
            "mailing_street": f"{last.one()} Street {dice.randrange(1, 9999)}",
            "mailing_city": cities.one(),
            "lead_source": dice.choice(SOURCES),
            "description": f"{' '.join(dice.choices(WORDS, k=4))}, offer {dice.randrange(10**8)}",
        }


def _point(value: str) -> dict[str, str]:
    return {"label": "work", "value": value}
