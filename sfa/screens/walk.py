"""The walk through the deals of a review: everything about one deal on one page, and one key for each decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from sfa import quickdates
from sfa.actions import bindings, keys_of
from sfa.errors import NotFound
from sfa.i18n import N_, _
from sfa.locales import current, now, today
from sfa.models import KINDS
from sfa.models.defaults import FORECAST_CATEGORIES
from sfa.models.times import local_day
from sfa.sales import edit, timeline
from sfa.sales.review import telling
from sfa.sales.review.movements import LABELS
from sfa.sales.review.page import Page, page, told
from sfa.sales.review.summary import Finding, Review
from sfa.sales.scoring import words
from sfa.screens.deeds import echo_date, local_now
from sfa.screens.moments import briefly
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place, Subject
from sfa.screens.prompt import Prompt
from sfa.screens.standing import standing
from sfa.store.lookup import Lookup
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section, SectionList


class WalkScreen(Place):
    """The deals ``ids`` of a review, from the one at ``place`` on; ``typical``: days of won deals by stage."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("walk")]
    help = N_(
        "One deal of the review. Tab goes to the next one, Shift+Tab back, Esc to the overview. One key each: , notes, "
        "n plans the next step, m moves it, z sets the close date, % the forecast category, e edits, w and x close it. "
        "Enter opens what is under the cursor."
    )
    kind = "activity"
    DEFAULT_CSS = """
    WalkScreen Note { height: auto; max-height: 3; }
    WalkScreen #name { margin-top: 1; text-style: bold; }
    WalkScreen #news { color: $text-accent; }
    WalkScreen #body { margin-top: 1; }
    WalkScreen #keys { color: $text-muted; }
    WalkScreen.-narrow #name, WalkScreen.-narrow #body { margin-top: 0; }
    """

    def __init__(self, review: Review, ids: Sequence[str], place: int, typical: Mapping[str, float]) -> None:
        super().__init__()
        self.review, self.ids, self.place, self.typical = review, list(ids), place, typical
        self.findings = {finding.state.id: finding for finding in review.findings}

    @property
    def deal_id(self) -> str:
        return self.ids[self.place]

    def body(self) -> Iterable[Widget]:
        yield Note(id="name")
        yield Note(id="news")
        yield Note(id="next")
        columns = (
            Column("when", "", 22, weight=1),
            Column("what", "", 28, weight=3),
            Column("who", "", 12, weight=1, rank=1),
        )
        yield SectionList(columns, id="body")
        yield Note(self._keys(), id="keys")

    def _keys(self) -> str:
        """What may be decided here, with one key each."""
        keys = {id: keys_of(id, self.sfa.settings.keys)[0] for id in ("note", "new", "move", "snooze", "category")}
        return _("{note} note · {new} next step · {move} stage · {snooze} close date · {category} category").format(
            **keys
        )

    def reload(self) -> None:
        book = self.sfa.book
        place = _("{place} of {count}").format(place=self.place + 1, count=len(self.ids))
        self.tell(f"{_('Review')} · {place}", self.sfa.banner)
        try:
            found = page(book, self.deal_id, self.review.since, self.typical)
        except NotFound:
            self._note("name", _("This deal is no longer in the book."), "bad")
            self._note("news", "")
            self._note("next", "")
            self.query_one("#body", SectionList).show([], keep=False)
            return
        finding = self.findings.get(self.deal_id)
        self._note("name", self._head(found))
        self._note("news", self._news(finding) if finding else "")
        stands = standing(book, found.deal)
        self._note("next", stands.text, stands.tone)
        self.query_one("#body", SectionList).show(list(self._sections(found)), keep=True)
        self.refresh_bindings()

    def _note(self, id: str, text: str, tone: str = "plain") -> None:
        note = self.query_one(f"#{id}", Note)
        note.update(text, tone)
        note.display = bool(text)
        note.refresh(layout=True)

    def _head(self, found: Page) -> str:
        """Name, account, amount, stage, close date, category, owner."""
        values, lookup, locale = found.deal.values, Lookup(self.sfa.book), current()
        currency = values.get("currency") or locale.default_currency()
        day, amount = values.get("close_date"), values.get("amount")
        account = lookup.title("account", values["account"]) if values.get("account") else ""
        parts = [
            found.deal.heading,
            "" if account in found.deal.heading else account,
            _("no amount") if amount is None else locale.amount(amount, currency, whole=True),
            lookup.title("stage", values["stage"]),
            _("closes {day}").format(day=locale.day(day, now()[:10])) if day else _("no close date"),
            _(values.get("forecast_category") or ""),
            lookup.title("user", values["owner"]) if values.get("owner") else "",
        ]  # fmt: skip
        return " · ".join(filter(None, parts))

    def _news(self, finding: Finding) -> str:
        lookup, stages = Lookup(self.sfa.book), self.review.stages
        said = []
        for kind in finding.kinds:
            detail = telling.what(kind, finding, lookup, stages)
            plain = kind in ("slipped", "no_next_step", "idle", "new") or not detail
            said.append(_(LABELS[kind]) if plain else f"{_(LABELS[kind])} {detail}")
        return " · ".join(said)

    def _sections(self, found: Page) -> Iterable[Section]:
        yield Section(
            _("Changed since {moment}").format(moment=briefly(self.review.since.at)),
            [
                Row(f"change {place}", (briefly(change.at), change.what, change.by))
                for place, change in enumerate(found.changed)
            ],
        )
        yield self._score(found)
        yield Section(
            _("Way through the stages"),
            [
                Row(f"stay {place}", (stay.stage, told(stay), current().day(local_day(stay.since), today())))
                for place, stay in enumerate(found.stays)
            ],
        )
        yield Section(
            _("People"),
            [Row(f"contact {one.id}", (one.name, one.title, one.role or one.phone)) for one in found.people],
        )
        yield Section(
            _("What happened"),
            [Row(*_happened(entry)) for entry in found.happened],
        )

    def _score(self, found: Page) -> Section:
        if found.score is None:
            return Section("", [])
        book, given = self.sfa.book, found.deal.values.get("probability")
        rows = [
            Row(f"reason {place}", (reason.partition(" ")[0] + " %", reason.partition(" ")[2]))
            for place, reason in enumerate(words.reasons(book, "opportunity", found.score))
        ]
        rows = rows or [Row("reason", ("", _("nothing tells it from the average deal")), True)]
        beside = _("stage or you: {percent}").format(percent=current().percent(given)) if given is not None else ""
        heading = _("Score {percent} by your history").format(percent=words.percent(found.score.chance))
        return Section(heading, rows, beside)

    # Going on

    def action_walk_next(self) -> None:
        if self.place + 1 < len(self.ids):
            self._turn_to(self.place + 1)
        else:
            self.app.pop_screen()
            self.sfa.tell(_("That was the last deal. X writes the review to a file, f ends it."))

    def action_walk_back(self) -> None:
        self._turn_to(max(self.place - 1, 0))

    def _turn_to(self, place: int) -> None:
        self.place = place
        self.query_one("#body", SectionList).move_to(0)
        self.reload()

    def why_not(self, action_id: str) -> str | None:
        if action_id == "snooze":
            return None
        if action_id == "walk_back" and self.place == 0:
            return _("This is the first deal.")
        return super().why_not(action_id)

    # Deciding

    def subject(self) -> Subject:
        """The deal, wherever the cursor is."""
        return Subject("opportunity", [self.deal_id])

    def preset(self) -> dict[str, str]:
        from sfa.sales.calls import targets_for

        return targets_for(self.sfa.book, "opportunity", self.deal_id)

    def action_note(self) -> None:
        """Asks for a note and writes it down with the deal."""
        book, values, name = self.sfa.book, self.preset(), self._called()

        def taken(text: str | None) -> None:
            if text:
                self.sfa.perform(lambda: write(text))

        def write(text: str) -> None:
            with book.change(_("Note on {name}").format(name=name), "screen") as change:
                edit.create(change, "activity", {**values, "type": "note", "subject": text[:200], "body": text})

        self.app.push_screen(Prompt(_("Note on {name}").format(name=name), example=_("What was said?")), taken)

    def action_snooze(self) -> None:
        """Asks for the day on which the deal is to close."""

        def taken(text: str | None) -> None:
            if text:
                day = quickdates.parse(text, local_now(), current()).date
                self._set({"close_date": day})

        heading = _("{name} closes on").format(name=self._called())
        self.app.push_screen(Prompt(heading, example=_("fri, +2w, next month, 31.12."), echo=echo_date), taken)

    def action_category(self) -> None:
        """Asks how sure the deal is in the forecast."""
        deal = self.sfa.book.get("opportunity", self.deal_id)

        def taken(ids: list[str] | None) -> None:
            if ids:
                self._set({"forecast_category": ids[0]})

        options = [Option(name, _(name)) for name in FORECAST_CATEGORIES if name != "Closed"]
        at = deal.values.get("forecast_category") or ""
        self.app.push_screen(Picker(_("In the forecast, {name} is").format(name=deal.heading), options, at=at), taken)

    def _called(self) -> str:
        return self.sfa.book.get("opportunity", self.deal_id).heading

    def _set(self, values: dict[str, str]) -> None:
        book, id = self.sfa.book, self.deal_id
        title = edit.edited_title(book.get("opportunity", id))
        self.sfa.perform(lambda: edit.bulk(book, "opportunity", [id], values, title, "screen"))

    @on(Opened, "#body")
    def open_row(self) -> None:
        """Opens the person or activity under the cursor, else the deal."""
        kind, _space, id = (self.query_one("#body", SectionList).cursor_id or "").partition(" ")
        if kind in KINDS:
            self.sfa.open_record(kind, id)
        else:
            self.sfa.open_record("opportunity", self.deal_id)


def _happened(entry: timeline.Entry) -> tuple[str, tuple[str, ...]]:
    """What stands for something that was done: its id, and when, what, by whom."""
    id = f"activity {entry.id}" if entry.source == "activity" else f"change {entry.place.entry}"
    what = " · ".join(filter(None, (entry.title, entry.body.partition("\n")[0])))
    return id, (briefly(entry.when) if entry.when else _("no time"), what, entry.by)
