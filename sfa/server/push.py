"""A push: the actions of one laptop, judged in order, each answered once and for all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

import msgspec

from sfa.locales import now
from sfa.server.database import Session
from sfa.server.judge import Judge
from sfa.server.ledger import Grown, Ledger
from sfa.server.placement import Rights, rights_of
from sfa.server.refusal import Refused
from sfa.sync.codec import chained, standing
from sfa.sync.messages import Action, Answer, Entry, Head, LogRow, Outcome, Push, Pushed, decode, encode

T = TypeVar("T")

UPLOAD_BYTES = 256_000_000
"""The largest action: about half a million contacts."""


class Sent(NamedTuple):
    """One action as it came: ``parts`` are its exact bytes."""

    action: Action
    parts: list[bytes]
    entries: list[Entry]


class Device(NamedTuple):
    id: str
    user: str
    last_n: int
    chain: str


def push(session: Session, device_id: str, request: Push) -> Pushed:
    """Judges the actions of ``request`` and writes what follows. Raises ``Refused`` for the push as a whole."""
    device = _device(session, device_id)
    sent = _assembled(session, device, request)
    ledger = Ledger(session)
    ledger.load(_ids(sent))
    judged = _judge_all(session, device, ledger, request.chain, sent)
    places = ledger.flush()
    answers = [_placed(answer, rows, places) for answer, rows in judged.answers]
    if judged.last_n > device.last_n:
        _write_receipts(session, device, judged.receipts, answers)
        session.execute(
            "UPDATE device SET last_n = ?, chain = ? WHERE id = ?", (judged.last_n, judged.chain, device.id)
        )
    before = [(stream, grown.before, grown.prior) for stream, grown in places.items()]
    after = [(stream, grown.after, grown.head) for stream, grown in places.items()]
    return Pushed(answers, before, after, _standing(session, device.user))


def _standing(session: Session, user: str) -> str:
    """Where the user's logs stand now, this push included."""
    rows = session.rows(
        "SELECT l.acl, s.number, s.seq, s.head FROM login l JOIN member m ON m.person = l.id"
        " JOIN stream s ON s.number = m.stream WHERE l.id = ?",
        (user,),
    )
    return standing(rows[0][0], [(number, seq, head) for _acl, number, seq, head in rows])


def _device(session: Session, device_id: str) -> Device:
    sql = f"SELECT id, owner, last_n, chain FROM device WHERE id = ? AND revoked_at IS NULL{session.lock}"
    rows = session.rows(sql, (device_id,))
    if not rows:
        raise Refused(403, "device_revoked", "This laptop was revoked.")
    return Device(*rows[0])


def _assembled(session: Session, device: Device, request: Push) -> list[Sent]:
    """The whole actions of a push; parts of one that is not whole yet are put aside."""
    whole: list[Sent] = []
    begun: list[tuple[Head, bytes]] = []
    for raw in request.actions:
        body = bytes(raw)
        head = _read(body, Head)
        if head.part > head.parts:
            raise Refused(422, "invalid_action", "There are fewer parts than that.", n=head.n)
        if head.parts == 1:
            action = _read(body, Action)
            whole.append(Sent(action, [body], action.entries))
            continue
        begun = [(head, body)] if head.part == 1 else [*begun, (head, body)]
        if head.part == head.parts:
            whole.append(_joined(session, device, begun))
            begun = []
    if begun:
        _put_aside(session, device, begun)
    numbers = [sent.action.n for sent in whole]
    if any(one >= other for one, other in pairwise(numbers)):
        raise Refused(422, "invalid_action", "The numbers of actions grow.")
    return whole


def _read(body: bytes, form: type[T]) -> T:
    try:
        return decode(body, form)
    except ValueError as error:
        raise Refused(422, "invalid_action", str(error)) from None


def _put_aside(session: Session, device: Device, begun: Sequence[tuple[Head, bytes]]) -> None:
    if begun[0][0].part == 1:  # whatever was begun before is begun anew
        session.execute("DELETE FROM upload WHERE device = ?", (device.id,))
    ((size,),) = session.rows("SELECT coalesce(sum(length(body)), 0) FROM upload WHERE device = ?", (device.id,))
    if size + sum(len(body) for _head, body in begun) > UPLOAD_BYTES:
        raise Refused(413, "too_large", "This action is larger than what is judged at once.", n=begun[0][0].n)
    session.many(
        "INSERT INTO upload (device, n, part, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (device, n, part) DO UPDATE SET body = excluded.body",
        [(device.id, head.n, head.part, body.decode()) for head, body in begun],
    )


