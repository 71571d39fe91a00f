"""What happens besides users' work and the line: rights, copies, clocks, power for long."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sfa.server import floor, people
from tests.sync.simulation.laptop import Laptop
from tests.sync.simulation.template import TERRITORIES, put_back, saved

if TYPE_CHECKING:
    from tests.sync.simulation.world import World

DAY = 86_400


def event(world: World) -> None:
    """One of those that this run may have."""
    possible = [happens for name, happens in EVENTS.items() if name in world.faults]
    if possible and world.active:
        world.random.choice(possible)(world)


def rights(world: World) -> None:
    """A right is given, changed or taken."""
    dice = world.random
    user, stream = dice.choice(("bob", "carl", "dora")), dice.choice(TERRITORIES)
    role = dice.choice((None, None, "reader", "writer", "manager"))
    home = role is not None and dice.random() < 0.3
    with world.office_clock():
        people.set_member(world.database.inner, user, stream, role, home)
    world.counts["rights"] += 1
    world.tell(f"head office: {user} is now {role or 'nobody'} in {stream}{', his home' if home else ''}")


def revoke(world: World) -> None:
    """A laptop is locked out, with what was copied from it."""
    if len(world.active) < 2:
        return
    laptop = world.random.choice(world.active)
    sql = "SELECT id FROM device WHERE token = ? AND revoked_at IS NULL"
    rows = world.database.inner.read(lambda session: session.rows(sql, (hashed(laptop),)))
    if not rows:
        return
    with world.office_clock():
        family = people.revoke_device(world.database.inner, rows[0][0])
    locked = hashes(world, "revoked_at IS NOT NULL")
    for one in world.laptops:
        one.revoked = hashed(one) in locked
    world.counts["revoked"] += 1
    world.tell(f"head office: locks out {laptop.name} ({len(family)} devices)")
    excuse(world)


def hashed(laptop: Laptop) -> str:
    """What head office keeps of a laptop's token."""
    return sha256(laptop.token.encode()).hexdigest()


def hashes(world: World, where: str) -> set[str]:
    """Those of the laptops for which ``where`` holds."""
    sql = f"SELECT token FROM device WHERE {where}"
    return {row[0] for row in world.database.inner.read(lambda session: session.rows(sql))}


def copy_file(laptop: Laptop, target: Path) -> None:
    for ending in ("", "-wal"):
        source = laptop.path.with_name(laptop.path.name + ending)
        if source.exists():
            shutil.copy(source, target.with_name(target.name + ending))


def clone(world: World) -> None:
    """A laptop's disk is copied to another, token and all."""
    if len(world.laptops) >= 5:
        return
    laptop = world.random.choice(world.active)
    name = f"{laptop.name}'"
    while name in [one.name for one in world.laptops]:
        name += "'"
    path = world.place / f"{name.replace(chr(39), '-copy')}.sfa"
    copy_file(laptop, path)
    world.laptops.append(Laptop(world, name, laptop.login, path, laptop.token, laptop.is_older))
    world.counts["cloned"] += 1
    world.tell(f"{laptop.name} is copied to {name}")


def old_copy(world: World) -> None:
    """A laptop is put back to a copy of before; or such a copy is made."""
    fitting = [copy for copy in world.copies if copy[0] in world.active]
    if not fitting or world.random.random() < 0.5:
        laptop = world.random.choice(world.active)
        path = world.place / f"copy-{len(world.copies)}.sfa"
        copy_file(laptop, path)
        world.copies.append((laptop, path, laptop.token, world.seconds))
        world.tell(f"{laptop.name}: a copy of the book is made")
        return
    laptop, path, token, _when = world.random.choice(fitting)
    laptop.hang_up()
    laptop.close()
    for ending in ("", "-wal", "-shm"):
        laptop.path.with_name(laptop.path.name + ending).unlink(missing_ok=True)
    for ending in ("", "-wal"):
        source = path.with_name(path.name + ending)
        if source.exists():
            shutil.copy(source, laptop.path.with_name(laptop.path.name + ending))
    if world.random.random() < 0.5:
        laptop.token = token
    laptop.open()
    laptop.harvested = laptop.last_action()
    world.counts["old copy"] += 1
    world.tell(f"{laptop.name}: the book is put back to a copy of before")
    excuse(world)


