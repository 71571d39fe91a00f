"""What a new book starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfa.i18n import _
from sfa.models import defaults

if TYPE_CHECKING:
    from sfa.store.change import Change


def seed(change: Change, user_name: str) -> None:
    """The first user, the shipped pipeline with its stages, the loss reasons and the call outcomes."""
    user = change.insert("user", {"name": user_name})
    change.connection.execute("INSERT INTO meta VALUES ('user', ?)", (user,))
    pipeline = change.insert("pipeline", {"name": _(defaults.PIPELINE_NAME), "is_default": 1})
    for position, (name, type_, probability, category, rot_days) in enumerate(defaults.STAGES):
        change.insert(
            "stage",
            {
                "pipeline": pipeline,
                "name": _(name),
                "position": position,
                "type": type_,
                "probability": probability,
                "forecast_category": category,
                "rot_days": rot_days,
            },
        )
    for position, (name, description) in enumerate(defaults.LOSS_REASONS):
        change.insert("loss_reason", {"name": _(name), "description": _(description), "position": position})
    for position, outcome in enumerate(defaults.CALL_OUTCOMES):
        texts: dict[str, Any] = {name: _(str(outcome[name])) for name in ("name", "next_subject") if name in outcome}
        change.insert("call_outcome", {**outcome, **texts, "position": position})
