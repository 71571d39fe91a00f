"""Who is called: the person, the number, what the call is linked to, and the planned call that it completes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sfa.i18n import _
from sfa.locales import current, today
from sfa.models.times import local_day
from sfa.sales import agenda, calls, surroundings
from sfa.sales.surroundings import Person
from sfa.store.book import Book


class Callee(NamedTuple):
    """One who is called. ``people`` are those who could be meant, ``planned`` the open call there is with them."""

    targets: dict[str, str]
    name: str
    detail: str
    phones: Sequence[dict[str, str]]
    people: Sequence[Person]
    planned: agenda.Item | None
    due: bool
    """Whether the planned call is due, so that this is taken to be it."""
    warning: str

    @property
    def number(self) -> str:
        return self.phones[0]["value"] if self.phones else ""


def callee(book: Book, kind: str, record_id: str, person: str | None = None) -> Callee:
    """Who is called from a record; ``person`` is the contact where the record leaves it open (empty: nobody)."""
    targets = calls.targets_for(book, kind, record_id)
    people = _people(book, targets)
    if person is not None:
        targets = {target: linked for target, linked in {**targets, "contact": person}.items() if linked}
    elif len(people) == 1 and "contact" not in targets:
        targets["contact"] = people[0].id
    shown = next(target for target in calls.TARGETS if target in targets)
    record = book.get(shown, targets[shown])
    phones = record.values.get("phones") or _company_phones(book, targets)
    planned = _planned(book, kind, record_id, shown, record.id)
    due = planned is not None and (planned.id == record_id or local_day(planned.when or "9999-12-31") <= today())
    warning = _("asked not to be called") if record.values.get("do_not_call") else ""
    return Callee(targets, record.heading, _detail(book, targets, shown), phones, people, planned, due, warning)


def is_open(found: Callee) -> bool:
    """Whether it must be asked who was called."""
    return len(found.people) > 1 and not {"contact", "lead"} & set(found.targets)


def show_planned(item: agenda.Item) -> str:
    """A planned call in a few words."""
    day = current().day(local_day(item.when), today()) if item.when else _("no date")
    return _("“{subject}”, {day}").format(subject=item.title, day=day)


def _people(book: Book, targets: dict[str, str]) -> list[Person]:
    """Those who could have been called: of the deal, of the account; a lead is alone."""
    kinds = [kind for kind in ("opportunity", "account") if kind in targets and "lead" not in targets]
    found = {person.id: person for kind in kinds for person in surroundings.people(book, kind, targets[kind])}
    return [person for person in found.values() if person.is_active]


def _company_phones(book: Book, targets: dict[str, str]) -> Sequence[dict[str, str]]:
    return book.get("account", targets["account"]).values.get("phones") or () if "account" in targets else ()


def _planned(book: Book, kind: str, record_id: str, shown: str, shown_id: str) -> agenda.Item | None:
    """The open call that was pointed at, or the next step with them where that is a call."""
    step = agenda.next_step(book, shown, shown_id)
    if kind == "activity":
        activity = book.get(kind, record_id)
        if activity.values["type"] == "call" and "completed_at" not in activity.values:
            return _item(activity.id, activity.heading, activity.values.get("start"))
    return step if step and step.type == "call" else None


def _item(record_id: str, title: str, when: str | None) -> agenda.Item:
    return agenda.Item("activity", record_id, when, title, "", "", "", "", "", None, None, "call", 0)


def _detail(book: Book, targets: dict[str, str], shown: str) -> str:
    """What tells the person from others: job, company, deal."""
    record = book.get(shown, targets[shown])
    others = [
        book.get(kind, targets[kind]).heading
        for kind in ("account", "opportunity")
        if kind in targets and kind != shown
    ]
    parts = [record.values.get("title"), record.values.get("company"), *others]
    return " · ".join(part for part in parts if part)
