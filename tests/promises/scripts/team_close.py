"""Closing by teams: what was said last of each stands, once."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from tests.promises.scripts.script import Data, Fact, Register, Said, Script


class Promising(Script):
    """Everybody says what they take on, and says it again otherwise."""

    kind = "team_close"

    def say(self, number: int, turn: int) -> Data:
        return {"next_step": f"step {number}", "owner": f"owner at {turn}"}

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        yield said.data["next_step"], said.data["owner"]

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        return [(one["next_step"], one["owner"]) for one in result["statements"]]
