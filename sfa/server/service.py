"""Head office as a service: where it listens, how it is secured, how it ends."""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn

from sfa.errors import UserError
from sfa.i18n import _
from sfa.server import logs
from sfa.server.app import App
from sfa.server.builder import Builder
from sfa.server.connection import Connection
from sfa.server.office import Office

PORT = 8470
COLLECTED = (50_000, 20, 50)
"""How seldom garbage is looked for: a large push is many objects, and looking took a quarter of its time."""
GRACE = 30
"""Seconds that requests in hand have when the service ends."""


class Service(NamedTuple):
    """How to serve: a bound socket, where laptops find it, and the files of a certificate and its key for TLS."""

    socket: socket.socket
    url: str
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False


def prepare(listen: str, certificate: Path | None, key: Path | None, *, behind_proxy: bool) -> Service:
    """Binds ``listen`` (host:port; the port may be left out) and checks the certificate.

    Raises ``UserError``, also where passwords would cross a network in the clear.
    """
    host, port = _place(listen)
    if (certificate is None) != (key is None):
        raise UserError(_("A certificate and its key go together."), _("Give --certificate and --key."))
    if certificate and key:
        _check(certificate, key)
    elif not behind_proxy and not _is_loopback(host):
        raise UserError(
            _("Passwords would cross the network in the clear."), _("Give --certificate and --key, or --behind-proxy.")
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(_("Cannot listen on {place}: {reason}.").format(place=listen, reason=reason)) from None
    port = bound.getsockname()[1]  # where any would do, the system has chosen one
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if certificate else 'http'}://{shown}:{port}"
    return Service(bound, url, certificate, key, behind_proxy)


def _place(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or "]" in port:  # no port, or the colons of an IPv6 address
        host, port = listen, str(PORT)
    if not port.isdecimal() or int(port) > 65535 or not host:
        raise UserError(_("{place} is not HOST:PORT.").format(place=listen))
    return host.strip("[]"), int(port)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = _("The certificate {file} cannot be used with its key: {reason}.")
        raise UserError(message.format(file=certificate, reason=reason)) from None


class Server(uvicorn.Server):
    """uvicorn's server, which ends in good order where it is told to and does not kill its process then."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.announcer.close()  # or listeners would hold it up
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ends = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
        before = {end: signal.signal(end, self.handle_exit) for end in ends}
        try:
            yield
        finally:
            for end, handler in before.items():
                signal.signal(end, handler)


def make_server(app: App, service: Service) -> Server:
    """What serves ``app``; ``run(sockets=[…])`` or ``serve`` it."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,  # longer than a proxy's or a laptop's pause between two syncs of a burst
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=service.certificate,
        ssl_keyfile=service.key,
    )
    return Server(config, app)


def serve(office: Office, service: Service) -> None:
    """Serves until a signal ends it; requests in hand are finished first."""
    logs.begin()
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    app, builder = App(office, behind_proxy=service.behind_proxy), Builder(office.snapshots)
    office.listeners.append(builder.announce)
    builder.begin()
    try:
        make_server(app, service).run(sockets=[service.socket])
    finally:
        app.close()
        builder.close()
        office.database.close()
