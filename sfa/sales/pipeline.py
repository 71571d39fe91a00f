"""The pipeline: stages, what is in them, and moving deals through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sfa.errors import NotFound, UserError
from sfa.i18n import _
from sfa.locales import current
from sfa.models.fields import Value
from sfa.sales import edit
from sfa.sales.steps import OPEN, OPEN_TYPES, TOUCHING, is_late, next_step_state, rot_limit
from sfa.store.book import Book
from sfa.store.change import Change
from sfa.store.search import match, matching, words

__all__ = [
    "DealCard", "Filter", "Report", "StageInfo", "StageSum", "Total", "cards", "close", "close_lost", "close_won",
    "deal_cards", "is_rotten", "move", "next_step_state", "pipelines", "report", "short_name", "stage_sums", "stages",
]  # fmt: skip

Sums = dict[str, int]  # currency → minor units; currencies are never added up


class StageInfo(NamedTuple):
    """A stage: ``probability`` in percent, ``rot_days`` 0 for never."""

    id: str
    name: str
    type: str
    probability: int
    rot_days: int
    position: int
    pipeline: str

    @property
    def is_open(self) -> bool:
        return self.type in OPEN_TYPES


class Total(NamedTuple):
    """How many deals, their amounts, and their amounts by probability."""

    count: int  # type: ignore[assignment]  # and not the tuple's method
    sums: Sums
    weighted: Sums


class StageSum(NamedTuple):
    """What is in a stage."""

    stage: StageInfo
    count: int  # type: ignore[assignment]  # and not the tuple's method
    sums: Sums
    weighted: Sums


class Filter(NamedTuple):
    """Which deals: of an owner, with words in the deal's or account's name, closing in a span (its ends included)."""

    owner: str | None = None
    text: str = ""
    closes_before: str | None = None
    closes_after: str | None = None


class DealCard(NamedTuple):
    """A deal on the board: ``next`` is the moment of the earliest open activity, ``last_touch`` of the last done."""

    id: str
    name: str
    stage: str
    amount: int | None
    currency: str | None
    account: str
    owner: str | None
    entered: str | None
    close_date: str | None
    next: str | None
    last_touch: str | None


class Report(NamedTuple):
    """The pipeline in figures; ``without_account`` counts deals."""

    stages: list[StageSum]
    open: Total
    won: Total
    lost: Total
    without_account: int


EVERYTHING = Filter()
_CARD = f"""SELECT deal.id, deal.name, deal.stage, deal.amount, deal.currency, coalesce(account.name, ''), deal.owner,
    deal.stage_entered_at, deal.close_date,
    (SELECT min(activity.start) FROM activity WHERE activity.opportunity = deal.id AND {OPEN}),
    nullif(max(coalesce(deal.stage_entered_at, ''), coalesce((SELECT activity.completed_at FROM activity
        WHERE activity.opportunity = deal.id AND {TOUCHING} ORDER BY activity.completed_at DESC LIMIT 1), '')), '')
    FROM opportunity AS deal LEFT JOIN account ON account.id = deal.account WHERE deal.deleted_at IS NULL"""
_BY_CLOSE_DATE = "ORDER BY deal.close_date IS NULL, deal.close_date, deal.amount DESC, deal.n"
_NAMED = (
    f"(deal.n IN ({matching('opportunity')})"
    f" OR deal.account IN (SELECT id FROM account WHERE n IN ({matching('account')})))"
)


def pipelines(book: Book) -> list[tuple[str, str]]:
    """Id and name of each pipeline in use, the default first."""
    return book.rows(
        "SELECT id, name FROM pipeline WHERE deleted_at IS NULL AND coalesce(is_active, 1) = 1"
        " ORDER BY coalesce(is_default, 0) DESC, position, n"
    )


def stages(book: Book, pipeline_id: str) -> list[StageInfo]:
    """The stages of a pipeline, in order."""
    return [StageInfo(*row) for row in book.rows(
        "SELECT id, name, type, coalesce(probability, 0), coalesce(rot_days, 0), position, pipeline FROM stage"
        " WHERE deleted_at IS NULL AND pipeline = ? ORDER BY position, n", (pipeline_id,))]  # fmt: skip


def stage_sums(book: Book, pipeline_id: str, filter: Filter = EVERYTHING) -> list[StageSum]:
    """What is in each stage of a pipeline."""
    groups = _groups(book, pipeline_id, filter)
    return [StageSum(stage, *_total(groups.get(stage.id, ()))) for stage in stages(book, pipeline_id)]


Group = tuple[str | None, int | None, int, int | None]  # currency, probability, count, sum


def _groups(book: Book, pipeline_id: str, filter: Filter) -> dict[str, list[Group]]:
    """Per stage the sums of the deals that share currency and probability; those are kept, unless more is asked."""
    if filter == Filter(filter.owner):
        where, parameters = ("AND owner = ?", [filter.owner]) if filter.owner else ("", [])
        sql = f"""SELECT stage, nullif(currency, ''), probability, sum(deals),
            CASE WHEN sum(priced) THEN sum(amount) END
            FROM deal_sum WHERE pipeline = ? {where} GROUP BY stage, currency, probability"""
    else:
        where, parameters = _narrowed(filter)
        sql = f"""SELECT stage, currency, probability, count(*), sum(amount) FROM opportunity AS deal
            WHERE deleted_at IS NULL AND pipeline = ? {where} GROUP BY stage, currency, probability"""
    groups: dict[str, list[Group]] = {}
    for stage, *group in book.rows(sql, (pipeline_id, *parameters)):
        groups.setdefault(stage, []).append((group[0], group[1], group[2], group[3]))
    return groups


def _total(groups: Iterable[Group]) -> Total:
    """Exact to the minor unit: percentages are taken of sums, and rounded once."""
    count, sums, hundredths = 0, Sums(), Sums()
    for code, probability, deals, amount in groups:
        count += deals
        if amount is not None:
            currency = code or current().default_currency()
            sums[currency] = sums.get(currency, 0) + amount
            hundredths[currency] = hundredths.get(currency, 0) + amount * (probability or 0)
    return Total(count, sums, {currency: (2 * share + 100) // 200 for currency, share in hundredths.items()})


def _narrowed(filter: Filter) -> tuple[str, list[Any]]:
    """The filter as conditions on ``deal``."""
    conditions: list[str] = []
    parameters: list[Any] = []
    for condition, value in (
        ("deal.owner = ?", filter.owner),
        ("deal.close_date <= ?", filter.closes_before),
        ("deal.close_date >= ?", filter.closes_after),
    ):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    if filter.text.strip():
        queries = [match(word) for word in words(filter.text)]  # each may be of the deal or of its account
        conditions.extend([_NAMED] * len(queries) or ["0"])
        parameters.extend(query for query in queries for _place in range(2))
    return "".join(f" AND {condition}" for condition in conditions), parameters


def cards(
    book: Book, pipeline_id: str, filter: Filter = EVERYTHING, closed_limit: int = 200
) -> dict[str, list[DealCard]]:
    """Stage id → cards: open stages whole, by close date and amount; of the others the ``closed_limit`` closed last."""
    where, parameters = _narrowed(filter)
    board: dict[str, list[DealCard]] = {}
    for stage in stages(book, pipeline_id):
        newest = f"ORDER BY deal.close_date DESC, deal.n DESC LIMIT {closed_limit:d}"
        order = _BY_CLOSE_DATE if stage.is_open else newest
        board[stage.id] = deal_cards(book, f"deal.stage = ? {where}", (stage.id, *parameters), order)
    return board


def deal_cards(book: Book, where: str, parameters: Sequence[Any], order: str = _BY_CLOSE_DATE) -> list[DealCard]:
    """The cards of the live deals for which the SQL condition ``where`` on ``deal`` holds."""
    same: dict[Any, Any] = {}  # thousands of cards share stages, days and accounts, and should keep each once
    rows = book.rows(f"{_CARD} AND {where} {order}", parameters)
    return [DealCard._make(map(same.setdefault, row, row)) for row in rows]


def short_name(deal: str, account: str) -> str:
    """A deal's name without that of the account, for where the account stands beside it."""
    for separator in (": ", " – ", " - "):
        start, _separator, rest = deal.partition(separator)
        if rest and account.startswith(start):
            return rest
    return deal


