"""What stands around a record: its people, deals, next step and timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.layout import Block, Column, Fields, Heading, Line, Table
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.models import Record
    from sfa.sales.surroundings import Person
    from sfa.sales.timeline import Entry

ENTRIES = 20


def add(session: Session, record: Record, limit: int | None, blocks: list[Block]) -> Data:
    """Puts what is related to ``record`` below its fields and gives it as data.

    At most ``limit`` entries (0: all) of the timeline; for people, also of the others.
    """
    from sfa.cli.figures import card_data, card_table
    from sfa.cli.home import item_data
    from sfa.sales import timeline

    most = ENTRIES if limit is None else limit or 2**31
    place = (session.book, record.kind, record.id)
    entries = timeline.timeline(*place, most)
    data: Data = {"timeline": [entry_data(entry) for entry in entries]}
    if record.kind in timeline.PARTIES:
        step, people, deals = timeline.next_step(*place), timeline.people(*place), timeline.deals(*place)
        if step:
            blocks.append(Fields([(_("Next step"), _told(step.when, step.title))]))
        stages = card_table(deals[:most], _("Stage"), lambda card: session.lookup.title("stage", card.stage))
        _add(blocks, _("People"), people_table(people[:most]), len(people))
        _add(blocks, _("Deals"), stages, len(deals))
        data |= {
            "next_step": item_data(step) if step else None,
            "people": [person._asdict() for person in people],
            "deals": [card_data(session, card) for card in deals],
        }
    if record.kind == "contact":
        data["accounts"] = _add_roles(session, record, blocks)
    if record.kind == "account":
        data["subsidiaries"] = _add_subsidiaries(session, record, most, blocks)
    if entries:
        blocks += [Heading(_("Timeline")), entry_table(entries)]
    return data


def _add_roles(session: Session, contact: Record, blocks: list[Block]) -> list[Data]:
    from sfa.sales.surroundings import roles

    found = roles(session.book, contact.id)
    rows = [[role.name, role.role, "" if role.is_active else _("former")] for role in found]
    table = Table([Column(title) for title in (_("Account"), _("Role"), "")], rows).filled()
    _add(blocks, _("Roles in accounts"), table, len(found))
    return [role._asdict() for role in found]


def _add_subsidiaries(session: Session, account: Record, most: int, blocks: list[Block]) -> list[Data]:
    from sfa.sales.surroundings import subsidiaries

    found = subsidiaries(session.book, account.id)
    rows = [[record.heading, _(record.values.get("industry", ""))] for record in found[:most]]
    table = Table([Column(title) for title in (_("Account"), _("Industry"))], rows).filled()
    _add(blocks, _("Subsidiaries"), table, len(found))
    return [{"id": record.id, "name": record.heading} for record in found]


def _add(blocks: list[Block], title: str, table: Table, count: int) -> None:
    if count:
        blocks += [Heading(f"{title} ({count})"), table]
    if count > len(table.rows):
        blocks.append(Line(_("… and {count} more").format(count=count - len(table.rows))))


def _told(when: str | None, title: str) -> str:
    from sfa.locales import current
    from sfa.models.times import show_moment

    return f"{show_moment(when, current())}  {title}" if when else title


def people_table(people: list[Person]) -> Table:
    """People and how to reach them."""
    titles = (_("Name"), _("Role"), _("Job title"), _("Phone"), _("E-mail"))
    rows = [
        [person.name, person.role or _former(person), person.title, person.phone, person.email] for person in people
    ]
    return Table([Column(title) for title in titles], rows).filled()


def _former(person: Person) -> str:
    return "" if person.is_active else _("left")


def entry_data(entry: Entry) -> Data:
    """One entry of a timeline."""
    data = entry._asdict()
    del data["place"]
    return data


def entry_table(entries: list[Entry]) -> Table:
    """What is planned and what happened, newest first."""
    from sfa.locales import current
    from sfa.models.times import show_moment

    titles = (_("When"), _("What"), "", _("About"), _("Outcome"), _("By"), _("Note"))
    rows = [
        [
            show_moment(entry.when, current()) if entry.when else "",
            _("change")
            if entry.source == "change"
            else _(entry.type) + (f" ({_('planned')})" if entry.is_open else ""),
            entry.title,
            entry.about,
            _(entry.outcome),
            entry.by,
            "; ".join(filter(None, map(str.strip, entry.body.splitlines()))),
        ]
        for entry in entries
    ]
    columns = [Column(title, whole=title == titles[0]) for title in titles]
    return Table(columns, rows).filled()
