"""Phones and e-mail addresses of cards: from types and labels to the labels of our entries, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sfa.formats.contentlines import Line, escape, unescape
from sfa.models.lists import LABEL

Point = Mapping[str, str]
PREFERRED = "pref"
UNREAD = "X-SFA-UNREAD"  # marks, in what is kept of a card, a property that no field could take
NAMES = {"phones": "TEL", "emails": "EMAIL"}
# Types as cards have them → labels as we have them; the first that is found counts.
LABELS = {
    "fax": "fax", "cell": "mobile", "iphone": "mobile", "pager": "pager", "car": "car", "video": "video",
    "home": "home", "dom": "home", "work": "work", "other": "other",
}  # fmt: skip
TYPES = {
    "work": "work",
    "home": "home",
    "mobile": "cell",
    "fax": "fax",
    "pager": "pager",
    "car": "car",
    "video": "video",
}
_APPLE = re.compile(r"_\$!<(.*)>!\$_$")
_ADDRESS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_URI = re.compile(r"(tel|mailto):", re.IGNORECASE)
_EXTENSION = re.compile(r";ext=([0-9]+)", re.IGNORECASE)


class Said(NamedTuple):
    """An entry as a card says it, and the places of the lines that say so."""

    label: str
    value: str
    places: tuple[int, ...]


def types(line: Line) -> list[str]:
    """What a property is of, in small letters."""
    return [given.lower() for given in line.params.get("TYPE", ())]


def is_preferred(line: Line) -> bool:
    """Whether a property comes before others of its name."""
    return PREFERRED in types(line) or line.param("PREF") == "1"


def custom_label(lines: Sequence[Line], line: Line) -> str:
    """The name that a person gave to a property, as Apple's and Google's address books write it; empty without one."""
    if not line.group:
        return ""
    mates = (mate for mate in lines if mate.group == line.group and mate.name == "X-ABLABEL")
    text = unescape(next((mate.value for mate in mates), "")).strip()
    found = _APPLE.match(text)
    return found[1] if found else text


def points(lines: Sequence[Line], field: str) -> list[Said]:
    """The entries of ``field`` (phones or emails), the preferred first; one that is said twice is one."""
    found: dict[tuple[str, str], list[int]] = {}
    places = [place for place, line in enumerate(lines) if line.name == NAMES[field] and UNREAD not in line.params]
    for place in sorted(places, key=lambda place: not is_preferred(lines[place])):
        if value := value_of(lines[place]):
            found.setdefault((label_of(lines, lines[place]), value), []).append(place)
    return [Said(label, value, tuple(places)) for (label, value), places in found.items()]


def value_of(line: Line) -> str:
    """The number or address itself."""
    text = " ".join(unescape(line.value).split())
    if uri := _URI.match(text):
        text = text[uri.end() :].partition("?")[0]
        extension = _EXTENSION.search(text)
        text = text.partition(";")[0] + (f" ext. {extension[1]}" if extension else "")
    if line.name == "EMAIL" and (found := _ADDRESS.search(text)):
        return found[1]
    return text


def label_of(lines: Sequence[Line], line: Line) -> str:
    """What our lists call the entry: its own label, else the word for its type, else work."""
    own = custom_label(lines, line).casefold()
    if own and LABEL.fullmatch(own):
        return LABELS.get(own, own)
    given = types(line)
    return next((label for word, label in LABELS.items() if word in given), "work")


def line_of(field: str, point: Point, group: str) -> list[Line]:
    """An entry as a card of version 3 says it; ``group`` is a free one, for labels that no type tells."""
    kinds = ["internet"] if field == "emails" else []
    label, value = point["label"], escape(point["value"])
    known = TYPES if field == "phones" else {"work": "work", "home": "home"}
    if label in known:
        return [Line(NAMES[field], {"TYPE": [*kinds, known[label]]}, value)]
    params = {"TYPE": kinds} if kinds else {}
    return [Line(NAMES[field], params, value, group), Line("X-ABLABEL", {}, escape(label), group)]


def prefer(line: Line, preferred: bool) -> Line:
    """The line, preferred or not any more."""
    given = [word for word in line.params.get("TYPE", ()) if word.lower() != PREFERRED]
    params = {name: words for name, words in line.params.items() if name not in ("TYPE", "PREF")}
    given += [PREFERRED] if preferred else []
    return line._replace(params={**params, **({"TYPE": given} if given else {})})
