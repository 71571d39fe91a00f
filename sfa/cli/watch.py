"""Commands that keep reminding: in the foreground, and set up with the system so that it happens at each login."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from sfa.cli.command import Answer, Argument, Command
from sfa.cli.output import narrate
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfa.cli.session import Session
    from sfa.desktop.notifier import Notifier
    from sfa.errors import SfaError
    from sfa.sales.reminders import Due
    from sfa.store.book import Book


class Announcer:
    """Shows reminders as notifications of the desktop, and writes a line for each."""

    def __init__(self, book: Book) -> None:
        from sfa.desktop.notifier import Notifier

        self._book = book
        self.notifier: Notifier = Notifier(self._clicked)

    def require(self) -> None:
        self.notifier.require()

    def show(self, due: Sequence[Due]) -> None:
        from sfa.desktop.notices import line, notice

        self.notifier.show(notice(due))
        for one in due:
            narrate(line(one))

    def _clicked(self, kind: str, record: str) -> None:
        from sfa.desktop.doorbell import show
        from sfa.errors import SfaError

        try:
            if not show(self._book, kind, record):
                narrate(_("No screens are open to show it: start sfa."))
        except (SfaError, OSError) as error:
            narrate(f"sfa: {error}")


def watch(session: Session) -> Answer:
    """Reminds until it is stopped."""
    from sfa.desktop.firing import Firing

    announcer = Announcer(session.book)
    firing = Firing(session.book, announcer, failed=_complain)

    def stop(_number: int, _frame: object) -> None:
        firing.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    narrate(told_next(session.book))
    try:
        firing.run()
    finally:
        announcer.notifier.close()
    return Answer(None, [], _("Reminds no longer."))


def _complain(error: SfaError) -> None:
    narrate(f"sfa: {error}\n" + _("What is due waits, and stands on Today; tried again from time to time."))


def told_next(book: Book) -> str:
    """When somebody is reminded next."""
    from sfa.desktop.notices import when
    from sfa.sales.reminders import next_due

    due = next_due(book)
    return _("Reminds. The next is due {when}.").format(when=when(due)) if due else _("Reminds. Nothing is due yet.")


def install(session: Session) -> Answer:
    from sfa.desktop import scheduler
    from sfa.desktop.notifier import Notifier
    from sfa.errors import SfaError

    found = scheduler.unit(session.path.resolve())
    data: dict[str, Any] = {
        "unit": found.name,
        "path": str(found.path),
        "text": found.text,
        "commands": [list(words) for words in found.start],
    }
    if session.arguments.dry_run:
        return Answer(data, _pictured(found))
    assert session.book  # nothing is set up for a book that cannot be opened
    scheduler.install(found)
    done = [_("Wrote {path} ({name}).").format(path=found.path, name=found.name)] if found.keep else []
    done += [_("Ran: {command}").format(command=" ".join(words)) for words in found.start]
    done.append(_("You are reminded from now on, and after each login. sfa remind uninstall undoes this."))
    notifier = Notifier(lambda _kind, _record: None)
    try:
        notifier.require()
    except SfaError as error:
        done.append(_("But now: {problem}").format(problem=error))
    finally:
        notifier.close()
    return Answer(data, [], "\n".join(done))


def _pictured(found: Any) -> list[Any]:
    from sfa.cli.layout import Heading, Line, Verbatim

    commands = [Line(" ".join(words)) for words in found.start]
    return [Heading(str(found.path)), Verbatim(found.text.rstrip()), Heading(_("Then")), *commands]


def uninstall(session: Session) -> Answer:
    from sfa.desktop import scheduler

    found = scheduler.unit(session.path.resolve())
    there = scheduler.uninstall(found)
    done = [_("Ran: {command}").format(command=" ".join(words)) for words in found.stop]
    if found.keep:
        done.append(_("Removed {path}.").format(path=found.path))
    done.append(_("Only the screens remind now. sfa remind install undoes this."))
    note = "\n".join(done) if there else _("Nothing was set up: only the screens remind.")
    return Answer({"removed": there, "path": str(found.path)}, [], note)


def status(session: Session) -> Answer:
    """Whether anybody reminds, whether the desktop shows it, and what is next."""
    from sfa.cli.layout import Fields
    from sfa.desktop import notices, scheduler
    from sfa.desktop.notifier import Notifier
    from sfa.errors import SfaError
    from sfa.sales.reminders import next_due

    found, problem = scheduler.unit(session.path.resolve()), ""
    notifier = Notifier(lambda _kind, _record: None)
    try:
        notifier.require()
    except SfaError as error:
        problem = str(error)
    finally:
        notifier.close()
    due, installed = next_due(session.book), scheduler.is_installed(found)
    running = installed and scheduler.is_running(found)
    data = {
        "installed": installed,
        "running": running,
        "unit": str(found.path) if found.keep else found.name,
        "notifications": not problem,
        "problem": problem,
        "next_due": due,
    }
    at_login = _("yes, and running") if running else _("yes, but not running") if installed else _("no")
    fields = [
        (_("At each login"), f"{at_login} ({found.path})" if installed and found.keep else at_login),
        (_("Notifications of the desktop"), problem or _("yes")),
        (_("Next reminder"), notices.when(due) or _("none")),
    ]
    note = "" if installed else _("sfa remind install sets it up; the screens remind in any case.")
    return Answer(data, [Fields(fields)], note)


COMMANDS = (
    Command(
        "remind install",
        N_("Have the system remind you from each login on, without the screens"),
        install,
        (Argument("--dry-run", N_("Only show what would be written and run")),),
        ("sfa remind install", "sfa remind install --dry-run"),
        N_("By a systemd user unit, a launchd agent or the Task Scheduler of Windows, which runs: sfa remind --watch"),
    ),
    Command(
        "remind uninstall",
        N_("Undo sfa remind install"),
        uninstall,
        (),
        ("sfa remind uninstall",),
    ),
    Command(
        "remind status",
        N_("Show whether you are reminded, and of what next"),
        status,
        (),
        ("sfa remind status", "sfa remind status --json"),
    ),
)
