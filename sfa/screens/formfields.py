"""Which fields a form shows, in which order, and what a new record starts with: all of it read off the definitions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Any

from sfa.i18n import _
from sfa.models import KINDS, Choice, Date, Field, Link, LongText, Money, YesNo
from sfa.models.fields import Value
from sfa.models.lists import Points
from sfa.models.quantities import Currency, Number
from sfa.models.repetition import Repetition
from sfa.models.times import Duration
from sfa.sales import pipeline
from sfa.store.book import Book
from sfa.widgets.formcanvas import FormLine

REPLACED = (Choice, Currency, Date, Duration, Link, Money, Number, YesNo)
"""Kinds of field that are rather typed anew than typed on."""
STREET, TEXT = 2, 4
"""Lines of a street and of a long text."""


def starting_values(book: Book, kind: str, preset: Mapping[str, Value], currency: str) -> dict[str, Value]:
    """What a new record's form shows at first: the defaults, what the place it was called from gives, a first stage."""
    values = {name: field.default for name, field in book.fields(kind).items() if field.default is not None}
    values["owner"] = book.user
    if kind == "opportunity":
        values |= _first_stage(book, preset) | {"currency": currency}
    return {name: value for name, value in {**values, **preset}.items() if value and name in book.fields(kind)}


def _first_stage(book: Book, preset: Mapping[str, Value]) -> dict[str, Value]:
    """The default pipeline and its first stage; those of ``preset`` where it names one of the two."""
    if stage := preset.get("stage"):
        return {"pipeline": book.get("stage", stage).values["pipeline"]}
    chosen = preset.get("pipeline") or next((found[0] for found in pipeline.pipelines(book)), None)
    stages = [stage.id for stage in pipeline.stages(book, chosen) if stage.type == "Open"] if chosen else []
    return {"pipeline": chosen, "stage": stages[0]} if stages else {}


def form_fields(book: Book, kind: str) -> dict[str, Field[Any]]:
    """The fields that a form shows."""
    return {name: field for name, field in book.fields(kind).items() if field.form}


def ordered(fields: Mapping[str, Field[Any]], given: Mapping[str, Value]) -> list[str]:
    """The names of ``fields``: first what is required and not ``given``, groups together, addresses last."""
    groups: dict[str, list[str]] = {}
    for name, field in fields.items():
        groups.setdefault(field.group or f"={name}", []).append(name)
    needed = [
        names for names in groups.values() if any(fields[name].required and not given.get(name) for name in names)
    ]
    rest = [names for names in groups.values() if names not in needed]
    addresses = [names for names in rest if is_address(fields, names[0])]
    plain = [names for names in rest if names not in addresses]
    return [name for names in (*needed, *plain, *addresses) for name in names]


def is_address(fields: Mapping[str, Field[Any]], name: str) -> bool:
    """Whether the field is a part of a postal address."""
    group = fields[name].group
    return bool(group) and f"{group}_postal_code" in fields


def is_main(fields: Mapping[str, Field[Any]], name: str) -> bool:
    """Whether a form shows the field at once: what lists and search show, whom a record belongs to, a company's own."""
    field = fields[name]
    if is_address(fields, name):
        return False
    if isinstance(field, Currency) and not field.listed:
        return any(
            is_main(fields, other)
            for other, amount in fields.items()
            if isinstance(amount, Money) and amount.currency == name
        )
    long = isinstance(field, LongText) and not field.group
    linked = isinstance(field, Link) and KINDS[field.to].in_menu
    return (
        field.required
        or field.listed > 0
        or field.searched
        or field.custom
        or long
        or linked
        or isinstance(field, (Points, Repetition))
    )


def form_lines(fields: Mapping[str, Field[Any]], names: Collection[str], hidden: int, *, whole: bool) -> list[FormLine]:
    """The lines for the fields ``names``, in their order, with headings and buttons; ``hidden`` counts the others."""
    lines: list[FormLine] = []
    heading = ""
    for name in names:
        prefix = _heading(fields, name)
        if prefix and prefix != heading:
            lines.append(FormLine(f"heading {prefix}", prefix, "heading"))
        heading = prefix
        lines.append(_line(fields[name], prefix))
    lines += [FormLine("space", "", "heading"), FormLine("save", _("Save"), "button", hint="Ctrl+S")]
    if hidden or whole:
        label = _("Fewer fields") if whole else _("{count} more fields").format(count=hidden)
        lines.append(FormLine("more_fields", label, "button", hint="Ctrl+L"))
    return lines


def _heading(fields: Mapping[str, Field[Any]], name: str) -> str:
    """What the parts of an address have in common in their labels."""
    if not is_address(fields, name):
        return ""
    group = fields[name].group
    titles = [field.title.split() for field in fields.values() if field.group == group]
    common = takewhile(lambda words: len(set(words)) == 1, zip(*titles, strict=False))
    return " ".join(words[0] for words in common)


def _line(field: Field[Any], heading: str) -> FormLine:
    label = field.title.removeprefix(heading).strip() or field.title
    height = (STREET if field.max <= 500 else TEXT) if isinstance(field, LongText) else 1
    text = label[:1].upper() + label[1:]
    return FormLine(field.name, text, height=height, required=field.required, replace=isinstance(field, REPLACED))
