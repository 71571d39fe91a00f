"""What time it is, and where. Every other module asks here, so that tests and demos can fix both.

``SFA_NOW`` (an instant such as ``2026-11-27T09:00:00Z``) stops the clock, ``SFA_TZ`` (an IANA name) moves the laptop.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache

from sfa.errors import UserError
from sfa.i18n import _


def zone() -> str:
    """The IANA name of the time zone where the laptop is. Raises ``UserError`` where ``SFA_TZ`` names none."""
    name = os.environ.get("SFA_TZ")
    return _existing(name) if name else _laptop_zone()


@cache
def _existing(name: str) -> str:
    to_local("2026-01-01T00:00:00Z", name)
    return name


@cache
def _laptop_zone() -> str:
    link = os.path.realpath("/etc/localtime").replace(os.sep, "/")
    if "/zoneinfo/" in link and not os.environ.get(
        "TZ"
    ):  # as on most of Linux and macOS, without the 4 ms of an import
        return link.partition("/zoneinfo/")[2]
    return _asked_zone()


def forget_zone() -> None:
    """Asks the system anew where the laptop is: it may have travelled."""
    import time

    _laptop_zone.cache_clear()
    if hasattr(time, "tzset"):
        time.tzset()


def _asked_zone() -> str:
    """The zone as tzlocal finds it on every platform."""
    import warnings
    from zoneinfo import ZoneInfoNotFoundError

    from tzlocal import get_localzone_name

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a zone keeps UTC, and that is no news
        try:
            return get_localzone_name() or "UTC"
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return "UTC"


def to_local(instant: str, zone: str) -> datetime:
    """A stored instant as the clock on the wall of ``zone`` shows it."""
    from zoneinfo import ZoneInfo

    try:
        return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise UserError(_("{zone} is no time zone: {reason}").format(zone=zone, reason=error)) from None


def to_instant(local: datetime) -> str:
    """The stored form of a moment that knows its zone, to the second; ``ValueError`` for one that does not."""
    if local.tzinfo is None:
        raise ValueError("a moment without a time zone")
    try:
        return local.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except OverflowError:
        raise ValueError(_("{year} is too far away").format(year=local.year)) from None


def now() -> str:
    """This moment, as a stored instant."""
    fixed = os.environ.get("SFA_NOW")
    if not fixed:
        return to_instant(datetime.now(UTC))
    try:
        return to_instant(datetime.fromisoformat(fixed))
    except ValueError:
        raise UserError(
            _("SFA_NOW must be an instant such as 2026-11-27T09:00:00Z, not {value}").format(value=fixed)
        ) from None


def stands() -> bool:
    """Whether the clock was stopped: then no moment comes that has not come yet."""
    return bool(os.environ.get("SFA_NOW"))


def to_seconds(instant: str) -> float:
    """A stored instant in seconds as the system counts them."""
    return datetime.fromisoformat(instant).timestamp()


def today() -> str:
    """Today's date where the laptop is."""
    if name := os.environ.get("SFA_TZ"):
        return to_local(now(), name).date().isoformat()
    # the system's own rule spares the start a look for the zone's name
    return datetime.fromisoformat(now()).astimezone().date().isoformat()
