"""One conflict: what was there, what I wanted and what stands, beside each other; and the decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sales import changes
from sfa.screens.moments import briefly
from sfa.screens.place import Place, Subject
from sfa.store.lookup import Lookup
from sfa.sync import inbox
from sfa.widgets.comparison import Compared, Comparison
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.sync.inbox import Conflict, Values

WHAT = {
    "edited": N_("You and {who} have changed the same."),
    "deleted": N_("You have changed what {who} had deleted."),
    "delete": N_("You have deleted what {who} had changed, so it is still there."),
    "parent": N_("You have added something to what {who} had deleted."),
}
THERE = {
    "edited": N_("You have changed the same here and in {place}."),
    "deleted": N_("You have changed in {place} what is deleted here."),
    "delete": N_("You have deleted in {place} what was changed here, so it is still there."),
}
CHOICE = {
    "edited": N_("{mine} takes yours, {theirs} keeps what stands, {edit} sets both right."),
    "deleted": N_(
        "{mine} brings it back with your changes, {theirs} leaves it deleted, {edit} brings it back to set it right."
    ),
    "delete": N_("{mine} deletes it all the same, {theirs} keeps it."),
    "parent": N_("{mine} brings it back, {theirs} leaves it deleted."),
}

KEYS = {"mine": "take_mine", "theirs": "keep_theirs", "edit": "edit"}


class ConflictScreen(Place):
    """The conflict with this id; after its decision the next one, as long as there are any."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("conflict")]
    help = N_(
        "Somebody else changed the same as you, before you did: all three values are kept. M takes yours, K keeps what "
        "stands, e opens the form to set both right; u takes the decision back. Enter opens the record."
    )

    def __init__(self, conflict_id: str) -> None:
        super().__init__()
        self.conflict_id = conflict_id
        self.found: Conflict | None = None
        self.count = 0

    def body(self) -> Iterable[Widget]:
        yield Note(id="what")
        yield Note(id="who")
        yield Comparison(id="body")
        yield Note(id="choice")

    DEFAULT_CSS = """
    ConflictScreen Note { height: auto; max-height: 4; }
    ConflictScreen #what { margin-top: 1; text-style: bold; }
    ConflictScreen #who, ConflictScreen #choice { color: $text-muted; }
    ConflictScreen #body { margin: 1 0; }
    ConflictScreen.-narrow #what, ConflictScreen.-narrow #body { margin: 0; }
    """

    def reload(self) -> None:
        book = self.sfa.book
        record = book.find("conflict", self.conflict_id)
        if record is None or record.values.get("resolved_at"):
            self.call_later(self._go_on)
            return
        self.found = found = inbox.conflict(book, self.conflict_id)
        who = Lookup(book).title("user", found.other) if found.other else _("somebody else")
        told = [_("You: {title} · {when}").format(title=found.action_title, when=briefly(found.made_at))]
        if found.other_at:
            told.append(
                _("{who}: {title} · {when}").format(who=who, title=found.other_title, when=briefly(found.other_at))
            )
        said = THERE[found.reason].format(place=found.place) if found.place else _(WHAT[found.reason]).format(who=who)
        self._note("what", said)
        self._note("who", "\n".join(told))
        keys = {name: keys_of(id, self.sfa.settings.keys)[0] for name, id in KEYS.items()}
        self._note("choice", _(CHOICE[found.reason]).format(**keys))
        headings = (_("Before"), _("Mine"), _("Stands ({who})").format(who=who))
        if found.place:
            headings = (_("Before"), _("Mine, in {place}").format(place=found.place), _("Stands here"))
        self.query_one("#body", Comparison).show(found.id, headings, compared(self.sfa, found))
        self._tell_place()
        self.refresh_bindings()

    def _note(self, id: str, text: str) -> None:
        note = self.query_one(f"#{id}", Note)
        note.update(text)
        note.refresh(layout=True)

    def _tell_place(self) -> None:
        ids = self._ids()
        self.count = len(ids)
        place = ids.index(self.conflict_id) + 1 if self.conflict_id in ids else 1
        assert self.found
        kind = self.found.kind
        label = _(KINDS[kind].label) if kind in KINDS else kind
        parts = [_("Conflict {place} of {count}").format(place=place, count=max(len(ids), 1)), label, self.found.title]
        self.tell(" · ".join(parts), self.sfa.banner)

    def _ids(self) -> list[str]:
        return [one.id for one in inbox.conflicts(self.sfa.book)]

    def _go_on(self) -> None:
        """To the next conflict that is open, or back where there is none."""
        ids = self._ids()
        if ids:
            self._turn_to(ids[0])
        elif self.is_current:
            self.sfa.pop_screen()
            self.sfa.tell(_("No conflict is open any more · u undo"))

    def _turn_to(self, conflict_id: str) -> None:
        self.conflict_id = conflict_id
        self.reload()

    # Keys

    def subject(self) -> Subject | None:
        record = self.found.record if self.found else None
        return Subject(record.kind, [record.id]) if record else None

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("take_mine", "keep_theirs"):
            return None if self.found else _("This conflict is decided already.")
        if action_id in ("conflict_next", "conflict_back") and self.count < 2:
            return _("There is no other conflict.")
        if action_id == "edit" and self.found and self.found.reason in ("delete", "parent"):
            return _("There is nothing to edit: take yours or keep what stands.")
        return super().why_not(action_id)

    def action_take_mine(self) -> None:
        self._resolve("mine")

    def action_keep_theirs(self) -> None:
        self._resolve("theirs")

    def _resolve(self, how: str) -> None:
        decide(self.sfa, self.conflict_id, how)

    def action_edit(self) -> None:
        if self.found:
            edit_conflict(self.sfa, self.found)

    def action_conflict_next(self) -> None:
        self._step(1)

    def action_conflict_back(self) -> None:
        self._step(-1)

    def _step(self, steps: int) -> None:
        ids = self._ids()
        if self.conflict_id in ids:
            self._turn_to(ids[(ids.index(self.conflict_id) + steps) % len(ids)])

    @on(Opened, "#body")
    def open_subject(self) -> None:
        if subject := self.subject():
            self.sfa.open_record(subject.kind, subject.id)
        else:
            self.sfa.tell(_("The record is not in this book any more."))


