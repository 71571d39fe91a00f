"""From version 3.0 to 4.0 and back: the same properties, written otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from sfa.formats.contentlines import Line, escape
from sfa.formats.vcard.meaning import OMITTED_YEAR, birthday
from sfa.formats.vcard.points import PREFERRED, is_preferred, value_of
from sfa.formats.vcard.reading import COMMON, NEWEST, Card

Params = dict[str, list[str]]
Rewriting = Callable[[Line], Line]
# What 4.0 knows; anything else must begin with X-.
KNOWN = frozenset({
    "SOURCE", "KIND", "XML", "FN", "N", "NICKNAME", "PHOTO", "BDAY", "ANNIVERSARY", "GENDER", "BIRTHPLACE",
    "DEATHPLACE", "DEATHDATE", "EXPERTISE", "HOBBY", "INTEREST", "ADR", "TEL", "EMAIL", "IMPP", "LANG",
    "CONTACT-URI", "TZ", "GEO", "TITLE", "ROLE", "LOGO", "ORG", "MEMBER", "RELATED", "ORG-DIRECTORY",
    "CATEGORIES", "NOTE", "PRODID", "REV", "SOUND", "UID", "CLIENTPIDMAP", "URL", "KEY", "FBURL", "CALADRURI",
    "CALURI",
})  # fmt: skip
PARAMS = frozenset({
    "LANGUAGE", "VALUE", "PREF", "ALTID", "PID", "TYPE", "MEDIATYPE", "CALSCALE", "SORT-AS", "GEO", "TZ",
    "LABEL", "CC", "INDEX", "LEVEL",
})  # fmt: skip
ONCE = frozenset({"N", "BDAY", "ANNIVERSARY", "GENDER", "REV", "KIND", "UID", "PRODID"})
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
FAMILY = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio"}
GONE = frozenset({PREFERRED, "internet"})  # types that are said otherwise, or need not be said
_DATA = re.compile(r"data:([^;,]*)(?:;[^,]*)?\\?;base64\\?,", re.IGNORECASE)
_GEO = re.compile(r"geo:([-+\d.]+)\\?,([-+\d.]+)$", re.IGNORECASE)
_PLACE = re.compile(r"([-+\d.]+)[;,]([-+\d.]+)$")
_OFFSET = re.compile(r"([-+]\d\d):?(\d\d)$")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(T\d{4,6}(?:Z|[-+]\d\d(?:\d\d)?)?)?$", re.ASCII)
_DATE = re.compile(r"[-\d]{4,8}(?:T[\d]{2,6}(?:Z|[-+]\d{2,4})?)?$", re.ASCII)


def to_newest(card: Card) -> Card:
    """A card of version 3.0 as 4.0 has it."""
    lines: list[Line] = []
    seen: set[str] = set()
    for line in card.lines:
        newer = _NEWER.get(line.name, _same)(line)
        unknown = newer.name not in KNOWN and not newer.name.startswith("X-")
        if unknown or newer.name in seen & ONCE:
            newer = newer._replace(name=f"X-{newer.name}")
        seen.add(newer.name)
        lines.append(newer._replace(params=_newer_params(newer)))
    return Card(NEWEST, tuple(lines))


def to_common(card: Card) -> Card:
    """The card as 3.0 has it; the same one where it is that."""
    return card if card.version == COMMON else Card(COMMON, tuple(map(_older, card.lines)))


def _older(line: Line) -> Line:
    params = _params(line)
    if line.param("PREF") == "1":
        del params["PREF"]
        params["TYPE"] = [*params.get("TYPE", ()), PREFERRED]
    return _OLDER.get(line.name, _same)(line._replace(params=params))


def _same(line: Line) -> Line:
    return line


def _params(line: Line, *without: str) -> Params:
    return {name: list(given) for name, given in line.params.items() if name not in without}


def _newer_params(line: Line) -> Params:
    params = {
        name if name in PARAMS or name.startswith("X-") else f"X-{name}": given for name, given in _params(line).items()
    }
    kinds = [word.lower() for word in params.pop("TYPE", []) if word.lower() not in GONE]
    if kinds:
        params["TYPE"] = kinds
    return params | ({"PREF": ["1"]} if is_preferred(line) else {})


def _newer_binary(line: Line) -> Line:
    """Bytes become an address that holds them."""
    if line.param("ENCODING") != "b":
        return line
    kind = next((word.lower() for word in line.params.get("TYPE", ()) if word.lower() != PREFERRED), "")
    media = kind if "/" in kind else f"{FAMILY.get(line.name, 'application')}/{kind}" if kind else ""
    return line._replace(value=f"data:{media};base64,{line.value}", params=_params(line, "ENCODING", "TYPE", "VALUE"))


def _older_binary(line: Line) -> Line:
    found = _DATA.match(line.value)
    if not found:
        return line._replace(params={**_params(line), "VALUE": ["uri"]}) if ":" in line.value else line
    family, _slash, kind = found[1].partition("/")
    word = kind.upper() if family == FAMILY.get(line.name) else found[1]
    params = _params(line, "VALUE", "MEDIATYPE") | {"ENCODING": ["b"]} | ({"TYPE": [word]} if word else {})
    return line._replace(value=line.value[found.end() :], params=params)


def _newer_date(line: Line) -> Line:
    found = birthday(line)
    if found and found.startswith("--"):
        value = f"--{found[2:4]}{found[5:7]}"
    else:
        day, sign, clock = line.value.strip().partition("T")
        value = (day if day.startswith("--") else day.replace("-", "")) + sign + clock.replace(":", "")
    params = _params(line, "VALUE", "X-APPLE-OMIT-YEAR")
    return line._replace(value=value, params=params if _DATE.match(value) else {**params, "VALUE": ["text"]})


def _older_date(line: Line) -> Line:
    found = birthday(line)
    if found and found.startswith("--"):
        params = _params(line, "VALUE") | {"X-APPLE-OMIT-YEAR": [OMITTED_YEAR]}
        return line._replace(value=f"{OMITTED_YEAR}{found[1:]}", params=params)
    basic = _BASIC.match(line.value)
    return line._replace(value=f"{basic[1]}-{basic[2]}-{basic[3]}{basic[4] or ''}") if basic else line


def _older_phone(line: Line) -> Line:
    """A number that is written as an address, as plain text; other addresses (``sip:``) stay."""
    if not line.value.lower().startswith("tel:"):
        return line
    return line._replace(value=escape(value_of(line)), params=_params(line, "VALUE"))


def _newer_place(line: Line) -> Line:
    found = _PLACE.match(line.value)
    return line._replace(value=f"geo:{found[1]},{found[2]}") if found else line


def _older_place(line: Line) -> Line:
    found = _GEO.match(line.value)
    return line._replace(value=f"{found[1]};{found[2]}", params=_params(line, "VALUE")) if found else line


def _newer_zone(line: Line) -> Line:
    found = _OFFSET.match(line.value)
    if not found or line.param("VALUE") == "text":
        return line
    return line._replace(value=found[1] + found[2], params={**_params(line), "VALUE": ["utc-offset"]})


def _older_zone(line: Line) -> Line:
    found = _OFFSET.match(line.value)
    if found:
        return line._replace(value=f"{found[1]}:{found[2]}", params=_params(line, "VALUE"))
    return line._replace(params={**_params(line), "VALUE": ["text"]})


_NEWER: dict[str, Rewriting] = {
    **dict.fromkeys(BINARY, _newer_binary),
    **dict.fromkeys(("BDAY", "ANNIVERSARY"), _newer_date),
    "GEO": _newer_place,
    "TZ": _newer_zone,
}
_OLDER: dict[str, Rewriting] = {
    **dict.fromkeys(BINARY, _older_binary),
    **dict.fromkeys(("BDAY", "ANNIVERSARY"), _older_date),
    "GEO": _older_place,
    "TZ": _older_zone,
    "TEL": _older_phone,
}
