"""Programs of others that synchronise, by which ours is judged: PouchDB and Actual, installed from npm on demand."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from bench.people import contacts
from bench.sides import COUNT, FEW, Peer

HERE = Path(__file__).parent
LARGE = "300"
"""Megabytes that Actual's server takes at once, so that the initial push is one."""


def installed(cache: Path) -> list[Peer]:
    """The peers, installed under ``cache`` where they are not there yet; none where npm or node are not there."""
    if not shutil.which("npm") or not shutil.which("node"):
        print("PouchDB and Actual are not measured: npm and node are not there.", flush=True)
        return []
    for name in ("pouch", "actual"):
        folder = cache / name
        shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
        shutil.copy(HERE / "steps.js", folder)
        if not (folder / "node_modules").exists():
            print(f"Installing the packages of {name} from npm ...", flush=True)
            command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel", "error"]
            subprocess.run(command, cwd=folder, check=True)
    people = cache / "contacts.json"
    people.write_text(json.dumps(list(contacts(COUNT))), "utf-8")
    return [_pouch(cache / "pouch", people), _actual(cache / "actual", people)]


def _pouch(code: Path, people: Path) -> Peer:
    return Peer("PouchDB", ("node", f"{code}/office.js", "{port}", "{folder}"), _laptops(code, people))


def _actual(code: Path, people: Path) -> Peer:
    server = f"{code}/node_modules/@actual-app/sync-server/build/bin/actual-server.js"
    environment = {
        "ACTUAL_DATA_DIR": "{folder}",
        "ACTUAL_PORT": "{port}",
        "ACTUAL_HOSTNAME": "127.0.0.1",
        "NODE_ENV": "production",
        "ACTUAL_UPLOAD_FILE_SIZE_LIMIT_MB": LARGE,
        "ACTUAL_UPLOAD_FILE_SYNC_SIZE_LIMIT_MB": LARGE,
        "ACTUAL_UPLOAD_SYNC_ENCRYPTED_FILE_SYNC_SIZE_LIMIT_MB": LARGE,
    }
    return Peer("Actual", ("node", server), _laptops(code, people), environment)


def _laptops(code: Path, people: Path) -> tuple[str, ...]:
    return "node", f"{code}/laptops.js", "{port}", "{folder}", str(people), str(FEW)
