"""Writes ``docs/board.svg``, the picture in the README: the board of the demo, drawn by the program itself."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

SIZE = (120, 33)
FILE = Path(__file__).with_name("board.svg")
FIXED = {"SFA_NOW": "2026-11-18T09:00:00Z", "SFA_TZ": "Europe/Berlin", "SFA_LOCALE": "en_US", "SFA_LANGUAGE": "en"}


async def picture(path: Path) -> str:
    """The board of the demo book that is made at ``path``, as SVG; the same wherever clock and locale are the same."""
    from sfa.app import SfaApp
    from sfa.sales.demo import make_demo

    book = make_demo(path)
    app = SfaApp(book)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b", "right", "down", "down")
        await app.workers.wait_for_complete()
        await pilot.pause()
        drawn = app.export_screenshot(title="sfa", simplify=True)
    book.close()
    return re.sub(r"\bterminal-\d+-", "terminal-", drawn)


if __name__ == "__main__":
    os.environ.update(FIXED)
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(asyncio.run(picture(Path(folder) / "demo.sfa")), encoding="utf-8", newline="\n")
