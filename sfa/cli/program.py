"""From the words of a command line to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from sfa.cli import screens
from sfa.cli.command import INTERRUPTED, OK, REFUSED, USAGE, UsageError
from sfa.cli.output import complain, narrate, show
from sfa.errors import BookError, SfaError, UserError
from sfa.i18n import _
from sfa.settings import book_path


def run(arguments: Sequence[str]) -> int:
    """Runs the command that ``arguments`` name and gives its exit code. Raises nothing."""
    _open_missing()
    try:
        if not arguments and screens.on_terminal() and book_path().exists():
            return screens.open_screens(book_path())  # at once: the parser takes longer than the book
        return _run(arguments)
    except KeyboardInterrupt:
        narrate(_("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:  # the reader had enough, as in ``sfa list contacts | head``
        _silence()
        return OK
    except Exception as error:
        complain(_told(error))
        return USAGE if isinstance(error, UsageError) else REFUSED


def _run(arguments: Sequence[str]) -> int:
    from sfa.cli import parser
    from sfa.cli.session import Session
    from sfa.cli.tree import GROUPS, HOME, commands, find

    name, rest = parser.command_name(arguments, commands())
    command = find(name) if name else HOME
    command_parser = parser.for_command(command) if name else parser.root(GROUPS)
    try:
        parsed = command_parser.parse_args(parser.arranged(rest, command))
    except SystemExit as stop:  # argparse has said all there is to say
        return int(stop.code or OK)
    session = Session(command, parsed)
    try:
        answer = command.run(session)
        show(answer, parsed.json)
    finally:
        session.close()
    return answer.code


def _told(error: Exception) -> SfaError:
    """``error`` as one clear line for the user."""
    if isinstance(error, SfaError):
        return error
    if isinstance(error, OSError) and error.strerror:
        return UserError(f"{error.filename or _('Writing or reading failed')}: {error.strerror}.")
    if isinstance(error, UnicodeEncodeError):  # a lone surrogate: bytes on the command line that are no UTF-8
        return UserError(_("The text given is not valid Unicode."), _("Check the terminal's encoding."))
    driver = sys.modules.get("sqlcipher3.dbapi2")
    if driver is not None and isinstance(error, driver.Error):
        return BookError(_("The book cannot be read: {error}.").format(error=error), _("sfa doctor tells more."))
    from sfa.failures import explain

    return SfaError(explain(error))


def _open_missing() -> None:
    """Gives output somewhere to go where the caller closed stdout or stderr, or (on Windows) never had any."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until the end


def _silence() -> None:
    """Keeps the interpreter from complaining once more when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
