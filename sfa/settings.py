"""Where things are, and the one configuration file.

Folders are the platform's own, or lie together in ``SFA_HOME``. The configuration is one TOML file, ``sfa.toml`` in the
configuration folder; ``SCHEMA`` says everything about what may stand in it. No file means all defaults.
"""

from __future__ import annotations

import os
import sys

from sfa.errors import UserError
from sfa.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Any

XDG = {
    "data": ("XDG_DATA_HOME", "~/.local/share", "sfa"),
    "config": ("XDG_CONFIG_HOME", "~/.config", "sfa"),
    "cache": ("XDG_CACHE_HOME", "~/.cache", "sfa"),
    "log": ("XDG_STATE_HOME", "~/.local/state", os.path.join("sfa", "log")),
}


def folder(purpose: str) -> str:
    """The folder for ``data``, ``config``, ``cache`` or ``log``; it may not exist yet. ``SFA_HOME`` holds all four."""
    if home := os.environ.get("SFA_HOME"):
        return os.path.join(home, purpose)
    return _xdg_folder(purpose) if sys.platform == "linux" else platform_folder(purpose)


def _xdg_folder(purpose: str) -> str:
    """What ``platform_folder`` says on Linux, without the import, which costs more than a whole small command."""
    variable, default, name = XDG[purpose]
    base = os.environ.get(variable, "")
    return os.path.join(base if os.path.isabs(base) else os.path.expanduser(default), name)


def platform_folder(purpose: str) -> str:
    """``folder`` as platformdirs tells it, on every platform."""
    from platformdirs import PlatformDirs

    return str(getattr(PlatformDirs("sfa", appauthor=False), f"user_{purpose}_dir"))


def book_path() -> Path:
    """The book to open when the command line names none: ``SFA_BOOK``, or ``book.sfa`` in the data folder."""
    from pathlib import Path

    return Path(os.environ.get("SFA_BOOK") or os.path.join(folder("data"), "book.sfa")).expanduser()


def config_path() -> Path:
    """The configuration file, whether it exists or not."""
    from pathlib import Path

    return Path(folder("config"), "sfa.toml")


class Setting:
    """One entry of the configuration file: its name, how its value is read, its form in words, default and purpose."""

    __slots__ = ("default", "form", "help", "name", "read")

    def __init__(self, name: str, read: Callable[[object], Any], form: str, default: Any, help: str) -> None:
        self.name, self.read, self.form, self.default, self.help = name, read, form, default, help


class Settings:
    """What the configuration file says, with defaults where it is silent."""

    theme: str
    locale: str
    currency: str
    user: str
    working_hours: str
    day_begins: str
    year_starts: int
    reminders: str
    dial: str
    keys: dict[str, list[str]]

    def __init__(self, values: dict[str, Any]) -> None:
        for setting in SCHEMA:
            default = type(setting.default)(setting.default)  # a table of its own, not the schema's
            setattr(self, setting.name, values.get(setting.name, default))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_("must be text in quotes, not {value}").format(value=value))
    return value.strip()


def _currency(value: object) -> str:
    code = _text(value)
    if code and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise ValueError(_("must be a currency code such as EUR, not {value}").format(value=code))
    return code


