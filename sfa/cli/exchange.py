"""Commands that bring records in and out."""

from __future__ import annotations

from sfa.cli.exports import EXPORT
from sfa.cli.imports import IMPORT

COMMANDS = (IMPORT, EXPORT)
