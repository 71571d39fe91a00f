"""Between what cards say and the fields of contacts and leads."""

from __future__ import annotations

from collections.abc import Mapping

from sfa.errors import UserError
from sfa.formats.vcard.meaning import NAME_FIELDS, PARTS
from sfa.formats.vcard.writing import Extras
from sfa.i18n import _
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.store.lookup import Lookup

Values = dict[str, Value]
KINDS_OF_CARDS = ("contact", "lead")
SOURCE = "vcard"  # the external source of leads, which have no id of an address book
ADDRESSES = {"contact": {"mailing": "mailing", "home": "home"}, "lead": {"mailing": "address"}}
FIELDS = (
    *NAME_FIELDS, "department", "title", "website", "language", "tzid", "birthday", "nickname", "description",
    *(f"{address}_{part}" for address in ("mailing", "home") for part in PARTS),
)  # fmt: skip
# The field by whose name a card's meaning tells which lines say it, where that is another.
SAID_BY = {
    **dict.fromkeys(NAME_FIELDS, "last_name"), "department": "account",
    **{f"{address}_{part}": address for address in ("mailing", "home") for part in PARTS},
}  # fmt: skip


def require_kind(kind: str) -> str:
    """``kind`` where cards can be that; raises ``UserError``."""
    if kind not in KINDS_OF_CARDS:
        plural = _(KINDS[kind].plural).lower()
        raise UserError(_("Cards are contacts or leads, not {kind}.").format(kind=plural))
    return kind


def field_of(kind: str, name: str) -> str:
    """The field of ``kind`` that a contact's field ``name`` is; empty where it has none."""
    address, _sign, part = name.partition("_")
    if part in PARTS:
        there = ADDRESSES[kind].get(address)
        return f"{there}_{part}" if there else ""
    return name if name in KINDS[kind].fields else ""


def sayings(kind: str, values: Mapping[str, Value], lookup: Lookup) -> tuple[Values, Extras]:
    """What a card of the record with ``values`` says: values by the names that contacts have for them, and names."""
    said = {name: values[field] for name in (*FIELDS, "phones", "emails") if (field := field_of(kind, name)) in values}
    said |= {name: values[name] for name in ("id", "uid", "original") if values.get(name)}
    if kind == "lead" and values.get("external_source") == SOURCE and values.get("external_id"):
        said["uid"] = values["external_id"]
    account = values.get("company") or "" if kind == "lead" else _title(lookup, "account", values.get("account"))
    tags = sorted(_title(lookup, "tag", tag) for tag in values.get("tags") or ())
    return said, Extras(account, tuple(filter(None, tags)))


def _title(lookup: Lookup, kind: str, record_id: Value) -> str:
    return lookup.title(kind, record_id) if record_id else ""
