"""What a command costs before it does anything: CPU of ``sfa --version`` and of a Tab, against ``python -c pass``.

Paired: every round runs all commands once, so that other load hits all alike. CPU is user and system time of the child
process. A Tab runs the shell's completion script, which needs no Python. Linux and macOS.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.report import Row, Setup, paired

GOAL = 3.0
"""At most so many times the CPU of ``python -c pass``."""
RUNS = 20
"""Runs of each command in a round."""
TAB = """source {script}
COMP_WORDS=(sfa list acc) COMP_CWORD=2 COMP_LINE="sfa list acc" COMP_POINT=12 COMP_TYPE=9 COMP_KEY=9
_shtab_sfa sfa acc list
[[ "${{COMPREPLY[*]}}" == *account* ]]
"""


class Case(NamedTuple):
    what: str
    command: Sequence[str]
    goals: tuple[float, ...] = ()


def cases(folder: Path) -> list[Case]:
    """The commands that are measured; the first is what the others are compared with."""
    bin_folder = Path(sys.executable).parent
    sfa = shutil.which("sfa", path=str(bin_folder)) or "sfa"
    script = folder / "sfa.bash"
    script.write_bytes(subprocess.run([sfa, "completion", "bash"], check=True, capture_output=True).stdout)
    found = [
        Case("python -c pass", (sys.executable, "-c", "pass")),
        Case("`sfa --version`", (sfa, "--version"), (GOAL,)),
        Case("`sfa --help`", (sfa, "--help")),
        Case("`sfa completion bash` (once, at set-up)", (sfa, "completion", "bash")),
    ]
    bash = shutil.which("bash")
    if bash:
        tab = folder / "tab.bash"
        tab.write_text(TAB.format(script=script), encoding="utf-8")
        found.append(Case("completion: Tab in bash", (bash, str(tab)), (GOAL,)))
    return found


def cpu(command: Sequence[str]) -> float:
    """Milliseconds of CPU that one run of ``command`` takes; ``CalledProcessError`` where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def measure(setup: Setup) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        measured = cases(Path(folder))
        for case in measured:
            cpu(case.command)  # what the first run compiles and reads from disk is no news
        rounds = [[cpu(case.command) for case in measured] for _round in range(setup.rounds * RUNS)]
    return [
        paired(
            case.what, "`python -c pass`, CPU", "ms", [((times[place],), (times[0],)) for times in rounds], case.goals
        )
        for place, case in enumerate(measured)
        if place
    ]
