"""Questions about a call that comes in: which of several it is, and whether somebody unknown is to be added."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sfa.i18n import _
from sfa.models import KINDS
from sfa.screens.picker import Option, Picker

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.sales.callers import Call, Caller

ADDED = ("contact", "lead", "account")


def ask_who(sfa: SfaApp, call: Call, known: Callable[[Caller], None]) -> None:
    """Asks which of those with that number it is."""
    options = [
        Option(str(place), " · ".join(filter(None, (one.name, one.detail))), _(KINDS[one.kind].label))
        for place, one in enumerate(call.callers)
    ]

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            known(call.callers[int(chosen[0])])

    sfa.push_screen(Picker(_("Who calls from {phone}?").format(phone=call.shown), options), taken)


def offer_to_add(sfa: SfaApp, call: Call) -> None:
    """Offers to add somebody with that number."""
    options = [Option(kind, _("Add: {kind}").format(kind=_(KINDS[kind].label).lower())) for kind in ADDED]

    def taken(chosen: list[str] | None) -> None:
        from sfa.screens.form import new_record

        if chosen:
            phone = {"label": "work", "value": call.phone, "e164": call.phone}
            new_record(sfa, chosen[0], {"phones": [phone]})

    sfa.push_screen(Picker(_("Nobody is known by {phone}").format(phone=call.shown), options), taken)
