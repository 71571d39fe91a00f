"""The demo's deals: where each stands, how it came there, and who has a say in it."""

from __future__ import annotations

from typing import NamedTuple

from sfa.models import defaults
from sfa.sales.demo import business, texts
from sfa.sales.demo.people import DAYS, People
from sfa.sales.demo.world import Values, World, short_name

OPEN, CLOSED = 214, 296  # deals of the sales pipeline
CARE_OPEN, CARE_CLOSED = 36, 54  # and of the service contracts
WON, ROTTING, CONVERTED = 46, 12, 5  # percent
START = -180  # the day of the first journalled move; what is older came with the book
RATES = {"EUR": 100, "GBP": 86, "USD": 108}


class Move(NamedTuple):
    """A deal enters a stage at a moment; ``values`` go with it."""

    at: str
    deal: Values
    stage: Values
    values: Values


class Deals:
    """``span`` tells for each deal its first day and its last (None while open), ``rotting`` which nobody cares for."""

    def __init__(self, world: World, people: People, stages: list[Values], reasons: list[str]) -> None:
        self.world, self.people, self.reasons = world, people, reasons
        self.moves: list[Move] = []
        self.span: dict[str, tuple[int, int | None]] = {}
        self.rotting: set[str] = set()
        self.stages, self.care_stages = stages, self._care_stages()
        self.products = [self._product(product) for product in business.PRODUCTS]
        self.contracts = [self._product(product) for product in business.CARE]
        self.rivals = {
            name: world.add("competitor", name=name, strengths=strong, weaknesses=weak)["id"]
            for name, strong, weak in business.COMPETITORS
        }

    def build(self) -> None:
        """All deals; afterwards ``moves`` are in the order of time."""
        for stages, count, closed in (
            (self.stages, CLOSED, True),
            (self.care_stages, CARE_CLOSED, True),
            (self.stages, OPEN, False),
            (self.care_stages, CARE_OPEN, False),
        ):
            for _number in range(count):
                self._deal(stages, closed)
        self.moves.sort(key=lambda move: (move.at, move.deal["id"]))

    def _care_stages(self) -> list[Values]:
        pipeline = self.world.add("pipeline", name=business.CARE_PIPELINE, position=1)["id"]
        names = ("name", "type", "probability", "forecast_category", "rot_days")
        return [
            self.world.add("stage", pipeline=pipeline, position=position, **dict(zip(names, stage, strict=True)))
            for position, stage in enumerate(business.CARE_STAGES)
        ]

    def _product(self, product: business.Product) -> tuple[Values, str]:
        name, code, family, type_, unit, price, title = product
        values = {"name": name, "code": code, "family": family, "type": type_, "unit": unit}
        return self.world.add("product", **values, list_price=price * 100, currency="EUR"), title

    def _path(self, stages: list[Values], closed: bool) -> tuple[list[tuple[int, Values]], bool]:
        """The stages that a deal went through and the day of each, oldest first; whether it rots in the last."""
        world = self.world
        open_stages = [stage for stage in stages if stage["type"] == "Open"]
        won = closed and world.chance(WON)
        reached = (
            len(open_stages)
            if won
            else world.choose(range(1, len(open_stages) + 1), (5, 6, 6, 5, 3)[: len(open_stages)])
        )
        path = open_stages[:reached]
        if closed:
            path.append(next(stage for stage in stages if stage["type"] == ("Won" if won else "Lost")))
        rots = not closed and world.chance(ROTTING)
        rot_days = path[-1]["rot_days"]
        if closed:
            day = -int((DAYS - 150) * world.random.random() ** 1.3) - 1
        else:
            day = -world.between(rot_days + 3, rot_days + 40) if rots else -world.between(1, rot_days - 2)
        days = [day]
        for _stage in path[1:]:
            days.append(days[-1] - world.between(3, 26))  # three: over a weekend the order stays
        return list(zip(reversed(days), path, strict=True)), rots

    def _account(self, day: int) -> Values:
        """An account that was there on ``day``."""
        while True:
            account = self.world.choose(self.world.rows["account"])
            if self.people.since[account["id"]] <= day:
                return account

    def _deal(self, stages: list[Values], closed: bool) -> None:
        world = self.world
        path, rots = self._path(stages, closed)
        first, last = path[0][0], path[-1][0]
        account = self._account(first)
        product, title = world.choose(self.contracts if stages is self.care_stages else self.products)
        place, year = self.people.place[account["industry"]], world.date(last)[:4]
        count = world.choose((1, 2, 3, 5, 8)) if product["list_price"] < 3_000_000 else world.choose((1, 1, 2))
        price = product["list_price"] * count * world.between(86, 104) // 100 * RATES[account["currency"]] // 100
        contact = world.choose(self.people.contacts[account["id"]])
        known = max([number for number, (day, _stage) in enumerate(path) if day < START], default=0)
        values: Values = {
            "name": f"{short_name(account['name'])}: {title.format(place=place, year=year)}",
            "account": account["id"],
            "owner": account["owner"],
            "amount": price // 5_000 * 5_000,
            "currency": account["currency"],
            "primary_contact": contact["id"],
            "product": product["id"],
            "close_date": world.date(self._expected(last)),
            "type": "Existing Business" if stages is self.care_stages or world.chance(40) else "New Business",
            "lead_source": world.choose(business.LEAD_SOURCES),
            "next_step": world.choose(texts.NEXT_TASKS) if world.chance(30) else None,
            "competitors": [
                self.rivals[rival]
                for rival in world.random.sample(sorted(self.rivals), world.choose((0, 1, 2), (5, 4, 1)))
            ],
            "tags": [world.choose(self.people.tags)] if world.chance(12) else None,
            "engaged_on": world.date(first),
            "created_at": world.office_hours(first),
        }
        deal = world.add("opportunity", **{**values, **self._standing(path[: known + 1])})
        for day, stage in path[known + 1 :]:
            self.moves.append(Move(world.office_hours(day), deal, stage, self._outcome(stage, day)))
        self.span[deal["id"]] = (first, last if closed else None)
        if rots:
            self.rotting.add(deal["id"])
        self._roles(deal, contact)
        if closed and world.chance(CONVERTED):
            self._lead(deal, contact, account)

    def _expected(self, last: int) -> int:
        return self.world.between(-12, 4) if self.world.chance(9) else last + self.world.between(20, 130)

    def _standing(self, path: list[tuple[int, Values]]) -> Values:
        """What a deal holds that went ``path`` before the book was made."""
        day, stage = path[-1]
        furthest = path[-2][1] if stage["type"] == "Lost" else stage
        values = {
            "pipeline": stage["pipeline"],
            "stage": stage["id"],
            "probability": stage["probability"],
            "forecast_category": stage["forecast_category"],
            "stage_entered_at": self.world.office_hours(day),
            "furthest_stage": furthest["id"],
            **self._outcome(stage, day),
        }
        return values if stage["type"] == "Open" else {**values, "closed_at": values["stage_entered_at"]}

    def _outcome(self, stage: Values, day: int) -> Values:
        """Why a deal ended on ``day`` in ``stage``; nothing for an open stage."""
        if stage["type"] == "Open":
            return {}
        values: Values = {"close_date": self.world.date(day)}
        if stage["type"] == "Lost":
            rival = self.world.choose(sorted(self.rivals))
            values["loss_reason"] = self.world.choose(self.reasons)
            values["loss_notes"] = self.world.choose(texts.LOSSES).format(rival=rival)
            if rival in values["loss_notes"]:
                values["winning_competitor"] = self.rivals[rival]
        return values

    def _roles(self, deal: Values, contact: Values) -> None:
        world = self.world
        people = [person for person in self.people.contacts[deal["account"]] if person is not contact]
        others = world.random.sample(people, min(len(people), world.choose((0, 1, 2), (4, 4, 2))))
        for person in (contact, *others):
            role, stance = world.choose(defaults.CONTACT_ROLES), world.choose(defaults.STANCES, (2, 4, 6, 1, 3))
            primary = int(person is contact)
            link = {"opportunity": deal["id"], "contact": person["id"], "owner": deal["owner"]}
            world.add(
                "contact_role", **link, role=role, stance=stance, is_primary=primary, created_at=deal["created_at"]
            )

    def _lead(self, deal: Values, contact: Values, account: Values) -> None:
        """The lead that this deal came from."""
        names = ("salutation", "first_name", "last_name", "title", "phones", "emails")
        self.world.add(
            "lead",
            **{name: contact.get(name) for name in names},
            company=account["name"],
            status="Converted",
            owner=account["owner"],
            lead_source=deal["lead_source"],
            industry=account["industry"],
            created_at=deal["created_at"],
            converted_at=deal["created_at"],
            converted_account=account["id"],
            converted_contact=contact["id"],
            converted_opportunity=deal["id"],
        )
