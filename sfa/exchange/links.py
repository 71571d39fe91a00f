"""From the names in a file to the records that they mean, and what becomes of a name that no record has."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sfa.errors import FieldError, UserError
from sfa.i18n import _
from sfa.models import KINDS, Field, Link, Links, fold, is_id
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.store.change import Change
from sfa.store.lookup import Lookup

NEAR_LOOKED_FOR = 20  # names of one kind; each is compared with the whole book


class Problem(NamedTuple):
    """Why a cell cannot be read."""

    reason: str


class Miss(NamedTuple):
    """A name that no record has, among those of ``scope``."""

    field: str
    kind: str
    text: str
    scope: Value


class Unresolved(NamedTuple):
    """A name in a file that no record has: in how many rows, what it may have meant, and what was done."""

    field: str
    kind: str
    text: str
    rows: int
    near: tuple[str, ...]
    policy: str


class LinkFinder:
    """Finds records by id, name or the id that they had elsewhere; ``policies`` are those of the plan."""

    def __init__(
        self, change: Change, kind: str, fields: Mapping[str, Field[Value]], policies: Mapping[str, str]
    ) -> None:
        self.change, self.kind, self.fields, self.policies = change, kind, fields, policies
        self.lookup = Lookup(change.book)
        self.final = False  # whether no row of this file can bring a missing record of its own kind any more
        self.reread = False  # whether the whole file was read once, and only waiting rows are left
        self.expected: dict[str, str] = {}  # folded name → the id of a record that is about to be inserted
        self.created: Counter[str] = Counter()
        self._missed: Counter[Miss] = Counter()
        self._made: dict[tuple[str, str, Value], str | Problem] = {}
        self._near: dict[tuple[str, str], tuple[str, ...]] = {}
        self._external: dict[str, dict[str, str]] = {}

    def find(self, field: str, kind: str, text: str, scope: Value) -> str | Miss | Problem:
        """The id of the record of ``kind`` that ``text`` means."""
        if (kind, text, scope) in self._made and self.policy(field) == "create":
            return Miss(field, kind, text, scope)  # each of its rows is told
        ids = [text] if is_id(text) and self.change.book.find(kind, text) else []
        if not ids and text.startswith('{"id"'):
            return self._exported(field, kind, text, scope)
        ids = ids or self.lookup.named(kind, text, scope)
        if not ids and (self.reread or kind != self.kind):
            ids = [found] if (found := self._externals(kind).get(text)) else []
        if not ids and kind == self.kind:
            ids = [expected] if (expected := self.expected.get(fold(text))) else []
        if len(ids) > 1:
            return Problem(
                _("{count} records of kind {kind} are called “{name}”").format(
                    count=len(ids), kind=_(KINDS[kind].label), name=text
                )
            )
        return ids[0] if ids else Miss(field, kind, text, scope)

    def _exported(self, field: str, kind: str, text: str, scope: Value) -> str | Miss | Problem:
        """A link as JSON lines hold it: by its id in the book that it came from, by its name in any other."""
        link = json.loads(text)
        return (
            str(link["id"])
            if self.change.book.find(kind, str(link["id"]))
            else self.find(field, kind, str(link.get("name", "")), scope)
        )

    def _externals(self, kind: str) -> dict[str, str]:
        if kind not in self._external:
            sql = f"SELECT external_id, id FROM {kind} WHERE external_id IS NOT NULL AND deleted_at IS NULL"
            self._external[kind] = dict(self.change.connection.execute(sql))
        return self._external[kind]

    def refresh(self) -> None:
        """Waiting rows come again; records of their kind were added, so those known by foreign ids are read anew."""
        self.reread = True
        self._external.pop(self.kind, None)

    def waits(self, miss: Miss) -> bool:
        """Whether the record may still come, in a later row."""
        return miss.kind == self.kind and not self.final

    def policy(self, field: str) -> str:
        known = self.fields[field]
        creates = isinstance(known, (Link, Links)) and known.creates
        return self.policies.get(field) or self.policies.get("") or ("create" if creates else "reject")

    def settle(self, miss: Miss) -> Value:
        """What stands in the place of a missed link by the plan's policy: an id, None, or a ``Problem``."""
        self._missed[miss] += 1
        policy = self.policy(miss.field)
        if policy == "empty":
            return None
        if policy == "create":
            key = (miss.kind, miss.text, miss.scope)
            if key not in self._made:
                self._made[key] = self._create(miss)
            return self._made[key]
        near = self.near(miss.kind, miss.text)
        hint = (
            " " + _("Did you mean {names}?").format(names=_(" or ").join(f"“{name}”" for name in near)) if near else ""
        )
        return Problem(
            _("There is no {kind} called “{name}”.").format(kind=_(KINDS[miss.kind].label), name=miss.text) + hint
        )

    def _create(self, miss: Miss) -> str | Problem:
        try:
            values = self._stage(miss) if miss.kind == "stage" else named_values(miss.kind, miss.text)
            record_id = edit.create(self.change, miss.kind, values)
        except (FieldError, UserError) as error:
            return Problem(str(error))
        self.created[miss.kind] += 1
        return record_id

    def _stage(self, miss: Miss) -> dict[str, Value]:
        """A new open stage, the last before the pipeline's closed ones."""
        book = self.change.book
        pipeline = miss.scope or book.value(
            "SELECT id FROM pipeline WHERE deleted_at IS NULL ORDER BY is_default DESC, position LIMIT 1"
        )
        stages = book.rows(
            "SELECT id, position, type FROM stage WHERE pipeline = ? AND deleted_at IS NULL ORDER BY position",
            (pipeline,),
        )
        position = 1 + max((place for _id, place, type_ in stages if type_ not in ("Won", "Lost")), default=-1)
        for stage_id, place, _type in stages:
            if place >= position:
                edit.edit(self.change, "stage", stage_id, {"position": place + 1})
        return {"pipeline": pipeline, "name": miss.text, "position": position}

    def near(self, kind: str, text: str) -> tuple[str, ...]:
        """Names that look like ``text``; none where too many were asked for."""
        if (kind, text) not in self._near:
            asked = sum(known == kind for known, _text in self._near)
            self._near[kind, text] = self.lookup.near(kind, text) if asked < NEAR_LOOKED_FOR else ()
        return self._near[kind, text]

    def unresolved(self) -> list[Unresolved]:
        """All names that no record had, the most frequent first."""
        return [
            Unresolved(
                miss.field,
                miss.kind,
                miss.text,
                rows,
                self._near.get((miss.kind, miss.text), ()),
                self.policy(miss.field),
            )
            for miss, rows in self._missed.most_common()
        ]


def named_values(kind: str, name: str) -> dict[str, Value]:
    """The values of a record of ``kind`` of which only the name is known."""
    record = KINDS[kind]
    return (
        dict(zip(("first_name", "last_name"), split_name(name), strict=True))
        if record.sorted_by
        else {record.named_by[0]: name}
    )


def split_name(name: str) -> tuple[str | None, str]:
    """First and last name of a person: ``Anna Maria Schmidt`` and ``Schmidt, Anna Maria``."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma:
        first, _space, last = name.strip().rpartition(" ")
    return first.strip() or None, last
