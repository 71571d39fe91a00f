"""``sfa import x.ics``: calendars and invitations into the book."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli.command import OK, PARTLY, Answer, UsageError
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.exchange.calendars.importing import FileResult, Result
    from sfa.store.book import Book

FOR_OTHERS = ("map", "map_value", "set", "match", "mode", "missing", "rejects", "profile", "save_profile", "delimiter")
COUNTS = ("created", "updated", "unchanged")
NAMED = 10  # entries that are named one by one
SHOWN = 50  # refusals of a file that people are told


def import_calendars(session: Session) -> Answer:
    """Imports the files that are named, which all hold calendars."""
    from sfa.exchange.calendars.importing import run_import

    arguments = vars(session.arguments)
    if unfit := [name for name in FOR_OTHERS if arguments[name]]:
        option = "--" + unfit[0].replace("_", "-")
        raise UsageError(_("{option} is for tables, not for calendars.").format(option=option))
    if any(session.kind(name).kind != "activity" for name in arguments["as"] or ()):
        raise UsageError(_("What calendars hold becomes activities."))
    paths = [Path(path).expanduser() for path in arguments["files"]]
    result = run_import(session.book, paths, dry_run=arguments["dry_run"])
    notes = [_("Nothing was changed: this was a dry run.")] if result.dry_run else []
    if result.action:
        notes.append(_("{title}. sfa undo takes all of it back.").format(title=result.title))
    return Answer(
        result_data(result), list(blocks(session.book, result)), "\n".join(notes), PARTLY if result.rejected else OK
    )


def result_data(result: Result) -> Data:
    """Everything that became of an import."""
    return {
        "dry_run": result.dry_run,
        "action": result.action or None,
        "rejected": result.rejected,
        "files": [
            {
                "file": str(file.path),
                **{name: getattr(file, name) for name in (*COUNTS, "stale")},
                "records": [{"what": what, "id": record_id} for what, record_id in file.records],
                "rejected": [refusal._asdict() for refusal in file.refusals],
            }
            for file in result.files
        ],
    }


def blocks(book: Book, result: Result) -> Iterable[Block]:
    """What became of an import, for people."""
    from sfa.locales import current

    number = current().number
    titles = (_("Created"), _("Updated"), _("Unchanged"), _("Rejected"))
    rows = [
        [file.path.name, *(number(getattr(file, name)) for name in COUNTS), number(len(file.refusals))]
        for file in result.files
    ]
    yield Table([Column(_("File")), *(Column(title, "right") for title in titles)], rows)
    records = [record for file in result.files for record in file.records]
    if 0 < len(records) <= NAMED and not result.dry_run:
        yield Heading(_("What came in"))
        yield _named(book, records)
    for file in result.files:
        yield from _told(file)


def _named(book: Book, records: list[tuple[str, str]]) -> Table:
    """A few entries one by one: when, with whom (of the book, else of those invited), and whether it is still on."""
    from sfa.locales import current
    from sfa.models.times import show_moment
    from sfa.store.lookup import Lookup

    words, lookup = {"created": _("new"), "updated": _("updated")}, Lookup(book)
    rows = []
    for what, record_id in records:
        values = book.get("activity", record_id).values
        contacts = filter(None, (values.get("contact"), *(values.get("attendees") or ())))
        who = [lookup.title("contact", one) for one in contacts]
        who += [lookup.title("lead", values["lead"])] if values.get("lead") else []
        who = who or list(dict.fromkeys(point["value"] for point in values.get("invited") or ()))
        when = show_moment(values["start"], current()) if values.get("start") else ""
        rows.append([words[what], when, values["subject"], _(values.get("status") or ""), ", ".join(who)])
    titles = (_("What"), _("When"), _("Subject"), _("Status"), _("With"))
    return Table([Column(title) for title in titles], rows)


def _told(file: FileResult) -> Iterable[Block]:
    if file.stale:
        told = _("{file}: left out, as the book has a later revision: {count}")
        yield Line(told.format(file=file.path.name, count=file.stale))
    if file.refusals:
        yield Heading(_("{file}: rejected").format(file=file.path.name))
        yield from (Line(f"{refusal.what}: {refusal.reason}") for refusal in file.refusals[:SHOWN])
    if len(file.refusals) > SHOWN:
        yield Line(_("… and {count} more").format(count=len(file.refusals) - SHOWN))
