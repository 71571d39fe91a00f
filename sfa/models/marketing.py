"""What brings leads in, and what that costs."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, LongText, Text
from sfa.models.quantities import Currency, Money
from sfa.models.record import Record
from sfa.models.times import Date


class Campaign(Record):
    """An effort to win customers: what it cost is compared with what came of it."""

    kind, label, plural = "campaign", "Campaign", "Campaigns"
    scope = "company"
    rank = 25
    name = Text("Name", required=True, listed=1, searched=True, aliases=("Campaign Name",))
    type = Choice("Type", defaults.CAMPAIGN_TYPES, open=True, listed=2)
    status = Choice("Status", defaults.CAMPAIGN_STATUSES, default="Planning", listed=3)
    start_date = Date("From", listed=4)
    end_date = Date("Until", listed=5)
    budget = Money("Budget", listed=6)
    actual_cost = Money("Cost", listed=7)
    currency = Currency("Currency", group="amount")
    description = LongText("Description")
