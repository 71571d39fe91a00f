"""What a new book starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from sfa.i18n import _
from sfa.models import defaults

if TYPE_CHECKING:
    from sfa.store.change import Change

_SHIPPED = UUID("5fa0b00c-0000-5000-8000-73686970736f")
Shipped = tuple[str, str, dict[str, Any]]


def shipped_id(kind: str, name: str) -> str:
    """The id of a shipped record, the same in every book: what two books started with is one thing when they meet."""
    return str(uuid5(_SHIPPED, f"{kind}:{name}"))


def shipped() -> list[Shipped]:
    """The shipped pipeline with its stages, the loss reasons and the call outcomes: kind, id and values."""
    pipeline = shipped_id("pipeline", defaults.PIPELINE_NAME)
    records: list[Shipped] = [("pipeline", pipeline, {"name": _(defaults.PIPELINE_NAME), "is_default": 1})]
    for position, (name, type_, probability, category, rot_days) in enumerate(defaults.STAGES):
        stage = {
            "pipeline": pipeline,
            "name": _(name),
            "position": position,
            "type": type_,
            "probability": probability,
            "forecast_category": category,
            "rot_days": rot_days,
        }
        records.append(("stage", shipped_id("stage", name), stage))
    for position, (name, description) in enumerate(defaults.LOSS_REASONS):
        reason = {"name": _(name), "description": _(description), "position": position}
        records.append(("loss_reason", shipped_id("loss_reason", name), reason))
    for position, outcome in enumerate(defaults.CALL_OUTCOMES):
        texts: dict[str, Any] = {name: _(str(outcome[name])) for name in ("name", "next_subject") if name in outcome}
        values = {**outcome, **texts, "position": position}
        records.append(("call_outcome", shipped_id("call_outcome", str(outcome["name"])), values))
    return records


def seed(change: Change, user_name: str) -> None:
    """The first user, and what is shipped."""
    user = change.insert("user", {"name": user_name})
    change.connection.execute("INSERT INTO meta VALUES ('user', ?)", (user,))
    for kind, record_id, values in shipped():
        change.insert(kind, {**values, "id": record_id})
