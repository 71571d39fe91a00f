"""Countries as files name them: in English, in the rep's language or by code. A phone number is dialled in one."""

from __future__ import annotations

from functools import cache

from sfa.locales import current
from sfa.models import fold

MORE = {"usa": "US", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "holland": "NL", "korea": "KR"}


@cache
def region_of(country: str) -> str:
    """The ISO 3166 code of a country, such as ``DE``; empty where nobody would know it."""
    word = fold(country)
    return (
        word.upper() if len(word) == 2 and word.isascii() and word != "uk" else _regions(current().name).get(word, "")
    )


@cache
def _regions(locale: str) -> dict[str, str]:
    from babel import Locale  # only where a number has no country code

    names = {**Locale("en").territories, **Locale.parse(locale).territories}
    english = {fold(name): code for code, name in Locale("en").territories.items() if len(code) == 2}
    return {**english, **{fold(name): code for code, name in names.items() if len(code) == 2}, **MORE}
