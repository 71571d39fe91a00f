"""What laptop and head office say to each other: typed, bounded and judged on arrival by the same code on both ends.

Bodies are JSON. A value travels in its stored form (see ``sfa.models.fields``). ``docs/sync-protocol.md`` says it in
words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

VERSION = "v1"
ENTRIES = 1_000
"""The most records in one part of an action, and in one row of a log."""
PART_BYTES = 1_000_000
"""From this size on a part is closed, however few records it has."""
PUSH_BYTES = 8_000_000
"""The largest body of a push once unpacked."""
PAGE_BYTES = 24_000_000
"""The largest page once unpacked."""
PARTS = 1_000
"""The most parts of one action."""

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[0-9A-Za-z_-]+\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[a-z][a-z0-9_]*\Z")]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
Line = Annotated[str, Meta(max_length=1000)]
Instant = Annotated[str, Meta(pattern=r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z", max_length=32)]
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]*\Z", max_length=64)]
Count = Annotated[int, Meta(ge=0, le=2**62)]
Fields = dict[Annotated[str, Meta(max_length=64)], Any]
"""Values by the names of their fields; what is no name is refused with the whole (see ``_require_names``)."""
Op = Literal["insert", "update", "remove", "leave", "put"]
Number = Annotated[int, Meta(ge=1, le=2**62)]
Part = Annotated[int, Meta(ge=1, le=PARTS)]
Outcome = Literal["applied", "merged", "conflict", "rejected"]
Pair = tuple[Count, Count]

T = TypeVar("T")


class Entry(Struct, frozen=True, array_like=True):
    """What an action did to one record, as the laptop did it.

    ``fields`` are values for an insert, ``[old, new]`` for an update, empty for a remove. ``context`` holds the other
    fields of the groups that an update touches, as the user saw them. ``was`` is the digest of the record that a
    delete or remove took away.
    """

    kind: Name
    record: Id
    op: Literal["insert", "update", "remove"]
    fields: Fields = {}
    context: Fields = {}
    was: Hash = ""


class Head(Struct, frozen=True):
    """What an action is known by before it is read: ``n`` is its number on the laptop, and only grows."""

    n: Number
    id: Id
    part: Part = 1
    parts: Part = 1


class Action(Struct, frozen=True):
    """One action of a laptop, or a part of a large one."""

    n: Number
    id: Id
    at: Instant
    origin: Annotated[str, Meta(max_length=40)]
    title: Line
    entries: Annotated[list[Entry], Meta(max_length=ENTRIES)]
    mode: Literal["do", "undo", "redo"] = "do"
    root: Id | None = None
    part: Part = 1
    parts: Part = 1

    def __post_init__(self) -> None:
        _require_names(self.entries)


class Push(Struct, frozen=True):
    """Actions in order. ``chain`` is the hash of all that the laptop pushed before (see ``sfa.sync.codec.chained``)."""

    server: Id
    chain: Hash
    actions: Annotated[list[Raw], Meta(max_length=ENTRIES)]


class Answer(Struct, frozen=True):
    """How one action was judged. ``at``: stream and position of what it put into each log."""

    n: Count
    outcome: Outcome
    at: list[Pair] = []
    code: str = ""
    reason: str = ""
    field: str = ""


class Pushed(Struct, frozen=True):
    """The answer to a push. ``before`` and ``after``: where the logs stood that it wrote to.

    ``standing``: where all of the user's logs stand now, as ``sfa.sync.codec.standing`` says it; a laptop that stands
    there too has nothing to fetch.
    """

    answers: list[Answer]
    before: list[tuple[Count, Count, Hash]]
    after: list[tuple[Count, Count, Hash]]
    standing: Hash = ""


class LogEntry(Struct, frozen=True, array_like=True):
    """What head office did to one record: new values for insert, put and update; the new stream for leave."""

    kind: Name
    record: Id
    op: Op
    fields: Fields = {}


class LogRow(Struct, frozen=True):
    """One row of a stream's log: an action as it was judged, or a part of one."""

    id: Id
    device: str
    n: Count
    user: str
    at: Instant
    origin: Line
    title: Line
    entries: list[LogEntry]
    mode: Literal["do", "undo", "redo"] = "do"
    root: str | None = None

    def __post_init__(self) -> None:
        _require_names(self.entries)


class Place(Struct, frozen=True, array_like=True):
    """A log row in its place. ``final``: nothing of its action follows in this stream."""

    stream: Count
    seq: Count
    final: bool
    row: LogRow


class StreamInfo(Struct, frozen=True):
    """A stream that the user may see."""

    number: Count
    id: Id
    kind: Literal["company", "territory", "own"]
    name: Line
    role: Literal["reader", "writer", "manager"]
    seq: Count
    head: Hash
    floor: Count
    records: Count
    home: bool = False


class Page(Struct, frozen=True):
    """A page of the logs: rows in an order in which they can be applied, and where each stream then stands.

    ``until`` is where the whole pull will end; ``left`` the number of rows after this page.
    """

    rows: list[Place]
    at: list[tuple[Count, Count, Hash]]
    until: list[Pair]
    left: Count
    acl: Count
    streams: list[StreamInfo] | None = None


class Login(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    device: Annotated[str, Meta(min_length=1, max_length=200)]


class Welcome(Struct, frozen=True):
    """What a laptop gets when it is enrolled."""

    server: Id
    device: Id
    token: str
    user: Id
    name: Line
    acl: Count
    streams: list[StreamInfo]


class Feed(Struct, frozen=True, omit_defaults=True):
    """A user's calendar feed. ``path``: where it is, on head office; told only when it is made."""

    path: str = ""
    created_at: str = ""
    read_at: str | None = None


class Digest(Struct, frozen=True):
    """What a stream holds: how many records, and the exclusive or of their digests."""

    seq: Count
    records: Count
    digest: Hash


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a request was refused. ``key``: what a laptop that was locked out is to close its book with."""

    code: str
    reason: str
    stream: Count = 0
    n: Count = 0
    key: Hash = ""


def _require_names(entries: Iterable[Entry | LogEntry]) -> None:
    """Raises ``ValueError`` for what is no name of a field.

    Each is looked at once: a pattern at every field of every record takes most of the time of reading.
    """
    names: set[str] = set()
    for entry in entries:
        names.update(entry.fields)
        if isinstance(entry, Entry):
            names.update(entry.context)
    if not all(map(_NAME.fullmatch, names)):
        raise ValueError("a field has a name that none can have")


encode = msgspec.json.Encoder().encode
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decode(body: bytes, form: type[T]) -> T:
    """``body`` as ``form``; ``ValueError`` says what is wrong with it."""
    decoder = _decoders.get(form) or _decoders.setdefault(form, msgspec.json.Decoder(form))
    try:
        return decoder.decode(body)  # type: ignore[no-any-return]
    except RecursionError:
        raise ValueError("nested too deeply") from None
