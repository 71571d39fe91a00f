"""The one door for edits: every face and every import creates, changes and deletes records through here.

Here the rules run that tie fields together: a deal that enters a stage takes over its probability, an activity that is
done knows when. The store below only sees good values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sfa.i18n import _
from sfa.locales import current
from sfa.models import KINDS, Field, Money, Record, read_values
from sfa.models.fields import Value
from sfa.models.record import field_error
from sfa.sales import followups
from sfa.sales.rules import RULES, require_deletable
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.store.lookup import Lookup

Values = dict[str, Value]


def read(
    book: Book,
    kind: str,
    texts: Mapping[str, str],
    present: Mapping[str, Value] | None = None,
    lookup: Lookup | None = None,
) -> Values:
    """Stored values of what a person typed for fields of ``kind``; ``present`` holds what the record has so far.

    Raises ``FieldError`` naming the field and the reason.
    """
    return read_values(book.fields(kind), texts, present or {}, lookup or Lookup(book))


def create(change: Change, kind: str, values: Mapping[str, Value]) -> str:
    """Adds a record after its kind's rules; gives its id. Raises ``FieldError``."""
    return change.insert(kind, settled(change, kind, {}, values))


def edit(change: Change, kind: str, record_id: str, values: Mapping[str, Value]) -> bool:
    """Changes fields of a record after its kind's rules; whether anything changed.

    Raises ``FieldError``, ``NotFound``.
    """
    before = change.get(kind, record_id).values
    rescaled = {**_rescaled(change.book.fields(kind), before, values), **values}
    after = settled(change, kind, before, rescaled)
    changed = change.update(kind, record_id, after)
    if changed:
        followups.settle(change, kind, before, after)
    return changed


def settled(change: Change, kind: str, before: Mapping[str, Value], values: Mapping[str, Value]) -> Values:
    """``values`` with what follows from them by the rules of ``kind``; a value that was given stands."""
    rule = RULES.get(kind)
    if kind == "activity":
        values = followups.aligned(before, values)
    followed = rule(change, before, values) if rule else {}
    fields = change.book.fields(kind)
    added = currencies_for(fields, {**before, **values})
    for name in added:
        if before.get(name):
            raise field_error(fields[name], _("is required, as there is an amount"))
    return {**followed, **values, **added}


def currencies_for(fields: Mapping[str, Field[Any]], values: Mapping[str, Value]) -> Values:
    """The locale's currency for every amount in ``values`` that comes without one: an amount is never stored bare."""
    return {
        field.currency: current().default_currency()
        for name, field in fields.items()
        if isinstance(field, Money) and values.get(name) is not None and not values.get(field.currency)
    }


def _rescaled(fields: Mapping[str, Field[Any]], before: Mapping[str, Value], values: Mapping[str, Value]) -> Values:
    """Amounts stay the same number when only their currency changes to one with other minor units."""
    from decimal import Decimal

    from sfa.locales import digits

    amounts: Values = {}
    for name, field in fields.items():
        if not isinstance(field, Money) or name in values or before.get(name) is None:
            continue
        old, new = before.get(field.currency), values.get(field.currency)
        if not old or not new or digits(old) == digits(new):
            continue
        amount = Decimal(before[name]).scaleb(digits(new) - digits(old))
        if amount != amount.to_integral_value():
            raise field_error(field, _("has more decimals than {currency} allows").format(currency=new))
        amounts[name] = int(amount)
    return amounts


def delete(change: Change, kind: str, record_ids: Iterable[str]) -> int:
    """Marks records as deleted; how many were not yet. Raises ``UserError`` for one that others cannot do without."""
    count = 0
    for record_id in record_ids:
        record = change.get(kind, record_id)
        require_deletable(change, record)
        count += change.delete(kind, record_id)
        followups.forget(change, kind, record_id)
        if left_out := followups.left_out(change, record.values):
            edit(change, "activity", record.values["series"], left_out)
    return count


def bulk(book: Book, kind: str, record_ids: Iterable[str], values: Mapping[str, Value], title: str, origin: str) -> int:
    """Sets the same fields of several records in one action; how many changed."""
    with book.change(title, origin) as change:
        return sum([edit(change, kind, record_id, values) for record_id in record_ids])


def created_title(kind: str, values: Mapping[str, Value]) -> str:
    """The action title for a new record."""
    return _("Added {kind} {name}").format(kind=_(KINDS[kind].label).lower(), name=KINDS[kind].heading_of(values))


def edited_title(record: Record) -> str:
    """The action title for an edited record."""
    return _("Changed {kind} {name}").format(kind=_(record.label).lower(), name=record.heading)
