"""What the demo's company sells, to whom, and how its people talk about it."""

from __future__ import annotations

Product = tuple[str, str, str, str, str, int, str]

COLLEAGUES = (  # name, region, share of the customers; the first is whoever opens the demo, the second leads them all
    ("Robin Keller", "Central", 34),
    ("Helena Voss", "Head office", 4),
    ("Marek Dvořák", "North", 18),
    ("Giulia Ferrante", "West", 17),
    ("Samuel Okafor", "Islands", 15),
    ("Dana Whitlock", "Overseas", 12),
)

# industry, its English, German and French words for a company's name, and what an order there is for
INDUSTRIES = (
    (
        "Food & Beverage",
        ("Bakeries", "Dairies", "Brewing", "Foods"),
        ("Feinkost", "Molkerei", "Backwaren"),
        ("Laiteries", "Biscuits"),
        "filling line",
    ),
    (
        "Automotive",
        ("Automotive", "Castings", "Brakes"),
        ("Fahrzeugteile", "Guss", "Federn"),
        ("Pièces Auto", "Fonderie"),
        "press shop",
    ),
    (
        "Machinery",
        ("Machine Works", "Tools", "Pumps"),
        ("Maschinenbau", "Pumpen", "Werkzeuge"),
        ("Mécanique", "Outillage"),
        "assembly cell",
    ),
    ("Chemicals", ("Chemicals", "Coatings"), ("Chemie", "Lacke"), ("Chimie", "Peintures"), "mixing plant"),
    ("Electronics", ("Electronics", "Circuits"), ("Elektronik", "Leiterplatten"), ("Électronique",), "test bench"),
    (
        "Transportation",
        ("Logistics", "Freight"),
        ("Logistik", "Spedition"),
        ("Logistique", "Transports"),
        "sorting hall",
    ),
    (
        "Manufacturing",
        ("Packaging", "Plastics", "Timber", "Textiles"),
        ("Verpackungen", "Kunststoffe", "Holz"),
        ("Emballages", "Plasturgie"),
        "hall 2",
    ),
    (
        "Healthcare",
        ("Medical", "Laboratories"),
        ("Medizintechnik", "Labortechnik"),
        ("Santé", "Laboratoires"),
        "clean room",
    ),
    ("Energy", ("Power Systems", "Renewables"), ("Energietechnik", "Windkraft"), ("Énergies",), "control room"),
    (
        "Construction",
        ("Concrete", "Building Systems"),
        ("Fertigbau", "Baustoffe"),
        ("Béton", "Charpentes"),
        "batching plant",
    ),
    ("Retail", ("Stores", "Wholesale"), ("Großhandel", "Märkte"), ("Distribution",), "central warehouse"),
)

# name, code, family, type, unit, price in whole euros, what a deal for it is called
PRODUCTS: tuple[Product, ...] = (
    ("Conveyor Module CM-40", "CM-40", "Conveyors", "Good", "module", 6_800, "Conveyors for {place}"),
    ("Spiral Conveyor SC-12", "SC-12", "Conveyors", "Good", "unit", 28_500, "Spiral conveyor, {place}"),
    ("Palletiser P-900", "P-900", "Robotics", "Good", "unit", 94_000, "Palletiser for {place}"),
    ("Pick-and-Place Cell R-6", "R-6", "Robotics", "Good", "cell", 138_000, "Robot cell for {place}"),
    ("Drive Unit D-2", "D-2", "Drives", "Good", "unit", 1_950, "Drive replacement, {place}"),
    ("Compressor K-75", "K-75", "Compressed air", "Good", "unit", 22_400, "Compressor renewal"),
    ("Vision Inspection V-3", "V-3", "Inspection", "Good", "station", 41_500, "Vision inspection, {place}"),
    ("Line Control Software", "LCS", "Software", "Service", "line and year", 9_600, "Line control for {place}"),
    ("Plant Monitor", "PMON", "Software", "Service", "site and year", 14_400, "Plant Monitor pilot"),
    ("Retrofit Package", "RETRO", "Projects", "Service", "project", 57_000, "Retrofit of the {place}"),
    ("Commissioning Day", "COMM", "Service", "Service", "day", 1_480, "Commissioning, {place}"),
    ("Operator Training", "TRAIN", "Service", "Service", "course", 3_900, "Operator training"),
)
CARE: tuple[Product, ...] = (  # the second pipeline's
    ("Maintenance Contract Basic", "CARE-B", "Contracts", "Service", "year", 7_200, "Maintenance contract {year}"),
    ("Maintenance Contract Plus", "CARE-P", "Contracts", "Service", "year", 16_800, "Plus contract {year}"),
    ("Spare Parts Agreement", "PARTS", "Contracts", "Service", "year", 11_500, "Spare parts agreement"),
)
CARE_PIPELINE = "Service contracts"
# name, type, probability, forecast category, days until a deal rots
CARE_STAGES = (
    ("Renewal due", "Open", 50, "Pipeline", 30),
    ("Offer sent", "Open", 70, "Best Case", 21),
    ("Verbal yes", "Open", 90, "Commit", 14),
    ("Renewed", "Won", 100, "Closed", 0),
    ("Ended", "Lost", 0, "Omitted", 0),
)

