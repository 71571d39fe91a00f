"""Field kinds: what one value of a record may be, and how it is read, checked, shown and searched.

A value has one *stored form*, a JSON value, which is the same in the book, in the journal and on the wire:

    text, choices, links: str     date: "YYYY-MM-DD"     instant: "YYYY-MM-DDTHH:MM:SSZ" (UTC)
    numbers, percent: int, float  money: int, minor units of the record's currency     yes/no: 0 or 1

``read`` makes it from what a person typed, ``check`` judges one made by a program, ``show`` gives it back to a person
and ``plain`` to a machine (``--json``). Both ``read`` and ``check`` raise ``ValueError`` with a translated reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

from sfa.errors import NotFound
from sfa.i18n import _
from sfa.locales import Locale

if TYPE_CHECKING:
    from sfa.models.record import Record

T = TypeVar("T")
Value = Any  # a JSON value in its stored form
Peers = Mapping[str, Value]  # the other values of the same record, in stored form

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROL_IN_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Context(Protocol):
    """What reading a value may need to know beyond the text."""

    def resolve(self, kind: str, text: str, peers: Peers) -> str:
        """The id of the one record of ``kind`` that goes by ``text`` (id, its beginning, or name); ``NotFound``."""

    def title(self, kind: str, record_id: str) -> str:
        """The name that a record is shown by; its id where there is no such record."""


class Field(Generic[T]):
    """One field of a record. ``listed`` is its place among a list's first columns (0: not shown at first).

    A field that is ``hidden`` is for programs only: no form, list or record shows it.

    ``group`` names fields that merge as one; ``merge`` says which of two values stays where both sides changed it
    ("greatest" or "least"; of two links the record with the greater ``position``); else that is a conflict.
    """

    storage = "TEXT"
    width = 16  # cells that a list's column takes
    align = "left"
    in_json = False  # stored as JSON text inside its column
    is_set = False  # several values whose order says nothing: both sides' changes count

    def __init__(  # noqa: PLR0913 - a definition names everything about its field, once
        self,
        label: str = "",
        *,
        required: bool = False,
        default: Value = None,
        listed: int = 0,
        searched: bool = False,
        form: bool = True,
        hidden: bool = False,
        group: str = "",
        merge: str = "",
        aliases: Sequence[str] = (),
        help: str = "",
        max: int = 255,
    ) -> None:
        self.label, self.required, self.default, self.listed = label, required, default, listed
        self.searched, self.form, self.help, self.max = searched, form and not hidden, help, max
        self.hidden = hidden
        self.group, self.merge = group, merge
        self.aliases = tuple(aliases)
        self.name = ""
        self.custom = False

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.label = self.label or name.replace("_", " ").capitalize()

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: Record, owner: type) -> T | None: ...
    def __get__(self, record: Record | None, owner: type) -> Self | T | None:
        return self if record is None else record.values.get(self.name)

    @property
    def title(self) -> str:
        """The label in the user's language."""
        return _(self.label)

    def read(self, text: str, peers: Peers, context: Context) -> Value:
        """The stored form of what a person typed; None for nothing."""
        return self.check(self.parse(text, peers, context)) if text.strip() else None

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return text

    def check(self, value: Value) -> Value:
        """``value`` itself where it is a good stored form of this kind."""
        return value

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        """The value for a person's eye; an empty string for nothing."""
        return "" if value is None else str(value)

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        """The value as text that ``read`` turns into the same value again (what a form starts with)."""
        return self.show(value, peers, locale)

    def plain(self, value: Value, peers: Peers, context: Context) -> Any:
        """The value for ``--json``."""
        return value

    def words(self, value: Value) -> str:
        """What full-text search finds it by."""
        return str(value)


def quoted(value: Value) -> str:
    """``value`` for a message: what a person may have given, in one short line."""
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in str(value)[:61])
    return text if len(text) <= 60 else text[:59] + "…"


def check_text(value: Value, longest: int, control: re.Pattern[str] = CONTROL) -> str:
    """``value`` where it is text of at most ``longest`` characters, none of them matching ``control``."""
    if not isinstance(value, str):
        raise ValueError(_("must be text"))
    if len(value) > longest:
        raise ValueError(
            _("is {count} characters long; at most {max} are allowed").format(count=len(value), max=longest)
        )
    if not value.isprintable() and (found := control.search(value)):  # the first test is the fast one
        code, place = ord(found[0]), found.start() + 1
        raise ValueError(
            _("holds the control character U+{code:04X} at position {place}").format(code=code, place=place)
        )
    return value


class Text(Field[str]):
    """One line of text, kept exactly as given."""

    width = 24
    control = CONTROL

    def read(self, text: str, peers: Peers, context: Context) -> Value:
        return self.check(text) if text else None  # blank space is kept too: nothing that was typed changes in silence

    def check(self, value: Value) -> str:
        return check_text(value, self.max, self.control)


class LongText(Text):
    """Several lines of text, kept exactly as given."""

    width = 40
    control = CONTROL_IN_LINES

    def __init__(self, label: str = "", *, max: int = 100_000, **options: Any) -> None:
        super().__init__(label, max=max, **options)


class YesNo(Field[int]):
    """Yes or no, stored as 1 or 0."""

    storage = "INTEGER"
    width = 5
    yes = frozenset({"yes", "y", "true", "1", "on", "x"})
    no = frozenset({"no", "n", "false", "0", "off"})

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        word = text.strip().casefold()
        if word in self.yes or word == _("yes").casefold():
            return 1
        if word in self.no or word == _("no").casefold():
            return 0
        raise ValueError(_("must be yes or no, not {text}").format(text=quoted(text)))

    def check(self, value: Value) -> int:
        if not isinstance(value, (int, float)) or value not in (0, 1):
            raise ValueError(_("must be yes or no"))
        return int(value)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else _("yes") if value else _("no")

    def plain(self, value: Value, peers: Peers, context: Context) -> bool | None:
        return None if value is None else bool(value)

    def words(self, value: Value) -> str:
        return ""


class Choice(Field[str]):
    """One of ``options``; any other text too where the list is ``open``."""

    def __init__(self, label: str, options: Sequence[str], *, open: bool = False, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.options, self.open = tuple(options), open

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        word = text.strip().casefold()
        for option in self.options:
            if word in (option.casefold(), _(option).casefold()):
                return option
        return text

    def check(self, value: Value) -> str:
        if value in self.options:
            return str(value)
        if self.open:
            return check_text(value, self.max)
        options = ", ".join(map(_, self.options))
        raise ValueError(_("must be one of {options}, not {value}").format(options=options, value=quoted(value)))

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else _(value) if value in self.options else str(value)


def called(context: Context, kind: str, record_id: str, peers: Peers) -> str:
    """The name that leads back to the record; its id where another has the same name."""
    title = context.title(kind, record_id)
    try:
        return title if title.strip() and context.resolve(kind, title.strip(), peers) == record_id else record_id
    except NotFound:
        return record_id


class Link(Field[str]):
    """Another record of kind ``to``, by its id.

    With ``creates``, an import adds the record where none goes by the name.
    """

    width = 22

    def __init__(self, label: str, to: str, *, creates: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.to, self.creates = to, creates

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return context.resolve(self.to, text.strip(), peers)

    def check(self, value: Value) -> str:
        return check_text(value, 64)

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return "" if value is None else called(context, self.to, value, peers)

    def plain(self, value: Value, peers: Peers, context: Context) -> Any:
        return None if value is None else {"id": value, "name": context.title(self.to, value)}

    def words(self, value: Value) -> str:
        return ""
