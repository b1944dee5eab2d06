"""Whom a pulse reminds, so that neither who is reminded nor who is not gives an answer away.

The reminders are stored by name. Those who get one had not answered by then, and whoever is asked
and gets none had: a backup of that moment tells what a group of that size answered, and the next
one what was answered since. Neither group may be so small that it could not be told of.
"""

from enum import StrEnum

from app.rules.pulse_groups import MINIMUM


class Reminded(StrEnum):
    NOBODY = "nobody"
    WHO_IS_LEFT = "who_is_left"
    EVERYBODY = "everybody"


def reminded(answered: int, left: int) -> Reminded:
    if left < MINIMUM:
        return Reminded.NOBODY
    # Everybody is asked again rather than nobody: with so few answers it matters most.
    return Reminded.EVERYBODY if 0 < answered < MINIMUM else Reminded.WHO_IS_LEFT
