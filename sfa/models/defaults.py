"""What a new book ships with: the choices of fields, and the first stages, outcomes and reasons.

Names and values follow the field's common usage: Salesforce stage names with SuiteCRM percentages, HubSpot's six call
outcomes with their ids, Frappe's loss reasons and lead statuses.
"""

from __future__ import annotations

from typing import Any

from sfa.i18n import N_

ACCOUNT_TYPES = (
    N_("Prospect"), N_("Customer"), N_("Partner"), N_("Reseller"), N_("Competitor"), N_("Investor"), N_("Integrator"),
    N_("Analyst"), N_("Press"), N_("Other"),
)  # fmt: skip
INDUSTRIES = (
    N_("Agriculture"), N_("Automotive"), N_("Chemicals"), N_("Construction"), N_("Consulting"), N_("Education"),
    N_("Electronics"), N_("Energy"), N_("Engineering"), N_("Entertainment"), N_("Finance"), N_("Food & Beverage"),
    N_("Government"), N_("Healthcare"), N_("Hospitality"), N_("Insurance"), N_("Machinery"), N_("Manufacturing"), N_("Media"),
    N_("Not For Profit"), N_("Retail"), N_("Software"), N_("Telecommunications"), N_("Transportation"), N_("Utilities"),
    N_("Other"),
)  # fmt: skip
PAYMENT_TERMS = (N_("Net 15"), N_("Net 30"), N_("Net 60"))
RATINGS = (N_("Hot"), N_("Warm"), N_("Cold"))
SALUTATIONS = (N_("Mr."), N_("Ms."), N_("Mrs."), N_("Miss"), N_("Dr."), N_("Prof."))
LEAD_SOURCES = (
    N_("Cold Call"), N_("Existing Customer"), N_("Self Generated"), N_("Employee Referral"), N_("External Referral"),
    N_("Word of Mouth"), N_("Partner"), N_("Trade Show"), N_("Seminar/Conference"), N_("Web Site"), N_("Web Form"),
    N_("Phone Inquiry"), N_("Email"), N_("Direct Mail"), N_("Advertisement"), N_("Campaign"), N_("Walk In"),
    N_("Purchased List"), N_("Other"),
)  # fmt: skip
LEAD_STATUS_TYPES = {
    N_("New"): "Open",
    N_("Contacted"): "Ongoing",
    N_("Nurture"): "Ongoing",
    N_("Qualified"): "Won",
    N_("Converted"): "Won",
    N_("Unqualified"): "Lost",
    N_("Junk"): "Lost",
}
LEAD_STATUSES = tuple(LEAD_STATUS_TYPES)
ACCOUNT_ROLES = (
    N_("Employee"),
    N_("Manager"),
    N_("Owner"),
    N_("Board Member"),
    N_("Consultant"),
    N_("Agent"),
    N_("Other"),
)
CONTACT_ROLES = (
    N_("Business User"), N_("Decision Maker"), N_("Economic Buyer"), N_("Economic Decision Maker"), N_("Evaluator"),
    N_("Executive Sponsor"), N_("Influencer"), N_("Technical Buyer"), N_("Other"), N_("Gatekeeper"), N_("Champion"),
)  # fmt: skip
STANCES = (N_("Champion"), N_("Supporter"), N_("Neutral"), N_("Blocker"), N_("Unknown"))
STAGE_TYPES = (N_("Open"), N_("On Hold"), N_("Won"), N_("Lost"))
FORECAST_CATEGORIES = (N_("Omitted"), N_("Pipeline"), N_("Best Case"), N_("Most Likely"), N_("Commit"), N_("Closed"))
DEAL_TYPES = (N_("New Business"), N_("Existing Business"))
PRODUCT_TYPES = (N_("Good"), N_("Service"))
ACTIVITY_TYPES = (N_("task"), N_("call"), N_("meeting"), N_("visit"), N_("email"), N_("note"))
TASK_STATUSES = (N_("Not Started"), N_("In Progress"), N_("Waiting"), N_("Completed"), N_("Deferred"), N_("Canceled"))
EVENT_STATUSES = (N_("Planned"), N_("Held"), N_("Not Held"))
ACTIVITY_STATUSES = TASK_STATUSES + EVENT_STATUSES
CLOSED_STATUSES = frozenset({"Completed", "Canceled", "Held", "Not Held"})
EVENT_TYPES = frozenset({"call", "meeting", "visit"})
PRIORITIES = (N_("Low"), N_("Normal"), N_("High"), N_("Urgent"))
DIRECTIONS = (N_("Outbound"), N_("Inbound"))

