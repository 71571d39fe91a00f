"""Why an action cannot be done now: pressing its key says so, instead of nothing happening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode


class Explained:
    """A screen or widget that can refuse actions. Put it first among the bases: ``class Lists(Explained, Screen)``."""

    def why_not(self, action_id: str) -> str | None:  # noqa: ARG002 - whoever refuses something overrides it
        """Why the action cannot be done now, as a sentence; None if it can be."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's names
        """What Textual asks: a refused action stays in the key bar, dimmed."""
        return None if self.why_not(action) else True


class ExplainingApp(App[None]):
    """An app that shows the reason of an ``Explained`` node as a toast when a refused key is pressed."""

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        if await super().run_action(action, default_namespace, namespaces):
            return True
        node: Any = default_namespace
        if isinstance(action, str) and isinstance(node, Explained):
            name = action.partition("(")[0].rpartition(".")[2]
            if reason := node.why_not(name):
                self.notify(reason, severity="warning", markup=False)
                return True
        return False
