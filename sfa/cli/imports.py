"""``sfa import``: files into the book."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfa.cli.command import OK, PARTLY, Answer, Argument, Command, UsageError, files, kinds
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.exchange.importing import FileResult, ImportResult, Progress
    from sfa.exchange.profile import ImportPlan

# What no table is, by the end of its name, else by how it begins.
FORMS = {".vcf": "cards", ".vcard": "cards", ".ics": "calendars", ".ical": "calendars", ".ifb": "calendars"}
MARKS = {b"BEGIN:VCARD": "cards", b"BEGIN:VCALENDAR": "calendars"}
COUNTS = ("rows", "created", "updated", "unchanged", "rejected")


def modes() -> Iterable[str]:
    """What may become of rows."""
    from sfa.exchange.profile import MODES

    return MODES


def policies() -> Iterable[str]:
    """What may become of names that no record has."""
    from sfa.exchange.profile import POLICIES

    return POLICIES


def import_(session: Session) -> Answer:
    """Tables, cards and calendars each have their own way; a call takes files of one form."""
    forms = {form_of(Path(path).expanduser()) for path in session.arguments.files}
    if len(forms) > 1:
        raise UsageError(_("Tables, address books and calendars are imported one after the other."))
    if "cards" in forms:
        from sfa.cli.cards import import_cards

        return import_cards(session)
    if "calendars" in forms:
        from sfa.cli.calendars import import_calendars

        return import_calendars(session)
    return import_tables(session)


def form_of(path: Path) -> str:
    """Which of the three a file is."""
    form = FORMS.get(path.suffix.lower(), "")
    if form or not path.is_file():
        return form or "table"
    with path.open("rb") as file:
        begin = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").upper()
    return next((form for mark, form in MARKS.items() if begin.startswith(mark)), "table")


def import_tables(session: Session) -> Answer:
    from sfa.exchange.importing import run_import
    from sfa.exchange.profile import save_profile

    arguments = session.arguments
    chosen = chosen_files(session)
    plans = chosen_plans(session, [kind for _path, kind in chosen])
    folder = Path(arguments.rejects).expanduser() if arguments.rejects else None
    result = run_import(
        session.book,
        chosen,
        plans,
        dry_run=arguments.dry_run,
        rejects=folder,
        progress=told if sys.stderr.isatty() else None,
    )
    notes = [_("Nothing was changed: this was a dry run.")] if result.dry_run else []
    if result.action:
        notes.append(_("{title}. sfa undo takes all of it back.").format(title=result.title))
    if arguments.save_profile:
        notes.append(_("Saved the profile {path}").format(path=save_profile(arguments.save_profile, plans)))
    return Answer(result_data(result), list(result_blocks(result)), "\n".join(notes), PARTLY if result.rejected else OK)


def chosen_files(session: Session) -> list[tuple[Path, str]]:
    """Each file with its kind: one ``--as`` for all, or one for each in order. Raises ``UsageError``."""
    arguments = vars(session.arguments)
    paths, names = arguments["files"], arguments["as"] or ()
    if len(names) not in (1, len(paths)):
        raise UsageError(_("Say what the files hold: one --as for all of them, or one for each in the same order."))
    found = [session.kind(name).kind for name in names]
    return [
        (Path(path).expanduser(), kind) for path, kind in zip(paths, found * (len(paths) // len(found)), strict=True)
    ]


def chosen_plans(session: Session, chosen: Sequence[str]) -> dict[str, ImportPlan]:
    """How to read the files of each kind: the profile, and the options over it."""
    from sfa.exchange.profile import ImportPlan, load_profile

    arguments = session.arguments
    saved = load_profile(arguments.profile) if arguments.profile else {}
    plans: dict[str, ImportPlan] = {}
    for kind in dict.fromkeys(chosen):
        lists = [
            meant(session, kind, options, chosen)
            for options in (arguments.map, arguments.map_value, arguments.set, arguments.missing)
        ]
        match = (meant(session, kind, arguments.match, chosen) or [""])[-1]
        rest = {"match": match, "mode": arguments.mode or "", "encoding": arguments.encoding or ""}
        plan = ImportPlan.of_options(*lists, **rest, delimiter=arguments.delimiter or "")
        plans[kind] = plan.over(saved[kind]) if kind in saved else plan
    return plans


def meant(session: Session, kind: str, options: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The options for ``kind``; where several kinds are imported, ``deal/…`` is for deals only."""
    from sfa.errors import NotFound

    found: list[str] = []
    for option in options:
        head, slash, tail = option.partition("/")
        try:
            target = session.kind(head).kind if slash and len(set(chosen)) > 1 else ""
        except NotFound:  # a slash of the header's own
            target = ""
        if target not in chosen:
            found.append(option)
        elif target == kind:
            found.append(tail)
    return found


def told(progress: Progress) -> None:
    """Shows on one line how far the import is."""
    share = progress.done * 100 // progress.total if progress.total else 100
    text = _("{file}: {rows} rows, {share}%").format(file=progress.path.name, rows=progress.rows, share=share)
    sys.stderr.write(f"\r\x1b[K{text}" if progress.done < progress.total else "\r\x1b[K")
    sys.stderr.flush()


