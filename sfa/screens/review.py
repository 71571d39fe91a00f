"""The pipeline review: what changed since the last one, in sums that add up, and the deals, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import get_current_worker

from sfa.actions import bindings
from sfa.errors import SfaError, UserError
from sfa.i18n import N_, _
from sfa.locales import current, today
from sfa.sales import pipeline
from sfa.sales.review import moments, page, summary, telling
from sfa.sales.review.bridge import scope_of
from sfa.sales.review.moments import Moment
from sfa.sales.review.summary import Review
from sfa.sales.scoring import scores
from sfa.screens import whose
from sfa.screens.picker import Option, Picker
from sfa.screens.place import Place, Subject
from sfa.screens.prompt import Prompt
from sfa.widgets.columns import Column
from sfa.widgets.messages import Opened
from sfa.widgets.note import Note
from sfa.widgets.pages import Row
from sfa.widgets.sections import Section, SectionList

FOLDED = 8
"""Deals of one kind that are shown here; the walk goes through all."""


class ReviewScreen(Place):
    """What changed, as a whole; Enter walks through the deals one by one."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("review")]
    help = N_(
        "What changed in the pipeline since the last review. Enter on a change walks through its deals, on a "
        "rep shows his. Y sets since when, and until when (monday..yesterday), o whose, p which pipeline; X writes "
        "a file, f ends the review: the next one begins there."
    )

    def __init__(self) -> None:
        super().__init__()
        self.since: Moment | None = None
        self.until: Moment | None = None
        self.top: str | None = None
        self.pipeline: str | None = None
        self.found: Review | None = None
        self.parts: list[telling.Part] = []
        self.typical: dict[str, float] | None = None

    DEFAULT_CSS = "ReviewScreen #known { height: auto; max-height: 3; color: $text-muted; }"

    def body(self) -> Iterable[Widget]:
        columns = (
            Column("what", "", 18, weight=4),
            Column("how", "", 16, weight=5),
            Column("who", "", 12, weight=1, rank=2),
            Column("sum", "", 18, align="right", weight=1),
        )
        yield Note(id="known")
        yield SectionList(columns, id="body", empty=_("Reading the journal …"))

    def reload(self) -> None:
        self._read()

    @work(thread=True, exclusive=True, group="review", exit_on_error=False)
    def _read(self) -> None:
        """Reads in a thread; a key never waits for the journal."""
        book, worker = self.sfa.book, get_current_worker()
        since = self.since or moments.default(book)
        found = summary.review(book, since, self.until, scope_of(book, team=self.top, pipeline=self.pipeline))
        parts = list(telling.parts(book, found))
        if worker.is_cancelled:
            return
        self.app.call_from_thread(self._show, found, parts)
        if self.typical is None:
            self.typical = page.typical_stays(book)
            scores.refresh(book, "opportunity")

    def _show(self, found: Review, parts: list[telling.Part]) -> None:
        self.found, self.parts = found, parts
        body = self.query_one("#body", SectionList)
        body.empty = _("There is no open deal, and nothing has changed.\n\na adds a deal.")
        nothing = not found.findings and not found.bridge.opening.count
        body.show([] if nothing else [*self._sums(), *map(self._part, parts)])
        self._known(telling.known_from(found))
        self.tell(telling.headline(self.sfa.book, found), self.sfa.banner)
        self.refresh_bindings()

    def _known(self, text: str) -> None:
        note = self.query_one("#known", Note)
        note.update(text)
        note.display = bool(text)
        note.refresh(layout=True)

    def _sums(self) -> Iterable[Section]:
        assert self.found
        book, rows = self.sfa.book, telling.sums(self.found.bridge, brief=True)
        kinds = ["opening", *(line.kind for line in self.found.bridge.lines), "closing"]
        yield Section(
            _("From opening to closing"),
            [
                Row(f"sum {kind}", (title, _("{count} deals").format(count=count), "", sum_))
                for kind, (title, count, sum_) in zip(kinds, rows, strict=True)
            ],
        )
        people = telling.owners(book, self.found, brief=True)
        if len(people) > 1:
            yield Section(
                _("By rep"),
                [
                    Row(
                        f"rep {rep.id}",
                        (rep.name, f"{rep.opening} →", _("won {amount}").format(amount=rep.won), rep.closing),
                    )
                    for rep in people
                ],
            )

    @staticmethod
    def _part(part: telling.Part) -> Section:
        rows = [
            Row(f"opportunity {deal.id} {part.kind}", (deal.name, deal.what, deal.owner, deal.amount))
            for deal in part.deals[:FOLDED]
        ]
        left = len(part.deals) - len(rows)
        if left:
            rows.append(Row(f"sum {part.kind}", (_("… and {count} more").format(count=left),), True))
        return Section(f"{part.title}  {current().number(len(part.deals))}", rows, part.sums)

    def subject(self) -> Subject | None:
        kind, _space, id = self._cursor()
        return Subject(kind, [id.partition(" ")[0]]) if kind == "opportunity" else None

    def _cursor(self) -> tuple[str, str, str]:
        return (self.query_one("#body", SectionList).cursor_id or "").partition(" ")

    @on(Opened, "#body")
    def open_row(self) -> None:
        """Walks through the deals of a change, from the one under the cursor; narrows to a rep."""
        what, _space, id = self._cursor()
        deal, _space, kind = id.partition(" ")
        if what == "rep":
            self.top = id or None
            self.reload()
        elif what == "opportunity":
            self._walk(kind, deal)
        elif what == "sum":
            self._walk(id)

    def _walk(self, kind: str, deal: str = "") -> None:
        from sfa.screens.walk import WalkScreen

        assert self.found
        chosen = next(([told.id for told in part.deals] for part in self.parts if part.kind == kind), None)
        if chosen is None and kind in telling.ENDS:
            chosen = self.found.held(kind)
        if chosen:
            place = chosen.index(deal) if deal in chosen else 0
            self.app.push_screen(WalkScreen(self.found, chosen, place, self.typical or {}))

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("finish", "export"):
            return None if self.found else _("The journal is still being read.")
        return super().why_not(action_id)

    # Keys

    def action_period(self) -> None:
        """Asks since when, and until when."""

        def read(text: str) -> tuple[Moment, Moment | None]:
            since, _dots, until = text.partition("..")
            return moments.span(self.sfa.book, since.strip(), until.strip())

        def echo(text: str) -> str:
            since, until = read(text)
            return f"{moments.show(since)} – {moments.show(until, end=True) if until else _('now')}"

        def taken(text: str | None) -> None:
            if text:
                self.since, self.until = read(text)
                self.reload()

        example = _("monday, 2 weeks ago, last review, {month}..yesterday")
        example = example.format(month=current().date(today()[:8] + "01"))
        self.app.push_screen(Prompt(_("What changed since"), example=example, echo=echo), taken)

    def action_owner(self) -> None:
        def taken(user: str | None) -> None:
            self.top = user
            self.reload()

        whose.choose(self.sfa, self.top, taken)

    def action_pipeline(self) -> None:
        options = [Option("*", _("All pipelines"))]
        options += [Option(id, name) for id, name in pipeline.pipelines(self.sfa.book)]

        def taken(ids: list[str] | None) -> None:
            if ids:
                self.pipeline = None if ids[0] == "*" else ids[0]
                self.reload()

        self.app.push_screen(Picker(_("Which pipeline"), options, at=self.pipeline or "*"), taken)

    def action_finish(self) -> None:
        """Ends the review: the next one begins where it was read."""
        found = self.found
        assert found
        self.sfa.perform(
            lambda: moments.remember(self.sfa.book, found.until),
            lambda: self.sfa.tell(
                _("Review ended. The next one begins at {moment}.").format(moment=moments.show(found.until))
            ),
        )

    def action_export(self) -> None:
        """Asks for a file and writes the review there."""

        def taken(text: str | None) -> None:
            if text:
                self._export(Path(text).expanduser())

        heading = _("Write the review to (.pdf, .md or .txt)")
        self.app.push_screen(Prompt(heading, f"review-{today()}.pdf", echo=_file), taken)

    @work(thread=True, exclusive=True, group="export", exit_on_error=False)
    def _export(self, path: Path) -> None:
        from sfa.exchange.documents import reviews

        assert self.found
        done: tuple[Any, Any]
        try:
            reviews.save(self.sfa.book, self.found, path)
            done = self.sfa.tell, _("Wrote {path}").format(path=path)
        except OSError as error:
            text = _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
            done = self.sfa.tell_error, UserError(text)
        except SfaError as error:
            done = self.sfa.tell_error, error
        self.app.call_from_thread(*done)


def _file(text: str) -> str:
    """What the name of a file means."""
    forms = {".pdf": "PDF", ".md": "Markdown", ".txt": _("text")}
    path = Path(text.strip()).expanduser()
    if path.suffix.lower() not in forms:
        raise UserError(_("The name must end in .pdf, .md or .txt."))
    place = path.resolve()
    told = _("{form} · replaces {path}") if place.exists() else "{form} · {path}"
    return told.format(form=forms[path.suffix.lower()], path=place)
