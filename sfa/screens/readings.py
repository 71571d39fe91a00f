"""How a form reads fields beyond what the fields do themselves, and what it says beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfa import locales, quickdates
from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import Choice, Context, Date, Field, Instant, Links, LongText, Moment, Phones
from sfa.models.fields import Peers, Value
from sfa.models.lists import Emails
from sfa.sales.calls import moment_of
from sfa.screens.deeds import local_now
from sfa.screens.moments import in_full


def read(field: Field[Any], text: str, peers: Peers, context: Context) -> Value:
    """The stored form of what was typed; dates also as ``fri`` or ``+2d``. Raises ``ValueError`` or ``NotFound``."""
    try:
        return field.read(text, peers, context)
    except ValueError:
        if isinstance(field, Date) and (quick := _quick(text, field)):
            return quick
        raise


def _quick(text: str, field: Date) -> str:
    """The stored moment that a quick date such as ``fri 10`` names; empty where it is none, or says more."""
    try:
        found = quickdates.parse(text, local_now(), locales.current())
    except (UserError, ValueError):
        return ""
    if found.kind or found.rest:
        return ""
    if not isinstance(field, Instant):
        return "" if found.time else found.date
    return moment_of(found if found.time or isinstance(field, Moment) else found._replace(time="00:00"))


def meaning(field: Field[Any], value: Value, text: str, peers: Peers) -> str:
    """The value in full, where the text does not already say it."""
    if isinstance(field, Date):
        return in_full(value)
    if isinstance(field, Phones):
        return ", ".join(point["e164"] for point in value if point["e164"] != point["value"])
    if isinstance(field, (Emails, LongText)):
        return ""
    shown = field.show(value, peers, locales.current())
    return "" if shown == text else shown


def guidance(field: Field[Any]) -> str:
    """What an empty field takes."""
    if field.help:
        return _(field.help)
    return next((tell(field) for kind, tell in _GUIDANCE.items() if isinstance(field, kind)), "")


def _choices(field: Any) -> str:
    return ", ".join(map(_, field.options[:4])) + (" …" if len(field.options) > 4 else "")


def _example() -> str:
    return locales.current().date(locales.today())


_GUIDANCE: dict[type[Field[Any]], Callable[[Field[Any]], str]] = {
    Choice: _choices,
    Moment: lambda _field: _("fri 10, +2d, {date}").format(date=_example()),
    Date: lambda _field: _("fri, +2d, {date}").format(date=_example()),
    Links: lambda _field: _("several with ; between"),
    Phones: lambda _field: _("work: …; mobile: …"),
    LongText: lambda _field: _("Tab goes on"),
}
