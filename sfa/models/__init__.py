"""The records: each kind defined once, in its family's file."""

from sfa.models.activities import Activity, ActivityPlan, CallOutcome, PlanStep, Reminder, SavedView
from sfa.models.catalog import Product, Tag
from sfa.models.fields import Choice, Context, Field, Link, LongText, Text, YesNo
from sfa.models.forecasts import ExchangeRate, ForecastCall, Goal, Report
from sfa.models.ids import is_id, new_id, new_ids
from sfa.models.lists import Emails, Links, Phones
from sfa.models.marketing import Campaign
from sfa.models.opportunities import Competitor, ContactRole, LossReason, Opportunity, Pipeline, Stage
from sfa.models.orders import Order, OrderLine
from sfa.models.parties import Account, Contact, Lead, Relation, User
from sfa.models.quantities import Integer, Money, Number, Percent
from sfa.models.reconciliation import Conflict
from sfa.models.record import KINDS, Record, check_values, find_kind, fold, read_values, require
from sfa.models.repetition import Moments, Repetition
from sfa.models.setup import CustomField, Territory
from sfa.models.times import Birthday, Date, Duration, Instant, Moment

__all__ = [
    "KINDS", "Account", "Activity", "ActivityPlan", "Birthday", "CallOutcome", "Campaign", "Choice", "Competitor", "Conflict", "Contact",
    "ContactRole", "Context", "CustomField", "Date", "Duration", "Emails", "ExchangeRate", "Field", "ForecastCall", "Goal", "Instant", "Integer",
    "Lead", "Link", "Links", "LongText", "LossReason", "Moment", "Moments", "Money", "Number", "Opportunity", "Order", "OrderLine", "Percent",
    "Phones", "Pipeline", "PlanStep", "Product", "Record", "Relation", "Reminder", "Repetition", "Report", "SavedView", "Stage", "Tag", "Territory",
    "Text", "User", "YesNo", "check_values", "find_kind", "fold", "is_id", "new_id", "new_ids", "read_values", "require",
]  # fmt: skip
