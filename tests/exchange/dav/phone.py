"""A phone at the same calendar or address book: texts as other programs write them."""

from __future__ import annotations

import re

from sfa.exchange.dav import remotes
from sfa.exchange.dav.client import Client
from sfa.exchange.dav.collection import Collection, Fetched
from sfa.exchange.dav.reconciling import Outcome, sync
from sfa.exchange.dav.remotes import Remote
from sfa.store.book import Book

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//phone//EN
BEGIN:VEVENT
UID:phone-1
DTSTAMP:20261118T080000Z
DTSTART:20261125T080000Z
DTEND:20261125T090000Z
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
"""
CARD = """BEGIN:VCARD
VERSION:3.0
UID:phone-1
FN:Max Meyer
N:Meyer;Max;;;
TEL;TYPE=CELL:+49 171 1234567
END:VCARD
"""
MOVED = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261118T080000Z
RECURRENCE-ID;TZID=Europe/Berlin:20261126T090000
DTSTART;TZID=Europe/Berlin:20261126T110000
DTEND;TZID=Europe/Berlin:20261126T113000
SUMMARY:Weekly but later
END:VEVENT
"""


class Phone:
    """Another device at ``remote``."""

    def __init__(self, client: Client, remote: Remote) -> None:
        self.collection = Collection(client, remote.url, remote.type)

    def at(self, name: str) -> Fetched:
        """What lies there under the name that sfa gives a record."""
        href = self.collection.href(name)
        found = next(self.collection.fetch([href]))[href]
        assert found is not None, name
        return found

    def names(self) -> list[str]:
        """What lies there."""
        return sorted(href.rpartition("/")[2].rpartition(".")[0] for href in self.collection.changes("").etags)

    def put(self, name: str, text: str, etag: str = "") -> str:
        lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
        return self.collection.put(self.collection.href(name), lines, etag)

    def rewrite(self, name: str, *pairs: tuple[str, str]) -> str:
        """Replaces patterns in what lies there; gives the new text."""
        found = self.at(name)
        text = found.text.replace("\r\n", "\n")
        for pattern, better in pairs:
            changed = re.sub(pattern, better, text, flags=re.DOTALL)
            assert changed != text, (pattern, text)
            text = changed
        self.put(name, text, found.etag)
        return text

    def delete(self, name: str) -> None:
        self.collection.delete(self.collection.href(name), self.at(name).etag)


def synced(book: Book, remote: Remote) -> Outcome:
    """A sync, as it stands now."""
    return sync(book, remotes.find(book, remote.id))


NOTHING = Outcome(0, 0, 0, 0, [])
