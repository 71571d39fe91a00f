"""People and companies: users, accounts, contacts, leads and the roles between them."""

from __future__ import annotations

from sfa.models import defaults
from sfa.models.fields import Choice, Link, LongText, Text, YesNo
from sfa.models.lists import Emails, Links, Phones
from sfa.models.quantities import Currency, Integer, Money, Percent, Year
from sfa.models.record import Address, Record
from sfa.models.times import Birthday, Date, Instant

_BUSINESS = {
    "street": ("Business Street", "Work Street", "Work Address", "Address - Work Street", "Street address line - Work",
               "Address 1 - Street", "Street", "Street Address", "Address"),
    "city": ("Business City", "Work City", "Address - Work City", "City - Work", "Address 1 - City", "City"),
    "state": ("Business State", "Work State", "State/Province - Work", "Address 1 - Region", "State", "State/Province", "Region"),
    "postal_code": ("Business Postal Code", "Work ZipCode", "Work Zip", "Zip/Postal Code - Work", "Address 1 - Postal Code", "Zip", "Zip Code",
                    "Postal Code", "Zip/Postal Code"),
    "country": ("Business Country", "Business Country/Region", "Work Country", "Country - Work", "Address 1 - Country", "Country", "Country/Region"),
}  # fmt: skip
_MAILING = {
    **_BUSINESS,
    "street": ("Mailing Address", *_BUSINESS["street"]),
    "state": ("Mailing State/Province", *_BUSINESS["state"]),
    "postal_code": ("Mailing Zip", "Mailing Zip/Postal Code", *_BUSINESS["postal_code"]),
}
_HOME = {
    "street": ("Home Address", "Address - Home Street", "Street address line - Home"),
    "city": ("Address - Home City", "City - Home"),
    "state": ("State/Province - Home",),
    "postal_code": ("Home ZipCode", "Home Zip", "Zip/Postal Code - Home"),
    "country": ("Home Country/Region", "Country - Home"),
}
_PHONES = ("Phone", "Phone Number", "Telephone", "Tel", "Phone - Value", "Person - Phone", "Mobile", "Mobile Number", "Cell", "Fax", "Fax Number")
_EMAILS = ("Email", "Email Address", "E-mail - Value", "Person - Email")
_DESCRIPTION = ("Notes", "Note", "Comments")


class User(Record):
    """Somebody who works with the book."""

    kind, label, plural = "user", "User", "Users"
    scope = "company"
    name = Text("Name", required=True, listed=1, searched=True, aliases=("sales_agent", "Full Name"))
    email = Emails("E-mail", listed=2, aliases=_EMAILS)
    phones = Phones("Phones", aliases=_PHONES)
    manager = Link("Manager", "user", creates=True, listed=3, aliases=("Reports To",))
    region = Text("Region", listed=4, aliases=("regional_office", "Office", "Territory"))
    tzid = Text("Time zone", max=64)
    is_active = YesNo("Active", default=1)


class Account(Record):
    """A company that is sold to, or could be."""

    kind, label, plural = "account", "Account", "Accounts"
    rank, in_menu = 90, True
    name = Text("Name", required=True, listed=1, searched=True, group="", aliases=(
        "account", "Account Name", "Company", "Company Name", "Organization", "Organization - Name", "Organization Name"))
    type = Choice("Type", defaults.ACCOUNT_TYPES, listed=4, aliases=("Account Type",))
    industry = Choice("Industry", defaults.INDUSTRIES, open=True, listed=3, aliases=("sector",))
    territory = Link("Territory", "territory", form=False, help="Who looks after it; another one hands it over")
    parent = Link("Parent account", "account", aliases=("subsidiary_of", "Parent Company", "PARENTID"))
    phones = Phones("Phones", searched=True, listed=6, aliases=_PHONES)
    emails = Emails("E-mails", searched=True, aliases=_EMAILS)
    website = Text("Website", searched=True, aliases=("Website URL", "Web Page", "Web Site", "URL", "Company Domain Name"))
    annual_revenue = Money("Annual revenue", aliases=("revenue",))
    currency = Currency("Currency", group="amount")
    number_of_employees = Integer("Employees", least=0, listed=5, aliases=("NUMBEROFEMPLOYEES", "No. of Employees"))
    year_established = Year("Founded", aliases=("Year Founded",))
    account_number = Text("Account number", max=40, searched=True)
    tax_id = Text("Tax id", max=40)
    payment_terms = Choice("Payment terms", defaults.PAYMENT_TERMS, open=True)
    rating = Choice("Rating", defaults.RATINGS)
    billing = Address("Billing", aliases={**_BUSINESS, "country": (*_BUSINESS["country"], "office_location")}, listed_city=2)
    shipping = Address("Shipping")
    tags = Links("Tags", "tag", creates=True, aliases=("Tag", "Labels"))
    description = LongText("Description", aliases=_DESCRIPTION)
    indexes = (("owner",), ("parent",))


