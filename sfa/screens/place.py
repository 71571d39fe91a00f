"""What every place of the program has in common: a status line, a key bar, and the actions on the record at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from sfa.i18n import _
from sfa.widgets.keybar import KeyBar
from sfa.widgets.messages import Highlighted
from sfa.widgets.reasons import Explained
from sfa.widgets.statusline import StatusLine

if TYPE_CHECKING:
    from sfa.app import SfaApp


class Subject(NamedTuple):
    """The records that an action means: those marked, or the one under the cursor."""

    kind: str
    ids: Sequence[str]

    @property
    def id(self) -> str:
        return self.ids[0]


NEEDS = {
    "log_call": ("account", "contact", "lead", "opportunity", "activity"),
    "dial": ("account", "contact", "lead", "opportunity", "activity"),
    "won": ("opportunity", "lead"),
    "lost": ("opportunity", "lead"),
    "move": ("opportunity",),
    "finish": ("activity",),
    "finish_next": ("activity",),
    "snooze": ("activity",),
    "tomorrow": ("activity",),
    "reminders": ("activity", "opportunity", "contact", "lead", "account"),
    "plan": ("lead", "opportunity", "account", "contact"),
    "hand_over": ("account", "lead"),
}
"""Actions that make sense for some kinds of record only."""
ON_RECORDS = frozenset({"edit", "delete", "history", "copy", *NEEDS})
"""Actions that need a record at hand."""


class Place(Explained, Screen[None]):
    """A full screen. A subclass composes its ``body``, reads the book (``reload``), names its ``subject``."""

    AUTO_FOCUS: ClassVar[str | None] = "#body"
    help = ""
    """Two sentences on what this place is for."""
    kind: str | None = None
    """The kind of record that ``new`` adds here; None asks."""

    def __init__(self) -> None:
        super().__init__()
        self._revision = -1
        self._at_hand = ""

    @property
    def sfa(self) -> SfaApp:
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        yield from self.body()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """The widgets between status line and key bar; the one with the id ``body`` has the focus at first."""
        raise NotImplementedError

    def subject(self) -> Subject | None:
        """What an action on records would act on now."""
        return None

    def subject_of(self, action_id: str) -> Subject | None:  # noqa: ARG002 - for places that show several kinds at once
        """What this very action would act on now."""
        return self.subject()

    def at_hand(self, action_id: str) -> Subject | None:
        """A record that this action would act on: enough to say whether it can, where reading all would take time."""
        return self.subject_of(action_id)

    def reload(self) -> None:
        """Reads from the book again what is shown, and keeps cursor and marks."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._refreshed()

    def on_resize(self) -> None:
        self.tell_far()

    def on_screen_resume(self) -> None:
        self.tell_far()
        if self.sfa.ringing:
            self.sfa.ringing.resumed()
        if self._revision != self.sfa.revision:
            self._refreshed()

    def book_changed(self) -> None:
        """The book is no longer what it was when this place read it, if it has yet."""
        if self.is_current and self._revision >= 0:
            self._refreshed()

    def tell_far(self) -> None:
        """Has the status line say how it stands with head office and other devices, if there are any."""
        known = [one.briefly(self.size.width) for one in (self.sfa.ringing, self.sfa.liaison, self.sfa.devices) if one]
        if known:
            text = " · ".join(text for text, _bad in known if text)
            self.query_one("#status", StatusLine).tell_far(text, bad=any(bad for _text, bad in known))

    def sync_told(self) -> None:
        """The sync goes on; where it is shown in more than the status line."""

    def _refreshed(self) -> None:
        self._revision = self.sfa.revision
        self.reload()

    @on(Highlighted)
    def follow_cursor(self, event: Highlighted) -> None:
        """Has the key bar follow to a record of another kind, to the first record, and to none."""
        at_hand = (event.id or "").rpartition(" ")[0] or str(bool(event.id))
        if at_hand != self._at_hand:
            self._at_hand = at_hand
            self.refresh_bindings()

    def tell(self, left: str, right: str = "") -> None:
        """What the status line says: where we are, and how things stand."""
        self.query_one("#status", StatusLine).update(left, right)

    def tell_right(self, right: str) -> None:
        """Changes only the right part of the status line."""
        self.query_one("#status", StatusLine).update(right=right)

    def why_not(self, action_id: str) -> str | None:
        if action_id not in ON_RECORDS:
            return None
        subject = self.at_hand(action_id)
        if subject is None or not subject.ids:
            return _("There is no record under the cursor.")
        if subject.kind not in NEEDS.get(action_id, (subject.kind,)):
            from sfa.models import KINDS

            return _("This cannot be done with {kind}.").format(kind=_(KINDS[subject.kind].plural).lower())
        if action_id == "hand_over" and not self.sfa.book.meta("server"):
            return _("This book belongs to no head office: there is nobody to hand over to.")
        return None

    def action_log_call(self) -> None:
        from sfa.screens.call import log_call

        if subject := self.subject_of("log_call"):
            log_call(self.sfa, subject.kind, subject.id)

    def action_dial(self) -> None:
        from sfa.screens.dialling import dial

        if subject := self.subject_of("dial"):
            dial(self.sfa, subject.kind, subject.id)

    def action_new(self) -> None:
        from sfa.screens.form import new_record

        new_record(self.sfa, self.kind, self.preset())

    def preset(self) -> dict[str, str]:
        """Values that a record added here starts with."""
        return {}

    def action_edit(self) -> None:
        from sfa.screens.form import edit_records

        if subject := self.subject_of("edit"):
            edit_records(self.sfa, subject.kind, subject.ids)

    def action_delete(self) -> None:
        from sfa.screens.deeds import delete

        if subject := self.subject_of("delete"):
            delete(self.sfa, subject.kind, subject.ids)

    def action_history(self) -> None:
        from sfa.screens.history import HistoryScreen

        if subject := self.subject_of("history"):
            self.app.push_screen(HistoryScreen(subject.kind, subject.id))

    def action_copy(self) -> None:
        from sfa.screens.copying import copy

        if subject := self.subject_of("copy"):
            copy(self.sfa, subject.kind, subject.id)

    def action_menu(self) -> None:
        from sfa.screens.menu import open_menu

        open_menu(self.sfa, self)

    def action_finish(self) -> None:
        from sfa.screens.deeds import finish

        if subject := self.subject_of("finish"):
            finish(self.sfa, subject.ids)

    def action_snooze(self) -> None:
        from sfa.screens.deeds import snooze

        if subject := self.subject_of("snooze"):
            snooze(self.sfa, subject.ids)

    def action_finish_next(self) -> None:
        from sfa.screens.finishing import finish_next

        if subject := self.subject_of("finish_next"):
            finish_next(self.sfa, subject.id)

    def action_tomorrow(self) -> None:
        from sfa.screens.deeds import put_off

        if subject := self.subject_of("tomorrow"):
            put_off(self.sfa, subject.ids, "tomorrow")

    def action_reminders(self) -> None:
        from sfa.screens.reminding import open_reminders

        if subject := self.subject_of("reminders"):
            open_reminders(self.sfa, subject.kind, subject.id)

    def action_plan(self) -> None:
        from sfa.screens.planning import open_plans

        if subject := self.subject_of("plan"):
            open_plans(self.sfa, subject.kind, subject.id)

    def action_won(self) -> None:
        from sfa.screens.closing import won

        if subject := self.subject_of("won"):
            won(self.sfa, subject.kind, subject.ids)

    def action_lost(self) -> None:
        from sfa.screens.closing import lost

        if subject := self.subject_of("lost"):
            lost(self.sfa, subject.kind, subject.ids)

    def action_move(self) -> None:
        from sfa.screens.deeds import move

        if subject := self.subject_of("move"):
            move(self.sfa, subject.ids)

    def action_hand_over(self) -> None:
        from sfa.screens.handover import hand_over

        if subject := self.subject_of("hand_over"):
            hand_over(self.sfa, subject.kind, subject.ids)