def decide(sfa: SfaApp, conflict_id: str, how: str) -> None:
    """Takes mine or keeps theirs."""
    sfa.perform(lambda: inbox.resolve(sfa.book, conflict_id, how, origin="screen"))


def edit_conflict(sfa: SfaApp, found: Conflict) -> None:
    """Opens the form of the record with what the user wanted, which decides the conflict when it is saved."""
    from sfa.screens.correction import CorrectionScreen

    if found.record is None:
        sfa.tell(_("The record is not in this book any more."))
        return

    def settle(values: Mapping[str, Value]) -> None:
        inbox.resolve(sfa.book, found.id, "edited", values, origin="screen")

    told = _("These are your values; Ctrl+S decides the conflict with what stands here then.")
    wanted = {name: found.mine[name] for name in found.fields if name in found.mine}
    sfa.push_screen(CorrectionScreen(sfa, found.kind, found.record.id, wanted, settle, told=told))


def compared(sfa: SfaApp, found: Conflict) -> list[Compared]:
    """The fields at issue with the values of each side; whether the record is to be there at all comes first.

    What goes with them and is the same everywhere is left out.
    """
    fields = sfa.book.fields(found.kind) if found.kind in KINDS else {}
    lookup = Lookup(sfa.book)
    present = dict(found.record.values) if found.record else {}

    def told(name: str, side: Values) -> str:
        if name not in fields:
            return str(side.get(name, ""))
        return changes.in_full(fields[name], side.get(name), {**present, **side}, lookup) or "–"

    rows = [_fate(found)] if found.reason != "edited" else []
    stands = found.theirs if found.reason == "edited" else {}
    places = [*(name for name in fields if fields[name].form), *fields, *found.fields]
    for name in sorted(found.fields, key=places.index):
        label = fields[name].title if name in fields else name
        last = told(name, stands) if found.reason == "edited" else ""
        values = (told(name, found.base), told(name, found.mine), last)
        rows.append(Compared(label, values, found.mine.get(name) != stands.get(name)))
    return [row for row in rows if len({*row.values}) > 1] or rows


def _fate(found: Conflict) -> Compared:
    """Whether each side wants the record."""
    there, deleted = _("there"), _("deleted")
    sides = {
        "deleted": (there, _("changed"), deleted),
        "delete": (there, deleted, _("changed")),
        "parent": (there, _("added to"), deleted),
    }
    label = _(KINDS[found.kind].label) if found.kind in KINDS else found.kind
    return Compared(label, sides[found.reason])
