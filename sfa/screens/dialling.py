"""Calling somebody from a record: the number goes to the system's telephone, and the call's time runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.errors import SfaError, UserError
from sfa.i18n import _
from sfa.sales import callers
from sfa.sales.callers import Number
from sfa.screens.call import CallScreen, ask_person
from sfa.screens.callee import callee, is_open
from sfa.screens.picker import Option, Picker
from sfa.screens.runningcall import RunningCall

if TYPE_CHECKING:
    from sfa.app import SfaApp


def dial(sfa: SfaApp, kind: str, record_id: str) -> None:
    """Asks whom and which number where that is open, dials, and opens the form in which the call is written down."""
    found = callee(sfa.book, kind, record_id)

    def person(contact: str | None) -> None:
        _permitted(sfa, kind, record_id, contact)

    if is_open(found):
        ask_person(sfa, found, person)
    else:
        person(None)


def _permitted(sfa: SfaApp, kind: str, record_id: str, contact: str | None) -> None:
    """Asks again where somebody asked not to be called."""
    target = ("contact", contact) if contact else (kind, record_id)
    try:
        callers.require_callable(sfa.book, *target)
    except UserError as error:
        options = [Option("", _("Do not call")), Option("call", _("Call all the same"))]

        def taken(chosen: list[str] | None) -> None:
            if chosen and chosen[0]:
                _ask_number(sfa, kind, record_id, contact)

        sfa.push_screen(Picker(str(error), options), taken)
        return
    _ask_number(sfa, kind, record_id, contact)


def _ask_number(sfa: SfaApp, kind: str, record_id: str, contact: str | None) -> None:
    numbers = callers.numbers(sfa.book, *(("contact", contact) if contact else (kind, record_id)))
    if not numbers:
        sfa.tell(_("There is no number for {name}.").format(name=sfa.book.get(kind, record_id).heading))
        return

    def taken(chosen: list[str] | None) -> None:
        if chosen:
            _dial(sfa, kind, record_id, contact, numbers[int(chosen[0])])

    if len(numbers) == 1:
        taken(["0"])
        return
    options = [
        Option(str(place), number.value, f"{_(number.label)} · {number.whose}") for place, number in enumerate(numbers)
    ]
    sfa.push_screen(Picker(_("Which number?"), options), taken)


def _dial(sfa: SfaApp, kind: str, record_id: str, contact: str | None, number: Number) -> None:
    from sfa.desktop import dialling

    found = callee(sfa.book, kind, record_id, contact)
    if sfa.ringing:
        sfa.ringing.begin(RunningCall(found.targets, found.name))
    sfa.push_screen(CallScreen(sfa, kind, record_id, contact))

    def work() -> None:
        try:
            dialling.dial(number.e164, sfa.settings.dial)
        except SfaError as error:
            sfa.call_from_thread(sfa.tell_error, error)

    sfa.run_worker(work, thread=True, exit_on_error=False, group="dial")
