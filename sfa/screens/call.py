"""Logging a call: what was said, how it ended, what comes next. Six keys at most besides the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from sfa import locales, quickdates
from sfa.actions import bindings
from sfa.errors import UserError
from sfa.i18n import N_, _
from sfa.quickdates import QuickDate
from sfa.sales import calls
from sfa.screens.callee import Callee, callee, is_open, show_planned
from sfa.screens.deeds import local_now
from sfa.screens.draft import Typed
from sfa.screens.picker import Option, Picker
from sfa.screens.timing import TimedScreen
from sfa.screens.today import TodayScreen
from sfa.widgets.choicegrid import ChoiceGrid, GridChoice
from sfa.widgets.editors import LineEditor, TextEditor
from sfa.widgets.sections import SectionList
from sfa.widgets.whoblock import WhoBlock

if TYPE_CHECKING:
    from sfa.app import SfaApp

FEWEST, MOST = 2, 8
"""Lines of the note."""
FRAME, AIR = 5, 4
"""Lines of the dialog for border, next step, echo and hint; lines that stay empty."""
SHORT = 23
"""Below this height the dialog does without air."""
NOBODY = "nobody"


def log_call(sfa: SfaApp, kind: str, record_id: str) -> None:
    """Asks who was called where the record leaves it open, then for the call."""
    found = callee(sfa.book, kind, record_id)

    def called(person: str | None) -> None:
        sfa.push_screen(CallScreen(sfa, kind, record_id, person))

    if is_open(found):
        ask_person(sfa, found, called)
    else:
        called(None)


def ask_person(sfa: SfaApp, found: Callee, called: Callable[[str], None]) -> None:
    """Asks which of several people was called; ``called`` gets the contact's id, empty for nobody in particular."""
    options = [
        Option(person.id, " · ".join(filter(None, (person.name, person.title or person.role))), person.phone)
        for person in found.people
    ]
    options.append(Option(NOBODY, _("nobody in particular")))

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            called("" if chosen[0] == NOBODY else chosen[0])

    sfa.push_screen(Picker(_("Who was called?"), options), taken)


