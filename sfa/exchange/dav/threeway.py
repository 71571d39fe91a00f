"""What becomes of a thing that lies in the book and on a server, and may have changed in both: a merge by value.

Each side is compared with what it said itself when both agreed last: servers keep less than we give them, and some
of it in other words, which must not look like somebody's change. A thing has *parts*: a series has one for itself
(the key is empty) and one for each occurrence that is not like the others; a card has one only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sfa.models import Field
from sfa.models.fields import Value
from sfa.sync.merge import Clash, context, merge

Values = dict[str, Value]
Parts = dict[str, Values]
WHOLE = ""
"""The key of what is no single occurrence."""


class Side(NamedTuple):
    """One side: what it said when both agreed last, and what it says now."""

    before: Parts
    now: Parts


class Difference(NamedTuple):
    """What could not be merged, of one part; ``reason`` as in ``sfa.models.reconciliation``."""

    part: str
    reason: str
    clash: Clash


class Met(NamedTuple):
    """What the book is to hold now, and what needs a decision: until then it stands as it is in the book."""

    parts: Parts
    differences: list[Difference]


def meet(fields: Mapping[str, Field[Any]], there: Side, here: Side) -> Met:
    """Takes over what has changed there, into what is here."""
    if there.before and not there.now:
        return _vanished(here)
    met = Met({}, [])
    for part in dict.fromkeys([*here.now, *there.now, *there.before]):
        old, new, mine = there.before.get(part), there.now.get(part), here.now.get(part)
        if new is None and old is not None:
            kept = _left_out(met, part, here.before.get(part), mine)
        elif new is None or new == old or (mine is None and part in here.before):
            kept = mine
            if mine is None and new not in (None, old):
                met.differences.append(Difference(part, "deleted", _edit(old or {}, new or {})))
        else:
            kept = new if mine is None else _merged(met, fields, part, there, here)
        if kept is not None:
            met.parts[part] = kept
    if WHOLE in here.before and WHOLE not in met.parts:
        if met.parts and not met.differences:
            met.differences.append(Difference(WHOLE, "deleted", Clash({}, {}, {})))
        met.parts.clear()  # no occurrence is there without its series
    return met


def _vanished(here: Side) -> Met:
    """All of it was deleted there: so it is here, unless any part of it was changed here since."""
    changed = [part for part, values in here.now.items() if values != here.before.get(part)]
    if not changed or WHOLE not in here.now:
        return Met({}, [])
    edit = _edit(here.before.get(WHOLE, {}), here.now[WHOLE])
    return Met(dict(here.now), [Difference(WHOLE, "delete", Clash(edit.base, {}, edit.mine))])


def _left_out(met: Met, part: str, before: Values | None, mine: Values | None) -> Values | None:
    """A part was deleted there: here as well, unless it was changed here since."""
    if mine is None or mine == before:
        return None
    edit = _edit(before or {}, mine)
    met.differences.append(Difference(part, "delete", Clash(edit.base, {}, edit.mine)))
    return mine


def _edit(before: Values, after: Values) -> Clash:
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    base, mine = ({n: values[n] for n in changed if values.get(n) is not None} for values in (before, after))
    return Clash(base, mine, {})


def _merged(met: Met, fields: Mapping[str, Field[Any]], part: str, there: Side, here: Side) -> Values:
    old, new = there.before.get(part, {}), there.now[part]
    was, mine = here.before.get(part, {}), here.now[part]
    names = dict.fromkeys([*old, *new, *mine])
    changes = {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}
    stands = {name: old.get(name) if mine.get(name) == was.get(name) else mine.get(name) for name in names}
    merged = merge(fields, stands, changes, context(fields, old, changes), lambda _kind, _id: 0.0)
    met.differences.extend(Difference(part, "edited", clash) for clash in merged.clashes)
    return {name: value for name, value in {**mine, **merged.values}.items() if value is not None}


def agreed(there: Side, here: Side, after: Parts) -> Parts:
    """What the book holds of what both agree on, once it holds ``after``: without changes that wait to go there."""
    result: Parts = {}
    for part, values in after.items():
        before, mine, theirs = here.before.get(part), here.now.get(part, {}), there.now.get(part)
        if theirs is None:
            if before is not None and part not in there.before:  # the server never kept it
                result[part] = before
            continue
        names = dict.fromkeys([*values, *(before or {})])
        waiting = {
            name
            for name in names
            if mine.get(name) != (before or {}).get(name) and values.get(name) != theirs.get(name)
        }
        kept = {name: (before or {}).get(name) if name in waiting else values.get(name) for name in names}
        result[part] = {name: value for name, value in kept.items() if value is not None}
    for part in there.now.keys() - after.keys():
        result[part] = here.before.get(part, there.now[part])
    return result
