"""Reports: figures over the whole book, and the user's own."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.cli.command import WHERE, Answer, Argument, Command, UsageError, files, kinds, natural
from sfa.cli.layout import Block, Column, Line, Table, Verbatim
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session
    from sfa.sales.figures.report import Figures


def report(session: Session) -> Answer:
    """One report in the form that is asked for; without a name, which there are."""
    from sfa.exchange.documents import tables

    arguments = session.arguments
    if not arguments.report:
        return listed(session)
    if arguments.csv and arguments.json:
        raise UsageError(_("Say --csv or --json, not both."))
    found = read(session)
    if arguments.csv:
        stream = io.StringIO(newline="")
        tables.write_csv(found, stream)
        return Answer(tables.data(found), [Verbatim(stream.getvalue().replace("\r\n", "\n").removesuffix("\n"))])
    written = [path for form in ("svg", "png", "pdf") if (path := _written(found, form, getattr(arguments, form)))]
    data = tables.data(found) | (_pipeline(session) if found.name == "pipeline" else {})
    if written:
        return Answer(data, note="\n".join(_("Wrote {path}").format(path=path) for path in written))
    return Answer(data, _blocks(found, arguments.limit), "\n".join(found.notes))


def read(session: Session) -> Figures:
    """The shipped or own report that the arguments name."""
    from sfa.errors import NotFound
    from sfa.sales.figures import catalogue, engine, own, period
    from sfa.sales.figures.report import Ask

    arguments = session.arguments
    where = (*arguments.where, *_narrowed(session))
    when = period.read(arguments.period) if arguments.period else None
    if arguments.report in catalogue.REPORTS:
        ask = Ask(arguments.by or "", when or period.ALL, where)
        return engine.read(session.book, catalogue.find(arguments.report), ask)
    try:
        record = session.record("report", arguments.report)
    except NotFound as missed:
        if len(missed.candidates) > 1:
            raise
        try:
            catalogue.find(arguments.report)
        except NotFound as error:
            raise UsageError(error.message, error.hint) from None
        raise
    return own.read(session.book, record, when, where)


def _narrowed(session: Session) -> Iterable[str]:
    """Conditions of ``--pipeline`` and ``--team``."""
    from sfa.sales.teams import members

    if session.arguments.pipeline:
        yield f"pipeline={session.lookup.resolve('pipeline', session.arguments.pipeline)}"
    if session.arguments.team:
        yield "owner=" + "|".join(sorted(members(session.book, session.lookup.resolve("user", session.arguments.team))))


def _written(found: Figures, form: str, name: str | None) -> Path | None:
    """The file written in this form, if it was asked for."""
    from sfa.exchange.documents import charts, tables

    if not name:
        return None
    path = Path(name).expanduser()
    if form == "pdf":
        tables.write_pdf(found, path)
    else:
        charts.save(found, path, form)
    return path


def _blocks(found: Figures, limit: int | None) -> Iterable[Block]:
    from sfa.exchange.documents import tables

    yield Line(f"{found.title} · {found.subtitle}")
    yield Line("")
    if not found.rows:
        yield Line(_("There is nothing to report yet."))
        return
    columns = [
        Column(title, "left" if column.kind == "text" else "right")
        for title, column in zip(tables.titles(found), found.columns, strict=True)
    ]
    texts = tables.texts(found)
    total = texts[-1:] if found.total else []
    rows = texts[: len(found.rows)]
    yield Table(columns, (rows[:limit] if limit else rows) + total)


def _pipeline(session: Session) -> dict[str, Any]:
    """What every stage holds, and open, won and lost in all."""
    from sfa.cli.figures import stage_data, total_data
    from sfa.sales.pipeline import report as totals

    name = session.arguments.pipeline
    found = totals(session.book, session.lookup.resolve("pipeline", name) if name else None)
    return {
        "stages": [stage_data(entry) for entry in found.stages],
        "open": total_data(found.open),
        "won": total_data(found.won),
        "lost": total_data(found.lost),
        "without_account": found.without_account,
    }


def listed(session: Session) -> Answer:
    """All reports: the shipped ones, then the user's own."""
    from sfa.sales.figures import own
    from sfa.sales.figures.catalogue import REPORTS

    shipped = [(entry.name, _(entry.title), [by.name for by in entry.by], _(entry.help)) for entry in REPORTS.values()]
    kept = [(record.heading, record) for record in own.saved(session.book)]
    data = [{"name": name, "title": title, "by": by, "help": help} for name, title, by, help in shipped]
    data += [{"name": name, "title": name, "by": [], "help": _told(record)} for name, record in kept]
    rows = [[name, title, help] for name, title, _by, help in shipped] + [
        [name, name, _told(record)] for name, record in kept
    ]
    return Answer(data, [Table([Column(_("Name"), whole=True), Column(_("Report"), whole=True), Column("")], rows)])


