"""Everything about one record: next step, fields, people, deals, and all that happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models import KINDS, Record
from sfa.sales import timeline
from sfa.screens import around, scored
from sfa.screens.facts import facts
from sfa.screens.moments import briefly
from sfa.screens.place import NEEDS, Place, Subject
from sfa.screens.standing import Standing, planned, standing
from sfa.screens.today import GLYPHS
from sfa.store import journal
from sfa.store.lookup import Lookup
from sfa.widgets.cells import fit
from sfa.widgets.fieldspane import FieldsPane
from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.note import Note
from sfa.widgets.sections import SectionList
from sfa.widgets.timeline import Entry, Timeline


class Happenings:
    """The timeline of a record as entries of the widget."""

    def __init__(self, feed: timeline.Feed) -> None:
        self._feed = feed
        self.count = feed.count

    def page(self, start: int, stop: int) -> Sequence[Entry]:
        return [_told(entry) for entry in self._feed.page(start, stop)]


class RecordScreen(Place):
    """One account, contact, lead, deal, activity, or whatever else has an id.

    Keys act on what is under the cursor of the list in focus where they can, else on the record of the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("record")]
    AUTO_FOCUS = "#fields"
    CSS_PATH = "record.tcss"
    help = N_(
        "Everything about one record; Tab goes from its fields to people and deals and to what happened, Enter opens. "
        "Keys act on the person, deal or activity under the cursor there, else on the record itself."
    )

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__()
        self.kind: str = kind
        self.record_id = record_id
        self.standing = Standing("")
        self._pointed = ""
        self.set_class(kind not in timeline.PARTIES, "-alone")

    def body(self) -> Iterable[Widget]:
        yield Note(id="standing")
        with Container(id="panes"):
            with Container(id="facts"):
                with Container(id="fields-pane", classes="pane"):
                    yield FieldsPane(id="fields", empty=self._taught(_("No field is filled yet. {edit} edits.")))
                with Container(id="around-pane", classes="pane"):
                    yield SectionList(around.COLUMNS, id="around")
            with Container(id="timeline-pane", classes="pane"):
                nothing = _("Nothing has happened yet.\n\n{log_call} logs a call, {new} plans one")
                yield Timeline(id="timeline", empty=self._taught(nothing))

    @staticmethod
    def _taught(text: str) -> str:
        return text.format(**{id: keys_of(id)[0] for id in ("edit", "log_call", "new")})

    def on_mount(self) -> None:
        self.query_one("#fields-pane").border_title = _("Details")
        self.query_one("#timeline-pane").border_title = _("What happened")
        scored.keep_learned(self, self.kind)

    def reload(self) -> None:
        book = self.sfa.book
        record = book.find(self.kind, self.record_id)
        if record is None:
            self.call_later(self._leave)
            return
        self._head(record)
        self.query_one("#fields", FieldsPane).show([*facts(book, record), *scored.facts(book, record)])
        sections = around.sections(book, record)
        self.query_one("#around", SectionList).show(sections)
        pane = self.query_one("#around-pane")
        pane.border_title = " · ".join(f"{section.heading} {len(section.rows)}" for section in sections)
        pane.display = bool(sections)
        happened = self.query_one("#timeline", Timeline)
        happened.show(Happenings(timeline.Feed(book, self.kind, self.record_id)), keep_cursor=True)

    def _leave(self) -> None:
        """The record is no longer in the book: what added it was undone."""
        self.sfa.visited = [item for item in self.sfa.visited if item != (self.kind, self.record_id)]
        if self.is_current:
            self.sfa.pop_screen()
            label = _(KINDS[self.kind].label).lower()
            self.sfa.tell(_("This {kind} is not in the book any more; what added it was undone.").format(kind=label))

    def _head(self, record: Record) -> None:
        self.standing = standing(self.sfa.book, record)
        note = self.query_one("#standing", Note)
        note.update(self.standing.text, self.standing.tone)
        note.display = bool(self.standing.text)
        note.refresh(layout=note.styles.is_auto_height)
        lookup, values = Lookup(self.sfa.book), record.values
        owner = lookup.title("user", values["owner"]) if values.get("owner") else ""
        tags = " ".join(f"#{lookup.title('tag', tag)}" for tag in values.get("tags") or ())
        name = record.heading or _("(no name)")
        self.tell(" · ".join(filter(None, (name, _(record.label), owner, tags))), self.sfa.banner)

    # What keys act on

    def subject(self) -> Subject:
        """The record under the cursor of the list in focus, else the record of this screen."""
        focused = self.focused
        if isinstance(focused, SectionList | Timeline) and focused.cursor_id:
            kind, _space, id = focused.cursor_id.partition(" ")
            if kind in KINDS:
                return Subject(kind, [id])
        return Subject(self.kind, [self.record_id])

    def subject_of(self, action_id: str) -> Subject:
        """As ``subject``; where that is no record for the action, this record, or its next step."""
        subject, kinds = self.subject(), NEEDS.get(action_id)
        if kinds is None or subject.kind in kinds:
            return subject
        if self.kind in kinds:
            return Subject(self.kind, [self.record_id])
        if "activity" in kinds and self.standing.activity:
            return Subject("activity", [self.standing.activity])
        return subject

    def why_not(self, action_id: str) -> str | None:
        if reason := super().why_not(action_id):
            return reason
        if action_id in ("finish", "finish_next", "snooze", "tomorrow"):
            subject = self.subject_of(action_id)
            activity = self.sfa.book.find(subject.kind, subject.id)
            if activity and activity.values.get("completed_at"):
                return _("This is done already.")
        return None

    @on(Highlighted)
    def point(self) -> None:
        """Says whom keys mean where that is not the record of the screen, and has the key bar follow."""
        kind, ids = self.subject()
        found = self.sfa.book.find(kind, ids[0]) if (kind, ids[0]) != (self.kind, self.record_id) else None
        pointed = _("keys act on {name}").format(name=found.heading) if found else ""
        self.tell_right(fit(pointed, self.size.width // 2).rstrip() if pointed else self.sfa.banner)
        if kind != self._pointed:
            self._pointed = kind
            self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        self.point()

    # Doing

    def preset(self) -> dict[str, str]:
        """Whom a new activity is with: this record and those that belong to it."""
        from sfa.sales.calls import targets_for

        return targets_for(self.sfa.book, self.kind, self.record_id)

    def action_new(self) -> None:
        """Plans an activity with this record."""
        from sfa.screens.form import new_record

        new_record(self.sfa, "activity", self.preset())

    def action_pane_next(self) -> None:
        self.focus_next()

    def action_pane_back(self) -> None:
        self.focus_previous()

    @on(Opened)
    def open(self, event: Opened) -> None:
        """Opens what is under the cursor: a change in the history where it happened, a field in the form."""
        from sfa.screens.history import HistoryScreen

        kind, _space, id = event.id.partition(" ")
        if not event.id:
            self.action_edit()
        elif kind == "change":
            entry = journal.entry(self.sfa.book, int(id))
            self.sfa.push_screen(HistoryScreen(entry.kind, entry.record, entry.action))
        else:
            self.sfa.open_record(kind, id)


def _told(entry: timeline.Entry) -> Entry:
    """One line on what happened and below it the note, or the other fields that changed."""
    when = briefly(entry.when) if entry.when else _("no time")
    if entry.source == "change":
        head = f"∙ {entry.title}" + (f" · {entry.about}" if entry.about else "")
        return Entry(f"change {entry.place.entry}", head, f"{entry.by} · {when}", entry.body)
    state = planned(entry.when)[1] if entry.is_open else ""
    head = f"{GLYPHS.get(entry.type, '∙')} {entry.title}"
    head = " · ".join(filter(None, (head, entry.outcome and _(entry.outcome), _with(entry), state)))
    return Entry(f"activity {entry.id}", head, f"{entry.by} · {when}", entry.body)


def _with(entry: timeline.Entry) -> str:
    """Whom or what it concerned, where the title does not say so."""
    return "" if entry.about in entry.title else entry.about
