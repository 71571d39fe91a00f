"""Reports: figures over the whole book."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command
from sfa.cli.layout import Line
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def pipeline(session: Session) -> Answer:
    """Deals by stage, and open, won and lost in all."""
    from sfa.cli.figures import stage_data, stage_table, total_data
    from sfa.locales import current
    from sfa.sales.pipeline import report

    name = session.arguments.pipeline
    found = report(session.book, session.lookup.resolve("pipeline", name) if name else None)
    data = {
        "stages": [stage_data(entry) for entry in found.stages],
        "open": total_data(found.open),
        "won": total_data(found.won),
        "lost": total_data(found.lost),
        "without_account": found.without_account,
    }
    totals = [(_("Open"), found.open), (_("Won"), found.won), (_("Lost"), found.lost)]
    without = _("{count} deals without an account").format(count=current().number(found.without_account))
    return Answer(data, [stage_table(found.stages, totals), Line(""), Line(without)])


REPORTS: dict[str, Callable[[Session], Answer]] = {"pipeline": pipeline}


def names() -> Iterable[str]:
    """The reports that there are."""
    return REPORTS


COMMANDS = (
    Command(
        "report",
        N_("Print a report over the whole book"),
        lambda session: REPORTS[session.arguments.report](session),
        (
            Argument(
                "report",
                N_("pipeline: deals by stage with count, sum and weighted sum"),
                "NAME",
                values=names,
                strict=True,
            ),
            Argument("--pipeline", N_("Only this pipeline"), "NAME"),
        ),
        ("sfa report pipeline", "sfa report pipeline --json"),
    ),
)
