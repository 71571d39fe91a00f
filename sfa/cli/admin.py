"""Commands that administer head office: users, their laptops, streams and copies. They work beside a running one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.cli import feed
from sfa.cli.command import Answer, Argument, Command, files
from sfa.cli.headoffice import DATABASE, address, beside, opened
from sfa.cli.layout import Block, Column, Line, Table
from sfa.errors import UserError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.server.database import Database


def user_add(session: Session) -> Answer:
    from sfa.server import people

    arguments, password = session.arguments, _password(session)
    with opened(session) as database:
        user = people.add_user(
            database,
            arguments.user_name,
            arguments.name or arguments.user_name,
            password,
            email=arguments.email or "",
            territory=arguments.territory or "",
            role=arguments.role or "writer",
        )
        return _user(database, user, _("Added user {name}."))


def user_list(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        users = people.users(database)
    titles = (_("User"), _("Name"), _("Since"), _("Laptops"), "")
    rows = [
        [user.name, user.full_name, user.created_at, str(user.devices), _("disabled") if user.disabled else ""]
        for user in users
    ]
    return Answer([user._asdict() for user in users], _table(titles, rows))


def user_disable(session: Session) -> Answer:
    from sfa.server import people

    return _changed(session, people.disable_user, _("{name} is locked out, with all laptops."))


def user_enable(session: Session) -> Answer:
    from sfa.server import people

    return _changed(session, people.enable_user, _("{name} may log in again."))


def user_password(session: Session) -> Answer:
    from sfa.server import people

    password = _password(session)

    def change(database: Database, name: str) -> None:
        people.set_password(database, name, password)

    return _changed(session, change, _("{name} has a new password. Laptops that are enrolled stay so."))


def _changed(session: Session, change: Callable[[Database, str], None], note: str) -> Answer:
    name = session.arguments.user_name
    with opened(session) as database:
        change(database, name)
        return _user(database, name, note)


def _user(database: Database, name: str, note: str) -> Answer:
    from sfa.server import people

    user = next(user for user in people.users(database) if name == user.id or people.folded(name) == user.name)
    return Answer(user._asdict(), (), note.format(name=user.name))


def _password(session: Session) -> str:
    """The password, asked for twice, or the first line of stdin."""
    if session.arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError(_("There is no terminal to ask for the password on."), _("Give it with --password-stdin."))
    from getpass import getpass

    password = getpass(_("Password: "))
    if getpass(_("Password again: ")) != password:
        raise UserError(_("The two passwords differ; nothing was changed."))
    return password


def device_list(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        devices = people.devices(database, session.arguments.of or "")
    titles = (_("Laptop"), _("User"), _("Name"), _("Seen"), _("Revoked"))
    rows = [[device.id, device.user, device.name, device.seen_at, device.revoked_at or ""] for device in devices]
    return Answer([device._asdict() for device in devices], _table(titles, rows))


def device_revoke(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        revoked = people.revoke_device(database, session.arguments.device)
    copies = _(" So are {count} copies of it.").format(count=len(revoked) - 1) if len(revoked) > 1 else ""
    return Answer(revoked, (), _("{device} is locked out.").format(device=revoked[0]) + copies)


def device_unlock(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        key = people.lock_key(database, session.arguments.device)
    return Answer({"key": key}, [Line(key)], _("“sfa unlock” asks for this key on the laptop."))


def stream_add(session: Session) -> Answer:
    from sfa.server import people

    name = session.arguments.stream_name
    with opened(session) as database:
        stream = people.add_stream(database, name)
        added = next(one for one in people.streams(database) if one.id == stream)
    return Answer(_stream(added), (), _("Added territory {name}.").format(name=added.name))


def stream_list(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        streams = people.streams(database)
    titles = (_("Number"), _("Kind"), _("Name"), _("Records"), _("Log"), _("Members"))
    rows = [
        [
            str(stream.number),
            stream.kind,
            stream.name,
            str(stream.records),
            str(stream.seq),
            ", ".join(f"{name} ({role})" for name, role, _home in stream.members),
        ]
        for stream in streams
    ]
    return Answer([_stream(stream) for stream in streams], _table(titles, rows))


def _stream(stream: Any) -> dict[str, Any]:
    members = [{"user": name, "role": role, "home": home} for name, role, home in stream.members]
    return {**stream._asdict(), "members": members}


def stream_member(session: Session) -> Answer:
    from sfa.server import people

    arguments = session.arguments
    if bool(arguments.role) == arguments.remove:
        raise UserError(_("Name a role, or --remove."))
    with opened(session) as database:
        role = None if arguments.remove else arguments.role
        people.set_member(database, arguments.user_name, arguments.stream, role, home=arguments.home)
    words = {"user": arguments.user_name, "stream": arguments.stream, "role": role}
    note = _("{user} is {role} in {stream}.") if role else _("{user} no longer sees {stream}.")
    return Answer(words, (), note.format(**words))


def backup(session: Session) -> Answer:
    target = Path(session.arguments.file).expanduser()
    with opened(session) as database:
        from sfa.server import copies

        copies.backup(database, target)
        data = {"database": database.name, "backup": str(target.absolute()), "bytes": target.stat().st_size}
    return Answer(data, (), _("Copied head office to {path} and checked the copy.").format(path=target))


def trim(session: Session) -> Answer:
    days = session.arguments.days or "90"
    if not days.isdigit() or len(days) > 5:
        raise UserError(_("--days is a number of days, not {text}.").format(text=days))
    with opened(session) as database:
        from sfa.server import people
        from sfa.server.floor import trim as cut
        from sfa.server.office import Office

        office = Office(database, beside(address(session)))
        removed = {stream.name: cut(office, stream.number, int(days)) for stream in people.streams(database)}
    note = _("{count} rows were removed from the logs.").format(count=sum(removed.values()))
    return Answer(removed, (), note)


def _table(titles: Iterable[str], rows: list[list[str]]) -> Iterable[Block]:
    return [Table([Column(title) for title in titles], rows)] if rows else []


def roles() -> Iterable[str]:
    """What a member of a stream may be."""
    return ("reader", "writer", "manager")


USER = Argument("user_name", N_("The name that the user logs in with"), "USER")
STDIN = Argument("--password-stdin", N_("Read the password from stdin instead of asking for it"))
ROLE = N_("What the user may do: read, write, or also manage others' conflicts")

COMMANDS = (
    Command(
        "admin user add",
        N_("Let somebody log in"),
        user_add,
        (
            USER,
            Argument("--name", N_("The user's full name"), "NAME"),
            Argument("--email", N_("The user's e-mail address"), "EMAIL"),
            Argument("--territory", N_("Where the user's customers are, by name"), "TERRITORY"),
            Argument("--role", N_("What the user may do there, or (without a territory) in what all share"), "ROLE",
                     values=roles, strict=True),
            STDIN,
            DATABASE,
        ),
        ('sfa admin user add rita --name "Rita Rep" --territory North',),
        N_("Asks for the password twice. The first user is the manager of what all share."),
        makes_book=True,
    ),
    Command("admin user list", N_("List who may log in"), user_list, (DATABASE,), ("sfa admin user list --json",)),
    Command(
        "admin user disable", N_("Lock a user out, with all laptops"), user_disable, (USER, DATABASE),
        ("sfa admin user disable rita",), N_("What the user did stays."),
    ),
    Command(
        "admin user enable", N_("Let a locked out user in again"), user_enable, (USER, DATABASE),
        ("sfa admin user enable rita",),
    ),
    Command(
        "admin user password", N_("Give a user another password"), user_password, (USER, STDIN, DATABASE),
        ("sfa admin user password rita",),
    ),
    Command(
        "admin device list", N_("List the laptops that are enrolled"), device_list,
        (Argument("--of", N_("Only this user's"), "USER"), DATABASE), ("sfa admin device list --of rita",),
    ),
    Command(
        "admin device revoke", N_("Lock a laptop out, and every copy of it"), device_revoke,
        (Argument("device", N_("The laptop's id, or its beginning"), "ID"), DATABASE),
        ("sfa admin device revoke 01a1b2c3",),
        N_("It gets nothing any more, and its book locks at the next contact."),
    ),
    Command(
        "admin device unlock", N_("Print the key that opens a laptop's locked book"), device_unlock,
        (Argument("device", N_("The laptop's id, or its beginning"), "ID"), DATABASE),
        ("sfa admin device unlock 01a1b2c3",),
        N_("The book opens again, with all that was never sent; it joins head office by “sfa login”."),
    ),
    Command(
        "admin stream add", N_("Add a territory"), stream_add,
        (Argument("stream_name", N_("The territory's name"), "NAME"), DATABASE), ("sfa admin stream add North",),
        makes_book=True,
    ),
    Command(
        "admin stream list", N_("List the streams: what all share, territories, everybody's own"), stream_list,
        (DATABASE,), ("sfa admin stream list",),
    ),
    Command(
        "admin stream member", N_("Say what a user may see and do"), stream_member,
        (
            USER,
            Argument("stream", N_("The territory, by name or number; 1 is what all share"), "STREAM"),
            Argument("role", ROLE, "ROLE", "?", values=roles, strict=True),
            Argument("--remove", N_("The user no longer sees it; the records leave the laptop")),
            Argument("--home", N_("What the user adds goes there where nothing else says where")),
            DATABASE,
        ),
        ("sfa admin stream member rita North manager", "sfa admin stream member rita North --remove"),
    ),
    *feed.ADMIN,
    Command(
        "admin backup", N_("Copy head office to a new file while it works, and check the copy"), backup,
        (Argument("file", N_("The new file"), "FILE", values=files), DATABASE),
        ("sfa admin backup office-2026-11-27.db",),
        N_("The copy is an SQLite file that “sfa serve --database FILE” opens, whatever head office is on."),
    ),
    Command(
        "admin trim", N_("Remove old rows from the logs of large streams"), trim,
        (Argument("--days", N_("How many days stay; 90 by default"), "DAYS"), DATABASE),
        ("sfa admin trim --days 90",),
        N_("Only what a snapshot holds too. A laptop that was away for longer starts from that; nothing is lost."),
    ),
)  # fmt: skip
