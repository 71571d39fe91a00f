"""What a command is: declared once, it parses, explains, completes, documents and runs itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sfa.errors import UserError
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.layout import Block
    from sfa.cli.session import Session

OK, REFUSED, USAGE, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130


class UsageError(UserError):
    """The command was called in a way that it cannot be."""


class Argument(NamedTuple):
    """One word or option of a command. An option without ``metavar`` is a switch.

    ``many`` is argparse's ``nargs`` for words; ``+`` makes an option repeatable. ``values`` gives what shells complete
    (``files`` for paths); only ``strict`` refuses others. An option may be ``required``.
    """

    name: str
    help: str
    metavar: str = ""
    many: str = ""
    read: Callable[[str], Any] = str
    values: Callable[[], Iterable[str]] | None = None
    strict: bool = False
    required: bool = False

    @property
    def is_option(self) -> bool:
        return self.name.startswith("-")

    @property
    def takes_value(self) -> bool:
        return self.is_option and bool(self.metavar)


class Answer(NamedTuple):
    """What a command says: ``data`` is the document of ``--json``, ``blocks`` what people read, ``note`` narration.

    Iterators in ``data`` and ``blocks`` are read once and only where they are needed.
    """

    data: Any
    blocks: Iterable[Block] = ()
    note: str = ""
    code: int = OK


class Command(NamedTuple):
    """One command. ``makes_book``: a book that does not exist yet is made, instead of refused."""

    name: str
    help: str
    run: Callable[[Session], Answer]
    arguments: Sequence[Argument] = ()
    examples: Sequence[str] = ()
    details: str = ""
    makes_book: bool = False


class Group(NamedTuple):
    """Commands that belong together in help."""

    title: str
    commands: Sequence[Command]


def files() -> Iterable[str]:
    """Marks an argument whose values are paths; shells complete those themselves."""
    return ()


def kinds() -> Iterable[str]:
    """The kinds of record, and the word that reps use for an opportunity."""
    from sfa.models import KINDS

    return (*KINDS, "deal")


def natural(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(_("must be a whole number from 0, not {text}").format(text=text))
    return int(text)


COMMON = (
    Argument("--book", N_("The book to use, instead of SFA_BOOK or the one in the data folder"), "PATH", values=files),
    Argument("--json", N_("Print one JSON document")),
    Argument("--user", N_("Your name: at a server, or for a book that is made now"), "NAME"),
)
KIND = Argument(
    "kind", N_("The kind of record: account, contact, lead, deal, activity …, singular or plural"), "KIND", values=kinds
)
WHERE = Argument(
    "--where",
    N_("Only records for which this holds: field=value, != < <= > >= or ~ (contains); may be repeated"),
    "EXPR",
    "+",
)
