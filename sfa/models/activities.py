"""What reps do: calls, meetings, visits, tasks, e-mails, notes, and what reminds of them."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text, YesNo
from sfa.models.lists import Emails, Links
from sfa.models.quantities import Integer, Number
from sfa.models.record import Record
from sfa.models.repetition import Moments, Repetition
from sfa.models.times import Date, Duration, Instant, Moment


class Activity(Record):
    """Something done or planned with a customer. It is open until ``completed_at`` is set; ``start`` orders every timeline.

    One with a rule (``rrule``) is a *series*: its first time is ``series_start``, and ``start`` is the time that waits. What
    was done, moved or edited apart is an activity of its own: of the ``series``, for the time ``occurrence``.
    """

    kind, label, plural = "activity", "Activity", "Activities"
    named_by = ("subject",)
    rank, in_menu = 40, True
    under = ("account", "opportunity", "contact", "lead")
    type = Choice("Type", defaults.ACTIVITY_TYPES, required=True, default="task", listed=2, aliases=("Activity Type",))
    subject = Text("Subject", required=True, listed=1, searched=True, aliases=("Note Title",))
    start = Moment("When", listed=3, group="time", aliases=("Due Date", "due", "date"))
    end = Moment("Until", group="time")
    tzid = Text("Time zone", max=64, form=False, group="time")
    rrule = Repetition("Repeats", group="time", aliases=("Recurrence",))
    series_start = Moment("First time", form=False, group="time")
    exdates = Moments("Left out", form=False)
    rdates = Moments("Also on", form=False)
    series = Link("Series", "activity", form=False)
    occurrence = Moment("Stands for", form=False)
    put_off = Integer("Times put off", least=0, form=False, merge="greatest")
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
    location = Text("Location", max=1000)
    latitude = Number("Latitude", least=-90, most=90, form=False, group="place")
    longitude = Number("Longitude", least=-180, most=180, form=False, group="place")
    invited = Emails(
        "Invited", form=False, help="Each with the answer: needs-action, accepted, declined, tentative; organizer"
    )
    completed_at = Instant("Done", form=False, merge="least")
    came_from = Link("Came from", "activity", form=False)
    plan = Link("Plan", "activity_plan", form=False)
    plan_step = Link("Plan step", "plan_step", form=False)
    uid = Text("Calendar id", max=1000, hidden=True, help="Of what came from a calendar; else its own id")
    sequence = Integer(
        "Revision", least=0, hidden=True, merge="greatest", help="Grows with every change that calendars must hear of"
    )
    original = LongText(
        "As it came",
        max=1_000_000,
        hidden=True,
        help="The calendar entry that it came from: what it says beyond these fields",
    )
    tags = Links("Tags", "tag", creates=True)
    indexes = (
        ("account", "start"), ("contact", "start"), ("lead", "start"), ("opportunity", "completed_at", "status", "start"),
        ("owner", "completed_at", "type", "outcome", "duration"),
        ("start", "end"), ("series", "occurrence"),
    )  # fmt: skip
    open_until = "completed_at"
    open_indexes = (
        ("start", "owner", "type"), ("account", "start"), ("contact", "start"), ("lead", "start"), ("opportunity", "start"),
        ("rrule", "owner"),
    )  # fmt: skip


class Reminder(Record):
    """When to remind a user of something: at a moment, or a span before a date of it (``field``; an activity's start).

    ``remind_at`` is when it is due next, empty once it has reminded: an instant, or a date for the hour at which that day
    begins for the user. It is done with when ``dismissed_at`` is set.
    """

    kind, label, plural = "reminder", "Reminder", "Reminders"
    named_by = ("remind_at",)
    under = ("activity", "opportunity", "contact", "lead", "account")
    activity = Link("Activity", "activity", listed=1)
    opportunity = Link("Deal", "opportunity", listed=4)
    contact = Link("Contact", "contact")
    lead = Link("Lead", "lead")
    account = Link("Account", "account")
    field = Text("Of the date", max=64, help="The name of a field, such as close_date; an activity's start where empty")
    user = Link("User", "user", listed=3)
    before = Duration("Before the start")
    remind_at = Moment("Remind at", listed=2, merge="greatest")
    fired_at = Instant("Fired", form=False, merge="greatest")
    dismissed_at = Instant("Dismissed", form=False, merge="greatest")
    snoozed_until = Moment("Put off to", form=False, merge="greatest")
    snoozes = Integer("Times put off", least=0, form=False, merge="greatest")
    indexes = (("activity",), ("opportunity",), ("contact",), ("lead",), ("account",))
    open_until = "dismissed_at"
    open_indexes = (("user", "remind_at"), ("user", "fired_at"))


class ActivityPlan(Record):
    """A series of steps that are usual with a lead or a deal, to be applied as one."""

    kind, label, plural = "activity_plan", "Activity plan", "Activity plans"
    scope = "company"
    name = Text("Name", required=True, listed=1)
    description = Text("Description", listed=2)
    is_active = YesNo("Active", default=1)


class PlanStep(Record):
    """What a plan has a rep do, so many days after it was applied."""

    kind, label, plural = "plan_step", "Plan step", "Plan steps"
    scope = "company"
    named_by, scoped_by = ("subject",), "plan"
    plan = Link("Plan", "activity_plan", required=True, listed=1)
    position = Integer("Position", least=0, default=0, listed=2)
    type = Choice("Type", defaults.ACTIVITY_TYPES, required=True, default="task", listed=3)
    subject = Text("Subject", required=True, listed=4)
    after_days = Integer("Days after the first day", least=0, default=0, listed=5)
    time = Text("Time of day", max=5, listed=6, help="Such as 09:30; without one it is for the whole day")
    before = Duration("Reminder before", help="How long before it starts to remind")
    body = LongText("Note")
    indexes = (("plan", "position"),)


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
