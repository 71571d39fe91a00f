"""The log: one JSON object a line, to stderr. No bodies, names, tokens or addresses of requests stand in it."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

logger = logging.getLogger("sfa.server")


class JsonLines(logging.Formatter):
    """Facts as they are; of what libraries say only the fixed words, as the rest may be anybody's data."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "level": record.levelname.lower(), "event": str(record.msg), **getattr(record, "facts", {})}
        if record.exc_info and record.exc_info[1]:
            line |= origin(record.exc_info[1])
        return json.dumps(line, separators=(",", ":"))


def origin(error: BaseException) -> dict[str, Any]:
    """Where an error came from: its kind, files and functions, without messages and values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = {"cause": origin(error.__cause__)} if error.__cause__ else {}
    return {"error": type(error).__name__, "where": where, **cause}


def note(event: str, **facts: Any) -> None:
    """A line about something that happened."""
    logger.info(event, extra={"facts": facts})


def failed(error: BaseException, **facts: Any) -> None:
    """A line about something that nobody foresaw."""
    logger.error("failure", extra={"facts": {**facts, **origin(error)}})


def begin() -> None:
    """From now on the log goes to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("sfa.server", "uvicorn"):
        owner = logging.getLogger(name)
        owner.handlers, owner.propagate = [handler], False
        owner.setLevel(logging.INFO if name == "sfa.server" else logging.WARNING)
