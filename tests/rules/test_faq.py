"""Which answer of the FAQ is suggested for which question: the table that the figure came from.

Seen red with: a likeness that `closeness` decides (a question and its opposite), no bound at all.
"""

import pytest

from app.rules.faq import MOST_SUGGESTED, Explained, fitting

FAQ = {
    "fewer": "Blir det færre av oss i kundesenteret?",
    "stop": "Hva slutter vi med, for å få tid til dette?",
    "refund": "Hva skjer hvis jeg gir en kunde penger tilbake og tar feil?",
    "inbox": "Vi har hatt felles innboks før. Hva er annerledes?",
    "bonus": "Når får vi vite hva dette betyr for bonusen?",
    "down": "Hva gjør vi når systemet er nede?",
    "bill": "Kommer fakturaen til å bli lengre?",
    "loss": "Taper vi ikke penger på at kundene sparer strøm?",
}
ALL = [Explained(id, question, "Et svar.") for id, question in FAQ.items()]

FITS = [
    ("Blir det nedbemanning i kundesenteret?", "fewer"),
    ("Blir vi flere i kundesenteret?", "fewer"),
    ("Hva slutter vi med for å få plass til dette?", "stop"),
    ("Hva skal vi slutte med?", "stop"),
    ("Hva om jeg tar feil når jeg gir kunden pengene tilbake?", "refund"),
    ("Hva er annerledes med felles innboks denne gangen?", "inbox"),
    ("Felles innboks har vi prøvd før", "inbox"),
    ("Hva betyr dette for lønn og bonus i år?", "bonus"),
    ("Får vi mindre bonus?", "bonus"),
    ("Hva gjør vi når systemene er nede?", "down"),
    ("Hva om systemet går ned midt i travleste timen?", "down"),
    ("Blir fakturaene lengre nå?", "bill"),
    ("Taper vi penger når kunden sparer strøm?", "loss"),
]
FITS_NOTHING = [
    "Hvordan påvirker strategien bemanningen i driftssentralen?",
    "Når får regionene vite hvilke tiltak de eier?",
    "Blir det flere lærlingplasser?",
    "Hvordan måler vi at kunden faktisk merker en forskjell?",
    "Hvem kan si nei når to prosjekter trenger de samme folkene?",
    "Får vi budsjett til å teste i liten skala først?",
    "Hva betyr dette for dem som jobber turnus?",
    "Når er neste samling?",
    "",
    "?!",
]


@pytest.mark.parametrize("asked, expected", FITS)
def test_what_fits_is_suggested_first(asked: str, expected: str) -> None:
    assert [one.id for one in fitting([asked], ALL)][:1] == [expected]


@pytest.mark.parametrize("asked", FITS_NOTHING)
def test_where_nothing_fits_nothing_is_suggested(asked: str) -> None:
    assert fitting([asked], ALL) == []


def test_what_was_merged_with_it_counts_too() -> None:
    asked = ["Hva skjer?", "Hva gjør vi når systemet er nede?"]
    assert [one.id for one in fitting(asked, ALL)] == ["down"]


def test_few_are_suggested_and_none_without_an_answer() -> None:
    alike = [Explained(str(n), "Hva gjør vi når systemet er nede?", "Svar") for n in range(9)]
    found = fitting(["Hva gjør vi når systemet er nede?"], alike)
    assert [one.id for one in found] == ["0", "1", "2"]
    assert len(found) == MOST_SUGGESTED
    assert fitting(["Bonus?"], [Explained("x", "Bonus?", "")]) == []
    assert fitting([], ALL) == []
