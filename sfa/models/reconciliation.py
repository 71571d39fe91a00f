"""What two people wanted at once, until somebody decides."""

from __future__ import annotations

from sfa.i18n import N_
from sfa.models.fields import Choice, Link, LongText, Text
from sfa.models.record import Record
from sfa.models.times import Instant

REASONS = (N_("edited"), N_("deleted"), N_("delete"), N_("parent"))
RESOLUTIONS = (N_("mine"), N_("theirs"), N_("edited"))


class Conflict(Record):
    """A change that head office did not take over, as somebody else had changed the same: all three values, kept.

    ``base``, ``mine`` and ``theirs`` are JSON objects, field to value; ``mine`` is what ``user`` wanted, and ``theirs``
    what stands; ``other`` did that, as far as head office can tell. ``reason``: the same group of fields was *edited*;
    the record was *deleted* when an edit came; a *delete* came when there were edits it had not seen; something was put
    under a deleted *parent*. ``place`` names the calendar or address book in which the user changed it.
    """

    kind, label, plural = "conflict", "Conflict", "Conflicts"
    named_by, by_hand = ("title",), False
    title = Text("Record", required=True, listed=1, form=False)
    of_kind = Text("Kind", required=True, listed=2, form=False)
    record = Text("Id", required=True, max=64, form=False)
    reason = Choice("Reason", REASONS, required=True, listed=3, form=False)
    base = LongText("Before", max=2_000_000, hidden=True)
    mine = LongText("Wanted", max=2_000_000, hidden=True)
    theirs = LongText("Stands", max=2_000_000, hidden=True)
    user = Link("Whose change", "user", listed=4, form=False)
    made_at = Instant("Changed", listed=5, form=False)
    action = Text("Action", max=64, form=False)
    action_title = Text("What was done", max=1000, form=False)
    other = Link("Who did the other", "user", form=False)
    other_at = Instant("Done at", form=False)
    place = Text(
        "Changed in", max=255, form=False, help="The calendar or address book where it was; empty: another book"
    )
    other_title = Text("What the other was", max=1000, form=False)
    resolved_at = Instant("Resolved", listed=6, form=False, merge="least")
    resolution = Choice("Resolution", RESOLUTIONS, listed=7, form=False)
    indexes = (("record",),)
    open_until = "resolved_at"
    open_indexes = (("user",),)
