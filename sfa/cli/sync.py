"""Commands that keep the book in step with head office: come in, sync, leave, hand over, open a locked book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.cli import feed
from sfa.cli.command import OK, PARTLY, Answer, Argument, Command, UsageError, files
from sfa.cli.layout import Column, Line, Table
from sfa.cli.output import narrate
from sfa.errors import UserError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfa.cli.session import Session
    from sfa.store.book import Book
    from sfa.sync.steps import Result

STEPS = {"push": N_("sent"), "pull": N_("received"), "snapshot": N_("bytes received"), "load": N_("taken in")}


def login(session: Session) -> Answer:
    from sfa.sync import membership, secrets
    from sfa.sync.address import address
    from sfa.sync.messages import Login

    arguments = session.arguments
    url = address(arguments.url, insecure=arguments.insecure_http)
    place = arguments.token or _token_place()
    ca = str(Path(arguments.ca).expanduser().absolute()) if arguments.ca else ""
    wanted = Login(arguments.user or _asked_name(), _password(session), arguments.device or _machine())
    welcome, result = membership.login(session.path, url, wanted, place, ca, told)
    notes = [_("{name} is logged in at {url}.").format(name=welcome.name, url=url), *_narrated(result)]
    if place == secrets.FILE:
        path = secrets.file_of(secrets.account(welcome.server, welcome.device))
        notes.insert(1, _("The token is kept in {path}, for you alone to read.").format(path=path))
    shown = [Line(f"{secrets.VARIABLE}={welcome.token}")] if place == secrets.ENVIRONMENT else []
    data = {"server": url, "user": welcome.name, "device": welcome.device, "token": place, **_data(result)}
    if shown:
        data["SFA_TOKEN"] = welcome.token
    return Answer(data, shown, "\n".join(notes), _code(result))


def _token_place() -> str:
    """Where the token goes: into the keyring; where none works, the user is asked."""
    from sfa.sync import secrets

    if secrets.has_keyring():
        return secrets.KEYRING
    folder = secrets.tokens()
    if sys.stdin.isatty():
        narrate(
            _("No keyring answers here. The token could be kept in {folder}, in a file for you alone to read.").format(
                folder=folder
            )
        )
        if _answer(_("Keep it there? [y/N] ")).casefold() in ("y", "yes", _("yes").casefold()):
            return secrets.FILE
    raise UserError(
        _("There is no place for the token."),
        _("--token file keeps it in {folder}, --token environment shows it, for SFA_TOKEN.").format(folder=folder),
    )


def _asked_name() -> str:
    name = _answer(_("User: ")) if sys.stdin.isatty() else ""
    if not name:
        raise UserError(_("Who logs in?"), _("Name the user with --user."))
    return name


def _answer(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _password(session: Session) -> str:
    """The password, asked for without showing it, or the first line of stdin."""
    if session.arguments.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        from getpass import getpass

        password = getpass(_("Password: "))
    else:
        raise UserError(_("There is no terminal to ask for the password on."), _("Give it with --password-stdin."))
    if not password:
        raise UserError(_("Nobody comes in without a password."))
    return password


def _machine() -> str:
    import platform

    return platform.node() or _("laptop")


def told(step: str, done: int, total: int) -> None:
    """Shows how far a sync is, where a person looks."""
    if sys.stderr.isatty():
        text = _("{done} of {total} {step}").format(done=done, total=total, step=_(STEPS.get(step, step)))
        sys.stderr.write(f"\r\x1b[K{text}" if done < total else "\r\x1b[K")
        sys.stderr.flush()


def logout(session: Session) -> Answer:
    from sfa.sync import membership

    heard = membership.logout(session.book, force=session.arguments.force)
    note = _("Logged out. The book stays as it is; sfa login goes on with it.")
    if not heard:
        note += "\n" + _("Head office was out of reach: it still knows this laptop, until it is revoked there.")
    return Answer({"told": heard}, [], note)


def sync(session: Session) -> Answer:
    from sfa.store.book import Book
    from sfa.sync import inbox, membership

    book = Book.open(session.path, even_locked=True)  # a lock that was interrupted is finished
    try:
        result = membership.reconcile(book, told)
        conflicts, refused = inbox.conflicts(book), inbox.rejected(book)
    finally:
        book.close()
    notes = _narrated(result)
    if conflicts:
        text = (
            _("{count} conflict waits for you: sfa conflicts")
            if len(conflicts) == 1
            else _("{count} conflicts wait for you: sfa conflicts")
        )
        notes.append(text.format(count=len(conflicts)))
    rows = [[str(one.action), one.title, one.reason] for one in refused]
    columns = [Column(_("Action"), "right"), Column(_("Head office refused")), Column(_("Why"))]
    if refused:
        notes.append(_("sfa rejected shows what can be done."))
    data = _data(result) | {
        "conflicts": [one.id for one in conflicts],
        "rejected": [
            {"action": one.action, "title": one.title, "code": one.code, "reason": one.reason} for one in refused
        ],
    }
    return Answer(data, [Table(columns, rows)] if rows else [], "\n".join(notes), _code(result))


def _narrated(result: Result) -> list[str]:
    """What a sync did, in words."""
    words = {
        "applied": _("{count} taken over"),
        "merged": _("{count} merged with others' changes"),
        "conflict": _("{count} in conflict with others' changes"),
        "rejected": _("{count} refused"),
    }
    sent = ", ".join(words[outcome].format(count=count) for outcome, count in result.sent.items() if count)
    notes = [_("Sent: {what}.").format(what=sent)] if sent else []
    if result.received:
        text = _("Received {count} changed record.") if result.received == 1 else _("Received {count} changed records.")
        notes.append(text.format(count=result.received))
    return notes or [_("Nothing was to be done.")]


def _data(result: Result) -> dict[str, Any]:
    return {"sent": dict(result.sent), "received": result.received}


def _code(result: Result) -> int:
    return PARTLY if result.sent.get("rejected") or result.sent.get("conflict") else OK


def handover(session: Session) -> Answer:
    from sfa.cli.session import ORIGIN
    from sfa.sales import handover

    *names, goal_name = session.arguments.words
    if not names:
        raise UsageError(_("Name an account and a territory."))
    book = session.book
    accounts = [session.record("account", name) for name in names]
    territory = session.lookup.resolve("territory", goal_name)
    goal = next(goal for goal in handover.goals(book) if goal.id == territory)
    ids = list(dict.fromkeys(account.id for account in accounts))
    before = handover.places(book, "account", ids)
    may = {goal.id for goal in handover.goals_for(book, "account", ids)}
    if book.meta("server") and territory not in may and before != [goal.name]:
        raise UserError(
            _("You may not give them to {goal}.").format(goal=goal.name),
            _("That may who manages where they are, or works in both."),
        )
    title = handover.hand_over(book, "account", ids, territory, ORIGIN)
    notes = [title, _("Whoever works in {goal} sees them, with all that is under them.").format(goal=goal.name)]
    if before:
        notes.append(_("They leave {places}: who works only there sees them no more.").format(places=", ".join(before)))
    if not goal.seen:
        notes.append(_("You do not work there: they leave this laptop with the next sync."))
    data = {"accounts": ids, "from": before, "to": {"id": territory, "name": goal.name}, "stays": goal.seen}
    return Answer(data, [], "\n".join(notes))


def unlock(session: Session) -> Answer:
    from sfa.sync import locking

    if sys.stdin.isatty():
        from getpass import getpass

        key = getpass(_("Key: "))
    else:
        key = sys.stdin.readline()
    locking.unlock(session.path, key)
    return Answer(
        {"book": str(session.path)}, [], _("{path} is open again. sfa login URL joins it.").format(path=session.path)
    )


def places() -> Iterable[str]:
    """Where a token may be kept."""
    from sfa.sync.secrets import PLACES

    return PLACES


def standing(book: Book) -> Mapping[str, Any]:
    """What ``sfa info`` says of head office; empty for a book that belongs to none."""
    from sfa.sync.status import status

    found = status(book)
    if not found.server:
        return {}
    counts = {"unsent": found.unsent, "conflicts": found.conflicts, "rejected": found.rejected}
    return {
        "server": found.server, "login": book.meta("login"), "synced_at": found.synced_at or None, **counts,
        "problem": found.problem or None, "token": book.meta("token_place") or None, "line": found.text(),
    }  # fmt: skip


COMMANDS = (
    Command(
        "login",
        N_("Enrol this laptop at head office"),
        login,
        (
            Argument("url", N_("Where head office is"), "URL"),
            Argument("--device", N_("What head office calls this laptop; otherwise its own name"), "NAME"),
            Argument("--password-stdin", N_("Read the password from stdin instead of asking for it")),
            Argument("--token", N_("Where to keep the token"), "PLACE", values=places, strict=True),
            Argument("--ca", N_("Certificates (PEM) to trust instead of the system's"), "FILE", values=files),
            Argument("--insecure-http", N_("Let password and records cross the network in the clear")),
        ),
        ("sfa login https://office.example --user rita", "sfa login office.example --ca ~/office.pem"),
        N_(
            "Asks for the password; --user is the name that head office knows. A book that lived alone joins with all"
            " that it holds; where there is none, one is made and filled. What is interrupted, sfa sync goes on with."
        ),
    ),
    Command(
        "logout", N_("Give this laptop's token up; the book stays"), logout,
        (Argument("--force", N_("Also with changes that were not sent")),), ("sfa logout",),
    ),
    Command(
        "sync", N_("Reconcile the book with head office"), sync, (), ("sfa sync", "sfa sync --json"),
        N_("Ends with 3 where something was refused or is in conflict, with 1 where head office is out of reach."),
    ),
    Command(
        "handover", N_("Give accounts, with all that is under them, to another territory"), handover,
        (Argument("words", N_("The accounts, and the territory"), "ACCOUNT… TERRITORY", "+"),),
        ("sfa handover Acme South",), N_("One action, which sfa undo takes back."),
    ),
    Command(
        "unlock", N_("Open a book that head office has locked"), unlock, (), ("sfa unlock",),
        N_("Asks for the key, which “sfa admin device unlock” prints at head office, or reads it from stdin."),
    ),
    *feed.COMMANDS,
)  # fmt: skip
