"""Today: what is late, what is due, who is met, and which deals nobody takes care of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models.times import local_day
from sfa.sales import agenda
from sfa.screens.place import Place, Subject
from sfa.store.book import Book
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section, SectionList

GLYPHS = {"call": "☎", "meeting": "◆", "visit": "▲", "email": "@", "task": "□", "note": "≡", "": "$"}

WIDE = 100
"""Cells from which there is room for the whole date beside the counts."""


class TodayScreen(Place):
    """The first screen of every day."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("today")]
    HORIZONTAL_BREAKPOINTS = []  # nothing here depends on them, and styles are paid for
    kind = "activity"
    help = N_(
        "What needs you today, most pressing first. Enter opens, c logs the call and goes on to the next one, "
        "f marks as done, z puts off."
    )

    def __init__(self) -> None:
        super().__init__()
        self.planned: list[agenda.Section] = []
        self.neglected: list[agenda.Section] = []
        self.figures: list[Section] = []
        self.owner: str | None = None
        self._first = True

    def body(self) -> Iterable[Widget]:
        columns = (
            Column("when", "", 13, weight=0),
            Column("who", "", 18, weight=2),
            Column("what", "", 18, weight=3),
            Column("how", "", 17, align="right", weight=0, rank=1),
        )
        yield SectionList(columns, id="body")

    def reload(self) -> None:
        """Shows at once what is planned, and then the deals that nobody takes care of, which take longer to find."""
        if self._first:
            self.owner = self.sfa.book.user
        self.planned = agenda.planned(self.sfa.book, self.owner)
        self._show()
        self.call_after_refresh(self._read_neglected)

    @work(thread=True, exclusive=True, group="neglected", exit_on_error=False)
    def _read_neglected(self) -> None:
        found = agenda.neglected(self.sfa.book, self.owner)
        self.app.call_from_thread(self._complete, found, figures(self.sfa.book, self.owner))

    def _complete(self, neglected: list[agenda.Section], figures: list[Section]) -> None:
        self.neglected, self.figures, first, self._first = neglected, figures, self._first, False
        if first and self.owner and not any(section.count for section in self.sections):
            self.owner = None  # a manager, or whoever keeps the book for others, sees everybody's
            self.reload()
            return
        self._show()

    @property
    def sections(self) -> list[agenda.Section]:
        """All sections known so far."""
        return [*self.planned, *self.neglected]

    def _show(self) -> None:
        body = self.query_one("#body", SectionList)
        body.empty = "" if self._first else self._empty()
        planned, neglected = ([*map(self._section, part)] for part in (self.planned, self.neglected))
        body.show([*planned, *self.figures, *neglected])
        self.tell(self._standing(), self.sfa.banner)

    def _standing(self) -> str:
        locale, today = locales.current(), locales.today()
        day = locale.day(today, today) if self.size.width < WIDE else locale.long_day(today)
        found = [section for section in self.sections if section.count]
        counts = [f"{locale.number(section.count)} {section.title.lower()}" for section in found]
        whose = _("mine") if self.owner else _("everybody")
        return " · ".join([day, whose, *counts])

    def _empty(self) -> str:
        if self.sfa.book.value("SELECT 1 FROM account LIMIT 1") or self.sfa.book.value("SELECT 1 FROM contact LIMIT 1"):
            return _(
                "Nothing is due today, and every deal has a next step.\n\nb looks at the board, n plans something."
            )
        return _(
            "Welcome to your book. It is still empty.\n\n"
            "{add}  add the first account, contact or deal\n"
            "{search}  find records and commands\n"
            "{help}  explains every place\n"
            "{quit}  leaves; everything is saved at once\n\n"
            "Have a spreadsheet?  sfa import accounts.csv --as account\n"
            "Want to look around first?  sfa demo"
        ).format(**{name: f"{keys_of(id)[0]:<6}" for name, id in _TAUGHT.items()})

    def _section(self, section: agenda.Section) -> Section:
        shown, count = len(section.items), locales.current().number(section.count)
        note = _("{shown} of {count}").format(shown=shown, count=count) if shown < section.count else ""
        return Section(f"{section.title}  {count}", [self._row(item) for item in section.items], note)

    def _row(self, item: agenda.Item) -> Row:
        who = " · ".join(filter(None, (item.who, item.account)))
        often = _("put off {count}×").format(count=item.put_off) if item.put_off > 1 else ""
        what = " · ".join(filter(None, (f"↻ {item.title}" if item.repeats else item.title, often, item.what)))
        glyph = "◷" if item.section == "reminded" and not item.type else GLYPHS.get(item.type, "·")
        when = f"{glyph} {self._when(item)}"
        return Row(f"{item.kind} {item.id}", (when, who, what, self._how(item)))

    @staticmethod
    def _when(item: agenda.Item) -> str:
        locale, when, today = locales.current(), item.when or "", locales.today()
        if when == today:
            return _("today")
        if len(when) <= 10 or local_day(when) != today:
            return locale.day(local_day(when), today) if when else "–"
        local = locales.to_local(when, locales.zone())
        return locale.time(local.hour, local.minute)

    @staticmethod
    def _how(item: agenda.Item) -> str:
        if item.section == "overdue":
            return _("{days} d late").format(days=item.overdue_days)
        if item.kind == "opportunity" and item.amount is not None:
            return locales.current().short_amount(item.amount, item.currency or locales.current().default_currency())
        return item.phone

    def subject(self) -> Subject | None:
        found = self.query_one("#body", SectionList).cursor_id
        if not found:
            return None
        kind, _space, record_id = found.partition(" ")
        return Subject(kind, [record_id])

    @on(Opened, "#body")
    def open_item(self) -> None:
        """Opens the deal, or what the activity is about."""
        subject = self.subject()
        if subject and subject.kind == "report":
            from sfa.screens.report import ReportScreen

            self.app.push_screen(ReportScreen(subject.id))
        elif subject:
            self.sfa.open_record(subject.kind, subject.id)

    def action_filter(self) -> None:
        """Switches between what is mine and what is everybody's."""
        self.action_owner()

    def action_owner(self) -> None:
        self.owner = None if self.owner else self.sfa.book.user
        self.reload()


BAR = 12
"""Cells of the bar that shows how far a goal is."""


def figures(book: Book, owner: str | None) -> list[Section]:
    """How far the goals are, and the reports that are pinned."""
    from sfa.sales import goals  # 6 ms, which the first sight of Today need not wait for
    from sfa.sales.figures import own

    rows = []
    for one in goals.progress(book, owner):
        full = round(min(one.share, 100) * BAR / 100)
        told = _("{reached} of {target}").format(reached=one.shown(one.reached), target=one.shown(one.target))
        whose = f"{book.get('user', one.user).heading} · " if one.user and one.user != book.user else ""
        cells = ("█" * full + "░" * (BAR - full), whose + one.title, told, f"{round(one.share)}% {one.standing}")
        rows.append(Row(f"goal {one.goal}", cells))
    pinned = [Row(f"report {record.id}", ("▤", record.heading)) for record in own.saved(book, pinned=True)]
    return [Section(_("Goals"), rows), Section(_("Reports"), pinned)]


_TAUGHT = {"add": "quick_add", "search": "search", "help": "help", "quit": "quit"}
