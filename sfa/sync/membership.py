"""A book as a member of its head office: coming in, keeping in step, leaving, and being locked out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sfa.errors import BookError, SfaError, UserError
from sfa.i18n import _
from sfa.sync import locking, outbox, rebase, secrets
from sfa.sync.client import sync
from sfa.sync.enrolment import join
from sfa.sync.messages import Login, Welcome, encode
from sfa.sync.outbox import set_meta
from sfa.sync.steps import LockedOut, Reply, Report, Request, Result, Steps, SyncError, accepted, decoded
from sfa.sync.transport import PATIENCE, Line, Offline, Patience, drive
from sfa.sync.turn import turn

if TYPE_CHECKING:
    from sfa.store.book import Book

WAIT = 10.0
"""Seconds to wait for another program that syncs the book."""


class OwnLine(Line):
    """The line of a book, which keeps the token that replaces another at ``place``."""

    def __init__(self, url: str, token: str, ca: str, place: str, patience: Patience = PATIENCE) -> None:
        super().__init__(url, token, ca, patience)
        self._place = place

    def ask(self, request: Request) -> Reply:
        if request.renews and self._place == secrets.ENVIRONMENT:
            raise SyncError("copied", _("This book is a copy and needs a token of its own."), _("Use sfa login URL."))
        reply = super().ask(request)
        if reply.status == 401:
            raise SyncError("unauthorized", _("Head office does not know this laptop."), _("Use sfa login URL."))
        if request.renews and reply.status == 200:
            welcome = decoded(reply.body, Welcome)
            keep(self._place, welcome)
            self.token = welcome.token
        return reply


def line(book: Book, patience: Patience = PATIENCE) -> Line:
    """The line of ``book`` to its head office. Raises ``SyncError`` where it has none, or no token."""
    url, place = book.meta("server"), book.meta("token_place")
    if not url:
        raise SyncError("alone", _("This book belongs to no head office."), _("sfa login URL joins it to one."))
    token = secrets.read(place, secrets.account(book.meta("server_id"), book.device))
    if not token:
        raise SyncError("logged_out", _("This laptop is not logged in."), f"sfa login {url}")
    return OwnLine(url, token, book.meta("ca"), place, patience)


def keep(place: str, welcome: Welcome) -> None:
    """Keeps the token of a laptop that was just enrolled. Raises ``UserError``."""
    try:
        secrets.keep(place, secrets.account(welcome.server, welcome.device), welcome.token)
    except secrets.NoKeyring:
        raise UserError(
            _("The keyring does not keep the token."), _("--token file keeps it in a file that only you can read.")
        ) from None


def reconcile(book: Book, report: Report = lambda *_progress: None) -> Result:
    """Syncs ``book`` once. Raises ``SyncError``, ``UserError`` or ``BookError``; the book then tells why too.

    The book of a laptop that is locked out is closed: ``SyncError`` with the code ``locked``.
    """
    with _turn(book):
        try:
            with closing(line(book)) as own:
                result = drive(own, sync(book, report))
        except LockedOut as refused:
            close(book, refused)
        except SfaError as error:
            note(book, briefly(error))
            raise
        note(book, "")
        if book.meta("locked"):  # let in again before its file was closed
            locking.release(book)
        return result


def close(book: Book, refused: LockedOut) -> NoReturn:
    """Closes the book of a laptop that head office has locked out, and raises the ``SyncError`` that says so."""
    message = _("Head office has locked this laptop out, and its book.")
    try:
        locking.lock(book, refused.key, refused.code)
    except BookError as error:
        raise SyncError("locked", message, str(error)) from error
    raise SyncError("locked", message, _("“sfa unlock” opens it, with a key that head office has."))


@contextmanager
def _turn(book: Book) -> Iterator[None]:
    end = time.monotonic() + WAIT
    while True:
        with turn(book) as mine:
            if mine:
                yield
                return
        if time.monotonic() > end:
            raise SyncError("busy", _("Another program syncs this book just now."))
        time.sleep(0.1)


def briefly(error: SfaError) -> str:
    return _("offline: {reason}").format(reason=error.reason) if isinstance(error, Offline) else error.message


def note(book: Book, problem: str) -> None:
    """Has the book say why the last sync failed."""
    with suppress(BookError):
        if book.meta("problem") != problem:
            with book.transaction() as connection:
                set_meta(connection, problem=problem)


# Coming in and leaving


def login(
    path: Path, url: str, wanted: Login, place: str, ca: str = "", report: Report = lambda *_progress: None
) -> tuple[Welcome, Result]:
    """Enrols this laptop at the head office ``url`` and fills its book, which is made where there is none.

    A book of its own joins with all it holds; one that had left comes in again. What is interrupted, ``reconcile``
    goes on with. Raises ``SyncError``, ``UserError`` or ``BookError``.
    """
    from sfa.store.book import Book

    book = Book.open(path) if path.exists() else None
    with closing(Line(url, ca=ca)) as stranger:
        body = accepted(stranger.ask(Request("POST", "/v1/login", encode(wanted))))
        welcome = decoded(body, Welcome)
        try:
            _require_own(book, welcome)
            keep(place, welcome)
        except UserError:
            stranger.token = welcome.token
            stranger.ask(Request("POST", "/v1/logout"))
            raise
    made = book is None
    book = book or Book.create(path, None)
    try:
        with _turn(book), closing(OwnLine(url, welcome.token, ca, place)) as own:
            result = drive(own, _enter(book, url, body, {"token_place": place, "ca": ca}, report))
        note(book, "")
        return welcome, result
    finally:
        left_empty = made and not book.meta("server_id")
        book.close()
        if left_empty:
            path.unlink()


def _enter(book: Book, url: str, body: bytes, known: dict[str, str], report: Report) -> Steps:
    """What a laptop does first that has just been enrolled (``body``: a ``Welcome``)."""
    welcome = decoded(body, Welcome)
    came_before = bool(book.meta("server_id"))
    with book.transaction() as connection:
        set_meta(connection, **known, **({"server": url} if came_before else {}))
    if came_before:
        rebase.become(book, body)
        return (yield from sync(book, report))
    return (yield from join(book, url, welcome, report))


def _require_own(book: Book | None, welcome: Welcome) -> None:
    known = book.meta("server_id") if book else ""
    if book is None or not known:
        return
    if known != welcome.server:
        raise SyncError("joined", _("This book belongs to another head office: {url}.").format(url=book.meta("server")))
    if book.user != welcome.user:
        raise SyncError("joined", _("This book is {name}'s.").format(name=book.meta("login")))


def logout(book: Book, *, force: bool = False) -> bool:
    """Gives this laptop's token up and forgets it; whether head office heard. The book stays as it is.

    Raises ``UserError`` where something waits to be sent, unless ``force``.
    """
    waiting = outbox.waiting(book)
    if waiting and not force:
        raise UserError(
            _("{count} actions have not been sent.").format(count=waiting),
            _("sfa sync sends them; --force leaves them here."),
        )
    told = True
    try:
        with closing(line(book)) as own:
            accepted(own.ask(Request("POST", "/v1/logout")))
    except SyncError as error:
        if error.code in ("alone", "locked"):
            raise
        told = error.code in ("unauthorized", "logged_out")
    secrets.forget(book.meta("token_place"), secrets.account(book.meta("server_id"), book.device))
    with book.transaction() as connection:
        set_meta(connection, token_place="")
    return told