def _joined(session: Session, device: Device, begun: Sequence[tuple[Head, bytes]]) -> Sent:
    """The action whose last parts have come, with those that were put aside."""
    first, last = begun[0][0], begun[-1][0]
    parts = [body for _head, body in begun]
    if first.part > 1:
        sql = "SELECT body FROM upload WHERE device = ? AND n = ? AND part < ? ORDER BY part"
        parts = [row[0].encode() for row in session.rows(sql, (device.id, last.n, first.part))] + parts
    actions = [_read(part, Action) for part in parts]
    if [(one.part, one.parts, one.id) for one in actions] != [
        (k, last.parts, last.id) for k in range(1, last.parts + 1)
    ]:
        raise Refused(409, "parts_missing", "Parts of this action are missing; send all of them again.", n=last.n)
    session.execute("DELETE FROM upload WHERE device = ? AND n = ?", (device.id, last.n))
    return Sent(actions[-1], parts, [entry for one in actions for entry in one.entries])


def _ids(sent: Sequence[Sent]) -> list[str]:
    """Every id that the judge will ask for, as far as that can be told."""
    return [entry.record for one in sent for entry in one.entries]


class Judged(NamedTuple):
    """``answers``: each with the number of the last row that its action added to each stream's log."""

    answers: list[tuple[Answer, dict[int, int]]]
    receipts: list[tuple[Sent, str]]
    last_n: int
    chain: str


def _judge_all(session: Session, device: Device, ledger: Ledger, chain: str, sent: list[Sent]) -> Judged:
    known = _known_answers(session, device, sent)
    rights = rights_of(session, device.user)
    answers: list[tuple[Answer, dict[int, int]]] = []
    receipts: list[tuple[Sent, str]] = []
    last_n = device.last_n
    for one in sent:
        before, chain = chain, chained(chain, one.parts)
        if one.action.n <= device.last_n:
            answers.append((_replayed(session, device, one, chain), {}))
            continue
        if not receipts and before != device.chain:
            raise Refused(409, "client_forked", "Head office knows other actions of this laptop.", n=one.action.n)
        answer = known.get(one.action.id)
        if answer is not None:
            answers.append((msgspec.structs.replace(answer, n=one.action.n), {}))
        else:
            answers.append(_judge(ledger, rights, device, one))
        receipts.append((one, chain))
        last_n = one.action.n
    return Judged(answers, receipts, last_n, chain)


def _replayed(session: Session, device: Device, sent: Sent, chain: str) -> Answer:
    """What was answered before to an action that comes once more."""
    rows = session.rows("SELECT hash, answer FROM receipt WHERE device = ? AND n = ?", (device.id, sent.action.n))
    if not rows or rows[0][0] != chain:
        raise Refused(409, "client_forked", "Head office knows another action by this number.", n=sent.action.n)
    return decode(rows[0][1].encode(), Answer)


def _known_answers(session: Session, device: Device, sent: Sequence[Sent]) -> dict[str, Answer]:
    """Answers that other laptops of this user got for the same actions: one of them is a copy of the other.

    What was refused then may be right now, and is judged again.
    """
    condition, parameter = session.among("r.action", [one.action.id for one in sent])
    sql = (
        "SELECT r.action, r.answer FROM receipt r JOIN device d ON d.id = r.device"
        f" WHERE {condition} AND d.owner = ? AND d.id != ?"
    )
    rows = session.rows(sql, (parameter, device.user, device.id))
    answers = {action: decode(answer.encode(), Answer) for action, answer in rows}
    return {action: answer for action, answer in answers.items() if answer.outcome != "rejected"}


def _judge(ledger: Ledger, rights: Rights, device: Device, sent: Sent) -> tuple[Answer, dict[int, int]]:
    action = sent.action
    judge = Judge(ledger, rights, action)
    try:
        judge.judge(sent.entries)
    except Refused as refused:
        ledger.reject()
        field = getattr(refused, "field", "")
        return Answer(action.n, "rejected", code=refused.code, reason=refused.reason, field=field), {}
    row = LogRow(
        id=action.id, device=device.id, n=action.n, user=device.user, at=min(action.at, now()),
        origin=action.origin, title=action.title, entries=[], mode=action.mode, root=action.root,
    )  # fmt: skip
    outcome: Outcome = "conflict" if judge.clashed else "applied" if judge.exact else "merged"
    return Answer(action.n, outcome), ledger.accept(row)


def _placed(answer: Answer, rows: dict[int, int], places: dict[int, Grown]) -> Answer:
    """The answer with the positions that the action's rows got."""
    if not rows:
        return answer
    return msgspec.structs.replace(answer, at=[(stream, places[stream].before + last) for stream, last in rows.items()])


def _write_receipts(
    session: Session, device: Device, receipts: list[tuple[Sent, str]], answers: Sequence[Answer]
) -> None:
    by_number = {answer.n: answer for answer in answers}
    at = now()
    rows = [
        (
            device.id, one.action.n, one.action.id, chain, at, encode(by_number[one.action.n]).decode(),
            b"\n".join(one.parts).decode() if by_number[one.action.n].outcome == "rejected" else None,
        )
        for one, chain in receipts
    ]  # fmt: skip
    session.many(
        "INSERT INTO receipt (device, n, action, hash, received_at, answer, refused) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
