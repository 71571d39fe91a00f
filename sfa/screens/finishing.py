"""Finishing an activity and planning what comes next, in one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from sfa import locales, quickdates
from sfa.errors import SfaError
from sfa.i18n import _
from sfa.screens.deeds import echo_date, local_now
from sfa.widgets.typeahead import AnswerLine

if TYPE_CHECKING:
    from sfa.app import SfaApp


class Finished(NamedTuple):
    """What came of it, and what comes next as typed; either may be empty."""

    note: str
    next: str


class _Line(AnswerLine):
    """A line among several: what is typed before the focus has moved goes where it will be."""

    def on_key(self, event: events.Key) -> None:
        focused = self.screen.focused
        if focused is self or focused is None:
            super().on_key(event)
            return
        focused.post_message(events.Key(event.key, event.character))
        event.stop()
        event.prevent_default()


class FinishScreen(ModalScreen[Finished | None]):
    """Two lines: what came of it, and the next step, told in full while it is typed. None on Escape."""

    CSS_PATH = "dialogs.tcss"
    DEFAULT_CSS = "FinishScreen { align: center middle; }"

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.heading = heading
        self.good = True

    def compose(self) -> ComposeResult:
        to_next, to_note = self._going("#next"), self._going("#note")
        leave: dict[str, Callable[[], object]] = {"escape": lambda: self.dismiss(None), "ctrl+s": self.take}
        keys = {**leave, "enter": to_next, "tab": to_next, "down": to_next}
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            yield _Line(keys, self.judge, placeholder=_("What came of it?"), id="note")
            back = {**leave, "enter": self.take, "tab": to_note, "shift+tab": to_note, "up": to_note}
            example = _("Next: fri 10 call, +1w, empty for nothing")
            yield _Line(back, self.judge, placeholder=example, id="next")
            yield Static("", id="echo", classes="dialog-echo", markup=False)
            yield Static(_("Enter goes on and takes · Esc leaves"), classes="dialog-hint", markup=False)

    def _going(self, to: str) -> Callable[[], object]:
        return lambda: self.set_focus(self.query_one(to))

    def judge(self) -> None:
        """Says what the next step means, or why it cannot be taken."""
        text, line = self.query_one("#next", AnswerLine).value, self.query_one("#echo", Static)
        try:
            told, self.good = (echo_date(text) if text.strip() else ""), True
        except SfaError as error:
            told, self.good = f"! {error}", False
        line.set_class(not self.good, "bad")
        line.update(told)

    def take(self) -> None:
        """Answers with both lines, unless the next step cannot be taken."""
        if self.good:
            note, step = (self.query_one(id, AnswerLine).value.strip() for id in ("#note", "#next"))
            self.dismiss(Finished(note, step))


def finish_next(sfa: SfaApp, activity_id: str) -> None:
    """Asks what came of an activity and what comes next; both are one action with its end."""

    def taken(finished: Finished | None) -> None:
        if finished is None:
            return
        when = quickdates.parse(finished.next, local_now(), locales.current()) if finished.next else None

        def work() -> object:
            from sfa.sales import calls

            return calls.complete(sfa.book, [activity_id], when, "screen", note=finished.note)

        sfa.perform(work)

    heading = _("Finish {name}").format(name=sfa.book.get("activity", activity_id).heading)
    sfa.push_screen(FinishScreen(heading), taken)
