"""The calendar: a day, a week, a month or an agenda, with free time, of one user or of all."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from sfa import locales
from sfa.actions import bindings
from sfa.i18n import N_
from sfa.sales import calendar
from sfa.screens import calendardeeds
from sfa.screens.calendartravel import CalendarTravel
from sfa.screens.calendarviews import instant, seconds
from sfa.screens.form import new_record
from sfa.screens.place import Subject
from sfa.widgets.messages import Opened, Rescheduled, Wanted


class CalendarScreen(CalendarTravel):
    """What is done with what lies on the days."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("calendar")]
    kind = "activity"
    help = N_(
        "What is planned, and what is free (┊, summed on top). 1 to 4 show a day, a week, a month, an agenda; [ and ] "
        "turn to others. Shift+arrows or the mouse move an activity, < and > change its length; Enter on free time "
        "plans something. ╫ overlaps something else, ✓ is done."
    )

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

    def action_finish_next(self) -> None:
        self._deed(calendardeeds.finish, super().action_finish_next)

    def action_log_call(self) -> None:
        self._deed(calendardeeds.finish, super().action_log_call)

    def action_tomorrow(self) -> None:
        self._deed(calendardeeds.tomorrow, super().action_tomorrow)

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
