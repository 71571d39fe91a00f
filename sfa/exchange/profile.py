"""How files of one kind are to be read, given on the command line or saved in a TOML file for the next time.

[opportunity]
match = "external_id"

[opportunity.columns]
"Umsatz" = "amount"

[opportunity.values.product]
"GTXPro" = "GTX Pro"
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sfa.errors import UserError
from sfa.i18n import _
from sfa.models import find_kind
from sfa.settings import folder

MODES = ("insert", "update", "upsert")
POLICIES = ("reject", "empty", "create")


@dataclass(frozen=True)
class ImportPlan:
    """How to read files of one kind. All of it may be left out.

    ``columns``: header → field (empty: leave the column out). ``values``: field or header → text in the file → text to
    read instead. ``constants``: field → text for every row. ``unresolved``: link field (empty: all others) → what to do
    with a name that no record has: ``reject`` the row, leave the link ``empty``, or ``create`` the record. ``match``:
    the field by which rows find records (``id`` for sfa's own). ``mode``: upsert where there is a ``match``, else
    insert.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    unresolved: Mapping[str, str] = field(default_factory=dict)
    match: str = ""
    mode: str = ""
    encoding: str = ""
    delimiter: str = ""

    def __post_init__(self) -> None:
        if self.mode not in ("", *MODES):
            raise UserError(
                _("There is no mode {mode}.").format(mode=self.mode),
                _("Modes: {modes}.").format(modes=", ".join(MODES)),
            )
        if self.mode == "update" and not self.match:
            raise UserError(_("Updating needs the field by which rows find their records."), _("Name it with --match."))
        if wrong := set(self.unresolved.values()) - set(POLICIES):
            raise UserError(
                _("A name that no record has cannot be treated as “{policy}”.").format(policy=min(wrong)),
                _("Choose one of {policies}.").format(policies=", ".join(POLICIES)),
            )

    @classmethod
    def of_options(
        cls,
        columns: Iterable[str] = (),
        values: Iterable[str] = (),
        constants: Iterable[str] = (),
        unresolved: Iterable[str] = (),
        **rest: str,
    ) -> ImportPlan:
        """From ``Header=field``, ``field:Text=Text``, ``field=Text`` and ``field=policy`` (or a policy) as typed."""
        mapped: dict[str, dict[str, str]] = {}
        for option in values:
            head, target = _pair(option)
            name, colon, text = head.partition(":")
            if not colon:
                raise UserError(
                    _("“{text}” maps no value.").format(text=option), _('Write it like "product:GTXPro=GTX Pro".')
                )
            mapped.setdefault(name, {})[text] = target
        policies = (option if "=" in option else f"={option}" for option in unresolved)
        return cls(dict(map(_pair, columns)), mapped, dict(map(_pair, constants)), dict(map(_pair, policies)), **rest)

    def over(self, base: ImportPlan) -> ImportPlan:
        """This plan with what it leaves open taken from ``base``."""
        values = {
            name: {**base.values.get(name, {}), **self.values.get(name, {})} for name in {**base.values, **self.values}
        }
        return ImportPlan(
            {**base.columns, **self.columns},
            values,
            {**base.constants, **self.constants},
            {**base.unresolved, **self.unresolved},
            *((getattr(self, name) or getattr(base, name)) for name in ("match", "mode", "encoding", "delimiter")),
        )


def _pair(option: str) -> tuple[str, str]:
    head, equals, tail = option.rpartition("=")
    if not equals:
        raise UserError(_("“{text}” has no “=”.").format(text=option))
    return head.strip(), tail.strip()


def profile_path(name: str) -> Path:
    """Where the profile ``name`` lies: in the folder of the settings, or where its path says."""
    bare = os.path.basename(name) == name and not name.endswith(".toml")
    return Path(folder("config")) / "imports" / f"{name}.toml" if bare else Path(name)


def load_profile(name: str) -> dict[str, ImportPlan]:
    """The saved plans by kind. Raises ``UserError`` where the file is none."""
    path = profile_path(name)
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UserError(
            _("There is no import profile {path}: {reason}.").format(path=path, reason=error.strerror)
        ) from None
    except ValueError as error:
        raise UserError(
            _("The import profile {path} is not well written: {reason}.").format(path=path, reason=error)
        ) from None
    return {find_kind(kind).kind: _plan(path, kind, section) for kind, section in content.items()}


def _plan(path: Path, kind: str, section: Any) -> ImportPlan:
    texts = {entry.name: isinstance(entry.default, str) for entry in fields(ImportPlan)}
    for name, value in section.items() if isinstance(section, dict) else [(kind, section)]:
        if (
            name not in texts
            or isinstance(value, str) != texts[name]
            or not (texts[name] or _is_table(value, name == "values"))
        ):
            raise UserError(
                _("The import profile {path} says nothing that can be read in {place}.").format(
                    path=path, place=f"[{kind}] {name}"
                )
            )
    return ImportPlan(**section)


def _is_table(value: Any, nested: bool) -> bool:
    return isinstance(value, dict) and all(
        _is_table(item, False) if nested else isinstance(item, str) for item in value.values()
    )


def save_profile(name: str, plans: Mapping[str, ImportPlan]) -> Path:
    """Writes the plans by kind and gives the path."""
    path, lines = profile_path(name), []
    for kind, plan in plans.items():
        lines += ["", f"[{kind}]"]
        lines += [
            f"{entry.name} = {_quoted(value)}"
            for entry in fields(plan)
            if isinstance(value := getattr(plan, entry.name), str) and value
        ]
        tables: dict[str, Mapping[str, str]] = {
            name: getattr(plan, name) for name in ("columns", "constants", "unresolved")
        }
        tables.update({f"values.{_quoted(name)}": pairs for name, pairs in plan.values.items()})
        for table, pairs in tables.items():
            if pairs:
                lines += [
                    "",
                    f"[{kind}.{table}]",
                    *(f"{_quoted(key)} = {_quoted(text)}" for key, text in pairs.items()),
                ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines[1:]) + "\n", "utf-8")
    return path


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
