"""Obstacles: every one that was acknowledged stands once; of rankings the last one counts."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from app.rehearsal.client import Facilitator
from tests.promises.moves import push
from tests.promises.scripts.script import Data, Fact, Register, Said, Script

WRITTEN = 8  # of them are ranked
PLACES = 5
TOGETHER = (1, 0)  # the second says what the first one says


class Collecting(Script):
    """Everybody writes, takes back, and thinks better of it."""

    kind = "top_obstacles"
    mode = "anonymous"
    config: ClassVar = {"most_each": 20}

    def prepare(self, number: int) -> Data:
        return {"text": f"obstacle {number} first"}

    def say(self, number: int, turn: int) -> Data:
        if turn % 3 == 0:
            return {"text": f"obstacle {number} at {turn}"}
        mine = self.ids[f"obstacle {number} first"]
        return {"withdraw": mine} if turn % 3 == 1 else {"restore": mine}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        if "text" in said.data:
            yield said.data["text"], "visible"
        else:
            mine = f"obstacle {said.operation.client} first"
            yield mine, "withdrawn" if "withdraw" in said.data else "visible"

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [(entry["text"], entry["state"]) for entry in entries]


class Ranking(Script):
    """Everybody ranks and ranks again, while two obstacles are found to be one."""

    kind = "top_obstacles"

    def prepare(self, number: int) -> Data | None:
        return {"text": f"rank {number}"} if number < WRITTEN else None

    async def set_up(self, console: Facilitator) -> None:
        for stage in ("merge", "rank"):
            await push(console, "activity.to_stage", {"activity": self.activity, "stage": stage})

    async def meanwhile(self, console: Facilitator) -> None:
        await self.merge(console, *(f"rank {number}" for number in TOGETHER))

    def say(self, number: int, turn: int) -> Data:
        # Both of those that are merged are in every ranking, each as often the better one.
        others = [2 + (number + turn + step) % (WRITTEN - 2) for step in range(PLACES - 2)]
        ranked = [*others[: turn % 3], number % 2, *others[turn % 3 :], 1 - number % 2]
        return {"ranking": [self.ids[f"rank {each}"] for each in ranked]}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        if "ranking" in said.data:
            yield said.operation.client, tuple(said.data["ranking"])

    def counts(self, said: Said) -> bool:
        return "ranking" in said.data

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        part, into = (self.ids[f"rank {number}"] for number in TOGETHER)
        counts: Counter[Fact] = Counter()
        for rankings in standing.values():
            (ranking,) = rankings
            places = {entry: place for place, entry in enumerate(ranking, 1)}
            places[into] = min(places[into], places.pop(part))
            counts.update(places.items())
        return {fact: frozenset([count]) for fact, count in counts.items()}

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [
            ((one["id"], place), count)
            for one in result["ranked"]
            for place, count in enumerate(one["counts"], 1)
            if count
        ]
