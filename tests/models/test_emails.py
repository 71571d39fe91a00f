"""E-mail addresses: the collected hard cases, and the plain ones that take the fast way."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from sfa.models.lists import Emails
from tests.models.samples import attempt, read_json

FIELD = Emails("E-mails")


def accepted(address: str) -> bool:
    entries = [{"label": "work", "value": address}]
    stored, refusal = attempt(lambda: FIELD.check(entries))
    assert stored == entries or refusal is not None
    return refusal is None


def test_the_isemail_cases() -> None:
    """What is an error there is refused; what is plainly valid is kept exactly, but a host without a dot."""
    cases = read_json("emails", "isemail_tests.json")
    assert len(cases) > 50
    for case in cases:
        address = case["address"]
        if case["category"] == "ISEMAIL_ERR":
            assert not accepted(address)
        elif case["category"] in ("ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"):
            assert accepted(address) == ("." in address.rpartition("@")[2])
        else:
            accepted(address)


@given(st.from_regex(r"[a-z0-9_+-]{1,10}(\.[a-z0-9]{1,5})?@[a-z0-9-]{1,10}(\.[a-z]{2,5}){1,2}", fullmatch=True))
@settings(max_examples=500, deadline=None)
def test_what_the_library_takes_we_take(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return
    assert accepted(address)


@pytest.mark.parametrize(
    "address", ["Anna.Schmidt@Example.COM", "jörg@müller.de", '"odd name"@example.com', "用户@例子.中国"]
)
def test_addresses_are_kept_as_typed(address: str) -> None:
    assert accepted(address)
