"""The rows that an import refused, with line and reason, in a file that can be corrected and imported again."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from sfa.errors import UserError
from sfa.i18n import _

SAMPLES = 20


class Reject(NamedTuple):
    """A refused row: where it began in its file, and why it was refused."""

    line: int
    reason: str


class Rejects:
    """Counts refused rows and writes them to ``path`` (where there is one); the file is made for the first row."""

    def __init__(self, path: Path | None, headers: Sequence[str]) -> None:
        self.path, self.headers = path, headers
        self.count = 0
        self.samples: list[Reject] = []
        self.reasons: Counter[str] = Counter()
        self._file: IO[str] | None = None

    def add(self, line: int, reason: str, cells: Sequence[str]) -> None:
        """Refuses a row."""
        self.count += 1
        self.reasons[reason] += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(Reject(line, reason))
        if self.path is not None:
            try:
                self._write(self.path, line, reason, cells)
            except OSError as error:
                raise UserError(
                    _("Rejected rows cannot be written to {path}: {reason}.").format(
                        path=self.path, reason=error.strerror
                    ),
                    _("Nothing was imported; name another folder for them."),
                ) from None

    def _write(self, path: Path, line: int, reason: str, cells: Sequence[str]) -> None:
        if self._file is None:
            self._file = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([_("Rejected line"), _("Reason"), *self.headers])
        self._writer.writerow([line, reason, *cells])

    @property
    def written(self) -> Path | None:
        """The file with the refused rows; None where there are none."""
        return self.path if self._file is not None else None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def discard(self) -> None:
        """The import did not happen: the file goes."""
        self.close()
        if self._file is not None and self.path is not None:
            self.path.unlink(missing_ok=True)
