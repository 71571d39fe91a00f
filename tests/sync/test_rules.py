"""What becomes of work that met other work on the way: one test for each rule that the documents state."""

from __future__ import annotations

import json

from sfa.sales import leads, merge, pipeline
from sfa.server import people
from sfa.store import undo
from sfa.sync.messages import Action, Entry, Push, encode
from sfa.sync.steps import Request
from tests.sync.conftest import Company, add, change, conflicts, delete, held, restore
from tests.sync.rig import Laptop, answer


def same(company: Company, kind: str, record: str) -> dict[str, object]:
    """What both laptops hold of a record, which must be the same; without its row's number."""
    one, other = (held(laptop, kind, record) for laptop in (company.anna, company.bob))
    one.pop("n", None), other.pop("n", None)
    assert one == other
    return one


def only_conflict(company: Company) -> dict[str, object]:
    """The one open conflict, which both laptops have."""
    (one,), (other,) = conflicts(company.anna.book), conflicts(company.bob.book)
    assert one.id == other.id
    return one.values


# Edits


def test_different_fields_of_one_record_merge_silently(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    change(company.anna, "account", account, website="acme.example")
    change(company.bob, "account", account, account_number="17")
    company.meet()
    values = same(company, "account", account)
    assert (values["website"], values["account_number"]) == ("acme.example", "17")
    assert conflicts(company.anna.book) == []


def test_the_same_field_changed_twice_keeps_the_first_and_all_three_values(company: Company) -> None:
    account = add(company.anna, "account", name="Acme", website="old.example")
    company.meet()
    change(company.anna, "account", account, website="anna.example")
    change(company.bob, "account", account, website="bob.example")
    company.meet()
    assert same(company, "account", account)["website"] == "anna.example"
    conflict = only_conflict(company)
    values = [json.loads(str(conflict[side]))["website"] for side in ("base", "mine", "theirs")]
    assert values == ["old.example", "bob.example", "anna.example"]
    assert (conflict["reason"], conflict["user"]) == ("edited", company.bob.book.user)


def test_going_on_with_what_lost_is_the_same_conflict_but_another_laptop_has_its_own(company: Company) -> None:
    account = add(company.anna, "account", name="Acme", website="old.example")
    second = company.laptop("bob")
    company.meet()
    change(company.anna, "account", account, website="anna.example")
    company.anna.sync()
    for website in ("one.example", "two.example"):
        change(company.bob, "account", account, website=website)
    change(second, "account", account, website="second.example")
    company.meet()
    wanted = sorted(json.loads(one.values["mine"])["website"] for one in conflicts(company.anna.book))
    assert wanted == ["second.example", "two.example"]


def test_notes_keep_both(company: Company) -> None:
    account = add(company.anna, "account", name="Acme", description="first")
    company.meet()
    change(company.anna, "account", account, description="first\nfrom Anna")
    change(company.bob, "account", account, description="first\nfrom Bob")
    company.meet()
    assert same(company, "account", account)["description"] == "first\nfrom Anna\nfrom Bob"


def test_lists_merge_as_sets(company: Company) -> None:
    tags = sorted(add(company.anna, "tag", name=name) for name in ("red", "green", "blue"))
    account = add(company.anna, "account", name="Acme", tags=tags[:1])
    company.meet()
    change(company.anna, "account", account, tags=tags[:2])
    change(company.bob, "account", account, tags=tags[2:])
    company.meet()
    assert same(company, "account", account)["tags"] == tags[1:]


def test_values_that_only_grow_go_by_their_rule(company: Company) -> None:
    contact = add(company.anna, "contact", last_name="Bo", do_not_call=0)
    company.meet()
    change(company.anna, "contact", contact, do_not_call=1)
    change(company.bob, "contact", contact, do_not_call=None)
    company.bob.sync()
    company.meet()
    assert same(company, "contact", contact).get("do_not_call") in (1, None)
    activity = add(company.anna, "activity", subject="Call")
    company.meet()
    for laptop, moment in ((company.anna, "2026-11-10T10:00:00Z"), (company.bob, "2026-11-10T09:00:00Z")):
        change(laptop, "activity", activity, completed_at=moment, status="Completed")
    company.meet()
    assert same(company, "activity", activity)["completed_at"] == "2026-11-10T09:00:00Z"


def test_two_moves_of_a_deal_are_one_conflict_with_all_that_belongs_to_a_stage(company: Company) -> None:
    deal = add(company.anna, "opportunity", name="Deal")
    company.meet()
    stages = pipeline.stages(company.anna.book, pipeline.pipelines(company.anna.book)[0][0])
    pipeline.move(company.anna.book, [deal], stages[1].id)
    pipeline.move(company.bob.book, [deal], stages[2].id)
    company.meet()
    values = same(company, "opportunity", deal)
    assert (values["stage"], values["probability"]) == (stages[1].id, stages[1].probability)
    assert values["furthest_stage"] == stages[2].id  # how far it ever was, whatever becomes of the conflict
    mine = json.loads(str(only_conflict(company)["mine"]))
    assert (mine["stage"], mine["probability"]) == (stages[2].id, stages[2].probability)


def test_two_moves_of_a_deal_to_the_same_stage_are_no_conflict(company: Company) -> None:
    deal = add(company.anna, "opportunity", name="Deal")
    company.meet()
    stage = pipeline.stages(company.anna.book, pipeline.pipelines(company.anna.book)[0][0])[1]
    for laptop in (company.anna, company.bob):
        pipeline.move(laptop.book, [deal], stage.id)
    company.meet()
    assert same(company, "opportunity", deal)["stage"] == stage.id
    assert conflicts(company.anna.book) == []


# Deletes


def test_a_delete_that_has_not_seen_an_edit_is_not_done(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    change(company.anna, "account", account, website="acme.example")
    delete(company.bob, "account", account)
    company.meet()
    assert "deleted_at" not in same(company, "account", account)
    conflict = only_conflict(company)
    assert conflict["reason"] == "delete"
    assert "deleted_at" in json.loads(str(conflict["mine"]))


def test_an_edit_of_what_was_deleted_is_kept_beside_it(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    delete(company.anna, "account", account)
    change(company.bob, "account", account, website="acme.example")
    company.meet()
    assert "deleted_at" in same(company, "account", account)
    conflict = only_conflict(company)
    assert conflict["reason"] == "deleted"
    assert json.loads(str(conflict["mine"])) == {"website": "acme.example"}


def test_two_deletes_are_one(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    for laptop in (company.anna, company.bob):
        delete(laptop, "account", account)
    company.meet()
    assert "deleted_at" in same(company, "account", account)
    assert conflicts(company.anna.book) == []


def test_a_delete_after_head_office_set_its_stamps_is_done(company: Company) -> None:
    """Who made a record is said by head office; that is no edit which a delete should have seen."""
    account = add(company.bob, "account", name="Acme", created_at="2029-01-01T00:00:00Z")
    delete(company.bob, "account", account)
    company.meet()
    assert "deleted_at" in same(company, "account", account)
    assert conflicts(company.bob.book) == []


def test_what_is_put_under_a_deleted_record_stays_and_asks(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    company.meet()
    delete(company.anna, "account", account)
    contact = add(company.bob, "contact", last_name="Bo", account=account)
    company.meet()
    assert same(company, "contact", contact)["account"] == account
    conflict = only_conflict(company)
    assert (conflict["reason"], conflict["record"]) == ("parent", account)


def test_deletes_of_a_record_and_of_what_is_under_it_are_conflicts_of_their_own(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    contact = add(company.anna, "contact", last_name="Bo", account=account)
    company.meet()
    change(company.anna, "account", account, website="acme.example")
    change(company.anna, "contact", contact, title="CEO")
    with company.bob.book.change("Deleted") as both:
        both.delete("contact", contact)
        both.delete("account", account)
    company.meet()
    assert sorted(one.values["record"] for one in conflicts(company.anna.book)) == sorted([account, contact])


def test_nothing_comes_back_by_itself_and_all_of_it_by_restoring(company: Company) -> None:
    one, other = (add(company.anna, "account", name=name) for name in ("Acme", "Acme Inc."))
    company.meet()
    merge.merge(company.anna.book, "account", one, [other])
    company.meet()
    restore(company.bob, "account", other)
    company.meet()
    values = same(company, "account", other)
    assert "deleted_at" not in values
    assert "merged_into" not in values


# Merging records


def test_what_is_put_under_a_record_that_was_merged_away_goes_to_the_one_that_stays(company: Company) -> None:
    one, other = (add(company.anna, "account", name=name) for name in ("Acme", "Acme Inc."))
    company.meet()
    merge.merge(company.anna.book, "account", one, [other])
    contact = add(company.bob, "contact", last_name="Bo", account=other)
    company.meet()
    assert same(company, "contact", contact)["account"] == one
    assert conflicts(company.anna.book) == []


def test_opposite_merges_of_the_same_two_leave_one(company: Company) -> None:
    one, other = (add(company.anna, "account", name=name) for name in ("Acme", "Acme Inc."))
    contacts = [add(company.anna, "contact", last_name=name, account=of) for name, of in (("Bo", one), ("Jo", other))]
    company.meet()
    merge.merge(company.anna.book, "account", one, [other])
    merge.merge(company.bob.book, "account", other, [one])
    company.meet()
    live = [record for record in (one, other) if "deleted_at" not in same(company, "account", record)]
    assert live == [one]
    assert [same(company, "contact", contact)["account"] for contact in contacts] == [one, one]


def test_a_lead_converted_twice_is_a_conflict(company: Company) -> None:
    lead = add(company.anna, "lead", last_name="Bo", company="Acme")
    company.meet()
    first = leads.convert(company.anna.book, lead)
    second = leads.convert(company.bob.book, lead)
    company.meet()
    assert same(company, "lead", lead)["converted_account"] == first.account
    mine = json.loads(str(only_conflict(company)["mine"]))
    assert mine["converted_account"] == second.account
    assert same(company, "account", second.account)["name"] == "Acme"


# Undo


def test_undo_of_a_sent_edit_is_a_new_action_that_is_sent(company: Company) -> None:
    account = add(company.bob, "account", name="Acme", website="old.example")
    change(company.bob, "account", account, website="new.example")
    company.meet()
    undo.undo(company.bob.book)
    company.meet()
    assert same(company, "account", account)["website"] == "old.example"
    undo.redo(company.bob.book)
    company.meet()
    assert same(company, "account", account)["website"] == "new.example"


def test_undo_of_a_sent_insert_deletes_and_redo_restores(company: Company) -> None:
    account = add(company.bob, "account", name="Acme")
    company.meet()
    undo.undo(company.bob.book)
    company.meet()
    assert "deleted_at" in same(company, "account", account)
    undo.redo(company.bob.book)
    company.meet()
    assert "deleted_at" not in same(company, "account", account)


def test_an_insert_undone_before_it_was_judged_leaves_nothing_to_see(company: Company) -> None:
    account = add(company.bob, "account", name="Acme")
    undo.undo(company.bob.book)
    company.meet()
    assert company.anna.book.records("account") == []
    undo.redo(company.bob.book)
    company.meet()
    assert same(company, "account", account)["name"] == "Acme"


def test_an_insert_taken_back_after_it_went_up_unheard_knows_where_it_lives(company: Company) -> None:
    """The answer to the insert is lost, it is taken back, others have changed it: it is here again, in its stream."""
    account = add(company.bob, "account", name="Acme")
    lose_the_answer(company.bob)
    company.anna.sync()
    change(company.anna, "account", account, website="acme.example")
    company.anna.sync()
    undo.undo(company.bob.book)
    company.meet()
    assert same(company, "account", account)["website"] == "acme.example"
    assert only_conflict(company)["reason"] == "delete"
    sql = "SELECT stream FROM account WHERE id = ?"
    assert company.bob.book.value(sql, (account,)) == company.anna.book.value(sql, (account,))


def lose_the_answer(laptop: Laptop) -> None:
    """A sync whose push arrives, and whose line breaks before the answer comes."""
    from sfa.sync.client import sync

    steps = sync(laptop.book)
    answer(laptop.office, laptop.token, next(steps))
    steps.close()


# Versions


def test_fields_and_kinds_that_a_laptop_does_not_know_survive_on_it(company: Company) -> None:
    account = add(company.anna, "account", name="Acme")
    gadget = "01a00000-0000-7000-8000-000000000001"
    with company.anna.book.change("Newer") as newer:
        newer.put("account", account, {"x_newer": "kept"})
    company.meet()
    push_as_newer(company, "insert", gadget, {"name": "Gadget"})
    push_as_newer(company, "update", gadget, {"size": [None, 3]})
    change(company.bob, "account", account, website="acme.example")
    company.meet()
    assert same(company, "account", account)["x_newer"] == "kept"
    for laptop in (company.anna, company.bob):
        ((kind, doc),) = laptop.book.rows("SELECT kind, doc FROM stranger WHERE record = ?", (gadget,))
        assert (kind, json.loads(doc)["name"], json.loads(doc)["size"]) == ("gadget", "Gadget", 3)


def push_as_newer(company: Company, op: str, record: str, fields: dict[str, object]) -> None:
    """A laptop with a newer version sends what this one has no model of."""
    from msgspec import Raw

    from tests.sync.simulation.template import enrol

    welcome = enrol(company.office.database, "bob")
    entry = Entry("gadget", record, op, fields)  # type: ignore[arg-type]
    action = Action(n=1, id=f"newer-{op}", at="2026-11-18T09:00:00Z", origin="screen", title="Newer", entries=[entry])
    reply = answer(
        company.office,
        welcome.token,
        Request("POST", "/v1/push", encode(Push(welcome.server, "", [Raw(encode(action))]))),
    )
    assert b'"applied"' in reply.body or b'"merged"' in reply.body, reply.body


def test_what_was_taken_back_leaves_too_when_the_right_to_it_is_taken(company: Company) -> None:
    account = add(company.bob, "account", name="Acme")
    lose_the_answer(company.bob)
    undo.undo(company.bob.book)
    company.bob.sync()
    people.set_member(company.office.database, "bob", "north", None)
    company.bob.sync()
    assert company.bob.book.find("account", account) is None
    assert company.bob.book.rows("SELECT 1 FROM entry WHERE record = ? UNION SELECT 1 FROM shadow", (account,)) == []
