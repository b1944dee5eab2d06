"""A07: anonymous or named is shown before the first answer and stands from then on.

Seen red: mode_is_a_detail, mode_by_command, names_in_results.
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest

from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.link import Refused
from tests.promises.moves import push
from tests.promises.stage import Stage, activity_in, leave, stages


@pytest.fixture(scope="module")
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with stages(request, tmp_path_factory) as start:
        yield start("sqlite", environment={"KICKOFF_UNDO_CLOSE_MS": "300"})


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_the_ballot_says_its_mode_before_anybody_answers(room: Stage, mode: str) -> None:
    async def play() -> None:
        [phone] = await room.phones(1)
        async with room.facilitator() as console:
            activity = await _prepared(console, mode)
            await push(console, "activity.open", {"activity": activity})
            state = await phone.until(lambda state: activity in _ids(state))
            assert activity_in(state, activity)["mode"] == mode
            page = await asyncio.to_thread(_page, room, phone)
            # The last one before the ballot's form is the one that belongs to it.
            before, form, _ = page.partition(f'id="answer-{activity}"')
            assert form, "the page has no ballot for it"
            said = before.rpartition('<p class="mode">')[2].lower()
            assert ("anonym" in said) == (mode == "anonymous")
            await push(console, "activity.close", {"activity": activity})
        await leave([phone])

    asyncio.run(play())


@pytest.mark.parametrize("mode, other", [("anonymous", "named"), ("named", "anonymous")])
def test_the_mode_is_switched_by_no_door_once_it_was_opened(
    room: Stage, mode: str, other: str
) -> None:
    async def play() -> None:
        [phone] = await room.phones(1)
        async with room.facilitator() as console:
            activity = await _prepared(console, mode)
            # While it is a draft nobody has seen, it is a matter of preparation.
            assert _patch(room, activity, other) == 200
            assert _patch(room, activity, mode) == 200

            await push(console, "activity.open", {"activity": activity})
            await phone.submit(activity, {"text": "som jeg ble lovet"})
            assert await _tried(room, console, activity, other) == {409, "invalid"}
            await push(console, "room.undo")  # opened too early, but somebody has answered
            await console.until(lambda s: activity_in(s, activity)["status"] == "closed")
            again = activity_in(console.state, activity)
            assert (again["mode"], again["answered"]) == (mode, 1)
            assert await _tried(room, console, activity, other) == {409, "invalid"}
            made = await push(console, "activity.new_round", {"activity": activity})
            round_two = activity_in(await _opened(console, made["activity"]), made["activity"])
            assert round_two["mode"] == mode
            await push(console, "activity.close", {"activity": made["activity"]})
        await leave([phone])

    asyncio.run(play())


def test_nothing_that_is_shown_names_who_answered_anonymously(room: Stage) -> None:
    """Hidden, revealed again, made live: every view of every role tells figures and texts alone."""

    async def play() -> None:
        phones = await room.phones(3)
        async with (
            room.facilitator() as console,
            Facilitator(room.address, room.links.api_token, view="projector") as wall,
        ):
            activity = await _prepared(console, "anonymous")
            await push(console, "activity.open", {"activity": activity})
            for phone in phones:
                await phone.submit(activity, {"text": f"hemmelig {phone.number}"})
            for name, data in (
                ("activity.reveal", {}),
                ("activity.hide", {}),
                ("activity.live", {"live": True}),
                ("activity.close", {}),
                ("activity.reveal", {}),
            ):
                await push(console, name, {"activity": activity, **data})
                views = [console.state, wall.state, await room.ask(room.address.room, token=None)]
                told = json.dumps([activity_in(v, activity) for v in views if activity in _ids(v)])
                assert "hemmelig" in told or name != "activity.reveal"
                assert [p for p in phones if str(p.participant_id) in told] == []
                assert "author" not in told
            assert (await room.result(activity))["answered"] == 3
        await leave(phones)

    asyncio.run(play())


# -- doors --------------------------------------------------------------------------------------


async def _tried(room: Stage, console: Facilitator, activity: str, mode: str) -> set[int | str]:
    """What the ways to switch are answered: the API, and commands that are told a mode."""
    told: set[int | str] = {await asyncio.to_thread(_patch, room, activity, mode)}
    for name in ("activity.open", "activity.new_round", "activity.reveal", "activity.live"):
        control = console.state["control"]
        try:
            await console.command(name, {"activity": activity, "mode": mode}, control=control)
            told.add("ack")
        except Refused as refused:
            told.add(refused.code)
    return told


def _patch(room: Stage, activity: str, mode: str) -> int:
    path = f"/api/v1/kickoffs/{room.links.kickoff_id}/activities/{activity}"
    version = _request(room, path, "GET")[1]["version"]
    headers = {"If-Match": f'"{version}"', "Content-Type": "application/json"}
    return _request(room, path, "PATCH", json.dumps({"mode": mode}).encode(), headers)[0]


def _request(
    room: Stage, path: str, method: str, body: bytes | None = None, more: Mapping[str, str] = {}
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {room.links.api_token}", **more}
    wanted = urllib.request.Request(
        room.server.base_url + path, data=body, headers=headers, method=method
    )
    try:
        with urllib.request.urlopen(wanted, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def _page(room: Stage, phone: Phone) -> str:
    wanted = urllib.request.Request(
        room.links.join_url,
        headers={"Cookie": f"kickoff_participant={phone.link.token}", "Accept-Language": "nb"},
    )
    with urllib.request.urlopen(wanted, timeout=10) as answer:
        return str(answer.read().decode())


async def _prepared(console: Facilitator, mode: str) -> str:
    made = await push(
        console, "activity.create", {"kind": "open_text", "title": "Hva nå?", "mode": mode}
    )
    await console.until(lambda state: made["activity"] in _ids(state))
    return str(made["activity"])


async def _opened(console: Facilitator, activity: str) -> Mapping[str, Any]:
    return await console.until(
        lambda s: activity in _ids(s) and activity_in(s, activity)["status"] == "open"
    )


def _ids(state: Mapping[str, Any]) -> set[str]:
    return {one["id"] for one in state["activities"]}