def _told(record: Any) -> str:
    """What an own report is, in a line."""
    values = record.values
    parts = [
        values.get("shipped") or values.get("of_kind"),
        values.get("measure"),
        values.get("group_by"),
        values.get("period"),
    ]
    return " · ".join([*filter(None, parts), *(values.get("where") or "").splitlines()])


def new(session: Session) -> Answer:
    """Keeps a report of the user's own: of a kind of record, or a shipped one with its settings."""
    from sfa.sales.figures import catalogue, own

    given = session.arguments
    if bool(given.kind) == bool(given.of):
        raise UsageError(_("Say what the report is of: --kind for records, or --of for a shipped report."))
    values = {
        "name": given.name,
        "shipped": catalogue.find(given.of).name if given.of else None,
        "of_kind": session.kind(given.kind).kind if given.kind else None,
        "where": "\n".join(given.where) or None,
        "group_by": given.by,
        "measure": given.measure or ("count" if given.kind else None),
        "period": given.period,
        "date_field": given.date,
        "is_pinned": 1 if given.pin else 0,
    }
    if given.kind and not given.by:
        raise UsageError(_("Say what to group by: --by FIELD."))
    record_id = own.save(session.book, {name: value for name, value in values.items() if value is not None})
    note = _("Kept the report {name}. sfa report '{name}' prints it.").format(name=given.name)
    return Answer({"id": record_id, "name": given.name}, note=note)


def names() -> Iterable[str]:
    """The shipped reports."""
    from sfa.sales.figures.catalogue import REPORTS

    return REPORTS


def dimensions() -> Iterable[str]:
    """What shipped reports can be read by."""
    from sfa.sales.figures.catalogue import REPORTS

    return dict.fromkeys(by.name for entry in REPORTS.values() for by in entry.by)


def periods() -> Iterable[str]:
    from sfa.sales.figures.period import NAMES

    return NAMES


PERIOD = Argument(
    "--period", N_("Of when: this quarter, 2026, 2026-Q2, last 90 days, 2026-01..2026-06 …"), "PERIOD", values=periods
)
COMMANDS = (
    Command(
        "report",
        N_("Print a report over the whole book; without a name, list them"),
        report,
        (
            Argument("report", N_("A shipped report, or one of your own by its name"), "NAME", "?", values=names),
            Argument("--by", N_("What its rows are of: rep, product, source, quarter …"), "WHAT", values=dimensions),
            PERIOD,
            WHERE,
            Argument("--team", N_("Only of this manager's people, and theirs"), "USER"),
            Argument("--pipeline", N_("Only this pipeline"), "NAME"),
            Argument("--limit", N_("At most so many rows; 0 for all"), "N", read=natural),
            Argument("--csv", N_("Print the rows as CSV")),
            Argument("--svg", N_("Write its chart as SVG"), "FILE", values=files),
            Argument("--png", N_("Write its chart as PNG"), "FILE", values=files),
            Argument("--pdf", N_("Write chart and table as a PDF page"), "FILE", values=files),
        ),
        (
            "sfa report",
            "sfa report wins --by product --period 2026",
            "sfa report losses --by competitor --period 'last 90 days' --json",
            "sfa report sources --period 'this year' --pdf sources.pdf",
        ),
    ),
    Command(
        "report new",
        N_("Keep a report of your own: any records, filtered, grouped and measured"),
        new,
        (
            Argument("name", N_("What it is called"), "NAME"),
            Argument("--kind", N_("The records that it is of"), "KIND", values=kinds),
            Argument("--of", N_("Or the shipped report that it is a setting of"), "NAME", values=names),
            WHERE,
            Argument("--by", N_("The field to group by: account.industry, 'close_date by quarter' …"), "FIELD"),
            Argument(
                "--measure", N_("What is told: count; or sum, average, median, least or greatest and a field"), "WHAT"
            ),
            PERIOD,
            Argument("--date", N_("The date that the period is of"), "FIELD"),
            Argument("--pin", N_("Show it on Today")),
        ),
        (
            "sfa report new 'Won by sector' --kind deal --where stage.type=Won --by account.industry"
            " --measure 'count, sum amount'",
            "sfa report new 'Losses this quarter' --of losses --period 'this quarter' --pin",
        ),
    ),
)  # fmt: skip
