"""What nobody foresaw: one line for the user, and a log for us that holds nothing of the user's data."""

from __future__ import annotations

import os
import sys
import traceback

from sfa import __version__, settings
from sfa.i18n import _
from sfa.locales import now


def explain(error: BaseException) -> str:
    """One line about an unforeseen error, after writing where it happened to the log file."""
    name = type(error).__name__
    log = _written(error)
    where = _("Details are in {path}.").format(path=log) if log else ""
    return (
        _("Something went wrong inside sfa ({name}); no change was left half done. {where}")
        .format(name=name, where=where)
        .strip()
    )


def _written(error: BaseException) -> str:
    """The log file's path; empty where it cannot be written."""
    folder = settings.folder("log")
    path = os.path.join(folder, "errors.log")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(path, "a", encoding="utf-8") as log:
            log.write(report(error))
    except OSError:
        return ""
    return path


def report(error: BaseException) -> str:
    """Where the error came from: files and functions, without messages and values, which may be customers' data."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"{now()} sfa {__version__} Python {sys.version.split()[0]} {sys.platform}: {type(error).__name__}",
        *(f"  {os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames),
        "",
    ]
    return "\n".join(lines)
