"""One run: users at their laptops, head office, and what goes wrong, step by step as the seed's dice say."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sfa.errors import BookError, UserError
from sfa.server import ledger, people, pull, snapshots
from sfa.server.database import Database, SqliteDatabase
from sfa.server.office import Office
from sfa.server.people import enrolment
from sfa.sync import bootstrap, download, outbox, pushing
from sfa.sync.messages import encode
from sfa.sync.rebase import become
from sfa.sync.steps import Reply, Request, Result, SyncError
from sfa.sync.strictness import Untrue
from tests.sync.rig import answer
from tests.sync.simulation import clock, deeds, memory
from tests.sync.simulation.laptop import Laptop, PowerCut
from tests.sync.simulation.newcomer import Newcomer
from tests.sync.simulation.template import LAPTOPS, Dump, enrol, folder, ids, put_back, saved, template

FAULTS = {
    "lost": 0.5, "duplicates": 0.4, "power": 0.5, "office power": 0.4, "interludes": 0.6, "away": 0.2, "rights": 0.4,
    "handover": 0.4, "clocks": 0.3, "unknown": 0.2, "poison": 0.3, "revoked": 0.1, "clone": 0.15, "old copy": 0.15,
    "office old copy": 0.15, "newer kinds": 0.2, "upgrade": 0.5, "cut log": 0.12,
}  # fmt: skip
"""What may happen in a run, and how probable it is that it may."""
FLEETS = (
    ("anna", "bob"), ("bob", "bob2"), ("bob", "carl"), ("anna", "bob", "carl"), ("bob", "bob2", "carl"),
    ("anna", "bob", "dora"), ("anna", "bob", "bob2", "carl"), ("bob", "older"), ("anna", "older", "carl"),
)  # fmt: skip
STEPS = 40
"""Between two moments of quiet."""
LONG = 1_000_000
EXPECTED = {"device_revoked", "parts_missing", "user_disabled", "unsettled", "out_of_scope"}
"""Codes with which a sync may end early; the last where a right is taken while a snapshot is fetched."""


class Broken(AssertionError):
    """A promise that was not kept: the story, then ``what`` is wrong."""

    def __init__(self, what: str, story: str = "") -> None:
        super().__init__(f"{story}\n\n{what}" if story else what)
        self.what = what


class Down(Exception):
    """Head office went off in the middle of a request."""


class Shaky:
    """Head office's database, whose power may go before or after a commit."""

    def __init__(self, inner: Database, world: World) -> None:
        self.inner, self.world, self.name = inner, world, inner.name

    def write(self, work: Callable[[Any], Any]) -> Any:
        if self.world.cuts_office():
            self.inner_cut(work)
        result = self.inner.write(work)
        if self.world.cuts_office():
            raise Down("after a commit")
        return result

    def inner_cut(self, work: Callable[[Any], Any]) -> None:
        def cut(session: Any) -> None:
            work(session)
            raise Down("before a commit")

        self.inner.write(cut)

    def read(self, work: Callable[[Any], Any]) -> Any:
        return self.inner.read(work)

    def close(self) -> None:
        self.inner.close()


