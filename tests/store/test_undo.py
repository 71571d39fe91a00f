"""Undo and redo: what they take back, what they refuse and how they say why."""

from __future__ import annotations

import pytest

from sfa.errors import UserError
from sfa.sales import edit
from sfa.store import journal, undo
from sfa.store.book import Book
from tests.store.samples import add, journal_size, put, whole


def test_an_insert_an_edit_and_a_deletion_are_taken_back_one_by_one(book: Book) -> None:
    states = [whole(book)]
    account = add(book, "account", name="Acme")
    states.append(whole(book))
    put(book, "account", account, name="Acme Ltd", industry="Retail")
    states.append(whole(book))
    with book.change("Delete") as change:
        assert edit.delete(change, "account", [account, account]) == 1
    states.append(whole(book))
    for state in states[-2::-1]:
        undo.undo(book)
        assert whole(book) == state
    with pytest.raises(UserError, match=r"There is nothing to undo\."):
        undo.undo(book)
    for state in states[1:]:
        undo.redo(book)
        assert whole(book) == state
    with pytest.raises(UserError, match=r"There is nothing to redo\."):
        undo.redo(book)


def test_undo_works_after_a_restart(book: Book) -> None:
    account = add(book, "account", name="Acme")
    again = Book.open(book.path)
    assert undo.undo(again).title == "Add account"
    again.close()
    assert book.find("account", account) is None
    assert [action.mode for action in journal.actions(book)] == ["undo", "do", "do"]


def test_something_new_ends_the_way_forward(book: Book) -> None:
    add(book, "account", name="Acme")
    undo.undo(book)
    add(book, "account", name="Beta")
    with pytest.raises(UserError, match="nothing to redo"):
        undo.redo(book)


def test_an_action_that_makes_and_links_records_comes_back_whole(book: Book) -> None:
    """As a conversion does: new records, and old ones that point to them."""
    lead = add(book, "lead", last_name="Schmidt", company="Acme")
    before = whole(book)
    with book.change("Convert", "screen") as change:
        account = edit.create(change, "account", {"name": "Acme"})
        contact = edit.create(change, "contact", {"last_name": "Schmidt", "account": account})
        edit.edit(change, "lead", lead, {"converted_account": account, "converted_contact": contact})
    after = whole(book)
    undo.undo(book)
    assert whole(book) == before
    undo.redo(book)
    assert whole(book) == after


def test_a_record_without_owner_comes_back_without_one(book: Book) -> None:
    account = add(book, "account", name="Nobody's", owner=None)
    undo.undo(book)
    undo.redo(book)
    assert book.get("account", account).owner is None


def test_a_later_change_is_not_overwritten_and_told_by_whom_and_when(book: Book) -> None:
    account = add(book, "account", name="Acme", industry="Retail")
    put(book, "account", account, name="Acme Ltd")
    target = journal.actions(book)[0]
    with book.change("Rename again") as change:
        edit.edit(change, "account", account, {"name": "Acme Inc", "website": "acme.example"})
    put(book, "account", account, industry="Software")
    before, size = whole(book), journal_size(book)
    with pytest.raises(UserError) as refusal:
        undo.undo(book, target)
    who = "Acme Inc was changed since, by Rita Rep on 11/18/2026 10:00\u202fAM (“Rename again”)."
    assert str(refusal.value) == f"“Edit account” cannot be undone: {who} Undo that first."
    assert (whole(book), journal_size(book)) == (before, size)


def test_other_fields_of_the_same_record_do_not_stand_in_the_way(book: Book) -> None:
    account = add(book, "account", name="Acme")
    put(book, "account", account, name="Acme Ltd")
    target = journal.actions(book)[0]
    put(book, "account", account, industry="Software")
    undo.undo(book, target)
    values = book.get("account", account).values
    assert (values["name"], values["industry"]) == ("Acme", "Software")
    with pytest.raises(UserError, match="is undone already"):
        undo.undo(book, target)


