"""Which column of a file is which field: by the field's name, its label (as translated too) and its aliases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sfa.models import Field, LongText, Record, fold
from sfa.models.lists import Points

WHOLE_NAME = "whole_name"  # a column with the first and the last name in one
# What the words of a header say about the entries below it. The first that is found counts.
LABELS = {
    "fax": "fax", "mobile": "mobile", "cell": "mobile", "car": "mobile", "home": "home", "private": "home",
    "personal": "home",    "other": "other", "alt": "other", "work": "work", "business": "work", "office": "work",
}  # fmt: skip
MAIN = ("primary", "main")
NUMBER = re.compile(r"\d+")
PLACES = re.compile(
    "|".join((*(word for word, label in LABELS.items() if label not in ("fax", "mobile")), *MAIN, "secondary", r"\d+"))
)
PLACES_AND_DEVICES = re.compile(f"{PLACES.pattern}|{'|'.join(LABELS)}")
NEVER = frozenset({"deleted_at"})


class Column(NamedTuple):
    """The cells that make a field: their places; for lists the label of each, or the place of the cell with it."""

    field: str
    places: tuple[int, ...]
    labels: tuple[str, ...] = ()
    label_places: tuple[int | None, ...] = ()


class Matched(NamedTuple):
    columns: dict[str, Column]
    ignored: tuple[str, ...]  # headers that are no field of this kind


def squeeze(text: str) -> str:
    """``text`` as headers are compared: letters and digits only, without case and accents."""
    return "".join(filter(str.isalnum, fold(text)))


class HeaderNames:
    """Every way to write the headers of a kind's columns, made once for a file."""

    def __init__(
        self, record: type[Record], fields: Mapping[str, Field[Any]], given: Mapping[str, str], own_ids: bool = False
    ) -> None:
        """``given``: header → field where the user says so (empty: leave it out); ``own_ids``: ``id`` is sfa's own.

        What is ``given`` for fields that the kind does not have is left to other files of the import.
        """
        self.record, self.fields = record, fields
        self.exact = {name for name in fields if name not in NEVER} | ({"id"} if own_ids else set())
        self.given = {squeeze(header): name for header, name in given.items() if not name or name in self.exact}
        self._ranks: dict[
            str, dict[str, tuple[int, int]]
        ] = {}  # squeezed header → field → rank, how many words it may have
        for name in self.exact & fields.keys():
            for header, rank in _spellings(fields[name], record):
                self._ranks.setdefault(squeeze(header), {}).setdefault(name, (rank, _words(header)))
        for header in record.whole_names:
            self._ranks.setdefault(squeeze(header), {})[WHOLE_NAME] = (500, _words(header))

    def score(self, cells: Sequence[str]) -> int:
        """How many of ``cells`` are headers of known columns."""
        return sum(len(cell) < 80 and (bool(self._claims(cell)) or squeeze(cell) in self.given) for cell in cells)

    def match(self, headers: Sequence[str]) -> Matched:
        """Finds each header's field.

        Where two headers claim a field of one value, the better match has it: name before label before alias, aliases
        in their order. A label that stands among the aliases too counts there.
        """
        taken = {
            place: self.given[word] for place, header in enumerate(headers) if (word := squeeze(header)) in self.given
        }
        claims = sorted(
            (rank, place, name)
            for place, header in enumerate(headers)
            if place not in taken
            for name, rank in self._claims(header).items()
        )
        for _rank, place, name in claims:
            if place not in taken and (name not in taken.values() or _several(self.fields.get(name))):
                taken[place] = name
        if "last_name" in taken.values():
            taken = {place: name for place, name in taken.items() if name != WHOLE_NAME}
        columns = {
            name: _column(
                name, headers, [place for place in sorted(taken) if taken[place] == name], self.fields.get(name)
            )
            for name in dict.fromkeys(taken.values())
            if name
        }
        used = {place for place in taken if taken[place]} | {
            place for column in columns.values() for place in column.label_places
        }
        return Matched(columns, tuple(header for place, header in enumerate(headers) if header and place not in used))

    def _claims(self, header: str) -> dict[str, int]:
        """The fields that ``header`` may mean, with the rank of the match: lower is better."""
        if header in self.exact:
            return {header: 0}
        word, words = squeeze(header), _words(header)
        claims = {name: rank for name, (rank, most) in self._ranks.get(word, {}).items() if words <= most}
        for shorter, worse in (
            (NUMBER.sub("", word), 100),
            (PLACES.sub("", word), 200),
            (PLACES_AND_DEVICES.sub("", word), 300),
        ):
            for name, (rank, _most) in self._ranks.get(shorter, {}).items():
                field = self.fields.get(name)
                if isinstance(field, Points) or (isinstance(field, LongText) and worse == 100):
                    claims.setdefault(name, rank + worse)
        return claims


def _several(field: Field[Any] | None) -> bool:
    return isinstance(field, (Points, LongText))


def _words(header: str) -> int:
    """How many words ``header`` has: “Birth Day” is no “Birthday”, but “BILLINGCITY” is a “Billing city”."""
    return len([word for word in re.split(r"[\s_]+", header) if squeeze(word)])


def _spellings(field: Field[Any], record: type[Record]) -> list[tuple[str, int]]:
    """Every way to write the header of ``field``, with its rank; of two ranks the first counts."""
    ways = [(alias, rank) for rank, alias in enumerate(field.aliases, 3)]
    if field.form or field.name.startswith("external_"):  # other systems' "Closed" or "Created By" mean something else
        ways += [(field.label, 1), (field.title, 1), (field.name, 2)]
    if field.name in ("owner", "external_id"):
        ways.append((f"{record.label} owner" if field.name == "owner" else f"{record.kind}_id", 2))
    return ways


def _column(name: str, headers: Sequence[str], places: list[int], field: Field[Any] | None) -> Column:
    if not isinstance(field, Points):
        return Column(name, tuple(places))
    words = {squeeze(header): place for place, header in enumerate(headers)}
    places.sort(
        key=lambda place: (label_of(headers[place]) == "fax", not any(word in squeeze(headers[place]) for word in MAIN))
    )
    labels = tuple(label_of(headers[place]) for place in places)
    return Column(name, tuple(places), labels, tuple(_label_place(squeeze(headers[place]), words) for place in places))


def label_of(text: str) -> str:
    """The label that the words of a header or of a label column mean; empty where they mean none."""
    word = squeeze(text)
    return next((label for part, label in LABELS.items() if part in word), "")


def _label_place(word: str, words: Mapping[str, int]) -> int | None:
    """The column that holds the labels of a numbered ``… Value`` column."""
    if not word.endswith("value"):
        return None
    stem = word.removesuffix("value")
    return words.get(stem + "label", words.get(stem + "type"))