class World:
    """``shift``: by how many seconds all clocks are off, besides what else is wrong with each."""

    def __init__(self, seed: int, shift: int = 0, database: Database | None = None) -> None:
        self.seed, self.shift = seed, shift
        self.random = Random(seed)
        self.outcome: dict[str, str] = {}
        self.story: list[str] = []
        self.counts: Counter[str] = Counter()
        self.deeds: list[memory.Deed] = []
        self.excused: set[str] = set()
        self.words = self.poisoned = self.order = self.seconds = self.office_skew = self.away = 0
        self.syncing_quietly = self.busy = False
        self.place = folder()
        self.faults = {name for name, chance in FAULTS.items() if self.random.random() < chance}
        files = template()
        self.owns_database = database is None
        if database is None:
            (self.place / "office.db").write_bytes(files.office)
            database = SqliteDatabase(self.place / "office.db")
        else:
            put_back(database, files.dump)
        self.database = Shaky(database, self)
        self.office = Office(self.database, self.place / "snapshots")
        self.plain_office = Office(database, self.place / "snapshots")
        self.dumps: list[Dump] = []
        self.copies: list[tuple[Laptop, Path, str, int]] = []
        self.sent: list[tuple[str, Request]] = []
        self.newcomer = Newcomer(self)
        self.laptops: list[Laptop] = []
        for name in self.random.choice(FLEETS):
            path = self.place / f"{name}.sfa"
            path.write_bytes(files.books[name])
            self.laptops.append(Laptop(self, name, LAPTOPS[name], path, files.tokens[name], name == "older"))
        names, faults = (", ".join(one.name for one in self.laptops), ", ".join(sorted(self.faults)))
        self.tell(f"seed {seed}: laptops {names}; faults: {faults}")

    # What is told and counted

    def tell(self, line: str) -> None:
        self.story.append(line)

    def now(self, skew: int) -> str:
        return clock.instant(self.seconds + skew + self.shift)

    @property
    def active(self) -> list[Laptop]:
        return [laptop for laptop in self.laptops if not laptop.revoked]

    def harvest(self, laptop: Laptop) -> None:
        """Remembers what was just committed: from now on it must not be lost."""
        rows = laptop.book.rows("SELECT n FROM action WHERE origin != 'sync' AND n > ?", (laptop.harvested,))
        for (number,) in rows:
            self.order += 1
            self.deeds.append(memory.told(laptop.book, number, self.order, laptop.name))
            laptop.harvested = number

    # What goes wrong

    def may(self, fault: str, chance: float) -> bool:
        return fault in self.faults and not self.syncing_quietly and self.random.random() < chance

    def cuts_power(self, laptop: Laptop) -> bool:
        return self.may("power", 0.03 if laptop.steps is not None else 0.01)

    def cuts_office(self) -> bool:
        return self.may("office power", 0.03)

    def interlude(self, laptop: Laptop) -> None:
        """The user goes on working between two transactions of a sync."""
        if self.busy or not self.may("interludes", 0.08):
            return
        self.busy = True
        try:
            self.act(laptop, "  meanwhile ")
        finally:
            self.busy = False

    # Steps

    def run(self, epochs: int, steps: int) -> None:
        from tests.sync.simulation.holdings import outcome
        from tests.sync.simulation.invariants import check, check_fresh

        for _epoch in range(epochs):
            for _step in range(steps):
                self.step()
            self.settle()
            with clock.at(self.now(0)):
                check(self)
        if self.random.random() < 0.4:
            with clock.at(self.now(0)):
                check_fresh(self)
        self.outcome = outcome(self)

    def step(self) -> None:
        self.seconds += self.random.randint(1, 40)
        self.away = max(0, self.away - 1)
        if self.random.random() < 0.06:
            from tests.sync.simulation.events import event

            event(self)
            return
        laptop = self.random.choice(self.laptops)
        with self.powered(laptop), clock.at(self.now(laptop.skew)):
            if laptop.steps is None and self.random.random() < 0.6:
                self.act(laptop)
            elif laptop.steps is not None and self.random.random() < 0.25:
                self.act(laptop, "  during its sync ")
            else:
                self.go_on(laptop)

    @contextmanager
    def powered(self, laptop: Laptop) -> Iterator[None]:
        try:
            yield
        except PowerCut as cut:
            self.tell(f"{laptop.name}: power cut {cut}")
            self.counts["power cut"] += 1
            self.busy = False
            laptop.restart()
            with laptop.version():
                self.harvest(laptop)

    def act(self, laptop: Laptop, how: str = "") -> None:
        """A user does something; what he may not do here and now he does not."""
        special = [deed for name, deed in deeds.SPECIAL.items() if name in self.faults]
        if special and self.random.random() < 0.08:
            deed = self.random.choice(special)
        else:
            (deed,) = self.random.choices(deeds.CHOICES, deeds.WEIGHTS)
        before = len(self.deeds)
        try:
            with laptop.version():
                told = deed(deeds.User(self, laptop))
        except (UserError, deeds.NothingThere) as reason:
            self.counts["refused locally"] += 1
            told = f"could not: {deed.__name__} ({reason})"
        action = f" [{self.deeds[-1].action[:13]}]" if len(self.deeds) > before else ""
        self.tell(f"{how}{laptop.name}: {told}{action}")

    def go_on(self, laptop: Laptop) -> None:
        """The next step of the laptop's sync: its start, a request that arrives, a reply that arrives."""
        if laptop.steps is None:
            self.tell(f"{laptop.name}: starts to sync")
            laptop.start()
        elif laptop.reply is not None:
            if self.may("lost", 0.06):
                self.tell(f"{laptop.name}: reply lost")
                laptop.hang_up()
                return
            laptop.take_reply()
        else:
            self.deliver(laptop)

    def deliver(self, laptop: Laptop) -> None:
        request = laptop.request
        assert request is not None
        if self.away or self.may("lost", 0.06):
            self.tell(f"{laptop.name}: request lost: {request.path[:60]}")
            laptop.hang_up()
            return
        try:
            laptop.reply = self.ask(laptop, request)
        except Down as cut:
            self.tell(f"head office: power cut {cut}")
            laptop.hang_up()
            return
        if self.may("duplicates", 0.15):
            token, old = self.random.choice(self.sent)
            self.tell(f"a request comes again: {old.method} {old.path[:60]}")
            with self.office_clock():
                try:
                    answer(self.office, token, old)
                except Down as cut:
                    self.tell(f"head office: power cut {cut}")

    @contextmanager
    def office_clock(self) -> Iterator[None]:
        with clock.at(self.now(self.office_skew)):
            yield

    def ask(self, laptop: Laptop, request: Request) -> Reply:
        from tests.sync.simulation.invariants import check_reply

        self.sent.append((laptop.token, request))
        with self.office_clock():
            reply = answer(self.office, laptop.token, request)
            check_reply(self, laptop, request, reply)
        if reply.status >= 300:
            self.counts[f"status {reply.status}"] += 1
            told = f"{reply.status} {reply.body.decode()[:120]}"
            self.tell(f"{laptop.name}: {request.method} {request.path[:50]} -> {told}")
        return reply

    # How syncs end

    def synced(self, laptop: Laptop, result: Result) -> None:
        from tests.sync.simulation.invariants import check_synced

        for outcome, count in result.sent.items():
            self.counts[outcome] += count
        if result.renewed:
            self.counts["renewed"] += 1
            if not self.faults & {"clone", "old copy", "office old copy"}:
                raise Broken(f"6: {laptop.name} was taken for another laptop")
        if not self.syncing_quietly:
            self.tell(f"{laptop.name}: synced, sent {result.sent}, received {result.received}")
            check_synced(self, laptop)

    def failed(self, laptop: Laptop, error: SyncError) -> None:
        self.counts[f"sync ended: {error.code}"] += 1
        self.tell(f"{laptop.name}: sync ended: {error.code} {error}")
        if error.code == "unauthorized" and "office old copy" in self.faults:
            self.log_in_again(laptop)
        elif error.code not in EXPECTED:
            raise Broken(f"a sync ended with {error.code}: {error}")

    def log_in_again(self, laptop: Laptop) -> None:
        """Head office was put back to a time before it knew this laptop."""
        with self.office_clock():
            welcome = enrol(self.database.inner, laptop.login)
        laptop.token = welcome.token
        with laptop.version():
            become(laptop.book, encode(welcome))
        self.tell(f"{laptop.name}: logs in again")

    # Quiet

    def settle(self) -> None:
        """Everybody syncs, with nothing going wrong, until nothing moves."""
        self.tell("-- everybody syncs until nothing moves")
        self.syncing_quietly = True
        self.away = 0
        for laptop in self.laptops:
            laptop.hang_up()
        for _round in range(12):
            before: Any = self._still()
            for laptop in self.active:
                self.seconds += 1
                with clock.at(self.now(laptop.skew)):
                    result = laptop.sync()
                    if isinstance(result, SyncError) and result.code in ("unauthorized", "unsettled"):
                        self.failed(laptop, result)
                        before = None
                        continue
                if isinstance(result, SyncError):
                    raise Broken(f"{laptop.name}: no sync in quiet: {result.code} {result}")
                self.tell(f"{laptop.name}: synced, sent {result.sent}, received {result.received}")
            if self._still() == before:
                self.syncing_quietly = False
                return
        raise Broken("it does not come to rest")

    def _still(self) -> Any:
        heads = self.database.read(lambda session: session.rows("SELECT number, seq, head FROM stream ORDER BY number"))
        books = [
            (
                x.book.rows("SELECT number, seq, mark FROM stream ORDER BY number"),
                outbox.waiting(x.book),
                x.last_action(),
            )
            for x in self.active
        ]
        return heads, books

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.steps = None
            laptop.close()
        if self.owns_database:
            self.database.close()
        shutil.rmtree(self.place, ignore_errors=True)


