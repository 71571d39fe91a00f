"""Field kinds with several values: phones, e-mail addresses, links. Stored as JSON lists; sync merges them as sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sfa.i18n import _
from sfa.locales import Locale, current
from sfa.models.fields import Context, Field, Peers, Value, called, check_text, quoted

LABELS = ("work", "mobile", "home", "fax", "other")
SEPARATOR = re.compile(r"\s*(?:;|\n|\s:::\s)\s*")
LABEL = re.compile(r"[^\W\d_](?:[^:;@+\n]{0,18}[^:;@+\s])?")
LABELLED = re.compile(rf"\s*(?P<label>{LABEL.pattern})\s*:\s*(?P<value>.+)$", re.DOTALL)
PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE
)
LINK_MARK = "\ue000"  # of the private use area: nobody types it
PUNCTUATION = str.maketrans("", "", " -./()\u00a0\u2010\u2011\u2012\u2013")


@lru_cache(256)
def _is_label(text: str) -> bool:
    return bool(LABEL.fullmatch(text))


def _is_several(text: str) -> bool:
    """Whether ``text`` would be read as several values, or as one with a label."""
    if ":" not in text and ";" not in text and "\n" not in text:  # in a tenth of the time
        return False
    return bool(SEPARATOR.search(text) or LABELLED.match(text))


class Points(Field[list[dict[str, str]]]):
    """Several labelled values, the first the main one: ``[{"label": "work", "value": "…"}]``.

    Written as ``work: +49 30 1234; mobile: +49 170 1234``; without a label the first is ``work``.
    """

    in_json, is_set = True, True

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
            label, text = point.get("label") or "work", check_text(point["value"], self.max).strip()
            if not isinstance(label, str) or not _is_label(label):
                raise ValueError(_("{label} cannot be a label; write a word, such as work").format(label=quoted(label)))
            checked = {"label": label, "value": text, **self.judge(text, point)}
            if _is_several(text):
                raise ValueError(_("{value} cannot be told from several entries").format(value=quoted(text)))
            if checked not in points:
                points.append(checked)
        return points

    def judge(self, value: str, point: Mapping[str, str]) -> dict[str, str]:
        """What is stored besides the value itself; ``ValueError`` where it is none of this kind."""
        raise NotImplementedError

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

    def judge(self, value: str, point: Mapping[str, str]) -> dict[str, str]:
        """The number as E.164: the one that it had where it was typed, as it is dialled otherwise elsewhere."""
        known = str(point.get("e164", ""))
        return {"e164": known if known.startswith("+") and _is_e164(known) else e164(value)}

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        """As typed; a number that is dialled otherwise where the rep is now, as E.164."""
        return "; ".join(f"{point['label']}: {self._spelling(point)}" for point in value or ())

    @staticmethod
    def _spelling(point: Mapping[str, str]) -> str:
        try:
            return point["value"] if e164(point["value"]) == point["e164"] else point["e164"]
        except ValueError:
            return point["e164"]

    def words(self, value: Value) -> str:
        """Digits in one piece, with and without the country code, as people type them."""
        return " ".join(spelling for point in value for spelling in phone_spellings(point["e164"]))


class Emails(Points):
    """E-mail addresses."""

    width = 26

    def judge(self, value: str, point: Mapping[str, str]) -> dict[str, str]:
        if PLAIN_EMAIL.fullmatch(value) and len(value) <= 254 and value.find("@") <= 64:
            return {}
        from email_validator import EmailNotValidError, validate_email  # 23 ms, and only the odd address needs it

        try:
            validate_email(value, check_deliverability=False, allow_quoted_local=True, allow_domain_literal=True)
        except EmailNotValidError as error:
            reason = _("{value} is not an e-mail address: {reason}").format(value=quoted(value), reason=error)
            raise ValueError(reason) from None
        return {}


class Links(Field[list[str]]):
    """A set of records of kind ``to``, by id. ``creates`` as for ``Link``."""

    in_json, is_set = True, True
    width = 20

    def __init__(self, label: str, to: str, *, creates: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.to, self.creates = to, creates

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return [context.resolve(self.to, part, peers) for part in SEPARATOR.split(text.strip()) if part]

    def check(self, value: Value) -> list[str]:
        if not isinstance(value, list):
            raise ValueError(_("must be a list of records"))
        return sorted({check_text(item, 64) for item in value})

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        names = {item: called(context, self.to, item, peers) for item in value or ()}
        return "; ".join(item if SEPARATOR.search(name) else name for item, name in names.items())

    def plain(self, value: Value, peers: Peers, context: Context) -> Any:
        return [{"id": item, "name": context.title(self.to, item)} for item in value or ()]

    def words(self, value: Value) -> str:
        """Each id as one word that nobody types, so that the search index also tells who links to a record."""
        return " ".join(map(link_word, value))


def link_word(record_id: str) -> str:
    """The word of the search index for a link to ``record_id``."""
    return LINK_MARK + record_id.replace("-", "")


@cache
def _plan(code: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """The numbering plan of country code ``code``: possible lengths, and what may be a trunk prefix."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    region = region_code_for_country_code(int(code))
    metadata = None if region in ("ZZ", "001") else PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return None
    lengths = frozenset(length for length in metadata.general_desc.possible_length if length > 0)
    return lengths, re.compile(metadata.national_prefix_for_parsing or "(?!)")


