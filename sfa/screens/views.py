"""What a list shows, and how that is kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from sfa.i18n import N_, _
from sfa.models import KINDS, Record
from sfa.sales import edit
from sfa.screens.picker import Option, Picker
from sfa.screens.prompt import Prompt
from sfa.store.book import Book

if TYPE_CHECKING:
    from sfa.app import SfaApp


class View(NamedTuple):
    """What a list shows: conditions and words, sort paths (``-`` for descending), columns; and what that is called."""

    where: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    text: str = ""
    name: str = ""

    @property
    def filter(self) -> str:
        """The conditions and words in one line."""
        return ", ".join(filter(None, (*self.where, self.text)))


FIRST_VIEWS = {
    "activity": View(("completed_at=",), ("start",), name=N_("open")),
    "opportunity": View(("stage.type=Open|On Hold",), ("close_date",), name=N_("open")),
    "lead": View(("converted_at=",), name=N_("not converted")),
}
"""What a list shows at first, where that is not all records by name."""


def saved(book: Book, kind: str) -> dict[str, View]:
    """The views of a kind that were kept, by their ids."""
    return {record.id: _view(record) for record in book.records("saved_view", "of_kind = ?", (kind,))}


def _view(record: Record) -> View:
    values = record.values
    sort, columns = (
        tuple(part.strip() for part in values.get(name, "").split(",") if part.strip()) for name in ("sort", "columns")
    )
    where = tuple(line for line in values.get("where", "").splitlines() if line.strip())
    return View(where, sort, columns, values.get("text", ""), record.heading)


def keep(book: Book, kind: str, view: View) -> None:
    """Keeps ``view`` under its name, in place of one that has that name already."""
    values = {
        "name": view.name,
        "of_kind": kind,
        "where": "\n".join(view.where),
        "text": view.text,
        "sort": ", ".join(view.sort),
        "columns": ", ".join(view.columns),
    }
    same = [id for id, other in saved(book, kind).items() if other.name.casefold() == view.name.casefold()]
    with book.change(_("Kept the view {name}").format(name=view.name), "screen") as change:
        if same:
            edit.edit(change, "saved_view", same[0], values)
        else:
            edit.create(change, "saved_view", values)


def choose(sfa: SfaApp, kind: str, present: View, use: Callable[[View], None]) -> None:
    """Asks for a view and has it used: all records, that of the start, or one that was kept; keeps or forgets some."""
    plural, kept = _(KINDS[kind].plural).lower(), saved(sfa.book, kind)
    first = FIRST_VIEWS.get(kind, View())
    options = [Option("all", _("All {kind}").format(kind=plural))]
    options += [Option("first", _("As at first"), first.filter)] if first.where else []
    options += [Option(id, view.name, view.filter) for id, view in kept.items()]
    options.append(Option("keep", _("Keep what is shown as …"), present.filter))
    options += [Option("forget", _("Delete a view …"))] if kept else []

    def taken(chosen: list[str] | None) -> None:
        match chosen:
            case ["all"]:
                use(View(columns=present.columns))
            case ["first"]:
                use(first)
            case ["keep"]:
                _ask_name(sfa, kind, present, use)
            case ["forget"]:
                _ask_forget(sfa, kept)
            case [id]:
                use(kept[id])

    sfa.push_screen(Picker(_("Views"), options), taken)


def _ask_name(sfa: SfaApp, kind: str, present: View, use: Callable[[View], None]) -> None:
    def taken(name: str | None) -> None:
        if name:
            view = present._replace(name=name.strip())
            sfa.perform(lambda: keep(sfa.book, kind, view), lambda: use(view))

    names = {view.name.casefold() for view in saved(sfa.book, kind).values()}

    def echo(name: str) -> str:
        return _("takes the place of the view of that name") if name.strip().casefold() in names else ""

    sfa.push_screen(Prompt(_("Name of the view"), present.name, example=_("My open deals"), echo=echo), taken)


def _ask_forget(sfa: SfaApp, kept: dict[str, View]) -> None:
    def taken(chosen: list[str] | None) -> None:
        if chosen:
            title = _("Deleted the view {name}").format(name=kept[chosen[0]].name)

            def work() -> None:
                with sfa.book.change(title, "screen") as change:
                    edit.delete(change, "saved_view", chosen)

            sfa.perform(work)

    options = [Option(id, view.name, view.filter) for id, view in kept.items()]
    sfa.push_screen(Picker(_("Delete which view?"), options), taken)
