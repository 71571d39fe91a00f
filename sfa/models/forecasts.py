"""What is aimed at and what is expected: goals and quotas, forecasts handed in, rates of currencies, own reports."""

from __future__ import annotations

from sfa.i18n import N_
from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text, YesNo
from sfa.models.quantities import Currency, Integer, Money, Number
from sfa.models.record import Record
from sfa.models.times import Date, Instant

MEASURES = (N_("won amount"), N_("won deals"), N_("new deals"), N_("calls"), N_("calls reached"), N_("meetings"), N_("activities"))
CALL_TYPES = (N_("submitted"), N_("adjusted"))


class Goal(Record):
    """How much of something a user is to reach in a period. A quota is the goal of the won amount."""

    kind, label, plural = "goal", "Goal", "Goals"
    scope = "company"
    named_by = ("measure", "starts_on")
    user = Link("User", "user", listed=1, help="Empty for the whole company")
    measure = Choice("Of what", MEASURES, required=True, default="won amount", listed=2)
    period = Choice("Each", defaults.PERIODS, required=True, default="quarter", listed=3)
    starts_on = Date("From", required=True, listed=4, help="The first day of the period")
    target = Integer("How many", least=0, listed=5)
    amount = Money("How much", listed=6)
    currency = Currency("Currency", group="amount")
    indexes = (("user", "starts_on"),)


class ForecastCall(Record):
    """What a rep says will close in a period, or what his manager makes of it; the newest of each type counts."""

    kind, label, plural = "forecast_call", "Forecast handed in", "Forecasts handed in"
    scope = "company"
    named_by = ("type", "starts_on")
    user = Link("Of whom", "user", required=True, listed=1)
    type = Choice("Type", CALL_TYPES, required=True, default="submitted", listed=2)
    period = Choice("Period", defaults.PERIODS, required=True, default="quarter", listed=3)
    starts_on = Date("From", required=True, listed=4)
    amount = Money("Commit", required=True, listed=5)
    best_case = Money("Best case", listed=6)
    currency = Currency("Currency", group="amount")
    note = LongText("Note")
    said_at = Instant("Handed in", form=False, listed=7)
    indexes = (("user", "starts_on"),)


class ExchangeRate(Record):
    """What a unit of a currency is worth in another from a day on."""

    kind, label, plural = "exchange_rate", "Exchange rate", "Exchange rates"
    scope = "company"
    named_by = ("currency", "starts_on")
    currency = Currency("Currency", required=True, listed=1)
    base = Currency("In", required=True, listed=2, help="The currency that amounts are summed in")
    starts_on = Date("From", required=True, listed=3)
    rate = Number("Rate", required=True, least=0, listed=4, help="How much of the other one unit is worth")
    indexes = (("currency", "base", "starts_on"),)


class Report(Record):
    """A report of the user's own: records of a kind, filtered, grouped, measured; or a shipped one with a filter and period."""

    kind, label, plural = "report", "Report", "Reports"
    scope = "own"
    name = Text("Name", required=True, listed=1)
    shipped = Text("Shipped report", max=64, form=False, help="The name of the shipped report that this one is a setting of")
    of_kind = Text("Kind", listed=2, help="account, deal, activity, lead, order …")
    where = LongText("Filter", listed=3, help="One condition a line")
    group_by = Text("Grouped by", max=1000, listed=4, help="A field: stage, account.industry, close_date by quarter")
    measure = Text("Measure", max=1000, listed=5, help="count, or sum, average, median, least or greatest of a field")
    period = Text("Period", max=64, help="Such as this quarter, 2017, last 90 days")
    date_field = Text("Date", max=64, help="The field that the period is of")
    is_pinned = YesNo("Pinned to Today", default=0, listed=6)
