"""What the demo's people have planned: the follow-ups that make up today."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sfa.locales import to_instant
from sfa.sales.demo import texts
from sfa.sales.demo.deals import Deals
from sfa.sales.demo.world import Values, World

# What a rep's open deals have next, dealt out in turn: every rep has some of all.
DEALT = (
    *(
        "soon",
        "overdue",
        "later",
        "call",
        "none",
        "later",
        "meeting",
        "soon",
        "later",
        "overdue",
        "soon",
        "task",
        "soon",
    ),
    *("later", "soon", "later", "none", "soon", "later", "call", "soon", "later", "soon", "later", "overdue", "later"),
)
TO_LEADS = ("call", "soon", "overdue", "soon", "soon", "none", "soon")
MEETING_HOURS = ((10, 0), (14, 30), (16, 0), (11, 30))
REMIND = 15 * 60  # seconds before the start


class Plans:
    def __init__(self, world: World, deals: Deals) -> None:
        self.world, self.deals = world, deals
        self._dealt: Counter[str] = Counter()
        self._meetings: Counter[str] = Counter()

    def build(self) -> None:
        for deal in self.world.rows["opportunity"]:
            if self.deals.span[deal["id"]][1] is None:
                link = {"account": deal["account"], "contact": deal["primary_contact"], "opportunity": deal["id"]}
                rots = deal["id"] in self.deals.rotting
                self._plan("none" if rots else self._turn(deal["owner"], DEALT), deal, link)
        for lead in self.world.rows["lead"]:
            if lead["status"] == "New":
                self._plan(self._turn("leads", TO_LEADS), lead, {"lead": lead["id"]})

    def _turn(self, who: str, dealt: tuple[str, ...]) -> str:
        self._dealt[who] += 1
        return dealt[self._dealt[who] % len(dealt)]

    def _plan(self, plan: str, subject: Values, link: Values) -> None:
        """Adds what comes next with ``subject``, a deal or a lead, linked by ``link``."""
        world, owner = self.world, subject["owner"]
        made = max(subject["created_at"], world.office_hours(-world.between(1, 20)))
        link = {**link, "owner": owner, "created_at": made}
        if plan == "meeting":
            hour, minute = MEETING_HOURS[self._meetings[owner] % len(MEETING_HOURS)]
            self._meetings[owner] += 1
            self._meeting(world.instant(0, hour, minute), link)
        elif plan in ("call", "task"):
            timed = plan == "call" and world.chance(60)
            self._follow_up(plan, world.office_hours(0) if timed else world.date(0), link)
        elif plan == "overdue":
            self._follow_up(world.choose(("call", "call", "task")), world.date(-world.between(1, 9)), link)
        elif plan in ("soon", "later"):
            day = world.between(1, 7) if plan == "soon" else world.between(8, 35)
            if world.chance(25):
                self._meeting(world.office_hours(day), link)
            else:
                timed = world.chance(40)
                type_ = world.choose(("call", "call", "task"))
                self._follow_up(type_, world.office_hours(day) if timed else world.date(day), link)

    def _follow_up(self, type_: str, start: str, link: Values) -> None:
        subject = self.world.choose(texts.NEXT_CALLS if type_ == "call" else texts.NEXT_TASKS)
        priority = self.world.choose(("Normal", "High", "Urgent", "Low"), (80, 14, 3, 3))
        self._add(type_, subject, start, {**link, "priority": priority})

    def _meeting(self, start: str, link: Values) -> None:
        subject = self.world.choose(texts.NEXT_MEETINGS)
        end = to_instant(datetime.fromisoformat(start) + timedelta(minutes=self.world.choose((45, 60, 90))))
        self._add("meeting", subject, start, {**link, "end": end})

    def _add(self, type_: str, subject: str, start: str, more: Values) -> None:
        world = self.world
        status = "Not Started" if type_ == "task" else "Planned"
        timed = {"tzid": world.zone} if len(start) > 10 else {}
        values = {"type": type_, "subject": subject, "start": start, "status": status}
        activity = world.add("activity", **values, **timed, **more)
        if timed and world.date(0) <= start[:10] <= world.date(2):
            remind_at = to_instant(datetime.fromisoformat(start) - timedelta(seconds=REMIND))
            world.add("reminder", activity=activity["id"], user=more["owner"], before=REMIND, remind_at=remind_at)
