"""What the calendar shows: reads the days in sight and draws them, with what is under the cursor told in full."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.widget import Widget

from sfa import locales
from sfa.actions import keys_of
from sfa.i18n import _
from sfa.sales import calendar, freetime
from sfa.sales.calendar import Entry
from sfa.screens.calendardays import WIDE, Sight, first_of_week, week_number
from sfa.screens.calendarviews import VIEWS, Page, instant, seconds
from sfa.screens.place import Place
from sfa.widgets.calendargrid import CalendarGrid
from sfa.widgets.columns import Column
from sfa.widgets.messages import Highlighted
from sfa.widgets.monthgrid import MonthGrid
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from sfa.widgets.weekgrid import WeekGrid


class CalendarSight(Place):
    """What lies on some days. ``date`` is the day at hand."""

    DEFAULT_CSS = "CalendarSight #detail { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.view = "week"
        self.date = locales.today()
        self.owner: str | None = None
        self.whole_week: bool | None = None
        """Whether a week has its days off; None leaves it to the width."""
        self.page = Page((), self.date, self.date, freetime.Hours(0, 0))
        self._first = True
        self._at: int | None = None  # the moment that the cursor goes to
        self._keep: str | None = None  # the item that it goes to
        self._waiting = 0  # moves that are drawn and not written yet

    def body(self) -> Iterable[Widget]:
        yield WeekGrid(id="body")
        yield MonthGrid(id="month")
        columns = (
            Column("when", "", 2 + 2 * len(locales.current().time(12, 0)) + 1, weight=0),
            Column("what", "", 18, weight=3),
            Column("who", "", 16, weight=2),
            Column("how", "", 14, weight=1, rank=1),
        )
        empty = _("Nothing is planned, and no working day is in view.\n\nn plans something, ] goes on.")
        yield SectionList(columns, id="agenda", empty=empty)
        yield StatusLine(id="detail")

    @property
    def grid(self) -> CalendarGrid | None:
        """The grid in view; None where the agenda is."""
        names = {"day": "#body", "week": "#body", "month": "#month"}
        return self.query_one(names[self.view], CalendarGrid) if self.view in names else None

    @property
    def agenda(self) -> SectionList:
        return self.query_one("#agenda", SectionList)

    @property
    def sight(self) -> Sight:
        """Which days are shown, of which view."""
        since = self.page.first if self.page.first < self.page.last else ""
        return Sight(self.view, self.date, self.size.width, self.whole_week, since)

    # Reading and showing

    def on_mount(self) -> None:
        self.owner = self.sfa.book.user
        self._choose("week")
        self.set_interval(60, self._tick)
        super().on_mount()

    def on_resize(self) -> None:
        super().on_resize()
        if self.is_mounted and self.sight.days != (self.page.first, self.page.last):
            self.reload()

    def _tick(self) -> None:
        """Time goes on."""
        if self.is_current and not self._waiting:
            self._draw(Page(self.page.entries, self.page.first, self.page.last, self.page.hours))

    def book_changed(self) -> None:
        """A move that is drawn already is read when the last of them is written."""
        if not self._waiting:
            super().book_changed()

    def reload(self) -> None:
        self._read(*self.sight.days, self.owner)

    @work(thread=True, exclusive=True, group="calendar", exit_on_error=False)
    def _read(self, first: str, last: str, owner: str | None) -> None:
        entries = calendar.span(self.sfa.book, first, last, owner)
        self.app.call_from_thread(self._show, Page(entries, first, last, self.hours).ready(), owner)

    @property
    def hours(self) -> freetime.Hours:
        return freetime.hours(self.sfa.settings.working_hours)

    def _show(self, page: Page, owner: str | None) -> None:
        """Shows what was read, unless other days are asked for by now."""
        if (
            self.is_attached
            and (page.first, page.last) == self.sight.days
            and owner == self.owner
            and not self._waiting
        ):
            self._draw(page)

    def _draw(self, page: Page) -> None:
        self.page = page
        at, keep, self._at, self._keep = self._at, self._keep, None, None
        if self._first:
            at, self._first = seconds(page.now), False
        if self.view == "agenda":
            self.agenda.show(page.sections())
            self._find_row(keep, at)
        elif self.view == "month":
            self.query_one(MonthGrid).show(page.month(), keep or self._kept(), at)
        else:
            self.query_one(WeekGrid).show(page.week(), keep or self._kept(), at)
        self._tell()
        self.refresh_bindings()

    def _kept(self) -> str | None:
        return self.grid.cursor_id if self.grid else None

    def _tell(self) -> None:
        locale, page = locales.current(), self.page
        first, last = locale.day(page.first, page.today), locale.day(page.last, page.today)
        if self.view == "month":
            days = f"{locale.month_names[int(self.date[5:7]) - 1]} {self.date[:4]}"
        elif self.view == "week":
            week = _("week {number}").format(number=week_number(first_of_week(self.date)))
            days = f"{first} – {last} · {week}"
        else:
            days = first if page.first == page.last else f"{first} – {last}"
        free = sum(freetime.total(spans) for spans in page.free.values())
        told = _("{length} free").format(length=freetime.length(free)) if free else ""
        views = " ".join(f"{keys_of(f'view_{name}')[0]} {_(title)}" for name, title in VIEWS.items())
        right = self.sfa.banner or (views if self.size.width >= WIDE else "")
        self.tell(" · ".join(filter(None, (days, self._whose(), told))), right)
        self._tell_detail()

    def _whose(self) -> str:
        if self.owner == self.sfa.book.user:
            return _("mine")
        owner = self.sfa.book.find("user", self.owner) if self.owner else None
        return owner.heading if owner else _("everybody")

    @on(Highlighted)
    def _tell_detail(self) -> None:
        """Says all about what is under the cursor."""
        grid, entry, hint = self.grid, self.entry, ""
        if entry:
            text = self.page.detail(entry)
        elif grid:
            begin, _end, all_day = grid.slot
            text = self.page.free_detail(grid.day, "" if all_day else instant(begin))
            hint = _("Enter shows the day") if self.view == "month" else _("Enter plans something")
        else:
            text = _("Enter plans something then") if self.agenda.cursor_id else ""
        self.query_one("#detail", StatusLine).update(text, hint)

    @property
    def entry(self) -> Entry | None:
        """What is under the cursor."""
        key = self.grid.cursor_id if self.grid else (self.agenda.cursor_id or "").partition(" ")[2]
        return self.page.by_key.get(key or "")

    def _choose(self, view: str) -> None:
        self.view = view
        for name in ("body", "month", "agenda"):
            self.query_one(f"#{name}").display = name == (view if view in ("month", "agenda") else "body")
        (self.grid or self.agenda).focus()

    def _find_row(self, key: str | None, moment: int | None) -> None:
        """Puts the cursor of the agenda on an entry, or on free time that begins at a moment, if it is there."""
        ids = [row.id for section in self.page.sections() for row in section.rows]
        free = f"free {instant(moment)} " if moment is not None else None
        for number, id in enumerate(ids):
            if (key and id.partition(" ")[2] == key) or (free and id.startswith(free)):
                self.agenda.move_to(number)
                return
