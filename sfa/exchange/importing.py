"""Imports: files of any kinds into the book, as one action that one undo takes back, or as a rehearsal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sfa.errors import UserError
from sfa.exchange.inputs import Input
from sfa.exchange.links import Unresolved
from sfa.exchange.loading import Loader
from sfa.exchange.profile import ImportPlan
from sfa.exchange.rejects import Reject, Rejects
from sfa.i18n import _
from sfa.models import find_kind
from sfa.store.book import Book
from sfa.store.change import Change


class Progress(NamedTuple):
    """How far an import is: the file it reads, rows read so far, bytes read and to read of all files."""

    path: Path
    rows: int
    done: int
    total: int


@dataclass
class FileResult:
    """What became of one file. ``rows`` = created + updated + unchanged + rejected."""

    path: Path
    kind: str
    columns: dict[str, tuple[str, ...]]  # field → headers
    ignored: tuple[str, ...]  # headers that are no field of the kind
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects: Path | None = None  # where the rejected rows are
    samples: list[Reject] = field(default_factory=list)  # the first of them
    reasons: list[tuple[str, int]] = field(default_factory=list)  # why, and how many rows each
    unresolved: list[Unresolved] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)  # kind → records made for names that no record had


@dataclass
class ImportResult:
    """What became of all files; ``action`` is the number of the journal's action, 0 where nothing changed."""

    files: list[FileResult]
    dry_run: bool
    action: int = 0
    title: str = ""

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def created(self) -> int:
        return sum(file.created for file in self.files)

    @property
    def updated(self) -> int:
        return sum(file.updated for file in self.files)

    @property
    def unchanged(self) -> int:
        return sum(file.unchanged for file in self.files)

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)

    @property
    def unresolved(self) -> list[Unresolved]:
        return [miss for file in self.files for miss in file.unresolved]


class ImportCancelled(UserError):
    """The user stopped an import; nothing was changed."""


class _Rehearsed(Exception):
    """Takes a dry run back."""


def run_import(
    book: Book,
    files: Sequence[tuple[Path, str]],
    plans: Mapping[str, ImportPlan] | None = None,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> ImportResult:
    """Imports ``files`` (path, kind), in their order, by the ``plans`` of their kinds: all in one action, or nothing.

    Rejected rows go to ``<name>.rejected.csv`` in the folder ``rejects`` (where None the file's own, or the book's).
    ``dry_run`` does everything and takes it back; it writes rejected rows only where ``rejects`` is given. ``progress``
    is called after every chunk, in this thread; ``stop`` cancels (raises ``ImportCancelled``). Raises ``UserError``
    for files that cannot be read and for options that fit none of them.
    """
    run = _Run(book, plans or {}, dry_run, rejects, progress, stop)
    inputs = run.open(files)
    title = _("Imported {files}").format(files=", ".join(path.name for path, _kind in files))
    try:
        with book.change(title, "import") as change:
            for file in inputs:
                run.load(change, file)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    except BaseException:
        for rejected in run.rejected:
            rejected.discard()
        raise
    return ImportResult(run.results, dry_run, 0 if dry_run else change.number, title)


class _Run:
    """One import under way."""

    def __init__(
        self,
        book: Book,
        plans: Mapping[str, ImportPlan],
        dry_run: bool,
        rejects: Path | None,
        progress: Callable[[Progress], None] | None,
        stop: threading.Event | None,
    ) -> None:
        self.book, self.dry_run, self.folder, self.progress, self.stop = book, dry_run, rejects, progress, stop
        self.plans = {find_kind(kind).kind: plan for kind, plan in plans.items()}
        self.results: list[FileResult] = []
        self.rejected: list[Rejects] = []
        self.total = self.behind = 0  # bytes

    def open(self, files: Sequence[tuple[Path, str]]) -> list[Input]:
        """The files, in their order. Raises ``UserError`` where one cannot be read, or an option fits none of them."""
        kinds = [find_kind(kind).kind for _path, kind in files]
        inputs = [
            Input(self.book, path, kind, self.plans.get(kind, ImportPlan()))
            for (path, _kind), kind in zip(files, kinds, strict=True)
        ]
        self.total = sum(file.source.size for file in inputs)
        used = {"", *(name for file in inputs for name in file.used)}
        for plan in self.plans.values():
            for name in (*plan.columns, *plan.values, *plan.constants, *plan.unresolved):
                if name not in used:
                    raise UserError(_("No file has a column or field {name} that could be read so.").format(name=name))
        return inputs

    def load(self, change: Change, file: Input) -> None:
        source = file.source
        rejects = Rejects(self._rejects_paths(source.path), source.headers)
        self.rejected.append(rejects)
        loader = Loader(change, file, rejects)
        loader.load(lambda done: self._proceed(source.path, loader.rows, done))
        rejects.close()
        self.behind += source.size
        columns = {
            name: tuple(source.headers[place] for place in column.places)
            for name, column in file.matched.columns.items()
        }
        self.results.append(
            FileResult(
                source.path, file.kind, columns, file.matched.ignored, loader.rows, loader.created, loader.updated,
                loader.unchanged, rejects.count, rejects.written, rejects.samples, rejects.reasons.most_common(),
                loader.finder.unresolved(), dict(loader.finder.created),
            )
        )  # fmt: skip

    def _rejects_paths(self, path: Path) -> list[Path]:
        """Where rejected rows may go: the folder given, else the file's own, or the book's where that is read-only."""
        folders = [self.folder] if self.folder else [] if self.dry_run else [path.parent, self.book.path.parent]
        taken = sum(file.path.stem == path.stem for file in self.results)
        return [folder / f"{path.stem}{f'-{taken + 1}' if taken else ''}.rejected.csv" for folder in folders]

    def _proceed(self, path: Path, rows: int, done: int) -> None:
        if self.stop is not None and self.stop.is_set():
            raise ImportCancelled(_("The import was stopped; nothing was changed."))
        if self.progress is not None:
            self.progress(Progress(path, rows, self.behind + done, self.total))
