"""Every change of a record, or of the book: who, when, by which door, from what to what; any can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings
from sfa.i18n import N_, _
from sfa.models import KINDS
from sfa.screens import chronicle
from sfa.screens.place import Place
from sfa.store import journal
from sfa.store.journal import Action
from sfa.store.lookup import Lookup
from sfa.widgets.columns import Column
from sfa.widgets.fieldspane import FieldsPane
from sfa.widgets.keybar import KeyBar
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note
from sfa.widgets.table import Table
from sfa.widgets.timeline import Timeline

if TYPE_CHECKING:
    from sfa.app import SfaApp


class HistoryScreen(Place):
    """The history of one record, beginning at action ``at`` where given."""

    help = N_(
        "Every change of the record with its time, its author and the door it came by, newest first. "
        "Enter shows all of one and takes just that one back, as long as nothing later depends on it."
    )

    def __init__(self, kind: str, record_id: str, at: int | None = None) -> None:
        super().__init__()
        self.of, self.at = (kind, record_id), at

    def body(self) -> Iterable[Widget]:
        yield Timeline(id="body", empty=_("Nothing has changed yet."))

    def reload(self) -> None:
        book, body = self.sfa.book, self.query_one("#body", Timeline)
        life = chronicle.Life(book, *self.of)
        body.show(life, keep_cursor=True)
        numbers = [action.number for action in life.actions]
        if self.at in numbers:
            body.move_to(numbers.index(self.at))
            self.at = None
        record, label = book.find(*self.of), _(KINDS[self.of[0]].label)
        name = record.heading if record else _("no longer in the book")
        steps = _("{count} changes").format(count=life.count) if life.count != 1 else _("1 change")
        self.tell(f"{_('History')} · {label} {name} · {steps}", self.sfa.banner)

    @on(Opened, "#body")
    def show_action(self, event: Opened) -> None:
        show_action(self.sfa, event.id)


class ActionTable(Table, inherit_bindings=False):
    """A table in which nothing is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("timeline")]


class LogScreen(Place):
    """All that was done in the book."""

    help = N_(
        "Everything that was done in the book, newest first: on screen, by command, by import. "
        "Enter shows all of one action and takes just that one back, as long as nothing later depends on it."
    )

    def body(self) -> Iterable[Widget]:
        columns = (
            Column("when", _("When"), 21, weight=0),
            Column("what", _("What"), 36, weight=1),
            Column("who", _("Who"), 16, weight=0, rank=1),
            Column("door", _("How"), 10, weight=0, rank=2),
        )
        yield ActionTable(columns, id="body")

    def reload(self) -> None:
        log, body = chronicle.Log(self.sfa.book), self.query_one("#body", Table)
        body.show(log, keep_id=body.cursor_id)
        count = _("{count} actions").format(count=locales.current().number(log.count))
        self.tell(f"{_('Log of the book')} · {count}", self.sfa.banner)

    @on(Opened, "#body")
    def show_action(self, event: Opened) -> None:
        show_action(self.sfa, event.id)


def show_action(sfa: SfaApp, number: str) -> None:
    """Shows all that one action changed."""
    sfa.push_screen(ActionScreen(journal.action(sfa.book, int(number))))


class ActionScreen(ModalScreen[None]):
    """All that one action changed, and the offer to take just this back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,u", "take_back", _("Take just this back")),
        Binding("escape", "app.pop_screen", _("Leave")),
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
    ]
    CSS_PATH = ["dialogs.tcss", "history.tcss"]

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Note(chronicle.title(self.action), classes="dialog-title")
            yield Note(chronicle.signature(self.action, Lookup(self.sfa.book)), classes="dialog-hint")
            changes = FieldsPane(id="changes", empty=_("It changed nothing that is shown."))
            changes.can_focus = False  # Enter is for taking back
            yield changes
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#changes", FieldsPane).show(chronicle.whole(self.sfa.book, self.action))

    def action_step(self, lines: int) -> None:
        changes = self.query_one("#changes", FieldsPane)
        changes.move_to(changes.view.cursor + lines)

    def action_take_back(self) -> None:
        """Undoes this action alone; where that cannot be, the reason is told."""
        self.app.pop_screen()
        take_back(self.sfa, self.action)


def take_back(sfa: SfaApp, action: Action) -> None:
    """Undoes one action of the log, if nothing that came later depends on it; else says what does."""
    from sfa.store import undo

    told = _("Undone: {title} · U redo").format(title=action.title)
    sfa.perform(lambda: undo.undo(sfa.book, action, origin="screen"), lambda: sfa.tell(told))
