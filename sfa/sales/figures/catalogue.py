"""All reports that sfa ships, in the order in which they are shown."""

from __future__ import annotations

from sfa.errors import NotFound
from sfa.i18n import _
from sfa.sales.figures.activities import ACTIVITY, RESPONSE
from sfa.sales.figures.customers import COHORTS, LIFETIME, RETENTION
from sfa.sales.figures.deals import LOSSES, PIPELINE, VELOCITY, WINS
from sfa.sales.figures.report import Declaration
from sfa.sales.figures.sales import ORDERS
from sfa.sales.figures.segments import RFM
from sfa.sales.figures.sources import CAMPAIGNS, SOURCES
from sfa.sales.figures.stages import FUNNEL, STAYS

REPORTS: dict[str, Declaration] = {
    declaration.name: declaration
    for declaration in (
        PIPELINE, FUNNEL, WINS, LOSSES, VELOCITY, STAYS, ACTIVITY, RESPONSE, SOURCES, CAMPAIGNS, ORDERS, RETENTION,
        COHORTS, LIFETIME, RFM,
    )
}  # fmt: skip


def find(name: str) -> Declaration:
    """The shipped report called ``name``. Raises ``NotFound`` with near ones."""
    if name in REPORTS:
        return REPORTS[name]
    from difflib import get_close_matches

    near = tuple(get_close_matches(name, REPORTS, 2))
    hint = (
        _("Did you mean {names}?").format(names=_(" or ").join(near))
        if near
        else _("There are: {names}.").format(names=", ".join(REPORTS))
    )
    raise NotFound(_("There is no report called {name}.").format(name=name), hint, near)
