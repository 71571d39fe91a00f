"""Field kinds with several values: phones, e-mail addresses, links. Stored as JSON lists; sync merges them as sets."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sfa.i18n import _
from sfa.locales import Locale, current
from sfa.models.fields import Context, Field, Peers, Value, check_text

LABELS = ("work", "mobile", "home", "fax", "other")
SEPARATOR = re.compile(r"\s*(?:;|\n|:::)\s*")
LABELLED = re.compile(r"\s*(?P<label>[^\W\d_][\w ]{0,19}?)\s*:\s*(?P<value>.+)$", re.DOTALL)
PLAIN_EMAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)
PUNCTUATION = str.maketrans("", "", " -./()\u00a0\u2010\u2011\u2012\u2013")


class Points(Field[list[dict[str, str]]]):
    """Several labelled values, the first the main one: ``[{"label": "work", "value": "…"}]``.

    Written as ``work: +49 30 1234; mobile: +49 170 1234``; without a label the first is ``work``.
    """

    in_json = True

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return [self.point(part) for part in SEPARATOR.split(text.strip()) if part]

    def point(self, text: str, label: str = "work") -> dict[str, str]:
        """One entry from text, ``label`` where the text names none."""
        if found := LABELLED.match(text):
            label, text = found["label"].casefold(), found["value"]
        return {"label": label, "value": text.strip()}

    def check(self, value: Value) -> list[dict[str, str]]:
        if not isinstance(value, list):
            raise ValueError(_("must be a list of entries with label and value"))
        points: list[dict[str, str]] = []
        for point in value:
            if not isinstance(point, dict) or not isinstance(point.get("value"), str):
                raise ValueError(_("must be a list of entries with label and value"))
            checked = {"label": check_text(point.get("label") or "work", 20), **self.judge(check_text(point["value"], self.max))}
            if checked not in points:
                points.append(checked)
        return points

    def judge(self, value: str) -> dict[str, str]:
        """The entry's stored parts; ``ValueError`` where the value is none of this kind."""
        return {"value": value}

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        if not value:
            return ""
        more = len(value) - 1
        return str(value[0]["value"]) + (f" (+{more})" if more else "")

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return "; ".join(f"{point['label']}: {point['value']}" for point in value or ())

    def words(self, value: Value) -> str:
        return " ".join(point["value"] for point in value)


class Phones(Points):
    """Phone numbers, kept as typed (``value``) and as E.164 (``e164``)."""

    width = 20

    def judge(self, value: str) -> dict[str, str]:
        return {"value": value, "e164": e164(value)}

    def words(self, value: Value) -> str:
        """Digits in one piece, with and without the country code, as people type them."""
        return " ".join(spelling for point in value for spelling in phone_spellings(point["e164"]))


class Emails(Points):
    """E-mail addresses."""

    width = 26

    def judge(self, value: str) -> dict[str, str]:
        if PLAIN_EMAIL.fullmatch(value) and len(value) <= 254 and value.find("@") <= 64:
            return {"value": value}
        from email_validator import EmailNotValidError, validate_email  # 23 ms, and only the odd address needs it

        try:
            validate_email(value, check_deliverability=False, allow_quoted_local=True, allow_domain_literal=True)
        except EmailNotValidError as error:
            raise ValueError(_("{value} is not an e-mail address: {reason}").format(value=value, reason=error)) from None
        return {"value": value}


class Links(Field[list[str]]):
    """A set of records of kind ``to``, by id."""

    in_json = True
    width = 20

    def __init__(self, label: str, to: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.to = to

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return [context.resolve(self.to, part, peers) for part in SEPARATOR.split(text.strip()) if part]

    def check(self, value: Value) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(_("must be a list of records"))
        return sorted(set(value))

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return "; ".join(context.title(self.to, item) for item in value or ())

    def plain(self, value: Value, peers: Peers, context: Context) -> Any:
        return [{"id": item, "name": context.title(self.to, item)} for item in value or ()]

    def words(self, value: Value) -> str:
        return ""


@cache
def _lengths(prefix: str) -> frozenset[int]:
    """How many digits a whole number may have after the country code ``prefix``; empty where there is no such code."""
    from phonenumbers import PhoneMetadata, region_codes_for_country_code

    lengths: set[int] = set()
    for region in region_codes_for_country_code(int(prefix)):
        if region == "001":
            return frozenset()
        lengths.update(PhoneMetadata.metadata_for_region(region).general_desc.possible_length)
    return frozenset(lengths)


@cache
def _country(start: str) -> str:
    """The country code that the first three digits ``start`` begin with; empty where there is none."""
    return next((start[:size] for size in (1, 2, 3) if start[0] != "0" and _lengths(start[:size])), "")


def e164(text: str, region: str = "") -> str:
    """``text`` as E.164, such as ``+493012345``; ``ValueError`` where it cannot be a phone number.

    Numbers without a country code are read as dialled in ``region`` (the locale's own where empty). Plain international
    numbers of a possible length take a fast way that gives what the library gives.
    """
    bare = text.translate(PUNCTUATION)
    if bare[:1] == "+" and bare[1:].isascii() and bare[1:].isdigit() and 8 <= len(bare) <= 16 and "(0)" not in text:
        country = _country(bare[1:4])
        if country and country != "39" and bare[len(country) + 1] != "0" and len(bare) - len(country) - 1 in _lengths(country):
            return bare
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or current().territory)
    except phonenumbers.NumberParseException as error:
        raise ValueError(_("{text} is not a phone number: {reason}").format(text=text, reason=error)) from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("{text} is not a phone number: it has too many or too few digits").format(text=text))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_spellings(number: str) -> tuple[str, ...]:
    """The ways a person may type an E.164 number without signs: ``493012345``, ``03012345`` and ``3012345``."""
    country = _country(number[1:4])
    national = number[len(country) + 1 :]
    return number[1:], "0" + national, national
