"""Lists: columns, sorting and paging, whatever the field."""

from __future__ import annotations

import pytest

from sfa.errors import FieldError
from sfa.models import KINDS
from sfa.store.book import Book
from sfa.store.query import Condition, Listing, Query
from tests.store.samples import add, ask, whole


@pytest.mark.parametrize(
    ("kind", "sort", "found"),
    [
        ("contact", (), "Ångström Schmidt zola"),
        ("contact", ("last_name",), "Ångström Schmidt zola"),
        ("contact", ("-last_name",), "zola Schmidt Ångström"),
        ("contact", ("shoe",), "Schmidt Ångström zola"),
        ("contact", ("-shoe",), "Ångström Schmidt zola"),
        ("contact", ("account",), "Schmidt zola Ångström"),
        ("contact", ("-account",), "zola Schmidt Ångström"),
        ("contact", ("emails", "-last_name"), "Schmidt zola Ångström"),
        ("contact", ("account.industry",), "zola Schmidt Ångström"),
        ("opportunity", ("stage",), "Yen None Dinar Big"),
        ("opportunity", ("-stage", "name"), "Big Dinar None Yen"),
        ("activity", ("priority", "subject"), "day open next late early"),
        ("activity", ("-priority", "-subject"), "early late next open day"),
        ("activity", ("start",), "early day late next open"),
        ("activity", ("-start",), "next late day early open"),
    ],
)
def test_sorting_is_by_meaning_and_the_empty_come_last(
    people: Book, kind: str, sort: tuple[str, ...], found: str
) -> None:
    assert ask(people, kind, sort=sort) == found


def test_columns_show_links_by_name_and_lists_as_lists(people: Book) -> None:
    columns = ("last_name", "account", "account.parent", "tags", "emails", "shoe", "buddy", "second")
    rows = [row[1:] for row in Listing(people, Query("contact", columns)).page(0, 10)]
    second = [{"label": "work", "value": "second@x.de"}]
    emails = [{"label": "work", "value": "anna@acme.de"}, {"label": "home", "value": "joanna@home.de"}]
    assert rows == [
        ("Ångström", None, None, None, None, 44.5, None, second),
        ("Schmidt", "Acme", None, ["VIP", "Cold"], emails, 41.0, None, None),
        ("zola", "Ärzte GmbH", "Acme", ["Cold"], None, None, "Anna Schmidt", None),
    ]
    raw = Listing(people, Query("contact", columns, raw=True)).page(1, 2)[0]
    assert raw[2] == people.value("SELECT id FROM account WHERE name = 'Acme'")
    assert set(raw[4]) == {row[0] for row in people.rows("SELECT id FROM tag")}


def test_pages_make_the_whole_list(book: Book) -> None:
    with book.change("Fill") as change:
        rows = [(f"{n % 7} name", "Retail" if n % 3 else None) for n in range(103)]
        change.insert_rows("account", ("name", "industry"), rows)
    for sort in ((), ("industry",), ("-industry", "-name"), ("owner", "industry")):
        listing = Listing(book, Query("account", ("name", "industry"), sort=sort))
        whole_list = listing.page(0, 1000)
        pages = [row for start in range(0, 110, 10) for row in listing.page(start, start + 10)]
        assert (pages, listing.count, len(set(whole_list))) == (whole_list, 103, 103)
        assert listing.ids(5) == [row[0] for row in whole_list[:5]]
        assert listing.page(5, 5) == listing.page(200, 210) == []


@pytest.mark.parametrize(
    "path",
    [
        "last_name; DROP TABLE contact",
        'last_name"',
        "sort_key",
        "custom",
        "n",
        "rowid",
        "1",
        "account.sort_key",
        "",
        ".",
    ],
)
def test_paths_are_only_ever_fields(people: Book, path: str) -> None:
    for query in (
        Query("contact", (path,)),
        Query("contact", (), (Condition(path, "=", "x"),)),
        Query("contact", (), (), (path if path != "sort_key" else "custom",)),
    ):
        with pytest.raises(FieldError):
            Listing(people, query)


def test_every_field_can_be_shown_and_sorted_by(people: Book) -> None:
    for kind in KINDS:
        names = tuple(people.fields(kind))
        columns = (
            *names,
            *(
                f"{name}.created_at"
                for name in names
                if hasattr(people.fields(kind)[name], "creates") and not people.fields(kind)[name].in_json
            ),
        )
        for sort in (*names, *(f"-{name}" for name in names)):
            listing = Listing(people, Query(kind, columns, sort=(sort,)))
            assert len(listing.page(0, 100)) == min(listing.count, 100)


def test_asking_changes_nothing(people: Book) -> None:
    before = whole(people)
    ask(people, "contact", "tags=vip", text="anna", sort=("-account",))
    assert whole(people) == before


def test_a_book_without_records_answers(book: Book) -> None:
    assert ask(book, "contact", "account.tags~x", sort=("account",), text="x") == ""
    add(book, "contact", last_name="x")
    assert ask(book, "contact", text="x") == "x"
