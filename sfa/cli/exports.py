"""``sfa export``: records out of the book."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sfa.cli.command import KIND, WHERE, Answer, Argument, Command, UsageError, files
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.store.book import Book
    from sfa.store.query import Query


def formats() -> Iterable[str]:
    """What records are written as."""
    return ("csv", "jsonl", "vcard", "ical")


def versions() -> Iterable[str]:
    """Of vCard; phones and servers take the older one."""
    return ("3.0", "4.0")


def export(session: Session) -> Answer:
    from sfa.cli.figures import counted
    from sfa.cli.listing import by_name, conditions, words
    from sfa.store.query import Query

    settle(session)
    arguments = session.arguments
    if arguments.json and not arguments.file:
        raise UsageError(_("With --json, name a file to export to."))
    kind = session.kind()
    sort = tuple(by_name(kind, path) for path in words(arguments.sort))
    query = Query(kind.kind, words(arguments.columns), conditions(arguments.where), sort, arguments.search or "")
    write = writer(session)
    path = Path(arguments.file).expanduser() if arguments.file else None
    if path is not None and path.exists() and not arguments.overwrite:
        raise UsageError(_("{path} exists already.").format(path=path), _("Name a new file, or add --overwrite."))
    with target(path) as stream:
        count = write(session.book, query, stream)
    data = {"kind": kind.kind, "format": arguments.format, "rows": count, "file": str(path) if path else None}
    where = _("to {path}").format(path=path) if path else ""
    return Answer(data, [], _("Exported {count} {where}").format(count=counted(count, kind.kind), where=where).strip())


def settle(session: Session) -> None:
    """Calendars need no kind: what stands in its place is the file. Raises ``UsageError``."""
    from sfa.errors import NotFound

    arguments = session.arguments
    if arguments.format != "ical":
        if not arguments.kind:
            raise UsageError(
                _("Say what to export, such as contacts."), _("Only calendars know it: they hold activities.")
            )
        return
    if arguments.columns or arguments.sort:
        raise UsageError(_("--columns and --sort are for tables, not for calendars."))
    try:
        kind = session.kind(arguments.kind or "activity").kind
    except NotFound:
        if arguments.file:
            raise
        arguments.file, arguments.kind, kind = arguments.kind, "activity", "activity"
    if kind != "activity":
        raise UsageError(_("Calendars hold activities only."), _("--where chooses among them."))
    arguments.kind = kind


def writer(session: Session) -> Callable[[Book, Query, IO[str]], int]:
    """What writes records in the format that is asked for, and gives their number."""
    from sfa.exchange import exporting

    arguments = session.arguments
    if arguments.version and arguments.format != "vcard":
        raise UsageError(_("--version is for vCard only."))
    if arguments.format == "vcard":
        from functools import partial

        from sfa.exchange.cards.exporting import export_cards

        return partial(export_cards, version=arguments.version or "3.0")
    if arguments.format == "ical":
        from sfa.exchange.calendars.exporting import export_ical

        return export_ical
    return {"csv": exporting.export_csv, "jsonl": exporting.export_jsonl}[arguments.format]


@contextmanager
def target(path: Path | None) -> Iterator[IO[str]]:
    """Where to write, as UTF-8 with line ends as they are: stdout, or a file that appears only when it is whole."""
    if path is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        return
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


EXPORT = Command(
    "export",
    N_("Write records to a file, or to stdout"),
    export,
    (
        Argument(
            "format",
            N_("csv, jsonl (an object a line), vcard (contacts, for address books), ical (activities, for calendars)"),
            "FORMAT",
            values=formats,
            strict=True,
        ),
        KIND._replace(many="?", help=N_("The kind of record, singular or plural; ical needs none")),
        Argument("file", N_("The file; without one, stdout"), "FILE", "?", values=files),
        WHERE,
        Argument("--search", N_("Only records in which these words occur"), "TEXT"),
        Argument("--sort", N_("Fields to sort by, with commas between; a minus before one for descending"), "FIELDS"),
        Argument("--columns", N_("Fields to write, with commas between; else all"), "FIELDS"),
        Argument(
            "--version", N_("Of vCard: 3.0 (unless said otherwise) or 4.0"), "VERSION", values=versions, strict=True
        ),
        Argument("--overwrite", N_("Replace a file that exists")),
    ),
    (
        "sfa export csv contacts contacts.csv",
        "sfa export jsonl deals --where stage=Won | gzip > won.jsonl.gz",
        "sfa export vcard contacts people.vcf --where 'account=Acme'",
        "sfa export ical follow-ups.ics --where owner=me",
        "sfa export csv accounts --columns name,industry,owner --sort -annual_revenue",
    ),
    N_("What was exported can be imported again: with --match id, into the same records."),
)
