"""Risks: every one that was written stands once; of each attendee's placements the last of each
risk."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from app.rehearsal.client import Facilitator
from tests.promises.moves import push
from tests.promises.scripts.script import Data, Fact, Register, Said, Script

PLACED = 5  # of what was written
TOGETHER = (3, 0)  # the second says what the first one says
STEPS = ("low", "medium", "high")


class Naming(Script):
    """Everybody writes what is missing, takes it back, and thinks better of it. The register's own
    risks stand beside."""

    kind = "risk_dialogue"
    mode = "anonymous"
    config: ClassVar = {"most_each": 20}

    def prepare(self, number: int) -> Data:
        return {"text": f"threat {number} first"}

    def say(self, number: int, turn: int) -> Data:
        if turn % 3 == 0:
            return {"text": f"threat {number} at {turn}"}
        mine = self.ids[f"threat {number} first"]
        return {"withdraw": mine} if turn % 3 == 1 else {"restore": mine}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        if "text" in said.data:
            yield said.data["text"], "visible"
        else:
            mine = f"threat {said.operation.client} first"
            yield mine, "withdrawn" if "withdraw" in said.data else "visible"

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [(e["text"], e["state"]) for e in entries if e["text"].startswith("threat")]

    def _are_there(self, state: Data, number: int) -> bool:
        listed = self._entries(state) or ()
        return sum(entry["text"].startswith("threat") for entry in listed) >= number


class Placing(Script):
    """Everybody places new risks, moves them and takes them away, while two are found to be one."""

    kind = "risk_dialogue"

    def prepare(self, number: int) -> Data | None:
        return {"text": f"peril {number}"} if number < PLACED else None

    async def set_up(self, console: Facilitator) -> None:
        await push(console, "activity.to_stage", {"activity": self.activity, "stage": "weigh"})

    async def meanwhile(self, console: Facilitator) -> None:
        await self.merge(console, *(f"peril {number}" for number in TOGETHER))

    def say(self, number: int, turn: int) -> Data:
        entry = self.ids[f"peril {(*TOGETHER, number % PLACED)[turn % 3]}"]
        if (number + turn) % 7 == 6:
            return {"risk": entry, "away": "yes"}
        at = {"probability": STEPS[(number + turn) % 3], "consequence": STEPS[turn // 2 % 3]}
        return {"risk": entry, **at}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        if "risk" in said.data:
            at = tuple(said.data.get(axis, "") for axis in ("probability", "consequence"))
            yield (said.operation.client, said.data["risk"]), at

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        """Who has placed both that are one is counted with the heavier."""
        part, into = (self.ids[f"peril {number}"] for number in TOGETHER)
        placed: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
        for register, given in standing.items():
            (at,) = given
            client, entry = register  # type: ignore[misc]  # as `writes` has made it
            if at[0]:
                placed[client, into if entry == part else entry].append(at)
        counts = Counter((entry, *max(ats, key=_weight)) for (_, entry), ats in placed.items())
        return {fact: frozenset([count]) for fact, count in counts.items()}

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [
            ((one["id"], cell["probability"], cell["consequence"]), cell["count"])
            for one in result["risks"]
            for cell in one["cells"]
        ]

    def _are_there(self, state: Data, number: int) -> bool:
        listed = self._entries(state) or ()
        return sum(entry["text"].startswith("peril") for entry in listed) >= number


def _weight(at: tuple[str, str]) -> tuple[int, int]:
    likely, serious = (STEPS.index(step) + 1 for step in at)
    return likely * serious, serious
