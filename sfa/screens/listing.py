"""Lists of one kind of record: filtered while one types, sorted, with the columns one wants, kept as views."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings, keys_of
from sfa.errors import SfaError
from sfa.i18n import N_, _
from sfa.models import KINDS, Field
from sfa.sales import pipeline
from sfa.screens import scored
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place, Subject
from sfa.screens.rows import Rows, columns_with_currencies, split_filter
from sfa.screens.views import FIRST_VIEWS, View, choose
from sfa.store.query import Condition, Query, parse_condition
from sfa.widgets.columns import Column
from sfa.widgets.filterbar import FilterBar
from sfa.widgets.messages import Marked, Opened, SortBy
from sfa.widgets.table import Table

LEAST = {"first": 24, "right": 14, "left": 12}
"""Cells that a column has at least, if its field can use them: names and amounts must be readable."""


class ListScreen(Place):
    """All records of ``kind``, or those that a view (at first the ``given`` one), the filter and the owner leave."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    help = N_(
        "Type / and a word, or a condition such as amount>10000 or city~berlin, to narrow the list. s sorts, | chooses "
        "columns, V keeps what you see under a name. Space marks; what you do then is done to all marked, as one step."
    )

    def __init__(self, kind: str, view: View | None = None) -> None:
        super().__init__()
        self.kind: str = kind
        self.view, self.given = View(), view
        self.typed = ""
        self.owner: str | None = None
        self.problem = ""
        self.count = 0

    def body(self) -> Iterable[Widget]:
        self.view = self.given or self.sfa.list_views.get(self.kind) or FIRST_VIEWS.get(self.kind, View())
        yield FilterBar(_("words, or conditions such as owner=me   Enter keeps, Esc clears"))
        yield Table(self._columns(), id="body")

    @property
    def table(self) -> Table:
        return self.query_one("#body", Table)

    @property
    def fields(self) -> dict[str, Field[Any]]:
        return self.sfa.book.fields(self.kind)

    def shown(self) -> tuple[str, ...]:
        """The names of the columns."""
        listed = sorted((field for field in self.fields.values() if field.listed), key=lambda field: field.listed)
        return self.view.columns or tuple(field.name for field in listed)

    def _columns(self) -> list[Column]:
        fields = self.fields
        return [*self._field_columns(fields), *scored.columns(self.sfa.book, self.kind, len(self.shown()))]

    def _field_columns(self, fields: dict[str, Field[Any]]) -> list[Column]:
        return [
            Column(
                name,
                fields[name].title,
                min(fields[name].width, LEAST[fields[name].align if place else "first"]),
                fields[name].align,
                weight=fields[name].width,
                rank=place,
            )
            for place, name in enumerate(self.shown())
        ]

    @property
    def _is_scored(self) -> bool:
        return any(column.name == scored.COLUMN for column in self._columns())

    def on_mount(self) -> None:
        scored.keep_learned(self, self.kind)

    def reload(self) -> None:
        self.table.set_columns(self._columns())  # chances have one as soon as they are learned
        self._read()

    def _query(self) -> Query:
        words, conditions = split_filter(self.typed, self.fields)
        where = [parse_condition(text) for text in self.view.where] + conditions
        if self.owner:
            where.append(Condition("owner", "=", self.owner))
        columns = columns_with_currencies(self.shown(), self.fields)
        text = " ".join(filter(None, (self.view.text, words)))
        return Query(self.kind, columns, tuple(where), self.view.sort, text)

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def _read(self) -> None:
        try:
            beside = partial(scored.chances, self.sfa.book, self.kind) if self._is_scored else None
            rows = Rows(self.sfa.book, self._query(), len(self.shown()), beside)
            rows.page(0, 1)
        except SfaError as error:
            self.app.call_from_thread(self._refuse, str(error))
        else:
            self.app.call_from_thread(self._show, rows)

    def _refuse(self, problem: str) -> None:
        self.problem = problem
        self._tell()

    def _show(self, rows: Rows) -> None:
        self.problem, self.count = "", rows.count
        self.table.show(rows, keep_id=self.table.cursor_id, keep_marks=True, empty=self._empty())
        self.table.set_sort(self._sorted().removeprefix("-"), self._sorted().startswith("-"))
        self._tell()

    def _tell(self) -> None:
        marked = self.table.marked
        parts = [
            f"{_(KINDS[self.kind].plural)}  {locales.current().number(self.count)}",
            _(self.view.name) or self.view.filter,
        ]
        right = _("{count} marked – e edit, d delete, Esc unmark").format(count=marked) if marked else self._narrowed()
        self.tell(" · ".join(filter(None, parts)), f"! {self.problem}" if self.problem else right)

    def _narrowed(self) -> str:
        owner = self.sfa.book.find("user", self.owner) if self.owner else None
        return " · ".join(filter(None, (owner.heading if owner else "", self.typed)))

    def _empty(self) -> str:
        label = _(KINDS[self.kind].label).lower()
        if self.typed or self.owner or self.view.filter:
            clear = _("/ Esc clears the filter\n") if self.typed else ""
            return _("No {kind} matches.\n\n{clear}V shows all\n{new} adds one").format(
                kind=label, clear=clear, new=keys_of("new")[0]
            )
        return _("There is no {kind} yet.\n\n{new}  adds one\nsfa import FILE --as {name}  brings a whole list").format(
            kind=label, new=keys_of("new")[0], name=self.kind
        )

    def subject(self) -> Subject | None:
        ids = self.table.targets()
        return Subject(self.kind, ids) if ids else None

    def at_hand(self, action_id: str) -> Subject | None:  # noqa: ARG002 - the same for every action
        cursor = self.table.cursor_id
        return Subject(self.kind, [cursor]) if cursor else None

    @on(Opened, "#body")
    def open_record(self, event: Opened) -> None:
        self.sfa.open_record(self.kind, event.id)

    @on(Marked, "#body")
    def tell_marks(self) -> None:
        self._tell()

    def action_filter(self) -> None:
        self.query_one(FilterBar).open()

    @on(FilterBar.Narrowed)
    def narrow(self, event: FilterBar.Narrowed) -> None:
        self.typed = event.text.strip()
        self._read()

    def use(self, view: View) -> None:
        """Shows another view, and remembers it while the program runs."""
        self.view = self.sfa.list_views[self.kind] = view
        self.table.set_columns(self._columns())
        self._read()

    @on(SortBy, "#body")
    def sort_by(self, event: SortBy) -> None:
        """The same column again turns the order round."""
        path = event.column
        if path == scored.COLUMN:
            self.sfa.tell(_("Scores are no part of the book: sfa score prints the best first."))
            return
        self.use(self.view._replace(sort=(f"-{path}" if self._sorted() == path else path,)))

    def action_sort(self) -> None:
        options = [Option(name, self.fields[name].title, self._arrow(name)) for name in self.shown()]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.sort_by(SortBy(self.table, chosen[0]))

        self.app.push_screen(
            Picker(_("Sort by (again: the other way round)"), options, at=self._sorted().removeprefix("-")), taken
        )

    def _sorted(self) -> str:
        """The column that the list is sorted by, with ``-`` where it is descending; without a choice its name."""
        definition = KINDS[self.kind]
        return self.view.sort[0] if self.view.sort else (definition.sorted_by or definition.named_by)[0]

    def _arrow(self, name: str) -> str:
        return {name: "▲", f"-{name}": "▼"}.get(self._sorted(), "")

    def action_columns(self) -> None:
        shown = self.shown()
        names = [*shown, *(name for name, field in self.fields.items() if name not in shown and not field.hidden)]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.use(self.view._replace(columns=tuple(name for name in names if name in chosen)))

        options = [Option(name, self.fields[name].title) for name in names]
        self.app.push_screen(Picker(_("Columns"), options, several=True, chosen=shown), taken)

    def action_owner(self) -> None:
        users = self.sfa.book.records("user")
        options = [Option("", _("Everybody")), *(Option(user.id, user.heading) for user in users)]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.owner = chosen[0] or None
                self._read()

        self.app.push_screen(
            Picker(_("Whose {kind}").format(kind=_(KINDS[self.kind].plural).lower()), options, at=self.owner or ""),
            taken,
        )

    def action_pipeline(self) -> None:
        """Narrows deals to one pipeline."""
        names = [name for _id, name in pipeline.pipelines(self.sfa.book)]
        options = [Option("", _("All pipelines")), *(Option(name, name) for name in names)]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                where = [text for text in self.view.where if not text.startswith("pipeline=")]
                where += [f"pipeline={chosen[0]}"] if chosen[0] else []
                self.use(self.view._replace(where=tuple(where), name=""))

        self.app.push_screen(Picker(_("Pipeline"), options), taken)

    def action_views(self) -> None:
        choose(self.sfa, self.kind, self._present(), self.use_alone)

    def _present(self) -> View:
        """What is shown now, with what was typed and chosen on top of the view."""
        words, conditions = split_filter(self.typed, self.fields)
        where = [*self.view.where, *("".join(condition) for condition in conditions)]
        where += [f"owner={'me' if self.owner == self.sfa.book.user else self.owner}"] if self.owner else []
        text = " ".join(filter(None, (self.view.text, words)))
        name = "" if self.view.name == FIRST_VIEWS.get(self.kind, View()).name else self.view.name
        return View(tuple(dict.fromkeys(where)), self.view.sort, self.shown(), text, name)

    def use_alone(self, view: View) -> None:
        """Shows a view and nothing on top of it."""
        self.owner, self.typed = None, ""
        self.query_one(FilterBar).action_clear()
        self.use(view)

    def why_not(self, action_id: str) -> str | None:
        if action_id == "pipeline" and self.kind != "opportunity":
            return _("Only deals are in a pipeline.")
        return super().why_not(action_id)