@pytest.mark.parametrize("field", ["account", "tags", "own"])
def test_an_insert_that_others_point_to_stays(book: Book, field: str) -> None:
    add(book, "custom_field", of_kind="contact", name="own", type="link", options="account")
    kind = "tag" if field == "tags" else "account"
    target = add(book, kind, name="Target")
    action = journal.actions(book)[0]
    contact = add(book, "contact", last_name="Schmidt")
    put(book, "contact", contact, **{field: [target] if field == "tags" else target})
    before = whole(book)
    with pytest.raises(UserError, match=f"“Add {kind}” cannot be undone: Contacts added or changed since point to it"):
        undo.undo(book, action)
    assert whole(book) == before
    put(book, "contact", contact, **{field: None})
    undo.undo(book, action)
    assert book.find(kind, target) is None


def test_an_old_link_to_what_is_gone_is_not_brought_back(book: Book) -> None:
    contact = add(book, "contact", last_name="Schmidt")
    account = add(book, "account", name="Acme")
    action = journal.actions(book)[0]
    put(book, "contact", contact, account=account)
    put(book, "contact", contact, account=None)
    undo.undo(book, action)
    before = whole(book)
    with pytest.raises(UserError, match="Account: there is no Account with the id"):
        undo.undo(book)
    assert whole(book) == before


def test_the_making_of_the_book_cannot_be_undone(book: Book) -> None:
    with pytest.raises(UserError, match="The making of the book cannot be undone"):
        undo.undo(book, journal.actions(book)[-1])
    assert undo.next_undo(book) is None


def test_an_action_without_effect_leaves_no_trace(book: Book) -> None:
    account = add(book, "account", name="Acme")
    size = journal_size(book)
    told: list[frozenset[str]] = []
    book.listeners.append(told.append)
    put(book, "account", account, name="Acme")
    with book.change("There and back") as change:
        edit.edit(change, "account", account, {"name": "Beta"})
        edit.edit(change, "account", account, {"name": "Acme"})
    assert (journal_size(book), told) == (size, [])


def test_a_failed_action_leaves_no_trace(book: Book) -> None:
    add(book, "account", name="Acme")
    before, size = whole(book), journal_size(book)
    with pytest.raises(UserError, match="Name: is required"):
        _define_and_fail(book)
    assert (whole(book), journal_size(book)) == (before, size)
    assert "extra" not in book.fields("account")


def _define_and_fail(book: Book) -> None:
    with book.change("Half") as change:
        edit.create(change, "custom_field", {"of_kind": "account", "name": "extra"})
        edit.create(change, "account", {"name": "Half", "extra": "x"})
        edit.create(change, "account", {"extra": "x"})


def test_a_link_to_nothing_is_refused_with_the_field(book: Book) -> None:
    with pytest.raises(UserError, match="Account: there is no Account with the id nowhere"):
        add(book, "contact", last_name="Schmidt", account="nowhere")
    with pytest.raises(UserError, match="Tags: there is no Tag with the id nowhere"):
        add(book, "contact", last_name="Schmidt", tags=["nowhere"])


def test_history_tells_everything_that_ever_happened(book: Book) -> None:
    account = add(book, "account", name="Acme")
    put(book, "account", account, name="Beta")
    undo.undo(book)
    with book.change("Gone") as change:
        change.delete("account", account)
    steps = list(journal.history(book, "account", account))
    assert [(step.action.title, step.action.mode, step.op) for step in steps] == [
        ("Gone", "do", "update"),
        ("Edit account", "undo", "update"),
        ("Edit account", "do", "update"),
        ("Add account", "do", "insert"),
    ]
    assert steps[1].fields == {"name": ["Beta", "Acme"]}
    assert steps[0].fields == {"deleted_at": [None, "2026-11-18T09:00:00Z"]}
    assert steps[3].fields["name"] == [None, "Acme"]


def test_actions_are_found_by_number_and_by_the_beginning_of_their_id(book: Book) -> None:
    add(book, "account", name="Acme")
    action = journal.actions(book)[0]
    assert journal.find_action(book, str(action.number)) == action
    assert journal.find_action(book, action.id[:-1].upper()) == action
    assert journal.find_action(book, "999") is None
    assert journal.find_action(book, "%") is None
    assert [one.number for one in journal.actions(book, limit=1, before=action.number)] == [action.number - 1]
