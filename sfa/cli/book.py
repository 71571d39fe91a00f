"""Commands for the book itself: what it is, whether it is sound, copies of it, and the settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.cli.command import OK, REFUSED, Answer, Argument, Command, files
from sfa.cli.layout import Column, Fields, Heading, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def info(session: Session) -> Answer:
    from sfa import __version__
    from sfa.cli.plain import reference
    from sfa.cli.sync import standing
    from sfa.locales import current
    from sfa.models import KINDS

    book = session.book
    office = standing(book)
    counts = {kind: book.value(f"SELECT count(*) FROM {kind} WHERE deleted_at IS NULL") for kind in KINDS}
    data: dict[str, Any] = {
        "book": str(book.path.absolute()),
        "bytes": book.path.stat().st_size,
        "version": __version__,
        "user": reference(session, "user", book.user),
        "device": book.device,
        "actions": book.value("SELECT count(*) FROM action"),
        "records": counts,
        "head_office": office or None,
    }
    locale = current()
    pairs = [
        (_("Book"), data["book"]),
        (_("Size"), _("{size} MB").format(size=locale.number(round(data["bytes"] / 1e6, 1)))),
        (_("User"), data["user"]["name"]),
        (_("sfa"), __version__),
        (_("Actions"), locale.number(data["actions"])),
    ]
    if office:
        pairs += [(_("Head office"), f"{office['server']} ({office['login']})"), (_("Sync"), office["line"])]
    rows = [[_(KINDS[kind].plural), locale.number(count)] for kind, count in counts.items() if count]
    return Answer(
        data, [Fields(pairs), Heading(_("Records")), Table([Column(_("Kind")), Column(_("Count"), "right")], rows)]
    )


def doctor(session: Session) -> Answer:
    from sfa.cli.checks import run_all

    checks = run_all(session)
    failed = [check for check in checks if not check.ok]
    rows = [[_("ok") if check.ok else _("FAILED"), check.name, check.detail] for check in checks]
    note = _("{count} checks failed.").format(count=len(failed)) if failed else _("All is well.")
    columns = [Column(""), Column(_("Check")), Column(_("What was found"))]
    return Answer([check._asdict() for check in checks], [Table(columns, rows)], note, REFUSED if failed else OK)


def backup(session: Session) -> Answer:
    from sfa.store.backup import backup

    target = Path(session.arguments.file).expanduser()
    backup(session.book, target)
    data = {"book": str(session.path.absolute()), "backup": str(target.absolute()), "bytes": target.stat().st_size}
    return Answer(data, [], _("Copied the book to {path} and checked the copy.").format(path=target))


def restore(session: Session) -> Answer:
    from sfa.store.backup import restore

    source = Path(session.arguments.file).expanduser()
    session.path.parent.mkdir(parents=True, exist_ok=True)
    kept = restore(source, session.path)
    note = _("The book is now as in {path}.").format(path=source)
    if kept:
        note += "\n" + _("The book that it replaced is kept: {path}").format(path=kept)
    return Answer(
        {"book": str(session.path.absolute()), "from": str(source.absolute()), "kept": str(kept) if kept else None},
        [],
        note,
    )


def config(session: Session) -> Answer:
    from sfa.settings import config_path, describe

    path, settings = config_path(), describe(session.settings)
    columns = [Column(_("Setting")), Column(_("Value")), Column(_("Form")), Column(_("What it does"))]
    rows = [[entry["name"], str(entry["value"] or ""), entry["form"], entry["help"]] for entry in settings]
    exists = "" if path.exists() else " " + _("(does not exist yet: all defaults)")
    data = {"file": str(path), "book": str(session.path.absolute()), "settings": settings}
    pairs = [
        (_("Settings"), f"{path}{exists}"),
        (_("Book"), str(session.path.absolute())),
        (_("Python"), sys.version.split()[0]),
    ]
    return Answer(data, [Fields(pairs), Heading(_("Settings")), Table(columns, rows)])


FILE = Argument("file", N_("The file"), "FILE", values=files)

COMMANDS = (
    Command("info", N_("Say which book is used and what is in it"), info, (), ("sfa info", "sfa info --json")),
    Command("doctor", N_("Check the book, the settings and the terminal"), doctor, (), ("sfa doctor",)),
    Command(
        "backup",
        N_("Copy the book to a new file and check the copy"),
        backup,
        (FILE,),
        ("sfa backup ~/book-2026-11-27.sfa",),
        N_("Works while the book is in use."),
    ),
    Command(
        "restore",
        N_("Put a backup in the place of the book"),
        restore,
        (FILE,),
        ("sfa restore ~/book-2026-11-27.sfa",),
        N_("The backup is checked first, and the book that it replaces is kept beside it."),
    ),
    Command(
        "config", N_("Show the settings, and where their file is"), config, (), ("sfa config", "sfa config --json")
    ),
)
