"""Files in and out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Sfa
from tests.shared import real

FILES = ("sales_teams", "accounts", "products", "sales_pipeline")
AS = ("--as", "user", "--as", "account", "--as", "product", "--as", "deal")
MAPPED = ("--map-value", "deal/product:GTXPro=GTX Pro", "--map-value", "deal/stage:Engaging=Qualification")


@pytest.fixture
def accounts(tmp_path: Path) -> str:
    path = tmp_path / "accounts.csv"
    path.write_text("Firma,industry,currency\nBeta,Media,\nGamma,Retail,XXZ\n", encoding="utf-8")
    return str(path)


def test_rows_that_are_refused_are_kept_and_the_exit_code_says_so(sfa: Sfa, accounts: str, tmp_path: Path) -> None:
    done = sfa("import", accounts, "--as", "accounts", "--map", "Firma=name", "--rejects", str(tmp_path), "--json")
    assert done.code == 3
    assert {name: done.data[name] for name in ("rows", "created", "updated", "unchanged", "rejected")} == {
        "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1,
    }  # fmt: skip
    (file,) = done.data["files"]
    assert file["samples"][0]["line"] == 3
    assert "Gamma" in Path(file["rejects"]).read_text("utf-8")
    assert "sfa undo takes all of it back" in done.err


def test_a_dry_run_says_the_same_and_changes_nothing(sfa: Sfa, accounts: str) -> None:
    words = ("import", accounts, "--as", "account", "--map", "Firma=name", "--json")
    rehearsed = sfa(*words, "--dry-run")
    assert (rehearsed.code, rehearsed.data["created"], rehearsed.data["action"]) == (3, 1, None)
    assert len(sfa("list", "accounts", "--json").data) == 1
    assert sfa(*words).data["created"] == 1


def test_options_are_saved_and_used_again(sfa: Sfa, accounts: str) -> None:
    sfa("import", accounts, "--as", "account", "--map", "Firma=name", "--match", "name", "--save-profile", "erp")
    again = sfa("import", accounts, "--as", "account", "--profile", "erp", "--json").data
    assert (again["created"], again["unchanged"], again["action"]) == (0, 1, None)


def test_what_is_wrong_with_an_import_is_one_line(sfa: Sfa, accounts: str, tmp_path: Path) -> None:
    for words in (
        (accounts, "--as", "nonsense"),
        (accounts, "--as", "account", "--map", "Firma"),
        (accounts, "--as", "account", "--map", "Firma=nonsense"),
        (str(tmp_path / "missing.csv"), "--as", "account"),
        (accounts, "--as", "account", "--profile", "nobody"),
    ):
        refused = sfa("import", *words)
        assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert len(sfa("list", "accounts", "--json").data) == 1


def test_a_whole_company_comes_in_as_one_action(bare: Sfa, tmp_path: Path) -> None:
    files = [str(real("sales", "maven_crm", f"{name}.csv")) for name in FILES]
    rough = bare("import", *files, *AS, "--rejects", str(tmp_path), "--dry-run")
    assert rough.code == 3
    assert "--map-value 'opportunity/product:GTXPro=GTX Pro'" in rough.out
    done = bare("import", *files, *AS, *MAPPED, "--json")
    assert [file["rows"] for file in done.data["files"]] == [35, 85, 7, 8800]
    assert (done.code, done.data["rejected"]) == (0, 0)
    report = bare("report", "pipeline", "--json").data
    assert (report["open"]["count"], report["won"]["count"], report["lost"]["count"]) == (2089, 4238, 2473)
    assert report["won"]["sum"] == {"USD": 10_005_534}
    assert report["without_account"] == 1425
    assert bare("undo").code == 0
    counts = bare("info", "--json").data["records"]
    assert [counts[kind] for kind in ("user", "account", "product", "opportunity")] == [1, 0, 0, 0]


def test_csv_goes_out_and_comes_back_unchanged(sfa: Sfa, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    out = sfa("export", "csv", "deals", str(path), "--json")
    assert (out.data["rows"], out.data["file"]) == (1, str(path))
    again = sfa("import", str(path), "--as", "deal", "--match", "id", "--json").data
    assert (again["rows"], again["unchanged"], again["rejected"]) == (1, 1, 0)


def test_exports_are_filtered_and_go_to_stdout(sfa: Sfa) -> None:
    sfa("new", "account", "name=Beta, Inc")
    out = sfa("export", "csv", "accounts", "--columns", "name,industry", "--sort", "-name")
    rows = list(csv.reader(io.StringIO(out.out, newline="")))
    assert [row[1:] for row in rows] == [["name", "industry"], ["Beta, Inc", ""], ["Acme", "Retail"]]
    assert out.err == "Exported 2 accounts\n"
    lines = sfa("export", "jsonl", "accounts", "--where", "industry=Retail").out.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["Acme"]


def test_a_file_that_exists_is_not_overwritten_unasked(sfa: Sfa, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("precious", encoding="utf-8")
    assert sfa("export", "csv", "accounts", str(path)).code == 2
    assert path.read_text("utf-8") == "precious"
    assert sfa("export", "csv", "nonsense", str(path), "--overwrite").code == 1
    assert path.read_text("utf-8") == "precious"
    assert sfa("export", "csv", "accounts", str(path), "--overwrite").code == 0
    assert "Acme" in path.read_text("utf-8")
    assert list(tmp_path.glob("*.partial")) == []


def test_json_about_an_export_needs_a_file(sfa: Sfa) -> None:
    assert sfa("export", "csv", "accounts", "--json").code == 2
