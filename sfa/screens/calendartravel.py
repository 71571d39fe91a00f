"""Going about in the calendar: other views, other days, free time, other people."""

from __future__ import annotations

from textual import on, work

from sfa import locales
from sfa.i18n import _
from sfa.models.times import days_between, shift_day
from sfa.sales import calendar, freetime
from sfa.screens import calendardeeds
from sfa.screens.calendarsight import CalendarSight
from sfa.screens.calendarviews import instant, seconds
from sfa.widgets.messages import DayChosen, Turned

FREE_DAYS = 60
"""How far free time is looked for."""


class CalendarTravel(CalendarSight):
    """What keys and clicks lead to."""

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
        """Shows a moment, with the cursor on it; at once where it is in view."""
        self.date = calendardeeds.day_of(instant(moment))
        if self.grid and self.sight.days == (self.page.first, self.page.last):
            self.grid.go_to(moment)
            self._tell()
        else:
            self._at = moment
            self.reload()

    def action_go_to_date(self) -> None:
        calendardeeds.ask_day(self.sfa, lambda day: self.go_to(self._day_begins(day)))

    def action_next_free(self) -> None:
        after = instant(self.grid.slot[0]) if self.grid else (self.preset().get("start") or "")
        after = after if len(after) > 10 else instant(self._day_begins(self.date))
        self._find_free(max(after, self.page.now))

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
