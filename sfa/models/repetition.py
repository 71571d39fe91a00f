"""Field kinds of what comes again: the rule of a series, and the times that it has besides or leaves out."""

from __future__ import annotations

from typing import Any

from sfa import recurrence, rulewords
from sfa.i18n import _
from sfa.locales import Locale, current
from sfa.models.fields import Context, Field, Peers, Value, quoted
from sfa.models.times import Moment, show_moment


class Repetition(Field[str]):
    """How often something comes again, as iCalendar's RRULE; read from words (``every 2 weeks``) or as a rule."""

    def __init__(self, label: str = "", *, max: int = 1000, **options: Any) -> None:
        super().__init__(label, max=max, **options)

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return rulewords.read(text, current())

    def check(self, value: Value) -> str:
        if not isinstance(value, str) or len(value) > self.max:
            raise ValueError(_("must be a rule such as FREQ=WEEKLY, not {value}").format(value=quoted(value)))
        return recurrence.check(value)

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "" if value is None else rulewords.describe(value, locale)

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        """The words where they mean the very rule, else the rule."""
        if value is None:
            return ""
        words = rulewords.describe(value, locale)
        try:
            return words if rulewords.read(words, locale) == value else str(value)
        except ValueError:
            return str(value)

    def words(self, value: Value) -> str:
        return ""


MOMENT = Moment()


class Moments(Field[list[str]]):
    """A set of moments, in order."""

    in_json, is_set = True, True
    width = 20

    def parse(self, text: str, peers: Peers, context: Context) -> Value:
        return [MOMENT.parse(part, peers, context) for part in text.split(";") if part.strip()]

    def check(self, value: Value) -> list[str]:
        if not isinstance(value, list):
            raise ValueError(_("must be a list of moments"))
        return sorted({MOMENT.check(item) for item in value})

    def show(self, value: Value, peers: Peers, locale: Locale) -> str:
        return "; ".join(show_moment(item, locale) for item in value or ())

    def edit(self, value: Value, peers: Peers, locale: Locale, context: Context) -> str:
        return "; ".join(MOMENT.edit(item, peers, locale, context) for item in value or ())

    def words(self, value: Value) -> str:
        return ""
