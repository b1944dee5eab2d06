"""Notes: every one that was acknowledged stands once, in its column; of votes the last of each."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from app.rehearsal.client import Facilitator
from tests.promises.moves import push
from tests.promises.scripts.script import Data, Fact, Register, Said, Script

COLUMNS = ("worked", "did_not", "adjust")
WRITTEN = 6  # of them are voted for
TOGETHER = (3, 0)  # the second says what the first one says, in the same column


class Noting(Script):
    """Everybody writes, takes back, and thinks better of it, under three columns."""

    kind = "retro_wall"
    mode = "anonymous"
    config: ClassVar = {"most_each": 30}

    def prepare(self, number: int) -> Data:
        return {"text": f"note {number} first", "column": COLUMNS[number % 3]}

    def say(self, number: int, turn: int) -> Data:
        if turn % 3 == 0:
            return {"text": f"note {number} at {turn}", "column": COLUMNS[turn // 3 % 3]}
        mine = self.ids[f"note {number} first"]
        return {"withdraw": mine} if turn % 3 == 1 else {"restore": mine}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        number = said.operation.client
        if "text" in said.data:
            yield said.data["text"], ("visible", said.data["column"])
        else:
            state = "withdrawn" if "withdraw" in said.data else "visible"
            yield f"note {number} first", (state, COLUMNS[number % 3])

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [(entry["text"], (entry["state"], entry["place"])) for entry in entries]


class Weighing(Script):
    """Everybody votes and votes again, while two notes are found to be one."""

    kind = "retro_wall"
    config: ClassVar = {"votes_each": 3}

    def prepare(self, number: int) -> Data | None:
        said = {"text": f"weigh {number}", "column": COLUMNS[number % 3]}
        return said if number < WRITTEN else None

    async def set_up(self, console: Facilitator) -> None:
        await push(console, "activity.to_stage", {"activity": self.activity, "stage": "vote"})

    async def meanwhile(self, console: Facilitator) -> None:
        await self.merge(console, *(f"weigh {number}" for number in TOGETHER))

    def say(self, number: int, turn: int) -> Data:
        # Both of those that are merged, and one of the others.
        others = [each for each in range(WRITTEN) if each not in TOGETHER]
        chosen = [*TOGETHER[: 1 + turn % 2], others[(number + turn) % len(others)]]
        return {"votes": [self.ids[f"weigh {each}"] for each in chosen]}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        if "votes" in said.data:
            yield said.operation.client, tuple(said.data["votes"])

    def counts(self, said: Said) -> bool:
        return "votes" in said.data

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        part, into = (self.ids[f"weigh {number}"] for number in TOGETHER)
        votes: Counter[Fact] = Counter()
        for given in standing.values():
            (chosen,) = given
            votes.update({into if each == part else each for each in chosen})
        return {fact: frozenset([count]) for fact, count in votes.items()}

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [(note["id"], note["votes"]) for note in result["notes"] if note["votes"]]
