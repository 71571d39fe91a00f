"""Notifications of the desktop: shown by its own service, on Linux over D-Bus; a click comes back to us."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from sfa.errors import SfaError
from sfa.i18n import _

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

    from sfa.desktop.notices import Notice

PATIENCE = 10.0
"""Seconds that the desktop has for an answer."""
Clicked = Callable[[str, str], None]


class NotShown(SfaError):
    """The desktop shows no notifications now."""


class Notifier:
    """The desktop's notifications. ``clicked`` gets kind and id of a notice's record, in a thread of its own."""

    def __init__(self, clicked: Clicked) -> None:
        self._clicked = clicked
        self._loop: asyncio.AbstractEventLoop | None = None
        self._service: DesktopNotifier | None = None

    def require(self) -> None:
        """Raises ``NotShown`` where nothing can be shown now."""
        self._ask(self._connect())

    def show(self, notice: Notice) -> None:
        """Shows ``notice``; raises ``NotShown`` where that fails."""
        self._ask(self._show(notice))

    def close(self) -> None:
        """Hears of no click any more."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    def _ask(self, doing: Coroutine[Any, Any, None]) -> None:
        future = asyncio.run_coroutine_threadsafe(doing, self._running())
        try:
            future.result(PATIENCE)
        except NotShown:
            raise
        except Exception as error:  # whatever bus, service and library come up with
            future.cancel()
            self._service = None  # the bus may have gone: the next one is asked anew
            reason = str(error) or type(error).__name__
            told = _("The desktop shows no notifications: {reason}.").format(reason=reason.rstrip("."))
            raise NotShown(told) from error

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._run, args=(self._loop,), name="notifier", daemon=True).start()
        return self._loop

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        loop.close()

    async def _connect(self) -> None:
        if self._service is None:
            self._service = _service()
        await self._service.get_capabilities()

    async def _show(self, notice: Notice) -> None:
        await self._connect()
        assert self._service
        shown: list[bool] = []  # the library tells of no failure but by its log
        await self._service.send(
            notice.title,
            plain(notice.body),
            on_dispatched=lambda: shown.append(True),
            on_clicked=lambda: self._clicked(notice.kind, notice.record),
        )
        if not shown:
            self._service = None
            raise NotShown(_("The desktop did not take the notification."))


def _service() -> DesktopNotifier:
    try:
        from desktop_notifier import DesktopNotifier
    except ImportError:
        told = _("Notifications of the desktop need a part that is not installed.")
        raise NotShown(told, "pip install 'sfa-client[notifications]'") from None
    logging.getLogger("desktop_notifier").addHandler(logging.NullHandler())
    logging.getLogger("desktop_notifier").propagate = False  # it would write into the screens
    return DesktopNotifier(app_name="sfa", app_icon=None)


def plain(text: str) -> str:
    """The lines below the title as the desktop shows them letter by letter: on Linux they are read as markup."""
    if sys.platform != "linux":
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
