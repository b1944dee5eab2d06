"""An attendee with several hands: a phone, a second tab and a page without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from app.rehearsal import frames
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal, Operation, Outcome
from app.rehearsal.link import Link, Refused
from tests.promises.form_door import FormDoor
from tests.promises.scripts.script import Data, Script
from tests.promises.stage import Stage

WAYS = ("socket", "tab", "form")


class Tab(Link):
    """Notes what the link would bear in silence: an answer that stands for a 5xx."""

    trouble = 0

    def heard(self, raw: bytes) -> None:
        self.trouble += b'"not_saved"' in raw
        super().heard(raw)


@dataclass
class Hands:
    """All of them are one attendee's."""

    phone: Phone
    tabs: Sequence[Tab]
    door: FormDoor
    pool: Pool

    @classmethod
    async def of(
        cls, stage: Stage, phone: Phone, pool: Pool, *, tabs: int = 1, port: int | None = None
    ) -> Hands:
        """The tabs' way may lead through a proxy at that port."""
        token = phone.link.token
        assert token is not None, "who has joined has one"
        address = stage.address if port is None else stage.through(port)
        opened = [Tab(address, token=token) for _ in range(tabs)]
        for tab in opened:
            tab.open()
        await asyncio.gather(*(tab.ready() for tab in opened))
        door = FormDoor(stage.address, token)
        await door.open(pool)
        return cls(phone, opened, door, pool)

    async def put(self, way: str, activity: str, data: Data, *, id: str, seq: int) -> str:
        """What the answer is: "ack", or the error's code."""
        if way == "form":
            return await self._post(activity, data, id, seq)
        link = self.phone.link if way == "socket" else self.tabs[seq % len(self.tabs)]
        try:
            await link.ask(id, frames.submit(id, seq, activity, data))
        except Refused as refused:
            return refused.code
        return "ack"

    async def _post(self, activity: str, data: Data, id: str, seq: int) -> str:
        while True:
            status, told = await self.door.post(self.pool, activity, data, id=id, seq=seq)
            if status == 200:
                return "ack"
            if told["code"] != "too_fast":
                return str(told["code"])
            await asyncio.sleep(0.3)

    async def leave(self) -> None:
        await asyncio.gather(*(tab.close() for tab in self.tabs))


@dataclass
class Sentence:
    """What somebody says at a turn, by whichever ways and however often it goes."""

    who: Hands
    script: Script
    turn: int
    seq: int
    operation: Operation | None = None
    id: str = ""

    @property
    def data(self) -> Data:
        return self.script.say(self.who.phone.number, self.turn)

    async def go(self, way: str) -> str:
        if self.operation is None:
            self.id = frames.fresh_id()
            number = self.who.phone.number
            self.operation = self.script.note(number, self.id, self.seq, self.data)
        told = await self.who.put(way, self.script.activity, self.data, id=self.id, seq=self.seq)
        if self.operation.outcome is Outcome.INFO:
            journal = Journal()
            journal.ok(self.operation) if told == "ack" else journal.fail(self.operation, told)
        return told

    async def forge(self, way: str) -> str:
        """Something else under the same id."""
        other = self.script.say(self.who.phone.number, self.turn + 1)
        return await self.who.put(way, self.script.activity, other, id=self.id, seq=self.seq)
