"""``sfa report`` in all its forms, own reports, and ``sfa goals``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Sfa


@pytest.fixture
def sold(sfa: Sfa) -> Sfa:
    """Two deals won, one lost, in two sources."""
    for name, amount, source in (
        ("North", "1000", "Partner"),
        ("South", "250.50", "Web Site"),
        ("East", "700", "Partner"),
    ):
        assert sfa("new", "deal", f"name={name}", f"amount={amount}", "currency=EUR", f"lead_source={source}").code == 0
    assert sfa("won", "North").code == 0
    assert sfa("won", "South").code == 0
    assert sfa("lost", "East", "--reason", "Pricing").code == 0
    return sfa


def test_without_a_name_all_reports_are_listed(sfa: Sfa) -> None:
    names = [entry["name"] for entry in sfa("report", "--json").data]
    assert names[:3] == ["pipeline", "funnel", "wins"]
    assert {"losses", "sources", "campaigns", "rfm", "cohorts", "stage-time", "response"} <= set(names)


def test_the_same_figures_in_every_form(sold: Sfa, tmp_path: Path) -> None:
    data = sold("report", "wins", "--by", "source", "--json").data
    rows = {row["name"]: row for row in data["rows"]}
    assert (rows["Partner"]["rate"], rows["Web Site"]["revenue"], data["currency"]) == ("50.0", "250.50", "EUR")
    assert data["total"]["won"] >= 2
    table = list(csv.DictReader(io.StringIO(sold("report", "wins", "--by", "source", "--csv").out)))
    assert {row["name"]: row["won"] for row in table}["Partner"] == "1"
    files = {form: tmp_path / f"wins.{form}" for form in ("svg", "png", "pdf")}
    options = [part for form, path in files.items() for part in (f"--{form}", str(path))]
    assert sold("report", "wins", "--by", "source", *options).code == 0
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    for form, path in files.items():
        assert path.read_bytes().startswith(starts[form])


def test_periods_filters_and_teams_narrow(sold: Sfa) -> None:
    assert sold("report", "losses", "--json").data["rows"][0]["name"] == "Pricing"
    assert sold("report", "losses", "--period", "2001", "--json").data["rows"] == []
    assert "nothing to report" in sold("report", "losses", "--period", "2001").out
    found = sold("report", "wins", "--where", "amount>500", "--json").data
    assert found["total"]["won"] == found["total"]["lost"] == 1
    assert sold("report", "wins", "--team", "me", "--json").code == 0
    assert sold("report", "wins", "--period", "someday").code == 1
    assert sold("report", "wins", "--by", "colour").code == 1


def test_an_own_report_needs_no_code(sold: Sfa) -> None:
    made = sold("report", "new", "By source", "--kind", "deal", "--by", "lead_source", "--where", "stage.type=Won",
                "--measure", "count, sum amount, median amount", "--pin")  # fmt: skip
    assert made.code == 0
    data = sold("report", "by source", "--json").data
    partner = next(row for row in data["rows"] if row["name"] == "Partner")
    assert (partner["count"], partner["sum_amount"], partner["median_amount"]) == (1, 1000, 1000)
    assert sold("report", "new", "Lost this year", "--of", "losses", "--period", "this year").code == 0
    assert sold("report", "Lost this year", "--json").data["total"]["lost"] == 1
    for wrong in ("--kind deal --by colour", "--kind deal", "--by stage"):
        assert sold("report", "new", "Wrong", *wrong.split()).code != 0
    for measure in ("sum name", "most amount"):
        assert sold("report", "new", "Wrong", "--kind", "deal", "--by", "stage", "--measure", measure).code == 1
    assert [entry["name"] for entry in sold("report", "--json").data][-2:] == ["By source", "Lost this year"]


def test_goals_are_set_and_told(sold: Sfa) -> None:
    assert sold("goals", "set", "2501", "won amount", "--period", "this year", "--company").code == 0
    (goal,) = sold("goals", "--all", "--json").data
    assert (goal["reached"], goal["target"], goal["percent"]) == ("1250.50", 2501, "50.0")
    assert "won amount" in sold("goals").out
    refused = sold("goals", "set", "2", "smiles")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "There are no goals of smiles. There are: won amount, won deals" in refused.err
    assert "must be a whole number, not 1.5" in sold("goals", "set", "1.5", "calls").err
    assert sold("goals", "set", "1,200", "calls").code == 0


def test_a_report_that_there_is_not_is_refused_with_those_that_there_are(sold: Sfa) -> None:
    assert "There is no report called turnover. There are: pipeline, funnel, " in sold("report", "turnover").err
    assert "Did you mean wins?" in sold("report", "win").err


def test_one_form_at_a_time(sold: Sfa) -> None:
    refused = sold("report", "wins", "--csv", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "--csv or --json" in refused.err
    assert len(refused.err.strip().splitlines()) == 1
