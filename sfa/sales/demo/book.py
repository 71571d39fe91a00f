"""Making the demo's book."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sfa.i18n import _
from sfa.locales import today as current_day
from sfa.models.defaults import CALL_OUTCOMES
from sfa.models.ids import repeatable
from sfa.sales import edit
from sfa.sales.demo import business, cadence, results
from sfa.sales.demo.deals import START, Deals, Move
from sfa.sales.demo.history import History
from sfa.sales.demo.people import People
from sfa.sales.demo.plans import Plans
from sfa.sales.demo.world import World
from sfa.store.book import Book
from sfa.store.change import Change

EPOCH = 1_700_000_000_000  # where the ids begin, in milliseconds; any constant will do


def make_demo(path: Path, seed: int = 7, today: str | None = None) -> Book:
    """A new book at ``path`` with two years of work around ``today`` (the laptop's where None).

    The same seed and day give the same records with the same ids. What the demo came with is no work of its user, so
    undo leaves it alone. Raises ``FileExistsError``.
    """
    random = Random(seed)
    with repeatable(random.getrandbits, EPOCH):
        book = Book.create(path, business.COLLEAGUES[0][0])
        book.connection.execute("PRAGMA synchronous = OFF")  # hundreds of commits, and nothing to lose but a demo
        _fill(book, World(random, today or current_day()))
        book.connection.execute("PRAGMA synchronous = FULL")
    return book


def _fill(book: Book, world: World) -> None:
    stages = sorted((dict(stage.values) for stage in book.records("stage")), key=lambda stage: stage["position"])
    people = People(world, book.user)
    people.build()
    deals = Deals(world, people, stages, [reason.id for reason in book.records("loss_reason")])
    deals.build()
    named = {outcome.heading: outcome.id for outcome in book.records("call_outcome")}
    History(world, people, deals, {outcome["name"]: named[_(outcome["name"])] for outcome in CALL_OUTCOMES}).build()
    Plans(world, deals).build()
    people.add_doubles()
    for name, kind, where, sort in business.VIEWS:
        world.add("saved_view", name=name, of_kind=kind, where=where, sort=sort)
    cadence.build(world, [book.user, people.users[1]])
    results.build(world, deals, book.user)
    with book.change(_("Filled the demo book"), "demo") as change:
        change.at = world.instant(START, 7)
        _insert(change, world)
        edit.edit(change, "user", book.user, {"region": business.COLLEAGUES[0][1], "manager": people.users[1]})
    for move in deals.moves:
        _move(book, move)


def _insert(change: Change, world: World) -> None:
    for kind, rows in world.rows.items():
        names = tuple(dict.fromkeys(name for row in rows for name in row))
        change.insert_rows(kind, names, [tuple(row.get(name) for name in names) for row in rows])


def _move(book: Book, move: Move) -> None:
    """A step of a deal, as its owner took it at the time."""
    title = _("Moved {name} to {stage}").format(name=move.deal["name"], stage=move.stage["name"])
    with book.change(title, "demo") as change:
        change.at, change.user = move.at, move.deal["owner"]
        edit.edit(change, "opportunity", move.deal["id"], {"stage": move.stage["id"], **move.values})
