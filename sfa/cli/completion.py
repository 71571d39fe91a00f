"""Commands that help with commands: what they mean, and Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfa.cli.command import Answer, Argument, Command
from sfa.cli.layout import Verbatim
from sfa.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfa.cli.session import Session


def shells() -> Iterable[str]:
    """The shells that we have a script for."""
    import shtab

    return tuple(shtab.SUPPORTED_SHELLS)


def completion(session: Session) -> Answer:
    import shtab

    from sfa.cli.parser import tree
    from sfa.cli.tree import GROUPS

    shell = session.arguments.shell
    script = shtab.complete(tree(GROUPS), shell)
    return Answer({"shell": shell, "script": script}, [Verbatim(script)])


def help_(session: Session) -> Answer:
    from sfa.cli.parser import for_command, root
    from sfa.cli.tree import GROUPS, find

    name = " ".join(session.arguments.command)
    text = (for_command(find(name)) if name else root(GROUPS)).format_help()
    return Answer({"command": name or None, "help": text}, [Verbatim(text.rstrip())])


COMMANDS = (
    Command(
        "help",
        N_("Explain sfa, or one command"),
        help_,
        (Argument("command", N_("The command"), "COMMAND", "*"),),
        ("sfa help", "sfa help import"),
    ),
    Command(
        "completion",
        N_("Print a script that teaches a shell to complete sfa"),
        completion,
        (Argument("shell", N_("The shell"), "SHELL", values=shells, strict=True),),
        (
            "sfa completion bash > ~/.local/share/bash-completion/completions/sfa",
            "sfa completion zsh > ~/.zfunc/_sfa",
            "sfa completion fish > ~/.config/fish/completions/sfa.fish",
        ),
        N_("The script is complete in itself: pressing Tab does not start sfa."),
    ),
)
