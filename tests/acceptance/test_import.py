"""A company's real deals come in, are counted, go out again, and come back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.acceptance.conftest import Desk
from tests.shared import real

KINDS = {"sales_teams": "user", "products": "product", "accounts": "account", "sales_pipeline": "deal"}
MAPPED = ("--map-value", "deal/product:GTXPro=GTX Pro", "--map-value", "deal/stage:Engaging=Qualification")
MATCHED = tuple(
    word for field in ("user/name", "product/name", "account/name", "deal/external_id") for word in ("--match", field)
)
COUNTED = ("rows", "created", "updated", "unchanged", "rejected")


@pytest.fixture
def maven() -> Sequence[str]:
    folder = real("sales", "maven_crm")
    files = [str(folder / f"{name}.csv") for name in KINDS]
    return ["import", *files, *(word for kind in KINDS.values() for word in ("--as", kind))]


def kinds(desk: Desk) -> dict[str, int]:
    return {kind: len(desk.data("list", kind, "--limit", "0")) for kind in ("account", "product", "deal")}


def test_the_real_pipeline_comes_in_exactly(desk: Desk, maven: Sequence[str]) -> None:
    words = (*maven, *MAPPED, *MATCHED)
    rehearsed = desk.data(*words, "--dry-run", "--user", "Rita Rep")
    assert kinds(desk) == {"account": 0, "product": 0, "deal": 0}
    done = desk.data(*words)
    assert [[file[name] for name in COUNTED] for file in done["files"]] == [
        [35, 35, 0, 0, 0], [7, 7, 0, 0, 0], [85, 85, 0, 0, 0], [8800, 8800, 0, 0, 0],
    ]  # fmt: skip
    assert rehearsed["files"] == done["files"]

    report = desk.data("report", "pipeline")
    assert kinds(desk) == {"account": 85, "product": 7, "deal": 8800}
    assert report["won"] == {"count": 4238, "sum": {"USD": 10_005_534}, "weighted": {"USD": 10_005_534}}
    assert (report["lost"]["count"], report["open"]["count"], report["without_account"]) == (2473, 2089, 1425)
    assert {stage["stage"]["name"]: stage["count"] for stage in report["stages"] if stage["count"]} == {
        "Prospecting": 500, "Qualification": 1589, "Closed Won": 4238, "Closed Lost": 2473,
    }  # fmt: skip

    again = desk.data(*words)
    assert [again[name] for name in COUNTED] == [8927, 0, 0, 8927, 0]
    assert desk.data("report", "pipeline") == report

    desk.sfa("undo")
    assert kinds(desk) == {"account": 0, "product": 0, "deal": 0}
    assert desk.data("report", "pipeline")["won"]["count"] == 0
    desk.sfa("redo")
    assert desk.data("report", "pipeline") == report


def test_rows_with_names_that_nobody_has_are_kept_with_their_reason(
    desk: Desk, maven: Sequence[str], tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects"
    rejects.mkdir()
    done = desk.data(*maven, "--rejects", str(rejects), "--user", "Rita Rep", code=3)
    deals = done["files"][3]
    assert done["rows"] == sum(done[name] for name in COUNTED[1:])
    missed = {miss["text"]: miss for miss in deals["unresolved"]}
    assert (missed["GTXPro"]["rows"], missed["GTXPro"]["near"][0]) == (1480, "GTX Pro")
    assert missed["Engaging"]["rows"] == 1589
    with open(deals["rejects"], encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert len(kept) == deals["rejected"] == 8800 - deals["created"] > 1589
    with open(maven[4], encoding="utf-8", newline="") as file:
        first = next(
            row for row in csv.DictReader(file) if row["product"] == "GTXPro" or row["deal_stage"] == "Engaging"
        )
    assert first["opportunity_id"] in kept[0].values()
    assert any("There is no Product called “GTXPro”" in value for row in kept for value in row.values())


def test_the_imported_customer_is_called_from_the_screens(desk: Desk, maven: Sequence[str]) -> None:
    desk.sfa(*maven, *MAPPED, "--user", "Rita Rep")
    desk.settings["SFA_NOW"] = "2026-11-18T13:30:00Z"
    with desk.screens() as terminal:
        terminal.wait_for("Wed, Nov 18")
        terminal.press("b")
        terminal.wait_for("1 Prospecting", "2,089 open")
        terminal.press("ctrl+p")
        terminal.wait_for("Commands")
        terminal.type("cancity")
        terminal.wait_for("Accounts", "Cancity")
        terminal.press("enter")
        terminal.wait_for("Cancity · Account", "What happened")
        terminal.press("c")
        terminal.wait_for("Log a call")
        terminal.type("Wants the GTX Pro again")
        terminal.press("ctrl+s")
        terminal.wait_for_message("Logged call with Cancity · u undo")
        terminal.wait_for("Wants the GTX Pro again")
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0
    assert "Wants the GTX Pro again" in desk.sfa("show", "account", "Cancity")
