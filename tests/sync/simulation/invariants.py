"""The promises of a sync (section 4.5 of the research), each as a check that raises ``Broken``."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sfa.models import KINDS, Link, Links
from sfa.sync.client import sync
from sfa.sync.enrolment import join
from sfa.sync.messages import Page, decode
from sfa.sync.steps import Reply, Request
from tests.sync.simulation import holdings
from tests.sync.simulation.holdings import Record, at_office, difference, folded, in_book, log_of
from tests.sync.simulation.losses import check_deeds

if TYPE_CHECKING:
    from sfa.store.book import Book
    from tests.sync.simulation.laptop import Laptop
    from tests.sync.simulation.world import World


FETCHED_AGAIN = frozenset({"rights", "handover", "old copy", "office old copy"})
"""Faults after which a laptop fetches what it had before, its own actions too."""


def broken(what: str) -> Exception:
    from tests.sync.simulation.world import Broken

    return Broken(what)


# While it runs


def check_reply(world: World, laptop: Laptop, request: Request, reply: Reply) -> None:
    """7: no page holds a row of a stream that its reader is no member of."""
    if reply.status != 200 or not request.path.startswith("/v1/pull"):
        return
    page = decode(reply.body, Page)
    allowed = set(streams_of(world, laptop.login))
    shown = {place.stream for place in page.rows} | {info.number for info in page.streams or ()}
    if not shown <= allowed:
        raise broken(f"7: {laptop.name} was sent rows of streams {shown - allowed}")


def streams_of(world: World, login: str) -> dict[int, int]:
    """The streams that a user may see, and how far they reach."""
    sql = (
        "SELECT s.number, s.seq FROM member m JOIN stream s ON s.number = m.stream JOIN login l ON l.id = m.person"
        " WHERE l.name = ?"
    )
    return dict(world.database.read(lambda session: session.rows(sql, (login,))))


def check_synced(world: World, laptop: Laptop) -> None:
    """1, 4, 5: after each sync, what nothing waits for is what the logs say up to where the laptop stands."""
    if "office old copy" in world.faults or world.counts["cut log"] or world.random.random() < 0.6:
        return
    at = dict(laptop.book.rows("SELECT number, seq FROM stream"))
    for stream, seq in at.items():
        if seq < laptop.positions.get(stream, 0) and "old copy" not in world.faults:
            raise broken(f"4: {laptop.name} went back in stream {stream}: {laptop.positions[stream]} to {seq}")
    laptop.positions = at
    rows = log_of(world)
    ends = {row.stream: row.final for row in rows if row.seq == at.get(row.stream)}
    if not all(ends.values()):
        raise broken(f"5: {laptop.name} stands in the middle of an action: {at}")
    expected, held = folded(rows, at), laptop.holdings()
    waiting = _waiting(laptop.book)
    one = {record: value for record, value in held.items() if record not in waiting}
    other = {record: value for record, value in expected.items() if record not in waiting}
    if one != other:
        raise broken(f"1: {laptop.name} does not hold what the logs say up to {at}:\n{difference(one, other)}")


def _waiting(book: Book) -> set[str]:
    """Records that own actions wait for."""
    rows = book.rows(
        "SELECT e.record FROM entry e JOIN action a ON a.n = e.action WHERE a.origin != 'sync' AND"
        " (a.n > (SELECT coalesce(max(value), 0) + 0 FROM meta WHERE key = 'pushed')"
        " OR a.n IN (SELECT action FROM outgoing WHERE outcome IS NOT 'rejected'))"
    )
    return {row[0] for row in rows}


# When nothing moves


def check(world: World) -> None:
    rows, office = log_of(world), at_office(world)
    check_office(world, rows, office)
    for laptop in world.active:
        check_laptop(world, laptop, office)
    check_deeds(world, {record: (held.kind, json.loads(held.text)) for record, held in office.items()})


def check_office(world: World, rows: list[holdings.Row], office: dict[str, Record]) -> None:
    heads = dict(world.database.read(lambda session: session.rows("SELECT number, seq FROM stream")))
    said = office if world.counts["cut log"] else folded(rows, heads)
    if said != office:
        raise broken(f"1: head office's records are not what its logs say:\n{difference(office, said)}")
    _check_once(world, rows)
    _check_deletions(world, rows)
    _check_links(office)


def _check_once(world: World, rows: list[holdings.Row]) -> None:
    """5, 6: an action is in a stream's log once, in one piece, and has one receipt per laptop."""
    seen: set[tuple[int, str]] = set()
    for (stream, action), group in groupby(rows, lambda row: (row.stream, row.body.id)):
        pieces = list(group)
        if (stream, action) in seen:
            raise broken(f"6: action {action} is in the log of stream {stream} twice")
        seen.add((stream, action))
        if [row.final for row in pieces] != [False] * (len(pieces) - 1) + [True]:
            raise broken(f"5: action {action} in stream {stream} has no end, or two")
    sql = "SELECT device, action, count(*) FROM receipt GROUP BY device, action HAVING count(*) > 1"
    if twice := world.database.read(lambda session: session.rows(sql)):
        raise broken(f"6: judged twice: {twice}")


