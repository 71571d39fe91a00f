"""What users do, on few records and so against each other: whatever a rep can do to a book, through the same doors."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sfa.models import KINDS, Record
from sfa.sales import edit, leads, merge, pipeline
from sfa.store import undo

if TYPE_CHECKING:
    from sfa.store.book import Book
    from tests.sync.simulation.laptop import Laptop
    from tests.sync.simulation.world import World

ORIGIN = "screen"
TEXTS = {
    "account": ("website", "account_number", "billing_street", "billing_city", "industry"),
    "contact": ("title", "first_name", "last_name", "mailing_city", "mailing_country", "nickname"),
    "opportunity": ("name", "next_step", "lead_source"),
    "activity": ("subject", "location"),
    "lead": ("company", "website", "address_city"),
}
NOTES = {**dict.fromkeys(TEXTS, "description"), "activity": "body"}
NUMBERS = {"account": "number_of_employees", "opportunity": "amount", "lead": "number_of_employees"}
SHARED = tuple(TEXTS)


class User:
    """Somebody at a laptop, with the run's dice."""

    def __init__(self, world: World, laptop: Laptop) -> None:
        self.world, self.laptop, self.random = world, laptop, world.random
        self.book: Book = laptop.book

    def word(self) -> str:
        """A word that nobody wrote before."""
        self.world.words += 1
        return f"w{self.world.words}"

    def number(self) -> int:
        self.world.words += 1
        return 100_000 + self.world.words

    def some(self, kind: str, count: int = 1, where: str = "deleted_at IS NULL") -> list[str]:
        """A few of the oldest records: those that others look at too."""
        rows = self.book.rows(f'SELECT id FROM "{kind}" WHERE {where} ORDER BY id LIMIT 6')
        found = [row[0] for row in rows]
        weights = [3, 3, 2, 1, 1, 1][: len(found)]
        chosen: list[str] = []
        for _draw in range(min(count, len(found))):
            (one,) = self.random.choices(found, weights)
            place = found.index(one)
            chosen.append(found.pop(place))
            weights.pop(place)
        return chosen

    def one(self, kind: str, where: str = "deleted_at IS NULL") -> str:
        found = self.some(kind, 1, where)
        if not found:
            raise NothingThere(kind)
        return found[0]

    def any(self) -> Record:
        kind = self.random.choice(SHARED)
        return self.book.get(kind, self.one(kind))

    def change(self, title: str, kind: str, record_id: str, values: dict[str, Any]) -> str:
        with self.book.change(title, ORIGIN) as change:
            edit.edit(change, kind, record_id, values)
        return f"{title} {kind} {short(record_id)}: {values}"


def texts_of(kind: str) -> list[str]:
    """The plain texts of a kind, as far as this version knows them."""
    return [name for name in TEXTS[kind] if name in KINDS[kind].fields]


class NothingThere(Exception):
    """The laptop holds no such record."""


def short(record_id: str) -> str:
    return record_id[:13]


def text(user: User) -> str:
    record = user.any()
    name = user.random.choice(texts_of(record.kind))
    return user.change("Text", record.kind, record.id, {name: user.word()})


def number(user: User) -> str:
    kind = user.random.choice(tuple(NUMBERS))
    return user.change("Number", kind, user.one(kind), {NUMBERS[kind]: user.number()})


def two_fields(user: User) -> str:
    record = user.any()
    names = user.random.sample(texts_of(record.kind), 2)
    return user.change("Two", record.kind, record.id, {name: user.word() for name in names})


def clear(user: User) -> str:
    record = user.any()
    names = [n for n in texts_of(record.kind) if record.values.get(n) and not KINDS[record.kind].fields[n].required]
    if not names:
        raise NothingThere(record.kind)
    return user.change("Cleared", record.kind, record.id, {user.random.choice(names): None})


def note(user: User) -> str:
    record = user.any()
    name = NOTES[record.kind]
    lines = str(record.values.get(name) or "").split("\n")
    if user.random.random() < 0.3 and lines != [""]:
        lines.remove(user.random.choice(lines))
    if user.random.random() < 0.8:
        lines.append(user.word())
    return user.change("Note", record.kind, record.id, {name: "\n".join(filter(None, lines)) or None})


