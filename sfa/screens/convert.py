"""Converting a lead: which account it belongs to, and whether there is a deal already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sfa.i18n import N_, _
from sfa.locales import current
from sfa.models import Field, Link, Money, Text, fold
from sfa.models.fields import Value
from sfa.models.quantities import Currency
from sfa.sales import duplicates, leads
from sfa.screens.draft import Draft
from sfa.screens.sheet import Sheet
from sfa.widgets.formcanvas import FormLine, Suggestion

if TYPE_CHECKING:
    from sfa.app import SfaApp


def convert_lead(sfa: SfaApp, lead_id: str) -> None:
    """Asks for account and deal and converts the lead; says why not where it is converted already."""
    lead = sfa.book.get("lead", lead_id)
    if lead.values.get("converted_at"):
        sfa.notify(_("{name} is converted already.").format(name=lead.heading), severity="warning", markup=False)
    else:
        sfa.push_screen(ConvertScreen(sfa, lead_id))


def _fields() -> dict[str, Field[Any]]:
    fields: dict[str, Field[Any]] = {
        "account": Link("Account", "account", required=True),
        "deal": Text("Deal", help="Its name; left empty, there is no deal"),
        "amount": Money("Amount"),
        "currency": Currency("Currency"),
    }
    for name, field in fields.items():
        field.name = name
    return fields


class ConversionDraft(Draft):
    """The account is one in the book, or a new one with the company's name."""

    company = ""

    def suggestions(self, name: str) -> list[Suggestion]:
        found = [item for item in super().suggestions(name) if not item.fresh]
        return [*found[:5], self.new_account] if name == "account" and self.text(name).strip() else found

    @property
    def new_account(self) -> Suggestion:
        return Suggestion(self.company, _("new account"), fresh=True)


class ConvertScreen(Sheet):
    """Account, deal and amount of a lead; Enter converts."""

    enter_saves = True
    help = N_(
        "The lead becomes a contact of the account: one in the book (type to choose), or a new one (the last of the "
        "suggestions). With a name for the deal there is a deal as well. One undo takes everything back."
    )

    def __init__(self, sfa: SfaApp, lead_id: str) -> None:
        self.lead = sfa.book.get("lead", lead_id)
        self.company = str(self.lead.values.get("company") or self.lead.heading)
        self.like = duplicates.hints(sfa.book, "account", {"name": self.company})
        currency = self.lead.values.get("currency") or current().default_currency()
        super().__init__(sfa, _fields(), {"account": self._match(), "currency": currency})

    def _match(self) -> str | None:
        """The one account that is called as the lead's company."""
        same = [hint.id for hint in self.like if fold(hint.title) == fold(self.company)]
        return same[0] if len(same) == 1 else None

    def new_draft(self) -> Draft:
        draft = ConversionDraft(self.book, self.fields, self.present)
        draft.company = self.company
        if not self.present["account"]:
            draft.take("account", draft.new_account)
        return draft

    def heading(self) -> str:
        return _("Convert {name} of {company}").format(name=self.lead.heading, company=self.company)

    def form_lines(self) -> list[FormLine]:
        *lines, save = super().form_lines()
        return [*lines, replace(save, label=_("Convert"), hint=_("Enter"))]

    def on_mount(self) -> None:
        if self.present["account"]:
            self.notice(_("{company} is in the book already and gets the contact.").format(company=self.company))
        elif self.like:
            names = ", ".join(f"{hint.title} ({hint.reason})" for hint in self.like[:3])
            self.notice(_("Perhaps it is {names}; type the account's name to choose.").format(names=names))

    def action_save(self) -> None:
        """Converts; an amount needs a deal."""
        if self.draft.values.get("amount") is not None and not self.draft.text("deal").strip():
            self.draft.refuse("deal", _("the amount needs a deal: give it a name"))
        super().action_save()

    def save(self, changes: dict[str, Value]) -> None:  # noqa: ARG002 - the values matter, changed or not
        account = self.draft.values["account"]
        converted = leads.convert(
            self.book,
            self.lead.id,
            account_id=None if account in self.draft.fresh else account,
            deal_name=self.draft.text("deal").strip() or None,
            amount=self.draft.values.get("amount"),
            currency=self.draft.values.get("currency"),
            origin="screen",
        )
        self.shown = ("opportunity", converted.opportunity) if converted.opportunity else ("contact", converted.contact)

    def done(self) -> None:
        self.sfa.open_record(*self.shown)
