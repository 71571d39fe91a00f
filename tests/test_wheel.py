"""What is installed is the whole program: the wheel is built, and run from a folder of its own."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT, Desk


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = (
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    )
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_every_file_of_the_package(wheel: Path) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sfa").rglob("*") if path.is_file()}
    wanted = {name for name in files if "__pycache__" not in name}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted
    assert {"sfa/py.typed", "sfa/screens/dialogs.tcss"} <= held


def test_it_is_for_every_platform_and_names_the_command(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        (entries,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "sfa = sfa.cli:main" in archive.read(entries).decode()


def test_it_runs(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    environment = {**Desk(tmp_path).environment, "PYTHONPATH": str(installed)}
    for program, said in {
        "import sfa; print(sfa.__file__)": str(installed),
        "import sys; from sfa.cli import main; sys.exit(main(['demo']))": "Due today",
        "from sfa.app import SfaApp; import sfa.screens.form, sfa.screens.call; print('ready')": "ready",
    }.items():
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", cwd=tmp_path,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
