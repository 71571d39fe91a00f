"""What the demo's people wrote down: notes of calls, meetings and visits, and subjects of what they plan."""

from __future__ import annotations

REACHED = (
    "{name} likes the layout. Wants the price with and without installation before the end of the month.",
    "Talked through the offer. Open point: who does the steelwork. {name} asks their own fitters.",
    "Budget is approved up to the first phase. Second phase depends on the autumn figures.",
    "{name} is comparing us with {rival}. They are cheaper, we are faster. Asked for two references.",
    "Line stood still twice last week. Good moment: {name} wants a proposal for the drives too.",
    "Short call. Everything on track, {name} waits for the signature of the managing director.",
    "Delivery in week {week} would be in time. {name} checks whether the hall is free by then.",
    "Asked about spare parts on site. Promised a list with prices.",
    "{name} was on the fair stand and remembers the palletiser. Wants a film of it at 30 cycles.",
    "They are about to hire a new head of maintenance. {name} suggests we present again in a month.",
    "Complaint about the noise of the second module. Sent it to service, will ring back with a date.",
    "Terms: 30 % with the order is fine, wants 60 days for the rest. I said I would ask.",
    "{name} has the drawings now. Wants to move the infeed by 400 mm, no problem for us.",
    "Good talk. {name} will invite IT for the software part, they want to know where the data goes.",
    "No news since the visit; their board meets on the 15th.",
)
MISSED = (
    "",
    "",
    "",
    "In a meeting until eleven.",
    "Out of office until Monday.",
    "Left my number with the front desk.",
    "Rang out twice.",
)
OUTCOMES_REACHED = (
    "Connected",
    "Connected",
    "Connected",
    "Connected",
    "Information requested",
    "Callback requested",
    "Meeting booked",
    "Not interested",
)
OUTCOMES_MISSED = ("No answer", "No answer", "Left voicemail", "Left live message", "Gatekeeper", "Busy")
MEETINGS = (
    (
        "Meeting at their site",
        "Walked the {place}. Ceiling height 5.2 m, that is tight for the spiral. Photos are in the folder.",
    ),
    (
        "Presentation of the offer",
        "Eight people in the room. {name} defended us against {rival}. They want the maintenance contract priced in.",
    ),
    ("Video call with engineering", "Went through the interface list. Two signals are missing, {name} sends them."),
    ("Price negotiation", "Landed at 4 % discount against payment in 14 days. {name} needs it in writing."),
    ("Kick-off", "Dates fixed, people named. First parts in week {week}."),
    ("Quarterly review", "Uptime 97.8 %. {name} is content, asks for training for the late shift."),
    ("Trade fair talk", "Half an hour on the stand. Wants to renew the {place} next year."),
)
VISITS = (
    ("Visit: look at the {place}", "Old line from 1998, drives are worn. {name} says a stop costs them 4,000 an hour."),
    ("Visit after commissioning", "Runs well. Small oil leak at the third drive, service informed."),
    ("Courtesy visit", "Coffee with {name}. They build a new hall next spring, keep in touch."),
)
EMAILS = (
    ("Offer for {deal}", "Sent the offer with both variants and the layout."),
    ("Technical data sheet", "Sent data sheet and CAD model."),
    ("Re: delivery date", "Confirmed week {week}, subject to the order by Friday."),
    ("Reference list", "Sent three references from the same industry, with names to ring."),
    ("Minutes of our meeting", "Minutes with the open points and who does what."),
)
NOTES = (
    ("Background", "Family company, third generation. Decisions are taken on Thursdays."),
    ("Who decides", "{name} recommends, the managing director signs above 50,000."),
    ("Competition", "{rival} was on site last week, heard it from the gate."),
    ("Payment", "Pays late but always pays. Agree on a deposit."),
    ("Preferences", "Ring before nine or after four. Prefers paper to slides."),
)
NEXT_CALLS = (
    "Follow up on the offer",
    "Ask for the decision",
    "Talk through open points",
    "Ring about the delivery date",
    "Check whether the budget is approved",
    "Ask how the test run went",
    "Agree on the next meeting",
    "Call back",
)
NEXT_TASKS = (
    "Send the revised offer",
    "Prepare the layout",
    "Ask engineering for the cycle time",
    "Send references",
    "Calculate the maintenance contract",
    "Clear payment terms with finance",
    "Send minutes",
)
NEXT_MEETINGS = (
    "Present the offer",
    "Site visit with engineering",
    "Price negotiation",
    "Demo of Plant Monitor",
    "Kick-off",
    "Quarterly review",
)
LOSSES = (
    "Bought from {rival} at a price we cannot match.",
    "Project put off by at least a year.",
    "New management stopped all investments.",
    "They keep what they have and repair it.",
    "Could not deliver before their summer shutdown.",
)
