"""Choosing one thing, or several, from a short list: type to narrow, Enter takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from sfa.i18n import _
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.table import Table
from sfa.widgets.typeahead import AnswerLine


class Option(NamedTuple):
    """One thing to choose; ``hint`` stands at its right."""

    id: str
    label: str
    hint: str = ""


class Picker(ModalScreen[list[str] | None]):
    """Dismisses with the ids chosen, None on Escape. With ``several``, Space marks; marked at first are ``chosen``."""

    CSS_PATH = "dialogs.tcss"

    def __init__(
        self,
        heading: str,
        options: Sequence[Option],
        *,
        several: bool = False,
        chosen: Sequence[str] = (),
        at: str = "",
    ) -> None:
        super().__init__()
        self.heading, self.options, self.several = heading, options, several
        self.chosen = dict.fromkeys(chosen)
        self.at = at

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            yield AnswerLine(self._keys(), self._show, placeholder=_("type to narrow"), id="narrow")
            yield Table(
                [Column("label", "", 20, weight=3), Column("hint", "", 10, align="right", weight=1)],
                id="options",
                empty=_("Nothing is called that."),
            )
            hint = _("Space marks · Enter takes · Esc leaves") if self.several else _("Enter takes · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def _keys(self) -> dict[str, Callable[[], object]]:
        steps = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}
        keys: dict[str, Callable[[], object]] = {key: partial(self.step, lines) for key, lines in steps.items()}
        keys |= {"enter": self.take, "escape": self.cancel}
        return {**keys, "space": self.toggle} if self.several else keys

    def on_mount(self) -> None:
        table = self.query_one("#options", Table)
        table.can_focus = False
        table.styles.height = min(len(self.options), 14) + 1
        self._show(self.at)

    def _show(self, at: str = "") -> None:
        words = self.query_one("#narrow", AnswerLine).value.casefold().split()
        rows = [Row(option.id, (self._marked(option), option.hint)) for option in self.options
                if all(word in option.label.casefold() for word in words)]  # fmt: skip
        self.query_one("#options", Table).show(ListSource(rows), keep_id=at or None)

    def _marked(self, option: Option) -> str:
        if not self.several:
            return option.label
        return f"{'[x]' if option.id in self.chosen else '[ ]'} {option.label}"

    def toggle(self) -> None:
        """Marks or unmarks what is under the cursor, and goes on."""
        table = self.query_one("#options", Table)
        if (at := table.cursor_id) is None:
            return
        if at in self.chosen:
            del self.chosen[at]
        else:
            self.chosen[at] = None
        self._show(at)
        table.action_cursor_down()

    def step(self, lines: int) -> None:
        """Moves the cursor."""
        table = self.query_one("#options", Table)
        table.move_to(table.cursor + lines)

    @on(Opened, "#options")
    def take(self) -> None:
        """Answers with what is marked or under the cursor."""
        at = self.query_one("#options", Table).cursor_id
        if self.several:
            self.dismiss(list(self.chosen))
        elif at is not None:
            self.dismiss([at])

    def cancel(self) -> None:
        """Leaves without an answer."""
        self.dismiss(None)
