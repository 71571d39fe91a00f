"""The three-way merge: what becomes of a change when somebody else changed the same record meanwhile.

It is a merge by value: *base* is what the user saw, *mine* what he made of it, *theirs* what head office holds now. No
clock and no version decides; so it gives the same on a laptop that was away for a day or a year, after a move to
another territory, and on a server restored from a backup. Fields of a group merge as one.

=============================  ========================================================================================
theirs is still the base       mine
theirs is mine already         nothing to do
lists (phones, tags, links)    as sets: what one side added is in, what one side took out is out
notes (long texts)             both: the lines that mine adds go below theirs
``Field.merge``                the greatest or the least of both; of links the record with the greater position;
                               nothing is less than anything, and no least
all else                       a conflict: theirs stands, all three values are kept until somebody decides
=============================  ========================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from sfa.models import Field, Link, LongText
from sfa.models.fields import Value
from sfa.models.lists import Points

Values = dict[str, Value]
Position = Callable[[str, str], float]
"""The ``position`` of a record, given its kind and id."""
LOCAL = frozenset({"id", "n"})
MARKS = frozenset({"deleted_at", "merged_into"})
"""What says that a record is deleted; not a part of what it holds."""
STAMPS = frozenset({"created_at", "created_by"})
"""What head office puts on a record itself."""


class Clash(NamedTuple):
    """A group of fields that both sides changed, with all three values of each."""

    base: Values
    mine: Values
    theirs: Values


class Merged(NamedTuple):
    """What changes where the change arrives, and what could not be merged."""

    values: Values
    clashes: list[Clash]


def group_of(fields: Mapping[str, Field[Any]], name: str) -> str:
    """What ``name`` merges with: its group's name, or its own."""
    field = fields.get(name)
    return f"group {field.group}" if field is not None and field.group else name


def context(fields: Mapping[str, Field[Any]], before: Mapping[str, Value], changed: Iterable[str]) -> Values:
    """The values that the other fields of the changed groups had: what somebody had in view who changed a part.

    Empty ones too: a field that is not named here is one that this version does not know.
    """
    changed = set(changed)
    groups = {fields[name].group for name in changed if name in fields and fields[name].group}
    return {name: before.get(name) for name, field in fields.items() if field.group in groups and name not in changed}


def merge(
    fields: Mapping[str, Field[Any]],
    theirs: Mapping[str, Value],
    changes: Mapping[str, list[Value]],
    seen: Mapping[str, Value],
    position: Position,
) -> Merged:
    """Merges ``changes`` (field → [base, mine]), made in the context ``seen``, into a record that holds ``theirs``."""
    groups: dict[str, list[str]] = {}
    for name in changes:
        groups.setdefault(group_of(fields, name), []).append(name)
    result = Merged({}, [])
    for group, names in groups.items():
        peers = {name: value for name, value in seen.items() if group_of(fields, name) == group and name not in changes}
        base = {**peers, **{name: changes[name][0] for name in names}}
        mine = {**base, **{name: changes[name][1] for name in names}}
        there = {name: theirs.get(name) for name in base}
        merged = _merge_group(fields, base, mine, there, position)
        if merged is None:
            result.clashes.append(Clash(*map(_filled, (base, mine, there))))
        else:
            result.values.update({name: value for name, value in merged.items() if value != there[name]})
    return result


def _filled(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def _merge_group(
    fields: Mapping[str, Field[Any]], base: Values, mine: Values, theirs: Values, position: Position
) -> Values | None:
    """What the group's fields hold after both changes; None for a clash."""
    if theirs in (base, mine):
        return mine
    if len(base) == 1:
        ((name, old),) = base.items()
        return _merge_field(fields.get(name), name, old, mine[name], theirs[name], position)
    plain = [name for name in base if not fields[name].merge]
    if all(theirs[name] == base[name] for name in plain):
        result = dict(mine)
    elif all(theirs[name] == mine[name] for name in plain if mine[name] != base[name]):
        result = dict(theirs)
    else:
        return None
    for name in base.keys() - set(plain):
        one = _merge_field(fields[name], name, base[name], mine[name], theirs[name], position)
        result.update(one or {})
    return result


def _merge_field(
    field: Field[Any] | None, name: str, base: Value, mine: Value, theirs: Value, position: Position
) -> Values | None:
    """What one field holds after both changes; None for a clash."""
    if base in (theirs, mine) or theirs == mine:
        return {name: mine if theirs == base else theirs}
    if field is not None and field.is_set:
        return {name: _sets(field, base or [], mine or [], theirs or [])}
    if field is None or (field.merge != "greatest" and None in (mine, theirs)):
        return None
    if field.merge:
        return {name: _by_rule(field, mine, theirs, position)}
    if isinstance(field, LongText) and (both := _notes(base or "", mine, theirs, field.max)):
        return {name: both}
    return None


def _by_rule(field: Field[Any], mine: Value, theirs: Value, position: Position) -> Value:
    if mine is None or theirs is None:
        return mine if theirs is None else theirs
    choose = max if field.merge == "greatest" else min
    if isinstance(field, Link):
        return choose(theirs, mine, key=lambda record: (position(field.to, record), record))
    return choose(theirs, mine)


def _identity(item: Value) -> str:
    return str(item.get("e164") or item.get("value", "").casefold()) if isinstance(item, dict) else str(item)


def _sets(field: Field[Any], base: list[Value], mine: list[Value], theirs: list[Value]) -> list[Value] | None:
    was, wanted, there = ({_identity(item): item for item in items} for items in (base, mine, theirs))
    result: dict[str, Value] = {}
    for key, item in there.items():
        if key in was and key not in wanted and item == was[key]:
            continue  # mine took it out
        relabelled = key in wanted and wanted[key] != was.get(key) and item == was.get(key)
        result[key] = wanted[key] if relabelled else item
    result.update({key: item for key, item in wanted.items() if key not in result and item != was.get(key)})
    items = list(result.values())
    return (items if isinstance(field, Points) else sorted(items)) or None


def _notes(base: str, mine: str, theirs: str, longest: int) -> str:
    """Both texts; empty where that cannot be, as mine only took something away, or it would be too long."""
    known = Counter(base.splitlines())
    there = set(theirs.splitlines())
    added = []
    for line in mine.splitlines():
        if known[line] > 0:
            known[line] -= 1
        elif line not in there:
            added.append(line)
    if not added:
        return "" if any(line in there for line in +known) else theirs
    both = "\n".join([theirs.rstrip("\n"), *added])
    return both if len(both) <= longest else ""


_encode = msgspec.json.Encoder(order="sorted").encode


def document(values: Mapping[str, Value]) -> str:
    """The one text for what a record holds, the same at both ends: no empty fields, nothing that is only local."""
    kept = {name: value for name, value in values.items() if value is not None and name not in LOCAL}
    return _encode(kept).decode()


def substance(values: Mapping[str, Value]) -> str:
    """``document`` without marks and stamps: what somebody who deletes a record has seen of it."""
    return document({name: value for name, value in values.items() if name not in MARKS | STAMPS})