def is_rotten(card: DealCard, stage: StageInfo, today: str) -> bool:
    """Whether nothing happened for longer than the stage allows, and nothing is planned from ``today`` on."""
    if not stage.rot_days or not stage.is_open:
        return False
    loose = card.next is None or is_late(card.next, today)
    return loose and (card.last_touch or "") < rot_limit(stage.rot_days, today)


def move(book: Book, deal_ids: Sequence[str], stage_id: str, origin: str = "command") -> int:
    """Moves deals to a stage in one action; how many moved. Raises ``UserError`` where a lost deal has no reason."""
    stage = book.get("stage", stage_id)
    deals = [book.get("opportunity", deal_id) for deal_id in deal_ids]
    if stage.values["type"] == "Lost" and not all(deal.values.get("loss_reason") for deal in deals):
        raise UserError(_("A lost deal needs a reason."), _("Close it as lost, with the reason."))
    title = _("Moved {name} to {stage}").format(name=_named(book, deal_ids), stage=stage.heading)
    return edit.bulk(book, "opportunity", deal_ids, {"stage": stage_id}, title, origin)


def close_won(
    book: Book, deal_id: str, close_date: str | None = None, amount: int | None = None, origin: str = "command"
) -> None:
    """Wins a deal on ``close_date`` (today where None), for ``amount`` in minor units where it is not the known one."""
    values = {"close_date": close_date, "amount": amount}
    with book.change(_("Won {name}").format(name=book.get("opportunity", deal_id).heading), origin) as change:
        close(change, deal_id, "Won", {name: value for name, value in values.items() if value is not None})


