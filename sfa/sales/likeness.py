"""How alike two records are, and why: the evidence for and against their being the same person or company.

Each piece of evidence has a weight; a score is their sum. The weights say what a careful person would: a shared e-mail
address counts for more than a shared city, and another birthday counts against everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sfa.i18n import N_
from sfa.models import KINDS, fold
from sfa.models.fields import Value
from sfa.sales.spelling import company_words, same_company, same_first_name, similarity

Evidence = tuple[int, str]  # weight, and what it is in words
SAME_EMAIL, SAME_PHONE, SAME_WEBSITE = N_("same e-mail"), N_("same phone"), N_("same website")
ALIKE_EMAIL = N_("e-mail alike")
SAME_NAME, ALIKE_NAME = N_("same name"), N_("name alike")
SAME_BIRTHDAY, SAME_ADDRESS, SAME_ACCOUNT = N_("same birthday"), N_("same address"), N_("same account")
IDENTITY = frozenset({SAME_EMAIL, SAME_PHONE, SAME_WEBSITE})  # what two rarely share
SHARED_HOSTS = frozenset({"facebook.com", "linkedin.com", "instagram.com", "xing.com", "sites.google.com"})
HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/:?#@\s]+)")
OTHER_PERSON = -40  # the weight of names that have nothing in common
SLIPS = 3  # letters that two spellings of one address may differ in length
DIGITS = re.compile(r"\d+")


class Portrait(NamedTuple):
    """What is compared of a record, folded; parts that it lacks are empty. ``name`` is a person's first and last name
    or the words of a company's."""

    is_person: bool
    name: tuple[str, ...]
    emails: frozenset[str]
    phones: frozenset[str]
    website: str
    birthday: str
    street: str
    place: frozenset[str]  # city and postal code
    company: str


def portrait(kind: str, values: Mapping[str, Value]) -> Portrait:
    """What a record of ``kind`` with ``values`` looks like."""
    is_person = "last_name" in KINDS[kind].fields
    if is_person:
        name = tuple(_spoken(values.get(part) or "") for part in ("first_name", "last_name"))
    else:
        name = company_words(KINDS[kind].heading_of(values))
    address = next((start for start in ("mailing", "billing", "address") if f"{start}_city" in KINDS[kind].fields), "")
    return Portrait(
        is_person,
        name,
        frozenset(point["value"].casefold() for point in values.get("emails") or ()),
        frozenset(point["e164"] for point in values.get("phones") or () if "e164" in point),
        "" if is_person else host(values.get("website") or ""),
        values.get("birthday") or "",
        fold(values.get(f"{address}_street") or ""),
        frozenset(fold(values[part]) for part in (f"{address}_city", f"{address}_postal_code") if values.get(part)),
        str(values.get("account") or fold(values.get("company") or "")),
    )


def _spoken(name: str) -> str:
    """A folded name; empty for what only stands in its place, such as ``?`` or ``-``."""
    folded = fold(name)
    return folded if any(map(str.isalpha, folded)) else ""


def host(website: str) -> str:
    """The name of a website's machine, without ``www.``; empty where many companies have their pages."""
    found = HOST.match(website.strip().casefold())
    return found[1] if found and found[1] not in SHARED_HOSTS else ""


def evidence(one: Portrait, other: Portrait) -> list[Evidence]:
    """What speaks for (and, with negative weight, against) the two being the same; the strongest first."""
    names = _person_names(one.name, other.name) if one.is_person else _company_names(one.name, other.name)
    strangers = bool(names) and names[0][0] <= OTHER_PERSON
    found = [*names, *_points(one, other, not strangers), *_circumstances(one, other)]
    return sorted(found, key=lambda piece: -abs(piece[0]))


def _person_names(one: tuple[str, ...], other: tuple[str, ...]) -> list[Evidence]:
    if one == other and all(one):
        return [(40, SAME_NAME)]
    if one == other[::-1] and all(one):
        return [(35, SAME_NAME)]
    (first, last), (other_first, other_last) = one, other
    if not all((first, last, other_first, other_last)):
        halves = [a for a, b in ((first, other_first), (last, other_last)) if a and a == b]
        return [(12, ALIKE_NAME)] if halves else []
    if _alike(first, last, other_first, other_last) or _alike(first, last, other_last, other_first):
        return [(30, ALIKE_NAME)]
    close = same_first_name(first, other_first) or similarity(last, other_last) >= 0.88
    return [(-12 if close else OTHER_PERSON, "")]


def _alike(first: str, last: str, other_first: str, other_last: str) -> bool:
    return same_first_name(first, other_first) and similarity(last, other_last) >= 0.88


def _company_names(one: tuple[str, ...], other: tuple[str, ...]) -> list[Evidence]:
    if not one or not other:
        return []
    if "".join(one) == "".join(other):
        return [(55, SAME_NAME)]
    if same_company(one, other):
        return [(38, ALIKE_NAME)]
    return [(28, ALIKE_NAME)] if set(one) <= set(other) or set(other) <= set(one) else [(-15, "")]


def _points(one: Portrait, other: Portrait, with_slips: bool) -> list[Evidence]:
    found: list[Evidence] = []
    if one.emails & other.emails:
        found.append((55, SAME_EMAIL))
    elif one.emails and other.emails:
        alike = with_slips and any(_same_email(a, b) for a in one.emails for b in other.emails)
        found.append((25, ALIKE_EMAIL) if alike else (-8, ""))
    if one.phones & other.phones:
        found.append((40, SAME_PHONE))
    if one.website and one.website == other.website:
        found.append((40, SAME_WEBSITE))
    return found


def _same_email(one: str, other: str) -> bool:
    """Whether two addresses differ by a slip of the finger only."""
    if abs(len(one) - len(other)) > SLIPS:
        return False
    (local, _, domain), (other_local, _, other_domain) = one.partition("@"), other.partition("@")
    return similarity(domain, other_domain) >= 0.95 and similarity(local, other_local) >= 0.95


def _birthdays(one: str, other: str) -> Evidence:
    if one[0] == "-" or other[0] == "-":  # of which one has no year
        return (20, SAME_BIRTHDAY) if one[-5:] == other[-5:] else (-20, "")
    same = sum(a == b for a, b in zip(one, other, strict=True))
    return (40, SAME_BIRTHDAY) if same == 10 else (20, "") if same >= 9 else (-20, "")


def _circumstances(one: Portrait, other: Portrait) -> list[Evidence]:
    found: list[Evidence] = []
    if one.birthday and other.birthday:
        found.append(_birthdays(one.birthday, other.birthday))
    if one.company and one.company == other.company:
        return [*found, (15, SAME_ACCOUNT)]  # where colleagues share the address too
    if one.company and other.company:
        found.append((-12, ""))
    shared = one.place & other.place
    near = any(a.startswith(b) or b.startswith(a) for a in one.place for b in other.place)
    elsewhere = bool(one.place and other.place and not near)
    found.extend((5, "") for _part in shared)
    if one.street and other.street and similarity(one.street, other.street) >= 0.9:
        numbers, others = set(DIGITS.findall(one.street)), set(DIGITS.findall(other.street))
        same_house = numbers == others or not numbers or not others
        found.append((25, SAME_ADDRESS) if same_house and not elsewhere else (12, ""))
    elif elsewhere and not one.is_person:
        found.append((-18, ""))
    return found
