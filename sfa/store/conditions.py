r"""What a list leaves out: conditions that people write, as SQL.

A condition is written ``field op value``: ``amount>10000``, ``stage=Closed Won|Closed Lost``, ``owner=me``,
``account.industry~retail``, ``close_date<2026-12-31``, ``phones=`` (empty), ``phones!=`` (not empty). ``~`` means
contains. Between values ``|`` means or; ``\|`` is a bar that is part of a value. Texts are compared without case.
Amounts are compared as numbers, whatever their currency; a day means all of it, where the rep is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import FieldError, UserError
from sfa.i18n import _
from sfa.locales import DIGITS, current, digits
from sfa.models import Choice, Field, Instant, Link, Links, Money, Phones, Text, YesNo, fold
from sfa.models.lists import PUNCTUATION, Points, e164
from sfa.models.record import field_error
from sfa.models.times import local_midnight, read_moment, shift_day
from sfa.store.columns import dumps, sayable

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sfa.store.query import Builder

    Column = sa.ColumnElement[Any]
    Held = sa.ColumnElement[bool]

LAST = "\U0010ffff"  # sorts after every other character
BAR, OR = r"\|", re.compile(r"(?<!\\)\|")  # a bar that is part of a value, and one between two
CONDITION = re.compile(r"\s*(?P<path>[\w.]+)\s*(?P<op>!~|!=|<=|>=|=|<|>|~)\s*(?P<value>.*)$", re.DOTALL)


class Condition(NamedTuple):
    """``path`` (a field, or fields of linked records joined by dots) compared by ``op`` with the text ``value``."""

    path: str
    op: str
    value: str


def parse_condition(text: str) -> Condition:
    """``text`` as a condition; raises ``UserError``."""
    found = CONDITION.match(text)
    if not found:
        hint = _("Write field=value, or use != < <= > >= ~ (contains).")
        raise UserError(_("“{text}” is not a condition.").format(text=text), hint)
    return Condition(found["path"], found["op"], found["value"].strip())


def equal_to(path: str, value: Any) -> str:
    """The condition that holds where ``path`` is exactly ``value``, whatever is in it; None is empty."""
    return f"{path}={'' if value is None else str(value).replace('|', BAR)}"


def _alternatives(text: str) -> list[str]:
    return [part.replace(BAR, "|").strip() for part in OR.split(text)]


def held(builder: Builder, condition: Condition) -> Held:
    """``condition`` as SQL. Raises ``FieldError`` or ``NotFound`` where it makes no sense."""
    import sqlalchemy as sa

    path, op, text = condition.path, condition.op, sayable(condition.value).strip()
    if path == "id" and op in ("=", "!="):
        column, start = builder.root.c.id, text.lower()
        if "|" in text:
            several = sa.func.json_each(dumps(start.split("|"))).table_valued("value")
            return _unless(op, column.in_(sa.select(several.c.value)))
        return _unless(op, sa.and_(column >= start, column < start + LAST))
    field, source, _kind = builder.field(path)
    raw = builder.raw(field, source)
    if text == "":
        if op not in ("=", "!="):
            raise FieldError(field.name, field.title, _("{op} needs something to compare with").format(op=op))
        return raw.is_(None) if op == "=" else raw.is_not(None)
    if op in ("~", "!~"):
        return _unless(op, _contains(builder, path, field, raw, text))
    if op in ("=", "!="):
        equal = sa.or_(*(_equals(builder, field, source, part) for part in _alternatives(text)))
        return _unless(op, sa.func.coalesce(equal, sa.false()))
    if isinstance(field, (Link, Links, Points, YesNo)):
        raise FieldError(field.name, field.title, _("has no order; compare it by = != or ~"))
    return _ordered(builder, field, source, op, text)


def _unless(op: str, found: Held) -> Held:
    """``found``, or its opposite for the operators that begin with ``!``."""
    return ~found if op.startswith("!") else found


def _contains(builder: Builder, path: str, field: Field[Any], raw: Column, text: str) -> Held:
    import sqlalchemy as sa

    if isinstance(field, Link):
        target, kind = builder.target(path)
        return _named(builder.heading(target, kind), target.c.sort_key, text)
    if isinstance(field, Links):
        target = builder.alias(field.to)
        found = _named(builder.heading(target, field.to), target.c.sort_key, text)
        return _any_entry(raw, lambda entry: sa.and_(target.c.id == entry, found))
    if isinstance(field, Points):
        number = text.translate(PUNCTUATION).lstrip("0") if isinstance(field, Phones) else text
        return _any_entry(
            raw, lambda entry: sa.or_(_within(_part(entry, "value"), text), _within(_part(entry, "e164"), number))
        )
    return _within(raw, text)


def _named(heading: Column, sort_key: Column, text: str) -> Held:
    """Whether a record's name contains ``text``, as it is shown or as lists sort it (without accents)."""
    import sqlalchemy as sa

    return sa.or_(_within(heading, text), _within(sort_key, fold(text)))


