"""Going about: from place to place, into records and back."""

from __future__ import annotations

from typing import Any

from sfa.i18n import _
from sfa.screens.place import Place
from sfa.widgets.telling import TellingApp


class TravellingApp(TellingApp):
    """An app of places; ``visited`` are the records that were looked at, as kind and id, the last at the end."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.visited: list[tuple[str, str]] = []

    def go(self, place: Place | None) -> None:
        """Closes everything that is open over Today, and shows ``place`` there, if any."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if place:
            self.push_screen(place)

    def open_record(self, kind: str, record_id: str) -> None:
        """Shows everything about one record, on top of where we are."""
        from sfa.screens.record import RecordScreen

        others = [item for item in self.visited if item != (kind, record_id)]
        self.visited = [*others[-50:], (kind, record_id)]
        self.push_screen(RecordScreen(kind, record_id))

    def action_today(self) -> None:
        self.go(None)

    def action_board(self) -> None:
        from sfa.screens.board import BoardScreen

        self.go(BoardScreen())

    def open_list(self, kind: str) -> None:
        """Shows all records of ``kind``."""
        from sfa.screens.listing import ListScreen

        self.go(ListScreen(kind))

    def action_accounts(self) -> None:
        self.open_list("account")

    def action_contacts(self) -> None:
        self.open_list("contact")

    def action_leads(self) -> None:
        self.open_list("lead")

    def action_opportunities(self) -> None:
        self.open_list("opportunity")

    def action_activities(self) -> None:
        self.open_list("activity")

    def action_calendar(self) -> None:
        from sfa.screens.calendar import CalendarScreen

        self.go(CalendarScreen())

    def action_review(self) -> None:
        from sfa.screens.review import ReviewScreen

        self.go(ReviewScreen())

    def action_forecast(self) -> None:
        from sfa.screens.forecast import ForecastScreen

        self.go(ForecastScreen())

    def action_reports(self) -> None:
        from sfa.screens.reports import ReportsScreen

        self.go(ReportsScreen())

    async def action_back(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_previous(self) -> None:
        from sfa.screens.record import RecordScreen

        here = (self.screen.kind, self.screen.record_id) if isinstance(self.screen, RecordScreen) else None
        others = [item for item in self.visited if item != here]
        if others:
            self.open_record(*others[-1])
        else:
            self.tell(_("No other record was looked at yet."))

    def action_search(self) -> None:
        from sfa.screens.search import SearchScreen

        self.push_screen(SearchScreen())

    def action_help(self) -> None:
        from sfa.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_log(self) -> None:
        from sfa.screens.history import LogScreen

        self.push_screen(LogScreen())

    def action_sync(self) -> None:
        from sfa.screens.reconciliation import ReconciliationScreen

        self.push_screen(ReconciliationScreen())

    def action_quick_add(self) -> None:
        from sfa.screens.quickadd import QuickAddScreen

        self.push_screen(QuickAddScreen())
