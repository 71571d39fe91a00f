"""The one table of everything a key can do.

Bindings, key bar, help, the command search, the keys page of the documentation and the check of the user's keymap
(``keymap``) are readings of ``ACTIONS``. An action ``x`` is the method ``action_x`` of the screen or widget whose ``BINDINGS`` are
``bindings(scope)``.

Rules: the same letter means the same everywhere; hjkl only move; arrows, Enter and Escape do everything; a capital is
the opposite or the plural of its letter (u undo, U redo; c log a call, C contacts). Not used: ctrl+h/i/m/space and
alt+f/b, which terminals deliver as other keys; ctrl+e/j/k, and F1, F5, F6 without an alternative, which editors'
terminals keep for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfa.i18n import N_, _
from sfa.keynames import display, normal

if TYPE_CHECKING:
    from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do by key: ``keys`` are its defaults, the first is the one shown."""

    id: str
    keys: tuple[str, ...]
    title: str
    """What the key bar says: a word or two."""
    help: str
    """What it does, in a sentence."""
    group: str
    scopes: tuple[str, ...]
    """Where it works, see ``PLACES``."""
    shown: bool = False
    """Whether the key bar may show it."""
    call: str = ""
    """The action string where it is not the id alone; ``{key}`` becomes the key pressed."""


ANYWHERE, MOVE, RECORDS, DEALS, CALENDAR, FIGURES, MARKING, OFFICE, FORMS = (
    N_("Anywhere"),
    N_("Moving about"),
    N_("Records"),
    N_("Deals"),
    N_("Calendar"),
    N_("Reports"),
    N_("Marking"),
    N_("Head office"),
    N_("Forms"),
)

PLACES: dict[str, tuple[str, ...]] = {
    "today": ("global", "today", "table"),
    "list": ("global", "list", "table"),
    "board": ("global", "pipeline", "board"),
    "record": ("global", "record", "timeline", "table"),
    "calendar": ("global", "calendar", "grid"),
    "agenda": ("global", "calendar", "timeline"),
    "reports": ("global", "reports", "timeline"),
    "report": ("global", "report", "timeline"),
    "review": ("global", "review", "timeline"),
    "walk": ("global", "walk", "timeline"),
    "forecast": ("global", "forecast", "table"),
    "sync": ("global", "sync", "timeline"),
    "conflict": ("global", "conflict", "timeline"),
    "form": ("global", "form", "fields"),
    "call": ("global", "form", "call"),
}
"""The scopes that are alive together in each kind of place; in none may a key have two meanings."""

_GLOBAL = ("global",)
_EVERY = ("today", "list", "pipeline", "record", "review", "walk")
_DATED = ("today", "list", "record", "calendar")
_KEPT = (*_EVERY, "calendar")
_SYNC = ("sync", "conflict")
_FIGURES = ("reports", "report")
_WIDGETS = ("table", "board", "timeline")
_MOVED = (*_WIDGETS, "grid")

