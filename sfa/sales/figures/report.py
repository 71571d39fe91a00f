"""What a report is: one declaration, from which the command, its documents, its help and its screen follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models import is_id
from sfa.sales.figures.period import ALL, Period

if TYPE_CHECKING:
    from sfa.sales.figures.scope import Scope
    from sfa.store.book import Book

Values = Mapping[str, Any]  # by the columns' names; a total's under ``total.name``


class Column(NamedTuple):
    """A figure. ``kind``: text, count, money (minor units), percent, days, hours, seconds, number.

    ``sql`` is what it is summed by, ``derive`` how it follows from other columns of its row, ``median`` the SQL of the
    values whose median it is. What is not ``shown`` only serves others.
    """

    name: str
    title: str
    kind: str = "count"
    sql: str = ""
    derive: Callable[[Values], Any] | None = None
    median: str = ""
    shown: bool = True


class Dimension(NamedTuple):
    """What rows are of: ``key`` is SQL, ``join`` what it needs; ``link`` the kind whose records the keys are ids of.

    ``path`` is the field by which the records of a row are found, ``drill`` gives the conditions where that is more.
    ``unit`` is week, month … of a dimension of time; ``label`` says a key; ``fold`` puts keys together.
    """

    name: str
    title: str
    key: str
    join: str = ""
    link: str = ""
    path: str = ""
    unit: str = ""
    label: Callable[[Any], str] | None = None
    drill: Callable[[Any], tuple[str, ...]] | None = None
    fold: Callable[[Any], Any] | None = None


class Subject(NamedTuple):
    """Records that reports are of: their ``kind``, SQL ``source``, its ``alias``, the ``date`` that periods are of."""

    kind: str
    source: str
    alias: str
    date: str
    live: str


class Plot(NamedTuple):
    """How a report is drawn: ``bars``, ``lines``, ``funnel`` or ``heat``, and the columns that it draws."""

    kind: str = "bars"
    columns: tuple[str, ...] = ()


class Ask(NamedTuple):
    """What is asked of a report: ``by`` a dimension, of a ``period``, of records for which ``where`` holds."""

    by: str = ""
    period: Period = ALL
    where: tuple[str, ...] = ()


class Row(NamedTuple):
    """A line of a report: what it is of, its figures by column, and the conditions that its records meet."""

    label: str
    values: tuple[Any, ...]
    drill: tuple[str, ...] | None = None


class Table(NamedTuple):
    """What is found: the columns that are shown (the first says what a row is of) with rows and perhaps a total."""

    columns: tuple[Column, ...]
    rows: list[Row]
    total: tuple[Any, ...] | None = None
    kind: str = ""  # of the records that rows lead to, where not the subject's
    plot: Plot | None = None  # where it hangs on what was asked


class Declaration(NamedTuple):
    """A report. ``columns`` are summed by a dimension of ``by`` (the first where none is asked); or ``read`` finds all.

    ``where`` is SQL that the records meet beside the period (which measures test themselves where ``dated`` is False).
    """

    name: str
    title: str
    help: str
    subject: Subject
    columns: tuple[Column, ...] = ()
    by: tuple[Dimension, ...] = ()
    plot: Plot = Plot()
    where: str = "1"
    base: tuple[str, ...] = ()
    dated: bool = True
    period: str = ""
    read: Callable[[Scope, Dimension], Table] | None = None
    chooses: Callable[[Book], Subject] | None = None

    def about(self, book: Book) -> Subject:
        """The records that it is of in this book."""
        return self.chooses(book) if self.chooses else self.subject

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name, the first for none. Raises ``UserError``."""
        from sfa.errors import UserError

        found = next((dimension for dimension in self.by if dimension.name == name), self.by[0] if not name else None)
        if found is None:
            names = ", ".join(dimension.name for dimension in self.by)
            reason = _("{report} cannot be read by {name}.").format(report=_(self.title), name=name)
            raise UserError(reason, _("Read it by one of {names}.").format(names=names))
        return found


class Figures(NamedTuple):
    """A report that was read."""

    name: str
    title: str
    by: Dimension
    ask: Ask
    kind: str
    columns: tuple[Column, ...]
    rows: list[Row]
    total: tuple[Any, ...] | None
    currency: str
    notes: tuple[str, ...]
    plot: Plot

    @property
    def subtitle(self) -> str:
        """The period and the conditions in a line."""
        return " · ".join((self.ask.period.title, *map(_short, self.ask.where)))

    def series(self, name: str) -> list[float]:
        """The values of a column; 0 where there is none."""
        place = [column.name for column in self.columns].index(name)
        return [float(row.values[place] or 0) for row in self.rows]

    def plotted(self) -> list[Column]:
        """The columns that the plot draws."""
        return [column for name in self.plot.columns for column in self.columns if column.name == name]


def _short(condition: str) -> str:
    """A condition as people read it: without the ids in it."""
    path, _equals, value = condition.partition("=")
    ids = value.split("|")
    return f"{path}: {len(ids)}" if is_id(ids[0]) else condition


def ratio(part: str, whole: str, factor: float = 1) -> Callable[[Values], Any]:
    """A column as the quotient of two others; None where the second is nothing."""

    def derive(values: Values) -> Any:
        return None if not values[whole] else (values[part] or 0) * factor / values[whole]

    return derive


def percent(part: str, whole: str) -> Callable[[Values], Any]:
    return ratio(part, whole, 100)


def share(name: str) -> Callable[[Values], Any]:
    """A column's part in its total, in percent."""
    return ratio(name, f"total.{name}", 100)


def hundredth(name: str) -> Callable[[Values], Any]:
    """Minor units from exact hundredths of them, half up: the one rounding of a sum."""
    return lambda values: None if values[name] is None else rounded_up(values[name] / 100)


def rounded_up(value: float) -> int:
    """The nearest whole number, half up."""
    from decimal import ROUND_HALF_UP, Decimal

    return value if isinstance(value, int) else int(Decimal(repr(value)).to_integral_value(ROUND_HALF_UP))


def shown(column: Column, value: Any, currency: str) -> str:
    """A figure as people read it; those of a column have equally many decimals, so that they stand in line."""
    if value is None:
        return ""
    if column.kind == "seconds":
        hours, rest = divmod(int(value), 3600)
        return f"{current().number(hours)}:{rest // 60:02}"
    writers: dict[str, Callable[[Any], str]] = {
        "text": str,
        "money": lambda amount: current().amount(rounded_up(amount), currency),
        "percent": lambda number: current().percent(round(number, 2), 2),
        "hours": lambda number: current().number(round(number, 1), 1),
        "days": lambda number: current().number(round(number, 2), 2),
    }
    written = writers.get(column.kind)
    if written:
        return written(value)
    return current().number(value) if isinstance(value, int) else current().number(round(value, 2), 2)


def plain(column: Column, value: Any, currency: str) -> Any:
    """A figure as machines read it: money exact in major units, ratios to two decimals."""
    if value is None or column.kind in ("text", "count", "seconds"):
        return value
    if column.kind == "money":
        from sfa.models.quantities import major

        return major(rounded_up(value), currency)
    return round(value, 2)


NONE = N_("(none)")
