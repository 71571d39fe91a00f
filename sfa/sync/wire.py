"""What the line is made of: urllib3, imported when it is first needed, and what its failures mean."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from sfa.errors import UserError
from sfa.i18n import _

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager


class Wire:
    """Connections to one head office: one that is kept, through the proxy that the environment names.

    ``direct``: never through a proxy.
    """

    def __init__(self, url: str, ca: str, connect: float, *, direct: bool) -> None:
        self._url, self._ca, self._connect, self._direct = url, ca, connect, direct
        self._manager: PoolManager | None = None
        self._connection: Any = None
        self.late = False
        """Whether what was ``bounded`` last took too long."""

    def send(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], wait: float
    ) -> BaseHTTPResponse:
        """Sends a request and reads the head of its reply. ``wait``: seconds of silence that are borne."""
        from urllib3 import Timeout
        from urllib3.util import SKIP_HEADER

        if self._manager is None:
            self._manager = self._make()
        return self._manager.urlopen(
            method,
            url,
            body=body,
            headers={"User-Agent": SKIP_HEADER, **headers},
            timeout=Timeout(connect=self._connect, read=wait),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def close(self) -> None:
        """Ends whatever waits, and the connection that was kept."""
        self.cut()
        if self._manager is not None:
            self._manager.clear()

    def cut(self) -> None:
        """Ends whatever waits on a connection; from any thread."""
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Cuts the line when all of it takes longer: a reply may also come drop by drop."""
        timer = threading.Timer(seconds, self._give_up)
        timer.daemon, self.late = True, False
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self.late = True
        self.cut()

    def _make(self) -> PoolManager:
        import urllib3

        options: dict[str, Any] = {"maxsize": 1}
        if self._url.startswith("https:"):
            options["ssl_context"] = self._context()
        manager = self._through_proxy(options) or urllib3.PoolManager(**options)
        manager.pool_classes_by_scheme = {
            "http": self._noting(urllib3.HTTPConnectionPool),
            "https": self._noting(urllib3.HTTPSConnectionPool),
        }
        return manager

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._ca or None)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UserError(
                _("The certificate {file} cannot be used: {reason}.").format(file=self._ca, reason=reason)
            ) from None

    def _through_proxy(self, options: dict[str, Any]) -> PoolManager | None:
        from urllib.request import getproxies, proxy_bypass

        parts = urlsplit(self._url)
        found = getproxies().get(parts.scheme)
        if not found or self._direct or proxy_bypass(parts.hostname or ""):
            return None
        import urllib3

        proxy = urlsplit(found if "://" in found else f"http://{found}")
        secret = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}" if proxy.username else None
        plain = f"{proxy.scheme}://{proxy.netloc.rpartition('@')[2]}"
        try:
            headers = urllib3.make_headers(proxy_basic_auth=secret) if secret else None
            return urllib3.ProxyManager(plain, proxy_headers=headers, **options)
        except urllib3.exceptions.HTTPError:
            raise UserError(_("The proxy {proxy} cannot be used.").format(proxy=plain)) from None

    def _noting(self, pool: Any) -> Any:
        """A class of connection pools whose connection ``cut`` can reach."""
        wire = self

        class Noted(pool.ConnectionCls):  # type: ignore[misc]
            def connect(self) -> None:
                wire._connection = self
                super().connect()

        return type("Noting", (pool,), {"ConnectionCls": Noted})


@cache
def failures() -> tuple[type[Exception], ...]:
    """What sending and reading raise."""
    from urllib3.exceptions import HTTPError

    return HTTPError, OSError, HTTPException


def cause(error: BaseException) -> BaseException:
    """What lies at the bottom of a failure."""
    seen = {id(error)}
    while True:
        inner = [error.__cause__, *error.args, getattr(error, "reason", None)]
        found = next((one for one in inner if isinstance(one, BaseException) and id(one) not in seen), None)
        if found is None:
            return error
        seen.add(id(found))
        error = found


def is_stale(error: BaseException) -> bool:
    """Whether the other end had closed the connection before anything was said."""
    return isinstance(cause(error), (RemoteDisconnected, ConnectionResetError, BrokenPipeError))


def is_rubbish(error: BaseException) -> bool:
    """Whether what came was no HTTP."""
    if isinstance(error, (RemoteDisconnected, IncompleteRead)):
        return False
    return isinstance(error, (BadStatusLine, HTTPException, ValueError))


def reason(error: BaseException) -> str:
    """A failure of the network in a few words."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return _("it took too long")
    if isinstance(error, socket.gaierror):
        return _("its name is not known here")
    if isinstance(error, (RemoteDisconnected, IncompleteRead, ConnectionResetError, BrokenPipeError)):
        return _("the line broke")
    if isinstance(error, ssl.SSLError):
        return _("TLS fails ({reason})").format(reason=(error.reason or _("unknown")).lower().replace("_", " "))
    text = getattr(error, "strerror", None) or getattr(error, "reason", None) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]
