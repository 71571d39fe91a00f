"""What a laptop takes from head office: judged as strictly as head office judges the laptop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import Choice, Field
from sfa.models.fields import Value, quoted
from sfa.sync.messages import LogEntry

NEVER = frozenset({"id", "n", "custom", "sort_key", "stream"})


class Untrue(UserError):
    """What came is not what head office can say; nothing of it was taken."""

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Head office sent what cannot be: {what}.").format(what=what), _("Nothing of it was taken over.")
        )


def checked(fields: Mapping[str, Field[Any]], entry: LogEntry) -> dict[str, Value]:
    """The values of an entry, each good for its field; those of fields that only a newer version knows as they are.

    A choice that this version does not know is taken too: a newer one may offer it. Raises ``Untrue``.
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
            values[name] = field.check(value)
        except ValueError as reason:
            if not (isinstance(field, Choice) and isinstance(value, str) and len(value) <= field.max):
                raise Untrue(f"{entry.kind}.{name}: {quoted(reason)}") from None
            values[name] = value
    return values
