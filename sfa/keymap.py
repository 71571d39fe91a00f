"""The user's keymap: what is wrong with it, how Textual wants it, and the page of all keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from sfa.actions import ACTIONS, BY_ID, PLACES, YIELDING, Action, keys_of
from sfa.i18n import _
from sfa.keynames import display, normal

UNBOUND = "unbound"
"""The key that no keyboard has: Textual would keep the default of an action whose list of keys is empty."""


def textual_keymap(keymap: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A keymap that ``check_keymap`` found no fault in, as ``App.set_keymap`` wants it."""
    return {id: ",".join(map(normal, keys)) or UNBOUND for id, keys in keymap.items()}


def check_keymap(keymap: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with a keymap (action id to its keys; none unbinds it), a line each; empty when nothing is."""
    problems = [problem for id, keys in keymap.items() for problem in _check_entry(id, keys)]
    return problems or [*_clashes({id: tuple(map(normal, keys)) for id, keys in keymap.items()})]


def _check_entry(id: str, keys: Sequence[str]) -> Iterator[str]:
    if id not in BY_ID:
        near = get_close_matches(id, BY_ID, 1)
        hint = _(" Did you mean “{near}”?").format(near=near[0]) if near else ""
        yield _("There is no action “{id}”.").format(id=id) + hint
    elif BY_ID[id].call:
        yield _("The keys of “{id}” cannot be changed.").format(id=id)
    elif isinstance(keys, str):
        yield _("The keys of “{id}” must be a list.").format(id=id)
    else:
        for key in keys:
            try:
                normal(key)
            except ValueError as error:
                yield _("“{id}”: {reason}").format(id=id, reason=error)


def _clashes(keymap: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line for each two actions that the same key would start in the same place."""
    seen: set[tuple[str, str, str]] = set()
    for scopes in PLACES.values():
        taken: dict[str, Action] = {}
        for action in ACTIONS:
            if action.id in YIELDING or not set(scopes) & set(action.scopes):
                continue
            for key in keymap.get(action.id, tuple(map(normal, action.keys))):
                other = taken.setdefault(key, action)
                if other is not action and (key, other.id, action.id) not in seen:
                    seen.add((key, other.id, action.id))
                    yield _("The key {key} is wanted by both “{one}” and “{other}”.").format(
                        key=display(key), one=other.id, other=action.id
                    )


def keys_page(keymap: Mapping[str, Sequence[str]] | None = None) -> str:
    """All keys as a Markdown page."""
    lines = [f"# {_('Keys')}"]
    for group in dict.fromkeys(action.group for action in ACTIONS):
        lines += ["", f"## {_(group)}", "", f"| {_('Keys')} | {_('Name')} | {_('What it does')} |", "|---|---|---|"]
        lines += [_keys_row(action, keymap) for action in ACTIONS if action.group == group]
    return "\n".join(lines) + "\n"


def _keys_row(action: Action, keymap: Mapping[str, Sequence[str]] | None) -> str:
    keys = " ".join(f"`{key}`".replace("|", "\\|") for key in keys_of(action.id, keymap))
    return f"| {keys} | {_(action.title)} (`{action.id}`) | {_(action.help)} |"
