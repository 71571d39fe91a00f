"""What keeps one wheel good for Linux, macOS and Windows: no module needs what only one of them has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sfa

PACKAGE = Path(sfa.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
MODULES = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__") for path in SOURCES
]
ONLY_POSIX = ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog")
IMPORT_ALL = """
import importlib, sys
import rich.console, textual.app  # they know what to do without
for name in {blocked}:
    sys.modules[name] = None
for name in {modules}:
    importlib.import_module(name)
"""


def test_every_module_is_imported_without_what_only_unix_has() -> None:
    """Textual itself chooses its driver by platform, which is its own business."""
    modules = [name for name in MODULES if not name.endswith("__main__")]
    script = IMPORT_ALL.format(blocked=ONLY_POSIX, modules=modules)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
