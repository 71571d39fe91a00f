"""What reps do: calls, meetings, visits, tasks, e-mails, notes, and what reminds of them."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text, YesNo
from sfa.models.lists import Links
from sfa.models.quantities import Integer
from sfa.models.record import Record
from sfa.models.times import Date, Duration, Instant, Moment


class Activity(Record):
    """Something done or planned with a customer. It is open until ``completed_at`` is set; ``start`` orders every timeline."""

    kind, label, plural = "activity", "Activity", "Activities"
    named_by = ("subject",)
    rank, in_menu = 40, True
    under = ("account", "opportunity", "contact", "lead")
    type = Choice("Type", defaults.ACTIVITY_TYPES, required=True, default="task", listed=2, aliases=("Activity Type",))
    subject = Text("Subject", required=True, listed=1, searched=True, aliases=("Note Title",))
    start = Moment("When", listed=3, group="time", aliases=("Due Date", "due", "date"))
    end = Moment("Until", group="time")
    tzid = Text("Time zone", max=64, form=False, group="time")
    status = Choice("Status", defaults.ACTIVITY_STATUSES, listed=4)
    priority = Choice("Priority", defaults.PRIORITIES, default="Normal")
    account = Link("Account", "account", listed=5)
    contact = Link("Contact", "contact", listed=6)
    lead = Link("Lead", "lead")
    opportunity = Link("Deal", "opportunity", listed=7)
    attendees = Links("Also with", "contact", searched=True)
    body = LongText("Note", searched=True, aliases=("Note Content", "Description", "Comments"))
    outcome = Link("Outcome", "call_outcome")
    direction = Choice("Direction", defaults.DIRECTIONS)
    duration = Duration("Duration")
    location = Text("Location")
    completed_at = Instant("Done", form=False, merge="least")
    came_from = Link("Came from", "activity", form=False)
    tags = Links("Tags", "tag", creates=True)
    indexes = (("account", "start"), ("contact", "start"), ("lead", "start"), ("opportunity", "completed_at", "status", "start"))
    open_until = "completed_at"
    open_indexes = (("start", "owner", "type"), ("account", "start"), ("contact", "start"), ("lead", "start"), ("opportunity", "start"))


class Reminder(Record):
    """When to remind a user of an activity: at a moment, or a span before it starts."""

    kind, label, plural = "reminder", "Reminder", "Reminders"
    named_by = ("remind_at",)
    under = ("activity",)
    activity = Link("Activity", "activity", required=True, listed=1)
    user = Link("User", "user", listed=3)
    before = Duration("Before the start")
    remind_at = Instant("Remind at", listed=2)
    fired_at = Instant("Fired", form=False, merge="greatest")
    dismissed_at = Instant("Dismissed", form=False, merge="greatest")
    snoozed_until = Instant("Snoozed until", form=False, merge="greatest")
    indexes = (("activity",), ("remind_at",))


class CallOutcome(Record):
    """How a call ended, and what usually follows."""

    kind, label, plural = "call_outcome", "Call outcome", "Call outcomes"
    scope = "company"
    name = Text("Name", required=True, listed=1)
    code = Text("Code", max=64, help="The outcome's id in other systems")
    position = Integer("Position", least=0, default=0)
    reached = YesNo("Reached", default=0, listed=2)
    next_type = Choice("Suggested next", defaults.ACTIVITY_TYPES, listed=3)
    next_subject = Text("Suggested subject")
    next_delay = Duration("After", listed=4)
    sets_do_not_call = YesNo("Sets do not call", default=0)
    marks_number_invalid = YesNo("Marks number invalid", default=0)
    ends_relation = YesNo("Ends the role in the account", default=0)
    is_active = YesNo("Active", default=1)


class SavedView(Record):
    """A list's filter, sort and columns under a name."""

    kind, label, plural = "saved_view", "Saved view", "Saved views"
    scope = "own"
    name = Text("Name", required=True, listed=1)
    of_kind = Text("Kind", required=True, listed=2)
    where = LongText("Filter", listed=3, help="One condition a line")
    text = Text("Words", help="What is searched for besides the conditions")
    sort = Text("Sort")
    columns = Text("Columns", max=1000)
    last_used = Date("Last used", form=False, merge="greatest")