def tags(user: User) -> str:
    kind = user.random.choice(("account", "contact", "opportunity"))
    record = user.book.get(kind, user.one(kind))
    held = set(record.values.get("tags") or ())
    held ^= set(user.some("tag", user.random.randint(1, 2)))
    return user.change("Tags", kind, record.id, {"tags": sorted(held) or None})


def points(user: User) -> str:
    record = user.book.get("contact", user.one("contact"))
    name = user.random.choice(("phones", "emails"))
    held = list(record.values.get(name) or ())
    if held and user.random.random() < 0.4:
        held.remove(user.random.choice(held))
    else:
        value = f"+4930{1_000_000 + user.number()}" if name == "phones" else f"{user.word()}@example.com"
        held.append({"label": user.random.choice(("work", "home")), "value": value})
    return user.change("Points", "contact", record.id, {name: held or None})


def once(user: User) -> str:
    """Values that only grow."""
    if user.random.random() < 0.5:
        return user.change("Do not call", "contact", user.one("contact"), {"do_not_call": 1})
    return user.change("Done", "activity", user.one("activity"), {"status": "Completed"})


def move(user: User) -> str:
    deals = user.some("opportunity", user.random.randint(1, 2))
    stages = pipeline.stages(user.book, pipeline.pipelines(user.book)[0][0])
    stage = user.random.choice([one for one in stages if one.type != "Lost"])
    pipeline.move(user.book, deals, stage.id, ORIGIN)
    return f"moved deals {', '.join(map(short, deals))} to {stage.name}"


def lose(user: User) -> str:
    deal = user.one("opportunity")
    pipeline.close_lost(user.book, [deal], user.one("loss_reason"), notes=user.word(), origin=ORIGIN)
    return f"lost deal {short(deal)}"


def bulk(user: User) -> str:
    kind = user.random.choice(SHARED)
    ids, name, word = user.some(kind, 3) or [user.one(kind)], texts_of(kind)[1], user.word()
    edit.bulk(user.book, kind, ids, {name: word}, "Bulk", ORIGIN)
    return f"set {name} of {', '.join(map(short, ids))} to {word}"


def across(user: User) -> str:
    """One action on records of several territories, where the laptop holds them."""
    word = user.word()
    records = [user.any() for _draw in range(3)]
    with user.book.change("Across", ORIGIN) as change:
        for record in records:
            edit.edit(change, record.kind, record.id, {texts_of(record.kind)[0]: word})
    return f"wrote {word} into " + ", ".join(f"{record.kind} {short(record.id)}" for record in records)


def add(user: User) -> str:
    """A customer with all that belongs to him, in one action, as an import would."""
    count, word = user.random.randint(1, 5), user.word()
    with user.book.change(f"Import {word}", "import") as change:
        account = edit.create(change, "account", {"name": word})
        for place in range(count):
            edit.create(change, "contact", {"last_name": f"{word} {place}", "account": account})
    return f"imported account {short(account)} ({word}) with {count} contacts"


def deal(user: User) -> str:
    account, word = user.one("account"), user.word()
    values = {"name": word, "account": account, "amount": user.number(), "currency": "EUR"}
    with user.book.change(f"Deal {word}", ORIGIN) as change:
        record = edit.create(change, "opportunity", values)
    return f"added deal {short(record)} ({word}) to account {short(account)}"


def person(user: User) -> str:
    account, word = user.one("account"), user.word()
    with user.book.change(f"Person {word}", ORIGIN) as change:
        record = edit.create(change, "contact", {"last_name": word, "account": account})
    return f"added contact {short(record)} ({word}) to account {short(account)}"


def activity(user: User) -> str:
    record, word = user.any(), user.word()
    if record.kind == "activity":
        raise NothingThere("anything to do something with")
    values = {"type": "note", "subject": word, record.kind: record.id, "body": user.word()}
    with user.book.change(f"Note {word}", ORIGIN) as change:
        added = edit.create(change, "activity", values)
    return f"noted {short(added)} ({word}) with {record.kind} {short(record.id)}"


def reminder(user: User) -> str:
    of = user.one("activity")
    values = {"activity": of, "remind_at": "2026-12-01T09:00:00Z", "user": user.book.user}
    with user.book.change("Reminder", ORIGIN) as change:
        added = edit.create(change, "reminder", values)
    return f"added reminder {short(added)} of activity {short(of)}"


