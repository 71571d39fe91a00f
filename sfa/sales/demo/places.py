"""Countries of the demo: cities, streets, people's names, and telephone numbers that are set aside for fiction."""

from __future__ import annotations

from typing import NamedTuple

Numbers = tuple[tuple[str, int, int], ...]  # prefix, first number, how many


class Country(NamedTuple):
    """``share`` of the customers; ``cities`` with region and postal code; ``forms`` of companies; free phones."""

    name: str
    currency: str
    share: int
    cities: tuple[tuple[str, str, str], ...]
    streets: tuple[str, ...]
    house_first: bool
    lines: Numbers
    mobiles: Numbers
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    forms: tuple[str, ...]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("; "))


GERMANY = Country(
    name="Germany",
    currency="EUR",
    share=44,
    cities=(
        ("Berlin", "Berlin", "10115"),
        ("Hamburg", "Hamburg", "20095"),
        ("München", "Bavaria", "80331"),
        ("Köln", "North Rhine-Westphalia", "50667"),
        ("Stuttgart", "Baden-Württemberg", "70173"),
        ("Nürnberg", "Bavaria", "90402"),
        ("Bielefeld", "North Rhine-Westphalia", "33602"),
        ("Dresden", "Saxony", "01067"),
        ("Hannover", "Lower Saxony", "30159"),
        ("Ulm", "Baden-Württemberg", "89073"),
        ("Kassel", "Hesse", "34117"),
    ),
    streets=_listed(
        "Industriestraße; Hafenweg; Gewerbepark; Am Güterbahnhof; Lindenallee; Robert-Bosch-Straße; Mühlenweg; "
        "Daimlerstraße"
    ),
    house_first=False,
    lines=(
        ("+49 30 23125", 0, 1000),
        ("+49 40 66969", 0, 1000),
        ("+49 69 90009", 0, 1000),
        ("+49 89 99998", 0, 1000),
        ("+49 221 4710", 0, 1000),
    ),
    mobiles=(("+49 171 3920", 0, 100), ("+49 176 04069", 0, 100)),
    women=_listed(
        "Anna; Birgit; Carola; Katrin; Heike; Julia; Lena; Martina; Petra; Sabine; Silke; Ute; Franziska; Ayşe"
    ),
    men=_listed(
        "Andreas; Bernd; Christian; Dirk; Florian; Holger; Jens; Jürgen; Matthias; Oliver; Rainer; Stefan; Thomas; "
        "Uwe; Emre"
    ),
    surnames=_listed(
        "Schmidt; Schneider; Fischer; Weber; Wagner; Becker; Hoffmann; Schäfer; Koch; Bauer; Richter; Klein; Wolf; "
        "Neumann; Schwarz; Zimmermann; Krüger; Hartmann; Lange; Krause; Lehmann; Köhler; Maier; Huber; Vogel; Keller; "
        "Brandt; Yılmaz; Seidel; Arnold; Böhm; Winkler"
    ),
    forms=_listed("GmbH; GmbH; GmbH & Co. KG; AG; KG; SE"),
)
FRANCE = Country(
    name="France",
    currency="EUR",
    share=16,
    cities=(
        ("Lyon", "Auvergne-Rhône-Alpes", "69002"),
        ("Nantes", "Pays de la Loire", "44000"),
        ("Lille", "Hauts-de-France", "59000"),
        ("Toulouse", "Occitanie", "31000"),
        ("Strasbourg", "Grand Est", "67000"),
        ("Grenoble", "Auvergne-Rhône-Alpes", "38000"),
    ),
    streets=_listed(
        "rue de l'Industrie; avenue Jean Jaurès; boulevard Gambetta; rue des Artisans; allée des Platanes; quai de la "
        "Loire"
    ),
    house_first=True,
    lines=(("+33 1 99 00", 0, 10000),),
    mobiles=(("+33 6 39 98", 0, 10000),),
    women=_listed("Camille; Chloé; Élodie; Hélène; Isabelle; Léa; Manon; Nathalie; Sophie; Véronique"),
    men=_listed("Antoine; Benoît; Cédric; Étienne; François; Guillaume; Julien; Laurent; Olivier; Thierry"),
    surnames=_listed(
        "Bernard; Dubois; Durand; Fontaine; Garnier; Girard; Lambert; Lefèvre; Mercier; Moreau; Perrin; Rousseau; "
        "Vidal; Chevalier; Masson; Noël; Renaud; Gauthier"
    ),
    forms=_listed("SA; SARL; SAS; SAS"),
)
BRITAIN = Country(
    name="United Kingdom",
    currency="GBP",
    share=14,
    cities=(
        ("Manchester", "Greater Manchester", "M1 2AB"),
        ("Birmingham", "West Midlands", "B3 1QD"),
        ("Leeds", "West Yorkshire", "LS1 4DY"),
        ("Bristol", "Bristol", "BS1 5TR"),
        ("Sheffield", "South Yorkshire", "S1 2HE"),
        ("Glasgow", "Glasgow City", "G2 4JR"),
    ),
    streets=_listed("Foundry Lane; Station Road; Canal Street; Victoria Works; Mill Lane; Enterprise Way"),
    house_first=True,
    lines=(
        ("+44 20 7946 0", 0, 1000),
        ("+44 161 496 0", 0, 1000),
        ("+44 121 496 0", 0, 1000),
        ("+44 113 496 0", 0, 1000),
    ),
    mobiles=(("+44 7700 900", 0, 1000),),
    women=_listed("Alison; Charlotte; Emily; Fiona; Gemma; Helen; Joanne; Megan; Priya; Rachel"),
    men=_listed("Adam; Callum; Daniel; Ewan; Gareth; Imran; Jonathan; Neil; Oscar; Stuart"),
    surnames=_listed(
        "Ashworth; Bennett; Clarke; Davies; Fletcher; Hughes; Kaur; Marshall; Naylor; Patel; Pearson; Reid; Shaw; "
        "Thornton; Walker; Whitfield; O'Connor; Barlow"
    ),
    forms=_listed("Ltd; Ltd; plc; LLP"),
)
SWEDEN = Country(
    name="Sweden",
    currency="EUR",
    share=6,
    cities=(
        ("Göteborg", "Västra Götaland", "411 03"),
        ("Malmö", "Skåne", "211 20"),
        ("Västerås", "Västmanland", "722 11"),
        ("Linköping", "Östergötland", "582 22"),
    ),
    streets=_listed("Industrigatan; Hamngatan; Verkstadsvägen; Kungsgatan"),
    house_first=False,
    lines=(("+46 8 465 004", 0, 100), ("+46 31 390 06", 0, 100), ("+46 40 628 04", 0, 100)),
    mobiles=(("+46 70 174 06", 5, 95),),
    women=_listed("Anneli; Ebba; Frida; Ingrid; Karin; Linnéa; Maja"),
    men=_listed("Anders; Björn; Erik; Gustav; Lars; Nils; Åke"),
    surnames=_listed("Andersson; Bergström; Dahl; Eklund; Forsberg; Lindqvist; Nyström; Sandberg; Wallin; Öberg"),
    forms=_listed("AB; AB"),
)
IRELAND = Country(
    name="Ireland",
    currency="EUR",
    share=6,
    cities=(
        ("Galway", "Connacht", "H91 E2K3"),
        ("Cork", "Munster", "T12 X8N6"),
        ("Dublin", "Leinster", "D02 XE81"),
    ),
    streets=_listed("Harbour Road; Parkmore Drive; Quay Street; Ballybrit Business Park"),
    house_first=True,
    lines=(("+353 20 91", 10000, 10000),),
    mobiles=(("+353 20 91", 40000, 10000),),
    women=_listed("Aoife; Ciara; Niamh; Orla; Sinéad"),
    men=_listed("Brendan; Cormac; Declan; Fergal; Pádraig"),
    surnames=_listed("Byrne; Doyle; Gallagher; Kavanagh; McCarthy; Nolan; O'Brien; O'Sullivan; Quinn"),
    forms=_listed("Ltd; DAC"),
)
STATES = Country(
    name="United States",
    currency="USD",
    share=14,
    cities=(
        ("Cleveland", "OH", "44114"),
        ("Milwaukee", "WI", "53202"),
        ("Pittsburgh", "PA", "15222"),
        ("Charlotte", "NC", "28202"),
        ("Houston", "TX", "77002"),
        ("Portland", "OR", "97204"),
    ),
    streets=_listed(
        "Commerce Drive; Lakeshore Avenue; Industrial Parkway; Mill Street; Railroad Avenue; Technology Way"
    ),
    house_first=True,
    lines=tuple((f"+1 {area} 555 01", 0, 100) for area in (216, 414, 412, 704, 713, 503)),
    mobiles=tuple((f"+1 {area} 555 01", 0, 100) for area in (440, 262, 724, 980, 832, 971)),
    women=_listed("Ashley; Brenda; Danielle; Heather; Jennifer; Latoya; Maria; Nicole; Rebecca; Tanya"),
    men=_listed("Brandon; Carlos; Derek; Eric; Gregory; Jason; Kevin; Marcus; Scott; Tyler"),
    surnames=_listed(
        "Anderson; Brooks; Carter; Diaz; Foster; Garcia; Hayes; Jenkins; Kowalski; Lopez; Miller; Nguyen; Peterson; "
        "Ramirez; Sullivan; Turner; Washington; Young"
    ),
    forms=_listed("Inc.; LLC; Corp.; Co."),
)
COUNTRIES = (GERMANY, FRANCE, BRITAIN, SWEDEN, IRELAND, STATES)
