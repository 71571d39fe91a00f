"""Cards that we write: to the letter, and with all that came with them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfa.formats.contentlines import unescape
from sfa.formats.vcard.meaning import NAME_FIELDS, PARTS, Meaning, meaning
from sfa.formats.vcard.reading import Card, read, text_of
from sfa.formats.vcard.writing import Extras, card
from tests.formats.vcard.checkers import vcard4, vobject
from tests.shared import real

ID = "019a9f00-0000-7000-8000-000000000001"
VERSIONS = ("3.0", "4.0")
LINES = (
    "title",
    "nickname",
    "department",
    "language",
    *NAME_FIELDS,
    *(f"{a}_{p}" for a in ("mailing", "home") for p in PARTS),
)
Values = dict[str, Any]
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.text(CHARACTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
NAME = TEXT.filter(lambda text: not text.startswith(","))


def entries(labels: tuple[str, ...], pattern: str) -> st.SearchStrategy[list[dict[str, str]]]:
    """Lists of phones or mails, each different."""
    value = st.from_regex(pattern, fullmatch=True)
    point = st.fixed_dictionaries({"label": st.sampled_from(labels), "value": value})
    return st.lists(point, min_size=1, max_size=4, unique_by=lambda point: point["value"])


PHONES = entries(("work", "mobile", "home", "fax", "other", "zentrale", "pager"), r"\+49[0-9]{5,9}")
EMAILS = entries(("work", "home", "other", "assistenz"), r"[a-z]{1,8}@[a-z]{1,8}\.example")
BIRTHDAY = st.dates().filter(lambda day: day.year >= 1700).map(str) | st.dates().map(lambda day: f"-{str(day)[4:]}")
CONTACTS = st.fixed_dictionaries(
    {"id": st.just(ID), "last_name": NAME},
    optional={
        **dict.fromkeys((name for name in LINES if name != "last_name"), TEXT),
        "description": st.text(CHARACTERS | st.just("\n"), min_size=1).filter(lambda text: bool(text.strip(" ;,"))),
        "website": TEXT,
        "birthday": BIRTHDAY,
        "phones": PHONES,
        "emails": EMAILS,
    },
)
TAGS = st.lists(TEXT, max_size=4, unique_by=str.casefold).filter(
    lambda tags: "mycontacts" not in map(str.casefold, tags)
)
EXTRAS = st.builds(Extras, TEXT | st.just(""), TAGS.map(tuple))


def values_of(said: Meaning) -> Values:
    """What a card says as a contact's values."""
    points = {
        name: [{"label": one.label, "value": one.value} for one in said.of(name)] for name in ("phones", "emails")
    }
    return {**said.values, **{name: found for name, found in points.items() if found}}


def come_back(text: str, **values: Any) -> tuple[Values, Card]:
    """The contact that an import of the card makes."""
    (found,) = read(text)
    return {"id": ID, "uid": found.uid, "original": text_of(found), **values_of(meaning(found)), **values}, found


def names(found: Card) -> Extras:
    said = meaning(found)
    return Extras(said.account, said.tags)


@pytest.mark.parametrize("version", VERSIONS)
@given(values=CONTACTS, extras=EXTRAS)
def test_what_is_written_is_to_the_letter_and_reads_as_the_same(version: str, values: Values, extras: Extras) -> None:
    text = card(values, version, extras)
    assert text.endswith("\r\n")
    assert "\r" not in text.replace("\r\n", "")
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut
    (found,) = read(text)
    said = meaning(found)
    assert values_of(said) == {name: value for name, value in values.items() if name != "id"}
    assert (said.account, set(said.tags), found.uid) == (extras.account, set(extras.tags), ID)


@given(values=CONTACTS, extras=EXTRAS, new=CONTACTS, others=EXTRAS)
def test_our_values_win_and_nothing_is_doubled(values: Values, extras: Extras, new: Values, others: Extras) -> None:
    stranger = card(values, "3.0", extras).replace(
        "END:VCARD", "X-SHOE-SIZE;X-FOOT=left:44\r\nTITLE;X-OTHER=1:\r\nEND:VCARD"
    )
    before, _found = come_back(stranger)
    changed = {**new, "uid": before["uid"], "original": before["original"]}
    (found,) = read(card(changed, "3.0", others))
    said = meaning(found)
    assert values_of(said) == {name: value for name, value in new.items() if name != "id"}
    assert (said.account, set(map(str.casefold, said.tags))) == (others.account, set(map(str.casefold, others.tags)))
    assert [line.value for line in found.lines if line.name == "X-SHOE-SIZE"] == ["44"]
    assert len(set(map(repr, found.lines))) == len(found.lines)


@pytest.mark.parametrize("version", VERSIONS)
@given(values=CONTACTS, extras=EXTRAS)
def test_a_second_export_is_the_first(version: str, values: Values, extras: Extras) -> None:
    once = card(values, version, extras)
    again, found = come_back(once)
    assert card(again, version, names(found)) == once


@pytest.mark.parametrize("version", VERSIONS)
def test_a_second_export_of_every_real_card_is_the_first(version: str) -> None:
    for path in sorted(real("vcard").rglob("*.vcf")):
        for came in read(path.read_bytes()):
            values, _card = come_back(text_of(came))
            once = card({"last_name": "?", **values}, version, names(came))
            again, found = come_back(once)
            assert card(again, version, names(found)) == once, path


