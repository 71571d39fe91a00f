"""``docs/commands.md``, made from the declared commands: ``python -m sfa.cli.docs > docs/commands.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from sfa.cli.command import COMMON, Argument, Command
from sfa.cli.parser import ABOUT
from sfa.cli.tree import GROUPS, HOME

HEAD = f"""# Commands

{ABOUT}

Data goes to stdout, narration to stderr. Into a pipe, tables are as wide as their data; on a terminal they fit it.
An ID may be a record's id, the unique beginning of one, or its name. Options may stand anywhere; `--` ends them.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done but some rows were rejected, 130 interrupted.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_options("Every command takes", COMMON), *_commands()]).rstrip() + "\n"


def _commands() -> Iterator[str]:
    yield from _command(HOME)
    for group in GROUPS:
        yield from (f"## {group.title}", "")
        for command in group.commands:
            yield from _command(command)


def _command(command: Command) -> Iterator[str]:
    yield from (f"### `{usage(command)}`", "", f"{command.help}.{' ' * bool(command.details)}{command.details}", "")
    yield from _options("", command.arguments)
    yield from ("```sh", *command.examples, "```", "")


def usage(command: Command) -> str:
    """The command's words and options in one line."""
    parts = [f"sfa {command.name}".rstrip()]
    for argument in command.arguments:
        if not argument.is_option:
            shown = word(argument) + ("…" if argument.many == "+" and "…" not in argument.metavar else "")
            parts.append(f"[{shown}]" if argument.many in ("?", "*") else shown)
        else:
            parts.append(word(argument) if argument.required else f"[{word(argument)}]{'…' if argument.many else ''}")
    return " ".join(parts)


def word(argument: Argument) -> str:
    """The argument as it is written on a command line."""
    return f"{argument.name} {argument.metavar}".rstrip() if argument.is_option else argument.metavar


def _options(title: str, arguments: Iterable[Argument]) -> list[str]:
    lines = [f"* `{word(argument)}`: {argument.help}" for argument in arguments]
    return [*([f"{title}:", ""] if title else []), *lines, ""] if lines else []


if __name__ == "__main__":
    sys.stdout.write(page())
