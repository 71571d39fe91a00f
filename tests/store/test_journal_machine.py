"""Any sequence of actions: undo takes all back, redo brings all again, and the journal tells every state between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sfa.errors import FieldError, UserError
from sfa.models import KINDS
from sfa.sales import edit
from sfa.store import journal, search, undo
from sfa.store.book import Book
from tests.store.samples import journal_size, search_words, whole

NAMES = st.sampled_from(["Acme", "Ärzte GmbH", 'O\'Hara "Q"', "株式会社", "x", "Łódź 24", "a_b"])
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "account": {
        "name": NAMES,
        "industry": st.sampled_from(["Retail", "Odd", None]),
        "annual_revenue": st.sampled_from([None, 0, 12_345_00]),
        "currency": st.sampled_from(["EUR", "JPY", "BHD"]),
        "phones": st.sampled_from([None, [{"label": "work", "value": "+49 30 12345"}], [{"value": "+1 650 253 0000"}]]),
        "description": st.sampled_from([None, "two\nlines", "other"]),
    },
    "contact": {
        "last_name": NAMES,
        "first_name": st.sampled_from([None, "Anna", "Änne"]),
        "emails": st.sampled_from([None, [{"label": "work", "value": "anna@example.com"}]]),
        "do_not_call": st.sampled_from([None, 0, 1]),
    },
    "opportunity": {
        "name": NAMES,
        "amount": st.sampled_from([None, 100, 5_000_000]),
        "close_date": st.sampled_from([None, "2026-12-24"]),
    },
    "activity": {
        "subject": NAMES,
        "type": st.sampled_from(["task", "call", "note"]),
        "start": st.sampled_from([None, "2026-11-20", "2026-11-20T09:00:00Z"]),
        "body": st.sampled_from([None, "said yes"]),
    },
    "tag": {"name": NAMES},
}
LINKS = {
    "contact": {"account": "account", "tags": "tag"},
    "opportunity": {"account": "account", "primary_contact": "contact", "stage": "stage"},
    "activity": {"account": "account", "contact": "contact", "attendees": "contact"},
    "account": {"parent": "account", "tags": "tag"},
    "tag": {},
}
OWN_TYPES = st.sampled_from(["text", "number", "date", "yes/no"])
OWN_VALUES = {"Text": "gold", "Number": 41.5, "Date": "2026-11-27", "YesNo": 1}


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory) -> None:
    Machine.template = tmp_path_factory.mktemp("template") / "book.sfa"
    Book.create(Machine.template, "Rita Rep").close()


class Machine(RuleBasedStateMachine):
    template: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.book = Book.open(Path(shutil.copy(self.template, self.folder / "book.sfa")))
        self.book.connection.execute("PRAGMA synchronous = OFF")  # what a power cut does is tested elsewhere
        self.first, self.serial = whole(self.book), 0
        self.made: dict[str, list[str]] = {kind: [] for kind in VALUES}
        self.states: dict[int, dict[tuple[str, str], dict[str, Any] | None]] = {}
        self.jumped = False  # an action was undone that was not the last: what follows may be refused
        self._remember()

    def _remember(self) -> None:
        known = [(kind, record) for kind, records in self.made.items() for record in records]
        number = self.book.value("SELECT max(n) FROM action")
        self.states[number] = {key: self._values(*key) for key in known}

    def _values(self, kind: str, record: str) -> dict[str, Any] | None:
        found = self.book.find(kind, record)
        return found.values if found else None

    def _alive(self, kind: str) -> list[str]:
        if kind == "stage":
            return [row[0] for row in self.book.rows("SELECT id FROM stage ORDER BY position")]
        return [record for record in self.made[kind] if self.book.find(kind, record)]

    def _draw(self, data: st.DataObject, kind: str) -> dict[str, Any]:
        names = data.draw(st.lists(st.sampled_from(sorted(VALUES[kind])), unique=True, max_size=3))
        values = {name: data.draw(VALUES[kind][name]) for name in names}
        for name, to in LINKS[kind].items():
            targets = self._alive(to)
            wanted: bool = data.draw(st.booleans())
            if targets and wanted:
                one = data.draw(st.sampled_from(targets))
                values[name] = [one] if name in ("tags", "attendees") else one
        own = {name: field for name, field in self.book.fields(kind).items() if field.custom}
        for name, field in own.items():
            if data.draw(st.booleans()):
                values[name] = OWN_VALUES[type(field).__name__]
        return values

    @rule(data=st.data(), kind=st.sampled_from(sorted(VALUES)))
    def create(self, data: st.DataObject, kind: str) -> None:
        required = {
            name: data.draw(VALUES[kind][name]) for name in KINDS[kind].named_by if KINDS[kind].fields[name].required
        }
        values = {**self._draw(data, kind), **required}
        with self.book.change("Create") as change:
            self.made[kind].append(edit.create(change, kind, values))
        self._remember()

    @rule(data=st.data(), kind=st.sampled_from(sorted(VALUES)), count=st.integers(1, 4))
    def edit_some(self, data: st.DataObject, kind: str, count: int) -> None:
        """One action that changes, deletes, restores and adds several records."""
        alive = self._alive(kind)[:count]
        try:
            with self.book.change("Edit some") as change:
                for record in alive:
                    what = data.draw(st.sampled_from(["edit", "edit", "delete", "restore"]))
                    if what == "edit":
                        edit.edit(change, kind, record, self._draw(data, kind))
                    else:
                        getattr(change, what)(kind, record)
                if kind == "tag":
                    self.made[kind].append(edit.create(change, kind, {"name": "mixed in"}))
        except FieldError:  # such as an amount without its currency
            return
        self._remember()

    @rule(kind=st.sampled_from(["account", "contact"]), count=st.integers(1, 5))
    def bulk_insert(self, kind: str, count: int) -> None:
        rows = [(f"Row {place}", None if place % 2 else "note") for place in range(count)]
        with self.book.change("Import", "import") as change:
            self.made[kind] += change.insert_rows(kind, (KINDS[kind].named_by[-1], "description"), rows)
        self._remember()

    @rule(kind=st.sampled_from(["account", "contact"]), type_name=OWN_TYPES)
    def define_field(self, kind: str, type_name: str) -> None:
        self.serial += 1
        name = f"own_{self.serial}"
        with self.book.change("Define") as change:
            edit.create(change, "custom_field", {"of_kind": kind, "name": name, "type": type_name})
        self._remember()

    @rule(data=st.data())
    def drop_field(self, data: st.DataObject) -> None:
        defined = self.book.records("custom_field")
        if defined:
            with self.book.change("Drop") as change:
                change.delete("custom_field", data.draw(st.sampled_from([record.id for record in defined])))
            self._remember()

    @rule()
    def undo_last(self) -> None:
        self._step(lambda: undo.undo(self.book), undo.next_undo(self.book) is not None)

    @rule()
    def redo_last(self) -> None:
        self._step(lambda: undo.redo(self.book), undo.next_redo(self.book) is not None)

    def _step(self, act: Any, possible: bool) -> bool:
        size = whole(self.book), journal_size(self.book)
        try:
            act()
        except UserError:
            refused = True
        else:
            refused = False
            self._remember()
        assert not refused or (whole(self.book), journal_size(self.book)) == size
        assert not (refused and possible) or self.jumped
        return not refused

    @rule(data=st.data())
    def undo_an_earlier_one(self, data: st.DataObject) -> None:
        target = journal.action(self.book, data.draw(st.sampled_from(sorted(self.states))))
        newest = undo.next_undo(self.book)
        jump = newest is None or target.root != newest.number
        if jump and not data.draw(st.booleans()):  # seldom, so that most runs end with the whole way back
            return
        size = whole(self.book), journal_size(self.book)
        try:
            undo.undo(self.book, target)
        except UserError:
            assert (whole(self.book), journal_size(self.book)) == size
            return
        self.jumped = self.jumped or jump
        self._remember()

    @invariant()
    def search_and_order_are_what_records_say(self) -> None:
        if not hasattr(self, "book"):
            return
        said: set[tuple[str, str, int]] = set()
        for kind in VALUES:
            for values in (record.values for record in self.book.records(kind)):
                assert self.book.value(f'SELECT sort_key FROM "{kind}" WHERE n = ?', (values["n"],)) == KINDS[
                    kind
                ].sort_key_of(values)
                words = search.words(search.document(self.book.fields(kind), values)) if KINDS[kind].rank else []
                said.update((kind, word, values["n"]) for word in words)
        assert set(search_words(self.book)) == said

    def teardown(self) -> None:
        if not hasattr(self, "book"):
            return
        for number, records in self.states.items():
            for key in ((kind, record) for kind, ids in self.made.items() for record in ids):
                assert journal.state(self.book, *key, number) == records.get(key), (number, key)
        last, undone = whole(self.book), 0
        while undo.next_undo(self.book) and self._step(lambda: undo.undo(self.book), True):
            undone += 1
        if not self.jumped:
            assert whole(self.book) == self.first
        for _ in range(undone):
            undo.redo(self.book)
        assert whole(self.book) == last
        self.book.close()
        shutil.rmtree(self.folder)


TestJournal = Machine.TestCase
TestJournal.settings = settings(
    max_examples=80,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
