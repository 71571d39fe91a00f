"""What is known of a deal or a lead before it is decided, as features; and how past ones ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sfa.i18n import N_
from sfa.models import Choice, Integer, Money, Number, Percent, YesNo
from sfa.models.defaults import LEAD_STATUS_TYPES
from sfa.sales.scoring.model import Case, Features
from sfa.store.book import Book
from sfa.store.columns import dumps

MOST = 20_000  # cases, the newest
_OWN = (Choice, YesNo, Integer, Money, Number, Percent)  # kinds of a company's own fields that are features

# feature → its title, and its SQL. Nothing that is filled in as a case ends: what only the won have would say it all.
DEAL = {
    "product": (N_("Product"), "product.name"),
    "price": (N_("List price"), "product.list_price"),
    "source": (N_("Lead source"), "record.lead_source"),
    "type": (N_("Type"), "record.type"),
    "industry": (N_("Industry"), "account.industry"),
    "employees": (N_("Employees"), "account.number_of_employees"),
    "account": (N_("Account type"), "account.type"),
    "owner": (N_("Owner"), "user.name"),
    "pipeline": (N_("Pipeline"), "pipeline.name"),
    "contact": (N_("Contact known"), "record.primary_contact IS NOT NULL"),
    "competitor": (N_("Competitor known"), "record.competitors IS NOT NULL"),
}
LEAD = {
    "source": (N_("Lead source"), "record.lead_source"),
    "industry": (N_("Industry"), "record.industry"),
    "employees": (N_("Employees"), "record.number_of_employees"),
    "title": (N_("Job title"), "lower(record.title)"),
    "country": (N_("Country"), "record.address_country"),
    "owner": (N_("Owner"), "user.name"),
    "phone": (N_("Phone known"), "record.phones IS NOT NULL"),
    "email": (N_("E-mail known"), "record.emails IS NOT NULL"),
}
FEATURES = {"opportunity": DEAL, "lead": LEAD}
KNOWN = frozenset({"contact", "competitor", "phone", "email"})  # yes or no
STAGE = N_("Stage reached")
_JOINS = {
    "opportunity": """LEFT JOIN product ON product.id = record.product LEFT JOIN account ON account.id = record.account
        LEFT JOIN user ON user.id = record.owner LEFT JOIN pipeline ON pipeline.id = record.pipeline
        LEFT JOIN stage ON stage.id = record.stage""",
    "lead": "LEFT JOIN user ON user.id = record.owner",
}
_DONE = tuple(status for status, type in LEAD_STATUS_TYPES.items() if type in ("Won", "Lost"))
_MARKS = ", ".join(f"'{status}'" for status in _DONE)
_WON_LEADS = ", ".join(f"'{status}'" for status in _DONE if LEAD_STATUS_TYPES[status] == "Won")
ENDED = {"opportunity": "record.closed_at IS NOT NULL", "lead": f"record.status IN ({_MARKS})"}
_WELL = {"opportunity": "stage.type = 'Won'", "lead": f"record.status IN ({_WON_LEADS})"}
_NEWEST = {"opportunity": "record.close_date DESC, record.n DESC", "lead": "record.n DESC"}


def title_of(book: Book, kind: str, feature: str) -> str:
    """What people call a feature; to be translated where it is one of the shipped."""
    if feature in FEATURES[kind]:
        return FEATURES[kind][feature][0]
    if feature == "stage":
        return STAGE
    field = book.fields(kind).get(feature)
    return field.title if field is not None else feature


def cases(book: Book, kind: str) -> list[Case]:
    """The newest cases that ended, and whether they ended well."""
    names, columns = _columns(book, kind)
    sql = f"""SELECT {_WELL[kind]}, {columns} FROM "{kind}" AS record {_JOINS[kind]}
        WHERE record.deleted_at IS NULL AND {ENDED[kind]} ORDER BY {_NEWEST[kind]} LIMIT {MOST:d}"""
    return [(_features(names, row[1:]), bool(row[0])) for row in book.rows(sql)]


def features_of(book: Book, kind: str, ids: Sequence[str]) -> dict[str, Features]:
    """Record → its features; of those that are not decided yet."""
    names, columns = _columns(book, kind)
    sql = f"""SELECT record.id, {columns} FROM json_each(?) AS asked JOIN "{kind}" AS record ON record.id = asked.value
        {_JOINS[kind]} WHERE record.deleted_at IS NULL AND NOT ({ENDED[kind]})"""
    return {row[0]: _features(names, row[1:]) for row in book.rows(sql, (dumps(list(ids)),))}


def _columns(book: Book, kind: str) -> tuple[list[str], str]:
    """The features of a kind, the company's own among them, and their SQL."""
    shipped = {name: sql for name, (_title, sql) in FEATURES[kind].items()}
    own = dict(_own(book, kind))
    return [*shipped, *own], ", ".join([*shipped.values(), *own.values()])


def _own(book: Book, kind: str) -> Iterator[tuple[str, str]]:
    for name, field in book.fields(kind).items():
        if field.custom and isinstance(field, _OWN):
            yield name, f"json_extract(record.custom, '$.\"{name}\"')"


def _features(names: Iterable[str], row: Sequence[Any]) -> Features:
    return dict(zip(names, row, strict=True))


def reached(book: Book) -> dict[str, dict[int, tuple[int, int]]]:
    """Pipeline → position of a stage → how many of the lost deals came so far, and how many of these there are.

    Every won deal came as far as any stage; so a stage that few of the lost reached speaks for a deal.
    """
    sql = """SELECT record.pipeline, furthest.position, count(*) FROM opportunity AS record
        JOIN stage ON stage.id = record.stage JOIN stage AS furthest ON furthest.id = record.furthest_stage
        WHERE record.deleted_at IS NULL AND stage.type = 'Lost' AND furthest.type IN ('Open', 'On Hold')
        AND furthest.pipeline = record.pipeline GROUP BY 1, 2"""
    ended: dict[str, dict[int, int]] = {}
    for pipeline, position, count in book.rows(sql):
        ended.setdefault(pipeline, {})[position] = count
    stages = book.rows("SELECT pipeline, position FROM stage WHERE type IN ('Open', 'On Hold')")
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for pipeline, position in stages:
        counts = ended.get(pipeline, {})
        so_far = sum(count for place, count in counts.items() if place >= position)
        found.setdefault(pipeline, {})[position] = (so_far, sum(counts.values()))
    return found


def stages_of(book: Book, ids: Sequence[str]) -> dict[str, tuple[str, str, int]]:
    """Deal → its pipeline, its stage's name and position."""
    sql = """SELECT record.id, stage.pipeline, stage.name, stage.position FROM json_each(?) AS asked
        JOIN opportunity AS record ON record.id = asked.value JOIN stage ON stage.id = record.stage"""
    return {row[0]: (row[1], row[2], row[3]) for row in book.rows(sql, (dumps(list(ids)),))}
