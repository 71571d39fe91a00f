"""What follows from an edit, per kind of record: pure functions of the record before, the edit and the book.

A rule gives the values to add; what the user gave himself always stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sfa.errors import FieldError, UserError
from sfa.i18n import _
from sfa.locales import today
from sfa.models import KINDS, Choice, CustomField, Link, Money, Record, Stage, check_values, find_kind
from sfa.models.fields import Value, quoted
from sfa.models.times import local_midnight
from sfa.sales import alarms, followups
from sfa.store.change import Change
from sfa.store.columns import LOCAL

Values = dict[str, Value]
Rule = Callable[[Change, Mapping[str, Value], Mapping[str, Value]], Values]


def opportunity(change: Change, before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """Entering a stage sets its probability, category and the moment; entering a won or lost one closes the deal."""
    added: Values = {}
    moved = edit.get("pipeline") not in (None, before.get("pipeline"))
    if not edit.get("stage") and (not before or moved):
        added["stage"] = first_stage(change, edit.get("pipeline"))
    stage_id = edit.get("stage") or added.get("stage")
    if not stage_id or stage_id == before.get("stage"):
        return added
    stage = change.get("stage", stage_id)
    assert isinstance(stage, Stage)
    if edit.get("pipeline") not in (None, stage.pipeline):
        raise FieldError("stage", _("Stage"), _("belongs to another pipeline"))
    added.update(
        pipeline=stage.pipeline,
        probability=stage.probability,
        forecast_category=stage.forecast_category,
        stage_entered_at=change.at,
    )
    added["furthest_stage"] = _furthest(change, before.get("furthest_stage"), stage)
    if stage.type in ("Won", "Lost"):
        close_date = edit.get("close_date") or today()
        added["close_date"] = close_date
        added["closed_at"] = change.at if close_date == today() else local_midnight(close_date)
    elif before.get("closed_at"):
        added.update(closed_at=None, loss_reason=None, winning_competitor=None, loss_notes=None)
    return added


def first_stage(change: Change, pipeline: str | None) -> str:
    """The first open stage of ``pipeline`` (the default pipeline where None)."""
    found = change.book.value(
        "SELECT stage.id FROM stage JOIN pipeline ON pipeline.id = stage.pipeline"
        " WHERE stage.deleted_at IS NULL AND pipeline.deleted_at IS NULL AND stage.type = 'Open'"
        " AND coalesce(?, pipeline.id) = pipeline.id"
        " ORDER BY pipeline.is_default DESC, pipeline.position, stage.position LIMIT 1",
        (pipeline,),
    )
    if not found:
        raise UserError(_("There is no pipeline with an open stage."), _("Add one first."))
    return str(found)


def _furthest(change: Change, known: str | None, stage: Stage) -> str:
    """The later of two stages; a lost stage is no progress."""
    before = change.book.find("stage", known) if known else None
    if isinstance(before, Stage) and (stage.type == "Lost" or (before.position or 0) > (stage.position or 0)):
        return before.id
    return stage.id


def plan_step(_change: Change, _before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """Refuses a time of day that is none."""
    from datetime import time

    try:
        if clock := edit.get("time"):
            time.fromisoformat(clock)
    except ValueError:
        raise FieldError("time", _("Time of day"), _("must be a time such as 09:30")) from None
    return {}


def custom_field(change: Change, before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """Refuses fields that cannot be. Their name, kind and type stay, as there may be values already."""
    merged: dict[str, Any] = {**before, **edit}
    kind, name = _own_kind(merged.get("of_kind")), str(merged.get("name") or "")
    if not (name.isascii() and name.isidentifier() and name == name.lower()):
        reason = _("“{name}” cannot be a field's name; use lower case letters, digits and _")
        raise FieldError("name", _("Name"), reason.format(name=quoted(name)))
    if name in kind.fields or name in LOCAL or (not before and name in change.book.fields(kind.kind)):
        reason = _("{kind} already has a field called “{name}”")
        raise FieldError("name", _("Name"), reason.format(kind=_(kind.label), name=name))
    meaning = _meaning(merged)
    if before and _meaning(before) != meaning:
        raise UserError(_("The name, kind and type of a field that is in use cannot change."), _("Add a new field."))
    for (definition,) in change.book.rows(
        "SELECT id FROM custom_field WHERE of_kind = ? AND name = ?", (kind.kind, name)
    ):
        if _meaning(change.get("custom_field", definition).values) != meaning:
            raise FieldError("name", _("Name"), _("belonged to a field of another type before; use another name"))
    _require_makeable(kind, merged)
    return {}


def _own_kind(name: object) -> type[Record]:
    """The kind that a company's own field is for; by its proper name only, as records keep it."""
    if name not in KINDS:
        near = find_kind(str(name)).kind  # says what kinds there are
        raise FieldError("of_kind", _("Kind"), _("write it as {kind}").format(kind=near))
    return KINDS[str(name)]


def _meaning(definition: Mapping[str, Value]) -> tuple[Value, ...]:
    """What must stay the same for the values of a company's own field to keep their meaning."""
    target = (definition.get("options") or "").split() if definition.get("type") == "link" else None
    return definition.get("of_kind"), definition.get("name"), definition.get("type") or "text", target


def _require_makeable(kind: type[Record], definition: Mapping[str, Value]) -> None:
    check_values(CustomField.fields, {"type": definition.get("type") or "text"})
    field = CustomField(definition).make()
    if isinstance(field, Choice) and not field.options:
        raise FieldError("options", _("Options"), _("name what can be chosen, one a line"))
    if isinstance(field, Link) and field.to not in KINDS:
        raise FieldError(
            "options", _("Options"), _("name the kind that is linked to: {kinds}").format(kinds=", ".join(KINDS))
        )
    if isinstance(field, Money) and field.currency not in kind.fields:
        raise FieldError("type", _("Type"), _("{kind} has no currency; use a number").format(kind=_(kind.label)))


def report(change: Change, before: Mapping[str, Value], edit: Mapping[str, Value]) -> Values:
    """Refuses a report that could not be read."""
    from sfa.sales.figures.own import check

    check(change.book, {**before, **edit})
    return {}


def require_deletable(change: Change, record: Record) -> None:
    """Raises ``UserError`` where the record's absence would take others out of sight.

    No board and no report shows deals whose stage or pipeline is gone, and nobody can work without a user.
    """
    if record.id == change.user:
        raise UserError(_("{name} works with this book and cannot be deleted.").format(name=record.heading))
    if record.kind in ("stage", "pipeline"):
        count = change.book.value(
            f"SELECT count(*) FROM opportunity WHERE {record.kind} = ? AND deleted_at IS NULL", (record.id,)
        )
        if count:
            reason = _("{name} holds {count} deals and cannot be deleted.").format(name=record.heading, count=count)
            raise UserError(reason, _("Move them first."))


RULES: dict[str, Rule] = {
    "opportunity": opportunity,
    "activity": followups.activity,
    "reminder": alarms.reminder,
    "plan_step": plan_step,
    "custom_field": custom_field,
    "report": report,
}
