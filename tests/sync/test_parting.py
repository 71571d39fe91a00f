"""What leaves a laptop leaves its file."""

from __future__ import annotations

from sfa.server import people
from tests.sync.conftest import Company, add
from tests.sync.test_rules import push_as_newer


def test_of_what_a_lost_right_takes_away_nothing_stands_in_the_file(company: Company) -> None:
    for number in range(200):
        add(company.anna, "account", name=f"Quetzalcoatlus {number}", description="Quetzalcoatlus " * 50)
    company.meet()
    file = company.bob.book.path
    assert b"Quetzalcoatlus" in file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    people.set_member(company.office.database, "bob", "north", None)
    company.bob.sync()
    for path in (file, file.with_name(f"{file.name}-wal")):
        assert b"Quetzalcoatlus" not in path.read_bytes()


def test_what_only_a_newer_version_knows_leaves_with_its_history(company: Company) -> None:
    gadget = "01a00000-0000-7000-8000-000000000001"
    push_as_newer(company, "insert", gadget, {"name": "Gadget"})
    company.bob.sync()
    with company.bob.book.transaction() as connection:  # as a snapshot brings it
        action = connection.execute("SELECT max(n) FROM action").fetchone()[0]
        values = (action, "gadget", gadget, "insert")
        connection.execute("INSERT INTO entry (action, kind, record, op) VALUES (?, ?, ?, ?)", values)
    people.set_member(company.office.database, "bob", "north", None)
    company.bob.sync()
    assert company.bob.book.rows("SELECT 1 FROM entry WHERE record = ? UNION SELECT 1 FROM stranger", (gadget,)) == []