def result_data(result: ImportResult) -> Data:
    """Everything that became of an import."""
    return {
        "dry_run": result.dry_run,
        "action": result.action or None,
        **{name: getattr(result, name) for name in COUNTS},
        "files": [file_data(file) for file in result.files],
    }


def file_data(file: FileResult) -> Data:
    """What became of one file."""
    data: dict[str, Any] = {"file": str(file.path), "kind": file.kind, **{name: getattr(file, name) for name in COUNTS}}
    return data | {
        "columns": file.columns,
        "ignored": file.ignored,
        "rejects": str(file.rejects) if file.rejects else None,
        "reasons": [{"reason": reason, "rows": rows} for reason, rows in file.reasons],
        "samples": [sample._asdict() for sample in file.samples],
        "unresolved": [miss._asdict() for miss in file.unresolved],
        "added": file.added,
    }


def result_blocks(result: ImportResult) -> Iterable[Block]:
    """What became of an import, for people."""
    from sfa.locales import current
    from sfa.models import KINDS

    number = current().number
    titles = (_("Rows"), _("Created"), _("Updated"), _("Unchanged"), _("Rejected"))
    rows = [
        [file.path.name, _(KINDS[file.kind].plural), *(number(getattr(file, name)) for name in COUNTS)]
        for file in result.files
    ]
    yield Table([Column(_("File")), Column(_("Kind")), *(Column(title, "right") for title in titles)], rows)
    for file in result.files:
        prefix = f"{file.kind}/" if len(result.files) > 1 else ""
        yield from _file_blocks(file, f"--map-value '{prefix}")


def _file_blocks(file: FileResult, option: str) -> Iterable[Block]:
    name = file.path.name
    if file.ignored:
        yield Heading(_("{file}: columns left out").format(file=name))
        yield Line(", ".join(file.ignored))
    if file.added:
        yield Heading(_("{file}: records added for names that nobody had").format(file=name))
        yield Line(", ".join(f"{kind}: {count}" for kind, count in file.added.items()))
    if file.unresolved:
        yield Heading(_("{file}: names that no record has").format(file=name))
        titles = (_("Field"), _("Name"), _("Rows"), _("Became"), _("Did you mean?"))
        rows = [
            [miss.field, miss.text, str(miss.rows), _(miss.policy), ", ".join(miss.near)] for miss in file.unresolved
        ]
        yield Table([Column(title) for title in titles], rows)
        near = next((miss for miss in file.unresolved if miss.near), None)
        if near:
            yield Line(
                _("To read one as another: {option}").format(option=f"{option}{near.field}:{near.text}={near.near[0]}'")
            )
    if file.reasons:
        yield Heading(_("{file}: rejected rows").format(file=name))
        yield Table(
            [Column(_("Rows"), "right"), Column(_("Reason"))], [[str(rows), reason] for reason, rows in file.reasons]
        )
        yield from ([Line(_("All of them: {path}").format(path=file.rejects))] if file.rejects else [])


IMPORT = Command(
    "import",
    N_("Bring records in from CSV files, address books (vCard) and calendars (iCalendar)"),
    import_,
    (
        Argument(
            "files",
            N_("CSV files, whose first line names the columns, or .vcf files, or .ics files"),
            "FILE",
            "+",
            values=files,
        ),
        Argument(
            "--as",
            N_("What the files hold; once for all, or once for each in order (cards: contact or lead)"),
            "KIND",
            "+",
            values=kinds,
        ),
        Argument("--map", N_("Read a column as a field; an empty field leaves it out"), "HEADER=FIELD", "+"),
        Argument("--map-value", N_("Read one value of a field as another"), "FIELD:OLD=NEW", "+"),
        Argument("--set", N_("A value for every row"), "FIELD=VALUE", "+"),
        Argument("--match", N_("Rows with the same value of this field are the same record"), "FIELD", "+"),
        Argument("--mode", N_("insert, update or upsert (which --match implies)"), "MODE", values=modes, strict=True),
        Argument(
            "--missing",
            N_("For names that no record has: reject, empty or create"),
            "[FIELD=]POLICY",
            "+",
            values=policies,
        ),
        Argument("--rejects", N_("The folder for rejected rows; else that of the file"), "FOLDER", values=files),
        Argument("--dry-run", N_("Say what would happen, and change nothing")),
        Argument("--profile", N_("Read the files as this saved profile says"), "NAME"),
        Argument("--save-profile", N_("Save these options under a name"), "NAME"),
        Argument("--encoding", N_("The files' encoding, if it is not found out"), "NAME"),
        Argument("--delimiter", N_("What separates columns, if it is not found out"), "SIGN"),
    ),
    (
        "sfa import accounts.csv --as account",
        "sfa import teams.csv accounts.csv products.csv pipeline.csv --as user --as account --as product --as deal",
        "sfa import deals.csv --as deal --map 'Umsatz=amount' --map-value 'product:GTXPro=GTX Pro' --save-profile erp",
        "sfa import deals.csv --as deal --match external_id --profile erp --dry-run",
        "sfa import phone.vcf",
        "sfa import invite.ics",
    ),
    N_(
        "All files of one call are one action: one sfa undo takes them back. With files of several kinds,\n"
        "--map, --map-value, --set, --match and --missing can be for one of them only: 'deal/product:GTXPro=GTX Pro'."
    ),
    makes_book=True,
)
