"""Calendars and invitations into the book: what is known already is updated, cancelled or left, never doubled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sfa.errors import SfaError, UserError
from sfa.exchange.calendars.linking import Linker
from sfa.formats.contentlines import decode
from sfa.formats.ical.parts import ANSWERS, Item
from sfa.formats.ical.reading import Refusal, read
from sfa.i18n import _
from sfa.models.fields import quoted
from sfa.sales import edit
from sfa.sales.series import edited, leave_out
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.store.columns import dumps

QUESTIONS = ("COUNTER", "DECLINECOUNTER", "REFRESH")  # messages that ask the organizer for something
CANCELLED = ("Not Held", "Canceled")
LARGEST = 200 * 2**20  # bytes of a file


class FileResult(NamedTuple):
    """What became of one file's entries. ``stale`` ones are older than what the book has (of the unchanged).

    ``records`` names the activities that were created and updated, with which of the two.
    """

    path: Path
    created: int
    updated: int
    unchanged: int
    stale: int
    refusals: list[Refusal]
    records: list[tuple[str, str]]


class Result(NamedTuple):
    """What became of an import; ``action`` is its number in the journal, 0 where nothing changed."""

    files: list[FileResult]
    action: int
    title: str
    dry_run: bool

    @property
    def rejected(self) -> int:
        return sum(len(file.refusals) for file in self.files)


class _Rehearsed(Exception):
    """Takes a dry run back."""


def run_import(book: Book, paths: Sequence[Path], *, dry_run: bool = False) -> Result:
    """Imports calendars as one action; a file that is none is refused, with the others going on.

    Raises ``UserError`` for files that are not there.
    """
    title = _("Imported {files}").format(files=", ".join(path.name for path in paths))
    texts = [(path, _text(path)) for path in paths]
    files: list[FileResult] = []
    try:
        with book.change(title, "import") as change:
            for path, text in texts:
                files.append(_File(change, path).load(text))
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        return Result(files, 0, title, dry_run)
    return Result(files, change.number, title, dry_run)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(_("{path} is too large for a calendar.").format(path=path))
        return decode(path.read_bytes())
    except OSError as error:
        reason = _("{path} cannot be read: {reason}.")
        raise UserError(reason.format(path=path, reason=error.strerror or error)) from None


class _Known(NamedTuple):
    """An activity that an entry may be: a live one is preferred."""

    id: str
    is_live: bool


class _File:
    """One file under way."""

    def __init__(self, change: Change, path: Path) -> None:
        self.change, self.book, self.path = change, change.book, path
        self.counts = dict.fromkeys(("created", "updated", "unchanged", "stale"), 0)
        self.refusals: list[Refusal] = []
        self.records: list[tuple[str, str]] = []
        self.known: dict[tuple[str, str | None], _Known] = {}

    def load(self, text: str) -> FileResult:
        try:
            reading = read(text)
            if not reading.items and not reading.refusals:
                raise ValueError(_("no event and no to-do is in it"))
        except ValueError as error:
            self.refusals.append(Refusal(self.path.name, str(error)))
            return self._result()
        self.refusals += reading.refusals
        items = _distinct(reading.items)
        linker = Linker(self.change, items)
        self._look_up(items)
        for item in _series_first(items):
            try:
                self.counts[self._take(linker, item)] += 1
            except SfaError as error:
                self.refusals.append(Refusal(_called(item), str(error)))
        return self._result()

    def _result(self) -> FileResult:
        counts = self.counts
        unchanged = counts["unchanged"] + counts["stale"]
        done = counts["created"], counts["updated"], unchanged, counts["stale"]
        return FileResult(self.path, *done, self.refusals, self.records)

    def _done(self, what: str, record_id: str) -> str:
        """Notes what became of an activity."""
        self.records.append((what, record_id))
        return what

    def _look_up(self, items: Iterable[Item]) -> None:
        """Which activities the entries are: by UID or id, occurrences by their series too."""
        wanted = "(SELECT value FROM json_each(?))"
        uids = dumps(sorted({name for item in items for name in (item.uid, _split_name(item))}))
        rows = self.book.rows(
            "SELECT a.id, a.uid, a.occurrence, a.deleted_at, s.uid, s.id FROM activity a"
            " LEFT JOIN activity s ON s.id = a.series"
            f" WHERE a.uid IN {wanted} OR a.id IN {wanted} OR s.uid IN {wanted} OR s.id IN {wanted} ORDER BY a.n DESC",
            (uids,) * 4,
        )
        for record_id, uid, occurrence, deleted_at, series_uid, series_id in rows:
            for name in filter(None, (uid, series_uid, series_id, None if occurrence else record_id)):
                self._note(name, occurrence, _Known(record_id, deleted_at is None))

    def _note(self, uid: str, occurrence: str | None, known: _Known) -> None:
        present = self.known.get((uid, occurrence))
        if present is None or known.is_live or not present.is_live:
            self.known[uid, occurrence] = known

    def _take(self, linker: Linker, item: Item) -> str:
        """What becomes of one entry; gives which count it goes to. Raises ``UserError``."""
        if item.method in QUESTIONS:
            raise UserError(_("it asks the organizer for something ({method})").format(method=item.method))
        known = self.known.get((item.uid, item.occurrence))
        if item.method == "REPLY":
            return self._answer(known or self.known.get((item.uid, None)), item)
        if item.method == "CANCEL":
            return self._cancel(known, item)
        return self._update(linker, known.id, item) if known else self._create(linker, item)

    def _update(self, linker: Linker, record_id: str, item: Item) -> str:
        before, changed = self.change.get("activity", record_id).values, self._changed(record_id)
        base = _base(before)
        if item.own and base is not None and not base.own:
            base = None  # we wrote it: its revisions count as ours
        if item.own and (item.sequence, item.changed) == (before.get("sequence") or 0, changed):
            return "unchanged"
        if _is_stale(item, before, base, changed):
            return "stale"
        if before.get("deleted_at") and (item.own or base is None or item.values["status"] in CANCELLED):
            return "unchanged"
        return self._done("updated", record_id) if linker.update(record_id, item, base) else "unchanged"

    def _create(self, linker: Linker, item: Item) -> str:
        if item.deleted:
            return "unchanged"  # deleted before this book heard of it
        series = self.known.get((item.uid, None)) if item.occurrence else None
        if series and item.following:
            return self._split(linker, series.id, item)
        if series and not self.change.get("activity", series.id).values.get("rrule"):
            series = None
        made = linker.create(item, series.id if series else None)
        if series:
            linker.wait(series.id)
        self._note(item.uid, item.occurrence, _Known(made, True))
        return self._done("created", made)

    def _split(self, linker: Linker, series: str, item: Item) -> str:
        """From one occurrence on the series is another (RANGE=THISANDFUTURE)."""
        name = _split_name(item)
        known = self.known.get((name, None))
        if known is not None:
            return "unchanged"
        assert item.occurrence is not None
        values = {
            field: value
            for field, value in linker.values(item).items()
            if value is not None and field not in ("rrule", "series_start", "sequence", "original", "uid")
        }
        made = edited(self.change, series, item.occurrence, values, "following")
        self.change.put("activity", made, {"uid": name})
        self._note(name, None, _Known(made, True))
        return self._done("updated", made)

    def _cancel(self, known: _Known | None, item: Item) -> str:
        """A meeting is called off, or one time of a series."""
        series = self.known.get((item.uid, None)) if item.occurrence else None
        if known is None and series is None:
            raise UserError(_("it cancels what is not in the book"))
        if known is None and series is not None:
            values = self.change.get("activity", series.id).values
            if item.occurrence in (values.get("exdates") or ()) or not values.get("rrule"):
                return "unchanged"
            leave_out(self.change, series.id, str(item.occurrence))
            return self._done("updated", series.id)
        assert known is not None
        before = self.change.get("activity", known.id).values
        if before.get("deleted_at") or before.get("status") in CANCELLED:
            return "unchanged"
        if _is_stale(item, before, _base(before), self._changed(known.id)):
            return "stale"
        status = "Canceled" if before["type"] in ("task", "email") else "Not Held"
        sequence = max(item.sequence, before.get("sequence") or 0)
        edit.edit(self.change, "activity", known.id, {"status": status, "sequence": sequence})
        return self._done("updated", known.id)

    def _answer(self, known: _Known | None, item: Item) -> str:
        """Somebody who was invited says whether he comes."""
        if known is None:
            raise UserError(_("it answers an invitation that is not in the book"))
        invited = list(self.change.get("activity", known.id).values.get("invited") or ())
        for person in item.people:
            if person.organizer:
                continue
            same = [point for point in invited if point["value"].casefold() == person.mail.casefold()]
            others = [point for point in invited if point not in same or point["label"] not in ANSWERS]
            invited = [*others, {"label": person.answer, "value": person.mail}]
        noted = edit.edit(self.change, "activity", known.id, {"invited": invited})
        return self._done("updated", known.id) if noted else "unchanged"

    def _changed(self, record_id: str) -> str:
        """When the activity was changed last."""
        sql = "SELECT max(at) FROM entry JOIN action ON action.n = entry.action WHERE entry.record = ?"
        return str(self.book.value(sql, (record_id,)) or "")


def _base(values: dict[str, object]) -> Item | None:
    """The entry as it last came in."""
    original = values.get("original")
    if not original:
        return None
    items = read(str(original)).items
    return items[0] if items else None


def _is_stale(item: Item, before: dict[str, object], base: Item | None, changed: str) -> bool:
    """Whether the book has a later state: by SEQUENCE, then by the time of the last change, as the sender counts."""
    if base is not None:
        return (item.sequence, item.changed or base.changed) < (base.sequence, base.changed)
    known = int(str(before.get("sequence") or 0))
    return item.sequence < known or (item.sequence == known and bool(item.changed) and item.changed < changed)


def _split_name(item: Item) -> str:
    """The UID of what a series is from one of its times on."""
    return f"{item.uid}#{item.occurrence}"


def _called(item: Item) -> str:
    return f"“{quoted(item.values['subject'])}”"


def _distinct(items: Sequence[Item]) -> list[Item]:
    """The entries, each once: of revisions the last; different ones that some program gave one UID get one each."""
    found: dict[tuple[str, str | None, str], Item] = {}
    for item in items:
        key = (item.uid, item.occurrence, item.method)
        other = found.get(key)
        same = other is None or (item.sequence, item.changed) != (other.sequence, other.changed)
        if not same and other is not None and _differ(item, other):
            uid = f"{item.uid}#{item.values['start'] or item.values['subject']}"
            found[uid, item.occurrence, item.method] = item._replace(uid=uid)
        elif other is None or (item.sequence, item.changed) >= (other.sequence, other.changed):
            found[key] = item
    return list(found.values())


def _series_first(items: Sequence[Item]) -> list[Item]:
    """The entries in the file's order, but series before what stands for one of their times."""
    places = {item.uid: place for place, item in reversed(list(enumerate(items))) if not item.occurrence}
    keys = [(places.get(item.uid, place), bool(item.occurrence), place) for place, item in enumerate(items)]
    return [items[key[2]] for key in sorted(keys)]


def _differ(one: Item, other: Item) -> bool:
    return any(one.values[name] != other.values[name] for name in ("start", "subject"))
