"""Selling: pipelines, stages, opportunities and the people and competitors around a deal."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text, YesNo
from sfa.models.lists import Links
from sfa.models.quantities import Currency, Integer, Money, Percent
from sfa.models.record import Record
from sfa.models.times import Date, Instant


class Pipeline(Record):
    """A way of selling, with stages of its own."""

    kind, label, plural = "pipeline", "Pipeline", "Pipelines"
    scope = "company"
    name = Text("Name", required=True, listed=1)
    position = Integer("Position", least=0, default=0, listed=2)
    is_default = YesNo("Default", default=0, listed=3)
    is_active = YesNo("Active", default=1)


class Stage(Record):
    """A step of a pipeline. ``type`` says what it means, so that renaming it breaks nothing."""

    kind, label, plural = "stage", "Stage", "Stages"
    scope = "company"
    scoped_by, aliases = "pipeline", defaults.STAGE_ALIASES
    pipeline = Link("Pipeline", "pipeline", required=True, listed=2)
    name = Text("Name", required=True, listed=1)
    position = Integer("Position", least=0, required=True, listed=3)
    type = Choice("Type", defaults.STAGE_TYPES, required=True, default="Open", listed=4)
    probability = Percent("Probability", required=True, default=0, listed=5)
    forecast_category = Choice("Forecast category", defaults.FORECAST_CATEGORIES, default="Pipeline", listed=6)
    rot_days = Integer("Rots after days", least=0, default=0, help="0: never", listed=7)
    guidance = LongText("Guidance")
    indexes = (("pipeline", "position"),)


class LossReason(Record):
    """Why deals are lost."""

    kind, label, plural = "loss_reason", "Loss reason", "Loss reasons"
    scope = "company"
    name = Text("Name", required=True, listed=1)
    description = Text("Description", listed=2)
    position = Integer("Position", least=0, default=0)
    is_active = YesNo("Active", default=1)


class Competitor(Record):
    """Somebody else who sells to our customers."""

    kind, label, plural = "competitor", "Competitor", "Competitors"
    scope = "company"
    rank = 20
    name = Text("Name", required=True, listed=1, searched=True)
    website = Text("Website", listed=2)
    strengths = LongText("Strengths")
    weaknesses = LongText("Weaknesses")


class Opportunity(Record):
    """A deal: what may be sold to an account, for how much, until when, and how far it is."""

    kind, label, plural = "opportunity", "Opportunity", "Opportunities"
    rank, in_menu = 70, True
    under = ("account", "primary_contact")
    named_after = ("account", "product")
    name = Text(
        "Name",
        required=True,
        listed=1,
        searched=True,
        aliases=("Deal", "Deal Name", "Deal - Title", "Title", "Opportunity Name"),
    )
    account = Link("Account", "account", listed=2, aliases=(
        "Account Name", "Associated Company", "Deal - Organization", "Organization - Name", "Company", "Company Name", "ACCOUNTID"))  # fmt: skip
    pipeline = Link("Pipeline", "pipeline", required=True, group="sales_state", aliases=("Deal - Pipeline",))
    stage = Link(
        "Stage",
        "stage",
        required=True,
        listed=4,
        group="sales_state",
        aliases=("Deal Stage", "Stage Name", "Deal - Stage"),
    )
    amount = Money("Amount", listed=3, aliases=("close_value", "Deal - Value", "Value", "Deal Amount"))
    currency = Currency("Currency", group="amount", aliases=("Deal - Currency of value",))
    probability = Percent("Probability", group="sales_state", aliases=("Deal - Probability",))
    close_date = Date(
        "Close date",
        listed=5,
        group="sales_state",
        aliases=("Deal - Expected close date", "Expected Close Date", "Closing Date"),
    )
    forecast_category = Choice("Forecast category", defaults.FORECAST_CATEGORIES, group="sales_state")
    primary_contact = Link("Contact", "contact", aliases=("Contact Name", "Person - Name"))
    product = Link("Product", "product", aliases=("Product Name",))
    type = Choice("Type", defaults.DEAL_TYPES)
    lead_source = Choice("Lead source", defaults.LEAD_SOURCES, open=True)
    campaign = Link("Campaign", "campaign", aliases=("Primary Campaign Source", "Campaign Source"))
    next_step = Text("Next step")
    engaged_on = Date("Engaged on", aliases=("engage_date",))
    competitors = Links("Competitors", "competitor")
    winning_competitor = Link("Lost to", "competitor", group="sales_state")
    loss_reason = Link("Loss reason", "loss_reason", group="sales_state", aliases=("Deal - Lost reason", "Lost reason"))
    loss_notes = LongText("Loss notes", group="sales_state")
    stage_entered_at = Instant(
        "In stage since", form=False, group="sales_state", merge="least", aliases=("Date entered current stage",)
    )
    furthest_stage = Link("Furthest stage", "stage", form=False, merge="greatest")
    closed_at = Instant("Closed", form=False, group="sales_state", merge="least", aliases=("Deal - Closed on",))
    tags = Links("Tags", "tag", creates=True, aliases=("Deal - Label", "Tag"))
    description = LongText("Description")
    indexes = (
        ("account",), ("primary_contact",), ("stage", "close_date"), ("pipeline", "stage", "currency", "probability", "amount"),
        ("owner", "stage", "close_date", "currency", "amount"),
    )  # fmt: skip
    open_until = "closed_at"
    open_indexes = (("id", "owner", "stage", "stage_entered_at", "close_date"),)


class ContactRole(Record):
    """What a contact is to a deal."""

    kind, label, plural = "contact_role", "Contact role", "Contact roles"
    named_by = ("role",)
    under = ("opportunity", "contact")
    opportunity = Link("Deal", "opportunity", required=True, listed=1)
    contact = Link("Contact", "contact", required=True, listed=2)
    role = Choice("Role", defaults.CONTACT_ROLES, open=True, listed=3)
    stance = Choice("Stance", defaults.STANCES, listed=4)
    is_primary = YesNo("Primary", default=0, listed=5)
    indexes = (("opportunity",), ("contact",))
