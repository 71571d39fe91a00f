"""Fields of a contact as properties of a card of version 3, with what an earlier line says beyond the field kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sfa.formats.contentlines import Line, escape, split, unescape
from sfa.formats.vcard.meaning import NAME_FIELDS, OMITTED_YEAR, PARTS, SYSTEM_GROUPS, categories, parts_of
from sfa.models.fields import Value

Values = Mapping[str, Value]
STALE = frozenset({"SORT-AS", "LABEL", "ALTID", "VALUE", "X-APPLE-OMIT-YEAR"})  # parameters that speak of the old value


def _line(name: str, value: str, before: Line | None, params: Mapping[str, Sequence[str]] | None = None) -> Line:
    """A property in the place of one ``before``, whose group and parameters it takes over."""
    kept = {key: given for key, given in before.params.items() if key not in STALE} if before else {}
    return Line(before.name if before else name, {**kept, **(params or {})}, value, before.group if before else "")


def name(values: Values, before: Line | None) -> Line:
    return _line("N", ";".join(escape(values.get(field) or "") for field in NAME_FIELDS), before)


def shown_name(values: Values, before: Line | None) -> Line:
    """``FN``, which phones show."""
    parts = (values.get(field) for field in ("first_name", "middle_name", "last_name"))
    suffix = f", {values['suffix']}" if values.get("suffix") else ""
    return _line("FN", escape(" ".join(filter(None, parts)) + suffix), before)


def organisation(account: str, department: str, before: Line | None) -> Line:
    units = parts_of(before)[1:] if before else []
    same = "; ".join(filter(None, units)) == department
    return _line(
        "ORG", ";".join(map(escape, (account, *(units if same else [department] if department else [])))), before
    )


def text(name: str, value: str, before: Line | None) -> Line:
    return _line(name, escape(value), before)


def link(value: str, before: Line | None) -> Line:
    """``URL``, of which only what would break the line is escaped."""
    return _line("URL", value.replace("\\", "\\\\"), before)


def zone(value: str, before: Line | None) -> Line:
    return _line("TZ", escape(value), before, {"VALUE": ["text"]})


def birthday(value: str, before: Line | None) -> Line:
    """Without a year, as Apple's address books write it, which others show with that year."""
    if value.startswith("--"):
        return _line("BDAY", f"{OMITTED_YEAR}{value[1:]}", before, {"X-APPLE-OMIT-YEAR": [OMITTED_YEAR]})
    return _line("BDAY", value, before)


def tags(names: Sequence[str], before: Line | None) -> Line:
    kept = [name for name in categories(before) if name.casefold() in SYSTEM_GROUPS] if before else []
    return _line("CATEGORIES", ",".join(map(escape, (*kept, *names))), before)


def address(field: str, values: Values, before: Line | None) -> Line:
    """``ADR``; parts that stayed the same stay as they are written."""
    old = (split(before.value, ";") + [""] * 7)[:7] if before else [""] * 7
    street = values.get(f"{field}_street") or ""
    first = old[:3]
    if street != "\n".join(filter(None, (unescape(part).strip() for part in first))):
        first = ["", "", escape(street)]
    texts = (values.get(f"{field}_{part}") or "" for part in PARTS[1:])
    rest = [part if unescape(part).strip() == text else escape(text) for part, text in zip(old[3:], texts, strict=True)]
    params = {} if before else {"TYPE": ["work" if field == "mailing" else "home"]}
    return _line("ADR", ";".join((*first, *rest)), before, params)
