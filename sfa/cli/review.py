"""The pipeline review: what changed between two moments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command, files
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.sales.review.bridge import Line as SumLine
    from sfa.sales.review.summary import Finding, Review


def review(session: Session) -> Answer:
    """What changed, in sums that add up and deal by deal; or the same in a file."""
    from sfa.sales.review import moments, telling

    found = read(session)
    data = review_data(session, found)
    notes = [telling.known_from(found)]
    for option, form in (("pdf", ".pdf"), ("markdown", ".md"), ("text", ".txt")):
        if name := getattr(session.arguments, option):
            notes.append(_written(session, found, Path(name).expanduser(), form))
    if session.arguments.end:
        moments.remember(session.book, found.until)
        notes.append(_("The next review begins here."))
    written = session.arguments.pdf or session.arguments.markdown or session.arguments.text
    blocks = [] if written else _blocks(session, found)
    return Answer(data, blocks, "\n".join(filter(None, notes)))


def read(session: Session) -> Review:
    """The review that the arguments ask for."""
    from sfa.sales.review import moments, summary
    from sfa.sales.review.bridge import scope_of

    asked, lookup, book = session.arguments, session.lookup, session.book
    links = {
        name: lookup.resolve(kind, text) if (text := getattr(asked, at)) else None
        for name, kind, at in (("user", "user", "rep"), ("team", "user", "team"), ("pipeline", "pipeline", "pipeline"))
    }
    since, until = moments.span(book, asked.since or "", asked.until or "")
    return summary.review(book, since, until, scope_of(book, **links))


def _written(session: Session, found: Review, path: Path, form: str) -> str:
    from sfa.errors import UserError
    from sfa.exchange.documents import reviews

    try:
        reviews.save(session.book, found, path, form)
    except OSError as error:
        raise UserError(_("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror)) from error
    return _("Wrote {path}").format(path=path)


def review_data(session: Session, found: Review) -> Data:
    """The review for a machine; amounts in major units."""
    from sfa.cli.plain import reference

    bridge = found.bridge
    return {
        "since": found.since.at,
        "until": found.until.at,
        "journal_begins": found.known or None,
        "opening": _sums_data(bridge.opening),
        "changes": {line.kind: _sums_data(line) for line in bridge.lines},
        "closing": _sums_data(bridge.closing),
        "reps": [
            {
                "rep": reference(session, "user", owner),
                "opening": _sums_data(one.opening),
                "changes": {line.kind: _sums_data(line) for line in one.lines},
                "closing": _sums_data(one.closing),
            }
            for owner, one in found.owners.items()
        ],
        "deals": [_deal_data(session, finding) for finding in found.findings],
    }


def _sums_data(line: SumLine) -> Data:
    from sfa.cli.figures import amounts_data

    return {"count": line.count, "sum": amounts_data(line.sums)}


def _deal_data(session: Session, finding: Finding) -> Data:
    from sfa.cli.figures import amounts_data
    from sfa.cli.plain import reference

    state = finding.state
    currency, amount = state.money
    return {
        "id": state.id,
        "name": state.name,
        "changes": list(finding.kinds),
        "pushes": finding.pushes,
        "owner": reference(session, "user", state.owner),
        "stage": reference(session, "stage", state.stage),
        "amount": amounts_data({currency: amount}) if state.amount is not None else {},
        "close_date": state.close_date,
    }


def _blocks(session: Session, found: Review) -> list[Block]:
    from sfa.sales.review import telling, writing

    blocks: list[Block] = [Heading(telling.headline(session.book, found))]
    for place, grid in enumerate(writing.grids(session.book, found)):
        columns = [
            Column(title, "right" if right else "left") for title, right in zip(grid.columns, grid.right, strict=True)
        ]
        blocks += [Heading(grid.title)] if place else []
        blocks += [Table(columns, grid.rows), *([Line(grid.note)] if grid.note else [])]
    return blocks


COMMANDS = (
    Command(
        "review",
        N_("Print what changed in the pipeline between two moments"),
        review,
        (
            Argument(
                "--since", N_("From when on: monday, last week, 2 weeks ago, a date; as a rule the last review"), "WHEN"
            ),
            Argument("--until", N_("Until when; as a rule now"), "WHEN"),
            Argument("--rep", N_("Only the deals of this user"), "NAME"),
            Argument("--team", N_("Only the deals of this user and of everybody below"), "NAME"),
            Argument("--pipeline", N_("Only this pipeline"), "NAME"),
            Argument("--markdown", N_("Write it as Markdown instead"), "FILE", values=files),
            Argument("--pdf", N_("Write it as PDF instead"), "FILE", values=files),
            Argument("--text", N_("Write it as plain text instead"), "FILE", values=files),
            Argument("--end", N_("Have the next review begin where this one ends")),
        ),
        ("sfa review --since monday", "sfa review --team 'Bea Boss' --pdf review.pdf --end", "sfa review --json"),
        N_("Opening sum, changes and closing sum always add up, for all and for each rep, currency by currency."),
    ),
)
