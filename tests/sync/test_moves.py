"""Records that went from one stream to another, as laptops find them that read the logs later, in any order."""

from __future__ import annotations

from pathlib import Path

from sfa.sales import edit
from sfa.server import people
from tests.sync.rig import Laptop, add_user, make_office


def test_a_record_is_as_its_last_stream_says_in_whatever_order_the_logs_are_read(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    add_user(office.database, "anna")
    north, south = (people.add_stream(office.database, name) for name in ("north", "south"))
    people.set_member(office.database, "anna", "north", "manager", home=True)
    people.set_member(office.database, "anna", "south", "manager")
    anna = Laptop(office, tmp_path / "a.sfa", "anna")
    contacts = []
    for first, second in ((north, south), (south, north)):
        with anna.book.change("Added") as change:
            account = edit.create(change, "account", {"name": "Acme", "territory": first})
            contacts.append(edit.create(change, "contact", {"last_name": "Bo", "account": account}))
        anna.sync()
        for kind, record, values in (
            ("contact", contacts[-1], {"first_name": "Old"}),
            ("account", account, {"territory": second}),
            ("contact", contacts[-1], {"first_name": "New"}),
        ):
            with anna.book.change("Changed") as change:
                edit.edit(change, kind, record, values)
            anna.sync()

    later = Laptop(office, tmp_path / "b.sfa", "anna")

    assert [later.book.get("contact", record).values["first_name"] for record in contacts] == ["New", "New"]
    sql = "SELECT id, stream FROM contact ORDER BY id"
    assert later.book.rows(sql) == anna.book.rows(sql)


def test_an_action_of_many_pages_is_one_in_the_journal(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    add_user(office.database, "anna", people.add_stream(office.database, "north"))
    anna = Laptop(office, tmp_path / "a.sfa", "anna")
    with anna.book.change("Import") as change:
        change.insert_rows("contact", ("last_name", "description"), [(f"Bo {n}", "x" * 1500) for n in range(3000)])
    anna.sync()

    later = Laptop(office, tmp_path / "b.sfa", "anna")

    assert later.book.value("SELECT count(*) FROM action WHERE title = 'Import'") == 1
    assert later.book.value("SELECT count(*) FROM entry WHERE kind = 'contact'") == 3000
