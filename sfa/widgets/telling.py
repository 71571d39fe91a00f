"""What the program says in the corner, and how errors that nobody caught end: in one line, never in a traceback."""

from __future__ import annotations

from rich.text import Text
from textual.app import App
from textual.notifications import Notify
from textual.worker import Worker, WorkerState

from sfa.errors import SfaError
from sfa.failures import explain


class TellingApp(App[None]):
    """An app that tells one thing at a time."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Work in the background that failed: what is foreseen is told, what is not goes to the log as well."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and isinstance(error, Exception):
            self.notify(str(error) if isinstance(error, SfaError) else explain(error), severity="error", markup=False)

    def _fatal_error(self) -> None:
        """Textual's last word on an error that nobody caught: one line in place of a traceback."""
        if self._exception is not None:
            self._exit_renderables.append(Text(explain(self._exception)))
        self._close_messages_no_wait()

    def tell(self, text: str) -> None:
        """Says ``text`` in the corner for a moment."""
        self.notify(text, markup=False, timeout=4)

    def on_notify(self, event: Notify) -> None:
        """One thing is told at a time, for the last is how things stand; only what went wrong stays beside it."""
        for told in [*self._notifications]:
            if told.severity != "error" or told.message == event.notification.message:
                self._unnotify(told, refresh=False)

    def tell_error(self, error: SfaError) -> None:
        """Says why something was refused."""
        self.notify(str(error), severity="error", markup=False, timeout=8)
