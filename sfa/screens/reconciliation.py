"""The sync: what has to be decided, what head office refused, what waits to be sent, what came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings
from sfa.i18n import N_, _
from sfa.models import KINDS
from sfa.screens.place import Place, Subject
from sfa.sync import inbox, traffic
from sfa.sync.inbox import Conflict, Rejected
from sfa.sync.status import when
from sfa.sync.traffic import Passing
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section, SectionList

REASONS = {
    "edited": N_("both changed {fields}"),
    "deleted": N_("you changed it, it is deleted"),
    "delete": N_("you deleted it, it was changed"),
    "parent": N_("you added to it, it is deleted"),
}
BAR = 24
"""Cells of the bar that shows how far a sync is."""


class Found(NamedTuple):
    """All that the screen shows."""

    conflicts: Sequence[Conflict] = ()
    rejected: Sequence[Rejected] = ()
    outgoing: Sequence[Passing] = ()
    incoming: Sequence[Passing] = ()
    remotes: Sequence[Row] = ()


class ReconciliationScreen(Place):
    """How the book stands with head office."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sync")]
    DEFAULT_CSS = """
    ReconciliationScreen #standing { height: auto; max-height: 3; margin: 1 0; }
    ReconciliationScreen.-narrow #standing { margin: 0; }
    """
    help = N_(
        "Conflicts wait for you: Enter shows both sides, M takes yours, K keeps what stands. What head office refused "
        "is set right with e or discarded with d. Below is what waits to be sent and what came; r syncs at once. "
        "In the status line ↑ counts what is unsent, ≠ conflicts, ✗ what was refused."
    )

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()

    def body(self) -> Iterable[Widget]:
        yield Note(id="standing")
        columns = (
            Column("what", "", 22, weight=2),
            Column("told", "", 24, weight=3),
            Column("when", "", 17, align="right", weight=0, rank=1),
        )
        yield SectionList(columns, id="body")

    def reload(self) -> None:
        self.sync_told()
        if self.sfa.liaison or self.sfa.book.value("SELECT 1 FROM remote"):
            self._read()
        else:
            self.query_one("#body", SectionList).empty = _(
                "This book is alone: everything in it stays on this laptop.\n\n"
                "sfa login URL  joins it to a head office\n"
                "sfa calendar add URL  connects a calendar of yours, sfa addressbook add URL an address book"
            )
            self._show(Found())

    @work(thread=True, exclusive=True, group="sync", exit_on_error=False)
    def _read(self) -> None:
        book = self.sfa.book
        found = Found(inbox.conflicts(book), inbox.rejected(book))
        if self.sfa.liaison:
            found = found._replace(outgoing=traffic.outgoing(book), incoming=traffic.incoming(book))
        if book.value("SELECT 1 FROM remote"):
            from sfa.screens import devices

            found = found._replace(remotes=devices.rows(book))
        self.app.call_from_thread(self._show, found)

    def _show(self, found: Found) -> None:
        self.found = found
        body = self.query_one("#body", SectionList)
        if self.sfa.liaison:
            body.empty = _(
                "Nothing waits, and nothing has come yet.\n\n"
                "Conflicts will show here, with what head office refused,\nwhat waits to be sent and what came in."
            )
        body.show(
            [
                self._section(_("Conflicts"), [_conflict(one) for one in found.conflicts]),
                self._section(_("Refused by head office"), [_refused(one) for one in found.rejected]),
                self._section(_("To be sent"), [_passing("out", one) for one in found.outgoing]),
                self._section(_("Came in"), [_passing("in", one) for one in found.incoming]),
                self._section(_("Calendars and address books"), list(found.remotes)),
            ]
        )
        self.refresh_bindings()

    @staticmethod
    def _section(title: str, rows: list[Row]) -> Section:
        more = "+" if len(rows) >= traffic.SHOWN else ""
        return Section(f"{title}  {locales.current().number(len(rows))}{more}", rows)

    def sync_told(self) -> None:
        """Says how the sync goes."""
        liaison, note = self.sfa.liaison, self.query_one("#standing", Note)
        if liaison is None:
            self.tell(_("Sync"), self.sfa.banner)
            self._tell_devices(note)
            return
        self.tell(" · ".join((_("Sync"), liaison.status.server.partition("://")[2])), self.sfa.banner)
        state, known = liaison.state, liaison.status
        told = [known.line()]
        if state.running:
            told = [_bar(state.done, state.total) + (liaison.progress() or _("syncing …"))]
        elif state.problem:
            hint = _("r tries again; it is tried again by itself as well, and nothing is lost.")
            told += [state.problem, hint]
        elif state.listening:
            told.append(_("head office says at once when there is something new"))
        before = note.text
        note.update("\n".join(told) if state.problem else " · ".join(told), "bad" if state.problem else "plain")
        if before.count("\n") != note.text.count("\n"):
            note.refresh(layout=True)

    def _tell_devices(self, note: Note) -> None:
        """Says how it goes with calendars and address books, where there is no head office."""
        devices = self.sfa.devices
        note.display = devices is not None
        if devices is not None:
            running, problems = devices.state.running, devices.state.problems
            hint = _("r tries again; it is tried again by itself as well, and nothing is lost.")
            told = _("syncing {name} …").format(name=running) if running else _("in step")
            note.update("\n".join([*problems.values(), hint]) if problems else told, "bad" if problems else "plain")
            note.refresh(layout=True)

    # Keys

    def _at(self) -> tuple[str, str, str]:
        """What is under the cursor: its section, and kind and id there."""
        section, _space, rest = (self.query_one("#body", SectionList).cursor_id or "").partition(" ")
        kind, _space, id = rest.partition(" ")
        return section, kind, id

    def subject(self) -> Subject | None:
        section, kind, id = self._at()
        if section == "conflict":
            found = self._conflict(id)
            kind, id = (found.record.kind, found.record.id) if found and found.record else ("", "")
        elif section in ("refused", "remote"):
            return None
        return Subject(kind, [id]) if kind in KINDS and id and self.sfa.book.find(kind, id) else None

    def _conflict(self, id: str) -> Conflict | None:
        return next((one for one in self.found.conflicts if one.id == id), None)

    def _refused(self, id: str) -> Rejected | None:
        return next((one for one in self.found.rejected if str(one.action) == id), None)

    def why_not(self, action_id: str) -> str | None:
        section = self._at()[0]
        if action_id in ("take_mine", "keep_theirs"):
            return None if section == "conflict" else _("There is no conflict under the cursor.")
        if action_id == "sync_now" and not (self.sfa.liaison or self.sfa.devices):
            return _("This book belongs to no head office: sfa login URL joins it to one.")
        if action_id in ("edit", "delete") and section == "refused":
            return None
        return super().why_not(action_id)

    def action_sync_now(self) -> None:
        for one in (self.sfa.liaison, self.sfa.devices):
            if one:
                one.service.nudge()

    def action_take_mine(self) -> None:
        self._decide("mine")

    def action_keep_theirs(self) -> None:
        self._decide("theirs")

    def _decide(self, how: str) -> None:
        from sfa.screens.conflict import decide

        decide(self.sfa, self._at()[2], how)

    def action_edit(self) -> None:
        from sfa.screens.conflict import edit_conflict
        from sfa.screens.refusal import correct

        section, _kind, id = self._at()
        if section == "conflict" and (found := self._conflict(id)):
            edit_conflict(self.sfa, found)
        elif section == "refused" and (refused := self._refused(id)):
            correct(self.sfa, refused)
        else:
            super().action_edit()

    def action_delete(self) -> None:
        from sfa.screens.refusal import discard

        section, _kind, id = self._at()
        if section == "refused" and (refused := self._refused(id)):
            discard(self.sfa, refused)
        else:
            super().action_delete()

    @on(Opened, "#body")
    def open_item(self) -> None:
        """Opens the conflict, what was refused, or the record."""
        from sfa.screens.conflict import ConflictScreen
        from sfa.screens.refusal import RefusalScreen

        section, _kind, id = self._at()
        if section == "conflict":
            self.sfa.push_screen(ConflictScreen(id))
        elif section == "refused" and (refused := self._refused(id)):
            self.sfa.push_screen(RefusalScreen(refused))
        elif section == "remote":
            self.sfa.tell(_("sfa calendar and sfa addressbook change what is connected."))
        elif subject := self.subject():
            self.sfa.open_record(subject.kind, subject.id)
        else:
            self.sfa.tell(_("This record is not in the book any more."))