@contextmanager
def weather(random: Random) -> Iterator[None]:
    """Pages, parts and requests of all sizes, so that few records already make many of each."""
    sizes: list[tuple[Any, str, Any]] = [
        (pull, "BYTES", random.choice((1, 400, 2_000, 2_000_000))),
        (pull, "ROWS", random.choice((1, 3, 500))),
        (outbox, "ENTRIES", random.choice((1, 2, 5, 1_000))),
        (outbox, "PART_BYTES", random.choice((200, 1_000_000))),
        (outbox, "BATCH", random.choice((1, 2, 7, 500))),
        (ledger, "ENTRIES", random.choice((1, 2, 5, 1_000))),
        (ledger, "PART_BYTES", random.choice((200, 1_000_000))),
        (pushing, "SEND_BYTES", random.choice((300, 2_000, 4_000_000))),
    ]
    large = random.choice((3, 20_000, 20_000))
    sizes += [
        (bootstrap, "LARGE", large),
        (snapshots, "LARGE", large),
        (download, "PIECE", random.choice((900, 2 << 20))),
    ]
    sizes.append((enrolment, "SEEN", timedelta(days=100_000)))  # when a laptop was last seen is written by the clock
    before = [(module, name, getattr(module, name)) for module, name, _value in sizes]
    for module, name, value in sizes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def run(seed: int, shift: int = 0, database: Database | None = None) -> World:
    """Runs a seed; raises ``Broken`` with its story. The world that it gives is closed.

    ``database`` is head office's, a file of its own where None. Seeds from a million on run longer.
    """
    epochs, steps = (2, STEPS) if seed < LONG else (Random(seed).randint(2, 4), Random(seed).randint(STEPS, 3 * STEPS))
    files = template()
    assert files
    with ids(seed + 1), clock.at(clock.START), weather(Random(f"weather {seed}")):
        world = World(seed, shift, database)
        try:
            world.run(epochs, steps)
        except (Exception, PowerCut) as error:
            what = f"{type(error).__name__}: {error}\nreplay: python -m tests.sync.simulation {seed}"
            raise Broken(what, "\n".join(world.story)) from error
        finally:
            world.close()
    return world


__all__ = ["BookError", "Broken", "Untrue", "World", "people", "run", "saved"]
