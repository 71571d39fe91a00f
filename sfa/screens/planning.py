"""Applying a plan of steps to a record, and shifting or stopping the one under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa import locales, quickdates
from sfa.i18n import _
from sfa.screens.deeds import echo_date, local_now, named
from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt

if TYPE_CHECKING:
    from sfa.app import SfaApp


def open_plans(sfa: SfaApp, kind: str, record_id: str) -> None:
    """Offers what can be done with plans here."""
    from sfa.sales import plans

    running = [plan for plan in plans.under_way(sfa.book, kind, record_id) if plan.open]
    options = []
    for plan in running:
        told = _("{done} of {count} done").format(done=plan.done, count=plan.done + plan.open)
        options.append(Option(f"shift {plan.plan}", _("Shift {name} …").format(name=plan.name), told))
        options.append(Option(f"stop {plan.plan}", _("Stop {name}").format(name=plan.name), told))
    busy = {plan.plan for plan in running}
    for one in plans.plans(sfa.book):
        if one.id not in busy:
            count = len(plans.steps(sfa.book, one.id))
            hint = _("{count} steps").format(count=count)
            options.append(Option(f"apply {one.id}", _("Apply {name} …").format(name=one.heading), hint))
    if not options:
        sfa.tell(_("There is no plan yet: “sfa plan add” makes one, so does a (Activity plan, then its steps)."))
        return

    def taken(chosen: list[str] | None) -> None:
        if not chosen:
            return
        deed, _space, plan_id = chosen[0].partition(" ")
        if deed == "stop":
            sfa.perform(lambda: plans.stop(sfa.book, plan_id, kind, record_id, "screen"))
        else:
            _ask_day(sfa, deed, plan_id, kind, record_id)

    heading = _("Plans with {name}").format(name=named(sfa, kind, [record_id]))
    sfa.push_screen(Picker(heading, options), taken)


def _ask_day(sfa: SfaApp, deed: str, plan_id: str, kind: str, record_id: str) -> None:
    from sfa.sales import plans

    def taken(text: str | None) -> None:
        if text is None:
            return
        day = quickdates.parse(text, local_now(), locales.current()).date
        if deed == "apply":
            sfa.perform(lambda: plans.apply(sfa.book, plan_id, kind, record_id, day, "screen"))
        else:
            sfa.perform(lambda: plans.shift_to(sfa.book, plan_id, kind, record_id, day, "screen"))

    heading = _("The first day") if deed == "apply" else _("The day of the next step")
    sfa.push_screen(Prompt(heading, example=_("today, mon, +3d"), echo=echo_date), taken)
