"""The forecast: won, committed and called, by rep and rolled up; and what history says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import get_current_worker

from sfa.actions import bindings
from sfa.i18n import N_, _
from sfa.sales.figures import period
from sfa.sales.forecast import texts
from sfa.sales.forecast.calls import ADJUSTED, SUBMITTED, Said, hand_in
from sfa.sales.forecast.standing import Forecast, Row, forecast
from sfa.sales.teams import members
from sfa.screens import whose
from sfa.screens.place import Place
from sfa.screens.prompt import Prompt
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note
from sfa.widgets.pages import ListSource
from sfa.widgets.pages import Row as TableRow
from sfa.widgets.table import Table


class ForecastScreen(Place):
    """What will come in a period."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("forecast")]
    help = N_(
        "What will come in the period: won, committed, in best case, handed in, and what your history says. n hands "
        "in a forecast for the person under the cursor, e adjusts it as the manager; [ and ] go to other periods, Y "
        "names one, o shows a team. Enter lists the deals."
    )

    def __init__(self) -> None:
        super().__init__()
        self.period = period.read("this quarter")
        self.top: str | None = None
        self.found: Forecast | None = None

    DEFAULT_CSS = """
    ForecastScreen #head { margin-top: 1; text-style: bold; height: auto; max-height: 2; }
    ForecastScreen #notes { height: auto; max-height: 4; color: $text-muted; margin-bottom: 1; }
    ForecastScreen #body { margin-top: 1; }
    """

    def body(self) -> Iterable[Widget]:
        yield Note(id="head")
        names = texts.titles()
        widths = (20, 7, 7, 7, 9, 8, 8, 8, 24)
        ranks = (0, 3, 0, 1, 4, 6, 5, 2, 2)
        columns = [
            Column(str(place), name, width, "right" if place else "left", weight=int(place in (0, 8)), rank=rank)
            for place, (name, width, rank) in enumerate(zip(names, widths, ranks, strict=True))
        ]
        yield Table(columns, id="body", empty=_("Reading …"))
        yield Note(id="notes")

    def reload(self) -> None:
        self.tell(_("Forecast · {period}").format(period=self.period.title), self.sfa.banner)
        self._read()

    @work(thread=True, exclusive=True, group="forecast", exit_on_error=False)
    def _read(self) -> None:
        worker, found = get_current_worker(), forecast(self.sfa.book, self.period, None, self.top)
        if worker.is_cancelled:
            return
        self.app.call_from_thread(self._show, found)

    def _show(self, found: Forecast) -> None:
        self.found = found
        self.query_one("#head", Note).update(texts.headline(found))
        lines = texts.table(found)
        ids = [*(row.person.id for row in found.rows), "*"]
        rows = [TableRow(id, tuple(cells)) for id, cells in zip(ids, lines, strict=True)]
        self.query_one("#body", Table).show(ListSource(rows), keep_id=self.query_one("#body", Table).cursor_id)
        notes = self.query_one("#notes", Note)
        notes.update("\n".join(texts.notes(found)))
        for note in (notes, self.query_one("#head", Note)):
            note.refresh(layout=True)
        self.refresh_bindings()

    @property
    def row(self) -> Row | None:
        """The person under the cursor."""
        id = self.query_one("#body", Table).cursor_id
        return next((row for row in self.found.rows if row.person.id == id), None) if self.found else None

    def why_not(self, action_id: str) -> str | None:
        if action_id == "edit":
            return None if self.row else _("There is nobody under the cursor.")
        return super().why_not(action_id)

    # Keys

    def action_new(self) -> None:
        """Hands in a forecast for the person under the cursor, or for whoever works here."""
        row = self.row
        self._ask(row.person.id if row else self.sfa.book.user, SUBMITTED)

    def action_edit(self) -> None:
        """As the manager: what he makes of it."""
        if row := self.row:
            self._ask(row.person.id, ADJUSTED)

    def _ask(self, user: str, type: str) -> None:
        book, when = self.sfa.book, self.period
        currency = self.found.currency if self.found else ""

        def said(text: str) -> Said:
            figure, _slash, note = (part.strip() for part in text.partition("/"))
            return Said(*texts.read_amount(book, figure, currency), None, note)

        def echo(text: str) -> str:
            return texts.told(said(text))

        def taken(text: str | None) -> None:
            if text:
                self.sfa.perform(lambda: hand_in(book, user, when, said(text), type, "screen"))

        name = book.get("user", user).heading
        heading = _("{name} stands for, in {period}") if type == SUBMITTED else _("You make of {name}, in {period}")
        example = _("120k / because Oslo signs in May")
        self.app.push_screen(Prompt(heading.format(name=name, period=when.title), example=example, echo=echo), taken)

    def action_span_back(self) -> None:
        self._go(self.period.moved(-1))

    def action_span_on(self) -> None:
        self._go(self.period.moved(1))

    def _go(self, to: period.Period) -> None:
        self.period = to
        self.reload()

    def action_period(self) -> None:
        def named(text: str) -> period.Period:
            return texts.require_unit(period.read(text))

        def taken(text: str | None) -> None:
            if text:
                self._go(named(text))

        example = _("this month, next quarter, 2027")
        self.app.push_screen(Prompt(_("Forecast of"), example=example, echo=lambda text: named(text).title), taken)

    def action_owner(self) -> None:
        def taken(user: str | None) -> None:
            self.top = user
            self.reload()

        whose.choose(self.sfa, self.top, taken)

    @on(Opened, "#body")
    def open_deals(self) -> None:
        """Lists the open deals that are to close by the end of the period, of the person and everybody below."""
        from sfa.screens.listing import ListScreen
        from sfa.screens.views import View

        row = self.row
        where: tuple[str, ...] = ("closed_at=", f"close_date<={self.period.last}")
        name = _("All")
        if top := row.person.id if row else self.top:
            where = (*where, "owner=" + "|".join(sorted(members(self.sfa.book, top))))
            name = self.sfa.book.get("user", top).heading
        self.app.push_screen(ListScreen("opportunity", View(where, name=f"{self.period.title}: {name}")))
