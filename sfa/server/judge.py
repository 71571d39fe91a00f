"""How head office judges one action of a laptop: entry by entry, all of it or nothing.

What cannot be merged is no reason to refuse an action: it becomes a record of kind ``conflict`` beside the record that
it is about. Refused are only actions that break a rule: a value that cannot be, a right that is missing, a link to
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfa.errors import FieldError
from sfa.locales import now
from sfa.models import KINDS, Link, Links, check_values, require
from sfa.models.fields import Value
from sfa.server.clashes import write_down
from sfa.server.ledger import Held, Ledger, changed
from sfa.server.placement import COMPANY, Rights, depth, move, place
from sfa.server.refusal import Refused
from sfa.sync.codec import digest
from sfa.sync.merge import MARKS, Clash, document, merge, substance
from sfa.sync.messages import Action, Entry, LogEntry
from sfa.sync.strictness import NEVER

Values = dict[str, Value]
VALUE_BYTES = 2_000_000
"""The most that the values of one record may take."""
_DECISION = frozenset({"resolved_at", "resolution"})


class Judge:
    """Judges one action. ``exact``: head office now holds what the laptop does; ``clashed``: a conflict arose."""

    def __init__(self, ledger: Ledger, rights: Rights, action: Action) -> None:
        self.ledger, self.rights, self.action = ledger, rights, action
        self.exact, self.clashed = True, False
        self._now = now()
        self._coming: dict[str, str] = {}  # what the action adds; its records may link to each other in any order

    def judge(self, entries: list[Entry]) -> None:
        """Raises ``Refused`` where the action breaks a rule; else the ledger's trial holds what it does."""
        self._coming = {entry.record: entry.kind for entry in entries if entry.op == "insert"}
        for entry in sorted(entries, key=_turn):
            {"insert": self._insert, "update": self._update, "remove": self._remove}[entry.op](entry)

    # Inserts

    def _insert(self, entry: Entry) -> None:
        ledger, present = self.ledger, self.ledger.find(entry.record)
        if (
            entry.kind in KINDS
            and not KINDS[entry.kind].by_hand
            and not self._is_own_conflict(entry.kind, entry.fields)
        ):
            raise Refused(403, "forbidden", "Only head office adds these.")
        if present is not None:
            self._insert_again(entry, present)
            return
        values = self._stamped(self._checked(entry.kind, entry.fields))
        if entry.kind in KINDS:
            require_all(ledger, entry.kind, values)
        values = self._linked(entry.kind, values, {})
        stream, parent = place(ledger, self.rights, entry.kind, values)
        self.rights.require(stream)
        self.exact &= values == entry.fields
        ledger.put(
            Held(entry.record, entry.kind, stream, parent, values), LogEntry(entry.kind, entry.record, "insert", values)
        )
        ledger.grow(stream)
        self._mind_parents(entry, values)

    def _is_own_conflict(self, kind: str, values: Mapping[str, Value]) -> bool:
        """Whether it is one that the user has with himself: between the book and a calendar of his."""
        return kind == "conflict" and values.get("user") == self.rights.user and bool(values.get("place"))

    def _insert_again(self, entry: Entry, present: Held) -> None:
        """An id that is there: done again what was undone, the same once more, or what all books start with."""
        if present.kind != entry.kind or present.stream not in self.rights.roles:
            raise Refused(409, "id_taken", "Another record has this id.")
        if present.deleted and not entry.fields.get("deleted_at"):
            self.rights.require(present.stream)
            self._set(present, dict.fromkeys(MARKS))
        self.exact = False
        there = self.ledger.find(entry.record)
        if there is not None and there.stream != COMPANY and substance(there.values) != substance(entry.fields):
            raise Refused(409, "id_taken", "Another record has this id.")

    def _stamped(self, values: Values) -> Values:
        """Who made a record is who sends it, and it was not made in the future."""
        at = min(str(values.get("created_at") or self.action.at), self._now)
        return {**values, "created_by": self.rights.user, "created_at": at}

    def _mind_parents(self, entry: Entry, values: Values) -> None:
        """What is put under a deleted record stays; that the record is deleted becomes a conflict."""
        for link in KINDS[entry.kind].under if entry.kind in KINDS else ():
            parent = self.ledger.find(str(values[link])) if values.get(link) else None
            if parent is not None and parent.deleted:
                theirs = {"deleted_at": parent.values["deleted_at"]}
                self._conflict(parent, "parent", Clash({}, {"deleted_at": None}, theirs))

    # Updates

    def _update(self, entry: Entry) -> None:
        held = self._mine_to_change(entry)
        pairs = {name: _pair(name, value) for name, value in entry.fields.items()}
        marks = {name: pairs.pop(name) for name in MARKS & pairs.keys()}
        if "deleted_at" in marks and marks["deleted_at"][1] is None and held.deleted:
            self.exact &= "merged_into" in marks or not held.values.get("merged_into")
            held = self._set(held, dict.fromkeys(MARKS))
        if held.deleted:
            self._edit_deleted(held, pairs)
        elif pairs:
            held = self._edit(entry, held, pairs)
        if marks.get("deleted_at", (None, None))[1] is not None:
            wanted = {name: pair[1] for name, pair in marks.items()}
            if not held.deleted:
                self._delete(held, entry, wanted)
            self.exact &= all(held.values.get(name) in (None, value) for name, value in wanted.items())

    def _mine_to_change(self, entry: Entry) -> Held:
        held = self.ledger.find(entry.record)
        if held is None or held.kind != entry.kind:
            raise Refused(403, "out_of_scope", "There is no such record among yours.")
        self.rights.require(held.stream)
        own = held.kind == "user" and held.id == self.rights.user
        if held.kind in ("territory", "user") and not own:
            self.rights.require(COMPANY, "manager")
        if held.kind == "conflict" and not entry.fields.keys() <= (
            _DECISION | MARKS if self._is_own_conflict(held.kind, held.values) else _DECISION
        ):
            raise Refused(403, "forbidden", "A conflict can only be decided.")
        return held

    def _edit(self, entry: Entry, held: Held, pairs: dict[str, list[Value]]) -> Held:
        ledger = self.ledger
        fields = ledger.fields(held.kind) if held.kind in KINDS else {}
        merged = merge(fields, held.values, pairs, entry.context, ledger.position)
        values = self._checked(held.kind, merged.values)
        clashes = list(merged.clashes)
        kept = self._linked(held.kind, values, pairs)
        for name in values.keys() - kept.keys():
            clashes.append(Clash({name: pairs[name][0]}, {name: values[name]}, {name: held.values.get(name)}))
        wanted = {name: pair[1] for name, pair in pairs.items()}
        self.exact &= not clashes and all(held.values.get(n) == v for n, v in wanted.items() if n not in kept)
        self.exact &= all(wanted.get(name) == value for name, value in kept.items())
        after = self._set(held, kept)
        for clash in clashes:
            self._conflict(held, "edited", clash)
        return after

    def _edit_deleted(self, held: Held, pairs: dict[str, list[Value]]) -> None:
        differing = {name: pair for name, pair in pairs.items() if held.values.get(name) != pair[1]}
        if differing:
            base = {name: pair[0] for name, pair in differing.items()}
            mine = {name: pair[1] for name, pair in differing.items()}
            self._conflict(held, "deleted", Clash(base, mine, {"deleted_at": held.values["deleted_at"]}))

    def _set(self, held: Held, values: Values) -> Held:
        """Changes values of a record, and where it lives if they decide that."""
        values = {name: value for name, value in values.items() if held.values.get(name) != value}
        if not values:
            return held
        after = changed(held, values)
        model = KINDS.get(held.kind)
        if model is not None:
            require_all(self.ledger, held.kind, after.values, values)
        if len(document(after.values)) > VALUE_BYTES:
            raise Refused(413, "too_large", "The record would be too large.")
        self.ledger.put(after, LogEntry(held.kind, held.id, "update", values))
        if model is not None and values.keys() & {*model.under, "territory"} and model.scope == "territory":
            move(self.ledger, self.rights, after, *self._place_of(after))
        return self.ledger.find(held.id) or after

    def _place_of(self, held: Held) -> tuple[int, str | None]:
        """Where a record belongs by its values; where it is, if they do not say."""
        if held.values.get("territory") or any(held.values.get(link) for link in KINDS[held.kind].under):
            return place(self.ledger, self.rights, held.kind, held.values)
        return held.stream, None

    # Deletes

    def _delete(self, held: Held, entry: Entry, marks: Values) -> None:
        before = self.ledger.known.get(held.id) or held
        if entry.was != digest(substance(before.values)) or self._vanishes(held, marks):
            self._conflict(held, "delete", Clash({}, marks, {}))
            return
        self._require_unused(held)
        self._set(held, marks)

    def _vanishes(self, held: Held, marks: Values) -> bool:
        """Whether a merge would leave nothing: the other record is deleted, or was merged into this one meanwhile."""
        if not marks.get("merged_into"):
            return False
        winner = self._led_on(self.ledger.find(str(marks["merged_into"])))
        return winner is None or winner.id == held.id or winner.kind != held.kind or winner.deleted

    def _remove(self, entry: Entry) -> None:
        """An insert taken back: the record is deleted; whoever linked to it meanwhile finds it still."""
        held = self._mine_to_change(entry)
        self.exact = False
        if not held.deleted:
            self._delete(held, entry, {"deleted_at": min(self.action.at, self._now)})

    def _require_unused(self, held: Held) -> None:
        """No board shows deals whose stage or pipeline is deleted, and nobody works without a user."""
        if held.kind in ("stage", "pipeline"):
            sql = "SELECT 1 FROM record WHERE kind = 'opportunity' AND doc LIKE ? AND doc NOT LIKE ? LIMIT 1"
            if self.ledger.session.rows(sql, (f'%"{held.kind}":"{held.id}"%', '%"deleted_at":%')):
                raise Refused(409, "in_use", "There are deals in it.")
        if held.kind == "user" and self.ledger.session.rows("SELECT 1 FROM login WHERE id = ?", (held.id,)):
            raise Refused(409, "in_use", "This user may log in; head office disables users.")

    # What all have in common

    def _checked(self, kind: str, values: Mapping[str, Value]) -> Values:
        """Good values as they are stored; those of kinds and fields that this version does not know, as they came."""
        if NEVER & values.keys():
            raise Refused(422, "invalid_action", "These are no fields: " + ", ".join(sorted(NEVER & values.keys())))
        if kind not in KINDS:
            return {name: value for name, value in values.items() if value is not None}
        fields = self.ledger.fields(kind)
        unknown = {name: value for name, value in values.items() if name not in fields}
        known = {name: value for name, value in values.items() if name in fields} if unknown else values
        try:
            checked = check_values(fields, known)
        except FieldError as error:
            raise Refusal(error) from None
        return {**unknown, **checked}

    def _linked(self, kind: str, values: Values, pairs: Mapping[str, Any]) -> Values:
        """``values`` with links to merged records led on. Links to what is not there are refused.

        Left out are changed links to deleted records, without which others could not find the record.
        """
        if kind not in KINDS:
            return values
        result = dict(values)
        for name, field in self.ledger.links(kind).items():
            value = values.get(name)
            if value is None:
                continue
            found = [self._target(field, item) for item in (value if isinstance(field, Links) else [value])]
            ids = sorted({held.id for held in found})
            result[name] = ids if isinstance(field, Links) else ids[0]
            if pairs and isinstance(field, Link) and found[0].deleted and name in (*KINDS[kind].under, "stage"):
                del result[name]
        return result

    def _target(self, field: Link | Links, record_id: str) -> Held:
        held = self.ledger.find(record_id)
        if held is None and record_id in self._coming:
            held = Held(record_id, self._coming[record_id], COMPANY, None, {})
        held = self._led_on(held)
        if held is None or held.kind != field.to:
            raise Refused(409, "missing_link", f"{field.title}: there is no {field.to} {record_id}.")
        return held

    def _led_on(self, held: Held | None) -> Held | None:
        """What a record has become by merges."""
        for _step in range(20):
            if held is None or not (held.deleted and held.values.get("merged_into")):
                break
            held = self.ledger.find(str(held.values["merged_into"])) or held
        return held

    def _conflict(self, held: Held, reason: str, clash: Clash) -> None:
        """Keeps all three values of a clash, beside the record that it is about."""
        self.exact, self.clashed = False, True
        write_down(self.ledger, self.rights.user, self.action, held, reason, clash)


class Refusal(Refused):
    """A value that cannot be; ``field`` says of which field."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(422, "invalid_value", str(error))
        self.field = error.field


def require_all(ledger: Ledger, kind: str, values: Values, touched: Values | None = None) -> None:
    """Raises ``Refusal`` where a required field is empty; of the ``touched`` ones only, where those are given."""
    fields = ledger.required(kind)
    asked = fields if touched is None else {name: fields[name] for name in touched if name in fields}
    try:
        require(asked, values)
    except FieldError as error:
        raise Refusal(error) from None


def _turn(entry: Entry) -> int:
    """When an entry is judged: what others live under before them, and what was added before what was changed."""
    return depth(entry.kind) if entry.op == "insert" else len(KINDS)


def _pair(name: str, value: Value) -> list[Value]:
    if not isinstance(value, list) or len(value) != 2:
        raise Refused(422, "invalid_action", f"{name}: an update says the old and the new value.")
    return value