def office_old_copy(world: World) -> None:
    """Head office is put back to a copy of before; or such a copy is made."""
    if not world.dumps or world.random.random() < 0.5:
        world.dumps.append(saved(world.database.inner))
        world.tell("head office: a copy is made")
        return
    put_back(world.database.inner, world.random.choice(world.dumps))
    world.counts["office old copy"] += 1
    world.tell("head office: is put back to a copy of before")
    gone = hashes(world, "revoked_at IS NOT NULL")
    for laptop in world.laptops:
        laptop.revoked = hashed(laptop) in gone
    excuse(world)


def excuse(world: World) -> None:
    """What only those knew who are gone is gone: no laptop holds it, and head office never got it."""
    receipts = {row[0] for row in world.database.inner.read(lambda s: s.rows("SELECT action FROM receipt"))}
    held: dict[str, set[str]] = {}
    for laptop in world.active:
        for action, record in laptop.book.rows(
            "SELECT a.id, e.record FROM action a JOIN entry e ON e.action = a.n WHERE a.origin != 'sync'"
        ):
            held.setdefault(action, set()).add(record)
        for action, title in laptop.book.rows("SELECT id, parts FROM outgoing WHERE outcome IS NULL"):
            held.setdefault(action, set()).update(title.split('"'))
    for deed in world.deeds:
        if deed.action not in receipts:
            for change in deed.changes:
                if change.record not in held.get(deed.action, ()):
                    world.excused.add(f"{deed.action} {change.record}")


def clocks(world: World) -> None:
    """A clock is set to whatever."""
    dice = world.random
    who = dice.choice([*world.laptops, None])
    jump = dice.choice((-5 * DAY, -DAY, -3_600, -60, 0, 60, 3_600, DAY, 5 * DAY))
    if who is None:
        world.office_skew = jump
    else:
        who.skew = jump
    world.counts["clock"] += 1
    world.tell(f"the clock of {who.name if who else 'head office'} is now off by {jump} s")


def newer_kinds(world: World) -> None:
    """Somebody with a version newer than all others does something with a kind of record that nobody else knows."""
    world.newcomer.act()


def cut_log(world: World) -> None:
    """Head office makes a snapshot of a stream, and cuts its log below."""
    sql = "SELECT number FROM stream WHERE seq > 1 ORDER BY number"
    rows = world.database.inner.read(lambda session: session.rows(sql))
    (stream,) = world.random.choice(rows or [(1,)])
    with world.office_clock():
        world.plain_office.snapshots.make(stream)
        gone = floor.trim(world.plain_office, stream, keep_days=-100)
    world.counts["cut log"] += 1
    world.tell(f"head office: makes a snapshot of stream {stream}, and forgets {gone} rows of its log")


def upgrade(world: World) -> None:
    """The older laptop gets the version that the others have."""
    for laptop in world.active:
        if laptop.is_older:
            laptop.hang_up()
            laptop.close()
            laptop.is_older = False
            laptop.open()
            world.counts["upgraded"] += 1
            world.tell(f"{laptop.name}: gets the newer version")


def away(world: World) -> None:
    """Head office cannot be reached for a while."""
    world.away = world.random.randint(5, 20)
    world.tell(f"head office: away for {world.away} steps")


EVENTS: dict[str, Callable[[World], None]] = {
    "rights": rights, "revoked": revoke, "clone": clone, "old copy": old_copy, "office old copy": office_old_copy,
    "clocks": clocks, "away": away, "newer kinds": newer_kinds, "upgrade": upgrade,
    "cut log": cut_log,
}  # fmt: skip
