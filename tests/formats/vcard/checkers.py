"""Other programs' judgement of cards: each runs as a process of its own and says what it found, card by card."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from tests.counterparts import modules, program

VOBJECT = """
import json, sys, vobject
found = []
for text in json.load(sys.stdin):
    try:
        cards = [card for card in vobject.readComponents(text, validate=False) if card.name == "VCARD"]
        valid = [card.validate(raiseException=True) for card in cards] if sys.argv[1] == "validate" else []
        found.append([len(cards), ""])
    except Exception as error:
        found.append([0, f"{type(error).__name__}: {error}"])
json.dump(found, sys.stdout)
"""
VCARD4 = """
import { parse } from "vcard4";
import { readFileSync } from "node:fs";
const found = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try { parse(text); return ""; } catch (error) { return `${error.name}: ${error.message}`; }
});
process.stdout.write(JSON.stringify(found));
"""


def vobject(texts: Sequence[str], task: str = "validate") -> list[tuple[int, str]]:
    """For each text the number of cards that vobject reads (and finds valid), or 0 and why not."""
    command = [program("python"), "-c", VOBJECT, task]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return [(count, reason) for count, reason in json.loads(done.stdout)]


def vcard4(texts: Sequence[str]) -> list[str]:
    """For each text what vcard4, a strict parser of 4.0, has against it; empty where nothing."""
    command = ["node", "--input-type=module", "-e", VCARD4]
    done = subprocess.run(
        command,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        cwd=modules().parent,
        encoding="utf-8",
    )
    return [str(reason) for reason in json.loads(done.stdout)]