def _month(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise ValueError(_("must be a month from 1 to 12, not {value}").format(value=value))
    return value


def _locale(value: object) -> str:
    name = _text(value)
    if name and not name.replace("_", "").replace("-", "").isalnum():
        raise ValueError(_("must be a locale such as de_DE, not {value}").format(value=name))
    return name


def _hour(value: object) -> str:
    hour, _colon, minute = _text(value).partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise ValueError(_('must be a time of day such as "09:00", not {value}').format(value=value))
    return f"{int(hour):02}:{minute}"


def _reminders(value: object) -> str:
    word = _text(value)
    if word not in ("all", "here", "off"):
        raise ValueError(_("must be all, here or off, not {value}").format(value=word))
    return word


def _dial(value: object) -> str:
    way = _text(value)
    scheme, colon, rest = way.partition(":")
    if scheme not in ("tel", "sip", "sips", "callto") or (colon and "{number}" not in rest):
        reason = _("must be tel, sip or callto, or an address such as sip:{{number}}@example.com, not {value}")
        raise ValueError(reason.format(value=way))
    return way


def _keys(value: object, prefix: str = "") -> dict[str, list[str]]:
    """Action id to keys. An id with a dot may be written without quotes, which TOML reads as tables in tables."""
    if not isinstance(value, dict):
        raise ValueError(_('must be a table of actions, such as [keys] and below it undo = ["u"]'))
    actions: dict[str, list[str]] = {}
    for name, keys in value.items():
        if isinstance(keys, dict):
            actions |= _keys(keys, f"{prefix}{name}.")
        elif isinstance(keys, list) and all(isinstance(key, str) and key for key in keys):
            actions[prefix + name] = keys
        else:
            reason = _('must give {action} a list such as ["u", "ctrl+z"]')
            raise ValueError(reason.format(action=prefix + name))
    return actions


def _working_hours(value: object) -> str:
    text = _text(value)
    begin, dash, end = text.partition("-")
    whole = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
    if not dash or begin not in whole or end not in (*whole, "24:00") or begin >= end:
        raise ValueError(_("must be hours such as 08:00-18:00, not {value}").format(value=text))
    return text


SCHEMA = (
    Setting("theme", _text, N_("text"), "", N_("The colours, by the name of a theme; empty for the standard ones.")),
    Setting("locale", _locale, N_("locale"), "", N_("How dates and amounts are written; empty for the system's way.")),
    Setting("currency", _currency, N_("currency code"), "", N_("The currency of new deals; empty for the locale's.")),
    Setting("user", _text, N_("text"), "", N_("Your name in a book that is made; empty for the name of your account.")),
    Setting("year_starts", _month, N_("month, 1 to 12"), 1, N_("The month in which your business year begins.")),
    Setting("day_begins", _hour, N_("time"), "09:00", N_("When reminders of a whole day remind.")),
    Setting(
        "working_hours",
        _working_hours,
        N_("hours"),
        "08:00-18:00",
        N_("When you work: free time is looked for between these hours of a working day."),
    ),
    Setting(
        "reminders",
        _reminders,
        N_("word"),
        "all",
        N_("How the screens remind: all (here and on the desktop), here, or off (left to sfa remind --watch)."),
    ),
    Setting("dial", _dial, N_("address"), "tel", N_("How numbers are dialled: tel, sip, callto or a whole address.")),
    Setting("keys", _keys, N_("table"), {}, N_('Other keys for actions, each action = ["key", …].')),
)


def load(path: Path | None = None) -> Settings:
    """The settings in ``path``, by default the configuration file; ``UserError`` says what is wrong, and where."""
    path = path or config_path()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings({})
    except OSError as error:
        raise UserError(_("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)) from None
    import tomllib  # 10 ms, and most have no such file

    try:
        return Settings(_read(tomllib.loads(content.decode("utf-8-sig")), path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(_("{file} is not valid TOML: {reason}").format(file=path, reason=error)) from None


def _read(entries: dict[str, Any], path: Path) -> dict[str, Any]:
    known = {setting.name: setting for setting in SCHEMA}
    values: dict[str, Any] = {}
    for name, value in entries.items():
        if name not in known:
            raise UserError(
                _("{file}: there is no setting {name}.").format(file=path, name=name), _nearest(name, known)
            )
        try:
            values[name] = known[name].read(value)
        except ValueError as error:
            raise UserError(_("{file}: {name} {reason}").format(file=path, name=name, reason=error)) from None
    return values


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    if near := get_close_matches(name.casefold(), list(known), 1):
        return _("Did you mean {name}?").format(name=near[0])
    return _("There are {names}.").format(names=", ".join(known))


def describe(settings: Settings) -> list[dict[str, Any]]:
    """Every setting in words: ``name``, ``form``, ``default``, ``value`` now, and ``help``."""
    return [
        {
            "name": setting.name,
            "form": _(setting.form),
            "default": setting.default,
            "value": getattr(settings, setting.name),
            "help": _(setting.help),
        }
        for setting in SCHEMA
    ]
