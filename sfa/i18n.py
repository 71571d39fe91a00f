"""The one door for every text that a user sees: ``_("text")`` gives it in the user's language.

English is the source language and needs no catalogue. A language is added by placing
``sfa/locale/<lang>/LC_MESSAGES/sfa.mo`` (made by any gettext tool) in the package; no screen and no command is touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache


def _language() -> str:
    """The user's language as the environment says it, such as ``de_DE``; ``en`` when it says nothing."""
    for name in ("SFA_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").partition(".")[0]
        if value:
            return "en" if value in {"C", "POSIX"} else value
    return "en"


@cache
def _lookup() -> Callable[[str], str]:
    """What gives a text in the user's language; found once, for every text on the screen asks."""
    language = _language()
    if language.startswith("en"):
        return str
    import gettext  # English, the common case, does without

    folder = os.path.join(os.path.dirname(__file__), "locale")
    return gettext.translation("sfa", folder, languages=[language], fallback=True).gettext


def _(text: str) -> str:
    """``text`` in the user's language; ``text`` itself where no translation exists."""
    return _lookup()(text) if text else text


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Marks ``text`` for translation where it is defined; whoever shows it passes it through ``_``."""
    return text
