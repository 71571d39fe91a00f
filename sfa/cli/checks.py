"""What ``sfa doctor`` looks at."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from sfa.errors import SfaError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


class Check(NamedTuple):
    """One thing looked at: ``detail`` says what was found."""

    name: str
    ok: bool
    detail: str


def run_all(session: Session) -> list[Check]:
    """All checks; one that cannot run has failed."""
    return [_tried(session, name, look) for name, look in CHECKS.items()]


def _tried(session: Session, name: str, look: Callable[[Session], str]) -> Check:
    try:
        return Check(_(name), True, look(session))
    except SfaError as error:
        return Check(_(name), False, str(error))
    except Exception as error:  # a damaged book may fail in any way, and the other checks still count
        return Check(_(name), False, _("cannot be checked ({error})").format(error=type(error).__name__))


def _book(session: Session) -> str:
    return str(session.book.path)


def _soundness(session: Session) -> str:
    from sfa.store.backup import check

    check(session.book.path)
    return _("every page of the file is sound")


def _links(session: Session) -> str:
    """Looks for links to records that do not exist."""
    from sfa.models import KINDS, Link

    broken = 0
    for kind, record in KINDS.items():
        for name, field in record.fields.items():
            if isinstance(field, Link):
                missing = f'NOT EXISTS (SELECT 1 FROM {field.to} AS target WHERE target.id = {kind}."{name}")'
                broken += session.book.value(f'SELECT count(*) FROM {kind} WHERE "{name}" IS NOT NULL AND {missing}')
    if broken:
        raise SfaError(
            _("{count} links lead nowhere.").format(count=broken), _("Restore a backup, or set these fields anew.")
        )
    return _("every link leads to a record")


def _journal(session: Session) -> str:
    """Looks for records that the journal does not know."""
    from sfa.models import KINDS

    unknown = sum(
        session.book.value(
            f"SELECT count(*) FROM {kind} WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.record = {kind}.id)"
        )
        for kind in KINDS
    )
    if unknown:
        raise SfaError(_("{count} records are missing from the journal.").format(count=unknown), _("Restore a backup."))
    return _("every record has its history")


def _search(session: Session) -> str:
    from sfa.store.columns import search_table, searched

    count = "SELECT count(*) FROM {}"
    found = sum(session.book.value(count.format(search_table(kind))) for kind in searched())
    live = sum(session.book.value(f"{count.format(kind)} WHERE deleted_at IS NULL") for kind in searched())
    if found != live:
        raise SfaError(_("The search knows {found} of {live} records.").format(found=found, live=live))
    return _("every record can be found")


def _office(session: Session) -> str:
    from sfa.cli.sync import standing

    office = standing(session.book)
    if not office:
        return _("this book belongs to none")
    if office["problem"]:
        raise SfaError(f"{office['server']}: {office['problem']}", _("sfa sync tries again."))
    return f"{office['server']}: {office['line']}"


def _driver(session: Session) -> str:
    version = session.book.value("SELECT sqlite_version()")
    return f"SQLite {version}, Python {sys.version.split()[0]}, {sys.platform}"


def _language(_session: Session) -> str:
    from sfa.locales import current, zone

    return f"{current().name}, {current().default_currency()}, {zone()}"


def _terminal(_session: Session) -> str:
    import shutil

    if not sys.stdout.isatty():
        return _("the output goes to a file or a program")
    size = shutil.get_terminal_size()
    encoding = (sys.stdout.encoding or "").lower()
    if encoding.replace("-", "") != "utf8":
        raise SfaError(
            _("The terminal's encoding is {encoding}, not UTF-8.").format(encoding=encoding), _("Set PYTHONUTF8=1.")
        )
    return f"{os.environ.get('TERM', '?')}, {size.columns}x{size.lines}, {encoding}"


CHECKS: dict[str, Callable[[Session], str]] = {
    N_("book"): _book,
    N_("file"): _soundness,
    N_("links"): _links,
    N_("journal"): _journal,
    N_("search"): _search,
    N_("head office"): _office,
    N_("versions"): _driver,
    N_("locale"): _language,
    N_("terminal"): _terminal,
}
