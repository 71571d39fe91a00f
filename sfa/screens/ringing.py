"""What comes to the screens from outside: reminders that fire, records that others want shown, calls that come in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from sfa.desktop.firing import Firing
from sfa.desktop.notices import Notice, notice, when
from sfa.desktop.notifier import Notifier, NotShown
from sfa.errors import SfaError
from sfa.failures import explain
from sfa.i18n import _
from sfa.sales import callers, reminders
from sfa.sales.calls import targets_for
from sfa.screens.place import Place
from sfa.screens.runningcall import RunningCall
from sfa.store import knocks
from sfa.store.knocks import Knock

if TYPE_CHECKING:
    from sfa.app import SfaApp
    from sfa.sales.reminders import Due

WIDE = 120
"""Cells from which the status line has room for words."""
SEEN = 15.0
"""Seconds for which a reminder stands in the corner; on Today it stays."""
RINGS = 120.0
"""Seconds after which somebody who rang is no longer thought to be at the telephone."""
ENDING = 5.0
NAME = 20
"""Letters of a name in the status line."""


class Ring(NamedTuple):
    """Somebody rings: whom that is, and since when (of the monotonic clock)."""

    targets: Mapping[str, str]
    name: str
    since: float


class Ringing:
    """Listens for an app, in a thread of its own. ``reminds``: it fires reminders too, as the settings say."""

    def __init__(self, app: SfaApp, *, reminds: bool) -> None:
        self.app, self.book = app, app.book
        self.reminds = reminds
        self.next: str | None = None
        """When the next reminder is due."""
        self.problem = ""
        """Why the desktop shows no reminders."""
        self.running: RunningCall | None = None
        self._ring: Ring | None = None
        self._later: list[Callable[[], None]] = []  # what would disturb who types: done when the dialog is closed
        self._ticking: Timer | None = None
        way = app.settings.reminders if reminds else "off"
        self._notifier = Notifier(self._clicked) if way == "all" else None
        self._firing = Firing(self.book, None if way == "off" else self, heard=self._heard)
        self._thread = threading.Thread(target=self._listen, name="ringing", daemon=True)
        self.way = way
        app.ringing = self
        self._thread.start()
        self.book_changed()

    def stop(self) -> None:
        """Listens no more; called once the screens are gone."""
        self._firing.stop()
        self._thread.join(ENDING)
        if self._notifier:
            self._notifier.close()

    def _listen(self) -> None:
        self._heard()
        try:
            self._firing.run()
        except Exception as error:  # a traceback would stand on the screens
            self.way, self.problem = "off", explain(error)
            self.app.call_later(self._toast, _("Reminders have stopped"), self.problem)

    # What the thread hears

    def require(self) -> None:
        """The screens can always show a reminder."""

    def show(self, due: Sequence[Due]) -> None:
        """Shows reminders here, and on the desktop where it can."""
        told = notice(due)
        self.app.call_later(self._remind, told)
        if self._notifier:
            try:
                self._notifier.show(told)
                self.problem = ""
            except NotShown as error:
                self.problem = str(error)

    def _clicked(self, kind: str, record: str) -> None:
        self.app.call_later(self._show, kind, record)

    def _heard(self) -> None:
        try:
            taken = knocks.take(self.book)
        except SfaError:  # the screens find out themselves what is wrong with the book
            taken = []
        self.app.call_later(self._news, [self._understood(wish) for wish in taken])

    def _understood(self, wish: Knock) -> Callable[[], None]:
        """What is to be done about a knock, each by itself: one that fails is told, and the others are heard."""
        try:
            return self._meant(wish)
        except Exception as error:  # a thread that ends would hear nobody any more
            told = error if isinstance(error, SfaError) else SfaError(explain(error))
            return lambda: self.app.tell_error(told)

    def _meant(self, wish: Knock) -> Callable[[], None]:
        """Who rings is looked up here, where nobody waits for it."""
        if wish.purpose == "show":
            return lambda: self._show(wish.kind, wish.record)
        if wish.purpose == "ended":
            return self._ended
        call = callers.incoming(self.book, wish.phone)
        return lambda: self._rings(call, answered=wish.purpose == "answered")

    # What the screens do about it

    def _news(self, wishes: Sequence[Callable[[], None]]) -> None:
        self.app.watch_book()
        for wish in wishes:
            wish()

    def book_changed(self) -> None:
        """Looks when the next reminder is due."""
        if self.reminds:
            self.next = reminders.next_due(self.book)
            self._tell()

    def resumed(self) -> None:
        """A place is in view again: what waited for that is done."""
        waiting, self._later = self._later, []
        for doing in waiting:
            self.app.call_later(doing)

    def _undisturbed(self, doing: Callable[[], None]) -> None:
        if isinstance(self.app.screen, Place):
            doing()
        else:
            self._later.append(doing)

    def _remind(self, told: Notice) -> None:
        self.app.bell()
        text = told.body + "\n" + _("t shows it on Today")
        self.app.notify(text, title=f"◷ {told.title}", timeout=SEEN, markup=False)
        self._tell()

    def _show(self, kind: str, record: str) -> None:
        self._undisturbed(lambda: self._open(kind, record))

    def _open(self, kind: str, record: str) -> None:
        here = self.app.screen
        if not kind:
            self.app.go(None)
        elif self.book.find(kind, record) is None:
            self.app.tell(_("That record is not in the book any more."))
        elif (getattr(here, "kind", None), getattr(here, "record_id", None)) != (kind, record):
            self.app.open_record(kind, record)

    # Calls

    def _rings(self, call: callers.Call, *, answered: bool) -> None:
        from sfa.screens.incoming import ask_who, offer_to_add

        self.app.bell()
        if not call.callers:
            self._toast(_("☎ Somebody unknown calls"), call.shown or _("number withheld"))
            if call.phone.startswith("+"):
                self._undisturbed(lambda: offer_to_add(self.app, call))
        elif len(call.callers) > 1:
            names = ", ".join(caller.name for caller in call.callers)
            self._toast(_("☎ One of several calls"), f"{call.shown} · {names}")
            self._undisturbed(lambda: ask_who(self.app, call, lambda caller: self.take(caller, answered=answered)))
        else:
            self.take(call.callers[0], answered=answered, phone=call.shown)

    def take(self, caller: callers.Caller, *, answered: bool, phone: str = "") -> None:
        """It is ``caller`` who calls: shows the record, and where the call was ``answered``, has its time run."""
        targets = targets_for(self.book, caller.kind, caller.id)
        if answered:
            if not (self.running and self.running.is_with(targets)):
                self.begin(RunningCall(targets, caller.name, inbound=True))
            self._undisturbed(lambda: self._log(caller.kind, caller.id))
            return
        self._ring = Ring(targets, caller.name, time.monotonic())
        if phone:
            detail = " · ".join(filter(None, (caller.detail, phone)))
            self._toast(_("☎ {name} calls").format(name=caller.name), detail + "\n" + _("c answers and times the call"))
        self._show(caller.kind, caller.id)

    def _log(self, kind: str, record: str) -> None:
        from sfa.screens.call import log_call

        self._open(kind, record)
        log_call(self.app, kind, record)

    def _toast(self, title: str, text: str) -> None:
        self.app.notify(text, title=title, timeout=SEEN, markup=False)

    def _ended(self) -> None:
        self._ring = None
        if self.running:
            self.running.stop()
            self._tell()

    def begin(self, call: RunningCall) -> RunningCall:
        """``call`` runs from now on, and the status line says so."""
        self.running, self._ring = call, None
        if self._ticking is None:
            self._ticking = self.app.set_interval(1, self._tell)
        self._tell()
        return call

    def call_with(self, targets: Mapping[str, str], name: str) -> RunningCall | None:
        """The call that runs with somebody; if they ring, it is answered by this."""
        if self.running and self.running.is_with(targets):
            return self.running
        ring, self._ring = self._ring, None
        if ring and time.monotonic() - ring.since < RINGS:
            call = RunningCall(ring.targets, name, inbound=True)
            return self.begin(call) if call.is_with(targets) else None
        return None

    def over(self, call: RunningCall | None) -> None:
        """``call`` was written down."""
        if call is not None and call is self.running:
            self.running = None
            if self._ticking:
                self._ticking.stop()
                self._ticking = None
            self._tell()

    # The status line

    def _tell(self) -> None:
        if isinstance(self.app.screen, Place) and self.app.screen.is_mounted:
            self.app.screen.tell_far()

    def briefly(self, width: int) -> tuple[str, bool]:
        """The call that runs, and whether reminders are on and when the next is due, for a line of ``width`` cells."""
        call = f"☎ {shortened(self.running.name)} {self.running.told()}" if self.running else ""
        return " · ".join(filter(None, (call, self._reminders(width >= WIDE)))), False

    def _reminders(self, wide: bool) -> str:
        if not self.reminds:
            return ""
        if self.way == "off":
            return _("reminders off") if wide else _("◷ off")
        at = when(self.next)
        if not wide:
            return f"◷ {at}" if at else "◷"
        state = _("reminders only here") if self.problem or self.way == "here" else _("reminders on")
        return _("{state}, next {when}").format(state=state, when=at) if at else state


def shortened(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
