"""Boards: every card is there once, in the place and with the words that were committed last."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from app.rehearsal.client import Facilitator
from tests.promises.scripts.script import Data, Fact, Register, Said, Script

COMMON = "card 0"  # everybody's hands are on it
COLUMNS = 3


class Sprinting(Script):
    """Everybody has a card of their own, and moves and edits the common one, too."""

    kind = "sprint_board"

    def prepare(self, number: int) -> Data:
        return {"do": "add", "column": number % COLUMNS, "text": f"card {number}"}

    def say(self, number: int, turn: int) -> Data:
        common, mine = self.ids[COMMON], self.ids[f"card {number}"]
        step, column = turn % 8, (number + turn) % COLUMNS
        if step in (0, 4):
            return {"do": "move", "card": mine, "column": column, "after": common}
        if step in (1, 5):
            return {"do": "move", "card": common, "column": column, "to": "top"}
        if step == 2:
            return {"do": "add", "column": column, "text": f"card {number} at {turn}"}
        if step == 3:
            # One member each of what the card says.
            member = "owner" if number % 2 else "due"
            return {"do": "edit", "card": common, member: _of(member, number, turn)}
        if step == 6:
            return {"do": "edit", "card": mine, "owner": _of("owner", number, turn)}
        return {"do": "remove" if turn % 16 == 7 else "restore", "card": mine}

    async def meanwhile(self, console: Facilitator) -> None:
        data = {"card": self.ids[COMMON], "column": 2, "to": "bottom"}
        await self.push(console, "move", data, as_if={"do": "move", **data})

    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        data = said.data
        if data["do"] == "add":
            yield ("column", data["text"]), data["column"]
            yield ("state", data["text"]), "visible"
            return
        card = next(text for text, id in self.ids.items() if id == data["card"])
        if data["do"] == "move":
            yield ("column", card), data["column"]
        elif data["do"] == "edit":
            yield from (((each, card), data[each]) for each in ("owner", "due") if each in data)
        else:
            yield ("state", card), "withdrawn" if data["do"] == "remove" else "visible"

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        return {**standing, "boards": frozenset(["as many as there are cards"])}

    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        cards = [entry for entry in entries if entry["place"] != "frame"]
        for card in cards:
            text = card["text"]
            yield ("column", text), int(card["place"].rpartition("/")[2])
            yield ("state", text), card["state"]
            for member, value in card["data"].items():
                yield (member, text), value
        stand = Counter(card["place"] for card in cards if card["state"] == "visible")
        told = {
            f"{board['board']}/{number}": count
            for board in result["boards"]
            for number, count in enumerate(board["columns"])
            if count
        }
        yield "boards", "as many as there are cards" if told == stand else f"{told}, not {stand}"


def _of(member: str, number: int, turn: int) -> str:
    return f"{number} at {turn}" if member == "owner" else f"20{turn:02}-01-{number % 28 + 1:02}"
