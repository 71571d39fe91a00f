"""The demo's colleagues, customers and leads."""

from __future__ import annotations

from sfa.models import defaults
from sfa.sales.demo import business
from sfa.sales.demo.places import COUNTRIES, Country
from sfa.sales.demo.world import YEARS, Values, World, ascii_name, short_name

ACCOUNTS, CONTACTS, LEADS = 400, 900, 130
DAYS = YEARS * 365


class People:
    """The ids of the ``users``; per account its country, its contacts and the day ``since`` when it is in the book."""

    def __init__(self, world: World, me: str) -> None:
        self.world = world
        self.users = [me]
        self.country: dict[str, Country] = {}
        self.contacts: dict[str, list[Values]] = {}
        self.since: dict[str, int] = {}
        self.place = {industry: place for industry, _english, _german, _french, place in business.INDUSTRIES}
        self._names: set[str] = set()
        self.tags = [world.add("tag", name=name)["id"] for name in business.TAGS]

    def build(self) -> None:
        self._colleagues()
        accounts = [self._account(number) for number in range(ACCOUNTS)]
        for account in accounts:
            self._contact(account)
        shares = [account["number_of_employees"] for account in accounts]
        for _more in range(CONTACTS - ACCOUNTS):
            self._contact(self.world.choose(accounts, shares))
        self._second_roles(accounts)
        for _number in range(LEADS):
            self._lead()

    def owner(self) -> str:
        return self.world.choose(self.users, [share for _name, _region, share in business.COLLEAGUES])

    def _colleagues(self) -> None:
        for name, region, _share in business.COLLEAGUES[1:]:
            email = [{"label": "work", "value": f"{ascii_name(name).replace('-', '.')}@northgate.example"}]
            manager = self.users[1] if len(self.users) > 1 else None
            self.users.append(self.world.add("user", name=name, region=region, email=email, manager=manager)["id"])

    def _company(
        self, country: Country, industry: tuple[str, ...], german: tuple[str, ...], french: tuple[str, ...]
    ) -> str:
        words = {"Germany": german, "France": french}.get(country.name, industry)
        while True:
            surname, word = self.world.choose(country.surnames), self.world.choose(words)
            city = self.world.choose(country.cities)[0]
            head = self.world.choose(
                (f"{surname} {word}", f"{surname} & {self.world.choose(country.surnames)} {word}", f"{word} {city}"),
                (7, 2, 2),
            )
            name = f"{head} {self.world.choose(country.forms)}"
            if ascii_name(head) not in self._names:
                self._names.add(ascii_name(head))
                return name

    def _account(self, number: int) -> Values:
        world = self.world
        country = world.choose(COUNTRIES, [country.share for country in COUNTRIES])
        industry, english, german, french, _place = world.choose(business.INDUSTRIES)
        name = self._company(country, english, german, french)
        city, state, postal_code = world.choose(country.cities)
        house, street = world.between(1, 140), world.choose(country.streets)
        domain = ascii_name(short_name(name)) + ".example"
        since = -world.between(DAYS - 100, DAYS) if world.chance(75) else -world.between(1, DAYS - 100)
        employees = int(10 ** (1.2 + 2.3 * world.random.random()))
        type_ = world.choose(("Customer", "Prospect", "Partner", "Reseller"), (58, 36, 3, 3))
        account = world.add(
            "account",
            name=name,
            type=type_,
            industry=industry,
            owner=self.owner(),
            website=f"https://www.{domain}",
            currency=country.currency,
            phones=[phone for phone in [world.phone("work", country.lines)] if phone],
            emails=[{"label": "work", "value": f"info@{domain}"}],
            number_of_employees=employees,
            annual_revenue=employees * world.between(90, 260) * 100_000,
            year_established=world.between(1890, 2019),
            account_number=f"K{10_000 + number}",
            payment_terms=world.choose(defaults.PAYMENT_TERMS, (2, 7, 2)),
            rating=world.choose(defaults.RATINGS, (2, 4, 3)),
            billing_street=f"{house} {street}" if country.house_first else f"{street} {house}",
            billing_city=city,
            billing_state=state,
            billing_postal_code=postal_code,
            billing_country=country.name,
            tags=[world.choose(self.tags)] if world.chance(22) else None,
            created_at=world.office_hours(since),
        )
        self.country[account["id"]], self.contacts[account["id"]], self.since[account["id"]] = country, [], since
        return account

    def _person(self, country: Country, domain: str) -> Values:
        world = self.world
        woman = world.chance(46)
        first, last = world.choose(country.women if woman else country.men), world.choose(country.surnames)
        phones = [
            world.phone("work", country.lines) if world.chance(80) else None,
            world.phone("mobile", country.mobiles) if world.chance(45) else None,
        ]
        email = f"{ascii_name(first)}.{ascii_name(last)}@{domain}"
        return {
            "salutation": "Dr." if world.chance(6) else "Ms." if woman else "Mr.",
            "first_name": first,
            "last_name": last,
            "title": world.choose(business.TITLES),
            "phones": [phone for phone in phones if phone],
            "emails": [{"label": "work", "value": email}] if world.chance(88) else None,
        }

    def _contact(self, account: Values) -> None:
        world, country = self.world, self.country[account["id"]]
        known = {(contact["first_name"], contact["last_name"]) for contact in self.contacts[account["id"]]}
        person = self._person(country, account["website"].removeprefix("https://www."))
        if (person["first_name"], person["last_name"]) in known:
            return self._contact(account)
        address = {
            f"mailing_{part}": account.get(f"billing_{part}")
            for part in ("street", "city", "state", "postal_code", "country")
        }
        contact = world.add(
            "contact",
            **person,
            **address,
            account=account["id"],
            owner=account["owner"],
            department=business.DEPARTMENTS.get(person["title"]),
            lead_source=world.choose(business.LEAD_SOURCES),
            created_at=account["created_at"] if world.chance(60) else world.office_hours(-world.between(1, 600)),
            do_not_call=1 if world.chance(2) else None,
            tags=[world.choose(self.tags)] if world.chance(10) else None,
            birthday=f"{world.between(1961, 1996)}-{world.between(1, 12):02}-{world.between(1, 28):02}"
            if world.chance(15)
            else None,
        )
        self.contacts[account["id"]].append(contact)
        return None

    def _second_roles(self, accounts: list[Values]) -> None:
        """Some people also have a say in another company."""
        world = self.world
        for _number in range(45):
            home, other = world.random.sample(accounts, 2)
            role = world.choose(("Consultant", "Board Member", "Owner", "Agent"), (5, 2, 2, 1))
            start = world.date(-world.between(200, 2000))
            world.add(
                "relation",
                contact=world.choose(self.contacts[home["id"]])["id"],
                account=other["id"],
                role=role,
                start_date=start,
                owner=home["owner"],
            )

    def _lead(self) -> None:
        world = self.world
        country = world.choose(COUNTRIES, [country.share for country in COUNTRIES])
        industry, english, german, french, _place = world.choose(business.INDUSTRIES)
        company = self._company(country, english, german, french)
        city, state, postal_code = world.choose(country.cities)
        status = world.choose(defaults.LEAD_STATUSES[:4] + defaults.LEAD_STATUSES[5:], (30, 26, 14, 10, 15, 5))
        age = world.between(1, 9) if status == "New" else world.between(5, 240)
        world.add(
            "lead",
            **self._person(country, ascii_name(short_name(company)) + ".example"),
            company=company,
            status=status,
            owner=self.owner(),
            rating=world.choose(defaults.RATINGS),
            score=world.between(5, 95),
            lead_source=world.choose(business.LEAD_SOURCES),
            industry=industry,
            source_detail=world.choose(business.FAIRS),
            number_of_employees=world.between(8, 900),
            currency=country.currency,
            address_city=city,
            address_state=state,
            address_postal_code=postal_code,
            address_country=country.name,
            disqualify_reason=world.choose(business.DISQUALIFIED) if status in ("Unqualified", "Junk") else None,
            created_at=world.office_hours(-age),
        )

    def add_doubles(self) -> None:
        """What every book has: people and companies that somebody entered a second time, a little differently."""
        world = self.world
        for account in world.random.sample(world.rows["account"], 5):
            name = short_name(account["name"])
            phones = [{"label": point["label"], "value": point["value"]} for point in account["phones"]]
            world.add("account", name=name, phones=phones, billing_city=account["billing_city"], owner=self.owner())
        for contact in world.random.sample([contact for contact in world.rows["contact"] if contact.get("emails")], 8):
            first, last, title = contact["first_name"], contact["last_name"], contact["title"]
            emails = [
                {
                    "label": "work",
                    "value": contact["emails"][0]["value"].upper()
                    if world.chance(30)
                    else contact["emails"][0]["value"],
                }
            ]
            world.add(
                "contact", first_name=f"{first[0]}.", last_name=last, title=title, emails=emails, owner=self.owner()
            )
