"""The two who speak to a room: a phone that joins and answers, and a facilitator who pushes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from time import monotonic
from typing import Any

from app.rehearsal import frames
from app.rehearsal.address import RoomAddress
from app.rehearsal.backoff import CAP_OF_THE_FIRST_SECONDS
from app.rehearsal.exchange import Answer, Connection, Pool
from app.rehearsal.frames import SharedFrames
from app.rehearsal.journal import Journal, Operation
from app.rehearsal.judge import marks_in, word_for
from app.rehearsal.link import Link, Refused

Door = Pool | Connection
"""what a join goes through: shared connections for a crowd, an own one where the join itself is
measured
"""


class Phone:
    """One simulated attendee. What it sent is sent again after a loss, under the same id, until it
    is answered.
    """

    def __init__(
        self,
        address: RoomAddress,
        number: int = 0,
        *,
        journal: Journal | None = None,
        rng: Random | None = None,
        shared: SharedFrames | None = None,
    ) -> None:
        self.address = address
        self.number = number
        self.participant_id: str | None = None
        self.joined_after: float | None = None
        self.link = Link(address, rng=rng, shared=shared, local=address.local_for(number))
        self.link.on_shown = self._shown
        self._journal = journal if journal is not None else Journal()
        self._seqs: dict[str, int] = {}

    async def join(self, door: Door, *, name: str | None = None, team: str | None = None) -> None:
        """Becomes an attendee of the room; Refused when the room will not have it."""
        wanted = {
            key: value for key, value in (("name", name), ("team", team)) if value is not None
        }
        answer = await door.post(self.address.participants, wanted)
        if answer.status != 201:
            raise Refused(_problem(answer), f"the server answered {answer.status}")
        joined = answer.json()
        self.participant_id, self.link.token = joined["participant_id"], joined["token"]

    async def arrive(
        self, door: Door, *, page: bool = True, name: str | None = None, team: str | None = None
    ) -> None:
        """The whole way from the QR code to the first state, timed: page, participant, socket,
        state.
        """
        began = monotonic()
        if page:
            await door.get(
                self.address.page, headers={"Accept": "text/html", "Accept-Language": "nb"}
            )
        await self.join(door, name=name, team=team)
        self.link.open()
        await self.link.ready()
        self.joined_after = monotonic() - began

    def open(self) -> None:
        self.link.open()

    async def close(self) -> None:
        await self.link.close()

    async def until(
        self, seen: Callable[[Mapping[str, Any]], bool], *, within: float = 10.0
    ) -> Mapping[str, Any]:
        return await self.link.until(seen, within=within)

    @property
    def state(self) -> Mapping[str, Any] | None:
        return self.link.state

    @property
    def view(self) -> tuple[str, int, str]:
        """(epoch, revision, hash) of what it shows, for the judge."""
        hash = self.link.state["hash"] if self.link.state else ""
        return (self.link.epoch or "", self.link.rev, hash)

    async def submit(
        self, activity: str, data: Mapping[str, Any], *, id: str | None = None
    ) -> Mapping[str, Any]:
        """Answers an activity and waits for the ack, over losses; Refused when it is definitely not
        counted.
        """
        return await self.send(activity, data, id=id)[1]

    def send(
        self,
        activity: str,
        data: Mapping[str, Any],
        *,
        id: str | None = None,
        seq: int | None = None,
    ) -> tuple[Operation, asyncio.Future[Mapping[str, Any]]]:
        """As `submit`, without waiting. The journal notes the answer whenever it comes."""
        id = id or frames.fresh_id()
        if seq is None:
            seq = self._seqs.get(activity, 0) + 1
        self._seqs[activity] = max(seq, self._seqs.get(activity, 0))
        operation = self._journal.invoke(
            self.number,
            activity,
            id,
            seq,
            marks_in(data),
            self._stage_of(activity),
            what=word_for(data),
        )
        answer = self.link.ask(id, frames.submit(id, seq, activity, data))
        answer.add_done_callback(lambda done: self._note(operation, done))
        return operation, answer

    def _stage_of(self, activity: str) -> str | None:
        shown = (self.link.state or {}).get("activities", ())
        return next((one.get("stage") for one in shown if one["id"] == activity), None)

    def _note(self, operation: Operation, done: asyncio.Future[Mapping[str, Any]]) -> None:
        if done.cancelled():
            return
        fault = done.exception()
        if fault is None:
            self._journal.ok(operation)
        elif isinstance(fault, Refused):
            self._journal.fail(operation, fault.code)

    def _shown(self, epoch: str, rev: int) -> None:
        self._journal.shown(self.number, epoch, rev)


class Facilitator:
    """A console without a screen: commands at the control revision that it sees.

    `view` names another view that the token may have: the projector's shows what the wall shows.
    """

    def __init__(
        self,
        address: RoomAddress,
        token: str | None,
        *,
        view: str | None = None,
        rng: Random | None = None,
        cookie: str | None = None,
    ) -> None:
        headers = {} if cookie is None else {"Cookie": cookie, "Origin": address.base}
        self.address = address
        self.link = Link(
            address,
            token=token,
            view=view,
            rng=rng,
            headers=headers,
            cap=CAP_OF_THE_FIRST_SECONDS,
        )

    async def __aenter__(self) -> Facilitator:
        self.link.open()
        await self.link.ready()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.link.close()

    @property
    def state(self) -> Mapping[str, Any]:
        if self.link.state is None:
            raise RuntimeError("not yet welcomed")
        return self.link.state

    async def command(
        self, name: str, data: Mapping[str, Any] | None = None, *, control: int | None = None
    ) -> Mapping[str, Any]:
        """Pushes and returns what the ack names; Refused with the server's code, `conflict` when
        somebody was first.
        """
        id = frames.fresh_id()
        at = self.state["control"] if control is None else control
        return await self.link.ask(id, frames.command(id, name, at, data or {}))

    async def until(
        self, seen: Callable[[Mapping[str, Any]], bool], *, within: float = 10.0
    ) -> Mapping[str, Any]:
        """The first state for which `seen` holds; TimeoutError when none comes."""
        return await self.link.until(seen, within=within)


def _problem(answer: Answer) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"http_{answer.status}"
    return str(problem.get("code") or problem.get("type") or f"http_{answer.status}")