CAMPAIGN_TYPES = (
    N_("Telesales"), N_("Mail"), N_("Email"), N_("Print"), N_("Web"), N_("Radio"), N_("Television"), N_("Newsletter"), N_("Survey"),
    N_("Trade Show"), N_("Event"), N_("Referral"),
)  # fmt: skip
CAMPAIGN_STATUSES = (N_("Planning"), N_("Active"), N_("Complete"), N_("Canceled"))
ORDER_STATUSES = (N_("Draft"), N_("Submitted"), N_("Activated"), N_("Fulfilled"), N_("Canceled"))
PERIODS = (N_("week"), N_("month"), N_("quarter"), N_("year"))

PIPELINE_NAME = N_("Sales")
# name, type, probability, forecast category, days until a deal rots
STAGES = (
    (N_("Prospecting"), "Open", 10, "Pipeline", 14),
    (N_("Qualification"), "Open", 20, "Pipeline", 14),
    (N_("Needs Analysis"), "Open", 25, "Pipeline", 21),
    (N_("Proposal/Price Quote"), "Open", 65, "Best Case", 21),
    (N_("Negotiation/Review"), "Open", 80, "Commit", 14),
    (N_("Closed Won"), "Won", 100, "Closed", 0),
    (N_("Closed Lost"), "Lost", 0, "Omitted", 0),
)
# Names that other systems give to the shipped stages.
STAGE_ALIASES = {
    "value proposition": "Needs Analysis",
    "id. decision makers": "Needs Analysis",
    "identifying decision makers": "Needs Analysis",
    "identify decision makers": "Needs Analysis",
    "perception analysis": "Needs Analysis",
    "proposal": "Proposal/Price Quote",
    "negotiation": "Negotiation/Review",
    "won": "Closed Won",
    "lost": "Closed Lost",
}
LOSS_REASONS = (
    (N_("Pricing"), N_("Too expensive for what they get")),
    (N_("Competition"), N_("They bought from somebody else")),
    (N_("Budget Constraints"), N_("No money for it now")),
    (N_("Missing Features"), N_("It does not do what they need")),
    (N_("Long Sales Cycle"), N_("It took too long")),
    (N_("No Decision-Maker"), N_("Nobody who decides could be reached")),
    (N_("Unresponsive Prospect"), N_("They stopped answering")),
    (N_("Poor Fit"), N_("Not our kind of customer")),
    (N_("Timing/Postponed"), N_("Not now, perhaps later")),
    (N_("Project Cancelled"), N_("Their project ended")),
    (N_("Stayed with current supplier"), ""),
    (N_("Not enough stock/capacity"), N_("We could not deliver")),
    (N_("Other"), ""),
)
_HOUR, _DAY = 3600, 86400
# The shipped call outcomes with their suggested next step.
CALL_OUTCOMES: tuple[dict[str, Any], ...] = (
    {"name": N_("Connected"), "reached": 1, "code": "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
    {"name": N_("Meeting booked"), "reached": 1, "next_type": "meeting"},
    {"name": N_("Callback requested"), "reached": 1, "next_type": "call"},
    {"name": N_("Information requested"), "reached": 1, "next_type": "task", "next_delay": _DAY, "next_subject": N_("Send information")},
    {"name": N_("Referred to someone else"), "reached": 1, "next_type": "task", "next_delay": _DAY, "next_subject": N_("Add the new contact")},
    {"name": N_("Not interested"), "reached": 1},
    {"name": N_("Do not call"), "reached": 1, "sets_do_not_call": 1},
    {"name": N_("Left voicemail"), "next_type": "call", "next_delay": 2 * _DAY, "code": "b2cf5968-551e-4856-9783-52b3da59a7d0"},
    {"name": N_("Left live message"), "next_type": "call", "next_delay": 2 * _DAY, "code": "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"},
    {"name": N_("Gatekeeper"), "next_type": "call", "next_delay": _DAY},
    {"name": N_("No answer"), "next_type": "call", "next_delay": _DAY, "code": "73a0d17f-1163-4015-bdd5-ec830791da20"},
    {"name": N_("Busy"), "next_type": "call", "next_delay": 2 * _HOUR, "code": "9d9162e7-6cf3-4944-bf63-4dff82258764"},
    {"name": N_("Wrong number"), "next_type": "task", "next_delay": 0, "next_subject": N_("Find the right number"),
     "marks_number_invalid": 1, "code": "17b47fee-58de-441e-a44c-c6300d46f273"},
    {"name": N_("No longer with company"), "next_type": "task", "next_delay": 0, "next_subject": N_("Find the successor"), "ends_relation": 1},
)  # fmt: skip
