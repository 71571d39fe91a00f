"""Adding, changing, deleting, listing, showing and finding records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Sfa


def test_a_new_record_prints_its_id_and_says_what_it_may_be_twice(sfa: Sfa) -> None:
    made = sfa("new", "account", "name=ACME Inc", "phones=+49 30/901820")
    assert made.code == 0
    assert sfa("show", "account", made.out.strip(), "--json").data["name"] == "ACME Inc"
    assert "Looks like Acme" in made.err


def test_json_has_every_field_links_with_names_and_exact_amounts(sfa: Sfa) -> None:
    data = sfa("show", "deal", "Big deal", "--json").data
    assert (data["kind"], data["amount"], data["currency"]) == ("opportunity", "1200.50", "EUR")
    assert data["account"]["name"] == "Acme"
    assert data["stage"]["name"] == "Prospecting"
    assert data["loss_reason"] is None
    assert [entry["type"] for entry in data["related"]["timeline"]] == ["insert"]


def test_show_tells_people_and_deals_of_an_account(sfa: Sfa) -> None:
    shown = sfa("show", "account", "acme").out
    assert shown.startswith("Account Acme\n")
    assert "People (1)" in shown
    assert "Anna Schmidt" in shown
    assert "€1,200" in shown
    related = sfa("show", "account", "acme", "--json").data["related"]
    assert [person["name"] for person in related["people"]] == ["Anna Schmidt"]
    assert [(deal["name"], deal["stage"]["name"]) for deal in related["deals"]] == [("Big deal", "Prospecting")]


def test_show_tells_the_roles_of_a_contact_and_the_subsidiaries_of_an_account(sfa: Sfa) -> None:
    for name, more in (("Beta", "parent=Acme"), ("Gamma", "industry=Media")):
        sfa("new", "account", f"name={name}", more)
    sfa("new", "relation", "contact=Anna Schmidt", "account=Beta", "role=Manager", "is_active=no")
    sfa("new", "relation", "contact=Anna Schmidt", "account=Gamma", "role=Board Member")
    assert [row["role"] for row in sfa("list", "relations", "--json").data] == ["Board Member", "Manager"]
    shown = sfa("show", "contact", "Anna Schmidt")
    assert "Roles in accounts (2)" in shown.out
    assert ["Beta", "Manager", "former"] in [line.split() for line in shown.out.splitlines()]
    related = sfa("show", "contact", "Anna Schmidt", "--json").data["related"]
    assert [(role["name"], role["role"]) for role in related["accounts"]] == [
        ("Gamma", "Board Member"),
        ("Beta", "Manager"),
    ]
    assert "Subsidiaries (1)" in sfa("show", "account", "Acme").out
    (subsidiary,) = sfa("show", "account", "Acme", "--json").data["related"]["subsidiaries"]
    assert subsidiary["name"] == "Beta"


def test_set_changes_one_record_and_says_so(sfa: Sfa) -> None:
    done = sfa("set", "deal", "Big deal", "amount=12000", "stage=Won", "--json")
    assert (done.data["amount"], done.data["stage"]["name"]) == (12000, "Closed Won")
    assert done.err == "Changed opportunity Big deal\n"
    assert sfa("set", "deal", "Big deal", "amount=12000").err == "Nothing changed.\n"
    assert sfa("set", "deal", "Big deal", "amount=", "--json").data["amount"] is None


def test_many_records_change_as_one_action(sfa: Sfa) -> None:
    sfa("new", "account", "name=Beta", "industry=Media")
    assert len(sfa("set", "accounts", "--where", "industry=Retail|Media", "rating=Hot", "--json").data) == 2
    assert [row["rating"] for row in sfa("list", "accounts", "--json").data] == ["Hot", "Hot"]
    sfa("undo")
    assert [row["rating"] for row in sfa("list", "accounts", "--json").data] == [None, None]


def test_nothing_is_set_where_one_record_refuses(sfa: Sfa) -> None:
    sfa("new", "product", "name=A", "list_price=1.50", "currency=EUR")
    sfa("new", "product", "name=B", "list_price=1", "currency=EUR")
    assert sfa("set", "product", "B", "A", "currency=JPY").code == 1
    assert [row["currency"] for row in sfa("list", "products", "--json").data] == ["EUR", "EUR"]


def test_deleted_records_are_gone_until_undo(sfa: Sfa) -> None:
    assert sfa("delete", "contact", "Anna Schmidt", "--json").data["deleted"] == 1
    assert sfa("list", "contacts", "--json").data == []
    assert sfa("show", "contact", "Anna Schmidt").code == 1
    sfa("undo")
    assert sfa("list", "contacts", "--json").data[0]["last_name"] == "Schmidt"


@pytest.mark.parametrize("where", ["account~acm", "account=Acme", "account.industry=retail"])
def test_list_filters(sfa: Sfa, where: str) -> None:
    sfa("new", "contact", "last_name=Other")
    listed = sfa("list", "contacts", "--where", where, "--columns", "name,account")
    assert listed.out.split() == ["First", "name", "Last", "name", "Account", "Anna", "Schmidt", "Acme"]
    assert listed.err == "1 contact\n"


def test_list_sorts_limits_and_shows_columns_of_linked_records(sfa: Sfa) -> None:
    for name, amount in (("Small", "5"), ("Huge", "99000")):
        sfa("new", "deal", f"name={name}", f"amount={amount}", "currency=JPY")
    listed = sfa("list", "deals", "--sort", "-name", "--limit", "2", "--columns", "name,amount,account.industry")
    assert [line.split() for line in listed.out.splitlines()[1:]] == [["Small", "¥5"], ["Huge", "¥99,000"]]
    assert listed.err == "2 of 3 opportunities\n"
    data = sfa("list", "deals", "--sort", "amount", "--columns", "account.industry,amount,tags", "--json").data
    assert [list(row) for row in data] == [["id", "account.industry", "amount", "tags"]] * 3
    assert [row["amount"] for row in data] == [5, 99000, "1200.50"]


def test_an_amount_of_a_linked_record_is_in_its_own_currency(sfa: Sfa) -> None:
    sfa("set", "account", "Acme", "currency=JPY", "annual_revenue=1000000")
    assert "¥1,000,000" in sfa("list", "deals", "--columns", "account.annual_revenue").out
    data = sfa("list", "deals", "--columns", "account.annual_revenue", "--json").data
    assert data[0]["account.annual_revenue"] == 1_000_000


def test_a_saved_view_is_a_start(sfa: Sfa) -> None:
    sfa("new", "account", "name=Beta", "industry=Retail")
    sfa("new", "saved_view", "name=shops", "of_kind=account", "where=industry=Retail", "sort=-name", "columns=name")
    assert sfa("list", "accounts", "--view", "shops").out.split() == ["Name", "Beta", "Acme"]
    assert sfa("list", "accounts", "--view", "shops", "--where", "name=Acme").out.split() == ["Name", "Acme"]


def test_a_field_of_the_companys_own_is_everywhere(sfa: Sfa) -> None:
    sfa("new", "custom_field", "of_kind=account", "name=segment", "type=text", "list_position=9")
    assert sfa("set", "account", "Acme", "segment=Northern", "--json").data["segment"] == "Northern"
    assert "Northern" in sfa("list", "accounts", "--where", "segment=Northern").out
    assert sfa("find", "north", "--json").data[0]["title"] == "Acme"


OWN_FIELDS = {
    "text": ("blue moon", "blue moon", "blue"),
    "long text": ("one\ntwo", "one\ntwo", "two"),
    "number": ("1.25", "1.25", "1.25"),
    "integer": ("47", 47, "47"),
    "percent": ("45", 45, ""),
    "money": ("99.50", "99.50", ""),
    "date": ("2026-02-03", "2026-02-03", ""),
    "instant": ("2026-02-03T10:00Z", "2026-02-03T10:00:00Z", ""),
    "yes/no": ("yes", True, ""),
    "choice": ("Amber", "Amber", "amber"),
    "phone": (
        "home: +49 30 9876543",
        [{"label": "home", "value": "+49 30 9876543", "e164": "+49309876543"}],
        "0309876543",
    ),
    "email": ("home: an@y.de", [{"label": "home", "value": "an@y.de"}], "an@y.de"),
}


@pytest.mark.parametrize("type", OWN_FIELDS)
def test_a_field_of_the_companys_own_goes_in_and_out_by_every_door(sfa: Sfa, tmp_path: Path, type: str) -> None:
    text, value, word = OWN_FIELDS[type]
    assert sfa("new", "custom_field", "of_kind=account", "name=own", f"type={type}", "options=Amber; Green").code == 0
    assert sfa("set", "account", "Acme", f"own={text}", "--json").data["own"] == value
    assert "own" in sfa("list", "accounts", "--json").data[0]
    where = text.partition(": ")[2] or text
    assert [row["name"] for row in sfa("list", "accounts", "--where", f"own={where}", "--json").data] == ["Acme"]
    assert sfa("list", "accounts", "--where", "own=", "--json").data == []
    if word:
        assert [hit["title"] for hit in sfa("find", word, "--kind", "account", "--json").data] == ["Acme"]
    path = str(tmp_path / "accounts.csv")
    assert sfa("export", "csv", "account", path).code == 0
    assert sfa("set", "account", "Acme", "own=").code == 0
    assert sfa("import", path, "--as", "account", "--match", "name").code == 0
    assert sfa("show", "account", "Acme", "--json").data["own"] == value
    assert sfa("import", path, "--as", "account", "--match", "name", "--json").data["files"][0]["unchanged"] == 1
    assert sfa("delete", "custom_field", "own").code == 0
    assert "own" not in sfa("show", "account", "Acme", "--json").data
    assert sfa("undo").code == 0
    assert sfa("show", "account", "Acme", "--json").data["own"] == value


def test_find_looks_everywhere(sfa: Sfa) -> None:
    found = sfa("find", "acm", "--json").data
    assert [(item["kind"], item["title"]) for item in found] == [("account", "Acme")]
    assert sfa("find", "030", "901820", "--json").data == found
    assert "Anna Schmidt" in sfa("find", "sch", "--kind", "contact").out
    assert sfa("find", "nobody") == (0, "", "Nothing found.\n")


def test_a_name_that_several_have_is_refused_and_an_ids_beginning_will_do(sfa: Sfa) -> None:
    first, second = (sfa("new", "account", "name=Twin").out.strip() for _time in range(2))
    refused = sfa("show", "account", "Twin")
    assert refused.code == 1
    assert first in refused.err
    assert sfa("show", "account", second, "--json").data["id"] == second


def test_on_a_terminal_tables_fit_and_in_a_pipe_they_are_whole(sfa: Sfa, home: Path) -> None:
    long = "A name that goes on and on and on " * 5
    sfa("new", "account", f"name={long.strip()}")
    assert long.strip() in sfa("list", "accounts").out


def test_amounts_are_in_the_currency_of_the_settings(sfa: Sfa, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "sfa.toml").write_text('currency = "CHF"\n', encoding="utf-8")
    assert sfa("new", "deal", "name=Swiss", "amount=1,200", "--json").data["currency"] == "CHF"
    assert sfa("new", "deal", "name=Euro", "amount=€1,200", "currency=EUR", "--json").data["currency"] == "EUR"
    assert "CHF" in sfa("list", "deals", "--where", "name=Swiss").out
