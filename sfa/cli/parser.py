"""From declared commands to argparse: one parser for the command at hand, the whole tree for help and completion."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Iterable, Sequence
from typing import Any, NoReturn

from sfa import __version__
from sfa.cli.command import COMMON, Argument, Command, Group, files
from sfa.i18n import N_, _
from sfa.printable import clean

# argparse's own words go the way of all others: it looks them up by its ``_``, translators find them here
argparse._ = _  # type: ignore[attr-defined]
ARGPARSE = (
    N_("usage: "), N_("options"), N_("positional arguments"), N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"), N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("expected one argument"),
)  # fmt: skip
LONGEST = 3  # words in a command's name
ABOUT = N_("A salesperson's whole book of business in the terminal. Without a command sfa opens its screens.")


Branch = argparse._SubParsersAction  # argparse has no public name for it


class Parser(argparse.ArgumentParser):
    """argparse with our manners: no guessed abbreviations, and nothing of the user's text obeyed by the terminal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, add_help=False, **options
        )
        self.add_argument("-h", "--help", action="help", help=_("Show this help"))

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, clean(f"{self.prog}: {message}") + "\n")


def for_command(command: Command) -> Parser:
    """The parser of one command, to be given everything but the command's name."""
    parser = Parser(prog=f"sfa {command.name}", description=_(command.help), epilog=epilog(command))
    fill(parser, command)
    return parser


def root(groups: Iterable[Group]) -> Parser:
    """The parser of ``sfa`` without a command, which knows all commands by name for its help."""
    usage = "sfa [--book PATH] [--json] [COMMAND …]"
    parser = Parser(prog="sfa", usage=usage, description=_(ABOUT), epilog=overview(groups))
    parser.add_argument("--version", action="version", version=f"sfa {__version__}", help=_("Show the version"))
    _add(parser, COMMON)
    return parser


def tree(groups: Iterable[Group]) -> Parser:
    """All commands as sub-parsers, with the values that shells complete."""
    parser = Parser(prog="sfa", description=_(ABOUT))
    parser.add_argument("--version", action="version", version=f"sfa {__version__}", help=_("Show the version"))
    _add(parser, COMMON, completing=True)
    parsers, branches = {"": parser}, {"": parser.add_subparsers(metavar="COMMAND", parser_class=Parser)}
    for group in groups:
        for command in group.commands:
            above, _space, last = command.name.rpartition(" ")
            parsers[command.name] = _branch(parsers, branches, above, group).add_parser(last, help=_(command.help))
            fill(parsers[command.name], command, completing=True)
    return parser


def _branch(parsers: dict[str, Parser], branches: dict[str, Branch[Parser]], name: str, group: Group) -> Branch[Parser]:
    """Where the commands are added whose names begin with ``name``, which may be a command itself."""
    if name not in branches:
        above, _space, last = name.rpartition(" ")
        if name not in parsers:
            parsers[name] = _branch(parsers, branches, above, group).add_parser(last, help=_(group.title))
        branches[name] = parsers[name].add_subparsers(metavar="COMMAND", parser_class=Parser)
    return branches[name]


def fill(parser: Parser, command: Command, completing: bool = False) -> None:
    """Gives ``parser`` the command's words and options, and those that all commands have."""
    _add(parser, (*command.arguments, *COMMON), completing)


def _add(parser: Parser, arguments: Iterable[Argument], completing: bool = False) -> None:
    for argument in arguments:
        options: dict[str, Any] = {"help": _(argument.help).replace("%", "%%")}
        if argument.is_option and not argument.takes_value:
            options["action"] = "store_true"
        else:
            options |= {"metavar": argument.metavar, "type": argument.read}
            if argument.is_option and argument.many:
                options |= {"action": "append", "default": [], "required": argument.required}
            elif argument.is_option:
                options["required"] = argument.required
            elif argument.many:
                options["nargs"] = argument.many
            if argument.values and argument.values is not files and (completing or argument.strict):
                options["choices"] = list(argument.values())
        action = parser.add_argument(argument.name, **options)
        if completing and argument.values is files:
            import shtab

            action.complete = shtab.FILE  # type: ignore[attr-defined]


def epilog(command: Command) -> str:
    """What stands below a command's options: more about it, and examples."""
    lines = [_(command.details), ""] if command.details else []
    lines += [_("examples:"), *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)


def overview(groups: Iterable[Group]) -> str:
    """All commands in their groups, a line each."""
    lines: list[str] = []
    for group in groups:
        width = max(11, *(len(command.name) for command in group.commands))
        lines += [
            f"{_(group.title)}:",
            *(f"  {command.name:<{width}} {_(command.help)}" for command in group.commands),
            "",
        ]
    return "\n".join([*lines, _("sfa COMMAND --help explains a command and shows examples.")])


def arranged(arguments: Sequence[str], command: Command) -> list[str]:
    """``arguments`` with the options first, so that they may stand anywhere between words.

    An option's value is joined to it, so that it may begin with a minus sign (``--sort -amount``).
    """
    valued = {argument.name for argument in (*command.arguments, *COMMON) if argument.takes_value}
    options: list[str] = []
    words: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            words.extend(rest)
        elif argument in valued:
            value = next(rest, None)
            options.append(argument if value is None else f"{argument}={value}")
        else:
            (options if argument.startswith("-") and argument != "-" else words).append(argument)
    return [*options, "--", *words] if words else options


def command_name(arguments: Sequence[str], names: Container[str]) -> tuple[str, list[str]]:
    """The first words that are one of ``names``, and everything else; the first word alone where they are none.

    Words are what is neither an option nor an option's value.
    """
    valued = {argument.name for argument in COMMON if argument.takes_value}
    skip, places = False, []
    for place, argument in enumerate(arguments):
        if not skip and not argument.startswith("-"):
            places.append(place)
        skip = not skip and argument in valued
    for count in (LONGEST, 2, 1):
        name = " ".join(arguments[place] for place in places[:count])
        if name in names or count == 1:
            used = places[:count]
            break
    return name, [argument for place, argument in enumerate(arguments) if place not in used]