class Contact(Record):
    """A person."""

    kind, label, plural = "contact", "Contact", "Contacts"
    named_by, sorted_by = ("first_name", "last_name"), ("last_name", "first_name")
    whole_names = ("Name", "Full Name", "Contact Name", "Contact", "Person - Name", "Display Name")
    rank, in_menu = 80, True
    under = ("account",)
    salutation = Choice("Salutation", defaults.SALUTATIONS, open=True, group="name", aliases=("Name Prefix", "Title"))
    first_name = Text("First name", listed=2, searched=True, group="name", aliases=("Given Name", "Person - First name"))
    middle_name = Text("Middle name", group="name", aliases=("Additional Name",))
    last_name = Text("Last name", required=True, listed=1, searched=True, group="name", aliases=(
        "Family Name", "Surname", "Person - Last name"))
    suffix = Text("Suffix", max=40, group="name", aliases=("Name Suffix",))
    account = Link("Account", "account", listed=3, aliases=(
        "Company", "Account", "Account Name", "Company Name", "Organization", "Organization Name", "Organization 1 - Name",
        "Organization - Name", "Associated Company", "ACCOUNTID"))  # fmt: skip
    title = Text("Job title", listed=4, searched=True, aliases=("Title", "Position", "Organization Title", "Organization 1 - Title", "Person - Job title"))
    department = Text("Department", aliases=("Organization Department", "Organization 1 - Department"))
    phones = Phones("Phones", searched=True, listed=5, aliases=_PHONES)
    emails = Emails("E-mails", searched=True, listed=6, aliases=_EMAILS)
    reports_to = Link("Reports to", "contact")
    mailing = Address("Mailing", aliases=_MAILING)
    home = Address("Home", aliases=_HOME)
    website = Text("Website", aliases=("Web Page", "Web Page 1", "Website 1 - Value", "Web Site", "URL"))
    nickname = Text("Nickname", searched=True, group="name")
    birthday = Birthday("Birthday", aliases=("Date of Birth",))
    language = Text("Language", max=40)
    tzid = Text("Time zone", max=64)
    lead_source = Choice("Lead source", defaults.LEAD_SOURCES, open=True, aliases=("Original Source",))
    do_not_call = YesNo("Do not call", merge="greatest")
    tags = Links("Tags", "tag", creates=True, aliases=("Labels", "Categories", "Tag", "Person - Label"))
    description = LongText("Description", aliases=_DESCRIPTION)
    uid = Text("Address book id", max=1000, hidden=True, help="Of whom came from an address book; else the own id")
    original = LongText("As it came", max=4_000_000, hidden=True, help="The card that it came from: what it says beyond these fields")
    indexes = (("account",), ("owner",))


class Relation(Record):
    """What a contact is to an account beyond being employed there; a contact may have one in several accounts."""

    kind, label, plural = "relation", "Account role", "Account roles"
    named_by = ("role",)
    under = ("account", "contact")
    contact = Link("Contact", "contact", required=True, listed=1)
    account = Link("Account", "account", required=True, listed=2)
    role = Choice("Role", defaults.ACCOUNT_ROLES, open=True, listed=3)
    is_active = YesNo("Active", default=1, listed=4)
    start_date = Date("From")
    end_date = Date("Until")
    indexes = (("contact",), ("account",))


class Lead(Record):
    """Somebody who may become a customer and has not been qualified yet."""

    kind, label, plural = "lead", "Lead", "Leads"
    named_by, sorted_by = ("first_name", "last_name"), ("last_name", "first_name")
    whole_names = ("Name", "Full Name", "Lead Name")
    rank, in_menu = 60, True
    salutation = Choice("Salutation", defaults.SALUTATIONS, open=True, group="name")
    first_name = Text("First name", listed=2, searched=True, group="name", aliases=("Given Name",))
    last_name = Text("Last name", required=True, listed=1, searched=True, group="name", aliases=("Family Name", "Surname"))
    company = Text("Company", required=True, listed=3, searched=True, aliases=("Company Name", "Organization"))
    title = Text("Job title", searched=True, aliases=("Title", "Position"))
    status = Choice("Status", defaults.LEAD_STATUSES, default="New", listed=4, aliases=("Lead Status",))
    rating = Choice("Rating", defaults.RATINGS, listed=5)
    score = Percent("Score")
    lead_source = Choice("Lead source", defaults.LEAD_SOURCES, open=True, listed=6)
    source_detail = Text("Source detail")
    campaign = Link("Campaign", "campaign")
    phones = Phones("Phones", searched=True, aliases=_PHONES)
    emails = Emails("E-mails", searched=True, aliases=_EMAILS)
    website = Text("Website")
    industry = Choice("Industry", defaults.INDUSTRIES, open=True)
    number_of_employees = Integer("Employees", least=0)
    annual_revenue = Money("Annual revenue")
    currency = Currency("Currency", group="amount")
    address = Address("Address", aliases=_BUSINESS)
    disqualify_reason = Text("Disqualified because")
    do_not_call = YesNo("Do not call", merge="greatest")
    territory = Link("Territory", "territory", form=False, help="Who looks after it; another one hands it over")
    converted_at = Instant("Converted", form=False, group="conversion")
    converted_account = Link("Converted account", "account", form=False, group="conversion")
    converted_contact = Link("Converted contact", "contact", form=False, group="conversion")
    converted_opportunity = Link("Converted deal", "opportunity", form=False, group="conversion")
    tags = Links("Tags", "tag", creates=True, aliases=("Tag", "Labels"))
    description = LongText("Description", aliases=_DESCRIPTION)
    indexes = (("owner",), ("status",))