def close_lost(
    book: Book,
    deal_ids: Sequence[str],
    reason_id: str,
    competitor_id: str | None = None,
    notes: str = "",
    close_date: str | None = None,
    origin: str = "command",
) -> None:
    """Loses deals for a reason, perhaps to a competitor, in one action. Raises ``UserError`` without a reason."""
    if not reason_id:
        raise UserError(_("A lost deal needs a reason."))
    values = {"loss_reason": reason_id, "winning_competitor": competitor_id, "loss_notes": notes or None}
    if close_date:
        values["close_date"] = close_date
    with book.change(_("Lost {name}").format(name=_named(book, deal_ids)), origin) as change:
        for deal_id in deal_ids:
            close(change, deal_id, "Lost", values)


def _named(book: Book, deal_ids: Sequence[str]) -> str:
    """The deal's name, or how many there are."""
    if len(deal_ids) == 1:
        return book.get("opportunity", deal_ids[0]).heading
    return _("{count} deals").format(count=len(deal_ids))


def close(change: Change, deal_id: str, type: str, values: Mapping[str, Value]) -> None:
    """Moves a deal to its pipeline's stage of ``type`` (Won, Lost), with other ``values``. Raises ``NotFound``."""
    pipeline_id = change.get("opportunity", deal_id).values["pipeline"]
    stage = next((stage for stage in stages(change.book, pipeline_id) if stage.type == type), None)
    if stage is None:
        raise NotFound(_("The pipeline has no stage of type {type}.").format(type=_(type)), _("Add one first."))
    edit.edit(change, "opportunity", deal_id, {"stage": stage.id, **values})


def report(book: Book, pipeline_id: str | None = None) -> Report:
    """A pipeline in figures; all of them where None."""
    sums: list[StageSum] = []
    by_type: dict[str, list[Group]] = {"Open": [], "Won": [], "Lost": []}
    for name in [pipeline_id] if pipeline_id else [row[0] for row in pipelines(book)]:
        groups = _groups(book, name, EVERYTHING)
        for stage in stages(book, name):
            deals = groups.get(stage.id, [])
            sums.append(StageSum(stage, *_total(deals)))
            by_type["Open" if stage.is_open else stage.type].extend(deals)
    orphans = "SELECT count(*) FROM opportunity WHERE deleted_at IS NULL AND account IS NULL"
    without = book.value(f"{orphans} AND coalesce(?, pipeline) = pipeline", (pipeline_id,))
    return Report(sums, _total(by_type["Open"]), _total(by_type["Won"]), _total(by_type["Lost"]), without)
