"""The record base: a class per kind of record says everything about it, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sfa.errors import FieldError, NotFound
from sfa.i18n import _
from sfa.models.fields import Context, Field, Link, LongText, Text, Value
from sfa.models.times import Instant
from sfa.printable import clean

KINDS: dict[str, type[Record]] = {}


# Letters that Unicode does not take apart, as people without them on the keyboard type them.
BASE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class Address:
    """A postal address: expands into ``<name>_street``, ``_city``, ``_state``, ``_postal_code`` and ``_country``."""

    parts: ClassVar[dict[str, str]] = {
        "street": "street",
        "city": "city",
        "state": "state",
        "postal_code": "postal code",
        "country": "country",
    }

    def __init__(self, label: str, *, aliases: Mapping[str, Iterable[str]] | None = None, listed_city: int = 0) -> None:
        self.label, self.aliases, self.listed_city = label, aliases or {}, listed_city

    def expand(self, name: str) -> dict[str, Field[Any]]:
        fields: dict[str, Field[Any]] = {}
        for part, word in self.parts.items():
            make = LongText if part == "street" else Text
            fields[f"{name}_{part}"] = make(
                f"{self.label} {word}",
                max=500,
                group=name,
                searched=part == "city",
                aliases=tuple(self.aliases.get(part, ())),
                listed=self.listed_city if part == "city" else 0,
            )
        return fields


class Record:
    """One record: ``values`` holds the stored form of each field that has one; fields read as attributes.

    A kind sets ``kind`` (its name everywhere), ``label`` and ``plural``, ``named_by`` (the fields that make its heading),
    ``sorted_by`` (their order in lists, where another), ``indexes`` (field tuples, read with the deleted left out),
    ``open_until`` (the field that is empty while a record is open) and ``open_indexes`` (as ``indexes``, of the few that are open),
    ``scope`` (who shares it: everybody in the ``company``, a ``territory``, or nobody, its user's ``own``), ``under`` (links to
    the records with which it moves from one territory to another, the first that is set),
    ``by_hand`` (not so where only head office adds records),
    ``rank`` (search shows higher ranks first; 0 is not searched), ``scoped_by`` (the link within which names are unique) and
    ``aliases`` (folded names that other systems give to shipped records), ``whole_names`` (headers under which other systems
    give first and last name in one) and ``named_after`` (the links whose names make a name where an import brings none).
    """

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    named_by: ClassVar[tuple[str, ...]] = ("name",)
    sorted_by: ClassVar[tuple[str, ...]] = ()
    indexes: ClassVar[tuple[tuple[str, ...], ...]] = ()
    open_until: ClassVar[str] = ""
    open_indexes: ClassVar[tuple[tuple[str, ...], ...]] = ()
    scoped_by: ClassVar[str] = ""
    aliases: ClassVar[dict[str, str]] = {}
    whole_names: ClassVar[tuple[str, ...]] = ()
    named_after: ClassVar[tuple[str, ...]] = ()
    scope: ClassVar[str] = "territory"
    under: ClassVar[tuple[str, ...]] = ()
    by_hand: ClassVar[bool] = True
    rank: ClassVar[int] = 0
    in_menu: ClassVar[bool] = False
    fields: ClassVar[dict[str, Field[Any]]] = {}

    owner = Link("Owner", "user", aliases=(
        "sales_agent", "Company Owner", "Deal Owner", "Note Owner", "Deal - Owner", "Person - Owner", "Organization - Owner"))  # fmt: skip
    external_source = Text("External source", form=False, help="The system that the record came from")
    external_id = Text(
        "External id", form=False, aliases=("Record ID", "ID", "Deal - ID", "Person - ID", "Organization - ID")
    )
    created_at = Instant(
        "Created",
        form=False,
        merge="least",
        aliases=("Create Date", "Created Time", "Created Date", "Deal - Deal created"),
    )
    created_by = Link("Created by", "user", form=False)
    deleted_at = Instant("Deleted", form=False)
    merged_into = Text("Merged into", form=False, max=64, help="The id of the record that it became part of")

    system: ClassVar[tuple[str, ...]] = (
        "owner",
        "external_source",
        "external_id",
        "created_at",
        "created_by",
        "deleted_at",
        "merged_into",
    )

    def __init_subclass__(cls) -> None:
        own = {name: thing for name, thing in vars(cls).items() if isinstance(thing, (Field, Address))}
        fields: dict[str, Field[Any]] = {}
        for name, thing in own.items():
            if isinstance(thing, Field):
                fields[name] = thing
                continue
            for part, field in thing.expand(name).items():
                setattr(cls, part, field)
                field.__set_name__(cls, part)
                fields[part] = field
        for name in cls.system:
            fields.setdefault(name, vars(Record)[name])
        cls.fields = fields
        KINDS[cls.kind] = cls

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = dict(values)

    @property
    def id(self) -> str:
        return str(self.values["id"])

    @property
    def heading(self) -> str:
        return self.heading_of(self.values)

    @classmethod
    def heading_of(cls, values: Mapping[str, Value]) -> str:
        """What a record with ``values`` is called."""
        return " ".join(str(values[name]) for name in cls.named_by if values.get(name))

    @classmethod
    def sort_key_of(cls, values: Mapping[str, Value]) -> str:
        """What lists sort by and names are looked up by: folded, without accents."""
        return sort_key(values.get(name) for name in cls.sorted_by or cls.named_by)


def sort_key(parts: Iterable[Value]) -> str:
    """What a record is sorted by whose name has these parts."""
    return fold(" ".join(map(str, filter(None, parts))))


def fold(text: str) -> str:
    """``text`` as compared: no case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    import unicodedata

    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(plain.translate(BASE_LETTERS).split())


