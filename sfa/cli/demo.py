"""The command that shows sfa on the book of a made-up company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfa.cli import screens
from sfa.cli.command import Answer, Argument, Command, natural
from sfa.cli.home import agenda_blocks, agenda_data, chosen_agenda, chosen_pipeline, pictured
from sfa.cli.layout import Heading
from sfa.cli.output import narrate
from sfa.i18n import N_, _

if TYPE_CHECKING:
    from sfa.cli.session import Session

CARDS = 3  # deals a stage in the text picture


def demo(session: Session) -> Answer:
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="sfa-demo-"))
    path = folder / "demo.sfa"
    try:
        return _shown(session, path)
    finally:
        session.close()
        if session.arguments.keep:
            narrate(_("The demo book is kept: {path}").format(path=path))
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _shown(session: Session, path: Path) -> Answer:
    from sfa.sales.demo import make_demo
    from sfa.sales.pipeline import Filter

    seed = session.arguments.seed
    book = make_demo(path) if seed is None else make_demo(path, seed=seed)
    if screens.on_terminal() and not session.arguments.json:
        book.close()
        return Answer(None, code=screens.open_screens(path))
    session.book = book
    found, whose = chosen_agenda(session)
    board = pictured(session, chosen_pipeline(session), Filter(), CARDS)
    blocks = [*agenda_blocks(found, whose), Heading(_("Board")), *board.blocks]
    return Answer({"today": agenda_data(found), "board": board.data}, blocks)


COMMANDS = (
    Command(
        "demo",
        N_("Try sfa on a made-up company; nothing of yours is touched"),
        demo,
        (
            Argument("--keep", N_("Keep the demo book at the end, and say where it is")),
            Argument("--seed", N_("Another made-up company for another number"), "N", read=natural),
        ),
        ("sfa demo", "sfa demo | less", "sfa demo --keep"),
        N_("Opens the screens; into a pipe, prints the day's agenda and the board."),
    ),
)
