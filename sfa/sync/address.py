"""Where head office is: one spelling of its URL, and none that would send secrets in the clear."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from sfa.errors import UserError
from sfa.i18n import _

SCHEMES = ("http", "https")


def address(url: str, *, insecure: bool = False) -> str:
    """The one spelling of head office's URL. ``UserError`` for what is none, or would send secrets in the clear."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    named = host.isprintable() and not set(host) & set(" /\\@%")
    if parts.scheme not in SCHEMES or not (host and named) or parts.query or parts.fragment or parts.username:
        raise UserError(
            _("{url} is no head office's address.").format(url=url), _("It is like https://office.example.")
        )
    if parts.scheme == "http" and not insecure and not is_loopback(host):
        raise UserError(
            _("Passwords would cross the network in the clear."), _("Use https, or --insecure-http if you must.")
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