class CallScreen(TimedScreen):
    """The call that was made from a record. What was typed and not saved is kept for the next time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("form"),
        *bindings("call"),
        Binding("escape", "leave", _("Leave"), id="back"),
        Binding("f1", "app.help", _("Help"), id="help"),
    ]
    CSS_PATH = ["dialogs.tcss", "call.tcss"]
    AUTO_FOCUS = ""
    help = N_(
        "Write what was said, Tab, one key for how it ended, then the next step as you would say it: fri 10, +2d, "
        "tomorrow 14:00 call. Ctrl+S saves from anywhere; Shift+Tab from the note goes to the person and the number. "
        "Ctrl+T starts and stops the time of the call, which stands above."
    )

    def __init__(self, sfa: SfaApp, kind: str, record_id: str, person: str | None = None) -> None:
        super().__init__()
        self.sfa, self.book, self.kind, self.record_id = sfa, sfa.book, kind, record_id
        self.callee = callee(self.book, kind, record_id, person)
        self.completes = self.callee.due
        self.running = sfa.ringing.call_with(self.callee.targets, self.callee.name) if sfa.ringing else None
        outcomes = self.book.records("call_outcome", "coalesce(is_active, 1) = 1")
        self.outcomes = sorted(outcomes, key=lambda outcome: outcome.values.get("position") or 0)
        self.texts = {"note": "", "next": "", "outcome": ""}
        self.next: QuickDate | None = None
        self.problem = ""  # why the next step cannot be taken
        self.suggested = ""
        self.saving = self.saved = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = _("Log a call")
            yield WhoBlock(id="who")
            yield TextEditor(self, placeholder=_("What was said?"), id="note")
            choices = [GridChoice(outcome.id, _(outcome.heading)) for outcome in self.outcomes]
            yield ChoiceGrid(choices, self.take_outcome, id="outcome")
            yield LineEditor(self, placeholder=_("Next: fri 10, +2d, tomorrow 14:00 call"), id="next")
            yield Static("", id="echo", classes="dialog-echo", markup=False)
            hint = _("Tab goes on · Ctrl+S saves · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        typed = self.sfa.drafts.pop(self._key, None)
        if typed:
            self.texts |= typed.texts
            self.query_one("#note", TextEditor).load(self.texts["note"])
            self.query_one("#next", LineEditor).load(self.texts["next"])
            if self.texts["outcome"]:
                self.query_one(ChoiceGrid).choose(self.texts["outcome"])
        self.show_who()
        self.judge()
        self.set_interval(1, self.tell_time)
        self.tell_time()
        self.set_focus(self.query_one("#note"))

    def on_resize(self) -> None:
        """Gives the note the lines that the rest leaves."""
        height = self.size.height
        grid, who = self.query_one(ChoiceGrid), self.query_one(WhoBlock)
        self.set_class(height < SHORT, "short")
        grid.styles.height = grid.rows
        lines = 2 + bool(self.callee.planned)
        who.styles.height = lines
        rest = height - FRAME - lines - grid.rows - (0 if height < SHORT else AIR)
        self.query_one("#note").styles.height = max(FEWEST, min(rest, MOST))

    @property
    def _key(self) -> str:
        return f"call {sorted(self.callee.targets.items())}"

    # Who

    def show_who(self) -> None:
        """Shows person, number and planned call."""
        found = self.callee
        others = ", ".join(f"{phone['value']} ({phone['label']})" for phone in found.phones[1:])
        number = f"{found.number}  {others}" if others else found.number
        self.query_one(WhoBlock).show(found.name, found.detail, number, self._planned(), found.warning)

    def _planned(self) -> str:
        if self.callee.planned is None:
            return ""
        what = show_planned(self.callee.planned)
        told = _("✓ this is {call}") if self.completes else _("○ still planned: {call}")
        return told.format(call=what)

    @on(WhoBlock.Asked)
    def asked(self, event: WhoBlock.Asked) -> None:
        """Another person, the number to the clipboard, or whether the planned call is done by this one."""
        if event.what == "copy" and self.callee.number:
            self.app.copy_to_clipboard(self.callee.number)
            self.sfa.tell(_("Copied {number}").format(number=self.callee.number))
        elif event.what == "switch" and self.callee.planned:
            self.completes = not self.completes
            self.show_who()
        elif event.what == "person" and len(self.callee.people) > 1:
            ask_person(self.sfa, self.callee, self.call_another)
        elif event.what == "person":
            self.sfa.tell(_("There is nobody else to choose from."))

    def call_another(self, person: str) -> None:
        """Another person was called."""
        self.callee = callee(self.book, self.kind, self.record_id, person)
        self.completes = self.callee.due
        self.on_resize()
        self.show_who()
        self.set_focus(self.query_one("#note"))

    # What is typed: the editors' owner

    @property
    def focus_holder(self) -> Widget:
        return self.focused or self

    def accept(self) -> bool:
        return False

    def leave(self, key: str) -> None:
        """The arrows and Tab go from part to part; Enter in the last one saves."""
        parts: list[Widget] = [self.query_one(name) for name in ("#who", "#note", "#outcome", "#next")]
        at = parts.index(self.focus_holder)
        if key == "enter":
            self.action_save()
        else:
            step = 1 if key in ("tab", "down", "pagedown") else -1
            self.set_focus(parts[max(0, min(at + step, len(parts) - 1))])

    def edited(self, editor: Widget, text: str) -> None:
        self.texts[editor.id or ""] = text
        if editor.id == "next":
            self.judge()

    def take_outcome(self, outcome_id: str) -> None:
        """Goes on to the next step, which the outcome suggests unless another was typed."""
        self.texts["outcome"] = outcome_id
        editor = self.query_one("#next", LineEditor)
        if self.texts["next"] == self.suggested:
            self.suggested = self.texts["next"] = calls.suggest_next(self.book, outcome_id)
            editor.load(self.suggested, select=True)
        self.set_focus(editor)
        self.judge()

    def judge(self) -> None:
        """Says in full what the next step means, or why it cannot be taken."""
        text, self.next, self.problem = self.texts["next"], None, ""
        told = _("no next step")
        if text.strip():
            try:
                self.next = quickdates.parse(text, local_now(), locales.current())
                told = "→ " + self._with_type(self.next).echo(locales.current())
            except (UserError, ValueError) as error:
                self.problem = str(error)
                told = f"! {error}"
        echo = self.query_one("#echo", Static)
        echo.set_class(bool(self.problem), "bad")
        echo.set_class(not text.strip(), "none")
        echo.update(told)

    def _with_type(self, next: QuickDate) -> QuickDate:
        """The next step with its type, which is the outcome's where the text names none."""
        outcome = next_type = None
        if self.texts["outcome"]:
            outcome = self.book.get("call_outcome", self.texts["outcome"])
            next_type = outcome.values.get("next_type")
        return next._replace(kind=next.kind or next_type or "call")

    # Leaving and saving

    def action_leave(self) -> None:
        self.dismiss()

    def on_unmount(self) -> None:
        """Keeps what was typed and not saved."""
        if not self.saved and (self.texts["note"].strip() or self.texts["outcome"]):
            self.sfa.drafts[self._key] = Typed(dict(self.texts), {})
            self.sfa.tell(_("Not saved. The note is kept until you quit: log the call again."))

    def action_save(self) -> None:
        if self.problem:
            self.set_focus(self.query_one("#next"))
        elif not self.saving:
            self.saving = True
            at = self._place_in_list()
            self.sfa.perform(self.save, lambda: self.done(at), self.failed)

    def save(self) -> None:
        """Writes the call; in the writer's thread."""
        calls.log_call(
            self.book,
            self.callee.targets,
            self.texts["note"].strip(),
            self.texts["outcome"] or None,
            self.next,
            planned_activity=self.callee.planned.id if self.callee.planned and self.completes else None,
            duration=self.lasted,
            direction=self.direction,
            origin="screen",
        )

    def failed(self) -> None:
        self.saving = False

    def done(self, at: int | None) -> None:
        """Closes, and puts the cursor of Today on the next call."""
        self.saved = True
        if self.sfa.ringing:
            self.sfa.ringing.over(self.running)
        place = self.sfa.screen_stack[-2]
        self.dismiss()
        if at is None or not isinstance(place, TodayScreen):
            return
        place.reload()
        items = [item for section in place.sections for item in section.items]
        others = [index for index, item in enumerate(items) if item.type == "call"]
        if others:
            place.query_one("#body", SectionList).move_to(next((index for index in others if index >= at), others[0]))

    def _place_in_list(self) -> int | None:
        """Where Today's cursor is, if the call is made from there."""
        place = self.sfa.screen_stack[-2]
        return place.query_one("#body", SectionList).cursor if isinstance(place, TodayScreen) else None
