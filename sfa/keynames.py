"""The names of keys: as a user writes them in the keymap, as Textual names them, as they are shown."""

from __future__ import annotations

import unicodedata

from sfa.i18n import _

_NAMED = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
_MODIFIERS = {"ctrl": "Ctrl", "alt": "Alt", "shift": "Shift"}
_TAKEN = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+space": "ctrl+@",
    "alt+f": "ctrl+right",
    "alt+b": "ctrl+left",
}
"""What terminals send for keys that they cannot tell apart."""


def normal(key: str) -> str:
    """Textual's name of ``key`` (``?`` is ``question_mark``).

    Raises:
        ValueError: no keyboard has it, or no terminal delivers it; the message says so in the user's words.
    """
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    if sent := _TAKEN.get(key):
        raise ValueError(_("terminals send {key} as {sent}").format(key=key, sent=sent))
    if unknown := [name for name in modifiers if name not in _MODIFIERS]:
        raise ValueError(_("there is no modifier “{name}”; there are ctrl, alt and shift").format(name=unknown[0]))
    if modifiers == ["shift"] and len(base) == 1:
        raise ValueError(_("write {key} as “{capital}”").format(key=key, capital=base.upper()))
    if "ctrl" in modifiers and base.isalpha() and base.isupper() and len(base) == 1:
        raise ValueError(_("write {key} as “ctrl+shift+{letter}”").format(key=key, letter=base.lower()))
    return "+".join([*modifiers, _normal_base(base)])


def _normal_base(base: str) -> str:
    if base in _NAMED or (len(base) == 1 and base.isalnum()):
        return base
    if len(base) == 1 and base.isprintable() and base != " ":
        return _character_name(base)
    if base in _PUNCTUATION:
        return base
    raise ValueError(_("there is no key “{key}”").format(key=base))


_SPECIAL = {"-": "minus", "+": "plus", "/": "slash", "\\": "backslash", "_": "underscore", "@": "at"}
"""Where Textual's name differs from Unicode's."""


def _character_name(character: str) -> str:
    return _SPECIAL.get(character) or unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")


_PUNCTUATION = {
    _character_name(character): character
    for character in map(chr, (*range(0x21, 0x7F), *range(0xA1, 0x100)))
    if not character.isalnum()
}


def display(key: str) -> str:
    """``key``, in the user's or Textual's spelling, as the key bar and the help show it."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    shown = _NAMED.get(base) or _PUNCTUATION.get(base, base)
    if len(shown) == 1 and shown.isalpha() and modifiers:
        shown = shown.upper()
    return "+".join([*(_MODIFIERS[name] for name in modifiers), shown])
