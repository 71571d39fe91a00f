"""The board: a pipeline's deals, a column per stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from sfa import locales
from sfa.actions import bindings, keys_of
from sfa.i18n import N_, _
from sfa.models.times import local_day, shift_day
from sfa.sales import pipeline
from sfa.sales.pipeline import DealCard, Filter, StageInfo, StageSum
from sfa.screens.deeds import to_stage
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place, Subject
from sfa.widgets.board import Board
from sfa.widgets.cards import Card
from sfa.widgets.filterbar import FilterBar
from sfa.widgets.lanes import Lane
from sfa.widgets.messages import Marked, MoveRequested, Opened

WINDOWS = {
    "": N_("any close date"),
    "late": N_("close date passed"),
    "month": N_("closes this month"),
    "quarter": N_("closes this quarter"),
    "90": N_("closes within 90 days"),
}
"""Spans of the close date that the board can be narrowed to."""


class BoardScreen(Place):
    """One pipeline; narrowed by owner, text and close date."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("pipeline")]
    kind = "opportunity"
    help = N_(
        "The open deals by stage, with count, sum and weighted sum. L and H move a deal, a number sends it to that "
        "stage, w wins and x loses it. ○ has no next step, ! is overdue, ◐ is due today, ● is planned, ▲ is rotting."
    )

    def __init__(self) -> None:
        super().__init__()
        self.pipeline_id = ""
        self.pipeline_name = ""
        self.filter = Filter()
        self.window = ""
        self.stages: dict[str, StageInfo] = {}
        self.cards: dict[str, DealCard] = {}
        self._own_moves = 0

    def body(self) -> Iterable[Widget]:
        yield FilterBar(_("deal or account …   Enter keeps, Esc clears"))
        yield Board(amount=_amount, id="body", empty=_("This pipeline has no stages."))

    @property
    def board(self) -> Board:
        return self.query_one("#body", Board)

    def book_changed(self) -> None:
        """A move that this board has drawn already only changes the sums."""
        if not self._own_moves:
            super().book_changed()
            return
        self._own_moves -= 1
        self._revision = self.sfa.revision
        self._show_sums(pipeline.stage_sums(self.sfa.book, self.pipeline_id, self.filter))

    def reload(self) -> None:
        pipelines = dict(pipeline.pipelines(self.sfa.book))
        if self.pipeline_id not in pipelines:
            self.pipeline_id = next(iter(pipelines), "")
        self.pipeline_name = pipelines.get(self.pipeline_id, "")
        self._read()

    @work(thread=True, exclusive=True, group="board", exit_on_error=False)
    def _read(self) -> None:
        book = self.sfa.book
        sums = pipeline.stage_sums(book, self.pipeline_id, self.filter)
        deals = pipeline.cards(book, self.pipeline_id, self.filter)
        stages = {total.stage.id: total.stage for total in sums}
        today, now = locales.today(), locales.now()
        cards = {
            stage_id: [_card(deal, stages[stage_id], today, now) for deal in some] for stage_id, some in deals.items()
        }
        self.app.call_from_thread(self._show, sums, {deal.id: deal for some in deals.values() for deal in some}, cards)

    def _show(self, sums: Sequence[StageSum], deals: dict[str, DealCard], cards: dict[str, list[Card]]) -> None:
        self.stages = {total.stage.id: total.stage for total in sums}
        at = self.board.cursor_id
        if at in deals and at in self.cards and self._was_closed(self.cards[at], deals[at]):
            at = None  # who works down a column stays there
        self.cards = deals
        self.board.show([_lane(total) for total in sums], cards, keep_id=at)
        self._show_sums(sums)

    def _was_closed(self, before: DealCard, after: DealCard) -> bool:
        return before.stage != after.stage and not self.stages[after.stage].is_open

    def _show_sums(self, sums: Sequence[StageSum]) -> None:
        for total in sums:
            self.board.update_lane(_lane(total))
        opened = [total for total in sums if total.stage.is_open]
        parts = [self.pipeline_name, _("{count} open").format(count=_count(sum(total.count for total in opened)))]
        parts.append(_money(_added(total.sums for total in opened)))
        if weighted := _money(_added(total.weighted for total in opened)):
            parts.append(_("weighted {amount}").format(amount=weighted))
        hint = (
            "" if any(total.count for total in sums) else _("{key} adds the first deal").format(key=keys_of("new")[0])
        )
        self.tell(" · ".join(filter(None, parts)), self._narrowed() or hint)

    def _narrowed(self) -> str:
        """What the board is narrowed to, in words."""
        owner = self.sfa.book.find("user", self.filter.owner) if self.filter.owner else None
        words = [
            owner.heading if owner else "",
            f"“{self.filter.text}”" if self.filter.text else "",
            _(WINDOWS[self.window]) if self.window else "",
        ]
        return " · ".join(filter(None, words))

    def subject(self) -> Subject | None:
        ids = self.board.targets()
        return Subject("opportunity", ids) if ids else None

    def preset(self) -> dict[str, str]:
        return {"pipeline": self.pipeline_id, "stage": self.board.lane_id or ""}

    @on(Opened, "#body")
    def open_deal(self, event: Opened) -> None:
        self.sfa.open_record("opportunity", event.id)

    @on(Marked, "#body")
    def tell_marks(self, event: Marked) -> None:
        right = (
            _("{count} marked – m move, e edit, Esc clear").format(count=event.count)
            if event.count
            else self._narrowed()
        )
        self.tell_right(right)

    @on(MoveRequested, "#body")
    def move(self, event: MoveRequested) -> None:
        """Draws the move at once and writes it behind; won and lost ask first."""
        ids, stage = (
            [card_id for card_id in event.card_ids if self.cards[card_id].stage != event.lane_id],
            self.stages[event.lane_id],
        )
        if not ids:
            return
        if stage.type in ("Won", "Lost"):
            to_stage(self.sfa, ids, stage.id)
            return
        today, now = locales.today(), locales.now()
        for card_id in ids:
            self.cards[card_id] = deal = self.cards[card_id]._replace(stage=stage.id, entered=now, last_touch=now)
            self.board.move_card(card_id, stage.id)
            self.board.update_card(_card(deal, stage, today, now))
        self._own_moves += 1
        self.sfa.perform(lambda: pipeline.move(self.sfa.book, ids, stage.id, origin="screen"), failed=self._move_failed)

    def _move_failed(self) -> None:
        self._own_moves -= 1
        self.reload()

    def action_filter(self) -> None:
        self.query_one(FilterBar).open()

    @on(FilterBar.Narrowed)
    def narrow(self, event: FilterBar.Narrowed) -> None:
        self.filter = self.filter._replace(text=event.text.strip())
        self._read()

    def action_owner(self) -> None:
        users = self.sfa.book.records("user")
        options = [
            Option("", _("Everybody")),
            *(Option(user.id, user.heading, _("me") if user.id == self.sfa.book.user else "") for user in users),
        ]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.filter = self.filter._replace(owner=chosen[0] or None)
                self._read()

        self.app.push_screen(Picker(_("Whose deals"), options, at=self.filter.owner or ""), taken)

    def action_views(self) -> None:
        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.window = chosen[0]
                after, before = close_window(self.window, locales.today())
                self.filter = self.filter._replace(closes_after=after, closes_before=before)
                self._read()

        options = [Option(name, _(title)) for name, title in WINDOWS.items()]
        self.app.push_screen(Picker(_("Deals that close when"), options, at=self.window), taken)

    def action_pipeline(self) -> None:
        options = [Option(id, name) for id, name in pipeline.pipelines(self.sfa.book)]

        def taken(chosen: list[str] | None) -> None:
            if chosen:
                self.pipeline_id = chosen[0]
                self.reload()

        self.app.push_screen(Picker(_("Pipeline"), options, at=self.pipeline_id), taken)


