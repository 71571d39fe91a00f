"""Everything that can be done in a place, to choose from: search, help and the menu are readings of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input

from sfa.actions import ACTIONS, Action, keys_of
from sfa.i18n import N_, _
from sfa.widgets.columns import Column
from sfa.widgets.inputline import InputLine
from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.note import Note
from sfa.widgets.pages import Row
from sfa.widgets.reasons import Explained
from sfa.widgets.sections import Section, SectionList

if TYPE_CHECKING:
    from sfa.app import SfaApp


class Command(NamedTuple):
    """An action that ``node`` would do now; ``reason`` says why not, where it would not."""

    action: Action
    node: DOMNode
    keys: tuple[str, ...]
    reason: str

    @property
    def title(self) -> str:
        return _(self.action.title)

    @property
    def help(self) -> str:
        return _(self.action.help)

    def matches(self, words: Iterable[str]) -> bool:
        """Whether each of ``words``, casefolded, is in its title, its help or is one of its keys."""
        text = f"{self.title} {self.help}".casefold()
        return all(word in text or word in map(str.casefold, self.keys) for word in words)


def commands(screen: Screen[Any], keymap: Mapping[str, Sequence[str]]) -> list[Command]:
    """What can be done on ``screen`` where its focus is: by the widget, by the screen, by the program."""
    chain = [node for node in (screen.focused or screen).ancestors_with_self if isinstance(node, DOMNode)]
    if screen.is_modal:
        chain = chain[: chain.index(screen) + 1]
    found = []
    for action in ACTIONS:
        node = next((node for node in chain if action.id in _offered(type(node))), None)
        state = node and node.check_action(action.id, ())
        if node is not None and state is not False:
            found.append(Command(action, node, keys_of(action.id, keymap), _reason(action, node)))
    return found


@cache
def _offered(node_type: type[DOMNode]) -> frozenset[str]:
    """The ids of the actions for which a class has keys."""
    bindings = (binding for base in node_type.__mro__ for binding in vars(base).get("BINDINGS", ()))
    return frozenset(binding.id for binding in bindings if isinstance(binding, Binding) and binding.id)


def _reason(action: Action, node: DOMNode) -> str:
    if action.call:
        return _("Press the key itself.")
    return (node.why_not(action.id) or "") if isinstance(node, Explained) else ""


async def run(sfa: SfaApp, command: Command) -> None:
    """Does it, or tells why not."""
    if command.reason:
        sfa.notify(command.reason, severity="warning", markup=False)
    else:
        await sfa.run_action(command.action.id, default_namespace=command.node)


class FinderInput(InputLine):
    """Answers in the key's own turn: input line and hits are painted together, once."""

    def watch_value(self, value: str) -> None:
        if self.is_mounted and isinstance(self.screen, Finder):
            self.screen.search(value)


class Finder(ModalScreen[None]):
    """A line to type into above a list that narrows. A subclass gives the ``sections`` and does what is taken."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
    ]
    DEFAULT_CSS = """
    Finder { align: center top; }
    Finder > Vertical {
        width: 90%; max-width: 110; height: 80%; margin-top: 1;
        border: round $primary; background: $surface; padding: 0 1;
    }
    Finder Input { background: $surface; }
    Finder SectionList { margin-top: 1; }
    """
    columns: tuple[Column, ...] = (Column("title", "", 20, weight=2), Column("subtitle", "", 20, weight=3))
    placeholder = ""
    empty = ""

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield from self.above()
            yield FinderInput(placeholder=self.placeholder, id="text", select_on_focus=False, compact=True)
            yield SectionList(self.columns, id="hits", empty=self.empty)
            yield from self.below()

    def above(self) -> Iterable[Widget]:
        """Widgets over the line."""
        return ()

    def below(self) -> Iterable[Widget]:
        """Widgets under the list."""
        return ()

    def on_mount(self) -> None:
        self.hits.can_focus = False
        self.search("")

    @property
    def hits(self) -> SectionList:
        return self.query_one("#hits", SectionList)

    def search(self, text: str) -> None:
        """Shows what ``text`` finds."""
        self.hits.show([*self.sections(text)], keep=False)

    def sections(self, text: str) -> Iterable[Section]:
        """What ``text`` finds; everything worth offering where it is empty."""
        raise NotImplementedError

    def action_step(self, lines: int) -> None:
        self.hits.move_to(self.hits.cursor + lines)

    @on(Input.Submitted, "#text")
    @on(Opened, "#hits")
    async def take(self) -> None:
        """Leaves, and does what is under the cursor."""
        if (chosen := self.hits.cursor_id) is not None:
            self.app.pop_screen()
            await self.choose(chosen)

    async def choose(self, id: str) -> None:
        """Does what the row ``id`` stands for; the place below is in view again."""
        raise NotImplementedError


class CommandsScreen(Finder):
    """Commands with keys and reasons; below, the whole sentence of the one under the cursor."""

    DEFAULT_CSS = """
    CommandsScreen > Vertical { height: 94%; margin-top: 0; }
    CommandsScreen .purpose { height: auto; max-height: 5; }
    CommandsScreen.-normal .purpose, CommandsScreen.-wide .purpose { margin-bottom: 1; }
    CommandsScreen.-narrow SectionList { margin-top: 0; }
    CommandsScreen #whole { height: 2; color: $text-muted; }
    CommandsScreen.-normal #whole, CommandsScreen.-wide #whole { margin-top: 1; }
    """
    columns = (
        Column("keys", "", 12, weight=0),
        Column("title", "", 12, weight=1),
        Column("help", "", 16, weight=5),
    )
    empty = N_("Nothing is called that.")

    def __init__(self, screen: Screen[Any], heading: str, purpose: str = "") -> None:
        super().__init__()
        self.of, self.heading, self.purpose = screen, heading, purpose
        self.offered: dict[str, Command] = {}

    def above(self) -> Iterable[Widget]:
        if self.purpose:
            yield Note(self.purpose, classes="purpose")

    def below(self) -> Iterable[Widget]:
        yield Note(id="whole")

    def on_mount(self) -> None:
        self.query_one(Vertical).border_title = self.heading
        self.offered = {command.action.id: command for command in commands(self.of, self.sfa.settings.keys)}

    def heading_of(self, command: Command) -> str:
        """The heading under which a command stands; empty for one that is left out."""
        raise NotImplementedError

    def sections(self, text: str) -> Iterable[Section]:
        words = text.casefold().split()
        rows: dict[str, list[Row]] = {}
        for id, command in sorted(self.offered.items(), key=lambda item: item[1].node is self.app):
            if (heading := self.heading_of(command)) and command.matches(words):
                rows.setdefault(heading, []).append(Row(id, _cells(command), dim=bool(command.reason)))
        return [Section(heading, group) for heading, group in rows.items()]

    @on(Highlighted, "#hits")
    def explain(self, event: Highlighted) -> None:
        command = self.offered.get(event.id or "")
        if command:
            self.query_one("#whole", Note).update(_told(command))

    async def choose(self, id: str) -> None:
        await run(self.sfa, self.offered[id])


def _cells(command: Command) -> tuple[str, str, str]:
    keys = " ".join(command.keys[:2]) if not command.action.call else f"{command.keys[0]} … {command.keys[-1]}"
    return keys, command.title, f"– {command.reason}" if command.reason else command.help


def _told(command: Command) -> str:
    return " ".join(
        filter(None, (command.help, command.reason and _("Not now: {reason}").format(reason=command.reason)))
    )
