"""How alike two names are spelled or sound: what is needed to find the same person or company twice."""

from __future__ import annotations

import re
from functools import lru_cache

from sfa.models import fold

_FORMS = """
gmbh ag kg co ohg ug se ev eg ltd limited plc llp inc incorporated llc corp corporation company sa sarl sas srl spa ab
oy as aps bv nv dac sl slu kft sro doo pty pvt the and und et y
"""
LEGAL_FORMS = frozenset(_FORMS.split())
NICKNAMES = """
robert rob bob bobby robbie; william will bill billy; james jim jimmy jamie; john jon jack johnny; jonathan jon jonny;
michael mike mick michel; richard rick dick; thomas tom tommy; daniel dan danny; david dave; joseph joe; josef sepp;
edward ed eddie ted; charles charlie chuck; andrew andy drew; anthony tony; christopher chris; christian chris;
matthew matt; nicholas nick; samuel sam; benjamin ben; alexander alex sasha; stephen steven steve; friedrich fritz;
elizabeth elisabeth liz beth lisa betty; katherine catherine kate kathy katie; margaret maggie peggy; wilhelm willi;
jennifer jen jenny; susan sue; rebecca becky; patricia pat patty; barbara barb; johannes hans; maximilian max
"""
_GROUPS = [group.split() for group in NICKNAMES.split(";")]
_VARIANTS = {
    name: {other for group in _GROUPS if name in group for other in group}
    for name in {*NICKNAMES.replace(";", " ").split()}
}
_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556", "aeiouhwy")
WORD = re.compile(r"\w+")


def company_words(name: str) -> tuple[str, ...]:
    """The words that tell one company from another: folded, without its legal form."""
    words = WORD.findall(fold(name).replace(".", "").replace("'", ""))
    return tuple(word for word in words if word not in LEGAL_FORMS) or tuple(words)


@lru_cache(50_000)
def sound(name: str) -> str:
    """A folded name as it sounds, roughly: its first letter and up to four digits for the consonants."""
    letters = "".join(letter for letter in name if "a" <= letter <= "z")
    if not letters:
        return ""
    digits = letters[1:].translate(_SOUNDS)
    kept = "".join(digit for place, digit in enumerate(digits) if not place or digit != digits[place - 1])
    return letters[0] + kept[:4]


@lru_cache(50_000)
def similarity(one: str, other: str) -> float:
    """Jaro-Winkler similarity: 1 for the same text, 0 for nothing in common; a common beginning counts for more."""
    if one == other:
        return 1.0
    reach = max(len(one), len(other)) // 2 - 1
    taken, matched = [False] * len(other), []
    for place, letter in enumerate(one):
        for there in range(max(0, place - reach), min(len(other), place + reach + 1)):
            if not taken[there] and other[there] == letter:
                taken[there] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    in_other = [letter for letter, used in zip(other, taken, strict=True) if used]
    swapped = sum(a != b for a, b in zip(matched, in_other, strict=True)) / 2
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - swapped) / count) / 3
    start = 0
    while start < min(4, len(one), len(other)) and one[start] == other[start]:
        start += 1
    return jaro + start * 0.1 * (1 - jaro)


def same_first_name(one: str, other: str) -> bool:
    """Whether two folded first names may mean one person: an initial, a nickname or a slip of the finger."""
    short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    if len(short) == 1:
        return long.startswith(short)
    return long in _VARIANTS.get(short, ()) or similarity(one, other) >= 0.86


def same_company(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the words of two companies' names mean one: each has its like, shortened or with a slip of the finger."""
    if len(one) != len(other):
        return False
    left = list(other)
    for word in one:
        like = next((there for there in left if _same_word(word, there)), None)
        if like is None:
            return False
        left.remove(like)
    return True


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (len(short) > 2 and long.startswith(short)) or similarity(one, other) >= 0.92