def relation(user: User) -> str:
    """What a person is to a customer besides: a kind that older versions do not know."""
    if "relation" not in KINDS:
        raise NothingThere("relation")
    found = user.some("relation")
    if found and user.random.random() < 0.5:
        return user.change("Role", "relation", found[0], {"role": user.word()})
    values = {"contact": user.one("contact"), "account": user.one("account"), "role": user.word()}
    with user.book.change("Role", ORIGIN) as change:
        added = edit.create(change, "relation", values)
    return f"added relation {short(added)} of contact {short(values['contact'])}"


def relink(user: User) -> str:
    """A person or deal goes to another customer."""
    kind = user.random.choice(("contact", "opportunity"))
    return user.change("Moved", kind, user.one(kind), {"account": user.one("account")})


def delete(user: User) -> str:
    kind = user.random.choice((*SHARED, "account", "tag"))
    ids = user.some(kind, user.random.choice((1, 1, 2))) or [user.one(kind)]
    with user.book.change("Deleted", ORIGIN) as change:
        edit.delete(change, kind, ids)
    return f"deleted {kind} {', '.join(map(short, ids))}"


def restore(user: User) -> str:
    kind = user.random.choice(SHARED)
    record = user.one(kind, "deleted_at IS NOT NULL")
    with user.book.change("Restored", ORIGIN) as change:
        change.restore(kind, record)
    return f"restored {kind} {short(record)}"


def join(user: User) -> str:
    kind = user.random.choice(("account", "contact", "account", "opportunity", "tag"))
    ids = user.some(kind, 2)
    if len(ids) < 2:
        raise NothingThere(kind)
    merge.merge(user.book, kind, ids[0], ids[1:], origin=ORIGIN)
    return f"merged {kind} {short(ids[1])} into {short(ids[0])}"


def convert(user: User) -> str:
    lead = user.one("lead")
    name = user.word() if user.random.random() < 0.5 else None
    account = user.one("account") if user.random.random() < 0.3 else None
    done = leads.convert(user.book, lead, account_id=account, deal_name=name, origin=ORIGIN)
    return f"converted lead {short(lead)} to account {short(done.account)}"


def lead(user: User) -> str:
    word = user.word()
    with user.book.change(f"Lead {word}", ORIGIN) as change:
        record = edit.create(change, "lead", {"last_name": word, "company": user.word()})
    return f"added lead {short(record)} ({word})"


def take_back(user: User) -> str:
    done = undo.undo(user.book, origin=ORIGIN)
    return f"undid {done.title!r} (action {done.number})"


def take_back_older(user: User) -> str:
    rows = user.book.rows("SELECT n FROM action WHERE origin != 'sync' AND mode = 'do' ORDER BY n DESC LIMIT 6")
    if not rows:
        raise NothingThere("action")
    from sfa.store import journal

    done = undo.undo(user.book, journal.action(user.book, user.random.choice(rows)[0]), origin=ORIGIN)
    return f"undid {done.title!r} (action {done.number})"


def do_again(user: User) -> str:
    done = undo.redo(user.book, origin=ORIGIN)
    return f"redid {done.title!r} (action {done.number})"


def hand_over(user: User) -> str:
    kind = user.random.choice(("account", "account", "lead"))
    record, territory = user.one(kind), user.random.choice(user.book.records("territory"))
    return user.change("Handed over", kind, record, {"territory": territory.id}) + f" ({territory.heading})"


def catalogue(user: User) -> str:
    kind = user.random.choice(("tag", "product", "competitor", "loss_reason"))
    word = user.word()
    with user.book.change(f"{kind} {word}", ORIGIN) as change:
        record = edit.create(change, kind, {"name": word})
    return f"added {kind} {short(record)} ({word})"


def rename(user: User) -> str:
    kind = user.random.choice(("tag", "stage", "loss_reason"))
    return user.change("Renamed", kind, user.one(kind), {"name": user.word()})


def drop_stage(user: User) -> str:
    stage = user.one("stage")
    with user.book.change("Stage deleted", ORIGIN) as change:
        edit.delete(change, "stage", [stage])
    return f"deleted stage {short(stage)}"


