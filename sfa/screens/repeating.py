"""How much of a series is meant: one time, it and all that follow, or all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models.times import show_moment
from sfa.screens.deeds import delete_all
from sfa.screens.picker import Option, Picker

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.models import Record
    from sfa.sales.series import Scope

SCOPES: tuple[tuple[Scope, str], ...] = (
    ("this", N_("Only {moment}")),
    ("following", N_("{moment} and all that follow")),
    ("all", N_("All of the series")),
)


def ask_scope(sfa: SfaApp, heading: str, series: Record, then: Callable[[Scope], None], *, rule: bool = False) -> None:
    """Asks how much of a series a change is for; with ``rule`` it cannot be for a single time."""
    moment = show_moment(series.values["start"], current())
    offered = [(scope, title) for scope, title in SCOPES if not (rule and scope == "this")]

    def taken(chosen: list[str] | None) -> None:
        for scope, _title in offered:
            if chosen == [scope]:
                then(scope)

    sfa.push_screen(Picker(heading, [Option(scope, _(title).format(moment=moment)) for scope, title in offered]), taken)


def delete_series(sfa: SfaApp, series_id: str) -> None:
    """Leaves out the time that waits, ends the series there, or deletes all of it that was not done."""
    series = sfa.book.get("activity", series_id)

    def deed(scope: Scope) -> None:
        from sfa.sales import series as deeds

        if scope == "this":
            sfa.perform(lambda: deeds.skip(sfa.book, series_id, None, "screen"))
        elif scope == "following":
            sfa.perform(lambda: deeds.stop(sfa.book, series_id, "screen"))
        else:
            delete_all(sfa, "activity", [series_id])

    ask_scope(sfa, _("Delete of {name}").format(name=series.heading), series, deed)
