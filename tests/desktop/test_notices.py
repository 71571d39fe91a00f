"""What notifications say, and what becomes of them where there is no desktop to show them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sfa.desktop.notices import LISTED, notice
from sfa.desktop.notifier import Notifier, NotShown, plain
from sfa.sales.reminders import Due


def due(title: str, when: str | None, who: str = "", phone: str = "") -> Due:
    return Due("r", "2026-11-18T08:00:00Z", "activity", "a", title, when, who, phone, "call")


def test_one_reminder_says_when_who_and_by_which_number() -> None:
    told = notice([due("Call about the offer", "2026-11-18T13:00:00Z", "Anna Schmidt", "+49 30 1")])
    assert told.title == "Call about the offer"
    assert told.body == "2:00\u202fPM · Anna Schmidt · +49 30 1"
    assert (told.kind, told.record) == ("activity", "a")


def test_one_without_a_date_says_since_when_it_is_due() -> None:
    assert notice([due("Anna", None)]).body == "9:00\u202fAM"
    assert notice([due("Anna", "2026-11-18")]).body == "today"


def test_several_are_a_digest_in_the_order_given() -> None:
    many = [due(f"Call {number}", f"2026-11-1{number % 8}T08:00:00Z", "Anna") for number in range(1, LISTED + 3)]
    told = notice(many)
    assert told.title == f"{LISTED + 2} reminders"
    *lines, last = told.body.splitlines()
    assert [line.split("  ")[1] for line in lines] == [f"Call {number} · Anna" for number in range(1, LISTED + 1)]
    assert last == "… and 2 more"
    assert told.kind == ""  # a click shows Today


def test_what_a_terminal_would_obey_is_in_no_notification() -> None:
    told = notice([due("Call\x1b[31m\nme", "2026-11-18T13:00:00Z", "An\x07na")])
    assert "\x1b" not in told.title
    assert "\n" not in told.title
    assert "\x07" not in told.body


def test_markup_is_shown_letter_by_letter() -> None:
    assert plain("<b>A & B</b>") == ("&lt;b&gt;A &amp; B&lt;/b&gt;" if sys.platform == "linux" else "<b>A & B</b>")


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    notifier = Notifier(lambda _kind, _record: None)
    with pytest.raises(NotShown) as refused:
        notifier.require()
    assert "pip install 'sfa-client[notifications]'" in str(refused.value)
    assert "\n" not in str(refused.value)
    notifier.close()


def test_the_library_is_loaded_only_to_show_something() -> None:
    code = "import sys, sfa.desktop.firing, sfa.screens.ringing; print('desktop_notifier' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
