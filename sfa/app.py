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
from sfa.actions import bindings
from sfa.errors import BookError, SfaError, UserError
from sfa.i18n import _
from sfa.keymap import check_keymap, textual_keymap
from sfa.screens.place import Place
from sfa.screens.today import TodayScreen
from sfa.screens.travelling import TravellingApp
from sfa.settings import Settings, config_path, load
from sfa.store import journal
from sfa.store.book import Book
from sfa.store.journal import Action
from sfa.widgets.reasons import ExplainingApp
from sfa.widgets.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from sfa.screens.devices import Devices
    from sfa.screens.draft import Typed
    from sfa.screens.liaison import Liaison
    from sfa.screens.ringing import Ringing
    from sfa.screens.views import View
    from sfa.sync.service import MakeLine

Callback = Callable[[], None] | None


class SfaApp(TypeAheadApp, ExplainingApp, TravellingApp):
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

    # Taking back

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
    import sfa.screens.calendar
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
