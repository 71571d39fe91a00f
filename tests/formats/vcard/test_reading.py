"""Cards as programs have written them: what is read of each."""

from __future__ import annotations

from typing import Any

import pytest

from sfa.formats.contentlines import unescape
from sfa.formats.vcard.meaning import Meaning, meaning
from sfa.formats.vcard.reading import Card, read, text_of
from tests.shared import real


def only(text: str | bytes, version: str = "3.0") -> Card:
    """The one card with these lines."""
    data = text.encode() if isinstance(text, str) else text
    (card,) = read(b"BEGIN:VCARD\r\nVERSION:%s\r\n%s\r\nEND:VCARD\r\n" % (version.encode(), data))
    return card


def said(text: str | bytes, version: str = "3.0") -> Meaning:
    return meaning(only(text, version))


@pytest.mark.parametrize(
    ("version", "text", "value"),
    [
        ("2.1", b"NOTE;ENCODING=QUOTED-PRINTABLE:M=C3=BCller=0D=0AStra=C3=9Fe", "Müller\nStraße"),
        ("2.1", b"NOTE;QUOTED-PRINTABLE:one=\r\n two=\r\nthree", "one twothree"),
        ("2.1", b"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller", "Müller"),
        ("2.1", b"NOTE;CHARSET=Windows-1252:M\xfcller \x80", "Müller €"),
        ("2.1", b"NOTE;CHARSET=SHIFT_JIS:\x88\xc9\x94\\ \x8c\\\x88\xea", "伊能 圭一"),
        ("2.1", b"NOTE;CHARSET=no-such-thing:M\xc3\xbcller", "Müller"),
        ("2.1", b"NOTE:M\xfcller", "Müller"),
        ("2.1", b"NOTE:now is the time\r\n for all", "now is the time for all"),
        ("2.1", rb"NOTE:C:\new, \;and\: \, so", r"C:\new, ;and: , so"),
        ("3.0", b"NOTE:now is the ti\r\n me", "now is the time"),
        ("3.0", b"NOTE:now is the ti\r\n\tme", "now is the time"),
        ("3.0", rb"NOTE:a\nb\Nc\, \; \\n", "a\nb\nc, ; \\n"),
        ("3.0", b"NOTE:bare, and; not escaped", "bare, and; not escaped"),
        ("3.0", b"NOTE:a line\r\nwithout a name of its own", "a line\nwithout a name of its own"),
        ("3.0", b"NOTE:one\r\r\nFN:A B\r\r", "one"),
        ("3.0", b"NOTE:one\rFN:A B\r", "one"),
        ("3.0", b"NOTE:con\x07trol\x00", "control"),
        ("4.0", "NOTE:🐈 naïve".encode(), "🐈 naïve"),
    ],
)
def test_text_of_every_kind_is_understood(version: str, text: bytes, value: str) -> None:
    line = only(text, version).first("NOTE")
    assert line
    assert unescape(line.value) == value


def test_files_of_other_encodings_are_read() -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nEND:VCARD\r\n"
    for data in (card.encode("utf-16"), card.encode("utf-8-sig"), card.encode("cp1252")):
        assert meaning(read(data)[0]).values == {"last_name": "Zoë"}
    assert meaning(read(card.replace("Zoë", "Zoл").encode("koi8-r"), "koi8-r")[0]).values == {"last_name": "Zoл"}


def test_bare_parameters_and_lists_of_types_are_types() -> None:
    card = only(
        'TEL;WORK;FAX:1\r\nTEL;TYPE="home,voice":2\r\nTEL;type=CELL;type=pref:3\r\nPHOTO;BASE64:\r\n  QU\r\n JD', "2.1"
    )
    types = [list(line.params.get("TYPE", ())) for line in card.lines]
    assert types == [
        ["WORK", "FAX"],
        ["home", "voice"],
        ["CELL", "pref"],
        [],
    ]
    photo = card.first("PHOTO")
    assert photo
    assert (photo.param("ENCODING"), photo.value) == ("b", "QUJD")


def test_cards_within_a_card_and_cards_without_an_end() -> None:
    nested = read(
        "BEGIN:VCARD\nVERSION:2.1\nN:parent\nAGENT:\nBEGIN:VCARD\nN:child\nTEL:1\nEND:VCARD\nNOTE:x\nEND:VCARD"
    )
    assert len(nested) == 1
    assert [line.name for line in nested[0].lines] == ["N", "AGENT", "NOTE"]
    assert meaning(read(unescape(nested[0].lines[1].value))[0]).values["last_name"] == "child"
    cut = read("BEGIN:VCARD\nVERSION:3.0\nFN:A\nBEGIN:VCARD\nVERSION:3.0\nFN:B\nEND:VCARD\nBEGIN:VCARD\nFN:C\n")
    assert [meaning(card).values["last_name"] for card in cut] == ["A", "B", "C"]
    assert read("no card at all") == []
    assert read(b"") == []


def test_case_does_not_matter_nor_where_the_version_stands() -> None:
    (card,) = read("begin:vcard\nn:two;contact\nnote;quoted-printable:=E2=80=A6\nversion:2.1\nend:vcard\n")
    assert meaning(card).values == {"last_name": "two", "first_name": "contact", "description": "…"}


