"""The terminal program: opens the book, shows Today, goes from place to place, writes in the background."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from sfa import locales
from sfa.actions import bindings, check_keymap, textual_keymap
from sfa.errors import BookError, SfaError, UserError
from sfa.i18n import _
from sfa.screens.place import Place
from sfa.screens.today import TodayScreen
from sfa.settings import Settings, config_path, load
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.journal import Action
from sfa.widgets.reasons import ExplainingApp
from sfa.widgets.telling import TellingApp
from sfa.widgets.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from sfa.screens.devices import Devices
    from sfa.screens.draft import Typed
    from sfa.screens.liaison import Liaison
    from sfa.screens.ringing import Ringing
    from sfa.screens.views import View
    from sfa.sync.service import MakeLine

Callback = Callable[[], None] | None


class SfaApp(TypeAheadApp, ExplainingApp, TellingApp):
    """The program over one open book. ``revision`` grows with every change of the book, by whomever."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("global")]
    TITLE = "sfa"
    ENABLE_COMMAND_PALETTE = False
    CSS = "Toast { padding: 0 1; max-width: 80%; }"  # what is told covers as little as can be
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]

    def __init__(
        self,
        book: Book,
        settings: Settings | None = None,
        banner: str = "",
        make_line: MakeLine | None = None,
        *,
        reminds: bool = False,
    ) -> None:
        super().__init__()
        self.book = book
        self.settings = settings or Settings({})
        self.banner = banner
        self.revision = 0
        self.visited: list[tuple[str, str]] = []
        self.drafts: dict[str, Typed] = {}
        """What was typed into forms that were left without saving."""
        self.list_views: dict[str, View] = {}
        self.liaison: Liaison | None = None
        """How it stands with head office; None where the book belongs to none."""
        self.devices: Devices | None = None
        """How it stands with calendars and address books elsewhere; None where none is connected."""
        self.ringing: Ringing | None = None
        """Reminders, calls and other programs' wishes; None until the first screen is painted."""
        self._make_line, self._reminds = make_line, reminds
        self._writer = ThreadPoolExecutor(1, "writer")
        self._turn = asyncio.Lock()
        self._seen = 0

    def get_default_screen(self) -> Screen[None]:
        return TodayScreen()

    def on_mount(self) -> None:
        if self.settings.theme:
            self.theme = self.settings.theme
        if self.settings.keys:
            self.set_keymap(textual_keymap(self.settings.keys))
        self._seen = self._data_version()
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first paint: what start-up made is never garbage, and what later screens need is read ahead."""
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        self.run_worker(_import_ahead, thread=True, exit_on_error=False, group="ahead")
        self.run_worker(self._listen, thread=True, exit_on_error=False, group="ringing")
        if self.book.meta("server"):
            self.run_worker(self._meet_office, thread=True, exit_on_error=False, group="office")
        if self.book.value("SELECT 1 FROM remote"):
            self.run_worker(self._meet_devices, thread=True, exit_on_error=False, group="devices")

    def _meet_devices(self) -> None:
        """Keeps calendars and address books elsewhere in step from now on."""
        from sfa.screens.devices import Devices

        self.call_from_thread(Devices, self)

    def _listen(self) -> None:
        """Hears from now on of what comes from outside."""
        from sfa.screens.ringing import Ringing

        self.call_from_thread(Ringing, self, reminds=self._reminds)

    def _meet_office(self) -> None:
        """Keeps the book in step with its head office from now on; in a thread, as this is much to import."""
        from sfa.screens.liaison import Liaison

        self.call_from_thread(Liaison, self, self._make_line)

    def on_unmount(self) -> None:
        if self.ringing:
            self.ringing.stop()
        if self.liaison:
            self.liaison.stop()
        if self.devices:
            self.devices.stop()
        self._writer.shutdown(wait=True)

    # Writing

    def perform(self, work: Callable[[], object], done: Callback = None, failed: Callback = None) -> None:
        """Does ``work``, a change of the book, in the background, one after the other.

        Then tells what the journal calls it and how to undo it, and calls ``done``; or tells why not, calls ``failed``.
        """
        self.run_worker(self._perform(work, done, failed), exit_on_error=False, group="write")

    async def _perform(self, work: Callable[[], object], done: Callback, failed: Callback) -> None:
        async with self._turn:
            before = self._newest()
            try:
                await asyncio.get_running_loop().run_in_executor(self._writer, work)
            except Exception as error:
                if failed:
                    failed()
                if not isinstance(error, SfaError):
                    raise
                self.tell_error(error)
                return
            newest = self._newest()
        self.book_changed()
        if done:
            done()
        if newest and newest != before and newest.mode == "do":
            self.tell(f"{newest.title} · {_('u undo')}")

    def _newest(self) -> Action | None:
        return journal.newest_own(self.book)

    def book_changed(self) -> None:
        """Has the place in view read the book again; the others do when they come into view."""
        self.revision += 1
        self._seen = self._data_version()
        if self.liaison:
            self.liaison.book_changed()
        if self.ringing:
            self.ringing.book_changed()
        if isinstance(self.screen, Place):
            self.screen.book_changed()

    def _data_version(self) -> int:
        return int(self.book.value("PRAGMA data_version"))

    def watch_book(self) -> None:
        """Takes notice of what another program has changed; ends where it has replaced the file of the book."""
        try:
            self.book.require_in_place()
        except BookError as error:
            self.exit(return_code=1, message=str(error))
            return
        if self._data_version() != self._seen:
            self.book_changed()

    # Going about

    def go(self, place: Place | None) -> None:
        """Closes everything that is open over Today, and shows ``place`` there, if any."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if place:
            self.push_screen(place)

    def open_record(self, kind: str, record_id: str) -> None:
        """Shows everything about one record, on top of where we are."""
        from sfa.screens.record import RecordScreen

        others = [item for item in self.visited if item != (kind, record_id)]
        self.visited = [*others[-50:], (kind, record_id)]
        self.push_screen(RecordScreen(kind, record_id))

    def action_today(self) -> None:
        self.go(None)

    def action_board(self) -> None:
        from sfa.screens.board import BoardScreen

        self.go(BoardScreen())

    def open_list(self, kind: str) -> None:
        """Shows all records of ``kind``."""
        from sfa.screens.listing import ListScreen

        self.go(ListScreen(kind))

    def action_accounts(self) -> None:
        self.open_list("account")

    def action_contacts(self) -> None:
        self.open_list("contact")

    def action_leads(self) -> None:
        self.open_list("lead")

    def action_opportunities(self) -> None:
        self.open_list("opportunity")

    def action_activities(self) -> None:
        self.open_list("activity")

    def action_calendar(self) -> None:
        from sfa.screens.calendar import CalendarScreen

        self.go(CalendarScreen())

    def action_review(self) -> None:
        from sfa.screens.review import ReviewScreen

        self.go(ReviewScreen())

    def action_forecast(self) -> None:
        from sfa.screens.forecast import ForecastScreen

        self.go(ForecastScreen())

    def action_reports(self) -> None:
        from sfa.screens.reports import ReportsScreen

        self.go(ReportsScreen())

    async def action_back(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_previous(self) -> None:
        from sfa.screens.record import RecordScreen

        here = (self.screen.kind, self.screen.record_id) if isinstance(self.screen, RecordScreen) else None
        others = [item for item in self.visited if item != here]
        if others:
            self.open_record(*others[-1])
        else:
            self.tell(_("No other record was looked at yet."))

    def action_search(self) -> None:
        from sfa.screens.search import SearchScreen

        self.push_screen(SearchScreen())

    def action_help(self) -> None:
        from sfa.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_log(self) -> None:
        from sfa.screens.history import LogScreen

        self.push_screen(LogScreen())

    def action_sync(self) -> None:
        from sfa.screens.reconciliation import ReconciliationScreen

        self.push_screen(ReconciliationScreen())

    def action_quick_add(self) -> None:
        from sfa.screens.quickadd import QuickAddScreen

        self.push_screen(QuickAddScreen())

    def action_undo(self) -> None:
        self._revert("undo", _("Undone: {title} · U redo"))

    def action_redo(self) -> None:
        self._revert("redo", _("Done again: {title} · u undo"))

    def _revert(self, mode: str, told: str) -> None:
        from sfa.store import undo

        revert = undo.undo if mode == "undo" else undo.redo
        titles: list[str] = []

        def work() -> None:
            titles.append(revert(self.book, origin="screen").title)

        self.perform(work, lambda: self.tell(told.format(title=titles[0])))


def _import_ahead() -> None:
    """Loads what lists, board and forms will need (SQLAlchemy above all), while the user reads the first screen."""
    import sfa.screens.board
    import sfa.screens.call
    import sfa.screens.form
    import sfa.screens.listing
    import sfa.screens.search
    import sfa.store.schema

    sfa.store.schema.metadata()


def check_theme(name: str) -> None:
    """Raises ``UserError`` where there is no theme of that name; an empty one is the standard."""
    from textual.theme import BUILTIN_THEMES

    if name and name not in BUILTIN_THEMES:
        near = get_close_matches(name, BUILTIN_THEMES, 1)
        hint = _("Did you mean {name}?").format(name=near[0]) if near else ", ".join(sorted(BUILTIN_THEMES))
        raise UserError(_("{file}: there is no theme {name}.").format(file=config_path(), name=name), hint)


def run(path: Path, banner: str = "") -> int:
    """Opens the book at ``path`` in the terminal until the user leaves. Raises ``SfaError`` where it cannot."""
    settings = load()
    if settings.locale or settings.currency:
        locales.use(settings.locale, settings.currency)
    problems = check_keymap(settings.keys)
    if problems:
        raise UserError(
            _("The keys in {path} cannot be used: {problem}").format(path=config_path(), problem=problems[0])
        )
    check_theme(settings.theme)
    book = Book.open(path)
    try:
        app = SfaApp(book, settings, banner, reminds=True)
        app.run()
        if app.liaison:
            app.liaison.close_book()
    finally:
        book.close()
    return app.return_code or 0
