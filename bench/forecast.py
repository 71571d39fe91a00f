"""How good the forecast is: back-tested on a company's deals of a year, as the table of docs/forecast.md.

    python -m bench.forecast [FOLDER]

FOLDER holds the four files of the Maven CRM data set (sales_teams, products, accounts and sales_pipeline). The
table in the docs is written anew.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from sfa import locales
from sfa.exchange.importing import run_import
from sfa.exchange.profile import ImportPlan
from sfa.sales.forecast import history
from sfa.sales.forecast.backtest import Trial, error, trials
from sfa.store.book import Book

PAGE = Path(__file__).parents[1] / "docs" / "forecast.md"
BEGIN, END = "<!-- back-test -->", "<!-- end of back-test -->"
FILES = {"sales_teams": "user", "products": "product", "accounts": "account", "sales_pipeline": "opportunity"}
HORIZONS = {1: "the next month", 3: "the next three months"}
_BY_NAME = ImportPlan(match="name")
_DEALS = ImportPlan.of_options(
    values=["product:GTXPro=GTX Pro", "stage:Engaging=Qualification"], match="external_id"
)  # fmt: skip
PLANS = {"user": _BY_NAME, "product": _BY_NAME, "account": _BY_NAME, "opportunity": _DEALS}


def measured(book: Book) -> str:
    """The tables of all trials, in Markdown."""
    known = history.read(book)
    return "\n".join(_table(months, list(trials(known, months))) for months in HORIZONS).rstrip()


def _table(months: int, found: list[Trial]) -> str:
    ours, weighted = error(found)
    inside = sum(trial.outlook.low <= trial.came <= trial.outlook.high for trial in found)
    lines = [
        f"### What the open deals bring in {HORIZONS[months]}",
        "",
        "| as of | open deals | weighted sum | forecast | interval (4 of 5) | came | inside |",
        "|---|--:|--:|--:|--:|--:|---|",
        *map(_line, found),
        "",
        f"Sum of absolute errors: forecast {ours:.0%} of what came, weighted sum {weighted:.0%}; that is"
        f" {ours / weighted:.2f} of the weighted sum's error. {inside} of {len(found)} results lie in the interval.",
        "",
    ]
    return "\n".join(lines)


def _line(trial: Trial) -> str:
    amounts = (trial.weighted, trial.outlook.expected, trial.outlook.low, trial.outlook.high, trial.came)
    weighted, expected, low, high, came = (f"{amount / 100:,.0f}" for amount in amounts)
    inside = "yes" if trial.outlook.low <= trial.came <= trial.outlook.high else "no"
    return f"| {trial.day} | {trial.deals:,} | {weighted} | {expected} | {low} – {high} | {came} | {inside} |"


def within(page: str) -> str:
    """What stands between the marks of the page."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def main() -> int:
    parser = argparse.ArgumentParser(
        "python -m bench.forecast", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=Path(os.environ.get("SFA_SHARED_DATA", "data")))
    folder = parser.parse_args().folder
    os.environ.update(SFA_NOW="2018-01-01T09:00:00Z", SFA_TZ="UTC", SFA_LANGUAGE="en")
    locales.use("en_US")
    with tempfile.TemporaryDirectory() as place:
        os.environ["SFA_HOME"] = place
        book = Book.create(Path(place) / "maven.sfa", "Rita Rep")
        run_import(book, [(folder / f"{name}.csv", kind) for name, kind in FILES.items()], PLANS)
        text = measured(book)
        book.close()
    page = PAGE.read_text("utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