ACTIONS: tuple[Action, ...] = (
    # Anywhere. Today and the board are where a rep lives and have lower-case letters; lists of records have the capital
    # of their noun. Leads are P (prospects): L moves a card. Activities are T (tasks), the plural of today.
    Action("search", ("ctrl+p", ":"), N_("Search"), N_("Find any record or command."), ANYWHERE, _GLOBAL, True),
    Action("help", ("?", "f1"), N_("Help"), N_("Explain this place and all its keys."), ANYWHERE, _GLOBAL),
    Action("quick_add", ("a",), N_("Add"), N_("Add any record from wherever you are."), ANYWHERE, _GLOBAL),
    Action("undo", ("u", "ctrl+z"), N_("Undo"), N_("Take back what was done last."), ANYWHERE, _GLOBAL),
    Action("redo", ("U", "ctrl+y"), N_("Redo"), N_("Do again what was undone last."), ANYWHERE, _GLOBAL),
    Action("back", ("escape",), N_("Back"), N_("Close this and return to where you were."), ANYWHERE, _GLOBAL),
    Action("previous", ("-",), N_("Previous"), N_("Return to the record you looked at before."), ANYWHERE, _GLOBAL),
    Action("log", ("I",), N_("Log"), N_("All that was done in the book; takes back any of it."), ANYWHERE, _GLOBAL),
    Action("sync", ("S",), N_("Sync"), N_("Conflicts, what waits for head office, what came."), ANYWHERE, _GLOBAL),
    Action("quit", ("ctrl+q",), N_("Quit"), N_("Leave sfa; everything is saved already."), ANYWHERE, _GLOBAL),
    Action("today", ("t", "f2"), N_("Today"), N_("Calls, meetings and follow-ups that are due."), MOVE, _GLOBAL),
    Action("board", ("b", "f3"), N_("Board"), N_("The pipeline, a column per stage."), MOVE, _GLOBAL),
    Action("accounts", ("A", "f4"), N_("Accounts"), N_("The list of accounts."), MOVE, _GLOBAL),
    Action("contacts", ("C", "f5"), N_("Contacts"), N_("The list of contacts."), MOVE, _GLOBAL),
    Action("leads", ("P", "f6"), N_("Leads"), N_("The list of leads (prospects)."), MOVE, _GLOBAL),
    Action("opportunities", ("D", "f7"), N_("Deals"), N_("The list of deals."), MOVE, _GLOBAL),
    Action("activities", ("T", "f8"), N_("Activities"), N_("All calls, meetings, tasks and notes."), MOVE, _GLOBAL),
    Action("calendar", ("W", "f9"), N_("Calendar"), N_("The week, the month and free time."), MOVE, _GLOBAL),
    Action("reports", ("R", "f10"), N_("Reports"), N_("Figures over the whole book."), MOVE, _GLOBAL),
    Action("review", ("B",), N_("Review"), N_("What changed in the pipeline, deal by deal."), MOVE, _GLOBAL),
    Action("forecast", ("F",), N_("Forecast"), N_("What will come, as people and history say."), MOVE, _GLOBAL),
    # Records: lists, board, today and the record screen.
    Action("log_call", ("c",), N_("Log call"), N_("Write down a call and what comes next."), RECORDS, _KEPT, True),
    Action("dial", ("+",), N_("Dial"), N_("Call them by the system's telephone; the time runs."), RECORDS, _EVERY),
    Action("new", ("n",), N_("New"), N_("Add a record of the kind shown; on a record, plan an activity with it."), RECORDS, (*_KEPT, "reports", "forecast"), True),
    Action("edit", ("e",), N_("Edit"), N_("Edit the record, or all that are marked."), RECORDS, (*_KEPT, *_SYNC, "reports", "forecast"), True),
    Action("delete", ("d",), N_("Delete"), N_("Delete the record, or all that are marked."), RECORDS, (*_KEPT, "sync", "reports")),
    Action("menu", (".",), N_("Actions"), N_("Choose from all that can be done here."), RECORDS, (*_KEPT, *_SYNC, *_FIGURES), True),
    Action("history", ("i",), N_("History"), N_("Every change of the record: who, when, what."), RECORDS, (*_KEPT, *_SYNC)),
    Action("copy", ("y",), N_("Copy"), N_("Copy a phone, e-mail or address for other programs. Some terminals forbid it and do not say so."), RECORDS, _KEPT),
    Action("filter", ("/",), N_("Filter"), N_("Show only what matches."), RECORDS, (*_EVERY[:3], *_FIGURES), True),
    Action("sort", ("s",), N_("Sort"), N_("Choose the column to sort by."), RECORDS, ("list",)),
    # A list's columns have the key that looks like one.
    Action("columns", ("|",), N_("Columns"), N_("Choose the columns shown; in a week, all days or the working days."), RECORDS, ("list", "calendar")),
    Action("views", ("V",), N_("Views"), N_("Saved filters."), RECORDS, ("list", "pipeline")),
    Action("owner", ("o",), N_("Owner"), N_("Whose records are shown: mine, a colleague's, all."), RECORDS, (*_EVERY[:3], "calendar", "report", "review", "forecast")),
    Action("finish", ("f",), N_("Finish"), N_("Mark as done."), RECORDS, (*_DATED, "review"), True),
    Action("finish_next", ("&",), N_("Finish and plan"), N_("Mark as done, with a note and the next step."), RECORDS, _DATED),
    Action("snooze", ("z",), N_("Put off"), N_("To another day; in the review, the deal."), RECORDS, (*_DATED, "walk")),
    Action("tomorrow", ("Z",), N_("To tomorrow"), N_("Put off to tomorrow at once, at the same time."), RECORDS, _DATED),
    Action("reminders", ("N",), N_("Reminders"), N_("What reminds of this: add, put off, dismiss."), RECORDS, _KEPT),
    Action("plan", ("#",), N_("Plan"), N_("Apply a plan of steps; shift or stop the one under way."), RECORDS, _EVERY),
    # Deals. Won and lost also settle a lead, which is converted or disqualified: w is success, x crosses out.
    Action("won", ("w",), N_("Won"), N_("Win the deal; convert the lead."), DEALS, _EVERY, True),
    Action("lost", ("x",), N_("Lost"), N_("Lose the deal, disqualify the lead; asks why."), DEALS, _EVERY, True),
    Action("move", ("m",), N_("Move"), N_("Choose the stage to move the deal to."), DEALS, _EVERY, True),
    Action("pipeline", ("p",), N_("Pipeline"), N_("Switch to another pipeline."), DEALS, ("pipeline", "list", "review")),
    Action("move_left", ("H", "shift+left"), N_("Move left"), N_("To the stage on the left; in the calendar, to the day before."), DEALS, ("board", "grid")),
    Action("move_right", ("L", "shift+right"), N_("Move right"), N_("To the stage on the right; in the calendar, to the day after."), DEALS, ("board", "grid")),
    Action("to_stage", tuple("123456789"), N_("To stage"), N_("To the stage of that number."), DEALS, ("board",), call="to_stage({key})"),
    # The calendar: what moves a card moves an activity; the brackets look like the ends of a span.
    Action("move_up", ("shift+up",), N_("Earlier"), N_("The activity earlier; in a month, a week."), CALENDAR, ("grid",)),
    Action("move_down", ("shift+down",), N_("Later"), N_("The activity later; in a month, a week."), CALENDAR, ("grid",)),
    Action("longer", (">",), N_("Longer"), N_("Have the activity end later."), CALENDAR, ("grid",)),
    Action("shorter", ("<",), N_("Shorter"), N_("Have the activity end earlier."), CALENDAR, ("grid",)),
    Action("view_day", ("1",), N_("Day"), N_("One day."), MOVE, ("calendar",)),
    Action("view_week", ("2",), N_("Week"), N_("As many days of the week as fit."), MOVE, ("calendar",), True),
    Action("view_month", ("3",), N_("Month"), N_("The weeks of a month."), MOVE, ("calendar",), True),
    Action("view_agenda", ("4",), N_("Agenda"), N_("Two weeks as a list, with the free time."), MOVE, ("calendar",), True),
    Action("span_back", ("[",), N_("Back"), N_("The day, week or month before."), MOVE, ("calendar", "report", "forecast")),
    Action("span_on", ("]",), N_("On"), N_("The day, week or month after."), MOVE, ("calendar", "report", "forecast")),
    Action("go_to_date", ("ctrl+g",), N_("Go to"), N_("To any date: fri, +3w, 31.12."), MOVE, ("calendar",)),
    Action("next_free", ("ctrl+f",), N_("Next free"), N_("The next free time."), MOVE, ("calendar",), True),
    Action("to_now", ("home", "g"), N_("Now"), N_("To today and now."), MOVE, ("grid",)),
    Action("item_next", ("tab",), N_("Next"), N_("The next activity."), MOVE, ("grid",)),
    Action("item_back", ("shift+tab",), N_("Previous"), N_("The activity before."), MOVE, ("grid",)),
    # Reports: = says what rows are of, Y (years) of which days, E makes one of its own, ! puts it before all others.
    Action("by", ("=",), N_("By"), N_("Read it by something else: rep, product, source."), FIGURES, ("report",), True),
    Action("period", ("Y",), N_("Period"), N_("Of which days: this quarter, 2026-Q2."), FIGURES, ("report", "review", "forecast"), True),
    Action("keep", ("E",), N_("Keep"), N_("Keep the report as it is shown, under a name."), FIGURES, ("report",), True),
    Action("export", ("X",), N_("Export"), N_("Write it to a file: PDF, SVG, PNG, CSV."), FIGURES, ("report", "review"), True),
    Action("pin", ("!",), N_("Pin"), N_("Show an own report on Today, or no longer."), FIGURES, _FIGURES),
    # The review: its deals follow each other like the panes of a record; % is how sure one is.
    Action("walk_next", ("tab", "right", "l"), N_("Next deal"), N_("The deal after this."), MOVE, ("walk",), True),
    Action("walk_back", ("shift+tab", "left", "h"), N_("Deal before"), N_("The deal before."), MOVE, ("walk",)),
    Action("note", (",",), N_("Note"), N_("Write a note on the deal."), DEALS, ("walk",), True),
    Action("category", ("%",), N_("Category"), N_("How sure the deal is in the forecast."), DEALS, ("walk",), True),
    # Head office: M takes mine, K keeps what stands; O, of owner, is whose it is.
    Action("hand_over", ("O",), N_("Hand over"), N_("Give an account or lead to another territory, with everything under it."), OFFICE, ("list", "record")),
    Action("sync_now", ("r",), N_("Sync now"), N_("Exchange with head office at once."), OFFICE, ("sync",), True),
    Action("take_mine", ("M",), N_("Take mine"), N_("What I wanted counts."), OFFICE, _SYNC, True),
    Action("keep_theirs", ("K",), N_("Keep theirs"), N_("What stands at head office stays."), OFFICE, _SYNC, True),
    Action("conflict_next", ("tab", "right", "l"), N_("Next"), N_("The next conflict."), MOVE, ("conflict",), True),
    Action("conflict_back", ("shift+tab", "left", "h"), N_("Previous"), N_("The one before."), MOVE, ("conflict",)),
    # Moving the cursor.
    Action("cursor_up", ("up", "k"), N_("Up"), N_("The one above."), MOVE, _MOVED),
    Action("cursor_down", ("down", "j"), N_("Down"), N_("The one below."), MOVE, _MOVED),
    Action("lane_left", ("left", "h"), N_("Left"), N_("The stage or day on the left."), MOVE, ("board", "grid")),
    Action("lane_right", ("right", "l"), N_("Right"), N_("The stage or day on the right."), MOVE, ("board", "grid")),
    Action("pane_next", ("tab", "right", "l"), N_("Next pane"), N_("The pane after this one."), MOVE, ("record",)),
    Action("pane_back", ("shift+tab", "left", "h"), N_("Pane back"), N_("The pane before."), MOVE, ("record",)),
    Action("page_up", ("pageup",), N_("Page up"), N_("A screen up."), MOVE, _MOVED),
    Action("page_down", ("pagedown",), N_("Page down"), N_("A screen down."), MOVE, _MOVED),
    Action("first", ("home", "g"), N_("First"), N_("The first of all."), MOVE, _WIDGETS),
    Action("last", ("end", "G"), N_("Last"), N_("The last of all."), MOVE, _WIDGETS),
    Action("open", ("enter",), N_("Open"), N_("Open what is under the cursor."), MOVE, _MOVED, True),
    # Marking: what is marked is acted on at once; if nothing is, the one under the cursor.
    Action("mark", ("space",), N_("Mark"), N_("Mark or unmark, and go on."), MARKING, ("table", "board"), True),
    Action("mark_range", ("v",), N_("Range"), N_("Start a range here; again to mark it."), MARKING, ("table",)),
    Action("mark_all", ("*",), N_("Mark all"), N_("Mark all shown; again for none."), MARKING, ("table",)),
    Action("unmark", ("escape",), N_("Unmark"), N_("Forget all marks."), MARKING, ("table", "board")),
    # Forms: letters belong to the text there.
    Action("time", ("ctrl+t",), N_("Time"), N_("Start or stop the time of a call."), FORMS, ("call",)),
    Action("save", ("ctrl+s",), N_("Save"), N_("Save and close."), FORMS, ("form",), True),
    Action("more_fields", ("ctrl+l",), N_("More fields"), N_("Show all fields, or the main ones."), FORMS, ("fields",), True),
    Action("open_match", ("ctrl+o",), N_("Open match"), N_("Open the record that this one looks like."), FORMS, ("fields",)),
    Action("start_over", ("ctrl+r",), N_("Start over"), N_("Forget what was typed."), FORMS, ("fields",)),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

YIELDING = frozenset({"unmark"})
"""Actions that share a key with one further out, and leave it to that one when they have nothing to do."""

ALWAYS = frozenset({"quit"})
"""Actions that work from within any dialog."""


def bindings(scope: str) -> list[Binding]:
    """What a screen, widget or app puts into its ``BINDINGS``; each carries its action's id."""
    from textual.binding import Binding

    return [
        Binding(
            keys,
            call,
            _(action.title),
            show=action.shown,
            tooltip=_(action.help),
            id=action.id,
            priority=action.id in ALWAYS,
        )
        for action in ACTIONS
        if scope in action.scopes
        for keys, call in _calls(action)
    ]


def _calls(action: Action) -> list[tuple[str, str]]:
    if not action.call:
        return [(",".join(map(normal, action.keys)), action.id)]
    return [(normal(key), action.call.format(key=key)) for key in action.keys]


def keys_of(action_id: str, keymap: Mapping[str, Sequence[str]] | None = None) -> tuple[str, ...]:
    """The keys of an action as shown to the user, with those of ``keymap`` in place of the defaults."""
    keys = (keymap or {}).get(action_id, BY_ID[action_id].keys)
    return tuple(display(key) for key in keys)
