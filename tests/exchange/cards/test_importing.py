"""Address books into the book: who is new, who is known, and what becomes of everything a card says."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfa import locales
from sfa.errors import UserError
from sfa.exchange.cards.applying import Applier
from sfa.exchange.cards.importing import run_card_import
from sfa.formats.vcard.reading import read
from sfa.models import Record
from sfa.sales import edit
from sfa.sales.merge import merge
from sfa.store.book import Book
from sfa.store.undo import undo
from tests.exchange.cards.conftest import Importer, counted, exported
from tests.sales.makers import make
from tests.shared import real

ANNA = (
    "UID:anna-1\nN:Schmidt;Anna;;Dr.;\nFN:Dr. Anna Schmidt\nORG:Acme GmbH;Einkauf\nTITLE:Leiterin\n"
    "TEL;TYPE=work,voice:+49 30 1234567\nTEL;TYPE=cell:+49 170 1234567\nTEL;TYPE=work:Durchwahl 5\n"
    "EMAIL;TYPE=internet,pref:anna@acme.example\nADR;TYPE=work:;;Allee 1;Berlin;;10115;Germany\n"
    "ADR;TYPE=home:;;Weg 2;Potsdam;;14467;Germany\nADR;TYPE=home:;;See 3;Werder;;14542;Germany\n"
    "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17\nCATEGORIES:VIP,Messe\nNOTE:Mag Kaffee\nX-SHOE-SIZE:40\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:QUJD"
)


def contact(book: Book) -> Record:
    (found,) = book.records("contact")
    return found


def test_a_card_becomes_a_contact_with_its_account_and_tags(book: Book, take: Importer) -> None:
    result = take(ANNA)
    anna = contact(book)
    assert counted(result) == (1, 0, 0, 0)
    assert result.added == {"account": 1, "tag": 2}
    assert {name: anna.values[name] for name in ("first_name", "last_name", "salutation", "title", "department")} == {
        "first_name": "Anna", "last_name": "Schmidt", "salutation": "Dr.", "title": "Leiterin", "department": "Einkauf",
    }  # fmt: skip
    assert book.get("account", anna.values["account"]).heading == "Acme GmbH"
    assert sorted(book.get("tag", tag).heading for tag in anna.values["tags"]) == ["Messe", "VIP"]
    assert [(point["label"], point["e164"]) for point in anna.values["phones"]] == [
        ("work", "+49301234567"),
        ("mobile", "+491701234567"),
    ]
    assert (anna.values["birthday"], anna.values["mailing_city"], anna.values["home_city"]) == (
        "--05-17",
        "Berlin",
        "Potsdam",
    )
    assert [remark.text for remark in result.files[0].remarks] == [
        "Durchwahl 5 is not a phone number: write it like +49 30 1234567"
    ]


def test_what_was_brought_is_given_back_and_what_changed_since_with_it(book: Book, take: Importer) -> None:
    take(ANNA)
    anna = contact(book)
    with book.change("edit", "command") as change:
        edit.edit(change, "contact", anna.id, {"title": "Vorständin", "mailing_city": "Hamburg"})
    (card,) = read(exported(book))
    lines = [line.value for line in card.lines]
    for kept in (
        "40",
        "QUJD",
        ";;See 3;Werder;;14542;Germany",
        "Durchwahl 5",
        "Vorständin",
        ";;Allee 1;Hamburg;;10115;Germany",
    ):
        assert lines.count(kept) == 1
    assert "Leiterin" not in lines
    assert exported(book) == exported(book)


def test_the_same_card_again_is_the_same_contact(book: Book, take: Importer) -> None:
    take(ANNA, "N:Ohne;Id")
    assert counted(take(ANNA, "N:Ohne;Id")) == (0, 0, 2, 0)
    assert counted(take(ANNA.replace("Leiterin", "Vorständin"))) == (0, 1, 0, 0)
    assert {person.values.get("title") for person in book.records("contact")} == {"Vorständin", None}


def test_what_comes_back_as_it_went_out_changes_nothing(book: Book, take: Importer, tmp_path: Path) -> None:
    take(ANNA, "N:Ohne;Id")
    make(
        book, "contact", last_name="Hand", first_name="Eigene", emails=[{"label": "assistenz", "value": "a@b.example"}]
    )
    for version in ("3.0", "4.0"):
        path = tmp_path / "again.vcf"
        path.write_text(exported(book, version=version), "utf-8", newline="")
        result = run_card_import(book, [path])
        assert (counted(result), result.action) == ((0, 0, 3, 0), 0)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_second_export_of_an_import_is_stable(book: Book, tmp_path: Path, version: str) -> None:
    paths = [path for path in sorted(real("vcard").rglob("*.vcf")) if path.name != "user-cal.vcf"]
    result = run_card_import(book, paths)
    assert counted(result)[0] > 50
    once = tmp_path / "once.vcf"
    once.write_text(exported(book, version=version), "utf-8", newline="")
    fresh = Book.create(tmp_path / "fresh.sfa", "Rita Rep")
    run_card_import(fresh, [once])
    assert sorted(exported(fresh, version=version).split("BEGIN:")) == sorted(
        once.read_bytes().decode().split("BEGIN:")
    )
    fresh.close()


def test_every_real_file_imports_or_says_why_in_one_line(book: Book) -> None:
    refused = {}
    for path in sorted(real("vcard").rglob("*.vcf")):
        try:
            for told in run_card_import(book, [path]).files[0].rejected:
                refused[path.name] = told.text
        except UserError as error:
            refused[path.name] = f"{error}"
        assert "\n" not in refused.get(path.name, "")
    nameless = {"1__dfb2cd.vcf", "v21_android_custom_prop.vcf", "v21_im.vcf", "vcard_grouped.vcf"}
    groups = {"3__8da8c8.vcf", "4.vcf", "5.vcf", "6.vcf"}
    assert set(refused) == {*nameless, *groups, "user-cal.vcf"}
    assert len(book.records("contact")) > 45


def test_one_undo_takes_all_of_it_back_and_a_dry_run_changes_nothing(book: Book, take: Importer) -> None:
    assert counted(take(ANNA, dry_run=True)) == (1, 0, 0, 0)
    assert book.records("contact") == []
    result = take(ANNA)
    assert result.action
    undo(book)
    assert book.records("contact") + book.records("account") + book.records("tag") == []


def test_accounts_are_matched_and_names_that_several_have_left_out(book: Book, take: Importer) -> None:
    acme = make(book, "account", name="ACME gmbh")
    take(ANNA)
    assert contact(book).values["account"] == acme
    make(book, "account", name="Zwei")
    make(book, "account", name="Zwei")
    result = take("UID:z\nN:Zett;Zoe\nORG:Zwei;Abteilung")
    (zoe,) = book.records("contact", "last_name = 'Zett'")
    assert (zoe.values.get("account"), zoe.values.get("department")) == (None, None)
    assert "2 records" in result.files[0].remarks[0].text
    assert "ORG:Zwei;Abteilung\r\n" in exported(book)


def test_the_policy_for_names_that_nobody_has(book: Book, take: Importer) -> None:
    assert counted(take(ANNA, policies={"account": "reject"})) == (0, 0, 0, 1)
    take(ANNA, policies={"account": "empty"})
    assert contact(book).values.get("account") is None
    assert book.records("account") == []
    assert "ORG:Acme GmbH;Einkauf\r\n" in exported(book)


def test_lists_grow_and_what_a_card_says_nothing_about_stays(book: Book, take: Importer) -> None:
    take(ANNA)
    anna = contact(book)
    with book.change("edit", "command") as change:
        edit.edit(change, "contact", anna.id, {"nickname": "Änne", "phones": [{"label": "home", "value": "+49 331 5"}]})
    take(ANNA.replace("TITLE:Leiterin\n", "TITLE:Chefin\n"))
    after = contact(book).values
    assert (after["nickname"], after["title"]) == ("Änne", "Chefin")
    assert [point["e164"] for point in after["phones"]] == ["+49301234567", "+491701234567", "+493315"]


def test_a_whole_card_takes_away_what_it_does_not_say(book: Book, take: Importer) -> None:
    take(ANNA)
    anna = contact(book)
    (card,) = read("BEGIN:VCARD\nVERSION:3.0\nUID:anna-1\nN:Schmidt;Anna;;;\nFN:Anna\nEND:VCARD")
    with book.change("a phone's edit", "sync") as change:
        applied = Applier(change).apply(card, anna.id, whole=True)
    assert (applied.id, applied.outcome) == (anna.id, "updated")
    left = set(contact(book).values) - {"id", "n", "owner", "created_at", "created_by"}
    assert left == {"first_name", "last_name", "uid", "original"}


def test_a_card_of_somebody_who_was_merged_is_of_the_one_that_stayed(book: Book, take: Importer) -> None:
    take(ANNA)
    anna = contact(book)
    other = make(book, "contact", first_name="Anna", last_name="Schmidt", uid="anna-2")
    merge(book, "contact", other, [anna.id])
    assert counted(take(ANNA.replace("Leiterin", "Chefin"))) == (0, 1, 0, 0)
    assert contact(book).values["title"] == "Chefin"


def test_who_looks_like_somebody_that_was_there_is_named(book: Book, take: Importer) -> None:
    known = make(
        book,
        "contact",
        first_name="Anna",
        last_name="Schmidt",
        emails=[{"label": "work", "value": "anna@acme.example"}],
    )
    (alike,) = take(ANNA).files[0].alike
    assert (alike.other, alike.reason) == (known, "same e-mail, same name")


def test_birthdays_of_which_one_has_no_year_are_compared(book: Book, take: Importer) -> None:
    make(book, "contact", first_name="Anna", last_name="Schmidt", birthday="1980-05-17")
    (alike,) = take("N:Schmidt;Anna\nBDAY:--05-17").files[0].alike
    assert alike.reason == "same name, same birthday"


def test_numbers_are_dialled_in_the_country_of_the_address(book: Book, take: Importer) -> None:
    locales.use("en_US")
    take("N:x\nTEL:030 1234567\nADR;TYPE=work:;;;Berlin;;;Germany")
    assert contact(book).values["phones"][0]["e164"] == "+49301234567"


def test_cards_as_leads(book: Book, take: Importer) -> None:
    result = take(ANNA, "N:Ohne;Firma", kind="lead")
    (lead,) = book.records("lead")
    assert (lead.values["company"], lead.values["last_name"], lead.values["address_city"]) == (
        "Acme GmbH",
        "Schmidt",
        "Berlin",
    )
    assert [(told.place, told.text) for told in result.files[0].rejected] == [(2, "Company: is required")]
    assert counted(take(ANNA, kind="lead")) == (0, 0, 1, 0)
    (card,) = read(exported(book, "lead"))
    assert card.uid == "anna-1"
    assert [line.value for line in card.lines if line.name == "ORG"] == ["Acme GmbH"]


def test_a_lead_of_another_system_is_not_the_card_with_its_id(book: Book, take: Importer) -> None:
    with book.change("From the CRM") as change:
        values = {"last_name": "Weber", "company": "Globex", "external_source": "crm", "external_id": "anna-1"}
        weber = edit.create(change, "lead", values)
    assert counted(take(ANNA, kind="lead")) == (1, 0, 0, 0)
    assert book.get("lead", weber).values["last_name"] == "Weber"
    assert counted(take(ANNA, kind="lead")) == (0, 0, 1, 0)


def test_leads_without_an_id_are_several(book: Book, take: Importer) -> None:
    result = take("N:Eins;Anna\nORG:Acme", "N:Zwei;Tom\nORG:Globex", kind="lead")
    assert counted(result) == (2, 0, 0, 0)
    assert sorted(lead.heading for lead in book.records("lead")) == ["Anna Eins", "Tom Zwei"]


def test_what_cannot_be_a_record_is_refused_in_one_line(book: Book, take: Importer, tmp_path: Path) -> None:
    result = take("KIND:group\nFN:All", "X-NOTHING:1", f"N:{'x' * 300}", "N:Gut;Alles")
    assert [(told.place, told.name) for told in result.files[0].rejected] == [(1, "All"), (2, ""), (3, "x" * 300)]
    assert counted(result) == (1, 0, 0, 3)
    assert book.records("account") == []
    (tmp_path / "calendar.vcf").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    for path, reason in ((tmp_path / "calendar.vcf", "holds no card"), (tmp_path / "missing.vcf", "cannot be read")):
        with pytest.raises(UserError, match=reason):
            run_card_import(book, [path])
    with pytest.raises(UserError, match="contacts or leads"):
        exported(book, "account")
    with pytest.raises(UserError, match="no encoding"):
        take(ANNA, encoding="nonsense")


def test_what_is_too_long_for_a_field_is_kept_in_the_card(book: Book, take: Importer) -> None:
    result = take(f"N:x\nTITLE:{'T' * 300}\nNICKNAME:Nick")
    assert "title" not in contact(book).values
    assert contact(book).values["nickname"] == "Nick"
    assert len(result.files[0].remarks) == 1
    assert "T" * 300 in exported(book).replace("\r\n ", "")
