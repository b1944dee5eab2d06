"""T07: a command says what it believes; of two that believe the same one wins, the other is told.

Seen red: no_premise (both pressed "next" and both were carried out), commands_not_remembered (a
resend was refused), event_without_data (the log could not be told again).
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from time import monotonic
from typing import Any

import pytest

from app.rehearsal import frames
from app.rehearsal.client import Facilitator
from app.rehearsal.link import Refused
from tests.faults.proxy import Faults, Proxy
from tests.promises.stage import Stage, at_most

Command = tuple[str, dict[str, Any]]

# What a command's own data is; the event log adds to it what a reader of the minutes needs.
FIELDS = {
    "agenda.goto": ["block"],
    "agenda.extend": ["minutes"],
    "agenda.insert": ["title", "kind", "minutes"],
    "screen.set": ["screen"],
    "activity.create": ["kind", "title", "mode", "config", "options", "open", "live"],
    "activity.live": ["activity", "live"],
    **{name: ["activity"] for name in ("open", "close", "reveal", "hide", "stage", "new_round")},
}


@pytest.mark.parametrize(
    "kind, commands, presses, delay",
    [
        pytest.param("sqlite", 60, 6, 0.05, id="sqlite"),
        pytest.param(
            "sqlite",
            1000,
            100,
            0.5,
            id="sqlite-full",
            marks=[pytest.mark.chaos, pytest.mark.timeout(1800)],
        ),
        pytest.param(
            "postgres",
            1000,
            100,
            0.5,
            id="postgres-full",
            marks=[pytest.mark.chaos, pytest.mark.postgres, pytest.mark.timeout(1800)],
        ),
    ],
)
def test_two_consoles_never_skip_a_block_and_the_log_tells_the_day_again(
    start_stage: Callable[..., Stage], kind: str, commands: int, presses: int, delay: float
) -> None:
    stage = start_stage(kind)
    events, state = asyncio.run(_play(stage, commands, presses, delay))
    assert asyncio.run(_told_again(start_stage("sqlite"), events)) == state


async def _play(
    stage: Stage, commands: int, presses: int, delay: float
) -> tuple[list[Mapping[str, Any]], Any]:
    async with (
        Proxy(stage.server.port, Faults(jitter=delay)) as slow,
        Proxy(stage.server.port, Faults(jitter=delay)) as doubling,
        stage.facilitator(stage.through(slow.port)) as one,
        stage.facilitator(stage.through(doubling.port)) as other,
    ):
        doubling.faults = Faults(jitter=delay, duplicate=0.1)  # once hello has been said
        await _at_random(one, other, commands)
        await _press_at_once(one, other, presses)
        await _send_again(one)
        return await _events(stage), normal(other.state)


async def _at_random(one: Facilitator, other: Facilitator, commands: int) -> None:
    random = Random(7)
    for number in range(0, commands, 2):
        if number % 20 == 10:
            one.link.cut()
        at = other.state["control"]
        told = await asyncio.gather(_push(one, random), _push(other, random))
        # Not one command more than was acknowledged, however often it came.
        await _agree(one, other, at + told.count(True))


async def _press_at_once(one: Facilitator, other: Facilitator, presses: int) -> None:
    if one.state["status"] in ("lobby", "ended"):
        await _sure(one, other, "room.start", {})
    await _sure(one, other, "agenda.goto", {"block": one.state["blocks"][0]["id"]})
    for number in range(presses):
        data = {"title": f"Bolk {number}", "kind": "interactive", "minutes": 5}
        await _sure(one, other, "agenda.insert", data)
    for number in range(presses):
        at = one.state["control"]
        told = await asyncio.gather(
            *(_carried_out(console, "agenda.next", {}, at) for console in (one, other))
        )
        assert sorted(told) == ["ack", "conflict"]
        await _agree(one, other, at + 1)
        # Whoever presses again on what he saw before does not skip a block either.
        assert await _carried_out(one, "agenda.next", {}, at) == "conflict"
        assert one.state["block"]["number"] == number + 2


async def _send_again(console: Facilitator) -> None:
    """A command whose answer got lost is answered alike, and nothing is done twice."""
    id, at = frames.fresh_id(), console.state["control"]
    data = {"kind": "scale", "title": "Én gang", "config": {}}
    frame = frames.command(id, "activity.create", at, data)
    first = await console.link.ask(id, frame)
    assert await console.link.ask(id, frame) == first
    with pytest.raises(Refused, match="id_reused"):
        await console.link.ask(id, frames.command(id, "agenda.pause", at, {}))
    state = await console.until(lambda state: state["control"] == at + 1)
    assert sum(one["title"] == "Én gang" for one in state["activities"]) == 1


async def _push(console: Facilitator, random: Random) -> bool:
    name, data = _anything(console.state, random)
    return await _carried_out(console, name, data, console.state["control"]) == "ack"


async def _carried_out(console: Facilitator, name: str, data: dict[str, Any], at: int) -> str:
    try:
        await console.command(name, data, control=at)
    except Refused as refused:
        if refused.code != "conflict":
            raise
        return refused.code
    return "ack"


async def _sure(one: Facilitator, other: Facilitator, name: str, data: dict[str, Any]) -> None:
    at = one.state["control"]
    assert await _carried_out(one, name, data, at) == "ack"
    await _agree(one, other, at + 1)


async def _agree(one: Facilitator, other: Facilitator, control: int) -> None:
    """Within a second both show the same, and where the room is (a cut line first comes back)."""
    if not one.link.live:
        await one.link.ready()
    began = monotonic()
    while not (
        one.link.live
        and one.state["control"] == other.state["control"] == control
        and one.state["hash"] == other.state["hash"]
    ):
        shown = (one.state["control"], other.state["control"])
        assert monotonic() - began < at_most(1.0), f"they show {shown} of {control}"
        await asyncio.sleep(0.02)


def _anything(state: Mapping[str, Any], random: Random) -> Command:
    activity = random.choice(state["activities"])["id"]
    choices: list[Command] = [
        *[(f"agenda.{verb}", {}) for verb in ("next", "back", "next_phase", "previous_phase")],
        *[(f"agenda.{verb}", {}) for verb in ("pause", "resume")],
        ("agenda.goto", {"block": random.choice(state["blocks"])["id"]}),
        ("agenda.extend", {"minutes": random.choice([-1, 1, 5])}),
        ("screen.set", {"screen": random.choice(["", "blank", "join"])}),
        *[(f"activity.{verb}", {"activity": activity}) for verb in ("open", "close", "reveal")],
        *[(f"activity.{verb}", {"activity": activity}) for verb in ("hide", "stage")],
        ("activity.live", {"activity": activity, "live": random.random() < 0.5}),
        ("room.undo", {}),
        (random.choice(["room.lock", "room.unlock"]), {}),
    ]
    if random.random() < 0.1:
        return random.choice(
            [
                ("activity.new_round", {"activity": activity}),
                ("activity.create", {"kind": "scale", "title": "Nå?", "open": True, "config": {}}),
                ("room.end", {}),
                ("room.start", {}),
            ]
        )
    return random.choice(choices)


# -- the log told again -----------------------------------------------------------------------


async def _events(stage: Stage) -> list[Mapping[str, Any]]:
    """The room's log in the order of its commands, and the state in which ids had their places."""
    room = stage.links.console_url.rstrip("/").split("/")[-2]
    path = f"/api/v1/kickoffs/{stage.links.kickoff_id}/rooms/{room}/events?limit=100"
    events: list[Mapping[str, Any]] = []
    cursor = ""
    while True:
        page = await stage.ask(path + cursor)
        events += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    places = await stage.ask(stage.address.room)
    return [*sorted(events, key=lambda event: event["control"]), {"name": "ids", "data": places}]


