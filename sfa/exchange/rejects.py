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
    """Counts refused rows and writes them to the first of ``paths`` that can be written, from the first row on."""

    def __init__(self, paths: Sequence[Path], headers: Sequence[str]) -> None:
        self.paths, self.headers = paths, headers
        self.count = 0
        self.samples: list[Reject] = []
        self.reasons: Counter[str] = Counter()
        self.written: Path | None = None  # the file with the refused rows, where there are any
        self._file: IO[str] | None = None

    def add(self, line: int, reason: str, cells: Sequence[str]) -> None:
        """Refuses a row. Raises ``UserError`` where it cannot be written."""
        self.count += 1
        self.reasons[reason] += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(Reject(line, reason))
        if not self.paths:
            return
        try:
            if self._file is None:
                self._open()
            self._writer.writerow([line, reason, *cells])
        except OSError as error:
            raise UserError(
                _("Rejected rows cannot be written to {path}: {reason}.").format(
                    path=self.paths[-1], reason=error.strerror
                ),
                _("Nothing was imported; name another folder for them."),
            ) from None

    def _open(self) -> None:
        for path in self.paths:
            try:
                self._file = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
            except OSError:
                if path == self.paths[-1]:
                    raise
                continue
            self.written = path
            self._writer = csv.writer(self._file)
            self._writer.writerow([_("Rejected line"), _("Reason"), *self.headers])
            return

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def discard(self) -> None:
        """The import did not happen: the file goes."""
        self.close()
        if self.written is not None:
            self.written.unlink(missing_ok=True)
