"""What is done to records from any place, with one key each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sfa import locales, quickdates
from sfa.i18n import _
from sfa.models import KINDS
from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt

if TYPE_CHECKING:
    from sfa.app import SfaApp


def named(sfa: SfaApp, kind: str, ids: Sequence[str]) -> str:
    """The record's name, or how many there are."""
    if len(ids) == 1:
        return sfa.book.get(kind, ids[0]).heading
    return _("{count} {kind}").format(count=len(ids), kind=_(KINDS[kind].plural).lower())


def delete(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Marks the records as deleted; undo brings them back, so nothing is asked but how much of a series is meant."""
    if kind == "activity" and len(ids) == 1 and sfa.book.get(kind, ids[0]).values.get("rrule"):
        from sfa.screens.repeating import delete_series

        delete_series(sfa, ids[0])
        return
    delete_all(sfa, kind, ids)


def delete_all(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Marks the records as deleted."""
    title = _("Deleted {name}").format(name=named(sfa, kind, ids))

    def work() -> None:
        from sfa.sales import edit

        with sfa.book.change(title, "screen") as change:
            edit.delete(change, kind, ids)

    sfa.perform(work)


def finish(sfa: SfaApp, ids: Sequence[str]) -> None:
    """Marks activities as done."""

    def work() -> object:
        from sfa.sales import calls

        return calls.complete(sfa.book, ids, origin="screen")

    sfa.perform(work)


def local_now() -> datetime:
    """The time on the laptop's wall."""
    return locales.to_local(locales.now(), locales.zone()).replace(tzinfo=ZoneInfo(locales.zone()))


def echo_date(text: str) -> str:
    """What a quick date means, in full; raises why it cannot be understood."""
    return quickdates.parse(text, local_now(), locales.current()).echo(locales.current())


def snooze(sfa: SfaApp, ids: Sequence[str]) -> None:
    """Asks for another day and moves the activities there; says how often that was done before."""

    def taken(text: str | None) -> None:
        if text is not None:
            put_off(sfa, ids, text)

    heading = _("Put off {name} until").format(name=named(sfa, "activity", ids))
    if len(ids) == 1 and (count := sfa.book.get("activity", ids[0]).values.get("put_off")):
        heading = _("{heading} · put off {count}× so far").format(heading=heading, count=count)
    sfa.push_screen(Prompt(heading, example=_("tomorrow, fri 10, +1w"), echo=echo_date), taken)


def put_off(sfa: SfaApp, ids: Sequence[str], text: str) -> None:
    """Moves activities to when ``text`` says; of a series only the time that waits."""
    when = quickdates.parse(text, local_now(), locales.current())

    def work() -> object:
        from sfa.sales import calls

        return calls.reschedule(sfa.book, ids, when, origin="screen")

    sfa.perform(work)


def move(sfa: SfaApp, ids: Sequence[str]) -> None:
    """Asks for the stage and moves the deals there."""
    from sfa.sales import pipeline

    deal = sfa.book.get("opportunity", ids[0])
    stages = pipeline.stages(sfa.book, deal.values["pipeline"])
    options = [
        Option(stage.id, f"{number}  {stage.name}", f"{stage.probability} %") for number, stage in enumerate(stages, 1)
    ]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            to_stage(sfa, ids, chosen[0])

    heading = _("Move {name} to").format(name=named(sfa, "opportunity", ids))
    sfa.push_screen(Picker(heading, options, at=deal.values["stage"]), taken)


def to_stage(sfa: SfaApp, ids: Sequence[str], stage_id: str) -> None:
    """Moves deals to a stage; a lost stage asks for the reason first."""
    from sfa.sales import pipeline
    from sfa.screens import closing

    stage = sfa.book.get("stage", stage_id)
    if stage.values["type"] == "Lost":
        closing.lost(sfa, "opportunity", ids)
    elif stage.values["type"] == "Won" and len(ids) == 1:
        closing.won(sfa, "opportunity", ids)
    else:
        sfa.perform(lambda: pipeline.move(sfa.book, ids, stage_id, origin="screen"))
