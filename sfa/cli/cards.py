"""``sfa import x.vcf``: address books into the book."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli.command import OK, PARTLY, Answer, UsageError
from sfa.cli.layout import Block, Column, Heading, Line, Table
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.cli.plain import Data
    from sfa.cli.session import Session
    from sfa.exchange.cards.importing import CardFile, CardImport, Told

FOR_TABLES = ("map", "map_value", "set", "match", "mode", "rejects", "profile", "save_profile", "delimiter")
SHOWN = 20  # lines of a kind that people are told
LONGEST = 40  # characters of a name


def import_cards(session: Session) -> Answer:
    """Imports the files that are named, which all hold cards."""
    from sfa.exchange.cards.importing import run_card_import
    from sfa.exchange.profile import ImportPlan

    arguments = vars(session.arguments)
    if unfit := [name for name in FOR_TABLES if arguments[name]]:
        option = "--" + unfit[0].replace("_", "-")
        raise UsageError(_("{option} is for tables, not for address books.").format(option=option))
    names = arguments["as"] or ["contact"]
    if len(set(names)) > 1:
        raise UsageError(_("Cards of one call all become the same: contacts or leads."))
    policies = ImportPlan.of_options(unresolved=arguments["missing"]).unresolved
    result = run_card_import(
        session.book,
        [Path(path).expanduser() for path in arguments["files"]],
        session.kind(names[0]).kind,
        policies,
        encoding=arguments["encoding"] or "",
        dry_run=arguments["dry_run"],
    )
    notes = [_("Nothing was changed: this was a dry run.")] if result.dry_run else []
    if result.action:
        notes.append(_("{title}. sfa undo takes all of it back.").format(title=result.title))
    rejected = any(file.rejected for file in result.files)
    return Answer(result_data(result), list(result_blocks(result)), "\n".join(notes), PARTLY if rejected else OK)


def result_data(result: CardImport) -> Data:
    """Everything that became of the cards."""
    return {
        "dry_run": result.dry_run,
        "action": result.action or None,
        "kind": result.kind,
        "added": result.added,
        "files": [file_data(file) for file in result.files],
    }


def file_data(file: CardFile) -> Data:
    """What became of one file."""
    return {
        "file": str(file.path),
        **{name: getattr(file, name) for name in ("cards", "created", "updated", "unchanged")},
        **{name: [told._asdict() for told in getattr(file, name)] for name in ("rejected", "remarks", "alike")},
    }


def result_blocks(result: CardImport) -> Iterable[Block]:
    """What became of the cards, for people."""
    from sfa.locales import current

    number = current().number
    titles = (_("Cards"), _("Created"), _("Updated"), _("Unchanged"), _("Rejected"))
    rows = [
        [file.path.name, *map(number, (file.cards, file.created, file.updated, file.unchanged, len(file.rejected)))]
        for file in result.files
    ]
    yield Table([Column(_("File")), *(Column(title, "right") for title in titles)], rows)
    if result.added:
        yield Heading(_("Records added for names that nobody had"))
        yield Line(", ".join(f"{kind}: {count}" for kind, count in result.added.items()))
    yield from told_blocks(_("Rejected cards"), [told for file in result.files for told in file.rejected])
    kept = _("What no field could take; it is kept, and given back by an export")
    yield from told_blocks(kept, [told for file in result.files for told in file.remarks])
    if alike := [pair for file in result.files for pair in file.alike]:
        yield Heading(_("New ones that look like records that were there"))
        rows = [[pair.name, pair.other_name, pair.reason] for pair in alike[:SHOWN]]
        yield Table([Column(_("New")), Column(_("There already")), Column(_("Reason"))], rows)
        yield Line(_("To look at all and merge them: {command}").format(command=f"sfa duplicates {result.kind}s"))


def told_blocks(title: str, all_told: list[Told]) -> Iterable[Block]:
    """The first of what is to be told about cards."""
    if not all_told:
        return
    yield Heading(title)
    for told in all_told[:SHOWN]:
        name = told.name if len(told.name) <= LONGEST else told.name[: LONGEST - 1] + "…"
        place = _("Card {number}").format(number=told.place)
        yield Line(f"{place} ({name}): {told.text}" if name else f"{place}: {told.text}")
    if len(all_told) > SHOWN:
        yield Line(_("… and {count} more").format(count=len(all_told) - SHOWN))
