"""Search: what a person types finds the record, however it was written, as soon as it is written."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfa.sales import edit
from sfa.store import search, undo
from sfa.store.book import Book
from tests.models.samples import naughty
from tests.store.samples import add, put


def found(book: Book, text: str, *kinds: str) -> list[tuple[str, int]]:
    return [(hit.kind, hit.n) for hit in search.hits(book, text, kinds)]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Straßenbau Müller", ["strassenbau", "STRASSEN mull", "muller str", "Müll"]),
        ("Łódź Ørsted", ["lodz", "orsted", "Łó"]),
        ("株式会社トヨタ自動車", ["トヨタ", "株式", "自動"]),
        ("cafe\u0301 Noir", ["café", "cafe\u0301", "CAFE noir"]),
        ("under_score-dash/slash.dot", ["score", "under_score", "dash/slash", "dot under"]),
        ("O'Hara & Sons", ["o'hara", "hara sons", "'hara"]),
        ("İstanbul ISPARTA", ["istanbul", "isparta", "İST"]),
        ("Ταχύτητα", ["ταχυτητα", "ΤΑΧΎ"]),
        ("हिन्दी नाम", ["हिन्दी"]),
        ("한국 회사", ["한국", "회사"]),
        ("😀 smile", ["smile"]),
    ],
)
def test_names_are_found_however_they_are_typed(book: Book, name: str, texts: list[str]) -> None:
    add(book, "account", name="Somebody else")
    add(book, "account", name=name)
    for text in texts:
        assert found(book, text) == [("account", 2)], text


@pytest.mark.parametrize(
    "text",
    ["+49 30 123456", "030 123", "030/12345", "30123456", "0049 30 123456", "+49 (0)30 1234", "(030) 1234", "4930"],
)
def test_a_phone_number_is_found_however_it_is_dialled(book: Book, text: str) -> None:
    add(book, "contact", last_name="Other", phones=[{"value": "+49 89 654321"}])
    add(book, "contact", last_name="Schmidt", phones=[{"value": "+49 30 123456"}])
    assert found(book, text) == [("contact", 2)]


def test_what_looks_like_a_number_is_found_in_names_too(book: Book) -> None:
    add(book, "account", name="Fonds 2026-11-27")
    assert found(book, "2026-11-27") == [("account", 1)]


def test_all_words_must_be_there_and_the_newest_comes_first(book: Book) -> None:
    for name in ("Anna Alt", "Anna Neu", "Bernd Neu"):
        add(
            book,
            "contact",
            first_name=name.split()[0],
            last_name=name.split()[1],
            emails=[{"value": f"{name.split()[0]}@x.de"}],
        )
    assert found(book, "anna") == [("contact", 2), ("contact", 1)]
    assert found(book, "an ne") == [("contact", 2)]
    assert found(book, "bernd@x.de") == [("contact", 3)]
    assert found(book, "anna bernd") == []
    assert found(book, " ?! ") == []


def test_kinds_come_by_rank_and_may_be_chosen(book: Book) -> None:
    account, contact = add(book, "account", name="Same"), add(book, "contact", last_name="Same")
    add(book, "opportunity", name="Same", account=account, primary_contact=contact)
    assert [kind for kind, _n in found(book, "same")] == ["account", "contact", "opportunity"]
    assert found(book, "same", "contact") == [("contact", 1)]
    assert len(search.hits(book, "same", limit=1)) == 3


def test_search_follows_every_change(book: Book) -> None:
    account = add(book, "account", name="Alpha")
    put(book, "account", account, name="Beta")
    assert (found(book, "alpha"), found(book, "beta")) == ([], [("account", 1)])
    with book.change("Delete") as change:
        edit.delete(change, "account", [account])
    assert found(book, "beta") == []
    undo.undo(book)
    undo.undo(book)
    assert (found(book, "alpha"), found(book, "beta")) == ([("account", 1)], [])


@given(text=st.text(max_size=30))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_may_be_typed(book: Book, text: str) -> None:
    search.hits(book, text)
    assert all(word == again for word in search.words(text) for again in search.words(word))


def test_naughty_strings_are_found_by_their_words(book: Book) -> None:
    for text in naughty():
        try:
            add(book, "account", name=text)
        except Exception as refusal:
            assert "Name: " in str(refusal)  # noqa: PT017 - what is refused is tested elsewhere
            continue
        newest = book.value("SELECT max(n) FROM account")
        if search.words(text):
            assert newest in {
                n for _kind, n in [(hit.kind, hit.n) for hit in search.hits(book, text, ("account",), limit=1000)]
            }


def test_long_words_find_the_same_however_many_begin_alike(book: Book) -> None:
    """The newest hits of a short beginning are looked at first: those wanted may all be older than these."""
    with book.change("Contacts") as change:
        rows = [("Christoph", "Schneider"), ("Christoph", "Schneidewind")] + [("Christian", "Schneider")] * 100
        change.insert_rows("contact", ("first_name", "last_name"), rows)
    assert found(book, "christop") == [("contact", 2), ("contact", 1)]
    assert found(book, "schneidewi chr") == [("contact", 2)]
    assert found(book, "christoph schneider c s") == [("contact", 1)]
    assert found(book, "christian") == [("contact", n) for n in range(102, 94, -1)]
    assert found(book, "christiane") == []
