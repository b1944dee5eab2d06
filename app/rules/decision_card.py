"""What a room's answer to a decision card comes to (L9): by consent it is carried where no
objection stands, by vote the option with most votes is chosen where no other has as many."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    NOBODY = "nobody"  # has answered
    CARRIED = "carried"
    OBJECTED = "objected"
    CHOSEN = "chosen"
    TIED = "tied"


# Those that settle the matter: what is left is to write it down.
SETTLED = (Outcome.CARRIED, Outcome.CHOSEN)


@dataclass(frozen=True)
class Consent:
    """How many support it, can live with it, and object."""

    support: int = 0
    live_with: int = 0
    objections: int = 0

    @property
    def answered(self) -> int:
        return self.support + self.live_with + self.objections

    @property
    def outcome(self) -> Outcome:
        """One objection stands against any number that support it: consent is no majority."""
        if not self.answered:
            return Outcome.NOBODY
        return Outcome.OBJECTED if self.objections else Outcome.CARRIED


@dataclass(frozen=True)
class Vote:
    """Votes by option, in the options' order."""

    counts: tuple[int, ...] = ()

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def foremost(self) -> tuple[int, ...]:
        """The places, from 0, of the options that nobody has more votes than."""
        most = max(self.counts, default=0)
        return tuple(at for at, count in enumerate(self.counts) if count == most and most)

    @property
    def outcome(self) -> Outcome:
        if not self.foremost:
            return Outcome.NOBODY
        return Outcome.CHOSEN if len(self.foremost) == 1 else Outcome.TIED

    @property
    def has_majority(self) -> bool:
        """Whether more than half of the votes are for one option."""
        return 2 * max(self.counts, default=0) > self.answered


def together(votes: Sequence[Vote]) -> Vote:
    """The votes of several sources, option by option."""
    return Vote(tuple(sum(row) for row in zip(*(one.counts for one in votes), strict=True)))


def all_of(consents: Sequence[Consent]) -> Consent:
    """The answers of several sources: an objection stands, wherever it comes from."""
    return Consent(
        support=sum(one.support for one in consents),
        live_with=sum(one.live_with for one in consents),
        objections=sum(one.objections for one in consents),
    )


def called(proposal: str, option: str, longest: int) -> str:
    """A vote's decision in one sentence: what was asked and what was chosen, else that alone."""
    both = f"{proposal} {option}" if proposal.endswith("?") else f"{proposal}: {option}"
    return both if len(both) <= longest else option