def _conflict(found: Conflict) -> Row:
    reason = _(REASONS[found.reason])
    if found.reason == "edited":
        reason = reason.format(fields=_titles(found))
    return Row(f"conflict {found.kind} {found.id}", (found.title, reason, when(found.made_at)))


def _titles(found: Conflict) -> str:
    fields = KINDS[found.kind].fields if found.kind in KINDS else {}
    shown = [name for name in found.differing if name not in fields or fields[name].form] or found.fields
    return ", ".join(fields[name].title.lower() if name in fields else name for name in shown)


def _refused(found: Rejected) -> Row:
    return Row(f"refused - {found.action}", (found.title, found.reason, when(found.at)))


def _passing(section: str, found: Passing) -> Row:
    name = found.heading or _("no longer in the book")
    kind = _(KINDS[found.kind].label) if found.kind in KINDS else found.kind
    title = f"{found.user}: {found.title}" if section == "in" and found.user else found.title
    count = _("{count} changes").format(count=found.changes) if found.changes > 1 else ""
    told = " · ".join(filter(None, (count, title)))
    cells = (f"{name} · {kind}" if kind else name, told, when(found.at) if found.at else "")
    return Row(f"{section} {found.kind or '-'} {found.record or found.title}", cells, dim=not found.heading)


def _bar(done: int, total: int) -> str:
    if not total:
        return ""
    full = BAR * min(done, total) // total
    return f"{'█' * full}{'░' * (BAR - full)} "
