"""Questions: every one that was acknowledged is there once; of votes the last of each for each."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from app.rehearsal.client import Facilitator
from tests.promises.scripts.script import Data, Fact, Register, Said, Script

VOTED_FOR = 4
TOGETHER = ("question 1", "question 0")


class Asking(Script):
    """Everybody asks and votes for others' questions, and two of these are found to be one."""

    kind = "questions"
    mode = "anonymous"
    config: ClassVar = {"most_each": 100}

    def prepare(self, number: int) -> Data:
        return {"text": f"question {number}"}

    async def meanwhile(self, console: Facilitator) -> None:
        await self.merge(console, *TOGETHER)

    def say(self, number: int, turn: int) -> Data:
        step = turn % 8
        if step == 3:
            return {"text": f"question {number} at {turn}"}
        if step in (5, 7) and number >= VOTED_FOR:
            mine = self.ids[f"question {number}"]
            return {"withdraw": mine} if step == 5 else {"restore": mine}
        # Those that are merged get most, often both from one.
        wanted = (0, 1, 2 + number % 2)[turn // 2 % 3]
        return {"unvote" if step % 2 else "vote": self.ids[f"question {wanted}"]}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        ((verb, about),) = said.data.items()
        if verb == "text":
            yield about, "visible"
        elif verb in ("withdraw", "restore"):
            mine = f"question {said.operation.client}"
            yield mine, "withdrawn" if verb == "withdraw" else "visible"
        else:
            yield (said.operation.client, about), verb

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        part, into = (self.ids[text] for text in TOGETHER)
        facts: dict[Fact, frozenset[Any]] = {}
        voters: dict[str, set[int]] = defaultdict(set)
        for register, values in standing.items():
            if isinstance(register, str):
                facts[register] = values
            elif isinstance(register, tuple) and values == {"vote"}:
                client, about = register
                voters[into if about == part else about].add(client)
        return facts | {("votes", about): frozenset([len(who)]) for about, who in voters.items()}

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        votes = [(("votes", one["id"]), one["votes"]) for one in result["questions"]]
        asked = [(entry["text"], entry["state"]) for entry in entries]
        return [*asked, *((fact, count) for fact, count in votes if count)]
