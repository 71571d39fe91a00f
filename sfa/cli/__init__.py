"""The ``sfa`` command: everything the screens can do, from a shell."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; gives 0 done, 1 refused, 2 wrong usage, 3 some rows were rejected, 130 interrupted."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments == ["--version"]:  # shells and installers ask often, and argparse costs as much as Python itself
        from sfa import __version__

        sys.stdout.write(f"sfa {__version__}\n")
        return 0
    from sfa.cli.program import run

    return run(arguments)
