"""2: every edit that was told as done is visible, superseded by one that saw it, in a conflict, or refused."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sfa.models import KINDS, Link, Links, LongText
from sfa.models.lists import Points
from tests.sync.simulation.events import excuse
from tests.sync.simulation.memory import Change, Deed

if TYPE_CHECKING:
    from tests.sync.simulation.world import World

Values = dict[str, Any]
Office = dict[str, tuple[str, Values]]
STAMPS = frozenset({"created_at", "created_by", "merged_into"})


def check_deeds(world: World, office: Office) -> None:
    from tests.sync.simulation.world import Broken

    rows = world.database.read(lambda session: session.rows("SELECT action, answer FROM receipt"))
    answers: dict[str, list[Values]] = defaultdict(list)
    for action, answer in rows:
        answers[action].append(json.loads(answer))
    if world.counts["office old copy"]:
        excuse(world)  # rights may have been taken meanwhile, with the only copy
    accounts = Accounts(world.deeds, office)
    refused = {
        row[0]
        for laptop in world.active
        for row in laptop.book.rows("SELECT id FROM outgoing WHERE outcome = 'rejected'")
    }
    locked_out = {laptop.name for laptop in world.laptops if laptop.revoked}
    for deed in world.deeds:
        judged = answers.get(deed.action)
        if judged is None:
            if deed.laptop in locked_out or deed.action in refused:
                continue
            if any(f"{deed.action} {change.record}" not in world.excused for change in deed.changes):
                raise Broken(f"2: head office never judged {deed.title} [{deed.action[:13]}] of {deed.laptop}")
            continue
        if any(answer["outcome"] == "rejected" for answer in judged):
            world.counts[f"rejected {judged[0].get('code')}"] += 1
            continue
        for change in deed.changes:
            if f"{deed.action} {change.record}" in world.excused:
                continue
            if lost := accounts.lost(deed, change):
                what = f"{lost} of {change.kind} {change.record} by {deed.title} [{deed.action[:13]}] of {deed.laptop}"
                pair, held = change.fields.get(lost), office.get(change.record)
                raise Broken(f"2: lost: {what}: {pair}; head office: {held}")


class Accounts:
    """Where each edit went."""

    def __init__(self, deeds: list[Deed], office: Office) -> None:
        self.office = office
        self.edits: dict[tuple[str, str], list[tuple[int, Any, Any]]] = defaultdict(list)
        self.removed: dict[str, list[int]] = defaultdict(list)
        for deed in deeds:
            for change in deed.changes:
                if change.op == "remove":
                    self.removed[change.record].append(deed.order)
                for name, (old, new) in change.fields.items():
                    self.edits[change.record, name].append((deed.order, old, new))
        self.same: dict[str, str] = {}
        for (record, name), edits in self.edits.items():
            for _order, _old, new in edits:
                if name == "merged_into" and new:
                    self._join(record, new)
        self.conflicts: dict[str, list[tuple[str, Values, set[str]]]] = defaultdict(list)
        for kind, values in office.values():
            if kind == "conflict":
                mine = json.loads(values.get("mine") or "{}")
                names = {*mine, *json.loads(values.get("base") or "{}")}
                self.conflicts[values["record"]].append((values["reason"], mine, names))

    def lost(self, deed: Deed, change: Change) -> str:
        """The name of a field of which the edit is nowhere; empty where nothing is lost."""
        held = self.office.get(change.record)
        if held is None:
            return "everything"
        if change.op == "remove":
            return "" if self._is_deleted(deed, change.record) else "the removal"
        for name, (old, new) in change.fields.items():
            if name in STAMPS:
                continue
            if name == "deleted_at":
                if not self._deletion(deed, change.record, new):
                    return name
            elif not self._kept(deed, change, name, old, new):
                return name
        return ""

    # Deletions

    def _deletion(self, deed: Deed, record: str, new: Any) -> bool:
        if new is not None:
            return self._is_deleted(deed, record)
        later = self.edits[record, "deleted_at"]
        deleted_again = any(order > deed.order and value for order, _old, value in later)
        removed = any(order > deed.order for order in self.removed[record])
        return (
            not self.office[record][1].get("deleted_at")
            or deleted_again
            or removed
            or self._somebody_else(deed, record)
        )

    def _somebody_else(self, deed: Deed, record: str) -> bool:
        """Whether a deletion that did not see the restoring came after it at head office."""
        return any(order < deed.order and value for order, _old, value in self.edits[record, "deleted_at"])

    def _is_deleted(self, deed: Deed, record: str) -> bool:
        if self.office[record][1].get("deleted_at"):
            return True
        if any(reason == "delete" for reason, _mine, _names in self.conflicts[record]):
            return True
        restored = any(old and value is None for _order, old, value in self.edits[record, "deleted_at"])
        again = any(order > deed.order and old is None for order, old, _new in self.edits[record, "created_at"])
        return restored or again

    # Values

    def _kept(self, deed: Deed, change: Change, name: str, old: Any, new: Any) -> bool:
        """Whether a new value stands, is kept in a conflict, or was seen by whoever wrote another one.

        By value: who saw the same value here before it was written again has seen it.
        """
        others = [edit for edit in self.edits[change.record, name] if edit[0] != deed.order]
        wanted = [mine.get(name) for _reason, mine, names in self.conflicts[change.record] if name in names]
        value = self.office[change.record][1].get(name)
        if new in (value, *wanted) or any(seen == new for _order, seen, _value in others):
            return True
        return self._kept_by_rule(deed, change, name, old, new)

    def _kept_by_rule(self, deed: Deed, change: Change, name: str, old: Any, new: Any) -> bool:
        kind, values = self.office[change.record]
        field, value = KINDS[kind].fields.get(name) if kind in KINDS else None, values.get(name)
        later = [edit for edit in self.edits[change.record, name] if edit[0] > deed.order]
        if isinstance(field, (Links, Points)):
            return self._items_kept(deed, change, name, old or [], new or [], value or [])
        if isinstance(field, LongText) and new is not None:
            return self._lines_kept(change, name, str(old or ""), str(new), str(value or ""), later)
        if isinstance(field, Link) and new is not None and not field.merge:
            target = self._canonical(new)
            return target in (self._canonical(value), *(self._canonical(seen) for _order, seen, _value in later))
        return bool(field is not None and field.merge)  # those rules have tests of their own

    def _join(self, one: str, other: str) -> None:
        """Two records were merged at some time: a link to one may have become one to the other."""
        first, second = sorted((self._canonical(one), self._canonical(other)))
        self.same = {record: first if group == second else group for record, group in self.same.items()}
        self.same.update({one: first, other: first, second: first})

    def _canonical(self, record: Any) -> Any:
        return self.same.get(record, record)

    def _items_kept(self, deed: Deed, change: Change, name: str, old: Any, new: Any, value: Any) -> bool:
        kept = [item for _reason, mine, _names in self.conflicts[change.record] for item in mine.get(name) or ()]
        was, wanted, there = ({self._identity(item) for item in items} for items in (old, new, value))
        there_or_kept = there | {self._identity(item) for item in kept}
        others = [
            ({self._identity(i) for i in seen or []}, {self._identity(i) for i in made or []})
            for order, seen, made in self.edits[change.record, name]
            if order != deed.order
        ]
        added = all(item in there_or_kept or any(item in seen - made for seen, made in others) for item in wanted - was)
        gone = all(item not in there or any(item in made for _seen, made in others) for item in was - wanted)
        return added and gone

    def _identity(self, item: Any) -> str:
        if isinstance(item, dict):
            return str(item.get("e164") or item["value"].casefold())
        return str(self._canonical(item))

    def _lines_kept(
        self, change: Change, name: str, old: str, new: str, value: str, later: list[tuple[int, Any, Any]]
    ) -> bool:
        added = Counter(new.split("\n")) - Counter(old.split("\n"))
        there = set(value.split("\n"))
        for line in added:
            saw = any(
                line in str(seen or "").split("\n") and line not in str(made or "").split("\n")
                for _o, seen, made in later
            )
            kept = any(
                line in str(mine.get(name) or "").split("\n") for _reason, mine, _names in self.conflicts[change.record]
            )
            if line not in there and not saw and not kept:
                return False
        return True
