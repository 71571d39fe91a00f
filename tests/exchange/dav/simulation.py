"""A rep and his phone, both at work on the same calendar or address book, and a line that breaks where it hurts most.

Every value that somebody writes is a token of its own, so that at the end it can be told of each what became of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import count
from random import Random
from typing import NamedTuple

from sfa.errors import BookError
from sfa.exchange.dav import remotes
from sfa.exchange.dav.client import Answer, Client, DavError
from sfa.exchange.dav.collection import Collection, Fetched
from sfa.exchange.dav.items import Items
from sfa.exchange.dav.reconciling import Outcome, kind_of, sync
from sfa.exchange.dav.remotes import Remote
from sfa.formats.contentlines import unfold
from sfa.models import Record
from sfa.sales import edit, series
from sfa.store.book import Book


class Flavour(NamedTuple):
    """What both sides write: the book's fields and the properties that they are on the phone."""

    kind: str
    fields: Mapping[str, str]
    new: Mapping[str, object]
    text: str


CALENDAR = Flavour(
    "activity", {"subject": "SUMMARY", "location": "LOCATION", "body": "DESCRIPTION"},
    {"type": "meeting", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"},
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:phone\nBEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261118T080000Z\n"
    "DTSTART:20261125T080000Z\nDTEND:20261125T090000Z\nSUMMARY:{token}\nEND:VEVENT\nEND:VCALENDAR\n",
)  # fmt: skip
CARDS = Flavour(
    "contact", {"title": "TITLE", "nickname": "NICKNAME", "website": "URL"}, {"last_name": "Meyer"},
    "BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:Max Meyer\nN:Meyer;Max;;;\nTITLE:{token}\nX-PHONE:{uid}\nEND:VCARD\n",
)  # fmt: skip
FLAVOURS = {"caldav": CALENDAR, "carddav": CARDS}


class Killed(BaseException):
    """The program ends here, without a word."""


class Breaking:
    """A line that breaks, and a program that is killed, at moments that ``random`` chooses."""

    def __init__(self, client: Client, random: Random, book: Book, often: float) -> None:
        self.client, self.random, self.book, self.often = client, random, book, often
        self.killed = False

    def ask(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
        fault = self.random.choice(("before", "after", "killed", "late")) if self.random.random() < self.often else ""
        if fault == "before":
            raise DavError("offline", "cut before it was sent")
        answer = self.client.ask(method, url, body, headers)
        if fault == "after":
            raise DavError("offline", "cut before the answer was there")
        if fault == "killed":
            self.kill()
        if fault == "late" and method == "PUT":
            return answer._replace(headers={})  # as servers do that keep something else than they were given
        return answer

    def tick(self) -> None:
        if self.random.random() < self.often:
            self.kill()

    def kill(self) -> None:
        self.killed = True
        self.book.close()  # nothing that follows is written any more
        raise Killed


class World:
    """One book, one collection, and the log of all that was written: token → what it took the place of."""

    def __init__(self, book: Book, remote: Remote, client: Client, seed: int) -> None:
        self.book, self.remote, self.client, self.random = book, remote, client, Random(seed)
        self.flavour = FLAVOURS[remote.type]
        self.collection = Collection(client, remote.url, remote.type)
        self.numbers = count()
        self.seed = seed
        self.written: list[str] = []
        self.superseded: set[str] = set()
        self.deleted: set[str] = set()

    def token(self) -> str:
        self.written.append(f"t{self.seed}x{next(self.numbers)}z")
        return self.written[-1]

    # The rep

    def rep_adds(self) -> None:
        first = next(iter(self.flavour.fields))
        with self.book.change("added") as change:
            edit.create(change, self.flavour.kind, {**self.flavour.new, first: self.token()})

    def rep_edits(self) -> None:
        if records := self.live():
            record, name = self.random.choice(records), self.random.choice(list(self.flavour.fields))
            self.superseded.update(tokens(str(record.values.get(name))))
            with self.book.change("edited") as change:
                edit.edit(change, self.flavour.kind, record.id, {name: self.token()})

    def rep_deletes(self) -> None:
        if records := self.live():
            record = self.random.choice(records)
            self.deleted.update(tokens(json.dumps(record.values)))
            with self.book.change("deleted") as change:
                edit.delete(change, self.flavour.kind, [record.id])

    def rep_moves(self) -> None:
        """To another day, or with a next occurrence that is done."""
        if records := self.live():
            record, day = self.random.choice(records), self.random.randint(1, 28)
            with self.book.change("moved") as change:
                if record.values.get("rrule"):
                    series.complete(change, record.id)
                else:
                    times = {"start": f"2026-12-{day:02}T09:00:00Z", "end": f"2026-12-{day:02}T10:00:00Z"}
                    edit.edit(change, "activity", record.id, times)

    def rep_repeats(self) -> None:
        first = next(iter(self.flavour.fields))
        start = str(self.flavour.new["start"])
        rule = {"rrule": "FREQ=WEEKLY;COUNT=5", "series_start": start, "tzid": "Europe/Berlin"}
        with self.book.change("added") as change:
            edit.create(change, "activity", {**self.flavour.new, **rule, first: self.token()})

    def live(self) -> list[Record]:
        where = "series IS NULL" if self.flavour.kind == "activity" else ""
        return self.book.records(self.flavour.kind, where)

    # The phone

    def there(self) -> dict[str, Fetched]:
        hrefs = self.collection.changes("").etags
        return {h: one for page in self.collection.fetch(hrefs) for h, one in page.items() if one is not None}

    def phone_adds(self) -> None:
        uid = f"phone-{self.seed}-{next(self.numbers)}"
        text = self.flavour.text.format(uid=uid, token=self.token())
        self.collection.put(self.collection.href(uid), text.replace("\n", "\r\n"), "")

    def phone_edits(self) -> None:
        if there := self.there():
            href = self.random.choice(sorted(there))
            name = self.random.choice(list(self.flavour.fields.values()))
            self._rewrite(href, there[href], name)

    def _rewrite(self, href: str, found: Fetched, name: str) -> None:
        lines, result = list(unfold(found.text)), []
        place = next(n for n, line in enumerate(lines) if line.startswith(("END:VEVENT", "END:VCARD")))
        for number, line in enumerate(lines):
            if number == place:
                result.append(f"{name}:{self.token()}")
            if number < place and re.match(f"{name}[:;]", line):
                self.superseded.update(tokens(line))
            else:
                result.append(line)
        self.collection.put(href, "\r\n".join(result) + "\r\n", found.etag)

    def phone_moves(self) -> None:
        """To another day; or the second time of a series."""
        if there := self.there():
            href, day = self.random.choice(sorted(there)), self.random.randint(1, 28)
            text, etag = there[href].text.replace("\r\n", "\n"), there[href].etag
            times = f"DTSTART:202701{day:02}T080000Z\nDTEND:202701{day:02}T090000Z\n"
            if "RRULE" in text:
                uid = re.findall("UID:(.*)", text)[0]
                head, *others = re.split(r"(?<=END:VEVENT\n)", text)
                others = [other for other in others if "20261127T090000Z" not in other]
                again = f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261118T080000Z\nRECURRENCE-ID:20261127T090000Z\n{times}"
                text = f"{head}{again}SUMMARY:{self.token()}\nEND:VEVENT\n{''.join(others)}"
                self.superseded.update(tokens(there[href].text))
                self.deleted.add(self.written[-1])
            else:
                text = re.sub(r"DTSTART.*?\n|DTEND.*?\n", "", text.partition("BEGIN:VEVENT")[2])
                text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:phone\nBEGIN:VEVENT{text}"
                text = text.replace("END:VEVENT", f"{times}END:VEVENT")
            self.collection.put(href, text.replace("\n", "\r\n"), etag)

    def phone_deletes(self) -> None:
        if there := self.there():
            href = self.random.choice(sorted(there))
            self.deleted.update(tokens(there[href].text))
            self.collection.delete(href, there[href].etag)

    # Together

    def sync(self, often: float = 0.0) -> Outcome | None:
        """A sync on a line that breaks now and then; None where it did not come through."""
        line = Breaking(self.client, self.random, self.book, often)
        try:
            return sync(self.book, remotes.find(self.book, self.remote.id), line.tick, line)
        except DavError:
            return None
        except (Killed, BookError):
            assert line.killed
            self.book = Book.open(self.book.path)
            return None

    def step(self) -> None:
        deeds = (
            [self.rep_adds] * 2 + [self.rep_edits] * 4 + [self.rep_deletes]
            + [self.phone_adds] * 2 + [self.phone_edits] * 4 + [self.phone_deletes]
        )  # fmt: skip
        if self.flavour is CALENDAR:
            deeds += [self.rep_moves, self.rep_moves, self.rep_repeats, self.phone_moves, self.phone_moves]
        for _deed in range(self.random.randint(1, 4)):
            self.random.choice(deeds)()
        self.sync(0.15)

    def settle(self) -> None:
        """Both sides come to rest."""
        for _sync in range(3):
            self.sync()
        assert self.sync() == Outcome(0, 0, 0, 0, [])

    def judge(self) -> None:
        """Both agree, nothing is twice, and of all that was written it can be told where it is."""
        kind, there = kind_of(self.book, self.remote), self.there()
        items = Items(self.book, self.remote.id).at(there)
        live = {record.id: record for record in self.live()}
        linked = [str(items[href].record) for href in there]
        assert sorted(linked) == sorted(live), "the same things, each once"
        for href, found in there.items():
            here = kind.written([items[href].record or ""])[items[href].record or ""].parts
            said = kind.likened(kind.read(found.text).parts, here)
            for name in (*self.flavour.fields, "start", "end", "status", "rrule", "exdates"):
                assert {k: v.get(name) for k, v in said.items()} == {k: v.get(name) for k, v in here.items()}, href
        shown = " ".join(json.dumps(live[record].values) for record in live)
        kept = " ".join(json.dumps(one.values) for one in self.book.records("conflict"))
        once = [token for token in self.written if len(re.findall(token, strip_original(live.values()))) > 1]
        assert not once, "nothing is twice"
        lost = [
            token
            for token in self.written
            if token not in shown and token not in kept and token not in self.superseded and token not in self.deleted
        ]
        assert not lost, (self.seed, lost)


def strip_original(records: Iterable[Record]) -> str:
    return " ".join(json.dumps({n: v for n, v in record.values.items() if n != "original"}) for record in records)


def tokens(text: str) -> list[str]:
    return re.findall(r"t\d+x\d+z", text)


def play(book: Book, remote: Remote, client: Client, seed: int, steps: int = 8) -> World:
    world = World(book, remote, client, seed)
    for _step in range(steps):
        world.step()
    world.settle()
    world.judge()
    return world
