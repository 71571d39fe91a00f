"""What we write passes the checkers of others, and their programs show it at the right times."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import icalendar
import pytest

from sfa.formats.ical.parts import TODO, component_of
from sfa.formats.ical.writing import calendar
from tests.counterparts import modules, program
from tests.formats.ical.samples import SOURCES

HERE = Path(__file__).parent
BROKEN = "DTEND;TZID=America/Santiago:20261126T103000\r\nDURATION:PT1H"  # the RFC allows one of the two
MONDAYS = ("10-12", "10-26", "11-09", "11-16", "11-23", "11-30", "12-07", "12-14", "12-21", "12-28")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.ics"
    path.write_text(calendar(SOURCES), encoding="utf-8", newline="")
    return path


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a program in Berlin, with a folder of its own as home; gives what it prints."""
    places = {name: str(tmp_path / "own") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}

    def run(*command: str) -> str:
        around = {**os.environ, **places, "TZ": "Europe/Berlin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, env=around, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def _folder(path: Path, kind: str) -> Path:
    """The objects of a kind as a folder of files, as servers and terminal programs have them."""
    path.mkdir()
    for uid, group in groupby(SOURCES, key=lambda source: source.uid or source.values["id"]):
        sources = list(group)
        if component_of(sources[0].values) == kind:
            (path / f"{uid}.ics").write_text(calendar(sources), encoding="utf-8", newline="")
    return path


def test_libical_finds_no_error_and_no_breach_of_the_rfc(file: Path, tmp_path: Path) -> None:
    checker = tmp_path / "restrictions"
    compiled = subprocess.run(
        ["gcc", HERE / "restrictions.c", "-o", checker, "-lical"], check=False, capture_output=True
    )
    assert compiled.returncode == 0, compiled.stderr.decode()
    done = subprocess.run([checker, file], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "14 components, 0 errors, valid 1")
    text = calendar(SOURCES).replace(BROKEN.partition("\r\n")[0], BROKEN)
    file.write_text(text, encoding="utf-8", newline="")
    assert BROKEN in text
    assert subprocess.run([checker, file], check=False, capture_output=True).returncode == 1


def test_vobject_validates(file: Path) -> None:
    script = (
        "import sys, vobject\n"
        "for whole in vobject.readComponents(open(sys.argv[1], newline='', encoding='utf-8').read()):\n"
        "    print(whole.validate(raiseException=True), len(list(whole.components())))"
    )
    done = subprocess.run([program("python"), "-c", script, file], check=False, capture_output=True, text=True)
    assert done.stdout.strip() == "True 14", done.stderr


def test_icalendar_reads_without_an_error(file: Path) -> None:
    whole = icalendar.Calendar.from_ical(file.read_bytes())
    assert isinstance(whole, icalendar.Calendar)
    assert [part.errors for part in whole.walk()] == [[]] * len(whole.walk())
    assert whole.get_missing_tzids() == set()
    assert {alarm["ACTION"] for alarm in whole.walk("VALARM")} == {"DISPLAY"}


def test_ical_js_shows_the_right_times(file: Path, shown: Callable[..., str]) -> None:
    library = modules() / "ical.js" / "dist" / "ical.js"
    lines = shown("node", str(HERE / "times.mjs"), str(file), str(library)).splitlines()
    assert "0198-4 2026-11-25T15:30 2026-11-25T15:45" in lines
    assert "0198-5 2026-11-26T12:00 2026-11-26T13:30" in lines
    again = [line.removeprefix("again ") for line in lines if line.startswith("again 2026")]
    assert "2026-11-02T08:00" not in again
    assert again[1:5] == ["2026-10-19T07:00", "2026-10-26T08:00", "2026-11-09T08:00", "2026-11-16T08:00"]


def test_khal_shows_the_right_times(tmp_path: Path, shown: Callable[..., str]) -> None:
    settings = tmp_path / "own" / "khal" / "config"
    settings.parent.mkdir(parents=True)
    forms = {"timeformat": "%H:%M", "dateformat": "%Y-%m-%d", "longdateformat": "%Y-%m-%d",
             "datetimeformat": "%Y-%m-%d %H:%M", "longdatetimeformat": "%Y-%m-%d %H:%M"}  # fmt: skip
    settings.write_text(
        f"[calendars]\n[[c]]\npath = {_folder(tmp_path / 'events', 'VEVENT')}\n[locale]\n"
        + "".join(f"{name} = {form}\n" for name, form in forms.items())
        + "local_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n[default]\ndefault_calendar = c\n"
    )
    form = "{start-long-full} {end-long-full} {title}{alarm-symbol}"
    lines = shown(program("khal"), "list", "2026-10-12", "90d", "--format", form, "--day-format", "").splitlines()
    series = [f"2026-{day} 09:00 2026-{day} 10:00 Jour fixe mit Müller, Schmidt; Söhne ⏰" for day in MONDAYS]
    assert [line for line in lines if "Söhne" in line] == series
    assert "2026-10-20 15:00 2026-10-20 16:00 Jour fixe, verschoben" in lines
    assert "2026-11-25 16:30 2026-11-25 16:45 Rückruf ⏰" in lines
    assert "2026-11-26 13:00 2026-11-26 14:30 Santiago" in lines
    assert len([line for line in lines if "2026-11-24 00:00 2026-11-26 00:00 Messe Hannover" in line]) == 3


def test_todoman_shows_the_right_tasks(tmp_path: Path, shown: Callable[..., str]) -> None:
    settings = tmp_path / "own" / "todoman" / "config.py"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'path = "{_folder(tmp_path / "tasks", TODO)}"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\n'
    )
    tasks = {
        task["summary"]: task for task in json.loads(shown(program("todo"), "--porcelain", "list", "--status", "ANY"))
    }
    due = {
        name: task["due"] and datetime.fromtimestamp(task["due"], UTC).isoformat()[:16] for name, task in tasks.items()
    }
    assert due == {
        "Angebot schicken": "2026-11-22T23:00", "Wochenbericht": "2026-11-27T16:00", "Erledigt": "2026-11-03T09:00",
        "Irgendwann": None,
    }  # fmt: skip
    assert {name for name, task in tasks.items() if task["completed"]} == {"Erledigt"}
    assert (tasks["Angebot schicken"]["priority"], tasks["Wochenbericht"]["recurring"]) == (1, True)


def test_calcurse_shows_the_right_times(file: Path, tmp_path: Path, shown: Callable[..., str]) -> None:
    calcurse, home = program("calcurse"), str(tmp_path / "calcurse")
    shown(calcurse, "-q", "-D", home, "-i", str(file))
    form = r"%(start:%Y-%m-%d %H:%M) %(end:%H:%M) %m\n"
    forms = ("--format-apt", form, "--format-recur-apt", form)
    text = shown(calcurse, "-q", "-D", home, "-Q", "--from", "10/12/2026", "--days", "90", *forms)
    for day in MONDAYS:
        assert f"2026-{day} 09:00 10:00 Jour fixe mit Müller, Schmidt; Söhne\n" in text
    assert "2026-11-02 09:00 10:00 Jour fixe" not in text
    assert "2026-11-25 16:30 16:45 Rückruf\n" in text
    assert text.count(" * Messe Hannover") == 3
