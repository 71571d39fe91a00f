"""What the tests of imports share: the real files, and importing a text as if it were a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sfa.exchange.importing import FileResult, run_import
from sfa.exchange.profile import ImportPlan
from sfa.store.book import Book
from tests.shared import real

Importer = Callable[..., FileResult]


@pytest.fixture(scope="session")
def data() -> Path:
    """The real files that nobody here wrote."""
    return real()


@pytest.fixture
def load(book: Book, tmp_path: Path) -> Importer:
    """Imports text (or bytes) as a file of a kind; options are those of ``ImportPlan`` and of ``run_import``."""

    def importer(content: str | bytes, kind: str = "contact", name: str = "file.csv", **options: object) -> FileResult:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        how = {key: options.pop(key) for key in ("dry_run", "rejects", "progress", "stop") if key in options}
        plan = ImportPlan(**options)  # type: ignore[arg-type]
        return run_import(book, [(path, kind)], {kind: plan}, **how).files[0]  # type: ignore[arg-type]

    return importer


def counted(file: FileResult) -> tuple[int, int, int, int, int]:
    """Rows, created, updated, unchanged, rejected."""
    return file.rows, file.created, file.updated, file.unchanged, file.rejected
