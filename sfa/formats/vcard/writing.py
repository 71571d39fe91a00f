"""Contacts as cards of version 3.0 or 4.0.

What a contact's card said beyond our fields is given back: every line of it stays that our values say no otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import NamedTuple

from sfa import __version__
from sfa.formats.contentlines import Line, folded, write_line
from sfa.formats.vcard import properties
from sfa.formats.vcard.meaning import NAME_FIELDS, PARTS, meaning, place_of
from sfa.formats.vcard.points import NAMES, UNREAD, is_preferred, line_of, prefer
from sfa.formats.vcard.reading import COMMON, NEWEST, URN, Card, read
from sfa.formats.vcard.versions import to_common, to_newest
from sfa.models import is_id
from sfa.models.fields import Value

PRODUCT = f"-//sfa//sfa {__version__}//EN"
TEXTS = {"title": "TITLE", "nickname": "NICKNAME", "language": "LANG", "description": "NOTE"}
COMPANIONS = frozenset({"X-ABLABEL", "X-ABADR"})  # what only says something about another line of its group
Values = Mapping[str, Value]
Maker = Callable[[Line | None], Line | None]


class Extras(NamedTuple):
    """What a contact's values have only as links: the names of its account and its tags."""

    account: str = ""
    tags: tuple[str, ...] = ()


def card(values: Values, version: str = COMMON, extras: Extras = Extras()) -> str:  # noqa: B008 - it never changes
    """The contact with ``values`` in stored form as a card of ``version``, folded and with line ends of its own.

    ``values`` need a last name and an id; ``original`` among them is the card that it came from.
    """
    cards = read(values.get("original") or "")
    original = to_common(cards[0]) if cards else Card(COMMON, ())
    merged = Card(COMMON, (_uid(values, original), *_Merge(original, values, extras).lines()))
    if version == NEWEST:
        merged = to_newest(merged)
    written = (write_line(line.name, line.value, line.params, line.group) for line in merged.lines)
    return folded(("BEGIN:VCARD", f"VERSION:{version}", f"PRODID:{PRODUCT}", *written, "END:VCARD"))


def _uid(values: Values, original: Card) -> Line:
    """What it is known by: the id that it came with, written as it came, else ours."""
    uid, came = values.get("uid") or values["id"], original.first("UID")
    if came and original.uid == uid:
        return came
    return properties.text("UID", (URN if is_id(uid) else "") + uid, None)


class _Merge:
    """A card's lines with a contact's values in them, all in version 3."""

    def __init__(self, original: Card, values: Values, extras: Extras) -> None:
        self.before, self.values, self.extras = original.lines, values, extras
        self.said = meaning(original)
        self.slots: list[list[Line]] = [[line] for line in original.lines]  # what stands in the place of each
        self.added: list[Line] = []
        self.changed = not original.lines
        used = {line.group.lower() for line in original.lines}
        self.groups = (group for number in count(1) if (group := f"item{number}") not in used)

    def lines(self) -> list[Line]:
        self._name()
        self._organisation()
        for field, name in TEXTS.items():
            self._put(field, lambda text, before, name=name: properties.text(name, text, before))  # type: ignore[misc]
        self._put("birthday", properties.birthday)
        self._put("website", properties.link)
        self._put("tzid", properties.zone)
        for field in NAMES:
            self._points(field)
        for field in ("mailing", "home"):
            self._address(field)
        self._tags()
        return self._clean()

    def _differs(self, *fields: str) -> bool:
        return any((self.values.get(field) or None) != self.said.values.get(field) for field in fields)

    def _replace(self, field: str, make: Maker) -> None:
        """What ``make`` gives in the place of the lines that said ``field``, or at the end."""
        places = self.said.by.get(field, ())
        made = make(self.before[places[0]] if places else None)
        lines = [made] if made else []
        for place in places:
            self.slots[place] = []
        if places:
            self.slots[places[0]] = lines
        else:
            self.added += lines
        self.changed = True

    def _put(self, field: str, make: Callable[[str, Line | None], Line]) -> None:
        if self._differs(field):
            text = self.values.get(field)
            self._replace(field, lambda before: make(text, before) if text else None)

    def _name(self) -> None:
        shown = next((place for place, line in enumerate(self.before) if line.name == "FN" and line.value.strip()), -1)
        differs = self._differs(*NAME_FIELDS)
        if differs or shown < 0:
            line = properties.shown_name(self.values, self.before[shown] if shown >= 0 else None)
            if shown >= 0:
                self.slots[shown] = [line]
            else:
                self.added.append(line)
        if differs or "last_name" not in self.said.by:
            self._replace("last_name", lambda before: properties.name(self.values, before))

    def _organisation(self) -> None:
        department = self.values.get("department") or ""
        if self.extras.account != self.said.account or self._differs("department"):
            said = bool(self.extras.account or department)
            self._replace(
                "account",
                lambda before: properties.organisation(self.extras.account, department, before) if said else None,
            )

    def _tags(self) -> None:
        if {tag.casefold() for tag in self.extras.tags} != {tag.casefold() for tag in self.said.tags}:
            self._replace("tags", lambda before: properties.tags(self.extras.tags, before))

    def _address(self, field: str) -> None:
        if not self._differs(*(f"{field}_{part}" for part in PARTS)):
            return
        said = any(self.values.get(f"{field}_{part}") for part in PARTS)
        self._replace(field, lambda before: properties.address(field, self.values, before) if said else None)
        groups = {self.before[place].group for place in self.said.by.get(field, ())} - {""}
        for place, line in enumerate(self.before):
            is_label = line.name == "LABEL" and place_of(self.before, place) == field
            if is_label or (line.name == "X-ABADR" and line.group in groups):  # both speak of the old address
                self.slots[place] = []

    def _points(self, field: str) -> None:
        """Each entry by the line that said it, in the order of our list; new ones behind them."""
        said = {(entry.label, entry.value): entry.places for entry in self.said.of(field)}
        wanted = [(point["label"], point["value"]) for point in self.values.get(field) or ()]
        if wanted == list(said):
            return
        self.changed = True
        own = sorted(place for places in said.values() for place in places)
        blocks = [
            [self.before[place] for place in said[key]]
            if key in said
            else line_of(field, {"label": key[0], "value": key[1]}, next(self.groups))
            for key in wanted
        ]
        self._prefer(blocks)
        for place in own:
            self.slots[place] = []
        for place, block in zip(own, blocks, strict=False):
            self.slots[place] = block
        self.added += [line for block in blocks[len(own) :] for line in block]

    @staticmethod
    def _prefer(blocks: list[list[Line]]) -> None:
        """The first of several is the preferred one."""
        if len(blocks) > 1 and not is_preferred(blocks[0][0]):
            for place, block in enumerate(blocks):
                blocks[place] = [
                    prefer(line, preferred=place == 0) if line.name in NAMES.values() else line for line in block
                ]

    def _clean(self) -> list[Line]:
        """All lines, without marks of ours and without what spoke of lines that went."""
        lines = [line for slot in self.slots for line in slot] + self.added
        alive = {line.group for line in lines if line.name not in COMPANIONS}
        dropped = {"PRODID", "UID", "VERSION"} | ({"REV"} if self.changed else set())
        for place in [place for place, line in enumerate(lines) if line.name == "N"][1:]:
            lines[place] = lines[place]._replace(name="X-N")  # a card has one name
        return [
            line._replace(params={name: given for name, given in line.params.items() if name != UNREAD})
            for line in lines
            if line.name not in dropped and (line.name not in COMPANIONS or not line.group or line.group in alive)
        ]
