"""Review, forecast and scores from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sfa


@pytest.fixture
def told(sfa: Sfa, monkeypatch: pytest.MonkeyPatch) -> Sfa:
    """A deal that was added on Thursday and grew on Friday."""
    monkeypatch.setenv("SFA_NOW", "2026-11-19T09:00:00Z")
    deal = ("name=Pumps", "amount=1000", "stage=Negotiation/Review", "close_date=2026-12-01")
    assert sfa("new", "deal", *deal).code == 0
    assert sfa("review", "--end").code == 0
    monkeypatch.setenv("SFA_NOW", "2026-11-20T09:00:00Z")
    assert sfa("set", "deal", "Pumps", "amount=1500").code == 0
    return sfa


def test_a_review_adds_up_for_machines_and_people(told: Sfa) -> None:
    data = told("review", "--json").data
    assert (data["opening"]["sum"]["USD"], data["closing"]["sum"]["USD"]) == (1000, 1500)
    assert data["changes"] == {"amount_up": {"count": 1, "sum": {"USD": 500}}}
    assert data["since"] == "2026-11-19T09:00:00Z"
    assert {deal["name"]: deal["changes"] for deal in data["deals"]}["Pumps"] == ["amount_up", "no_next_step"]
    result = told("review", "--since", "2026-11-19 12:00", "--rep", "Rita Rep")
    assert "Amount up" in result.out
    assert told("review", "--since", "2027-01-01").code == 1


def test_a_review_is_written_as_text_markdown_and_pdf(told: Sfa, tmp_path: Path) -> None:
    paths = {form: tmp_path / f"review.{form}" for form in ("pdf", "markdown", "text")}
    result = told("review", *[word for form, path in paths.items() for word in (f"--{form}", str(path))])
    assert result.code == 0, result.err
    assert all(str(path) in result.err for path in paths.values())
    assert paths["pdf"].read_bytes().startswith(b"%PDF")
    assert "| Amount up | 1 | +$500 |" in paths["markdown"].read_text("utf-8")
    (line,) = (line for line in paths["text"].read_text("utf-8").splitlines() if line.startswith("Amount up  "))
    assert line.split()[2:] == ["1", "+$500"]


def test_signs_without_a_glyph_are_no_news(told: Sfa, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert told("set", "deal", "Pumps", "name=Pumps 🚀").code == 0
    assert told("review", "--pdf", str(tmp_path / "review.pdf")).code == 0
    assert not caplog.records


def test_text_of_records_is_no_markdown(told: Sfa, tmp_path: Path) -> None:
    told("set", "deal", "Pumps", "name=*Big* | [deal](x)")
    told("review", "--markdown", str(tmp_path / "review.md"))
    assert "\\*Big\\* \\| \\[deal\\](x)" in (tmp_path / "review.md").read_text("utf-8")


def test_a_forecast_is_handed_in_and_read(told: Sfa) -> None:
    assert told("hand-in", "120k", "--best", "150k", "--note", "Oslo").code == 0
    data = told("forecast", "--json").data
    assert (data["period"], data["total"]["commit"], data["outlook"]) == ("2026-Q4", 1500, None)
    (user,) = data["users"]
    assert (user["submitted"]["amount"], user["submitted"]["best_case"]) == (120_000, 150_000)
    assert told("forecast", "--period", "last 90 days").code == 1
    assert "Rita Rep" in told("forecast").out


def test_a_forecast_says_why_history_is_silent(told: Sfa) -> None:
    assert "it takes 30 closed deals." in told("forecast").err
    over = told("forecast", "--period", "2025").err
    assert "The period is over" in over
    assert "closed deals" not in over


def test_a_score_says_when_it_knows_too_little(told: Sfa) -> None:
    result = told("score")
    assert "Too few have ended" in result.err
    assert told("score", "deal", "Pumps", "--json").data == {"cases": 0, "auc": None, "scores": []}
    assert told("score", "account").code == 1
