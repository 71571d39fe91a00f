"""The ``sfa`` command: everything the screens can do, from a shell."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; gives 0 done, 1 refused, 2 wrong usage, 3 some rows were rejected, 130 interrupted."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        if arguments == ["--version"]:  # shells and installers ask often, and argparse costs as much as Python itself
            from sfa import __version__

            print(f"sfa {__version__}", flush=True)
            return 0
        from sfa.cli.program import run
    except KeyboardInterrupt:  # before there was anything to interrupt
        return 130
    except OSError as error:
        print(f"sfa: {error.strerror}", file=sys.stderr)
        return 1
    return run(arguments)
