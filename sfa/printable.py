"""Text from records where a terminal draws it: nothing in it is obeyed, nothing is hidden."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category

_JOINERS = "\u200c\u200d"  # zero-width joiners carry meaning in Persian and in emoji, and take no cell


def _visible(character: str) -> str:
    kind = category(character)
    if kind == "Cc":
        code = ord(character)
        return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
    if kind in {"Cf", "Cs", "Zl", "Zp"} and character not in _JOINERS:
        return "\ufffd"  # bidirectional overrides, zero-width spaces, lone surrogates
    return character


@lru_cache(maxsize=4096)  # lists draw the same names again and again
def clean(text: str) -> str:
    """``text`` with everything that a terminal would obey or hide replaced by a visible character."""
    return text if text.isprintable() else "".join(map(_visible, text))
