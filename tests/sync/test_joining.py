"""A book that lived alone joins with all that it holds."""

from __future__ import annotations

from pathlib import Path

from sfa.sales.demo import make_demo
from tests.sync.rig import Laptop, add_user, make_office


def test_the_demo_company_goes_up_whole(tmp_path: Path) -> None:
    """One action of thousands of records, which link to each other in any order."""
    office = make_office(tmp_path)
    add_user(office.database, "max")
    demo = make_demo(tmp_path / "demo.sfa")
    counts = {
        kind: demo.value(f"SELECT count(*) FROM {kind}") for kind in ("account", "lead", "activity", "opportunity")
    }
    demo.close()
    laptop = Laptop(office, tmp_path / "demo.sfa", "max")
    assert laptop.book.rows("SELECT action, code, reason FROM outgoing") == []
    assert laptop.book.rows("SELECT * FROM shadow") == []
    other = Laptop(office, tmp_path / "other.sfa", "max")
    assert {kind: other.book.value(f"SELECT count(*) FROM {kind}") for kind in counts} == counts


def test_joining_tells_how_much_came(tmp_path: Path) -> None:
    """What the first pull brings counts, which comes before what the book brings along goes up; one's own does not."""
    office = make_office(tmp_path)
    add_user(office.database, "max")
    make_demo(tmp_path / "demo.sfa").close()
    laptop = Laptop(office, tmp_path / "demo.sfa", "max")
    other = Laptop(office, tmp_path / "other.sfa", "max")
    assert other.joined.received >= other.book.value("SELECT count(*) FROM account")
    assert laptop.joined.received <= 100  # the company's catalogue
