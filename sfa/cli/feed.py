"""Calendar feeds of head office: the address at which other calendars subscribe to a rep's activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, UsageError
from sfa.cli.headoffice import DATABASE, opened
from sfa.cli.layout import Column, Line, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def feed(session: Session) -> Answer:
    from sfa.models.times import show_moment
    from sfa.sync import feed as feeds

    arguments = session.arguments
    if arguments.renew and arguments.revoke:
        raise UsageError(_("Either --renew or --revoke."))
    known = feeds.look(session.book)
    if arguments.revoke:
        feeds.end(session.book)
        note = _("The feed has ended: its address leads nowhere any more.") if known else _("There was no feed.")
        return Answer({"url": None}, [], note)
    if known and not arguments.renew:
        from sfa.locales import current

        locale = current()
        made, read = show_moment(known.created_at, locale), known.read_at and show_moment(known.read_at, locale)
        lines = [_("There is a feed since {moment}.").format(moment=made)]
        lines.append(_("It was last read {moment}.").format(moment=read) if read else _("Nobody has read it yet."))
        lines.append(_("Its address was shown once. --renew makes another, --revoke ends it."))
        data = {"url": None, "created_at": known.created_at, "read_at": known.read_at}
        return Answer(data, [Line(line) for line in lines])
    url = feeds.begin(session.book)
    note = _("Subscribe to this address in your calendar. It is shown this once: who has it can read your activities.")
    return Answer({"url": url}, [Line(url)], note)


def admin_list(session: Session) -> Answer:
    from sfa.server import people

    with opened(session) as database:
        feeds = people.feeds(database)
    titles = (_("User"), _("Laptop"), _("Since"), _("Read"))
    rows = [[feed.user, feed.device, feed.created_at, feed.read_at or ""] for feed in feeds]
    return Answer([feed._asdict() for feed in feeds], [Table(list(map(Column, titles)), rows)] if rows else [])


def admin_revoke(session: Session) -> Answer:
    from sfa.server import people

    name = session.arguments.user_name
    with opened(session) as database:
        people.revoke_feed(database, name)
    return Answer({"user": name}, [], _("The feed of {name} has ended.").format(name=name))


ADMIN = (
    Command("admin feed list", N_("List the calendar feeds"), admin_list, (DATABASE,), ("sfa admin feed list --json",)),
    Command(
        "admin feed revoke",
        N_("End a user's calendar feed"),
        admin_revoke,
        (Argument("user_name", N_("The name that the user logs in with"), "USER"), DATABASE),
        ("sfa admin feed revoke rita",),
        N_("The user can make another. Locking out the user or the laptop ends it too."),
    ),
)
COMMANDS = (
    Command(
        "calendar feed",
        N_("Show the address at which calendars subscribe to your activities"),
        feed,
        (
            Argument("--renew", N_("Make another address; the one of before ends")),
            Argument("--revoke", N_("End the feed")),
        ),
        ("sfa calendar feed", "sfa calendar feed --renew", "sfa calendar feed --revoke"),
        N_("Head office keeps it: what is open, and the last 90 days. It ends with this laptop's login."),
    ),
)
