"""Every text that users see, for translators: ``python -m sfa.cli.texts > sfa.pot``."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from sfa.models import KINDS, Record

PACKAGE = Path(__file__).parents[1]


def template() -> Catalog:
    """All texts without translations: those marked in the code, and the words that the records are defined with."""
    catalog = Catalog(project="sfa", charset="utf-8")
    for file, line, text, _comments, _context in extract_from_dir(PACKAGE, keywords={"_": None, "N_": None}):
        catalog.add(text, locations=[(file, line)])
    for record in KINDS.values():
        for text in _words(record):
            catalog.add(text, locations=[(f"models: {record.kind}", 0)])
    return catalog


def _words(record: type[Record]) -> set[str]:
    fields = record.fields.values()
    return ({record.label, record.plural} | {field.label for field in fields} | {field.help for field in fields}) - {""}


if __name__ == "__main__":
    write_po(sys.stdout.buffer, template(), sort_output=True)
