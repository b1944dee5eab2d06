"""What the records of the large plan are called, in sentences as long as people write them."""

from __future__ import annotations

from random import Random

ENDS = ("goal", "kpi", "initiative", "deliverable")
NAMED = ("people", "sponsors", "ambassadors")

_FIRST = ("Åse", "Øystein", "Ingrid", "Per Arne", "Fatima", "Jørn", "Kari", "Máret", "Olav", "Siv")
_MIDDLE = ("", "", " Marie", " Johan", " Ælfrida")
_LAST = ("Nordmann", "Østby", "Hansen-Sæther", "Kjærstad", "Ali", "Lund", "Brattvåg", "Moe", "Vik")
_VERBS = ("Innfør", "Forenkle", "Samle", "Automatiser", "Flytt", "Prøv ut", "Rull ut", "Avslutt")
_THINGS = (
    "felles kundeportal",
    "måleravlesning",
    "varsling ved strømbrudd",
    "faktura på ett ark",
    "vaktordningen",
    "opplæring av nye lærlinger",
    "innkjøp av nettstasjoner",
    "svar på klager innen tre dager",
)
_PLACES = ("i region nord", "på Østlandet", "for bedriftskunder", "i alle avdelinger", "i driften")
_CLAUSES = (
    "Kunden skal slippe å ringe to ganger om det samme.",
    "Vi begynner der ventetiden er lengst, og tar resten når vi har sett hva som virker.",
    "Det er ferdig når tallene står på tavla og noen utenfor laget har sett dem.",
    "Uten flere montører kommer vi ikke i mål før høsten.",
)


def title(entity: str, random: Random) -> str:
    if entity in NAMED:
        return _name(random)
    number = random.randint(1, 400)
    return f"{random.choice(_VERBS)} {random.choice(_THINGS)} {random.choice(_PLACES)} {number}"


def line(field: str, random: Random) -> str:
    if field == "unit":
        return random.choice(("dager", "kroner", "per hundre kunder"))
    return f"{random.choice(_THINGS)} {random.choice(_PLACES)}"


def prose(random: Random) -> str:
    return " ".join(random.sample(_CLAUSES, random.randint(1, 3)))


def mail(random: Random) -> str:
    return f"{random.choice(('ase', 'jorn', 'kari'))}.{random.randint(1, 9999)}@nordlys.example"


def _name(random: Random) -> str:
    return f"{random.choice(_FIRST)}{random.choice(_MIDDLE)} {random.choice(_LAST)}"
