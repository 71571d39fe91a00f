"""What a report is asked, as SQL: which records, in which currency, as of which day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sfa import locales
from sfa.i18n import _
from sfa.sales.figures import money
from sfa.sales.figures.report import Ask, Subject

if TYPE_CHECKING:
    from sfa.store.book import Book
    from sfa.store.lookup import Lookup


def quoted(values: Iterable[str]) -> str:
    """Texts as an SQL list; one that nothing is in where there are none."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values) or "NULL"


class Scope:
    """One reading of a report. ``book``, the ``ask``, and pieces of SQL for its templates (``fill``)."""

    def __init__(self, book: Book, subject: Subject, ask: Ask) -> None:
        self.book, self.subject, self.ask = book, subject, ask
        self.notes: list[str] = []
        self.today = locales.today()

    @cached_property
    def stages(self) -> dict[str, list[str]]:
        """Stage ids by type."""
        found: dict[str, list[str]] = {"Open": [], "On Hold": [], "Won": [], "Lost": []}
        for id, type in self.book.rows("SELECT id, type FROM stage WHERE deleted_at IS NULL"):
            found.setdefault(type, []).append(id)
        return found

    @cached_property
    def lookup(self) -> Lookup:
        """The names of records."""
        from sfa.store.lookup import Lookup

        return Lookup(self.book)

    @cached_property
    def used(self) -> list[str]:
        """The currencies of the subject's amounts."""
        kind = self.subject.kind
        return money.in_use(self.book, kind if kind in ("sales_order", "campaign") else "opportunity")

    @cached_property
    def currency(self) -> str:
        """The one that amounts are summed in."""
        return self.used[0] if len(self.used) == 1 else locales.current().default_currency()

    def amount(self, alias: str, day: str) -> str:
        """SQL of the amount of ``alias`` in the currency of the report, at the rate of ``day``."""
        return money.amount_sql(f"{alias}.amount", f"{alias}.currency", f"{alias}.{day}", self.currency, self.used)

    @cached_property
    def pieces(self) -> dict[str, str]:
        """What templates name in braces."""
        types = self.stages
        outcomes = self.book.rows("SELECT id FROM call_outcome WHERE reached = 1")
        return {
            "stage": "+deal.stage" if self.ask.period.is_all else "deal.stage",
            "won": quoted(types["Won"]),
            "lost": quoted(types["Lost"]),
            "open": quoted(types["Open"] + types["On Hold"]),
            "closed": quoted(types["Won"] + types["Lost"]),
            "reached": quoted(row[0] for row in outcomes),
            "amount": self.amount("deal", "close_date") if self.subject.kind == "opportunity" else "NULL",
            "scale": str(10 ** locales.digits(self.currency)),
            "grain": "13" if _in_whole_hours(self.today) else "16",
            "today": quoted([self.today]),
            "now": quoted([locales.now()]),
            "inside": self.inside(self.subject.date),
            **{unit: self._months(unit) for unit in ("month", "quarter", "year")},
        }

    def fill(self, template: str) -> str:
        """``template`` with its pieces."""
        return template.format_map(self.pieces)

    def inside(self, column: str) -> str:
        """SQL that holds for a date or instant in the period that is asked for."""
        period = self.ask.period
        if period.is_all:
            return "1"
        if column.endswith("_at"):
            first, after = period.instants()
            return f"({column} >= '{first}' AND {column} < '{after}')"
        return f"{column} BETWEEN '{period.first}' AND '{period.last}'"

    def _months(self, unit: str) -> str:
        """SQL that turns the subject's date into a number of months since 0, the first of its unit."""
        return month_number(self.subject.date, unit)

    @cached_property
    def filter(self) -> tuple[str, list[Any]]:
        """SQL of the conditions that are asked for, and its parameters."""
        if not self.ask.where:
            return "1", []
        from sfa.store.query import Query, numbers, parse_condition

        conditions = tuple(parse_condition(text) for text in self.ask.where)
        sql, parameters = numbers(self.book, Query(self.subject.kind, where=conditions))
        return f"{self.subject.alias}.n IN ({sql})", parameters

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What ``sql`` finds; ``{filter}`` in it (at most once) stands for the conditions, besides the other pieces."""
        held, parameters = self.filter
        filled = self.fill(sql.replace("{filter}", "\x00")).replace("\x00", held)
        return self.book.rows(filled, parameters if "{filter}" in sql else ())

    def tell_unconverted(self) -> None:
        """Notes which currencies there is no rate of."""
        if len(self.used) > 1:
            known = {self.currency, *money.Rates(self.book, self.currency).currencies}
            lost = [code for code in self.used if code not in known]
            said = _("Amounts in other currencies count in {currency} at the rate of their day.")
            self.notes.append(said.format(currency=self.currency))
            if lost:
                said = _("There is no rate of {currencies} into {currency}: those amounts are left out.")
                self.notes.append(said.format(currencies=", ".join(lost), currency=self.currency))


def _in_whole_hours(today: str) -> bool:
    """Whether clocks here differ from UTC by whole hours, summer and winter, so that hours may be counted."""
    days = (f"{today[:4]}-{month}-01T00:00:00Z" for month in ("01", "07"))
    return not any(locales.to_local(day, locales.zone()).minute for day in days)


def month_number(date: str, unit: str) -> str:
    """SQL that gives the months from the year 0 to the first month of the unit that ``date`` is in."""
    from sfa.sales.figures.period import MONTHS, first_month

    size, start = MONTHS[unit], first_month() - 1
    months = f"(CAST(substr({date}, 1, 4) AS INTEGER) * 12 + CAST(substr({date}, 6, 2) AS INTEGER) - 1)"
    return months if size == 1 else f"({months} - ({months} - {start}) % {size})"


def month_of(number: int) -> str:
    """The first day of a month that ``month_number`` gave."""
    return f"{number // 12:04}-{number % 12 + 1:02}-01"
