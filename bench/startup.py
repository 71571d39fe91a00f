"""What a command costs before it does anything: CPU of ``sfa --version`` and of a Tab, against ``python -c pass``.

    python -m bench.startup [--runs N] [--json FILE]

Paired: every round runs all commands once, so that other load hits all alike. CPU is user and system time of the child
process; ratios are of medians. A Tab runs the shell's completion script, which needs no Python. Exit code 1 when a
goal is missed. Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

GOAL = 3.0
"""At most so many times the CPU of ``python -c pass``."""
TAB = """source {script}
COMP_WORDS=(sfa list acc) COMP_CWORD=2 COMP_LINE="sfa list acc" COMP_POINT=12 COMP_TYPE=9 COMP_KEY=9
_shtab_sfa sfa acc list
[[ "${{COMPREPLY[*]}}" == *account* ]]
"""


class Case(NamedTuple):
    name: str
    command: Sequence[str]
    goal: float | None = None


def cases(folder: Path) -> list[Case]:
    """The commands that are measured; the first is what the others are compared with."""
    bin_folder = Path(sys.executable).parent
    sfa = shutil.which("sfa", path=str(bin_folder)) or "sfa"
    script = folder / "sfa.bash"
    script.write_bytes(subprocess.run([sfa, "completion", "bash"], check=True, capture_output=True).stdout)
    found = [
        Case("python -c pass", (sys.executable, "-c", "pass")),
        Case("sfa --version", (sfa, "--version"), GOAL),
        Case("sfa --help", (sfa, "--help")),
    ]
    bash = shutil.which("bash")
    if bash:
        tab = folder / "tab.bash"
        tab.write_text(TAB.format(script=script), encoding="utf-8")
        found.append(Case("Tab in bash", (bash, str(tab)), GOAL))
    return found


def cpu(command: Sequence[str]) -> float:
    """Seconds of CPU that one run of ``command`` takes; ``CalledProcessError`` where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(runs: int) -> list[dict[str, float | str | None]]:
    """Median milliseconds and ratio to the first, per case."""
    with tempfile.TemporaryDirectory() as folder:
        measured = cases(Path(folder))
        for case in measured:
            cpu(case.command)  # what the first run compiles and reads from disk is no news
        times = [[cpu(case.command) for case in measured] for _round in range(runs)]
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    return [
        {"name": case.name, "ms": round(median * 1000, 1), "ratio": round(median / medians[0], 2), "goal": case.goal}
        for case, median in zip(measured, medians, strict=True)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU of starting sfa, against starting Python")
    parser.add_argument("--runs", type=int, default=101)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed sfa is compiled
    results = measure(arguments.runs)
    for result in results:
        goal = f"at most {result['goal']}" if result["goal"] else ""
        print(f"{result['name']:<16} {result['ms']:>7} ms  {result['ratio']:>5}x  {goal}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
    return int(any(result["goal"] and result["ratio"] > result["goal"] for result in results))  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main())
