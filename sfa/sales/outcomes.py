"""What follows from how a call ended."""

from __future__ import annotations

from collections.abc import Mapping

from sfa.locales import today
from sfa.models import CallOutcome, Relation
from sfa.sales import edit
from sfa.store.book import Book
from sfa.store.change import Change

Targets = Mapping[str, str]  # kind → id of what an activity is linked to
INVALID = "invalid"  # the label of a number that reaches nobody


def suggest_next(book: Book, outcome_id: str) -> str:
    """The next step that usually follows, as one would type it: ``+2d call``; empty where the rep must say when."""
    outcome = book.get("call_outcome", outcome_id)
    assert isinstance(outcome, CallOutcome)
    if outcome.next_type is None or outcome.next_delay is None:
        return ""
    days, seconds = divmod(outcome.next_delay, 86_400)
    hours, seconds = divmod(seconds, 3600)
    when = f"+{hours}h" if hours and not days else f"+{seconds // 60}min" if seconds and not days else f"+{days}d"
    when = when if outcome.next_delay else "today"
    return " ".join(part for part in (when, outcome.next_type, outcome.next_subject) if part)


def apply(change: Change, outcome: CallOutcome, targets: Targets) -> None:
    """Changes the person who was called as the outcome says: do not call, a number that is wrong, a role that ended."""
    kind = "contact" if "contact" in targets else "lead"
    if kind not in targets:
        return
    if outcome.sets_do_not_call:
        edit.edit(change, kind, targets[kind], {"do_not_call": 1})
    if outcome.marks_number_invalid:
        _mark_number(change, kind, targets[kind])
    if outcome.ends_relation and kind == "contact" and "account" in targets:
        _end_role(change, targets["contact"], targets["account"])


def _mark_number(change: Change, kind: str, person: str) -> None:
    """Labels the main number as invalid and puts it behind the others."""
    first, *others = change.get(kind, person).values.get("phones") or [None]
    if first:
        edit.edit(change, kind, person, {"phones": [*others, {**first, "label": INVALID}]})


def _end_role(change: Change, contact: str, account: str) -> None:
    """Ends what the contact is to the account; who was employed there keeps an ended role as a trace."""
    ended = {"is_active": 0, "end_date": today()}
    roles = change.book.records("relation", "contact = ? AND account = ? AND is_active = 1", (contact, account))
    for role in roles:
        edit.edit(change, Relation.kind, role.id, ended)
    if change.get("contact", contact).values.get("account") == account:
        edit.edit(change, "contact", contact, {"account": None})
        if not roles:
            edit.create(change, Relation.kind, {"contact": contact, "account": account, "role": "Employee", **ended})
