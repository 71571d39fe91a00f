"""The records: each kind defined once, in its family's file."""

from sfa.models.activities import Activity, CallOutcome, Reminder, SavedView
from sfa.models.catalog import Product, Tag
from sfa.models.fields import Choice, Context, Field, Link, LongText, Text, YesNo
from sfa.models.ids import is_id, new_id, new_ids
from sfa.models.lists import Emails, Links, Phones
from sfa.models.opportunities import Competitor, ContactRole, LossReason, Opportunity, Pipeline, Stage
from sfa.models.parties import Account, Contact, Lead, Relation, User
from sfa.models.quantities import Integer, Money, Number, Percent
from sfa.models.reconciliation import Conflict
from sfa.models.record import KINDS, Record, check_values, find_kind, fold, read_values, require
from sfa.models.setup import CustomField, Territory
from sfa.models.times import Date, Duration, Instant, Moment

__all__ = [
    "KINDS", "Account", "Activity", "CallOutcome", "Choice", "Competitor", "Conflict", "Contact", "ContactRole", "Context", "CustomField",
    "Date", "Duration", "Emails", "Field", "Instant", "Integer", "Lead", "Link", "Links", "LongText", "LossReason", "Moment",
    "Money", "Number", "Opportunity", "Percent", "Phones", "Pipeline", "Product", "Record", "Relation", "Reminder", "SavedView",
    "Stage", "Tag", "Territory", "Text", "User", "YesNo", "check_values", "find_kind", "fold", "is_id", "new_id", "new_ids", "read_values", "require",
]  # fmt: skip
