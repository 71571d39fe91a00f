"""What leaves a laptop leaves its file."""

from __future__ import annotations

from sfa.server import people
from tests.sync.conftest import Company, add


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
