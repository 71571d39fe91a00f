"""Lists of one kind of record: filtered while one types, sorted, with the columns one wants, kept as views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings, keys_of
from sfa.errors import SfaError
from sfa.i18n import N_, _
from sfa.models import KINDS, Field
from sfa.sales import edit, pipeline
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place, Subject
from sfa.screens.prompt import Prompt
from sfa.screens.rows import Rows, columns_with_currencies, split_filter
from sfa.store.query import Condition, Query, parse_condition
from sfa.widgets.columns import Column
from sfa.widgets.filterbar import FilterBar
from sfa.widgets.messages import Marked, Opened, SortBy
from sfa.widgets.table import Table


class View(NamedTuple):
    """What a list shows: conditions as typed, sort paths (``-`` for descending), columns; and what that is called."""

    where: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    name: str = ""


FIRST_VIEWS = {
    "activity": View(("completed_at=",), ("start",), name=N_("open")),
    "opportunity": View(("stage.type=Open|On Hold",), ("close_date",), name=N_("open")),
    "lead": View(("converted_at=",), name=N_("open")),
}
"""What a list shows at first, where that is not all records by name."""


class ListScreen(Place):
    """All records of ``kind``, or those that a view, the filter line and the owner leave."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    help = (
        "Type / and a word, or a condition such as amount>10000 or city~berlin, to narrow the list. s sorts, | chooses "
        "columns, V keeps what you see under a name. Space marks; what you do then is done to all marked, as one step."
    )

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind: str = kind
        self.view = View()
        self.typed = ""
        self.owner: str | None = None
        self.problem = ""
        self.count = 0

    def body(self) -> Iterable[Widget]:
        self.view = self.sfa.list_views.get(self.kind) or FIRST_VIEWS.get(self.kind, View())
        yield FilterBar(_("words, or conditions such as owner=me   Enter keeps, Esc clears"))
        yield Table(self._columns(), id="body", empty=self._empty())

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
        return [
            Column(
                name,
                fields[name].title,
                min(fields[name].width, 14),
                fields[name].align,
                weight=fields[name].width,
                rank=place,
            )
            for place, name in enumerate(self.shown())
        ]

    def reload(self) -> None:
        self._read()

    def _query(self) -> Query:
        words, conditions = split_filter(self.typed, self.fields)
        where = [parse_condition(text) for text in self.view.where] + conditions
        if self.owner:
            where.append(Condition("owner", "=", self.owner))
        return Query(self.kind, columns_with_currencies(self.shown(), self.fields), tuple(where), self.view.sort, words)

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def _read(self) -> None:
        try:
            rows = Rows(self.sfa.book, self._query(), len(self.shown()))
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
        column = self.view.sort[0] if self.view.sort else ""
        self.table.set_sort(column.removeprefix("-") or None, column.startswith("-"))
        self._tell()

    def _tell(self, marked: int = 0) -> None:
        parts = [
            f"{_(KINDS[self.kind].plural)}  {locales.current().number(self.count)}",
            _(self.view.name) or ", ".join(self.view.where),
        ]
        right = _("{count} marked – e edit, d delete, Esc unmark").format(count=marked) if marked else self._narrowed()
        self.tell(" · ".join(filter(None, parts)), f"! {self.problem}" if self.problem else right)

    def _narrowed(self) -> str:
        owner = self.sfa.book.find("user", self.owner) if self.owner else None
        return " · ".join(filter(None, (owner.heading if owner else "", self.typed)))

    def _empty(self) -> str:
        label = _(KINDS[self.kind].label).lower()
        if self.typed or self.owner or self.view.where:
            return _("No {kind} matches.\n\n/ Esc clears the filter, V shows all, {new} adds one").format(
                kind=label, new=keys_of("new")[0]
            )
        return _("There is no {kind} yet.\n\n{new}  adds one\nsfa import FILE --as {name}  brings a whole list").format(
            kind=label, new=keys_of("new")[0], name=self.kind
        )

    def subject(self) -> Subject | None:
        ids = self.table.targets()
        return Subject(self.kind, ids) if ids else None

    @on(Opened, "#body")
    def open_record(self, event: Opened) -> None:
        self.sfa.open_record(self.kind, event.id)

    @on(Marked, "#body")
    def tell_marks(self, event: Marked) -> None:
        self._tell(event.count)

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
        self.use(self.view._replace(sort=(f"-{path}" if self.view.sort == (path,) else path,)))

    def action_sort(self) -> None:
        options = [Option(name, self.fields[name].title, self._arrow(name)) for name in self.shown()]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.sort_by(SortBy(self.table, chosen[0]))

        self.app.push_screen(Picker(_("Sort by (again: the other way round)"), options, at=self._sorted()), taken)

    def _sorted(self) -> str:
        return self.view.sort[0].removeprefix("-") if self.view.sort else self.shown()[0]

    def _arrow(self, name: str) -> str:
        return "▲" if self.view.sort == (name,) else "▼" if self.view.sort == (f"-{name}",) else ""

    def action_columns(self) -> None:
        shown = self.shown()
        names = [*shown, *(name for name in self.fields if name not in shown)]

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
        options = [Option(id, name) for id, name in pipeline.pipelines(self.sfa.book)]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                where = tuple(text for text in self.view.where if not text.startswith("pipeline="))
                self.use(self.view._replace(where=(*where, f"pipeline={chosen[0]}"), name=""))

        self.app.push_screen(Picker(_("Pipeline"), options), taken)

    def action_views(self) -> None:
        saved = {view.id: view for view in self.sfa.book.records("saved_view", "of_kind = ?", (self.kind,))}
        conditions = {id: view.values.get("where", "").replace("\n", ", ") for id, view in saved.items()}
        options = [
            Option("all", _("All {kind}").format(kind=_(KINDS[self.kind].plural).lower())),
            Option("first", _("As at first")),
            *(Option(id, view.heading, conditions[id]) for id, view in saved.items()),
            Option("save", _("Keep what is shown as …")),
        ]

        def taken(chosen: list[str] | None) -> None:
            if chosen == ["save"]:
                self.app.push_screen(Prompt(_("Name of the view"), example=_("My open deals")), self.keep)
            elif chosen == ["all"]:
                self.use(View(columns=self.view.columns))
            elif chosen == ["first"]:
                self.use(FIRST_VIEWS.get(self.kind, View()))
            elif chosen:
                values = saved[chosen[0]].values
                split = {name: tuple((values.get(name) or "").splitlines()) for name in ("where", "sort", "columns")}
                self.use(View(**split, name=values["name"]))

        self.app.push_screen(Picker(_("Views"), options), taken)

    def keep(self, name: str | None) -> None:
        """Keeps filter, sort and columns as a view that every start finds again."""
        if not name:
            return
        words, conditions = split_filter(self.typed, self.fields)
        first = next(iter(self.fields))
        where = [
            *self.view.where,
            *("".join(condition) for condition in conditions),
            *([f"{first}~{words}"] if words else []),
        ]
        where += [f"owner={self.owner}"] if self.owner else []
        values = {
            "name": name,
            "of_kind": self.kind,
            "where": "\n".join(where),
            "sort": "\n".join(self.view.sort),
            "columns": "\n".join(self.shown()),
        }
        title = _("Kept the view {name}").format(name=name)

        def write() -> str:
            with self.sfa.book.change(title, "screen") as change:
                edit.create(change, "saved_view", values)
            return title

        self.sfa.perform(write)

    def why_not(self, action_id: str) -> str | None:
        if action_id == "pipeline" and self.kind != "opportunity":
            return _("Only deals are in a pipeline.")
        return super().why_not(action_id)
