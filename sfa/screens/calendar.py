"""The calendar: a day, a week, a month or an agenda, with free time, of one user or of all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models.times import days_between, shift_day
from sfa.sales import calendar, freetime
from sfa.sales.calendar import Entry
from sfa.screens import calendardeeds
from sfa.screens.calendardays import WIDE, Sight, first_of_week, week_number
from sfa.screens.calendarviews import VIEWS, Page, instant, seconds
from sfa.screens.form import new_record
from sfa.screens.place import Place, Subject
from sfa.widgets.calendargrid import CalendarGrid
from sfa.widgets.columns import Column
from sfa.widgets.messages import DayChosen, Highlighted, Opened, Rescheduled, Turned, Wanted
from sfa.widgets.monthgrid import MonthGrid
from sfa.widgets.sections import SectionList
from sfa.widgets.statusline import StatusLine
from sfa.widgets.weekgrid import WeekGrid

FREE_DAYS = 60
"""How far free time is looked for."""


class CalendarScreen(Place):
    """What lies on some days. ``date`` is the day at hand."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("calendar")]
    DEFAULT_CSS = "CalendarScreen #detail { background: $surface; }"
    kind = "activity"
    help = N_(
        "What is planned, and what is free (┊, summed on top). 1 to 4 show a day, a week, a month, an agenda; [ and ] "
        "turn to others. Shift+arrows or the mouse move an activity, < and > change its length; Enter on free time "
        "plans something. ╫ overlaps something else, ✓ is done."
    )

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
        self.app.call_from_thread(self._show, Page(entries, first, last, self.hours), owner)

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
        grid, entry = self.grid, self.entry
        if entry:
            text = self.page.detail(entry)
        elif grid:
            begin, _end, all_day = grid.slot
            text = self.page.free_detail(grid.day, "" if all_day else instant(begin))
        else:
            text = _("Enter plans something then") if self.agenda.cursor_id else ""
        self.query_one("#detail", StatusLine).update(text)

    # What is at hand

    @property
    def entry(self) -> Entry | None:
        """What is under the cursor."""
        key = self.grid.cursor_id if self.grid else (self.agenda.cursor_id or "").partition(" ")[2]
        return self.page.by_key.get(key or "")

    def subject(self) -> Subject | None:
        entry = self.entry
        return Subject("activity", [entry.id]) if entry else None

    def preset(self) -> dict[str, str]:
        if self.grid:
            return self._times(*self.grid.slot)
        found = (self.agenda.cursor_id or "").split()
        if len(found) == 3 and found[0] == "free":
            return self._times(seconds(found[1]), min(seconds(found[2]), seconds(found[1]) + 3600), all_day=False)
        return {"type": "task", "start": found[0] if found and found[0] != "free" else self.date}

    def _times(self, begin: int, end: int, all_day: bool) -> dict[str, str]:
        """What something new begins with; it belongs to whoever's calendar is shown."""
        start, stop = calendardeeds.moments(begin, end, all_day)
        values = {"type": "task" if all_day else "meeting", "start": start, "end": stop, "owner": self.owner or ""}
        return {name: value for name, value in values.items() if value}

    @on(Wanted)
    def plan(self, event: Wanted) -> None:
        new_record(self.sfa, "activity", self._times(event.begin, event.end, event.all_day))

    @on(Opened)
    def open_entry(self) -> None:
        """Opens the activity; free time takes something new."""
        if entry := self.entry:
            self.sfa.open_record("activity", entry.id)
        else:
            self.action_new()

    def action_edit(self) -> None:
        self._deed(calendardeeds.edit, super().action_edit)

    def action_delete(self) -> None:
        self._deed(calendardeeds.delete, super().action_delete)

    def action_finish(self) -> None:
        self._deed(calendardeeds.finish, super().action_finish)

    def action_snooze(self) -> None:
        self._deed(calendardeeds.put_off, super().action_snooze)

    def _deed(self, again: calendardeeds.Deed, usual: calendardeeds.Usual) -> None:
        """What is done to one time of a series asks whether it is for that one; all else is as usual."""
        entry = self.entry
        if entry and entry.occurrence:
            again(self.sfa, entry, usual)
        else:
            usual()

    @on(Rescheduled)
    def reschedule(self, event: Rescheduled) -> None:
        """Draws the move at once and writes it behind; one time of a series asks for which times it is."""
        entry = self.page.by_key.get(event.id)
        if entry is None:
            return
        start, end = calendardeeds.moved(entry, event.begin, event.end, event.all_day)
        self.date = locales.to_local(instant(event.begin), locales.zone()).date().isoformat()
        if entry.occurrence:
            calendardeeds.move_again(self.sfa, entry, start, end)
            return
        self._waiting += 1
        self._keep = entry.key
        if self.sight.days == (self.page.first, self.page.last):
            self._draw(self.page.with_entry(entry._replace(start=start, end=end)))
            self._keep = entry.key
        write = partial(calendar.move, self.sfa.book, entry, start, end)
        self.sfa.perform(write, self._written, self._written)

    def _written(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._refreshed()

    # Going about

    def _choose(self, view: str) -> None:
        self.view = view
        for name in ("body", "month", "agenda"):
            self.query_one(f"#{name}").display = name == (view if view in ("month", "agenda") else "body")
        (self.grid or self.agenda).focus()

    def _view(self, view: str) -> None:
        """Shows the same day and thing in another view."""
        self.date, self._keep = self.day, self.entry.key if self.entry else None
        self._at = self._at if self._at is not None or self._keep else self._day_begins(self.date)
        self._choose(view)
        self.reload()

    @property
    def day(self) -> str:
        """The day under the cursor."""
        if self.grid:
            return self.grid.day
        found = (self.agenda.cursor_id or "").split()
        return calendardeeds.day_of(found[1]) if found[:1] == ["free"] else found[0] if found else self.date

    def _day_begins(self, day: str) -> int:
        return seconds(freetime.working(day, self.hours).start)

    def action_view_day(self) -> None:
        self._view("day")

    def action_view_week(self) -> None:
        self._view("week")

    def action_view_month(self) -> None:
        self._view("month")

    def action_view_agenda(self) -> None:
        self._view("agenda")

    def action_columns(self) -> None:
        """All days of a week, or the working days."""
        first, last = self.sight.days
        self.whole_week = shift_day(first, 6) != last
        self._view("week")

    @on(DayChosen)
    def choose_day(self) -> None:
        self._view("day")

    @on(Turned)
    def turn(self, event: Turned) -> None:
        if event.step == 0:
            self.go_to(seconds(locales.now()))
        elif event.days:
            self.date = shift_day(self.day, event.step * event.days)
            while self._shows_work_only and not freetime.is_workday(self.date):
                self.date = shift_day(self.date, event.step)
            self._at = self._same_time(self.date)
            self.reload()
        else:
            self._turn(event.step)

    @property
    def _shows_work_only(self) -> bool:
        """Whether a week is shown without its days off."""
        days = self.page.days
        return self.view == "week" and len(days) == freetime.WORKING_DAYS and all(map(freetime.is_workday, days))

    def action_span_back(self) -> None:
        self._turn(-1)

    def action_span_on(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        """To the days before or after those in view."""
        self.date = self.day if self.view != "agenda" else self.date
        self.date = self.sight.turned(step)
        self._at = self._same_time(self.date)
        self.reload()

    def _same_time(self, day: str) -> int:
        """The time of day under the cursor, on another day."""
        grid = self.grid
        if grid is None or grid.slot[2]:
            return self._day_begins(day)
        return grid.axis.shifted(grid.slot[0], days_between(grid.day, day))

    def go_to(self, moment: int) -> None:
        """Shows a moment, with the cursor on it."""
        self.date = calendardeeds.day_of(instant(moment))
        self._at = moment
        self.reload()

    def _find_row(self, key: str | None, moment: int | None) -> None:
        """Puts the cursor of the agenda on an entry, or on free time that begins at a moment, if it is there."""
        ids = [row.id for section in self.page.sections() for row in section.rows]
        free = f"free {instant(moment)} " if moment is not None else None
        for number, id in enumerate(ids):
            if (key and id.partition(" ")[2] == key) or (free and id.startswith(free)):
                self.agenda.move_to(number)
                return

    def action_go_to_date(self) -> None:
        calendardeeds.ask_day(self.sfa, lambda day: self.go_to(self._day_begins(day)))

    def action_next_free(self) -> None:
        after = instant(self.grid.slot[0]) if self.grid else (self.preset().get("start") or "")
        after = after if len(after) > 10 else instant(self._day_begins(self.date))
        self._find_free(max(after, self.page.now) if after < self.page.now else after)

    @work(thread=True, exclusive=True, group="free", exit_on_error=False)
    def _find_free(self, after: str) -> None:
        last = shift_day(calendardeeds.day_of(after), FREE_DAYS)
        entries = calendar.span(self.sfa.book, calendardeeds.day_of(after), last, self.owner)
        found = freetime.next_free(entries, after, last, self.hours)
        if found:
            self.app.call_from_thread(self.go_to, seconds(found.start))
        else:
            self.app.call_from_thread(
                self.sfa.tell, _("Nothing is free in the next {days} days.").format(days=FREE_DAYS)
            )

    def action_owner(self) -> None:
        def taken(owner: str | None) -> None:
            self.owner = owner
            self.reload()

        calendardeeds.ask_owner(self.sfa, self.owner, taken)
