"""One report: its plot, its table, and the records behind each row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import get_current_worker

from sfa.actions import bindings
from sfa.errors import SfaError
from sfa.i18n import N_, _
from sfa.sales.figures import engine, own, period
from sfa.sales.figures.catalogue import REPORTS
from sfa.sales.figures.report import Ask, Figures, shown
from sfa.sales.teams import members, tree
from sfa.screens.charting import columns_of, drawing_of
from sfa.screens.history import ActionTable
from sfa.screens.listing import ListScreen
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place
from sfa.screens.prompt import Prompt
from sfa.screens.reportdeeds import conditions, pin, told_of, typed, written
from sfa.screens.views import View
from sfa.widgets.messages import Highlighted, Opened
from sfa.widgets.pages import ListSource, Row
from sfa.widgets.plot import PlotView

TICK = 0.25
"""Seconds between two looks at a report that is being read."""


class ReportScreen(Place):
    """The report ``name``: a shipped one, or by the id of one of the user's own."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stop", show=False), *bindings("report")]
    help = N_(
        "A report with its plot. Enter lists the records behind a row; = reads it by something else, Y of another "
        "period, [ and ] of the one before and after, / narrows it, o by team. E keeps it, X writes it to a file."
    )

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_of, self.ask = name, Ask()
        self.team: str | None = None
        self.figures: Figures | None = None
        self._started = 0.0
        self._stopped = False
        self._reading: Any = None  # the connection of the thread that reads
        self._timer: Timer | None = None

    def body(self) -> Iterable[Widget]:
        yield PlotView(id="plot")
        yield ActionTable((), id="body")

    @property
    def table(self) -> ActionTable:
        return self.query_one("#body", ActionTable)

    @property
    def title_of(self) -> str:
        record = self.sfa.book.find("report", self.name_of)
        return record.heading if record else _(REPORTS[self.name_of].title)

    def on_mount(self) -> None:
        record = self.sfa.book.find("report", self.name_of)
        if record:
            self.ask = own.asked(record)
        self._timer = self.set_interval(TICK, self._tick, pause=True)
        super().on_mount()
        self._arrange()

    def on_resize(self) -> None:
        super().on_resize()
        self._arrange()

    def _arrange(self) -> None:
        """The plot has what it needs, at most half of the screen."""
        plot, rows = self.query_one("#plot", PlotView), len(self.figures.rows) if self.figures else 0
        series = len(self.figures.plotted()) if self.figures and self.figures.plot.kind == "bars" else 1
        wanted = 9 if self.figures and self.figures.plot.kind == "lines" else rows * max(min(series, 2), 1) + 1
        room = self.size.height // 2 - 2
        plot.styles.height = min(wanted, room) if room >= 4 and rows else 0

    # Reading

    def reload(self) -> None:
        self._interrupt()  # what nobody waits for any more
        self._stopped, self._started = False, time.monotonic()
        if self._timer:
            self._timer.resume()
        self._read()

    @work(thread=True, exclusive=True, group="report", exit_on_error=False)
    def _read(self) -> None:
        worker, connection = get_current_worker(), self.sfa.book.connection
        self._reading = connection
        try:
            found = self._figures()
        except SfaError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._refuse, _("Stopped.") if self._stopped else str(error))
        else:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._show, found)
        finally:
            if self._reading is connection:
                self._reading = None

    def _figures(self) -> Figures:
        book = self.sfa.book
        if self.name_of in REPORTS:
            return engine.read(book, REPORTS[self.name_of], self._narrowed())
        return own.of_ask(book, book.get("report", self.name_of), self._narrowed())

    def _narrowed(self) -> Ask:
        """What is asked, of the team that is shown."""
        team = ("owner=" + "|".join(sorted(members(self.sfa.book, self.team))),) if self.team else ()
        return self.ask._replace(where=(*self.ask.where, *team))

    def _tick(self) -> None:
        """Says how long it has been reading."""
        if self._reading is not None:
            seconds = int(time.monotonic() - self._started)
            self.tell(self.title_of, _("Reading … {seconds} s   Esc stops").format(seconds=seconds))
        elif self._timer:
            self._timer.pause()

    def action_stop(self) -> None:
        """Stops reading; leaves where nothing is read."""
        if self._reading is None:
            self.app.pop_screen()
            return
        self._stopped = True
        self._interrupt()

    def on_unmount(self) -> None:
        self._interrupt()

    def _interrupt(self) -> None:
        if self._reading:
            with suppress(Exception):  # it may have ended, and closed its connection, at this very moment
                self._reading.interrupt()

    def _refuse(self, problem: str) -> None:
        self.tell(self.title_of, f"! {problem}")

    def _show(self, found: Figures) -> None:
        self.figures = found
        self.ask = self.ask._replace(by=found.by.name, period=found.ask.period) if found.by.name else self.ask
        texts = [self._texts(row.values) for row in found.rows]
        total = self._texts(found.total) if found.total else ()
        self.table.set_columns(columns_of(found, [*texts, total] if total else texts))
        rows = [Row(str(place), cells) for place, cells in enumerate(texts)]
        if total:
            rows.append(Row("total", total, True))
        self.table.show(ListSource(rows if found.rows else []), keep_id=self.table.cursor_id, empty=self._empty())
        self.query_one("#plot", PlotView).show(drawing_of(found))
        self._arrange()
        self._say()

    def _texts(self, values: tuple[Any, ...]) -> tuple[str, ...]:
        assert self.figures
        return tuple(
            shown(column, value, self.figures.currency)
            for column, value in zip(self.figures.columns, values, strict=True)
        )

    def _say(self) -> None:
        assert self.figures
        by = _(self.figures.by.title)
        parts = [self.title_of, _("by {what}").format(what=by.lower()), self.ask.period.title, *self.ask.where]
        if self.team:
            parts.append(self.sfa.book.get("user", self.team).heading)
        self.tell(" · ".join([*parts, *self.figures.notes]), self.sfa.banner)

    def _empty(self) -> str:
        narrowed = not self.ask.period.is_all or self.ask.where or self.team
        hint = _("Y chooses another period, / another filter.") if narrowed else _("It fills as the book does.")
        return _("There is nothing to report yet.\n\n{hint}").format(hint=hint)

    @on(Highlighted)
    def follow(self) -> None:
        """Has the plot show the row under the cursor."""
        self.query_one("#plot", PlotView).follow(self.table.cursor)

    # Asking

    def use(self, ask: Ask) -> None:
        """Reads it as ``ask`` says from now on."""
        self.ask = ask
        self.reload()

    @on(Opened, "#body")
    def open_row(self, event: Opened) -> None:
        """The records behind a row."""
        if not self.figures or event.id == "total":
            return
        row = self.figures.rows[int(event.id)]
        if row.drill is None:
            reason = _("There is no list: lists have no condition for this row of {what}.")
            if not any(row.values[1:]):
                reason = _("There is nothing behind this row.")
            self.sfa.tell(reason.format(what=_(self.figures.by.title)))
            return
        view = View(row.drill, name=f"{self.figures.title}: {row.label}")
        self.app.push_screen(ListScreen(self.figures.kind, view))

    def why_not(self, action_id: str) -> str | None:
        if action_id == "pin" and self.name_of in REPORTS:
            return _("E keeps it as one of your own first.")
        if action_id == "by" and self.name_of not in REPORTS and not self._shipped():
            return _("e in the list of reports says what an own report is grouped by.")
        return super().why_not(action_id)

    def _shipped(self) -> str:
        record = self.sfa.book.find("report", self.name_of)
        return self.name_of if self.name_of in REPORTS else (record.values.get("shipped") or "") if record else ""

    def action_by(self) -> None:
        declared = REPORTS[self._shipped()]
        options = [Option(by.name, _(by.title)) for by in declared.by]
        self._pick(_("Read it by"), options, self.ask.by, lambda name: self.use(self.ask._replace(by=name)))

    def _pick(self, heading: str, options: list[Option], at: str, use: Callable[[str], None]) -> None:
        def taken(chosen: list[str] | None) -> None:
            if chosen is not None:
                use(chosen[0])

        self.app.push_screen(Picker(heading, options, at=at), taken)

    def action_period(self) -> None:
        def taken(text: str | None) -> None:
            if text:
                self.use(self.ask._replace(period=period.read(text)))

        example = _("this quarter, 2026-Q2, last 90 days, 2026-01..2026-06, all time")
        prompt = Prompt(_("Period"), self.ask.period.code, example=example, echo=lambda text: period.read(text).title)
        self.app.push_screen(prompt, taken)

    def action_span_back(self) -> None:
        self.use(self.ask._replace(period=self.ask.period.moved(-1)))

    def action_span_on(self) -> None:
        self.use(self.ask._replace(period=self.ask.period.moved(1)))

    def action_filter(self) -> None:
        def taken(text: str | None) -> None:
            if text is not None:
                self.use(self.ask._replace(where=conditions(text)))

        example = _("amount>10000 account.industry~retail")
        heading, present = _("Only where (- for all)"), typed(self.ask.where)
        prompt = Prompt(heading, present, example=example, echo=lambda text: " · ".join(conditions(text)) or _("all"))
        self.app.push_screen(prompt, taken)

    def action_owner(self) -> None:
        options = [Option("", _("Everybody"))]
        options += [Option(one.id, "  " * one.depth + one.name) for one in tree(self.sfa.book)]

        def use(id: str) -> None:
            self.team = id or None
            self.reload()

        self._pick(_("Whose, with everybody below"), options, self.team or "", use)

    def action_keep(self) -> None:
        """Keeps what is shown under a name."""

        def taken(name: str | None) -> None:
            if name:
                values = own.values_of(self._base(), name, self._narrowed())
                self.sfa.perform(lambda: own.save(self.sfa.book, values, "screen"))

        self.app.push_screen(Prompt(_("Name of the report"), example=_("Losses of this quarter")), taken)

    def _base(self) -> dict[str, Any]:
        record = self.sfa.book.find("report", self.name_of)
        return {"shipped": self.name_of} if record is None else record.values

    def action_pin(self) -> None:
        pin(self.sfa, self.name_of)

    def action_export(self) -> None:
        def taken(name: str | None) -> None:
            if name and self.figures:
                self._write(self.figures, Path(name).expanduser())

        first = f"~/{self.figures.title if self.figures else 'report'}.pdf".replace("/", "-").replace("~-", "~/")
        self.app.push_screen(Prompt(_("Write it to (.pdf .svg .png .csv)"), first, echo=told_of), taken)

    @work(thread=True, group="document", exit_on_error=False)
    def _write(self, figures: Figures, path: Path) -> None:
        try:
            text = written(figures, path)
        except SfaError as error:
            self.app.call_from_thread(self.sfa.tell_error, error)
        else:
            self.app.call_from_thread(self.sfa.tell, text)
