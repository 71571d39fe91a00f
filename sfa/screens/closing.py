"""Winning and losing: what closes a deal, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sfa import locales
from sfa.errors import SfaError
from sfa.i18n import _
from sfa.models import LossReason
from sfa.sales import edit, pipeline
from sfa.screens.deeds import named
from sfa.screens.picker import Option, Picker

if TYPE_CHECKING:
    from sfa.app import SfaApp


def won(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Wins a deal after asking for its amount and date; several at once as they stand. Converts a lead."""
    if kind == "lead":
        from sfa.screens.convert import convert_lead

        convert_lead(sfa, ids[0])
    elif len(ids) == 1:
        sfa.push_screen(WonScreen(ids[0]))
    else:
        deal = sfa.book.get("opportunity", ids[0])
        stages = pipeline.stages(sfa.book, deal.values["pipeline"])
        target = next(stage.id for stage in stages if stage.type == "Won")
        sfa.perform(lambda: pipeline.move(sfa.book, ids, target, origin="screen"))


def lost(sfa: SfaApp, kind: str, ids: Sequence[str]) -> None:
    """Loses deals, or disqualifies leads, after asking why."""
    reasons = sorted(
        sfa.book.records("loss_reason", "is_active = 1"), key=lambda reason: reason.values.get("position") or 0
    )
    options = [
        Option(reason.id, reason.heading, reason.values.get("description") or "")
        for reason in reasons
        if isinstance(reason, LossReason)
    ]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            sfa.push_screen(LostScreen(kind, ids, chosen[0]))

    heading = _("Why was {name} lost?") if kind == "opportunity" else _("Why is {name} no lead?")
    sfa.push_screen(Picker(heading.format(name=named(sfa, kind, ids)), options), taken)


class Closing(ModalScreen[None]):
    """A few labelled lines; Enter on the last, or Ctrl+S, closes the deal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", show=False),
        Binding("ctrl+s", "take", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    CSS_PATH = "dialogs.tcss"
    DEFAULT_CSS = """
    Closing { align: center middle; }
    Closing Static.label { color: $text-muted; }
    """

    heading = ""
    lines: tuple[tuple[str, str, str], ...] = ()
    """Id, label and value of each line."""

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="dialog-title", markup=False)
            for id, label, value in self.lines:
                yield Static(label, classes="label", markup=False)
                yield Input(value, id=id, compact=True)
            yield Static("", id="echo", classes="dialog-echo bad", markup=False)
            yield Static(_("Enter goes on · Ctrl+S closes the deal · Esc leaves"), classes="dialog-hint", markup=False)

    def text(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        if event.input.id == self.lines[-1][0]:
            self.action_take()
        else:
            self.focus_next()

    def action_take(self) -> None:
        try:
            self.close_deal()
        except SfaError as error:
            self.query_one("#echo", Static).update(f"! {error}")
            return
        self.app.pop_screen()

    def close_deal(self) -> None:
        """Starts what the dialog is for; raises ``SfaError`` where a line cannot be taken."""
        raise NotImplementedError


class WonScreen(Closing):
    """Amount and date of a deal that is won."""

    def __init__(self, deal_id: str) -> None:
        super().__init__()
        self.deal_id = deal_id

    def compose(self) -> ComposeResult:
        deal = self.sfa.book.get("opportunity", self.deal_id)
        field = self.sfa.book.fields("opportunity")["amount"]
        locale = locales.current()
        self.heading = _("Won: {name}").format(name=deal.heading)
        self.lines = (
            ("amount", _("Amount"), field.show(deal.values.get("amount"), deal.values, locale)),
            ("close_date", _("Closed on"), locale.date(locales.today())),
        )
        return super().compose()

    def close_deal(self) -> None:
        book, deal_id = self.sfa.book, self.deal_id
        texts = {id: self.text(id) for id, _label, _value in self.lines}
        values = edit.read(book, "opportunity", texts, book.get("opportunity", deal_id).values)
        self.sfa.perform(
            lambda: pipeline.close_won(book, deal_id, values["close_date"], values["amount"], origin="screen")
        )


class LostScreen(Closing):
    """Who won instead, and what is to be remembered of a deal that is lost."""

    def __init__(self, kind: str, ids: Sequence[str], reason_id: str) -> None:
        super().__init__()
        self.kind, self.ids, self.reason_id = kind, ids, reason_id

    def compose(self) -> ComposeResult:
        reason = self.sfa.book.get("loss_reason", self.reason_id)
        self.heading = _("Lost: {name} – {reason}").format(
            name=named(self.sfa, self.kind, self.ids), reason=reason.heading
        )
        competitor = ("winning_competitor", _("Lost to (competitor, if any)"), "")
        note = ("loss_notes", _("Note (what would have won it?)"), "")
        self.lines = (competitor, note) if self.kind == "opportunity" else (note,)
        return super().compose()

    def close_deal(self) -> None:
        book = self.sfa.book
        if self.kind == "lead":
            reason = " – ".join(
                filter(None, (book.get("loss_reason", self.reason_id).heading, self.text("loss_notes")))
            )
            values = {"status": "Unqualified", "disqualify_reason": reason}
            title = _("Disqualified {name}").format(name=named(self.sfa, "lead", self.ids))
            self.sfa.perform(lambda: (edit.bulk(book, "lead", self.ids, values, title, "screen") and title) or None)
            return
        values = edit.read(book, "opportunity", {id: self.text(id) for id, _label, _value in self.lines})
        self.sfa.perform(
            lambda: pipeline.close_lost(
                book,
                self.ids,
                self.reason_id,
                values.get("winning_competitor"),
                values.get("loss_notes") or "",
                origin="screen",
            )
        )
