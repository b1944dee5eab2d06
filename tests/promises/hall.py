"""A hall that answers an anonymous question one by one, which is the worst case for a secret.

Everybody writes a text that nobody else writes, a quarter of them later another one. What an
attacker could get hold of is taken down before, while it is open, and after it is closed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from app.live.vault import FileVault, RedisVault, Vault, tag
from app.rehearsal import frames
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.link import Refused
from tests.promises.disk import Files, copy_of, files_of
from tests.promises.moves import create, push
from tests.promises.snoop import Row, rows_of
from tests.promises.stage import Stage, leave
from tests.support.processes import wait_until

SOON = {"KICKOFF_UNDO_CLOSE_MS": "300"}
"""Closing can be taken back for so long only: nobody waits ten seconds for each test."""


@dataclass
class Answer:
    """One submission as the phone sent it."""

    phone: Phone
    id: str
    seq: int
    text: str

    @property
    def attendee(self) -> str:
        return str(self.phone.participant_id)

    async def send(self, activity: str, *, text: str | None = None, id: str | None = None) -> str:
        """What the answer is: "ack", or the error's code."""
        id = id or self.id
        data = {"text": text or self.text}
        try:
            await self.phone.link.ask(id, frames.submit(id, self.seq, activity, data))
        except Refused as refused:
            return refused.code
        return "ack"


@dataclass
class Hall:
    """What is known of it afterwards: to us, who set it up, and to an attacker."""

    stage: Stage
    activity: str
    answers: list[Answer]  # in the order in which they were given
    key: bytes
    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, Files] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)  # what was sent late → its answers
    round: Mapping[str, Any] = field(default_factory=dict)
    reopened: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """By attendee: the text that stands."""
        return {answer.attendee: answer.text for answer in self.answers}

    @property
    def withdrawn(self) -> set[str]:
        return {answer.text for answer in self.answers} - set(self.texts.values())

    @property
    def by_first(self) -> list[str]:
        return list(dict.fromkeys(answer.attendee for answer in self.answers))

    @property
    def by_last(self) -> list[str]:
        return list(dict.fromkeys(answer.attendee for answer in reversed(self.answers)))[::-1]

    @property
    def tags(self) -> list[str]:
        return [tag(self.key, attendee) for attendee in self.texts]

    def is_scrubbed(self) -> bool:
        rows = rows_of(self.stage.database_url, tables=["activity"])
        return any(row.cells["id"] == self.activity and row.cells["scrubbed"] for row in rows)


def vault_of(stage: Stage) -> Vault:
    return RedisVault(stage.redis_url) if stage.redis_url else FileVault(stage.folder / "keys")


async def answer_one_by_one(
    stage: Stage, console: Facilitator, phones: list[Phone], random: Random
) -> Hall:
    """Everybody in an order that nothing else has; a quarter change their answer when they like."""
    activity = await create(console, mode="anonymous")
    turns = random.sample(phones, len(phones))
    for phone in random.sample(phones, len(phones) // 4):
        turns.insert(random.randint(turns.index(phone) + 1, len(turns)), phone)
    answers: list[Answer] = []
    given = dict.fromkeys(map(id, phones), 0)
    for phone in turns:
        given[id(phone)] += 1
        text = f"<{random.getrandbits(64):016x}>"
        answers.append(Answer(phone, frames.fresh_id(), given[id(phone)], text))
        assert await answers[-1].send(activity) == "ack"
    key = vault_of(stage).key(activity)
    assert key is not None, "an open anonymous activity has a key"
    return Hall(stage, activity, answers, key)


async def close(hall: Hall, console: Facilitator, *, within: float = 20.0) -> None:
    """Closes and waits until the ballots have become counts."""
    await push(console, "activity.close", {"activity": hall.activity})
    await asyncio.to_thread(wait_until, hall.is_scrubbed, what="the scrubbing", timeout=within)


async def whole_story(stage: Stage, count: int, copies: Path) -> Hall:
    """From the first answer to a new round, with what lies in tables and files meanwhile."""
    phones = await stage.phones(count)
    async with stage.facilitator() as console:
        before = await asyncio.to_thread(rows_of, stage.database_url)
        hall = await answer_one_by_one(stage, console, phones, Random())
        hall.rows["before"] = before
        await asyncio.to_thread(_take_down, hall, "open", copies)
        last = hall.answers[-1]
        hall.told["open, other content"] = [await last.send(hall.activity, text="<other>")]
        await close(hall, console)
        # Every two seconds each process looks after its keys: would one bring it back?
        await asyncio.sleep(2.5)
        await asyncio.to_thread(_take_down, hall, "closed", copies)
        hall.result = await stage.result(hall.activity)
        await _come_late(hall)
        await _open_again(hall, console)
    await leave(phones)
    return hall


def _take_down(hall: Hall, moment: str, copies: Path) -> None:
    hall.rows[moment] = rows_of(hall.stage.database_url)
    hall.files[moment] = files_of(hall.stage)
    if hall.stage.kind == "sqlite":
        hall.files[moment] |= copy_of(hall.stage, copies / moment)


async def _come_late(hall: Hall) -> None:
    activity = hall.activity
    everything, some = hall.answers, hall.answers[::5]
    hall.told["the same"] = [await answer.send(activity) for answer in everything]
    hall.told["other content"] = [await answer.send(activity, text="<other>") for answer in some]
    hall.told["a new one"] = [
        await answer.send(activity, text="<other>", id=frames.fresh_id()) for answer in some
    ]
    hall.result["late"] = await hall.stage.result(activity)


async def _open_again(hall: Hall, console: Facilitator) -> None:
    try:
        await console.command("activity.open", {"activity": hall.activity})
        hall.reopened = "ack"
    except Refused as refused:
        hall.reopened = refused.code
    again = str(
        (await push(console, "activity.new_round", {"activity": hall.activity}))["activity"]
    )
    key = vault_of(hall.stage).key(again)
    told = [await answer.send(again) for answer in hall.answers[:3]]
    fresh = [
        await answer.send(again, id=frames.fresh_id(), text="<again>")
        for answer in hall.answers[:3]
    ]
    hall.round = {
        "id": again,
        "key": key,
        "old ids": told,
        "new ids": fresh,
        "first": await hall.stage.result(hall.activity),
        "second": await hall.stage.result(again),
    }