def test_everything_that_we_do_not_model_is_given_back() -> None:
    (came,) = read(real("vcard", "apple-ccs", "AFBB77B8-0438-4825-A1DB-A75D76B6C3A8.vcf").read_bytes())
    values, _card = come_back(text_of(came))
    (found,) = read(card(values | {"title": "Boss", "mailing_city": "Hill Top"}, "3.0", names(came)))
    old, new = ({(line.group, line.name, line.value) for line in one.lines} for one in (came, found))
    assert {name for _group, name, _value in old - new} == {"TITLE", "ADR", "X-ABADR"}
    assert {name for _group, name, _value in new - old} == {"TITLE", "ADR", "PRODID"}
    for name in ("X-AIM", "X-ABDATE", "X-ABRELATEDNAMES"):
        assert found.first(name) == came.first(name)


@pytest.mark.parametrize("version", VERSIONS)
def test_photos_and_keys_come_through_both_versions(version: str) -> None:
    came = "N:x\nPHOTO;ENCODING=b;TYPE=JPEG:QUJD\nKEY;ENCODING=b;TYPE=application/pgp-keys:REVG\nLOGO;VALUE=uri:http://a.example/l.png"
    values, _card = come_back(f"BEGIN:VCARD\nVERSION:3.0\n{came}\nEND:VCARD")
    text = card(values, version)
    shown = re.sub(r"\r\n ", "", text)
    assert ("PHOTO:data:image/jpeg;base64,QUJD" if version == "4.0" else "PHOTO;ENCODING=b;TYPE=JPEG:QUJD") in shown
    back, _card = come_back(text)
    assert "PHOTO;ENCODING=b;TYPE=JPEG:QUJD" in card(back, "3.0")
    assert "KEY;ENCODING=b;TYPE=application/pgp-keys:REVG" in card(back, "3.0")
    assert "LOGO;VALUE=uri:http://a.example/l.png" in card(back, "3.0")


def test_a_birthday_without_its_year() -> None:
    values = {"id": ID, "last_name": "x", "birthday": "--02-29"}
    assert "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\r\n" in card(values, "3.0")
    assert "BDAY:--0229\r\n" in card(values, "4.0")


def test_entries_keep_their_lines_and_labels_go_with_theirs() -> None:
    first = "item1.TEL;X-A=1;TYPE=pref:+4930111\nitem1.X-ABLabel:Zentrale"
    came = f"BEGIN:VCARD\nVERSION:3.0\nN:x\n{first}\nTEL;TYPE=cell;X-B=2:+4930222\nEND:VCARD"
    values, _card = come_back(came)
    second = [{"label": "mobile", "value": "+4930222"}, {"label": "lager", "value": "+4930333"}]
    shown = card(values | {"phones": second}, "3.0")
    assert "TEL;X-B=2;TYPE=cell,pref:+4930222\r\n" in shown
    assert "item2.TEL:+4930333\r\nitem2.X-ABLABEL:lager\r\n" in shown
    assert "Zentrale" not in shown
    assert "+4930111" not in shown


def test_an_unread_line_is_given_back_without_our_mark() -> None:
    original = "BEGIN:VCARD\nVERSION:3.0\nN:x\nTEL;TYPE=work;X-SFA-UNREAD=1:ask Bob\nEND:VCARD"
    shown = card({"id": ID, "last_name": "x", "phones": [{"label": "home", "value": "+4930222"}], "original": original})
    assert "TEL;TYPE=work:ask Bob\r\n" in shown
    assert "SFA-UNREAD" not in shown


def test_checkers_of_others_take_every_real_card() -> None:
    cards = [came for path in sorted(real("vcard").rglob("*.vcf")) for came in read(path.read_bytes())]
    written = {
        version: [card({"last_name": "?"} | come_back(text_of(came))[0], version, names(came)) for came in cards]
        for version in VERSIONS
    }
    assert len(cards) > 60
    assert [found for found in vobject(written["3.0"]) if found != (1, "")] == []
    known = [
        text for text in written["4.0"] if "SORT-AS" not in text
    ]  # vcard4 takes no such parameter, though RFC 6350 has it
    assert len(known) == len(cards) - 1
    assert [reason for reason in vcard4(known) if reason] == []


def test_naughty_strings_come_back_and_checkers_take_them() -> None:
    strings = [
        re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "", text).strip()
        for text in json.loads(real("naughty_strings", "blns.json").read_text("utf-8"))
    ]
    fields = ("last_name", "first_name", "title", "mailing_street", "website", "nickname")
    contacts: list[Values] = [
        {"id": ID, **dict.fromkeys(fields, text), "description": f"{text}\n{text}"}
        for text in strings
        if text.strip(" ;,")
    ]
    assert len(contacts) > 400
    for version, check in (("3.0", lambda texts: [reason for _count, reason in vobject(texts)]), ("4.0", vcard4)):
        texts = [card(values, version, Extras(values["title"], (values["title"],))) for values in contacts]
        for values, text in zip(contacts, texts, strict=True):
            (found,) = read(text)
            said = meaning(found)
            assert said.values == {name: value for name, value in values.items() if name != "id"}
            assert (said.account, said.tags) == (values["title"], (values["title"],))
            assert unescape(found.lines[0].value)
        assert [reason for reason in check(texts) if reason] == []


def test_as_many_cards_are_read_as_vobject_reads() -> None:
    files = [path.read_bytes() for path in sorted(real("vcard").rglob("*.vcf"))]
    theirs = vobject([data.decode("utf-8", "replace") for data in files], "parse")
    ours = [len(read(data)) for data in files]
    assert sum(ours) > sum(count for count, _reason in theirs)
    assert all(mine >= count for mine, (count, _reason) in zip(ours, theirs, strict=True))
