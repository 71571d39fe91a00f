"""What head office refused: why, what it was, and setting it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from sfa.i18n import _
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sales import changes
from sfa.screens.correction import CorrectionScreen
from sfa.screens.moments import briefly
from sfa.screens.picker import Option, Picker
from sfa.store.lookup import Lookup
from sfa.sync import inbox
from sfa.sync.inbox import Rejected
from sfa.widgets.fieldspane import Fact, FieldsPane
from sfa.widgets.keybar import KeyBar
from sfa.widgets.note import Note

if TYPE_CHECKING:
    from sfa.app import SfaApp

TOLD = 30
"""Records of one action that are told one by one."""


class RefusalScreen(ModalScreen[None]):
    """One refused action, with all that it wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "correct", _("Set right and send again")),
        Binding("d", "discard", _("Discard")),
        Binding("escape", "app.pop_screen", _("Leave")),
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("pageup", "step(-10)", show=False),
        Binding("pagedown", "step(10)", show=False),
    ]
    CSS_PATH = "dialogs.tcss"
    DEFAULT_CSS = """
    RefusalScreen { align: center middle; }
    RefusalScreen .dialog { width: 90%; max-width: 100; }
    RefusalScreen Note { height: auto; max-height: 4; }
    RefusalScreen #reason { margin: 1 0; }
    RefusalScreen FieldsPane { height: auto; max-height: 45vh; }
    RefusalScreen KeyBar { dock: none; margin-top: 1; }
    """

    def __init__(self, refused: Rejected) -> None:
        super().__init__()
        self.refused = refused

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Note(self.refused.title, classes="dialog-title")
            yield Note(briefly(self.refused.at), classes="dialog-hint")
            reason = Note(id="reason")
            reason.update(_("Head office refused it: {reason}").format(reason=self.refused.reason), "bad")
            yield reason
            wanted = FieldsPane(id="changes", empty=_("It held no values."))
            wanted.can_focus = False  # Enter is for setting right
            yield wanted
            yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#changes", FieldsPane).show([*facts(self.sfa, self.refused)])

    def action_step(self, lines: int) -> None:
        wanted = self.query_one("#changes", FieldsPane)
        wanted.move_to(wanted.view.cursor + lines)

    def action_correct(self) -> None:
        self.app.pop_screen()
        correct(self.sfa, self.refused)

    def action_discard(self) -> None:
        self.app.pop_screen()
        discard(self.sfa, self.refused)


def facts(sfa: SfaApp, refused: Rejected) -> Iterator[Fact]:
    """What the action wanted, record by record; the field at fault is marked."""
    lookup = Lookup(sfa.book)
    for entry in refused.entries[:TOLD]:
        wanted = inbox.wanted(entry) if entry.op != "remove" else {}
        known = entry.kind in KINDS
        record = sfa.book.find(entry.kind, entry.record) if known else None
        name = record.heading if record else KINDS[entry.kind].heading_of(wanted) if known else entry.record
        yield Fact(_(KINDS[entry.kind].label) if known else entry.kind, name)
        fields = sfa.book.fields(entry.kind) if known else {}
        peers = {**(record.values if record else {}), **wanted}
        for field in (field for field in fields.values() if field.name in wanted and field.form):
            mark = "! " if field.name == refused.field else "  "
            value = changes.in_full(field, wanted[field.name], peers, lookup) or "–"
            yield Fact(f"{mark}{field.title}", value)
    if len(refused.entries) > TOLD:
        yield Fact("", _("… and {count} more").format(count=len(refused.entries) - TOLD))


def correct(sfa: SfaApp, refused: Rejected) -> None:
    """Opens the form of the record at fault with what was wanted; what holds no values is sent again as it was."""
    entry = refused.faulty
    if entry is None:
        sfa.perform(lambda: inbox.correct(sfa.book, refused.action, origin="screen"))
        return
    record = entry.record

    def settle(values: Mapping[str, Value]) -> None:
        inbox.correct(sfa.book, refused.action, {record: values}, origin="screen")

    there = sfa.book.find(entry.kind, record) is not None
    if not there and entry.op != "insert":
        sfa.tell(_("The record has left this book: there is nothing to set right any more."))
        return
    sfa.push_screen(
        CorrectionScreen(
            sfa, entry.kind, record if there else "", inbox.wanted(entry), settle, at=refused.field, told=refused.reason
        )
    )


def discard(sfa: SfaApp, refused: Rejected) -> None:
    """Asks, and forgets a refused action."""

    def taken(chosen: list[str] | None) -> None:
        if chosen == ["discard"]:
            sfa.perform(lambda: inbox.discard(sfa.book, refused.action))

    options = [
        Option("keep", _("Keep it, to set it right later")),
        Option("discard", _("Discard it; only the log still tells of it")),
    ]
    sfa.push_screen(Picker(_("Discard “{title}”?").format(title=refused.title), options), taken)
