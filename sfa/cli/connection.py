"""What connecting a calendar or address book asks of the user: which one, the password, and where that is kept."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sfa.errors import NotFound, UserError
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.exchange.dav.discovery import Found


def chosen(found: list[Found], name: str | None) -> Found:
    """The one collection that is meant."""
    if not found:
        raise NotFound(
            _("There is none of yours on this server."), _("Make one there first, or name its whole address.")
        )
    if name:
        found = [one for one in found if name.casefold() in (one.name.casefold(), one.url.casefold())] or found
        if len(found) == 1:
            return found[0]
    elif len(found) == 1:
        return found[0]
    names = ", ".join(_shown(one, found) for one in found)
    raise UserError(
        _("There are several: {names}.").format(names=names), _("Choose one with --choose NAME, or name its address.")
    )


def _shown(one: Found, among: list[Found]) -> str:
    """Its name, and what tells it from the others."""
    if sum(other.name == one.name for other in among) > 1:
        return f"{one.name} ({one.url})"
    holds = {"VEVENT": _("events"), "VTODO": _("to-dos")}.get("".join(one.components), "")
    return f"{one.name} ({holds})" if holds else one.name


def password(session: Session) -> str:
    """From the environment, the first line of stdin, or asked for without showing it; never an argument."""
    from sfa.exchange.dav.remotes import PASSWORD

    if session.arguments.password_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif given := os.environ.get(PASSWORD, "").strip():
        return given
    elif sys.stdin.isatty():
        from getpass import getpass

        given = getpass(_("Password: "))
    else:
        raise UserError(
            _("There is no terminal to ask for the password on."),
            _("Give it with --password-stdin, or in {variable}.").format(variable=PASSWORD),
        )
    if not given:
        raise UserError(_("Nobody comes in without a password."))
    return given


def place() -> str:
    """Where the password goes: into the keyring; where none works, the user says so."""
    from sfa.sync import secrets

    if secrets.has_keyring():
        return secrets.KEYRING
    raise UserError(
        _("No keyring answers here."),
        _("--password-in file keeps the password in {folder}, --password-in environment keeps it nowhere.").format(
            folder=secrets.tokens()
        ),
    )
