"""The list of reports: the user's own, pinned ones first, then all that are shipped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models import fold
from sfa.sales.figures import own
from sfa.sales.figures.catalogue import REPORTS
from sfa.screens.history import ActionTable
from sfa.screens.place import Place, Subject
from sfa.screens.report import ReportScreen
from sfa.screens.reportdeeds import pin
from sfa.widgets.columns import Column
from sfa.widgets.filterbar import FilterBar
from sfa.widgets.messages import Opened
from sfa.widgets.pages import ListSource, Row


class ReportsScreen(Place):
    """All reports, to choose one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reports")]
    kind = "report"
    help = N_(
        "Enter shows a report. Own ones come first: n makes one of any records without code, e edits it, "
        "! shows it on Today. E in a report keeps it with its period and filter."
    )

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""

    def body(self) -> Iterable[Widget]:
        yield FilterBar(_("words   Enter keeps, Esc clears"))
        columns = (Column("title", _("Report"), 30, weight=1), Column("help", _("What it says"), 30, weight=3, rank=1))
        yield ActionTable(columns, id="body")

    @property
    def table(self) -> ActionTable:
        return self.query_one("#body", ActionTable)

    def reload(self) -> None:
        words = fold(self.typed).split()
        rows = [row for row in self._rows() if all(word in fold(" ".join(row.cells)) for word in words)]
        empty = _("No report is called that.\n\n/ Esc clears the search")
        self.table.show(ListSource(rows), keep_id=self.table.cursor_id, empty=empty)
        self.tell(f"{_('Reports')}  {len(rows)}", self.typed or self.sfa.banner)

    def _rows(self) -> Iterable[Row]:
        kept = sorted(own.saved(self.sfa.book), key=lambda record: not record.values.get("is_pinned"))
        for record in kept:
            mark = "◆ " if record.values.get("is_pinned") else "◇ "
            yield Row(record.id, (mark + record.heading, self._told(record.values)))
        for name, declaration in REPORTS.items():
            yield Row(name, (_(declaration.title), _(declaration.help)))

    @staticmethod
    def _told(values: dict[str, Any]) -> str:
        """What an own report is, in a line."""
        shipped = REPORTS.get(values.get("shipped") or "")
        parts = (_(shipped.title) if shipped else values.get("of_kind"), values.get("measure"), values.get("group_by"))
        return " · ".join(filter(None, (*parts, values.get("period"), *(values.get("where") or "").splitlines())))

    def subject(self) -> Subject | None:
        at = self.table.cursor_id
        return Subject("report", [at]) if at and at not in REPORTS else None

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("pin", "edit", "delete", "history") and self.subject() is None:
            return _("This is a shipped report; E in it keeps one of your own, {new} makes one.").format(
                new=keys_of("new")[0]
            )
        return super().why_not(action_id)

    @on(Opened, "#body")
    def open_report(self, event: Opened) -> None:
        self.app.push_screen(ReportScreen(event.id))

    def action_pin(self) -> None:
        if subject := self.subject():
            pin(self.sfa, subject.id)

    def action_filter(self) -> None:
        self.query_one(FilterBar).open()

    @on(FilterBar.Narrowed)
    def narrow(self, event: FilterBar.Narrowed) -> None:
        self.typed = event.text.strip()
        self.reload()