def _within(column: Column, text: str) -> Held:
    """Whether ``column`` contains ``text``, without case (SQLite itself only knows that of ASCII)."""
    import sqlalchemy as sa

    lower = sa.func.lower(sa.func.coalesce(column, ""))
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    return sa.or_(*(sa.func.instr(lower, sa.func.lower(spelling)) > 0 for spelling in sorted(spellings)))


def _any_entry(raw: Column, matches: Callable[[Column], Held]) -> Held:
    """Whether one entry of a list matches."""
    import sqlalchemy as sa

    entry = sa.func.json_each(raw).table_valued("value").alias()
    return sa.select(sa.literal(1)).select_from(entry).where(matches(entry.c.value)).exists()


def _part(entry: Column, name: str) -> Column:
    import sqlalchemy as sa

    return sa.func.json_extract(entry, f"$.{name}")


def _equals(builder: Builder, field: Field[Any], source: Any, text: str) -> Held:
    import sqlalchemy as sa

    raw = builder.raw(field, source)
    if text == "":
        return raw.is_(None)
    if isinstance(field, Points):
        return _any_entry(raw, lambda entry: _equals_point(field, entry, text))
    if isinstance(field, Links):
        record_id = builder.lookup.resolve(field.to, text)
        return _any_entry(raw, lambda entry: entry == sa.literal(record_id))
    if isinstance(field, (Instant, Money)):
        return sa.and_(_ordered(builder, field, source, ">=", text), _ordered(builder, field, source, "<=", text))
    value = _read(builder, field, text)
    if isinstance(field, YesNo) and not value:
        return sa.or_(raw.is_(None), raw == value)
    equal: Held = (raw.collate("NOCASE") if isinstance(field, (Text, Choice)) else raw) == value
    return equal


def _equals_point(field: Points, entry: Column, text: str) -> Held:
    import sqlalchemy as sa

    same: Held = _part(entry, "value").collate("NOCASE") == text
    if not isinstance(field, Phones):
        return same
    try:
        return sa.or_(same, _part(entry, "e164") == e164(text))
    except ValueError:
        return same


def _read(builder: Builder, field: Field[Any], text: str) -> Any:
    if isinstance(field, Text):
        return text
    try:
        return read_moment(text) if isinstance(field, Instant) else field.read(text, {}, builder.lookup)
    except ValueError as reason:
        raise field_error(field, reason) from None


def _ordered(builder: Builder, field: Field[Any], source: Any, op: str, text: str) -> Held:
    raw, value = builder.raw(field, source), _read(builder, field, text)
    if isinstance(field, Money):
        return _compared(raw, op, _in_minor_units(field, source, value))
    if isinstance(field, Instant) and len(value) == 10:
        return _on_day(raw, op, value)
    return _compared(raw.collate("NOCASE") if isinstance(field, (Text, Choice)) else raw, op, value)


def _compared(left: Column, op: str, right: Any) -> Held:
    operators = {"<": left.__lt__, "<=": left.__le__, ">": left.__gt__, ">=": left.__ge__}
    compared: Held = operators[op](right)
    return compared


def _in_minor_units(field: Money, source: Any, value: int) -> Column:
    """The amount ``value`` of the rep's own currency, as so many minor units of each record's."""
    import sqlalchemy as sa

    here = digits(current().default_currency())
    units = {width: float(Decimal(value).scaleb(width - here)) for width in {2, *DIGITS.values()}}
    by_currency = {code: units[width] for code, width in DIGITS.items()}
    return sa.case(by_currency, value=source.c[field.currency], else_=units[2])


def _on_day(raw: Column, op: str, day: str) -> Held:
    """A moment against a whole day where the rep is: dates with dates, instants with the day's beginning or end."""
    import sqlalchemy as sa

    first, after = local_midnight(day), local_midnight(shift_day(day, 1))
    instant_op = {"<": "<", ">=": ">=", "<=": "<", ">": ">="}[op]
    instant = _compared(raw, instant_op, first if op in ("<", ">=") else after)
    return sa.case((sa.func.length(raw) == 10, _compared(raw, op, day)), else_=instant)
