"""What is done with a report: narrowed, written to a file, pinned to Today."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.errors import SfaError, UserError
from sfa.i18n import _
from sfa.sales import edit
from sfa.sales.figures.report import Figures
from sfa.store.query import parse_condition

if TYPE_CHECKING:
    from sfa.app import SfaApp

FORMS = ("pdf", "svg", "png", "csv")


def written(figures: Figures, path: Path) -> str:
    """Writes the report in the form that the name ends in; says that, or why not."""
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
    except (SfaError, OSError) as error:
        return f"! {error}"
    return _("Wrote {path}").format(path=path)


def conditions(text: str) -> tuple[str, ...]:
    """Conditions as typed in a line; ``-`` for none. Raises ``UserError``."""
    if text.strip() == "-":
        return ()
    parts = tuple(shlex.split(text))
    for part in parts:
        parse_condition(part)
    return parts


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
