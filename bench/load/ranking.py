"""2,000 people rank five of 300 obstacles at once, tap by tap, within ten seconds.

Each tap sends the whole list as it is then, as static/js/obstacles.js does; some put one up or
down, or another in its place. Taps are due at times fixed beforehand, and their latency counts
from then. The wall and a console are open, and one program's line at the projector, which tells
when every ranking is counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Any

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator
from app.rehearsal.frames import submit
from app.rehearsal.journal import Journal
from app.rehearsal.judge import judge_result, marks_in, marks_of
from app.rehearsal.phrases import obstacle
from app.rehearsal.published import Published
from bench.dialects import ident
from bench.lag import Lag
from bench.load import lines
from bench.load.lines import Line
from bench.load.options import run
from bench.product import opened

PLACES = 5


@dataclass(frozen=True)
class Tap:
    """One person's list after one tap."""

    moment: float
    number: int
    id: str
    seq: int
    data: Mapping[str, Any]
    frame: bytes


async def ranking(
    *,
    base: str,
    code: str,
    api_token: str,
    attendees: int,
    obstacles: int,
    within: float,
) -> dict[str, Any]:
    address, rng = RoomAddress(base, code), Random(obstacles)
    async with Facilitator(address, api_token) as facilitator:
        made = await opened(
            facilitator, kind="top_obstacles", title="Hva hindrer oss?", mode="named", live=True
        )
        activity = made["id"]
        tokens = await lines.joined(address, attendees)
        people = await lines.phones(address, tokens)
        listed = await _written(people, activity, obstacles, rng)
        for stage in ("merge", "rank"):
            data = {"activity": activity, "stage": stage}
            await facilitator.command("activity.to_stage", data)
            await facilitator.until(_at(activity, stage))
        await facilitator.command("activity.reveal", {"activity": activity})
    offered = await _offered(address, activity, listed)
    await lines.connected(address, api_token, view="projector")
    await lines.connected(address, api_token, view="console")
    taps = _tapped(activity, offered, attendees, within, rng)
    async with Facilitator(address, api_token, view="projector") as projector:
        expected = Counter(mark for tap in _last(taps).values() for mark in marks_in(tap.data))
        complete = asyncio.get_running_loop().create_future()
        projector.link.watchers.append(_watching(activity, attendees, expected, complete))
        await asyncio.sleep(2.0)
        before = sum(line.frames for line in people)
        lag = Lag()
        lag.start()
        began = await _tap_all(people, taps)
        await lines.all_answered(people)
        shown_at = await asyncio.wait_for(complete, 30)
        late = lag.stop()
    refused = [reason for line in people for reason in line.refused]
    if refused:
        raise RuntimeError(f"{len(refused)} were refused: {refused[0]}")
    result = (await Published.read(address, [activity], token=api_token)).results[activity]
    verdict = judge_result(_journal(activity, taps, people).operations, result)
    acknowledged = [people[tap.number].acknowledged[tap.id] for tap in taps]
    took = [at - began - tap.moment for at, tap in zip(acknowledged, taps, strict=True)]
    return {
        "attendees": attendees,
        "obstacles": len(offered),
        "rankings": len(taps),
        "lost": verdict.lost,
        "doubled": verdict.dup + verdict.phantom,
        "answered": result["answered"],
        **lines.spread(took),
        "projector_after_last_ack_ms": max(0.0, shown_at - max(acknowledged)) * 1000,
        "dropped": sum(line.dropped for line in people),
        "frames_per_phone": (sum(line.frames for line in people) - before) / attendees,
        "lag": late,
    }


async def _written(people: list[Line], activity: str, wanted: int, rng: Random) -> int:
    """So many obstacles, from as many people as can be, in many words and few."""
    for number in range(wanted):
        line, seq = people[number % len(people)], 1 + number // len(people)
        id = ident(number % len(people), seq).decode()
        text = f"{obstacle(rng)[: rng.randint(40, 130)]} ({number})"
        line.send(submit(id, seq, activity, {"text": text}))
    await lines.all_answered(people)
    return wanted


async def _offered(address: RoomAddress, activity: str, wanted: int) -> list[str]:
    """What a phone is offered to rank."""
    phone = (await lines.joined(address, 1))[0]
    async with Facilitator(address, phone) as seen:
        state = await seen.until(_at(activity, "rank"))
        found = next(one for one in state["activities"] if one["id"] == activity)
        offered = [entry["id"] for entry in found["entries"]]
    if len(offered) != wanted:
        raise RuntimeError(f"{len(offered)} of {wanted} obstacles are offered")
    return offered


def _tapped(
    activity: str, offered: list[str], attendees: int, within: float, rng: Random
) -> list[Tap]:
    """Everybody's taps in the order in which they are due. A room agrees on some obstacles, and
    each person on others."""
    weights = [1 / (place + 3) for place in range(len(offered))]
    taps: list[Tap] = []
    for number in range(attendees):
        lists = _lists_of_one(offered, weights, rng)
        moments = sorted(rng.uniform(0.2, within) for _ in lists)
        for seq, (moment, chosen) in enumerate(zip(moments, lists, strict=True), 10):
            id, data = ident(number, seq).decode(), {"ranking": chosen}
            taps.append(Tap(moment, number, id, seq, data, submit(id, seq, activity, data)))
    return sorted(taps, key=lambda tap: tap.moment)


def _lists_of_one(offered: list[str], weights: list[float], rng: Random) -> list[list[str]]:
    """What one person's list is after each tap."""
    chosen = list(dict.fromkeys(rng.choices(offered, weights, k=4 * PLACES)))[: PLACES + 1]
    another = chosen.pop() if len(chosen) > PLACES else None
    lists = [chosen[:number] for number in range(1, len(chosen) + 1)]
    last = list(chosen)
    if rng.random() < 0.4 and len(last) > 1:  # one up
        at = rng.randrange(1, len(last))
        last[at - 1], last[at] = last[at], last[at - 1]
        lists.append(list(last))
    if rng.random() < 0.2 and another is not None:  # one away, and another
        last.pop(rng.randrange(len(last)))
        lists += [list(last), [*last, another]]
    return lists


def _last(taps: list[Tap]) -> dict[int, Tap]:
    """By person: the list that counts."""
    return {tap.number: tap for tap in sorted(taps, key=lambda tap: tap.seq)}


async def _tap_all(people: list[Line], taps: list[Tap]) -> float:
    began = perf_counter()
    for tap in taps:
        wait = began + tap.moment - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        people[tap.number].send(tap.frame)
    return began


def _journal(activity: str, taps: list[Tap], people: list[Line]) -> Journal:
    journal = Journal()
    for tap in taps:
        operation = journal.invoke(tap.number, activity, tap.id, tap.seq, marks_in(tap.data))
        if tap.id in people[tap.number].acknowledged:
            journal.ok(operation)
    return journal


def _watching(
    activity: str, attendees: int, expected: Counter[str], complete: asyncio.Future[float]
) -> Any:
    def look(state: Mapping[str, Any]) -> None:
        result = next(one for one in state["activities"] if one["id"] == activity)["result"] or {}
        done = result.get("answered") == attendees and marks_of(result) == expected
        if done and not complete.done():
            complete.set_result(perf_counter())

    return look


def _at(activity: str, stage: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda state: any(
        one["id"] == activity and one.get("stage") == stage for one in state["activities"]
    )


if __name__ == "__main__":
    run(ranking, fair=True)
