"""Names as a company's book has them: several hundred, a few of them very frequent, most of them seldom (Zipf)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate


def listed(names: str) -> list[str]:
    return names.split()


FIRST = listed("""
James Mary Michael Maria John Anna Robert Jennifer David Linda William Elizabeth Thomas Barbara Peter Susan Daniel
Jessica Martin Sarah Andreas Karin Christian Laura Stefan Julia Markus Claudia Alexander Nicole Sebastian Sandra Jan
Andrea Paul Katharina Matthias Sabine Patrick Monika Mark Petra Steven Nina Kevin Eva Brian Helena George Christine
Edward Lisa Ronald Emma Anthony Sophie Kenneth Camille Pierre Chloé Jean Isabelle Philippe Nathalie Nicolas Céline
François Aurélie Laurent Élodie Olivier Manon Julien Léa Guillaume Inès Antoine Juliette Mathieu Margaux Luca Giulia
Marco Francesca Giuseppe Chiara Antonio Elena Giovanni Sara Francesco Martina Alessandro Valentina Andrej Federica
Carlos Carmen José Ana Manuel Isabel Javier Lucía Miguel Paula Alejandro Marta Fernando Cristina Pablo Rocío João
Mariana Pedro Beatriz Rui Inês Tiago Catarina Lars Ingrid Erik Astrid Nils Freja Anders Sigrid Johan Elin Magnus
Karolina Henrik Linnea Mikkel Mette Søren Kirsten Jens Hanne Ole Solveig Bjørn Marit Piotr Agnieszka Tomasz Katarzyna
Krzysztof Małgorzata Paweł Joanna Michał Ewa Marek Zofia Jakub Magdalena Ondřej Tereza Tomáš Lucie Jiří Hana Václav
Veronika Zoltán Katalin László Ildikó Gábor Zsuzsanna Attila Réka Ion Ioana Andrei Elif Mehmet Ayşe Mustafa Fatma Emre
Zeynep Murat Defne Dimitrios Eleni Georgios Katerina Ivan Olga Dmitri Natalia Sergei Tatiana Mikhail Irina Yusuf Amina
Omar Layla Hassan Noor Ahmed Yasmin Ali Mariam Khalid Salma Raj Priya Arjun Ananya Vikram Deepika Sanjay Kavya Rohan
Meera Wei Li Jun Ming Xin Yan Hiroshi Yuki Takashi Sakura Kenji Aiko Minh Linh Tuan Mai Seo Jisoo Kwame Abena Chidi
Ngozi Tunde Amara Sipho Thandi Liam Aoife Sean Niamh Conor Siobhan Angus Isla Hamish Fiona Rhys Bronwyn Gareth Megan
Bruno Dirk Femke Joost Sanne Pieter Anouk Wouter Lotte Koen Marieke Bart Elke Sven Wiebke Uwe Heike Jürgen Ute Rainer
Gudrun Klaus Ursula Gerhard Renate Wolfgang Brigitte Dieter Ingeborg Otto Hedwig Emil Frieda Karl Greta Felix Clara
Moritz Johanna Leon Mia Noah Hannah Finn Lea Ben Emilia Elias Lina Oskar Ida Theo Mathilda Jonas Luisa
""")
LAST = listed("""
Smith Müller Johnson Schmidt Martin Garcia Williams Schneider Brown Fischer Jones Weber Miller Meyer Davis Wagner
Rodriguez Becker Wilson Schulz Anderson Hoffmann Taylor Schäfer Thomas Koch Moore Bauer Jackson Richter White Klein
Lopez Wolf Lee Schröder Harris Neumann Clark Schwarz Lewis Zimmermann Robinson Braun Walker Krüger Hall Hofmann Young
Hartmann Allen Lange King Schmitt Wright Werner Scott Krause Hill Meier Green Lehmann Adams Schmid Baker Schulze
Nelson Maier Carter Köhler Mitchell Herrmann Roberts König Turner Walter Phillips Mayer Campbell Huber Parker Kaiser
Evans Fuchs Edwards Peters Collins Lang Stewart Scholz Morris Möller Rogers Weiß Reed Jung Cook Hahn Morgan Schubert
Bell Vogel Murphy Friedrich Bailey Keller Cooper Günther Richardson Frank Cox Berger Howard Winkler Ward Roth Peterson
Beck Gray Lorenz Watson Baumann Brooks Franke Kelly Albrecht Sanders Schuster Price Simon Bennett Ludwig Wood Böhm
Barnes Winter Ross Kraus Henderson Schumacher Coleman Krämer Jenkins Vogt Perry Stein Powell Jäger Long Otto Patterson
Sommer Hughes Groß Washington Seidel Butler Heinrich Simmons Brandt Foster Haas Bernard Dubois Durand Moreau Laurent
Lefebvre Leroy Roux Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Blanc Guérin Faure Mercier
Chevalier Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Conti Gallo Mancini Costa Giordano
Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani González Fernández Martínez Sánchez Pérez Gómez Jiménez Ruiz
Hernández Díaz Moreno Muñoz Álvarez Romero Navarro Torres Domínguez Vázquez Ramos Gil Serrano Molina Silva Santos
Ferreira Pereira Oliveira Rodrigues Almeida Carvalho Teixeira Mendes Hansen Johansen Olsen Larsen Andersen Pedersen
Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johansson Andersson Karlsson Nilsson
Eriksson Svensson Gustafsson Lindberg Lindqvist Bergström Sandberg Forsberg Nowak Kowalski Wiśniewski Wójcik Kowalczyk
Kamiński Lewandowski Zieliński Szymański Dąbrowski Kozłowski Jankowski Novák Svoboda Novotný Dvořák Černý Procházka
Kučera Veselý Horák Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Popescu Ionescu Popa Yılmaz Kaya
Demir Çelik Şahin Yıldız Öztürk Aydın Papadopoulos Georgiou Nikolaidis Ivanov Petrov Smirnov Kuznetsov Popov Volkov
Khan Ahmed Hussein Haddad Mansour Saleh Patel Singh Sharma Kumar Gupta Mehta Reddy Iyer Chen Wang Zhang Liu Yang Huang
Zhao Wu Tanaka Suzuki Takahashi Watanabe Ito Yamamoto Nakamura Kobayashi Nguyen Tran Pham Hoang Kim Park Choi Mensah
Owusu Okafor Adeyemi Dlamini Nkosi O'Brien O'Connor Byrne Ryan O'Sullivan Walsh McCarthy MacDonald Fraser Hamilton
Graham Davies Llewellyn Jansen de-Vries van-Dijk Bakker Visser Smit Mulder Bos Vos Peeters Janssens Maes Claes Willems
Goossens Wouters Lindner Seifert Kuhn Pohl Engel Horn Busch Bergmann Pfeiffer Voigt Sauer Arnold Ernst Ziegler Kühn
Dietrich Lenz Nowotny Adler
""")
TRADES = listed("""
Logistics Software Foods Engineering Systems Medical Consulting Energy Automotive Textiles Printing Machinery
Chemicals Electronics Packaging Construction Pharma Insurance Media Telecom Optics Robotics Plastics Steel Ceramics
Furniture
""")
FORMS = ("GmbH", "Ltd", "AG", "Inc", "SA", "BV", "AB", "SpA", "Group", "KG")
CITIES = listed("""
Berlin London Paris Hamburg Madrid Milan Vienna Munich Lyon Oslo Porto Graz Brno Turin Malmö Ghent Cork Leeds Kraków
Basel Bergen Antwerp Bordeaux Leipzig Valencia Bologna Gdańsk Aarhus Utrecht Tampere
""")
TITLES = ("Buyer", "Head of Purchasing", "Managing Director", "Engineer", "Plant Manager", "CFO", "IT Manager", "")


class Draw:
    """Draws by frequency: the name at rank r about 1 / (r + 5) as often as all others are."""

    def __init__(self, names: Sequence[str], dice: random.Random) -> None:
        self._names, self._dice = names, dice
        self._weights = [*accumulate(1 / (rank + 5) for rank in range(len(names)))]

    def one(self) -> str:
        return self._dice.choices(self._names, cum_weights=self._weights)[0]
