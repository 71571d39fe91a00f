"""The time of a call, in the form in which the call is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from sfa.i18n import _
from sfa.screens.runningcall import RunningCall

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.screens.callee import Callee


class TimedScreen(ModalScreen[None]):
    """A form about a call with ``callee``; ``running`` is None where nobody times it."""

    sfa: SfaApp
    callee: Callee
    running: RunningCall | None

    @property
    def lasted(self) -> int | None:
        """How long the call lasted, in seconds."""
        return (self.running.seconds or None) if self.running else None

    @property
    def direction(self) -> str:
        return "Inbound" if self.running and self.running.inbound else "Outbound"

    def tell_time(self) -> None:
        """Says how long the call has lasted, if it is timed."""
        if self.running:
            keys = _("Ctrl+T stops") if self.running.runs else _("Ctrl+T goes on")
            self.query_one(".dialog").border_subtitle = f"{self.running.told()} · {keys}"

    def action_time(self) -> None:
        """Starts the time of the call, stops it, or has it run on."""
        if self.running:
            self.running.switch()
        elif self.sfa.ringing:
            self.running = self.sfa.ringing.begin(RunningCall(self.callee.targets, self.callee.name))
        self.tell_time()
