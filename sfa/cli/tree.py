"""All commands, in the groups that help shows them in."""

from __future__ import annotations

from sfa.cli import (
    admin,
    agenda,
    book,
    calls,
    completion,
    deals,
    demo,
    duplicates,
    exchange,
    forecast,
    goals,
    history,
    home,
    inbox,
    lists,
    plans,
    records,
    reminders,
    remotes,
    reports,
    review,
    scores,
    series,
    serve,
    sync,
    telephone,
    watch,
)
from sfa.cli.command import Command, Group, UsageError
from sfa.i18n import N_, _

HOME = home.HOME
GROUPS = (
    Group(
        N_("The day"),
        (
            *home.COMMANDS,
            *agenda.COMMANDS,
            *calls.COMMANDS,
            *telephone.COMMANDS,
            *reminders.COMMANDS,
            *watch.COMMANDS,
            *series.COMMANDS,
            *plans.COMMANDS,
        ),
    ),
    Group(N_("Records"), (*records.COMMANDS, *lists.COMMANDS, *duplicates.COMMANDS)),
    Group(
        N_("Deals"),
        (*deals.COMMANDS, *review.COMMANDS, *forecast.COMMANDS, *scores.COMMANDS, *reports.COMMANDS, *goals.COMMANDS),
    ),
    Group(N_("History"), history.COMMANDS),
    Group(N_("In and out"), exchange.COMMANDS),
    Group(N_("Calendars and address books"), remotes.COMMANDS),
    Group(N_("The book"), (*book.COMMANDS, *demo.COMMANDS, *completion.COMMANDS)),
    Group(N_("Head office"), (*sync.COMMANDS, *inbox.COMMANDS)),
    Group(N_("Running head office"), (*serve.COMMANDS, *admin.COMMANDS)),
)


def commands() -> dict[str, Command]:
    """All commands by name; a name may have several words."""
    return {command.name: command for group in GROUPS for command in group.commands}


def find(name: str) -> Command:
    """The command called ``name``; raises ``UsageError`` with a near match."""
    known = commands()
    if name in known:
        return known[name]
    if longer := [other for other in known if other.startswith(f"{name} ")]:
        raise UsageError(
            _("More must follow {name}.").format(name=name), _("There is {names}.").format(names=", ".join(longer))
        )
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    hint = _("Did you mean {name}?").format(name=near[0]) if near else _("sfa --help lists them all.")
    raise UsageError(_("There is no command {name}.").format(name=name), hint)
