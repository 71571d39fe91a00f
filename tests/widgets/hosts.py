"""An app around one widget, which keeps what the widget tells and which lines it draws."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from sfa.widgets.lines import LineWidget
from sfa.widgets.reasons import ExplainingApp


class Host(ExplainingApp):
    """Shows ``widget`` and keeps the messages that reach the screen."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_mount(self) -> None:
        self.widgets[0].focus()


@asynccontextmanager
async def hosted(*widgets: Widget, size: tuple[int, int] = (80, 24)) -> Any:
    """The pilot of a running host, settled and with nothing told yet."""
    host = Host(*widgets)
    async with host.run_test(size=size, message_hook=_keeper(host)) as pilot:
        await pilot.pause()
        host.told.clear()
        yield pilot


def _keeper(host: Host) -> Any:
    def keep(message: Message) -> None:
        if type(message).__module__ == "sfa.widgets.messages" and message not in host.told:
            host.told.append(message)

    return keep


def told(pilot: Pilot[Any], kind: type[Message]) -> list[Any]:
    """The messages of a kind, oldest first."""
    assert isinstance(pilot.app, Host)
    return [message for message in pilot.app.told if isinstance(message, kind)]


def lines(widget: LineWidget) -> list[str]:
    """What the widget shows."""
    return [strip.text for strip in widget.render_lines(widget.size.region)]


@contextmanager
def drawing(widget: LineWidget) -> Iterator[list[int]]:
    """Collects the numbers of the lines that the widget draws."""
    drawn: list[int] = []
    draw = widget.render_line

    def watched(y: int) -> Any:
        drawn.append(y)
        return draw(y)

    widget.render_line = watched  # type: ignore[method-assign]
    try:
        yield drawn
    finally:
        del widget.render_line


@contextmanager
def layouts(widget: Widget) -> Iterator[list[bool]]:
    """Collects the layouts that the screen of ``widget`` does."""
    screen: Any = widget.screen
    done: list[bool] = []
    lay_out = screen._refresh_layout

    def watched(*args: Any, **kwargs: Any) -> None:
        done.append(True)
        lay_out(*args, **kwargs)

    screen._refresh_layout = watched
    try:
        yield done
    finally:
        del screen._refresh_layout


async def assert_escape_clears_marks_first(pilot: Pilot[Any]) -> None:
    """With something marked Escape is the widget's, then the screen's."""
    heard: list[str] = []
    app: Any = pilot.app
    app.screen._bindings.bind("escape", "app.heard", "Back")
    app.action_heard = lambda: heard.append("back")
    await pilot.press("space", "escape")
    assert not heard
    assert app.widgets[0].marked == 0
    await pilot.press("escape")
    assert heard == ["back"]