@pytest.mark.parametrize(
    ("text", "version", "values"),
    [
        (
            "N:Public;John;Quinlan,Q.;Mr.;Esq.,Jr.",
            "3.0",
            {
                "last_name": "Public",
                "first_name": "John",
                "middle_name": "Quinlan Q.",
                "salutation": "Mr.",
                "suffix": "Esq., Jr.",
            },
        ),
        ("N:;Cher;;;\nFN:Cher", "3.0", {"last_name": "Cher"}),
        ("FN:Anna Maria Schmidt", "3.0", {"first_name": "Anna Maria", "last_name": "Schmidt"}),
        (r"FN:Schmidt\, Anna", "3.0", {"first_name": "Anna", "last_name": "Schmidt"}),
        ("N:;;;;\nFN:\nORG:Acme", "3.0", {"last_name": "Acme"}),
        ("EMAIL:x@y.example", "3.0", {"last_name": "x@y.example"}),
        ("N:x\nTITLE:One\nTITLE;TYPE=pref:Two", "3.0", {"last_name": "x", "title": "Two"}),
        ("N:x\nROLE:Buyer", "3.0", {"last_name": "x", "title": "Buyer"}),
        ("N:x\nORG:Acme;Sales;EMEA", "3.0", {"last_name": "x", "department": "Sales; EMEA"}),
        ("N:x\nNICKNAME:A,B\nNICKNAME:C", "3.0", {"last_name": "x", "nickname": "A, B, C"}),
        ("N:x\nNOTE:one\nNOTE:two", "3.0", {"last_name": "x", "description": "one\n\ntwo"}),
        (
            "N:x\nTZ:Europe/Berlin\nLANG;PREF=1:fr\nURL:http://a.example/?b=1\\,2",
            "4.0",
            {"last_name": "x", "tzid": "Europe/Berlin", "language": "fr", "website": "http://a.example/?b=1,2"},
        ),
        ("N:x\nTZ:-05:00", "3.0", {"last_name": "x"}),
        (
            "N:x\nADR;TYPE=work:PO 1;Flat 2;Street 3;City;ST;123;Land",
            "3.0",
            {
                "last_name": "x",
                "mailing_street": "PO 1\nFlat 2\nStreet 3",
                "mailing_city": "City",
                "mailing_state": "ST",
                "mailing_postal_code": "123",
                "mailing_country": "Land",
            },
        ),
        (
            "N:x\nADR;TYPE=home:;;A;;;;\nADR:;;B;;;;",
            "3.0",
            {"last_name": "x", "home_street": "A", "mailing_street": "B"},
        ),
        (
            "N:x\nADR:;;B;;;;\nADR;TYPE=work:;;A;;;;\nADR;TYPE=work:;;C;;;;",
            "3.0",
            {"last_name": "x", "mailing_street": "A"},
        ),
    ],
)
def test_what_a_card_says_stands_in_our_fields(text: str, version: str, values: dict[str, Any]) -> None:
    assert said(text, version).values == values


@pytest.mark.parametrize(
    ("text", "version", "birthday"),
    [
        ("BDAY:1980-05-17", "3.0", "1980-05-17"),
        ("BDAY;VALUE=date:19800517", "2.1", "1980-05-17"),
        ("BDAY:1953-10-15T23:10:00Z", "3.0", "1953-10-15"),
        ("BDAY:--0517", "4.0", "--05-17"),
        ("BDAY:--05-17", "3.0", "--05-17"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17", "3.0", "--05-17"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", "3.0", "--02-29"),
        ("BDAY:1980-02-30", "3.0", None),
        ("BDAY;VALUE=text:circa 1800", "4.0", None),
        ("BDAY:\nBDAY:1980-05-17", "3.0", "1980-05-17"),
    ],
)
def test_birthdays(text: str, version: str, birthday: str | None) -> None:
    assert said(f"N:x\n{text}", version).values.get("birthday") == birthday


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("TEL;TYPE=WORK,FAX:1", "fax", "1"),
        ("TEL;TYPE=home,cell:1", "mobile", "1"),
        ("TEL;TYPE=HOME:1", "home", "1"),
        ("TEL;TYPE=pager:1", "pager", "1"),
        ("TEL:1", "work", "1"),
        ("item1.TEL:1\nitem1.X-ABLabel:Zentrale", "zentrale", "1"),
        ("item1.TEL;TYPE=HOME:1\nitem1.X-ABLabel:_$!<Work>!$_", "work", "1"),
        ("TEL;VALUE=uri;TYPE=home:tel:+1-418-656-9254;ext=102", "home", "+1-418-656-9254 ext. 102"),
    ],
)
def test_phones_with_the_word_for_what_they_are(text: str, label: str, value: str) -> None:
    (found,) = said(f"N:x\n{text}", "4.0").phones
    assert (found.label, found.value) == (label, value)


def test_mails_the_preferred_first_and_each_once() -> None:
    home = "EMAIL;TYPE=home:a@b.example"
    found = said(f'N:x\n{home}\nEMAIL;TYPE=pref:mailto:c@d.example\n{home}\nEMAIL:"E" <e@f.example>')
    assert [(said.label, said.value) for said in found.emails] == [
        ("work", "c@d.example"),
        ("home", "a@b.example"),
        ("work", "e@f.example"),
    ]


def test_categories_are_tags_and_googles_own_group_is_none() -> None:
    found = said("N:x\nORG:Acme\nCATEGORIES:* VIP,Berlin\\, Mitte,myContacts\nCATEGORIES:vip,Berlin\\, Mitte")
    assert (found.account, found.tags) == ("Acme", ("* VIP", "Berlin, Mitte", "vip"))


def test_groups_of_people_are_known_and_the_id_without_its_scheme() -> None:
    group = only("KIND:group\nFN:All\nUID:urn:uuid:12", "4.0")
    assert (group.is_group, group.uid) == (True, "12")
    assert not only("FN:x").is_group


def test_what_is_kept_of_a_card_is_the_card() -> None:
    for path in sorted(real("vcard").rglob("*.vcf")):
        for card in read(path.read_bytes()):
            assert read(text_of(card)) == [card]
