"""Scores: how likely deals are won and leads qualify, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, natural
from sfa.cli.layout import Column, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session


def score(session: Session) -> Answer:
    """The scores of the open deals or leads, the best first; or of one."""
    from sfa.errors import UserError
    from sfa.sales.scoring import scores, words

    asked, book = session.arguments, session.book
    kind = session.kind(asked.kind or "opportunity").kind
    if kind not in scores.KINDS:
        raise UserError(_("Only deals and leads have scores."))
    known = scores.refresh(book, kind)
    ids = [session.record(kind, asked.name).id] if asked.name else scores.undecided(book, kind)
    found = sorted(scores.scores(book, kind, ids).items(), key=lambda entry: -entry[1].chance)
    data = {
        "cases": known.model.cases if known.model else 0,
        "auc": round(known.model.auc, 4) if known.model else None,
        "scores": [
            {
                "id": id,
                "name": session.lookup.title(kind, id),
                "chance": round(one.chance, 4),
                "reasons": [
                    {"feature": reason.feature, "value": reason.value, "points": round(reason.points, 2)}
                    for reason in one.reasons
                    if abs(reason.points) >= words.LEAST
                ],
            }
            for id, one in found
        ],
    }
    rows = [
        [
            session.lookup.title(kind, id),
            words.percent(one.chance),
            "; ".join(words.reasons(book, kind, one, 8 if asked.name else 2)),
        ]
        for id, one in found[: asked.limit or MOST]
    ]
    table = Table([Column(_("Name")), Column(_("Chance"), "right"), Column(_("Why"))], rows)
    return Answer(data, [table] if rows else [], words.worth(known))


MOST = 20
COMMANDS = (
    Command(
        "score",
        N_("Print how likely deals are won or leads qualify, by your own history, and why"),
        score,
        (
            Argument("kind", N_("Deals, or leads"), "KIND", "?", values=lambda: ("deal", "lead")),
            Argument("name", N_("Only this one"), "NAME", "?"),
            Argument("--limit", N_("How many at most; 20 as a rule"), "N", read=natural),
        ),
        ("sfa score", "sfa score lead", "sfa score deal 'Globex: pumps' --json"),
        N_("A score stands beside the probability that people give, and never changes it."),
    ),
)
