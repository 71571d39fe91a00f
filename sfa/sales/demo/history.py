"""What the demo's people did with their customers."""

from __future__ import annotations

from sfa.models.defaults import EVENT_TYPES
from sfa.sales.demo import business, texts
from sfa.sales.demo.deals import Deals
from sfa.sales.demo.people import People
from sfa.sales.demo.world import Values, World

TYPES, SHARES = ("call", "email", "meeting", "note", "visit", "task"), (44, 20, 12, 9, 6, 9)
MINUTES = {"meeting": (45, 60, 90, 120), "visit": (60, 90, 150)}


class History:
    """``outcomes`` are the ids of the call outcomes by their shipped names."""

    def __init__(self, world: World, people: People, deals: Deals, outcomes: dict[str, str]) -> None:
        self.world, self.people, self.deals, self.outcomes = world, people, deals, outcomes

    def build(self) -> None:
        for account in self.world.rows["account"]:
            day = self.people.since[account["id"]]
            while (day := day + self.world.between(30, 130)) < 0:
                self._done(day, account, self.world.choose(self.people.contacts[account["id"]]), None)
        accounts = {account["id"]: account for account in self.world.rows["account"]}
        for deal in self.world.rows["opportunity"]:
            self._deal(deal, accounts[deal["account"]])
        for lead in self.world.rows["lead"]:
            if lead["status"] not in ("New", "Converted"):
                self._call_to(lead)

    def _deal(self, deal: Values, account: Values) -> None:
        day, last = self.deals.span[deal["id"]]
        end = -40 if deal["id"] in self.deals.rotting else last or 0
        people = self.people.contacts[account["id"]]
        primary = next(person for person in people if person["id"] == deal["primary_contact"])
        while day < end:
            self._done(day, account, primary if self.world.chance(65) else self.world.choose(people), deal)
            day += self.world.between(3, 17)

    def _done(self, day: int, account: Values, person: Values, deal: Values | None) -> None:
        """One activity that ended well or not on ``day``."""
        world = self.world
        type_ = world.choose(TYPES, SHARES)
        start = world.office_hours(day)
        words = {
            "name": f"{person['salutation']} {person['last_name']}",
            "rival": world.choose(business.COMPETITORS)[0],
            "week": str(world.between(5, 48)),
            "place": self.people.place[account["industry"]],
            "deal": deal["name"].partition(": ")[2] if deal else "spare parts",
        }
        values: Values = {
            "type": type_,
            "start": start,
            "completed_at": start,
            "created_at": start,
            "status": "Held" if type_ in EVENT_TYPES else "Completed",
            "account": account["id"],
            "contact": person["id"],
            "opportunity": deal["id"] if deal else None,
            "owner": account["owner"],
            "tzid": world.zone,
        }
        if type_ == "call":
            values |= self._call(person, words)
        elif type_ == "task":
            values["subject"] = world.choose(texts.NEXT_TASKS)
        else:
            subjects = {"email": texts.EMAILS, "meeting": texts.MEETINGS, "visit": texts.VISITS, "note": texts.NOTES}[
                type_
            ]
            subject, body = world.choose(subjects)
            values |= {"subject": subject.format(**words), "body": body.format(**words)}
        if type_ in MINUTES:
            values |= {"duration": 60 * world.choose(MINUTES[type_]), "location": account.get("billing_city")}
        world.add("activity", **values)

    def _call(self, person: Values, words: dict[str, str]) -> Values:
        world = self.world
        reached = world.chance(58)
        outcome = world.choose(texts.OUTCOMES_REACHED if reached else texts.OUTCOMES_MISSED)
        return {
            "subject": f"Call with {person['first_name']} {person['last_name']}",
            "body": world.choose(texts.REACHED if reached else texts.MISSED).format(**words),
            "outcome": self.outcomes[outcome],
            "direction": "Inbound" if reached and world.chance(22) else "Outbound",
            "duration": 60 * world.between(2, 24) if reached else None,
        }

    def _call_to(self, lead: Values) -> None:
        world = self.world
        words = {"name": lead["last_name"], "rival": business.COMPETITORS[0][0], "week": "20", "place": "hall"}
        start = max(lead["created_at"], world.office_hours(-world.between(1, 40)))
        values = {"type": "call", "status": "Held", "lead": lead["id"], "owner": lead["owner"], "tzid": world.zone}
        moments = {"start": start, "completed_at": start, "created_at": start}
        world.add("activity", **values, **moments, **self._call(lead, words))
