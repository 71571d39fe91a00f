"""Passwords, kept as argon2id hashes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sfa.errors import UserError
from sfa.i18n import _

LEAST = 10  # characters
MOST = 1000  # hashing more is work for nothing
hasher = PasswordHasher()  # RFC 9106, second choice: 64 MiB, 3 passes


def hashed(password: str) -> str:
    """What is kept of ``password``; ``UserError`` for one that is too short or too long."""
    if not LEAST <= len(password) <= MOST:
        raise UserError(_("A password has {least} to {most} characters.").format(least=LEAST, most=MOST))
    return hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one kept. Where nothing is kept (nobody has that name), as much work is done."""
    try:
        return hasher.verify(kept or _nobody(hasher), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than new ones are."""
    return hasher.check_needs_rehash(kept)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's password")