TITLES = (
    "Managing Director",
    "Head of Production",
    "Plant Manager",
    "Purchasing Manager",
    "Maintenance Manager",
    "Project Engineer",
    "Buyer",
    "Head of Engineering",
    "Operations Manager",
    "Quality Manager",
    "IT Manager",
    "Assistant to the Management",
    "Shift Supervisor",
)
DEPARTMENTS = {
    "Head of Production": "Production",
    "Plant Manager": "Production",
    "Shift Supervisor": "Production",
    "Purchasing Manager": "Purchasing",
    "Buyer": "Purchasing",
    "Maintenance Manager": "Maintenance",
    "Quality Manager": "Quality",
    "IT Manager": "IT",
}
TAGS = (
    "key account",
    "newsletter",
    "trade fair",
    "reference",
    "price sensitive",
    "service only",
    "energy audit",
    "dormant",
)
COMPETITORS = (
    ("Transveyor", "Low prices, quick delivery", "Thin service network"),
    ("Robomat Systems", "Strong in robotics", "Long projects, expensive changes"),
    ("Alpha Intralogistics", "One hand for everything", "Slow to answer"),
    ("Pneutec", "Compressed air only", "No software"),
    ("Nordline Automation", "Good software", "Few references outside the north"),
)
LEAD_SOURCES = (
    "Trade Show",
    "Web Form",
    "Phone Inquiry",
    "Cold Call",
    "External Referral",
    "Partner",
    "Web Site",
    "Email",
    "Existing Customer",
)
FAIRS = (
    "Hall 7, Tuesday",
    "Packaging fair, stand visit",
    "Automation days",
    "Webinar on energy costs",
    "Download: conveyor guide",
    "Referred by a customer",
)
DISQUALIFIED = (
    "No budget this year",
    "Wants a used machine",
    "Student project",
    "Outside our region",
    "Competitor asking for prices",
)
# name, description, and its steps: type, subject, days after the first, time of day
PLANS: tuple[tuple[str, str, tuple[tuple[str, str, int, str | None], ...]], ...] = (
    (
        "New lead",
        "Five touches in two weeks",
        (
            ("call", "First call", 0, None),
            ("email", "Send the brochure", 1, None),
            ("call", "Ask for a meeting", 4, "10:00"),
            ("email", "A reference from the industry", 8, None),
            ("call", "Last try", 14, "14:00"),
        ),
    ),
    (
        "Offer follow-up",
        "From the offer to the decision",
        (
            ("call", "Has the offer arrived?", 2, "09:30"),
            ("task", "Prepare the answers to open questions", 5, None),
            ("meeting", "Go through the offer", 7, "10:00"),
            ("call", "Ask for the decision", 14, "11:00"),
        ),
    ),
)
CADENCES = (  # type, subject, rule, day of the first, hour of the day
    ("call", "Weekly call on the commissioning", "FREQ=WEEKLY", 3, 9),
    ("meeting", "Monthly review of the line", "FREQ=MONTHLY", 6, 14),
    ("task", "Report on the territory", "FREQ=MONTHLY;BYMONTHDAY=-1", 8, 0),
    ("visit", "Quarterly visit", "FREQ=MONTHLY;INTERVAL=3", 12, 10),
)
VIEWS = (  # name, kind, filter, sort
    ("Big open deals", "opportunity", "stage.type=Open\namount>50000", "-amount"),
    ("Closing soon", "opportunity", "stage.type=Open\nowner=me", "close_date"),
    ("German customers", "account", "billing_country=Germany\ntype=Customer", "name"),
)
