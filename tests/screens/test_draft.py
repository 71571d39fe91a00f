"""What is typed into a form, without a form: values, notes, currencies, names, and what is kept of it."""

from __future__ import annotations

from sfa import locales
from sfa.models import KINDS
from sfa.sales import edit
from sfa.screens.draft import Draft
from sfa.screens.formfields import form_fields, is_main, ordered, starting_values
from sfa.screens.suggestions import may_add, named_values, suggest
from sfa.store.book import Book
from sfa.widgets.formcanvas import Suggestion


def added(book: Book, kind: str, **values: object) -> str:
    with book.change("test") as change:
        return edit.create(change, kind, values)


def draft_of(book: Book, kind: str, **present: object) -> Draft:
    return Draft(book, form_fields(book, kind), present)


def test_every_field_of_every_kind_reads_back_what_it_shows(demo: Book) -> None:
    """A form that is opened and touched everywhere, but not changed, changes nothing."""
    for kind in ("account", "contact", "lead", "opportunity", "activity", "product", "user"):
        for record in demo.records(kind)[:40]:
            draft = Draft(demo, form_fields(demo, kind), record.values)
            for name in draft.fields:
                draft._judge(name, settled=False)
            assert draft.changes == {}, (kind, record.heading)


def test_untouched_text_keeps_its_value_though_it_could_not_be_read(book: Book) -> None:
    first = added(book, "account", name="Acme")
    added(book, "account", name="Acme")
    draft = draft_of(book, "contact", last_name="Schmidt", account=first)
    assert draft.text("account") == "Acme"
    draft.type("title", "CTO")
    assert draft.changes == {"title": "CTO"}


def test_a_name_that_several_have_must_be_chosen(book: Book) -> None:
    added(book, "account", name="Acme")
    added(book, "account", name="Acme")
    draft = draft_of(book, "contact", last_name="Schmidt")
    draft.type("account", "acme")
    assert draft.faults() == {"account": "2 are called so; choose one from the list."}


def test_an_amount_keeps_its_number_when_the_currency_changes(book: Book) -> None:
    draft = draft_of(book, "opportunity", name="Deal", amount=120_000, currency="USD")
    draft.type("currency", "JPY")
    assert draft.text("amount") == "¥1,200"
    assert draft.changes == {"amount": 1_200, "currency": "JPY"}


def test_an_amount_takes_the_currency_of_the_settings(book: Book) -> None:
    locales.use("en_US", "CHF")
    draft = Draft(book, form_fields(book, "account"), {"name": "Acme"})
    draft.type("annual_revenue", "12m")
    assert draft.changes == {"annual_revenue": 1_200_000_000, "currency": "CHF"}


def test_what_was_typed_can_be_put_back(book: Book) -> None:
    draft = draft_of(book, "opportunity", name="Deal")
    draft.type("account", "Newco")
    draft.take("account", draft.suggestions("account")[-1])
    draft.type("currency", "EUR")
    draft.type("amount", "1.50")
    again = draft_of(book, "opportunity", name="Deal")
    again.restore(draft.typed)
    assert again.changes == draft.changes
    assert set(again.fresh.values()) == {("account", "Newco")}


def test_another_record_of_the_same_name_is_another(book: Book) -> None:
    first, second = added(book, "account", name="Acme"), added(book, "account", name="Acme")
    draft = draft_of(book, "contact", last_name="Schmidt", account=first)
    draft.take("account", next(item for item in _suggested(draft, "account", "acm") if item.id == second))
    assert draft.changes == {"account": second}


def _suggested(draft: Draft, name: str, text: str) -> list[Suggestion]:
    draft.type(name, text)
    return draft.suggestions(name)


def test_the_last_of_several_names_is_completed(book: Book) -> None:
    vip, fair = added(book, "tag", name="VIP"), added(book, "tag", name="Fair")
    draft = draft_of(book, "account", name="Acme", tags=[vip])
    draft.type("tags", "VIP; fa")
    draft.take("tags", draft.suggestions("tags")[0])
    assert draft.text("tags") == "VIP; Fair"
    assert set(draft.values["tags"]) == {vip, fair}


def test_stages_are_those_of_the_pipeline(book: Book) -> None:
    other = added(book, "pipeline", name="Partners")
    added(book, "stage", name="Prospecting together", pipeline=other, position=1, type="Open", probability=10)
    stage = form_fields(book, "opportunity")["stage"]
    found = suggest(book, stage, "prosp", {"pipeline": other})
    assert [item.text for item in found] == ["Prospecting together"]


def test_what_is_required_comes_first_and_addresses_last(book: Book) -> None:
    fields = form_fields(book, "contact")
    names = ordered(fields, {})
    assert names.index("last_name") < names.index("account")
    assert names[-1] == "home_country"
    assert [name for name in names if fields[name].group == "name"] == names[: names.index("account")]


def test_every_required_field_is_a_main_one(book: Book) -> None:
    for kind in KINDS:
        fields = form_fields(book, kind)
        assert all(is_main(fields, name) for name, field in fields.items() if field.required)


def test_a_deal_starts_in_the_first_stage_or_the_one_it_was_added_in(book: Book) -> None:
    start = starting_values(book, "opportunity", {}, "EUR")
    assert book.get("stage", start["stage"]).heading == "Prospecting"
    second = book.value("SELECT id FROM stage WHERE name = 'Qualification'")
    assert starting_values(book, "opportunity", {"stage": second}, "EUR")["stage"] == second


def test_only_what_a_name_is_enough_for_is_added_from_a_link(book: Book) -> None:
    assert all(may_add(book, kind) for kind in ("account", "contact", "product", "tag", "competitor"))
    assert not any(may_add(book, kind) for kind in ("user", "stage", "lead", "opportunity", "call_outcome"))
    assert named_values("contact", "Anna Maria Schmidt") == {"first_name": "Anna Maria", "last_name": "Schmidt"}
