"""The entry of others that an activity came from, and what of it goes back as it came."""

from __future__ import annotations

from sfa.formats.contentlines import Line, parse, unfold
from sfa.formats.ical.parts import mail_of

# What we write ourselves; all else of an entry of others is given back.
# What we write ourselves; all else of an entry of others is given back.
OURS = frozenset({
    "BEGIN", "END", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE",
    "EXDATE", "RDATE", "RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "PRIORITY", "STATUS", "COMPLETED",
    "PERCENT-COMPLETE", "CATEGORIES",
})  # fmt: skip


class Came:
    """The entry of others that an activity came from: its lines by name, and those that go back as they are."""

    def __init__(self, text: str) -> None:
        self.kind = text.partition("\n")[0].partition(":")[2].strip().upper()
        self.lines: dict[str, list[Line]] = {}
        self.rest: list[str] = []
        self.people: dict[str, str] = {}
        depth, block = 0, list[str]()
        for whole in unfold(text):
            line = parse(whole)
            depth += (line.name == "BEGIN") - (line.name == "END")
            if depth == 1 and not (block or line.name == "END"):
                self._top(whole.replace("\n", "\\n"), line)
            elif depth >= 1:
                block.append(whole.replace("\n", "\\n"))
            if depth == 1 and block:
                self._inner(block)
                block = []

    def _top(self, whole: str, line: Line) -> None:
        self.lines.setdefault(line.name, []).append(line)
        mail = mail_of(line) if line.name in ("ATTENDEE", "ORGANIZER") else ""
        if mail:
            self.people[f"{line.name}:{mail.casefold()}"] = whole
        elif line.name not in OURS and not line.name.startswith("X-SFA-") and "TZID" not in line.params:
            self.rest.append(whole)

    def _inner(self, block: list[str]) -> None:
        """Alarms are reminders here; those that only others can carry out go back."""
        if block[0].upper() != "BEGIN:VALARM" or any(line.upper() == "ACTION:EMAIL" for line in block):
            self.rest += block

    def value(self, name: str) -> str:
        found = self.lines.get(name)
        return found[0].value.strip() if found else ""


NOTHING = Came("")


def came_from(original: str | None) -> Came:
    """The entry of others that an activity came from; an empty one for our own."""
    return Came(original) if original else NOTHING