def find_kind(name: str) -> type[Record]:
    """The kind that ``name`` means: singular or plural, any case, ``deal`` for opportunity."""
    word = name.strip().casefold().replace("-", "_").replace(" ", "_")
    word = {"deal": "opportunity", "deals": "opportunity"}.get(word, word)
    for kind, record in KINDS.items():
        if word in (
            kind,
            f"{kind}s",
            record.plural.casefold().replace(" ", "_"),
            record.label.casefold().replace(" ", "_"),
        ):
            return record
    import difflib

    near = difflib.get_close_matches(word, KINDS, 1)
    hint = (
        _("Did you mean {kind}?").format(kind=near[0]) if near else _("Kinds: {kinds}.").format(kinds=", ".join(KINDS))
    )
    raise NotFound(_("There is no kind of record called {name}.").format(name=name), hint, tuple(near))


def field_error(field: Field[Any], reason: object) -> FieldError:
    """The refusal of a value of ``field``, in one line of bearable length."""
    text = clean(str(reason))
    return FieldError(field.name, field.title, text if len(text) <= 400 else f"{text[:250]} … {text[-100:]}")


def check_values(fields: Mapping[str, Field[Any]], values: Mapping[str, Value]) -> dict[str, Value]:
    """``values`` in good stored form; raises ``FieldError`` for the first that is not."""
    checked: dict[str, Value] = {}
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            raise FieldError(name, name, _("there is no such field; fields: {names}").format(names=", ".join(fields)))
        try:
            checked[name] = field.check(value) if value or value not in (None, "", []) else None
        except ValueError as reason:
            raise field_error(field, reason) from None
        if field.required and _blank(checked[name]):
            raise field_error(field, _("is required"))
    return checked


def _blank(value: Value) -> bool:
    return value is None or not str(value).strip()


def require(fields: Mapping[str, Field[Any]], values: Mapping[str, Value]) -> None:
    """Raises ``FieldError`` for the first required field that ``values`` leave empty."""
    for name, field in fields.items():
        if field.required and _blank(values.get(name)):
            raise field_error(field, _("is required"))


def read_values(
    fields: Mapping[str, Field[Any]], texts: Mapping[str, str], present: Mapping[str, Value], context: Context
) -> dict[str, Value]:
    """Stored forms of what a person typed for several fields of one record whose other values are ``present``.

    Amounts are read last, in the currency that the record will have. Raises ``FieldError``.
    """
    values: dict[str, Value] = {}
    known = dict(present)
    for name in sorted(texts, key=lambda name: hasattr(fields.get(name), "currency")):
        field = fields.get(name)
        if field is None:
            check_values(fields, {name: None})
            continue
        try:
            values[name] = known[name] = field.read(texts[name], known, context)
        except (ValueError, NotFound) as reason:
            raise field_error(field, reason) from None
    return {name: values[name] for name in texts}
