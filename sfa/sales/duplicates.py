"""Duplicates: a hint while a record is typed, and a search of the whole book."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sfa.i18n import _
from sfa.models import KINDS
from sfa.models.fields import Value
from sfa.sales.likeness import IDENTITY, Portrait, evidence, portrait
from sfa.sales.merge import merge
from sfa.sales.spelling import sound
from sfa.store.book import Book
from sfa.store.columns import json_columns
from sfa.store.search import matching, words

__all__ = ["Hint", "Pair", "hints", "merge", "pairs"]

HINTED, PAIRED = 25, 40  # the scores from which a record is worth a hint, and a pair a look
CANDIDATES = 60  # records per question that a hint looks at
BLOCK, WINDOW = 16, 6  # in a group of more records than this, each is compared with its next neighbours only
COMPARED = ("first_name", "last_name", "name", "emails", "phones", "website", "birthday", "account", "company")


class Hint(NamedTuple):
    """A record that may be the one being typed; ``score`` from 0 to 100, ``reason`` in words."""

    id: str
    title: str
    score: int
    reason: str


class Pair(NamedTuple):
    """Two records that may be the same thing twice; the ``first`` is the older."""

    first: str
    first_title: str
    second: str
    second_title: str
    score: int
    reason: str


class Candidate(NamedTuple):
    id: str
    title: str
    portrait: Portrait


def hints(book: Book, kind: str, values: Mapping[str, Value], exclude: str | None = None, limit: int = 5) -> list[Hint]:
    """The records of ``kind`` that are most like one with ``values``, best first; ``exclude`` is the record itself.

    Fast enough for every keystroke: a handful of look-ups in the indexes, and a look at what they find.
    """
    asked = portrait(kind, values)
    numbers = dict.fromkeys(number for question in _questions(kind, asked) for number in _found(book, kind, question))
    numbers |= dict.fromkeys(_of_same_name(book, kind, values))
    found: list[Hint] = []
    for candidate in _read(book, kind, f"n IN ({', '.join(map(str, numbers))})"):
        score, reason, identity = _judge(asked, candidate.portrait)
        if candidate.id != exclude and (score >= HINTED or identity):
            found.append(Hint(candidate.id, candidate.title, max(score, HINTED), reason))
    return sorted(found, key=lambda hint: -hint.score)[:limit]


def _judge(one: Portrait, other: Portrait) -> tuple[int, str, bool]:
    """The score, the reasons in words, and whether one of them is what two records rarely share."""
    found = evidence(one, other)
    reasons = list(dict.fromkeys(reason for weight, reason in found if weight > 0 and reason))
    score = sum(weight for weight, _reason in found)
    return max(0, min(100, score)), ", ".join(map(_, reasons)), bool(IDENTITY & set(reasons))


def _questions(kind: str, asked: Portrait) -> Iterator[str]:
    """Full-text queries that the record, spelled as asked or a little differently, answers."""
    if not KINDS[kind].rank:
        return
    for email in asked.emails:
        local, _at, domain = email.partition("@")
        yield _all([*words(local), *words(domain.rpartition(".")[0])])
    for phone in asked.phones:
        yield f'"{phone[1:]}"'
    if asked.website:
        yield _all(words(asked.website))
    yield from (_of_person if asked.is_person else _of_company)(asked.name)


def _of_person(name: tuple[str, ...]) -> Iterator[str]:
    first, last = (words(part) for part in name)
    if first and last:
        yield f'{_all(last)} "{first[0][0]}"*'
        yield f'{_all(first)} "{max(last, key=len)[:3]}"*'


def _of_company(name: tuple[str, ...]) -> Iterator[str]:
    if len("".join(name)) > 2:
        first, *rest = name
        yield _all(name)
        yield f'"{first}" "{rest[0][:3]}"*' if rest else f'"{first[:6]}"*'


def _all(terms: Iterable[str]) -> str:
    return " ".join(f'"{term}"' for term in terms)


def _found(book: Book, kind: str, question: str) -> Iterator[int]:
    sql = f"{matching(kind)} ORDER BY rowid DESC LIMIT ?"
    return (row[0] for row in book.rows(sql, (question, CANDIDATES))) if question else iter(())


def _of_same_name(book: Book, kind: str, values: Mapping[str, Value]) -> Iterator[int]:
    key = KINDS[kind].sort_key_of(values)
    sql = f"SELECT n FROM {kind} WHERE deleted_at IS NULL AND sort_key = ? ORDER BY n DESC LIMIT ?"
    return (row[0] for row in (book.rows(sql, (key, CANDIDATES)) if key else ()))


def _read(book: Book, kind: str, where: str) -> Iterator[Candidate]:
    """The live records of ``kind`` that fulfil ``where``, with no more of each than is compared."""
    address = ("street", "city", "postal_code")
    starts = ("mailing", "billing", "address")
    wanted = (*COMPARED, *KINDS[kind].named_by, *(f"{start}_{part}" for start in starts for part in address))
    names = [name for name in dict.fromkeys(wanted) if name in KINDS[kind].fields]
    in_json = json_columns(kind)
    rows = book.connection.execute(f"SELECT id, {', '.join(names)} FROM {kind} WHERE deleted_at IS NULL AND {where}")
    for record_id, *row in rows:
        values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for name in in_json & values.keys():
            values[name] = json.loads(values[name])
        yield Candidate(record_id, KINDS[kind].heading_of(values), portrait(kind, values))


def pairs(book: Book, kind: str, limit: int = 50) -> list[Pair]:
    """The pairs of records of ``kind`` that are most likely the same, best first; reads the whole kind once."""
    candidates = sorted(_read(book, kind, "1"), key=lambda candidate: candidate.id)
    blocks: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        for key in set(_keys(candidate.portrait)):
            blocks.setdefault(key, []).append(place)
    looked: set[tuple[int, int]] = set()
    found: list[Pair] = []
    for block in blocks.values():
        for one, other in _neighbours(candidates, block):
            if (one, other) in looked:
                continue
            looked.add((one, other))
            a, b = candidates[one], candidates[other]
            score, reason, _identity = _judge(a.portrait, b.portrait)
            if score >= PAIRED:
                found.append(Pair(a.id, a.title, b.id, b.title, score, reason))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))[:limit]


def _neighbours(candidates: list[Candidate], block: list[int]) -> Iterator[tuple[int, int]]:
    """The pairs of one block: all of a small one, those near each other by name of a large one."""
    window = len(block) if len(block) <= BLOCK else WINDOW
    ordered = sorted(block, key=lambda place: candidates[place].portrait.name[::-1])
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + window]:
            yield min(one, other), max(one, other)


def _keys(portrait: Portrait) -> Iterator[str]:
    """Under each key lie records that may be the same; two that share none are never compared."""
    yield from (f"e:{email}" for email in portrait.emails)
    yield from (f"p:{phone}" for phone in portrait.phones)
    if portrait.website:
        yield f"w:{portrait.website}"
    if portrait.birthday:
        yield f"b:{portrait.birthday}"
    if portrait.street:
        yield f"s:{portrait.street}"
        yield from (f"s:{portrait.street[:6]}:{part}" for part in portrait.place)
    if portrait.is_person:
        first, last = portrait.name
        if first and last:
            yield ":".join(sorted((sound(first), sound(last))))
            yield f"{sound(last)}:{first[0]}"
            yield f"{sound(first)}:{last[0]}"
    elif portrait.name:
        yield "n:" + "".join(sorted(portrait.name))
        yield from (f"n:{word}" for word in portrait.name if len(word) > 2)
        yield f"n:{sound(portrait.name[0])}"
