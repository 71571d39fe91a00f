"""Changes of fields in words: what the journal says, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models import Field, Link, Links
from sfa.models.fields import Context, Value
from sfa.models.lists import Points
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.journal import Action, Entry

ORIGINS = {
    "screen": N_("on screen"),
    "command": N_("by command"),
    "import": N_("import"),
    "demo": N_("demo"),
    "setup": N_("setup"),
    "sync": N_("head office"),
}
"""The doors through which changes come."""
LONGEST = 200  # characters of a value in a line


def door(origin: str) -> str:
    """By which door an action came in, in words."""
    return _(ORIGINS.get(origin, origin))


class Delta(NamedTuple):
    """What was done to one record: [old, new] by field, and all its values before and after."""

    op: str
    fields: dict[str, list[Value]]
    before: dict[str, Value]
    after: dict[str, Value]


def of_entry(book: Book, entry: Entry) -> Delta:
    """What an action did to one record."""
    after = journal.state(book, entry.kind, entry.record, entry.action) or {}
    before = journal.step_back(after, entry) or {}
    fields = {name: [None, value] for name, value in after.items()} if entry.op == "insert" else entry.fields
    return Delta(entry.op, _known(fields), before, after)


def of_history(book: Book, kind: str, record_id: str) -> Iterator[tuple[Action, Delta]]:
    """Every action of a record's life, newest first, with what it changed."""
    record = book.find(kind, record_id)
    after = dict(record.values) if record else {}
    for step in journal.history(book, kind, record_id):
        before = {**after, **{name: old for name, (old, _new) in step.fields.items()}}
        yield step.action, Delta(step.op, _known(step.fields), before, after)
        after = before


def _known(fields: dict[str, list[Value]]) -> dict[str, list[Value]]:
    """Without what only the store knows."""
    return {name: change for name, change in fields.items() if name not in ("id", "n")}


def lines(
    fields: Mapping[str, Field[Any]],
    changes: Mapping[str, list[Value]],
    peers: Mapping[str, Value],
    context: Context,
    before: Mapping[str, Value] | None = None,
) -> list[str]:
    """``Stage: Qualification → Proposal`` for each changed field that users know, in the order of ``fields``.

    ``changes`` holds [old, new] by field; ``peers`` are the record's values after it and ``before`` those before it
    (the same where None), for the currency of amounts.
    """
    shown = []
    for name, field in fields.items():
        if name in changes and field.form:
            old, new = told(field, changes[name], peers, context, before)
            shown.append(_("{field}: {old} → {new}").format(field=field.title, old=old, new=new))
    return shown


def told(
    field: Field[Any],
    change: Sequence[Value],
    peers: Mapping[str, Value],
    context: Context,
    before: Mapping[str, Value] | None = None,
) -> tuple[str, str]:
    """The old and the new value of one field, each on one line; a dash for nothing."""
    old, new = change
    texts = in_full(field, old, peers if before is None else before, context), in_full(field, new, peers, context)
    return _line(texts[0]), _line(texts[1])


def in_full(field: Field[Any], value: Value, peers: Mapping[str, Value], context: Context) -> str:
    """A value for a person's eye, all of it: records by their names, every phone and e-mail."""
    if value is None:
        return ""
    if isinstance(field, Link):
        return context.title(field.to, value)
    if isinstance(field, Links):
        return ", ".join(context.title(field.to, item) for item in value)
    if isinstance(field, Points):
        return field.edit(value, peers, current(), context)
    return field.show(value, peers, current())


def _line(text: str) -> str:
    text = " ".join(text.split()) or "—"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
