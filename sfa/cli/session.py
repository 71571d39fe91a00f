"""One run of a command: its arguments, the settings, and the book, opened when first asked for."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sfa import settings
from sfa.cli.command import Command
from sfa.cli.output import narrate
from sfa.i18n import _

if TYPE_CHECKING:
    from sfa.models import Record
    from sfa.store.book import Book
    from sfa.store.lookup import Lookup

ORIGIN = "command"  # how the journal calls what is done here


class Session:
    """What a command's ``run`` gets. ``close`` it."""

    def __init__(self, command: Command, arguments: Namespace) -> None:
        self.command, self.arguments = command, arguments
        self.settings = settings.load()
        if self.settings.locale or self.settings.currency:
            from sfa import locales

            locales.use(self.settings.locale, self.settings.currency)

    @property
    def path(self) -> Path:
        """Where the book is."""
        named = self.arguments.book
        return Path(named).expanduser() if named else settings.book_path()

    @cached_property
    def book(self) -> Book:
        """The book; where there is none yet, a command that may makes it and says so."""
        from sfa.store.book import Book

        if self.command.makes_book and not self.path.exists():
            self.make_book()
        return Book.open(self.path)

    def make_book(self) -> None:
        """Makes the book and says where."""
        from sfa.store.book import Book

        name = self.arguments.user or self.settings.user or account_name()
        Book.create(self.path, name).close()
        narrate(_("Made a new book for {name}: {path}").format(name=name, path=self.path))

    @cached_property
    def lookup(self) -> Lookup:
        from sfa.store.lookup import Lookup

        return Lookup(self.book)

    def kind(self, name: str | None = None) -> type[Record]:
        """The kind of record that the arguments, or ``name``, mean. Raises ``NotFound``."""
        from sfa.models import find_kind

        return find_kind(name or self.arguments.kind)

    def record(self, kind: str, name: str) -> Record:
        """The one record of ``kind`` with this id, beginning of an id, or name. Raises ``NotFound``."""
        return self.book.get(kind, self.lookup.resolve(kind, name))

    def close(self) -> None:
        if "book" in self.__dict__:
            self.book.close()


def account_name() -> str:
    """The user's name as the operating system knows it."""
    import getpass

    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such account, as in a container
        return _("Me")
    return full_name(login) or login


def full_name(login: str) -> str:
    """The real name behind an account, where the system keeps one."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwnam(login).pw_gecos.split(",")[0].strip()
    except KeyError:
        return ""
