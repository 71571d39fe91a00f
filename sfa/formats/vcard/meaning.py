"""What a card says in the fields of a contact, and by which of its lines; the other lines say what we do not model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sfa.formats.contentlines import Line, split, unescape
from sfa.formats.vcard.points import UNREAD, Said, is_preferred, points, types
from sfa.formats.vcard.reading import Card
from sfa.models.fields import Value

NAME_FIELDS = ("last_name", "first_name", "middle_name", "salutation", "suffix")  # in the order of N
PARTS = ("street", "city", "state", "postal_code", "country")  # of our addresses
OMITTED_YEAR = "1604"  # with which Apple's address books write a birthday of an unknown year
SYSTEM_GROUPS = frozenset({"mycontacts"})  # of Google: every contact is in it
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?$", re.ASCII)
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)(?:T.*)?$", re.ASCII)
_BREAKS = re.compile(r"[\t\r\n]+")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+$")


class Meaning(NamedTuple):
    """``values`` in stored form, of fields that the card says something about; lists as ``phones`` and ``emails``.

    ``account`` and ``tags`` are names. ``by`` has the places of the lines that say it, by field (or the first field of
    those that one line says).
    """

    values: dict[str, Value]
    account: str
    tags: tuple[str, ...]
    phones: tuple[Said, ...]
    emails: tuple[Said, ...]
    by: dict[str, tuple[int, ...]]

    def of(self, field: str) -> tuple[Said, ...]:
        """The entries of ``phones`` or ``emails``."""
        return self.phones if field == "phones" else self.emails


def meaning(card: Card) -> Meaning:
    """What ``card`` says. Lines that are marked as unread say nothing."""
    return _Reader(card.lines).read()


def plain(value: str) -> str:
    """The one line of text that a value means."""
    return _BREAKS.sub(" ", unescape(value)).strip()


def parts_of(line: Line) -> list[str]:
    """The parts of a structured value, each as one text."""
    return [plain(part) for part in split(line.value, ";")]


def categories(line: Line) -> list[str]:
    """The names in a list of categories."""
    return [name for part in split(line.value, ",") if (name := plain(part))]


class _Reader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.values: dict[str, Value] = {}
        self.by: dict[str, tuple[int, ...]] = {}
        self.account = ""

    def read(self) -> Meaning:
        self._text("title", "TITLE", "ROLE")
        self._text("website", "URL")
        self._text("language", "LANG")
        self._one("tzid", "TZ", lambda line: value if _ZONE.match(value := plain(line.value)) else None)
        self._one("birthday", "BDAY", birthday)
        self._organisation()
        for field in ("mailing", "home"):
            self._address(field)
        self._all("nickname", "NICKNAME", ", ")
        self._all("description", "NOTE", "\n\n")
        self.by["tags"] = self._places("CATEGORIES")
        tags: dict[str, str] = {}
        for place in self.by["tags"]:
            for name in categories(self.lines[place]):
                tags.setdefault(name.casefold(), name)
        phones, emails = (points(self.lines, field) for field in ("phones", "emails"))
        self._name([said.value for said in (*emails, *phones)])
        names = tuple(tag for folded, tag in tags.items() if folded not in SYSTEM_GROUPS)
        return Meaning(self.values, self.account, names, tuple(phones), tuple(emails), self.by)

    def _places(self, name: str) -> tuple[int, ...]:
        """The lines of a name that say something, the preferred first."""
        found = [
            place
            for place, line in enumerate(self.lines)
            if line.name == name and line.value.strip(" ;,") and UNREAD not in line.params
        ]
        return tuple(sorted(found, key=lambda place: not is_preferred(self.lines[place])))

    def _one(self, field: str, name: str, read: Callable[[Line], Value]) -> bool:
        """Sets ``field`` from the first line that says it; other lines of that name stay as they are."""
        for place in self._places(name):
            if value := read(self.lines[place]):
                self.values[field], self.by[field] = value, (place,)
                return True
        return False

    def _text(self, field: str, *names: str) -> None:
        any(self._one(field, name, lambda line: plain(line.value)) for name in names)

    def _all(self, field: str, name: str, joint: str) -> None:
        """Sets ``field`` from all lines of that name."""
        places = tuple(sorted(self._places(name)))
        if places:
            texts = (self._said(self.lines[place]) for place in places)
            self.values[field], self.by[field] = joint.join(texts), places

    @staticmethod
    def _said(line: Line) -> str:
        if line.name == "NOTE":
            return unescape(line.value)
        return ", ".join(text for part in split(line.value, ",") if (text := plain(part)))

    def _organisation(self) -> None:
        for place in self._places("ORG"):
            self.account, *units = parts_of(self.lines[place])
            self.by["account"] = (place,)
            if department := "; ".join(filter(None, units)):
                self.values["department"] = department
            return

    def _name(self, others: Sequence[str]) -> None:
        """The parts of the name; else what the card shows for one, as a last name is what a contact must have."""
        for place in self._places("N"):
            self.by["last_name"] = (place,)
            joints = (" ", " ", " ", " ", ", ")
            parts = split(self.lines[place].value, ";")[: len(NAME_FIELDS)]
            for field, part, joint in zip(NAME_FIELDS, parts, joints, strict=False):
                if text := joint.join(word for piece in split(part, ",") if (word := plain(piece))):
                    self.values[field] = text
            break
        if "last_name" not in self.values and "first_name" in self.values:
            self.values["last_name"] = self.values.pop("first_name")
        if "last_name" not in self.values:
            shown = next((plain(self.lines[place].value) for place in self._places("FN")), "")
            first, last = split_name(shown)
            last = last or self.values.get("nickname") or self.account or next(iter(others), "")
            self.values |= {name: text for name, text in (("first_name", first), ("last_name", last)) if text}

    def _address(self, field: str) -> None:
        for place in self._places("ADR"):
            if place_of(self.lines, place) == field and (place,) not in self.by.values():
                parts = (parts_of(self.lines[place]) + [""] * 7)[:7]
                street = "\n".join(filter(None, (_street(self.lines[place], index) for index in range(3))))
                texts = zip(PARTS, (street, *parts[3:]), strict=True)
                self.values |= {f"{field}_{part}": text for part, text in texts if text}
                self.by[field] = (place,)
                return


def _street(line: Line, index: int) -> str:
    """A post box, a flat or a street, which may have several lines."""
    parts = split(line.value, ";")
    return unescape(parts[index]).strip() if index < len(parts) else ""


def place_of(lines: Sequence[Line], place: int) -> str:
    """Which of our addresses an ``ADR`` is; empty where it can be neither."""
    given = types(lines[place])
    if "work" in given:
        return "mailing"
    if "home" in given:
        return "home"
    others = [line for line in lines if line.name == "ADR" and line is not lines[place]]
    return "" if any("work" in types(line) for line in others) else "mailing"


def birthday(line: Line) -> str | None:
    """A birthday in stored form, without the year where that is not known; None for what is none."""
    text = line.value.strip()
    if found := _YEARLESS.match(text):
        year, month, day = "", found[1], found[2]
    elif found := _DAY.match(text):
        year, month, day = found[1], found[2], found[3]
    else:
        return None
    try:
        date(int(year or OMITTED_YEAR), int(month), int(day))
    except ValueError:
        return None
    unknown = not year or year in (OMITTED_YEAR, line.param("X-APPLE-OMIT-YEAR"))
    return f"--{month}-{day}" if unknown else f"{year}-{month}-{day}"


def split_name(shown: str) -> tuple[str, str]:
    """First and last name of a name as it is shown: ``Anna Maria Schmidt`` and ``Schmidt, Anna Maria``."""
    last, comma, first = shown.partition(",")
    if not comma:
        first, _space, last = shown.rpartition(" ")
    return first.strip(), last.strip()


def unread(lines: Sequence[Line], places: Sequence[int]) -> Iterator[Line]:
    """The lines, those at ``places`` marked as what no field could take."""
    for place, line in enumerate(lines):
        yield line._replace(params={**line.params, UNREAD: ["1"]}) if place in places else line
