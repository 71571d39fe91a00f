"""Figures and reviews as documents: charts as SVG and PNG (matplotlib), pages as PDF (fpdf2), both imported late."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sfa.errors import UserError
from sfa.i18n import _


def needed(module: str) -> Any:
    """The module of the extra ``charts``; raises ``UserError`` where that is not installed."""
    try:
        return import_module(module)
    except ImportError:
        message = _("Charts and PDF pages need {module}, which is not installed.").format(
            module=module.split(".", maxsplit=1)[0]
        )
        raise UserError(message, _("pip install 'sfa-client[charts]' brings it.")) from None
