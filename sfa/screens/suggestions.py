"""What a field could hold, from the part that was typed so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sfa.i18n import _
from sfa.locales import currencies
from sfa.models import KINDS, Choice, Field, Link, Links, Record, fold
from sfa.models.fields import Value
from sfa.models.quantities import Currency
from sfa.store.book import Book
from sfa.widgets.formcanvas import Suggestion

MOST = 6
LISTED = 500
"""Records of a kind that full-text search leaves out (stages, users, tags …) which are looked through."""


def suggest(book: Book, field: Field[object], text: str, peers: Mapping[str, Value]) -> list[Suggestion]:
    """Suggestions for what is typed, best first."""
    word = last_part(field, text)
    if not word:
        return []
    if isinstance(field, Choice):
        return _beginning(word, [Suggestion(_(option)) for option in field.options])
    if isinstance(field, Currency):
        return _beginning(word, [Suggestion(code) for code in sorted(currencies())])
    if isinstance(field, (Link, Links)):
        return _records(book, field.to, word, peers)
    return []


def last_part(field: Field[object], text: str) -> str:
    """The part of the text that is being typed: of a list, its last entry."""
    return (text.rpartition(";")[2] if isinstance(field, Links) else text).strip()


def taken(field: Field[object], text: str, suggestion: Suggestion) -> str:
    """``text`` with its last part replaced by the suggestion."""
    head = text.rpartition(";")[0] if isinstance(field, Links) else ""
    return f"{head.rstrip()}; {suggestion.text}" if head else suggestion.text


def _beginning(word: str, options: Sequence[Suggestion]) -> list[Suggestion]:
    """The options with a word that begins with ``word``, those that themselves begin so first; none for a full one."""
    folded = fold(word)
    if any(fold(option.text) == folded for option in options):
        return []
    found = [
        option for option in options if f" {folded}" in f" {fold(option.text)}".replace("/", " ").replace("-", " ")
    ]
    return sorted(found, key=lambda option: not fold(option.text).startswith(folded))[:MOST]


def _records(book: Book, kind: str, word: str, peers: Mapping[str, Value]) -> list[Suggestion]:
    found = _searched(book, kind, word) if KINDS[kind].rank else _listed(book, kind, word, peers)
    exact = sorted(found, key=lambda suggestion: fold(suggestion.text) != fold(word))
    if not may_add(book, kind):
        return exact
    label = _("new {kind}").format(kind=_(KINDS[kind].label).lower())
    return [*exact[: MOST - 1], Suggestion(word, label, fresh=True)]


def _searched(book: Book, kind: str, word: str) -> list[Suggestion]:
    from sfa.sales import find

    return [Suggestion(hit.title, hit.subtitle, hit.id) for hit in find.find(book, word, (kind,), limit=MOST)]


def _listed(book: Book, kind: str, word: str, peers: Mapping[str, Value]) -> list[Suggestion]:
    """Records of a kind that has few, those of another parent left out (the stages of another pipeline)."""
    scope = KINDS[kind].scoped_by
    records = [
        record
        for record in book.records(kind)[:LISTED]
        if not peers.get(scope) or record.values.get(scope) == peers[scope]
    ]
    named = [Suggestion(record.heading, "", record.id) for record in records if _goes_by(record, word)]
    return named[:MOST]


def _goes_by(record: Record, word: str) -> bool:
    return f" {fold(word)}" in f" {fold(record.heading)}".replace("/", " ")


def may_add(book: Book, kind: str) -> bool:
    """Whether a record of ``kind`` can be added by its name alone, from the field that links to it."""
    record = KINDS[kind]
    needed = {name for name, field in book.fields(kind).items() if field.required and field.default is None}
    return (record.rank > 0 or kind == "tag") and bool(needed) and needed <= set(record.named_by)


def named_values(kind: str, text: str) -> dict[str, Value]:
    """The values of a record that is called ``text``: a person's last word is the last name."""
    names = KINDS[kind].named_by
    if len(names) == 1:
        return {names[0]: text}
    first, _space, last = text.strip().rpartition(" ")
    return {name: value for name, value in zip(names, (first, last), strict=True) if value}