def view(user: User) -> str:
    found = user.some("saved_view")
    if found:
        return user.change("View", "saved_view", found[0], {"where": user.word()})
    with user.book.change("View", ORIGIN) as change:
        record = edit.create(change, "saved_view", {"name": user.word(), "of_kind": "account"})
    return f"added view {short(record)}"


def own_field(user: User) -> str:
    """The company's own field: defined, filled, or given up."""
    fields = [field for field in user.book.records("custom_field") if field.values["of_kind"] == "account"]
    if not fields or user.random.random() < 0.2:
        type_ = user.random.choice(("text", "integer"))
        values = {"of_kind": "account", "name": user.word(), "type": type_}
        with user.book.change("Field", ORIGIN) as change:
            edit.create(change, "custom_field", values)
        return f"defined {values}"
    field = user.random.choice(fields)
    if user.random.random() < 0.2:
        with user.book.change("Field deleted", ORIGIN) as change:
            edit.delete(change, "custom_field", [field.id])
        return f"gave up field {field.values['name']}"
    value = user.word() if field.values["type"] == "text" else user.number()
    return user.change("Own", "account", user.one("account"), {str(field.values["name"]): value})


def unknown(user: User) -> str:
    """A field that only a newer version knows."""
    kind = user.random.choice(SHARED)
    record, word = user.one(kind), user.word()
    with user.book.change("Newer", ORIGIN) as change:
        change.put(kind, record, {"x_newer": word})
    return f"wrote {word} into a field of {kind} {short(record)} that nobody knows"


def poison(user: User) -> str:
    """What head office must refuse, though this book took it."""
    kind, values = user.random.choice((
        ("opportunity", {"type": "No such type"}),
        ("account", {"number_of_employees": -user.number()}),
        ("contact", {"account": "00000000-0000-7000-8000-000000000000"}),
        ("activity", {"subject": None}),
    ))  # fmt: skip
    record = user.one(kind)
    user.world.poisoned += 1
    with user.book.change("Poison", ORIGIN) as change:
        change.put(kind, record, values)
        change._linked.clear()  # an older version did not look
    return f"wrote what cannot be into {kind} {short(record)}: {values}"


def resolve(user: User) -> str:
    """Decides a conflict."""
    record = user.one("conflict", "deleted_at IS NULL AND resolved_at IS NULL")
    conflict = user.book.get("conflict", record).values
    if conflict["of_kind"] not in KINDS:
        raise NothingThere(conflict["of_kind"])
    kind, of = conflict["of_kind"], user.book.find(conflict["of_kind"], conflict["record"])
    mine = json.loads(conflict.get("mine") or "{}")
    takes = of is not None and conflict["reason"] != "parent" and user.random.random() < 0.5
    with user.book.change("Resolved", ORIGIN) as change:
        if takes and of is not None:
            if conflict["reason"] == "deleted":
                change.restore(kind, of.id)
            change.put(kind, of.id, mine)
        decision = {"resolved_at": change.at, "resolution": "mine" if takes else "theirs"}
        change.put("conflict", record, decision)
    return f"resolved conflict {short(record)} on {kind} {short(conflict['record'])}: {'mine' if takes else 'theirs'}"


DEEDS: dict[Callable[[User], str], int] = {
    text: 10, number: 5, two_fields: 3, clear: 2, note: 6, tags: 5, points: 4, once: 3, move: 6, lose: 2, bulk: 4,
    across: 2, add: 3, deal: 3, person: 3, activity: 4, reminder: 2, relation: 2, relink: 2, delete: 5, restore: 2,
    join: 3, convert: 2, lead: 1, take_back: 4, take_back_older: 3, do_again: 2, catalogue: 2, rename: 1,
    drop_stage: 1, view: 1, own_field: 2, resolve: 4,
}  # fmt: skip
"""How often each is done, always."""
SPECIAL: dict[str, Callable[[User], str]] = {"handover": hand_over, "unknown": unknown, "poison": poison}
"""Done in runs that draw them."""
CHOICES: Sequence[Callable[[User], str]] = tuple(DEEDS)
WEIGHTS: Sequence[int] = tuple(DEEDS.values())
