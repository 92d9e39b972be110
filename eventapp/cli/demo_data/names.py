"""Invented names for the demo: ordinary ones to draw from, and the ones that break careless software."""

from itertools import takewhile

_GIVEN = """Aaltje Abdel Ahmed Aicha Anne Annelies Anouk Arjan Ayşe Bas Bert Bianca Bilal Bram Carla Celine Chantal Daan
Daniëlle David Dewi Dirk Elif Ellen Els Emma Erik Esmée Esther Eva Femke Floor Frank Frédérique Gerben Gijs Hanneke
Hans Harm Hatice Henk Hilde Ibrahim Ineke Inge Iris Jacqueline Jamila Janneke Jasper Jelle Jeroen Joost Jorien Joyce
Judith Julia Karin Kees Khalid Kim Koen Lars Laura Leila Leonie Lianne Lieke Lotte Loes Maaike Maarten Malika Manon
Marcel Margriet Marjolein Mark Martijn Maureen Mehmet Melissa Michiel Mila Mirjam Mohamed Monique Nadia Natasja Niels
Noor Olga Orlando Paul Petra Pieter Priya Rachid Ramon Renske Rianne Robin Roos Ruben Rutger Sander Sandra Sanne Saskia
Sharda Silvia Simone Sjoerd Sofie Stefan Suzanne Tamara Theo Thijs Tim Tineke Tjitske Vera Wendy Wietske Wilma Wim
Yasmin Yvonne Zeynep Ömer"""

# Drawn from as they are spoken; leading words in lower case are the infix.
_FAMILY = """Aksoy, Bakker, van Beek, van den Berg, Berger, Bergsma, van der Berg, Boersma, de Boer, Bos, Bosman,
van den Bosch, Brouwer, Bruins, de Bruijn, van Dam, Dekker, Demir, van Dijk, Dijkstra, van Doorn, Douma, El Amrani,
Evers, van der Feen, Fokkema, de Graaf, de Groot, Haan, van den Heuvel, Hendriks, Hermans, van der Heijden, Hoekstra,
van Houten, Huisman, Jacobs, Jansen, Janssen, de Jong, Kaya, Klaassen, Koning, Kramer, Kuipers, van der Laan,
van Leeuwen, de Lange, ter Linden, van der Linden, Maas, Meijer, Mulder, Nguyen, Nijland, Öztürk, Peeters, Pieters,
Postma, Prins, Ramdin, Reinders, van Rijn, de Ruiter, Sanders, Schouten, Smeets, Smit, Smits, Suurmond, Tahiri,
Terpstra, Timmermans, van der Veen, Veenstra, Verhoeven, Vermeulen, Visser, van Vliet, de Vries, de Waal, Wiersma,
de Wit, Willems, Wouters, Yılmaz, van Zanten, Zijlstra"""


def _parted(spoken: str) -> tuple[str, str]:
    words = spoken.split()
    infix = list(takewhile(str.islower, words))
    return " ".join(infix), " ".join(words[len(infix) :])


GIVEN = _GIVEN.split()
FAMILY = [_parted(spoken) for spoken in _FAMILY.split(",")]

# Given name, infix, family name and the organisation's domain.
TRAPS = (
    ("Jan-Willem", "van der", "Meulen", "zonnevlinder.example"),
    ("Fatma", "", "Yıldız", "de-ontdekhoek.example"),
    ("Zoë", "van 't", "Hoff-Müller", "tweeklank.example"),
    ("Ĳsbrand", "d'", "Ancona", "ijsselkroon.example"),
    ("M. (Marieke)", "in 't", "Veld", "kc-de-fladderboom.example"),
    ("prof. dr. A.", "de la", "Fuente-El Idrissi", "hogeschool-testland.example"),
    ("Suharti", "", "", "opgroei.example"),
    ("Sanne", "de", "Vries", "klimrek.example"),
    ("Sanne", "de", "Vries", "de-breg.example"),
)
TWO_ORGANISATIONS = ("Wytze", "", "Dubbeldam", ("vlechtwerk.example", "veelkleur.example"))
ONE_MAILBOX = (("Corrie", "", "Postma"), ("Loes", "van", "Houten"), "locatie.zuid@hinkelbaan.example")
SUPERVISOR = ("Hester", "van", "Verzinsel")
AMBASSADORS = (
    ("Rik", "", "Voorbeeld", "Noord"),
    ("Aafke", "", "Verzonnen", "Noord"),
    ("Gül", "", "Denkbeeld", "Oost"),
    ("Thomas", "van", "Fictie", "Oost"),
    ("Lucia", "", "Proefman", "Zuid"),
    ("Henri", "", "Testbeeld", "Zuid"),
    ("Marloes", "op den", "Schijn", "West"),
    ("Said", "", "Vermoed", "West"),
)
