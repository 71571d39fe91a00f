"""What a laptop takes from head office: judged as strictly as head office judges the laptop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import Choice, Field
from sfa.models.fields import CONTROL, Value, quoted
from sfa.models.lists import Points
from sfa.models.quantities import Currency
from sfa.sync.messages import LogEntry

NEVER = frozenset({"id", "n", "custom", "sort_key", "stream"})
ITEMS = 1_000
"""The most phone numbers that one may have."""


class Untrue(UserError):
    """What came is not what head office can say; nothing of it was taken."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Head office sent what cannot be: {what}.").format(what=what), _("Nothing of it was taken over.")
        )


def checked(fields: Mapping[str, Field[Any]], entry: LogEntry) -> dict[str, Value]:
    """The values of an entry, as they came, each good for its field; or of a field that only a newer version knows.

    Where two versions may judge differently (choices, currencies, which numbers a country has), head office's judgement
    counts as long as the value has its field's form. Raises ``Untrue``.
    """
    values: dict[str, Value] = {}
    for name, value in entry.fields.items():
        field = fields.get(name)
        if name in NEVER:
            raise Untrue(f"{entry.kind}.{name}")
        if field is None or value is None:
            values[name] = value
            continue
        try:
            field.check(value)
        except ValueError as reason:
            if not _has_form(field, value):
                raise Untrue(f"{entry.kind}.{name}: {quoted(reason)}") from None
        values[name] = value
    return values


def _has_form(field: Field[Any], value: Value) -> bool:
    """Whether a value has its field's form, of a field about whose values two versions may differ."""
    if isinstance(field, (Choice, Currency)):
        return _is_text(value, field.max)
    if isinstance(field, Points) and isinstance(value, list) and 0 < len(value) <= ITEMS:
        return all(isinstance(point, dict) and _is_point(point, field.max) for point in value)
    return False


def _is_point(point: dict[str, Value], longest: int) -> bool:
    texts = [*point.keys(), *point.values()]
    return {"label", "value"} <= point.keys() and all(_is_text(text, longest) for text in texts)


def _is_text(value: Value, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and not CONTROL.search(value)