def _check_deletions(world: World, rows: list[holdings.Row]) -> None:
    """3: what is deleted comes back only by an action that restores it."""
    restored = {
        (deed.action, change.record)
        for deed in world.deeds
        for change in deed.changes
        if change.op == "insert" or change.fields.get("deleted_at", (None, ""))[1] is None
    }
    deleted: set[tuple[int, str]] = set()
    for row in rows:
        for entry in row.body.entries:
            key = (row.stream, entry.record)
            if entry.fields.get("deleted_at"):
                deleted.add(key)
            elif key in deleted and ("deleted_at" in entry.fields or entry.op in ("insert", "put")):
                deleted.discard(key)
                if entry.op != "put" and (row.body.id, entry.record) not in restored:
                    raise broken(f"3: {entry.kind} {entry.record} came back by {row.body.id}, which restores nothing")


def _check_links(office: dict[str, Record]) -> None:
    """10: links of live records lead to records."""
    for record, held in office.items():
        values = json.loads(held.text)
        if held.kind not in KINDS or values.get("deleted_at"):
            continue
        for name, value in values.items():
            field = KINDS[held.kind].fields.get(name)
            if isinstance(field, (Link, Links)):
                for target in value if isinstance(value, list) else [value]:
                    if target not in office or office[target].kind != field.to:
                        raise broken(f"10: {held.kind} {record}: {name} leads to {target}, which is nowhere")


def check_laptop(world: World, laptop: Laptop, office: dict[str, Record]) -> None:
    book, streams = laptop.book, streams_of(world, laptop.login)
    at = dict(book.rows("SELECT number, seq FROM stream"))
    if at != streams:
        raise broken(f"1: {laptop.name} stands at {at}, the logs at {streams}")
    left = book.rows("SELECT action, title, outcome FROM outgoing WHERE outcome IS NOT 'rejected'")
    pages, shadows = (book.value(f"SELECT count(*) FROM {name}") for name in ("page", "shadow"))
    if left or pages or shadows:
        raise broken(f"8: {laptop.name} still has waiting {left}, {pages} pages, {shadows} shadows")
    expected = {record: held for record, held in office.items() if held.stream in streams}
    held = laptop.holdings()
    if held != expected:
        raise broken(f"1: {laptop.name} does not hold what head office does:\n{difference(held, expected)}")
    _check_traces(laptop, held)


def _check_traces(laptop: Laptop, held: dict[str, Record]) -> None:
    """7: the journal tells of nothing that is not the laptop's to see; what it took back itself it may tell of."""
    rows = laptop.book.rows("SELECT DISTINCT record FROM entry EXCEPT SELECT record FROM entry WHERE op = 'remove'")
    traces = {row[0] for row in rows} - held.keys()
    if traces:
        raise broken(f"7: {laptop.name} has history of {sorted(traces)}, which it does not hold")
    twice = laptop.book.rows("SELECT id FROM action GROUP BY id HAVING count(*) > 1 AND max(origin != 'sync')")
    if twice and not FETCHED_AGAIN & laptop.world.faults:
        raise broken(f"6: {laptop.name} has own actions as somebody else's, too: {twice}")
    empty = laptop.book.rows(
        "SELECT n, title FROM action WHERE NOT EXISTS (SELECT 1 FROM entry WHERE action = action.n)"
    )
    if empty:
        raise broken(f"7: {laptop.name} has empty actions {empty}")


def check_fresh(world: World) -> None:
    """1: a laptop that joins now holds the same."""
    office = at_office(world)
    from sfa.store.book import Book as PlainBook
    from tests.sync.simulation.template import drive, enrol, template

    login = world.random.choice(sorted({laptop.login for laptop in world.laptops}))
    path = world.place / "fresh.sfa"
    path.write_bytes(template().empty)
    with world.office_clock():
        welcome = enrol(world.database.inner, login)
        book = PlainBook.open(path)
        try:
            drive(world.office, welcome.token, join(book, "https://office.example", welcome))
            drive(world.office, welcome.token, sync(book))
            streams = streams_of(world, login)
            expected = {record: held for record, held in office.items() if held.stream in streams}
            if (held := in_book(book)) != expected:
                raise broken(f"1: a new laptop of {login} does not hold:\n{difference(held, expected)}")
        finally:
            book.close()
            for one in world.place.glob("fresh.sfa*"):
                one.unlink()


__all__ = ["Any", "check", "check_reply", "check_synced"]