@cache
def _country(start: str) -> str:
    """The country code that the first three digits ``start`` begin with; empty where there is none."""
    return next((start[:size] for size in (1, 2, 3) if start[0] != "0" and _plan(start[:size])), "")


class Dialling(NamedTuple):
    """How numbers are dialled within a region: its country code, how numbers look, and what may come before."""

    code: str
    lengths: frozenset[int]
    whole: re.Pattern[str]
    before: re.Pattern[str]  # trunk prefixes and more
    trunk: str  # the one trunk prefix, where there is nothing more to it
    abroad: re.Pattern[str]  # what calls to other countries begin with


@cache
def _dialling(region: str) -> Dialling | None:
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return None
    before = metadata.national_prefix_for_parsing or ""
    return Dialling(
        str(metadata.country_code),
        frozenset(length for length in metadata.general_desc.possible_length if length > 0),
        re.compile(metadata.general_desc.national_number_pattern or "(?!)"),
        re.compile(before or "(?!)"),
        before if before.isdigit() and not metadata.national_prefix_transform_rule else "",
        re.compile(metadata.international_prefix or "(?!)"),
    )


def _dialled_within(bare: str, region: str) -> str:
    """The digits ``bare`` as dialled within ``region``, where that is beyond doubt; else empty, for the library."""
    plan = _dialling(region)
    if plan is None or plan.abroad.match(bare):
        return ""
    rest = bare
    if plan.before.match(bare):
        if not plan.trunk or bare.startswith(plan.code):
            return ""
        rest = bare.removeprefix(plan.trunk)
    return f"+{plan.code}{rest}" if len(rest) in plan.lengths and plan.whole.fullmatch(rest) else ""


def e164(text: str, region: str = "") -> str:
    """``text`` as E.164, such as ``+493012345``; ``ValueError`` where it cannot be a phone number.

    Numbers without a country code are read as dialled in ``region`` (the locale's own where empty). Plain numbers of a
    possible length take a fast way that gives what the library gives.
    """
    bare = text.translate(PUNCTUATION)
    if bare.isascii() and bare.isdigit() and len(text) <= 250:
        if dialled := _dialled_within(bare, region or current().territory):
            return dialled
    elif bare[:1] == "+" and bare[1:].isascii() and bare[1:].isdigit() and len(bare) <= 16 and len(text) <= 250:
        code = _country(bare[1:4])
        plan, national = _plan(code) if code else None, bare[len(code) + 1 :]
        if plan and len(national) in plan[0] and not plan[1].match(national):
            return bare
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or current().territory)
    except phonenumbers.NumberParseException as error:
        unknown = error.error_type == error.INVALID_COUNTRY_CODE
        reason = _("its country code is missing or unknown") if unknown else _("write it like +49 30 1234567")
        raise ValueError(_("{text} is not a phone number: {reason}").format(text=quoted(text), reason=reason)) from None
    if not phonenumbers.is_possible_number(number):
        reason = _("{text} is not a phone number: it has too many or too few digits")
        raise ValueError(reason.format(text=quoted(text)))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_e164(text: str) -> bool:
    try:
        return e164(text) == text
    except ValueError:
        return False


def phone_spellings(number: str) -> tuple[str, ...]:
    """The ways a person may type an E.164 number without signs: ``493012345``, ``03012345`` and ``3012345``."""
    country = _country(number[1:4])
    national = number[len(country) + 1 :]
    return number[1:], "0" + national, national
