"""``sfa export ical`` and ``sfa import x.ics``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Sfa

INVITATIONS = Path(__file__).parents[1] / "exchange" / "calendars" / "invitations"
INVITATION = str(INVITATIONS / "outlook-request.ics")


def test_an_invitation_comes_in_is_moved_and_called_off(sfa: Sfa) -> None:
    sfa("new", "contact", "last_name=Gabler", "emails=Erika.Gabler@contoso.example")
    done = sfa("import", INVITATION)
    assert done.code == 0
    (named,) = [line for line in done.out.splitlines() if line.startswith("new ")]
    assert " ".join(named.split()) == "new 11/25/2026 2:00 PM Angebotsbesprechung, Runde 2 Planned Gabler"
    assert "Imported outlook-request.ics. sfa undo takes all of it back." in done.err
    moved = sfa("import", str(INVITATIONS / "outlook-update.ics"), str(INVITATIONS / "outlook-cancel.ics"), "--json")
    assert [file["updated"] for file in moved.data["files"]] == [1, 1]
    (meeting,) = sfa("list", "activities", "--columns", "subject,status", "--json").data
    assert meeting["status"] == "Not Held"
    assert sfa("undo").code == 0
    assert sfa("undo").code == 0
    assert not sfa("list", "activities", "--json").data


def test_what_is_older_is_said_to_be(sfa: Sfa) -> None:
    sfa("import", str(INVITATIONS / "outlook-update.ics"))
    done = sfa("import", INVITATION)
    assert "outlook-request.ics: left out, as the book has a later revision: 1" in done.out


def test_refused_in_one_line_with_exit_code_3(sfa: Sfa, tmp_path: Path) -> None:
    bad, none = tmp_path / "bad.ics", tmp_path / "none.ics"
    bad.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Lunch\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n")
    none.write_text("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nEND:VFREEBUSY\nEND:VCALENDAR\n")
    done = sfa("import", str(bad), str(none), INVITATION)
    assert done.code == 3
    assert "event “Lunch”: DTSTART is no time: soon" in done.out
    assert "none.ics: no event and no to-do is in it" in done.out
    assert len(sfa("list", "activities", "--json").data) == 1


def test_a_dry_run_changes_nothing(sfa: Sfa) -> None:
    done = sfa("import", INVITATION, "--dry-run", "--json")
    assert (done.data["dry_run"], done.data["action"], done.data["files"][0]["created"]) == (True, None, 1)
    assert not sfa("list", "activities", "--json").data


def test_calendars_are_known_by_what_is_in_them(sfa: Sfa, tmp_path: Path) -> None:
    shutil.copy(INVITATION, tmp_path / "attachment")
    assert sfa("import", str(tmp_path / "attachment"), "--json").data["files"][0]["created"] == 1


@pytest.mark.parametrize("words", [("--map", "a=b"), ("--as", "contact"), ("--match", "subject")])
def test_options_for_tables_are_refused(sfa: Sfa, words: tuple[str, ...]) -> None:
    assert sfa("import", INVITATION, *words).code == 2


def test_a_calendar_goes_out_without_a_kind(sfa: Sfa, tmp_path: Path) -> None:
    sfa("import", INVITATION)
    assert sfa("new", "activity", "type=task", "subject=Offer").code == 0
    path = tmp_path / "all.ics"
    assert "Exported 2 activities to" in sfa("export", "ical", str(path)).err
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert sfa("export", "ical", str(path)).code == 2
    assert sfa("export", "ical", "activities", str(path), "--overwrite").code == 0
    out = sfa("export", "ical", "--where", "type=meeting").out
    assert (out.count("BEGIN:VEVENT"), out.count("BEGIN:VTODO")) == (1, 0)


def test_what_calendars_cannot_be(sfa: Sfa) -> None:
    assert "Calendars hold activities only." in sfa("export", "ical", "deals").err
    assert "not for calendars" in sfa("export", "ical", "--columns", "subject").err
    assert "Say what to export" in sfa("export", "csv").err
