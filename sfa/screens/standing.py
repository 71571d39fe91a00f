"""How a record stands: its next step, or how it ended; in words with a glyph, never by colour alone."""

from __future__ import annotations

from typing import NamedTuple

from sfa import locales
from sfa.actions import keys_of
from sfa.i18n import _
from sfa.models import Record
from sfa.models.times import local_day
from sfa.sales import timeline
from sfa.sales.pipeline import next_step_state
from sfa.screens.moments import briefly, in_full
from sfa.store.book import Book
from sfa.widgets.cards import NEXT_STEPS

TONES = {"overdue": "bad", "none": "bad"}


class Standing(NamedTuple):
    """A line on how a record stands; ``activity`` is the id of the next step in it."""

    text: str
    tone: str = "plain"
    activity: str = ""


def standing(book: Book, record: Record) -> Standing:
    """How ``record`` stands now."""
    if deleted := record.values.get("deleted_at"):
        text = _("✗ Deleted on {day} – {history} shows the history, Enter there brings it back")
        return Standing(text.format(day=briefly(local_day(deleted)), history=keys_of("history")[0]), "bad")
    if record.kind == "activity":
        return _of_activity(book, record)
    if record.kind not in timeline.PARTIES:
        return Standing("")
    return _ended(book, record) or _next(book, record)


def planned(moment: str | None) -> tuple[str, str]:
    """The state of what is planned for ``moment``, a key of ``NEXT_STEPS``, and its glyph and word."""
    state = next_step_state(moment, locales.today(), locales.now()) if moment else "planned"
    glyph, word = NEXT_STEPS[state]
    return state, f"{glyph} {_(word)}"


def _next(book: Book, record: Record) -> Standing:
    step = timeline.next_step(book, record.kind, record.id)
    if step is None:
        text = _("{glyph} No next step – {call} logs a call, {new} plans one").format(
            glyph=NEXT_STEPS["none"][0], call=keys_of("log_call")[0], new=keys_of("new")[0]
        )
        return Standing(text, TONES["none"])
    state, shown = planned(step.when)
    who = step.who if record.kind in ("account", "opportunity") else ""
    parts = (f"{shown}: {step.title}", in_full(step.when) if step.when else "", who)
    return Standing(" · ".join(filter(None, parts)), TONES.get(state, "plain"), step.id)


def _ended(book: Book, record: Record) -> Standing | None:
    """How a deal was closed or a lead settled; None for one that is open."""
    values = record.values
    if closed := values.get("closed_at"):
        stage = book.find("stage", values["stage"])
        won = stage is not None and stage.values["type"] == "Won"
        reason = book.find("loss_reason", values.get("loss_reason", ""))
        day = in_full(values.get("close_date") or closed)
        text = _("✓ Won on {day}") if won else _("✗ Lost on {day}")
        return Standing(
            " – ".join([text.format(day=day), *([reason.heading] if reason else [])]), "good" if won else "plain"
        )
    if converted := values.get("converted_at"):
        return Standing(_("✓ Converted on {day}").format(day=in_full(local_day(converted))), "good")
    if reason := values.get("disqualify_reason"):
        return Standing(_("✗ Disqualified: {reason}").format(reason=reason))
    return None


def _of_activity(book: Book, record: Record) -> Standing:
    values = record.values
    outcome = book.find("call_outcome", values.get("outcome", ""))
    if done := values.get("completed_at"):
        told = _("✓ Done {when}").format(when=in_full(values.get("start") or done))
        return Standing(" · ".join([told, *([outcome.heading] if outcome else [])]), "good")
    state, shown = planned(values.get("start"))
    when = in_full(values["start"]) if values.get("start") else _("without a time")
    return Standing(f"{shown} · {when}", TONES.get(state, "plain"), record.id)
