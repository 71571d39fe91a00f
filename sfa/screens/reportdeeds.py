"""What is done with a report: narrowed, written to a file, pinned to Today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.errors import UserError
from sfa.i18n import _
from sfa.sales import edit
from sfa.sales.figures.report import Figures
from sfa.store.query import parse_condition

if TYPE_CHECKING:
    from sfa.app import SfaApp

FORMS = ("pdf", "svg", "png", "csv")
_PART = re.compile(
    r"""(?P<head>[^\s'"]*(?<=[=<>~])|(?<!\S))(?P<mark>['"])(?P<body>.*?)(?P=mark)(?=\s|$)|(?P<whole>\S+)""", re.DOTALL
)
"""A condition; quotes hold words together where they begin it or its value. In a word (O'Brien) they are letters."""


def written(figures: Figures, path: Path) -> str:
    """Writes the report in the form that the name ends in; says that. Raises ``UserError``."""
    from sfa.exchange.documents import charts, tables

    form = path.suffix[1:].lower()
    try:
        if form == "pdf":
            tables.write_pdf(figures, path)
        elif form == "csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                tables.write_csv(figures, file)
        else:
            charts.save(figures, path, form)
    except OSError as error:
        text = _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
        raise UserError(text) from None
    return _("Wrote {path}").format(path=path)


def conditions(text: str) -> tuple[str, ...]:
    """Conditions as typed in a line; ``-`` for none. Raises ``UserError``."""
    if text.strip() == "-":
        return ()
    parts = _split(text)
    for part in parts:
        parse_condition(part)
    return parts


def _split(text: str) -> tuple[str, ...]:
    return tuple(found["whole"] or found["head"] + found["body"] for found in _PART.finditer(text))


def typed(parts: Iterable[str]) -> str:
    """Conditions as ``conditions`` reads them."""
    return " ".join(map(_quoted, parts)) or "-"


def _quoted(part: str) -> str:
    if _split(part) == (part,):
        return part
    mark = "'" if re.search(r'"(\s|$)', part) else '"'
    return f"{mark}{part}{mark}"


def told_of(text: str) -> str:
    path = Path(text.strip()).expanduser()
    if path.suffix[1:].lower() not in FORMS:
        raise UserError(_("The name must end in one of {forms}.").format(forms=", ".join(f".{form}" for form in FORMS)))
    return _("takes the place of that file") if path.exists() else str(path)


def pin(sfa: SfaApp, report_id: str) -> None:
    """Shows an own report on Today, or no longer."""
    record = sfa.book.get("report", report_id)
    pinned = not record.values.get("is_pinned")
    title = _("Pinned {name} to Today") if pinned else _("Took {name} from Today")

    def work() -> None:
        with sfa.book.change(title.format(name=record.heading), "screen") as change:
            edit.edit(change, "report", report_id, {"is_pinned": int(pinned)})

    sfa.perform(work)