async def _told_again(stage: Stage, events: list[Mapping[str, Any]]) -> Any:
    """The same commands in a fresh room that began alike."""
    places = events[-1]["data"]
    async with stage.facilitator() as console:
        begun = console.state["control"]
        made = {
            **_begun(places["blocks"], events, console.state["blocks"], "agenda.insert"),
            **_begun(
                places["activities"],
                events,
                console.state["activities"],
                "activity.create",
                "activity.new_round",
            ),
        }
        for event in events[:-1]:
            if event["control"] <= begun:
                continue  # the demo's own beginning
            data = _own_data(event, made)
            answer = await console.command(event["name"], data, control=event["control"] - 1)
            await console.until(lambda s, at=event["control"]: s["control"] == at)
            if "made" in event["data"]:
                made[event["data"]["made"]] = next(iter(answer.values()))
        return normal(console.state)


def _begun(
    there: list[Any], events: list[Mapping[str, Any]], here: list[Any], *makers: str
) -> dict[str, str]:
    """Ids there → ids here, of what was there before the first command."""
    made = {e["data"].get("made") for e in events if e["name"] in makers}
    old = [one for one in there if one["id"] not in made]
    assert [one["title"] for one in old] == [one["title"] for one in here]
    return {one["id"]: other["id"] for one, other in zip(old, here, strict=True)}


def _own_data(event: Mapping[str, Any], made: Mapping[str, str]) -> dict[str, Any]:
    verb = event["name"].removeprefix("activity.")
    fields = FIELDS.get(event["name"], FIELDS.get(verb, []))
    data = {name: event["data"][name] for name in fields if name in event["data"]}
    for name in ("activity", "block"):
        if name in data:
            data[name] = made[data[name]]
    return data


def normal(state: Mapping[str, Any]) -> Any:
    """A console's state without ids and times, which no second telling shares."""
    order = {one["id"]: n for n, one in enumerate([*state["blocks"], *state["activities"]])}

    def walk(value: Any, name: str = "") -> Any:
        if name in ("ends_at", "left_ms"):
            return value is None
        if isinstance(value, Mapping):
            # Without ballots there is nothing to count in one and not in the other.
            left_out = {"hash", "participants", "result", "answered", "scrubbed", "options"}
            return {key: walk(each, key) for key, each in value.items() if key not in left_out}
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, str):
            kind, _, id = value.rpartition(":")  # a step of the program names what it shows
            return (kind, order[id]) if id in order else value
        return value

    return walk(state)