def close_window(name: str, today: str) -> tuple[str | None, str | None]:
    """The first and the last day of a span of close dates; None where it is open."""
    day = date.fromisoformat(today)
    if name == "late":
        return None, shift_day(today, -1)
    if name == "90":
        return today, shift_day(today, 90)
    if name in ("month", "quarter"):
        size = 1 if name == "month" else 3
        first = (day.month - 1) // size * size
        end = day.year * 12 + first + size
        return date(day.year, first + 1, 1).isoformat(), shift_day(date(end // 12, end % 12 + 1, 1).isoformat(), -1)
    return None, None


@lru_cache(maxsize=4096)
def _days(day: str, today: str) -> int:
    return (date.fromisoformat(today) - date.fromisoformat(day)).days


def _card(deal: DealCard, stage: StageInfo, today: str, now: str) -> Card:
    return Card(
        deal.id,
        pipeline.short_name(deal.name, deal.account),
        (deal.amount, deal.currency),
        deal.account,
        _days(local_day(deal.entered), today) if deal.entered else None,
        pipeline.next_step_state(deal.next, today, now),
        pipeline.is_rotten(deal, stage, today),
        "" if stage.is_open else _closed(stage.type, deal.close_date),
    )


@lru_cache(maxsize=4096)
def _closed(type: str, day: str | None) -> str:
    """How a deal ended, and when."""
    return " ".join(filter(None, ("✓" if type == "Won" else "✗", day and locales.current().date(day))))


def _count(number: int) -> str:
    return locales.current().number(number)


def _amount(amount: tuple[int | None, str | None]) -> str:
    minor, currency = amount
    locale = locales.current()
    return "" if minor is None else locale.short_amount(minor, currency or locale.default_currency())


def _added(sums: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in sums:
        for currency, minor in each.items():
            total[currency] = total.get(currency, 0) + minor
    return total


def _money(sums: dict[str, int]) -> str:
    """Sums of several currencies, each in its own."""
    return " + ".join(locales.current().short_amount(minor, currency) for currency, minor in sums.items() if minor)


def _brief(sums: dict[str, int]) -> str:
    """The sum in the currency of the most money, and in how many others there is some."""
    amounts = sorted(((minor, currency) for currency, minor in sums.items() if minor), reverse=True)
    if not amounts:
        return ""
    more = f" +{len(amounts) - 1}" if len(amounts) > 1 else ""
    return locales.current().short_amount(*amounts[0]) + more


def _lane(total: StageSum) -> Lane:
    first = " · ".join(filter(None, (_count(total.count), _brief(total.sums))))
    weighted = _brief(total.weighted) if total.stage.is_open else ""
    return Lane(
        total.stage.id, total.stage.name, (first, _("{amount} weighted").format(amount=weighted) if weighted else "")
    )
