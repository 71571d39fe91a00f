"""What platforms are told so that reminders come at each login: the right files, and what is run."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sfa.desktop import scheduler, units
from sfa.desktop.doorbell import terminal
from sfa.errors import UserError
from tests.cli.conftest import Sfa, bare, sfa

__all__ = ["bare", "sfa"]
ODD = Path('/home/Rita Rep/50% "off" $HOME\'s\\book.sfa')
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "rita"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "rita" / "config"))
    monkeypatch.setenv("SFA_BOOK", str(tmp_path / "home" / "book.sfa"))
    monkeypatch.setenv("SFA_LOCALE", "en_US")


def unquoted(word: str) -> str:
    """A word as systemd reads it back."""
    return word.replace("%%", "%").replace("$$", "$")


def test_the_unit_for_systemd() -> None:
    found = scheduler.unit(ODD, "linux")
    lines = found.text.splitlines()
    assert found.path.parts[-4:] == ("config", "systemd", "user", "sfa-reminders.service")
    for line in ("[Unit]", "[Service]", "Restart=on-failure", "[Install]", "WantedBy=default.target"):
        assert line in lines
    (started,) = (line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart="))
    program, *words = map(unquoted, shlex.split(started))
    assert Path(program).name == "sfa"
    assert words == ["remind", "--watch", "--book", str(ODD)]
    assert found.start[-1] == ("systemctl", "--user", "enable", "--now", "sfa-reminders.service")


def test_systemd_itself_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if sys.platform != "linux" or not analyze:
        return
    path = tmp_path / "sfa-reminders.service"
    path.write_text(units.systemd((sys.executable, "-c", "a b", str(ODD)), {"SFA_HOME": "/a b%c"}))
    run = (analyze, "verify", "--user", "--man=no", str(path))
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(tmp_path)})
    told = [line for line in done.stderr.splitlines() if "sfa-reminders" in line]
    assert not told
    path.write_text(path.read_text().replace("Restart=on-failure", "Restart=perhaps"))
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(tmp_path)})
    assert "Restart" in done.stderr or done.returncode  # it does look


def test_the_agent_for_launchd() -> None:
    found = scheduler.unit(ODD, "darwin")
    content = plistlib.loads(found.text.encode())
    assert found.path.name == f"{content['Label']}.plist"
    assert found.path.parent.name == "LaunchAgents"
    assert content["ProgramArguments"][1:] == ["remind", "--watch", "--book", str(ODD)]
    assert content["RunAtLoad"] is True
    assert content["KeepAlive"] == {"SuccessfulExit": False}
    assert content["EnvironmentVariables"]["SFA_HOME"] == os.environ["SFA_HOME"]
    assert found.start[0][:2] == ("launchctl", "bootstrap")


def test_the_task_for_windows() -> None:
    found = scheduler.unit(ODD, "win32")
    task = ElementTree.fromstring(found.text.encode("utf-16"))
    assert task.find(f"{TASK}Triggers/{TASK}LogonTrigger") is not None
    assert task.findtext(f"{TASK}Settings/{TASK}ExecutionTimeLimit") == "PT0S"
    assert task.findtext(f"{TASK}Settings/{TASK}DisallowStartIfOnBatteries") == "false"
    command = task.findtext(f"{TASK}Actions/{TASK}Exec/{TASK}Command")
    arguments = task.findtext(f"{TASK}Actions/{TASK}Exec/{TASK}Arguments")
    assert command
    assert command.endswith("pythonw.exe")  # no window
    assert arguments
    assert arguments.endswith(subprocess.list2cmdline(["remind", "--watch", "--book", str(ODD)]))
    assert found.start[0][:4] == ("schtasks", "/Create", "/TN", "sfa reminders")
    assert not found.keep


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemd that writes down what it is asked; gives the place. ``refuse`` beside it has it refuse."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "systemctl"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> "{folder}/asked"\n'
        f'if [ -e "{folder}/refuse" ]; then echo "Failed to connect to bus" >&2; exit 1; fi\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return folder


def test_install_says_what_it_did_and_uninstall_undoes_it(sfa: Sfa, system: Path, tmp_path: Path) -> None:
    path = tmp_path / "rita" / "config" / "systemd" / "user" / "sfa-reminders.service"
    dry = sfa("remind", "install", "--dry-run")
    assert "ExecStart=" in dry.out
    assert "systemctl --user enable --now sfa-reminders.service" in dry.out
    assert not path.exists()
    installed = sfa("remind", "install")
    assert installed.code == 0
    assert path.exists()
    assert f"Wrote {path}" in installed.err
    assert "Ran: systemctl --user enable --now sfa-reminders.service" in installed.err
    assert "sfa remind uninstall undoes this" in installed.err
    assert "The desktop shows no notifications" in installed.err  # there is none here, and it says so
    status = sfa("remind", "status", "--json").data
    assert (status["installed"], status["running"], status["notifications"]) == (True, True, False)
    removed = sfa("remind", "uninstall")
    assert f"Removed {path}" in removed.err
    assert not path.exists()
    assert (system / "asked").read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now sfa-reminders.service",
        "--user is-active --quiet sfa-reminders.service",
        "--user disable --now sfa-reminders.service",
    ]
    assert "Nothing was set up" in sfa("remind", "uninstall").err


def test_a_platform_that_refuses_leaves_nothing_behind(sfa: Sfa, system: Path, tmp_path: Path) -> None:
    (system / "refuse").touch()
    refused = sfa("remind", "install")
    assert refused.code == 1
    assert "“systemctl --user daemon-reload” failed: Failed to connect to bus." in refused.err
    assert "sfa remind --watch" in refused.err
    assert not list((tmp_path / "rita").rglob("*.service"))


def test_without_systemd_it_says_so(sfa: Sfa, system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    refused = sfa("remind", "install")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    with pytest.raises(UserError):
        scheduler.install(scheduler.unit(ODD, "linux"))


def test_a_terminal_is_known_on_each_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert terminal(("sfa",)) == ()
    monkeypatch.setenv("DISPLAY", ":1")
    opener = tmp_path / "xdg-terminal-exec"
    opener.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert terminal(("sfa", "--book", "a b")) == ("xdg-terminal-exec", "sfa", "--book", "a b")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert terminal(("sfa", "a b"))[2] == 'tell application "Terminal" to do script "sfa \'a b\'"'
    monkeypatch.setattr(sys, "platform", "win32")
    assert subprocess.list2cmdline(terminal(("sfa.exe", "a b"))) == 'cmd /c start "" sfa.exe "a b"'
