"""Commands for calendars and address books on a server of the user's own: connect, list, sync, let go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.cli.command import OK, PARTLY, Answer, Argument, Command, files, natural
from sfa.cli.layout import Column, Table
from sfa.errors import SfaError, UserError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.exchange.dav.discovery import Found
    from sfa.exchange.dav.reconciling import Outcome
    from sfa.exchange.dav.remotes import Remote

TAKES = ("all", "known")


def adding(type: str) -> Callable[[Session], Answer]:
    """``add`` for ``caldav`` or ``carddav``."""

    def add(session: Session) -> Answer:
        from sfa.cli import connection
        from sfa.exchange.dav import remotes
        from sfa.exchange.dav.client import Client
        from sfa.exchange.dav.discovery import discover
        from sfa.exchange.dav.remotes import Remote
        from sfa.sync import secrets
        from sfa.sync.address import address

        arguments = session.arguments
        if not arguments.user:
            raise UserError(_("Who logs in?"), _("Name the user with --user."))
        url = address(arguments.url, insecure=arguments.insecure_http)
        ca = str(Path(arguments.ca).expanduser().absolute()) if arguments.ca else ""
        book, secret = session.book, connection.password(session)
        with closing(Client(url, arguments.user, secret, ca)) as client:
            found = connection.chosen(discover(client, url, type), arguments.choose)
        place = arguments.password_in or connection.place()
        name = arguments.name or found.name
        remote = Remote("", type, found.url, arguments.user, name, place, ca, _wanted(session, found), "", 0, "", "")
        remote = remotes.add(book, remote, secret)
        notes = [_("Connected: {name}, {url}.").format(name=remote.name, url=remote.url)]
        if place == secrets.FILE:
            path = secrets.file_of(remote.account)
            notes.append(_("The password is kept in {path}, for you alone to read.").format(path=path))
        if not found.writable:
            notes.append(_("You may only read it there: what you change stays here."))
        outcome = _sync(session, remote)
        return Answer(
            {**_described(remote), **_data(outcome)}, [], "\n".join([*notes, *_told(outcome)]), _code(outcome)
        )

    return add


def _wanted(session: Session, found: Found) -> dict[str, Any]:
    """Which records go there, and which come."""
    arguments = session.arguments
    if found.type == "carddav":
        return {"who": "all" if arguments.everybody else "mine", "take": arguments.take or "known"}
    chosen: dict[str, Any] = {"components": list(found.components), "take": arguments.take or "all"}
    return chosen if arguments.days is None else {**chosen, "days": arguments.days}


# What is connected


def listing(type: str) -> Callable[[Session], Answer]:
    """``list``."""

    def list_(session: Session) -> Answer:
        from sfa.exchange.dav import remotes
        from sfa.exchange.dav.items import Items
        from sfa.sync.status import when

        known = remotes.remotes(session.book, type)
        counts = {one.id: Items(session.book, one.id).count() for one in known}
        columns = [Column(_("Name")), Column(_("Address")), Column(_("User")), Column(_("Records"), "right"),
                   Column(_("Synced")), Column(_("Problem"))]  # fmt: skip
        rows = [
            [
                one.name, one.url, one.user, str(counts[one.id]),
                when(one.synced_at) if one.synced_at else _("not yet"), one.problem,
            ]
            for one in known
        ]  # fmt: skip
        note = "" if known else _("Nothing is connected yet. sfa {command} add URL connects one.")
        data = [{**_described(one), "records": counts[one.id]} for one in known]
        return Answer(data, [Table(columns, rows)] if rows else [], note.format(command=WORDS[type].command))

    return list_


def syncing(type: str) -> Callable[[Session], Answer]:
    """``sync``: all of them, or the named one; what fails does not keep the others from it."""

    def sync(session: Session) -> Answer:
        from sfa.exchange.dav import remotes

        name = session.arguments.name
        known = [remotes.named(session.book, type, name)] if name else remotes.remotes(session.book, type)
        if not known:
            remotes.named(session.book, type, "")
        data: list[dict[str, Any]] = []
        notes: list[str] = []
        codes: list[int] = []
        failed: list[SfaError] = []
        for one in known:
            try:
                if session.arguments.again:
                    remotes.restart(session.book, one)
                    one = remotes.find(session.book, one.id)  # noqa: PLW2901
                outcome = _sync(session, one)
            except SfaError as error:
                failed.append(error)
                notes.append(f"{one.name}: {error}")
                data.append({**_described(one), "problem": error.message})
            else:
                codes.append(_code(outcome))
                notes += [f"{one.name}: {text}" if len(known) > 1 else text for text in _told(outcome)]
                data.append({**_described(remotes.find(session.book, one.id)), **_data(outcome)})
        if failed and not codes:
            raise failed[0]
        return Answer(data, [], "\n".join(notes), PARTLY if failed else max(codes))

    return sync


def removing(type: str) -> Callable[[Session], Answer]:
    """``remove``."""

    def remove(session: Session) -> Answer:
        from sfa.exchange.dav import remotes

        remote = remotes.named(session.book, type, session.arguments.name)
        remotes.remove(session.book, remote)
        note = _("{name} is no longer kept in step. What is there stays there, what is here stays here.")
        return Answer(_described(remote), [], note.format(name=remote.name))

    return remove


def _sync(session: Session, remote: Remote) -> Outcome:
    from sfa.exchange.dav.reconciling import sync

    return sync(session.book, remote)


def _told(outcome: Outcome) -> Iterator[str]:
    """What a sync did, in words."""
    counts = (
        (outcome.received, _("{count} changed here")),
        (outcome.sent, _("{count} sent")),
        (outcome.deleted, _("{count} taken away there")),
    )
    parts = [text.format(count=count) for count, text in counts if count]
    yield (", ".join(parts) or _("Nothing was to be done")) + "."
    if outcome.conflicts:
        yield _("{count} changed on both sides: sfa conflicts").format(count=outcome.conflicts)
    for what, why in outcome.problems[:10]:
        yield _("Not in step: {what}: {why}").format(what=what, why=why)


def _data(outcome: Outcome) -> dict[str, Any]:
    problems = [{"what": what, "why": why} for what, why in outcome.problems]
    return {**outcome._asdict(), "problems": problems}


def _code(outcome: Outcome) -> int:
    return PARTLY if outcome.conflicts or outcome.problems else OK


def _described(remote: Remote) -> dict[str, Any]:
    return {
        "id": remote.id, "name": remote.name, "url": remote.url, "user": remote.user, "password": remote.place,
        "chosen": remote.chosen, "synced_at": remote.synced_at or None, "problem": remote.problem or None,
    }  # fmt: skip


# The commands


def _places() -> Iterable[str]:
    from sfa.sync.secrets import PLACES

    return PLACES


class Words(NamedTuple):
    """What the commands of one type say."""

    command: str
    add: str
    list: str
    sync: str
    remove: str
    details: str
    option: Argument


WORDS = {
    "caldav": Words(
        "calendar",
        N_("Connect a calendar on a server of yours (CalDAV), both ways"),
        N_("List the calendars that are connected"),
        N_("Bring the book and the calendars in step"),
        N_("Let a calendar go; nothing is deleted"),
        N_(
            "Your open activities with a time go there, with what was done lately; what is done or moved there is done"
            " or moved here. The password is asked for, or read from SFA_DAV_PASSWORD. docs/calendars.md tells more."
        ),
        Argument("--days", N_("How many days back what is done is shown there (90)"), "DAYS", read=natural),
    ),
    "carddav": Words(
        "addressbook",
        N_("Connect an address book on a server of yours (CardDAV), both ways"),
        N_("List the address books that are connected"),
        N_("Bring the book and the address books in step"),
        N_("Let an address book go; nothing is deleted"),
        N_(
            "The people of your accounts go there, so that a call shows who it is; what is changed there is changed"
            " here. Cards of others stay out of the book, unless you --take all. docs/calendars.md tells more."
        ),
        Argument("--everybody", N_("All contacts, not only those of your own accounts")),
    ),
}  # fmt: skip


TAKE = Argument(
    "--take",
    N_("What is put there by others: all of it, or known records only"),
    "WHAT",
    values=lambda: TAKES,
    strict=True,
)


def _commands(type: str) -> Iterator[Command]:
    words = WORDS[type]
    command = words.command
    name = Argument("name", N_("Its name, address or id"), "NAME")
    yield Command(
        f"{command} add", words.add, adding(type),
        (
            Argument("url", N_("The server, or the whole address"), "URL"),
            Argument("--choose", N_("Which one, where the server has several"), "NAME"),
            Argument("--name", N_("What to call it here"), "NAME"),
            words.option,
            TAKE,
            Argument("--password-stdin", N_("Read the password from stdin instead of asking for it")),
            Argument("--password-in", N_("Where to keep the password"), "PLACE", values=_places, strict=True),
            Argument("--ca", N_("Certificates (PEM) to trust instead of the system's"), "FILE", values=files),
            Argument("--insecure-http", N_("Let password and records cross the network in the clear")),
        ),
        (f"sfa {command} add https://cloud.example --user rita",
         f"sfa {command} add dav.example --user rita --choose Work --password-in file"),
        words.details,
    )  # fmt: skip
    yield Command(f"{command} list", words.list, listing(type), (), (f"sfa {command} list",))
    yield Command(
        f"{command} sync", words.sync, syncing(type),
        (name._replace(many="?"), Argument("--again", N_("Forget what lies there and meet anew; nothing is deleted"))),
        (f"sfa {command} sync", f"sfa {command} sync Work --json"),
        N_("Ends with 3 where something is in conflict or could not be done, with 1 where no server answers."),
    )  # fmt: skip
    yield Command(f"{command} remove", words.remove, removing(type), (name,), (f"sfa {command} remove Work",))


COMMANDS = (*_commands("caldav"), *_commands("carddav"))
