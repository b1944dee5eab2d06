"""What is ready-made (L13): activities that are asked in two taps, blocks that are inserted in two.

Each kind says itself what it is ready for. All texts are English message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.i18n import gettext, mark
from app.models.agenda import BlockKind


class Use(StrEnum):
    """What it is for, in the order in which they are listed; each a heading."""

    PULSE = mark("Take the temperature")
    DECIDE = mark("Decide")
    COLLECT = mark("Gather what people know")
    LEARN = mark("Look back")
    WORK = mark("To work with, with names")


@dataclass(frozen=True)
class Ready:
    """An activity with its words. `said` is that part of its config which is text."""

    use: Use
    label: str  # what it is, in two or three words
    title: str  # what it asks, or is called
    icon: str
    config: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    mode: str = "anonymous"
    asks: bool = True  # its title is a question
    quick: bool = False  # among the few that go over whatever is on

    def asked(self, kind: str) -> dict[str, Any]:
        """What `activity.create` is told, in the language that is spoken; the title stands in a
        field of its own."""
        words = {name: gettext(text) for name, text in self.said.items()}
        return {
            "kind": kind,
            "config": {**self.config, **words},
            "options": [gettext(option) for option in self.options],
            "mode": self.mode,
            "open": True,
        }


@dataclass(frozen=True)
class ReadyBlock:
    """A block of the agenda; its phases follow from its kind and its minutes."""

    title: str
    kind: BlockKind
    minutes: int


BLOCKS = (
    ReadyBlock(mark("Welcome and check-in"), BlockKind.OPENING, 10),
    ReadyBlock(mark("Why now: the story in ten minutes"), BlockKind.KEYNOTE, 10),
    ReadyBlock(mark("Goals and priorities"), BlockKind.STRATEGY, 20),
    ReadyBlock(mark("What the goals mean for us"), BlockKind.INTERACTIVE, 50),
    ReadyBlock(mark("Short discussion in pairs"), BlockKind.INTERACTIVE, 10),
    ReadyBlock(mark("What stands in the way"), BlockKind.INTERACTIVE, 30),
    ReadyBlock(mark("A decision the room must take"), BlockKind.INTERACTIVE, 15),
    ReadyBlock(mark("Walk and talk"), BlockKind.INTERACTIVE, 20),
    ReadyBlock(mark("A customer's day before and after"), BlockKind.DEMONSTRATION, 15),
    ReadyBlock(mark("Show the new solution"), BlockKind.DEMONSTRATION, 20),
    ReadyBlock(mark("Pitch by an ambassador"), BlockKind.DEMONSTRATION, 3),
    ReadyBlock(mark("Group sprint: the first delivery"), BlockKind.SPRINT, 60),
    ReadyBlock(mark("Short sprint: the first step"), BlockKind.SPRINT, 25),
    ReadyBlock(mark("What can go wrong"), BlockKind.RISK_DIALOGUE, 25),
    ReadyBlock(mark("Questions and answers"), BlockKind.QUESTIONS, 10),
    ReadyBlock(mark("Questions that are left"), BlockKind.QUESTIONS, 5),
    ReadyBlock(mark("Short break"), BlockKind.BREAK, 10),
    ReadyBlock(mark("Coffee and air"), BlockKind.BREAK, 20),
    ReadyBlock(mark("Lunch"), BlockKind.BREAK, 45),
    ReadyBlock(mark("What we have learnt today"), BlockKind.INTERACTIVE, 30),
    ReadyBlock(mark("Ownership and next step"), BlockKind.CLOSING, 30),
    ReadyBlock(mark("Closing and thanks"), BlockKind.CLOSING, 10),
)
