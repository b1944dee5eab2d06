"""S01 for the room: one table says who may push what; what is not yours is as if it were not there.

Every command of the room and of each kind × everybody who may knock × own, foreign and unknown.

Seen red: `any_command` (four roles could push `agenda.next`), `any_room`, `any_origin`. And by the
product itself: an ad hoc activity could name another kickoff's block, and a foreign room's commands
said 403.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.access import SCOPES, TABLE, Permission, Role, Scope
from app.live.moves import table
from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator
from app.rehearsal.link import Refused
from tests.promises.desk import Access, Desk
from tests.promises.moves import create, push
from tests.promises.rawsocket import RawSocket, join
from tests.promises.rawsocket import Refused as NotUpgraded
from tests.promises.stage import Stage

pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)

COMMANDS = table()
UNKNOWN = "01a20f34-8697-7343-85b3-c13bfec13900"
FOREIGN_ORIGINS = [
    "http://evil.example",
    "null",
    "{ours}.evil.example",
    "{ours}0",
    "https://{host}",
    "http://evil.example:{port}",
    "http://localhost:{port}",
]


@dataclass
class Doors:
    """Everybody who knocks: the headers and the hello of each."""

    owner: Desk
    knocks: dict[str, tuple[Mapping[str, str], dict[str, Any]]]
    of_b: Desk
    room_b: RoomAddress
    poll: str
    entry: str
    block: str
    participant: str


@pytest.fixture(scope="module")
def doors(stage: Stage) -> Iterator[Doors]:
    owner = Desk.of_the_owner(stage.links)
    access = Access(owner, stage.links.kickoff_id)
    room_id = urlsplit(stage.links.console_url).path.split("/")[2]
    api = httpx.Client(
        base_url=stage.links.base_url,
        headers={"Authorization": f"Bearer {stage.links.api_token}"},
        timeout=20,
    )
    other = api.post("/api/v1/kickoffs", json={"title": "Et annet kurs"})
    assert other.status_code == 201, other.text
    room_b = api.get(f"/api/v1/kickoffs/{other.json()['id']}/rooms").json()["items"][0]
    address_b = RoomAddress(stage.address.base, room_b["code"])
    desks = {
        role: access.invite(f"{role}@nordlys.example", role)
        for role in ("facilitator", "contributor", "viewer")
    }
    of_b = Access(owner, other.json()["id"]).invite("b@nordlys.example", "facilitator")
    projector = f"kickoff_projector={access.projector(room_id)}"

    async def inside() -> dict[str, Any]:
        async with stage.facilitator() as console:
            poll = await create(console, mode="named")
            seen = console.state
        attendee, neighbour = await join(stage.address), await join(address_b)
        return {
            "poll": poll,
            "block": seen["blocks"][0]["id"],
            "attendee": attendee,
            "neighbour": neighbour,
        }

    made = asyncio.run(inside())
    attendee = made["attendee"]
    knocks: dict[str, tuple[Mapping[str, str], dict[str, Any]]] = {
        "anonymous": ({}, {}),
        "attendee": ({}, {"token": attendee["token"]}),
        "attendee of room B": ({}, {"token": made["neighbour"]["token"]}),
        "projector": ({"Cookie": projector, "Origin": stage.address.base}, {}),
        "facilitator of B": (of_b.cookie, {"view": "console"}),
        "read token": ({}, {"token": access.token("read", name="reads")}),
        "write token": ({}, {"token": access.token("read", "write", name="writes")}),
        "facilitate token": ({}, {"token": access.token("facilitate", name="pushes")}),
        **{role: (desk.cookie, {}) for role, desk in desks.items()},
        "owner": (owner.cookie, {}),
    }
    yield Doors(
        owner,
        knocks,
        of_b,
        address_b,
        made["poll"],
        UNKNOWN,
        made["block"],
        attendee["participant_id"],
    )
    for desk in (owner, of_b, *desks.values()):
        desk.close()
    api.close()


MAY_FACILITATE = {
    "facilitate token": Permission.FACILITATE in SCOPES[Scope.FACILITATE],
    "write token": Permission.FACILITATE in SCOPES[Scope.WRITE],
    "read token": Permission.FACILITATE in SCOPES[Scope.READ],
    "projector": Permission.FACILITATE in TABLE[Role.PROJECTOR],
    "attendee": Permission.FACILITATE in TABLE[Role.ATTENDEE],
    **{role.value: Permission.FACILITATE in TABLE[role] for role in Role},
}
OTHERS = ("anonymous", "attendee of room B", "facilitator of B")
WHO = sorted({*MAY_FACILITATE, *OTHERS})


def test_the_commands_are_known(stage: Stage) -> None:
    assert len(COMMANDS) > 25
    assert set(COMMANDS) == set(DATA)


@pytest.mark.parametrize("who", WHO)
def test_who_may_not_facilitate_changes_nothing(stage: Stage, doors: Doors, who: str) -> None:
    """Each command with good data at the right revision: refused as the table says."""

    async def play() -> None:
        headers, hello = doors.knocks[who]
        async with stage.facilitator() as console:
            before = console.state
            socket = await RawSocket.open(stage.address, headers=headers)
            welcome = await socket.hello(**hello)
            may = MAY_FACILITATE.get(who, False)
            if who in OTHERS:
                assert welcome["code"] in ("not_allowed", "not_signed_in")
                assert await socket.closed() == 1008
                return
            assert welcome["type"] == "welcome"
            assert (welcome["role"] == "facilitator") is may
            if may:
                await socket.say(command("agenda.extend", {"minutes": 1}, before["control"]))
                assert await socket.expect("ack"), "somebody must be able to"
                return
            for number, name in enumerate(COMMANDS):
                if who == "attendee" and COMMANDS[name].permission is Permission.SUBMIT:
                    continue  # theirs, on their own phone; each kind's tests say what of
                if number % 15 == 14:
                    await asyncio.sleep(0.8)  # within the rate, and within the errors one may make
                    socket.cut()
                    socket = await RawSocket.open(stage.address, headers=headers)
                    await socket.hello(**hello)
                data = filled(DATA[name], doors, doors.poll)
                await socket.say(command(name, data, before["control"]))
                answer = await socket.expect("ack", "error")
                assert (name, answer.get("code")) == (name, "not_allowed")
            socket.cut()
            await asyncio.sleep(0.3)
            after = await stage.ask(stage.address.room)
            assert after["control"] == before["control"]
            assert standing(after) == standing(before)

    asyncio.run(play())


def test_things_of_another_room_are_as_unknown_as_none(stage: Stage, doors: Doors) -> None:
    async def play() -> None:
        async with (
            stage.facilitator() as console,
            Facilitator(doors.room_b, stage.links.api_token) as beside,
        ):
            theirs = await create(beside, mode="named")
            person = (await join(doors.room_b))["participant_id"]
            block = (await push(beside, "agenda.insert", {"title": "Deres"}))["block"]
            before = beside.state["control"]
            foreign = {"activity": theirs, "participant": person, "block": block, "entry": UNKNOWN}
            compared = 0
            for name, known in COMMANDS.items():
                if known.permission is Permission.SUBMIT:
                    continue  # refused to a console altogether
                for field in foreign:
                    if field not in DATA[name] or (field == "entry"):
                        continue
                    good = filled(DATA[name], doors, doors.poll)
                    answers = [
                        await refused(console, name, {**good, field: value})
                        for value in (foreign[field], UNKNOWN)
                    ]
                    assert answers[0] == answers[1], (name, field)
                    assert answers[0][0] in ("not_found", "invalid"), (name, field, answers)
                    compared += 1
            assert compared >= 12
            assert beside.state["control"] == before

    asyncio.run(play())


def test_the_console_of_another_kickoff_is_as_unknown_as_none(stage: Stage, doors: Doors) -> None:
    room_id = urlsplit(stage.links.console_url).path.split("/")[2]
    csrf = re.search(r'name="csrf" value="([^"]+)"', doors.of_b.browser.get("/join").text)
    assert csrf
    for name in ("agenda.next", "room.end", "activity.create"):
        answers = [
            doors.of_b.browser.post(
                f"/rooms/{room}/console/commands/{name}",
                data={"csrf": csrf[1], "control": "1", "kind": "words", "title": "x"},
            )
            for room in (room_id, UNKNOWN)
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert _same(answers)
    for path in ("console/", "projector/"):
        answers = [doors.of_b.browser.get(f"/rooms/{room}/{path}") for room in (room_id, UNKNOWN)]
        assert {answer.status_code for answer in answers} == {404}
        assert _same(answers)


def test_only_our_own_page_opens_a_socket_with_a_cookie(stage: Stage, doors: Doors) -> None:
    """Seen red: `any_origin`."""

    async def play() -> None:
        ours = stage.address.base
        parts = urlsplit(ours)
        cookie = doors.owner.cookie["Cookie"]
        for pattern in FOREIGN_ORIGINS:
            origin = pattern.format(ours=ours, host=parts.netloc, port=parts.port)
            with pytest.raises(NotUpgraded) as refusal:
                await RawSocket.open(stage.address, headers={"Cookie": cookie, "Origin": origin})
            assert refusal.value.status == 403, origin
        program = await RawSocket.open(stage.address, headers={"Cookie": cookie})
        answer = await program.hello(view="console")
        assert answer["code"] in ("not_allowed", "not_signed_in"), "a cookie without a page"
        page = await RawSocket.open(stage.address, headers={"Cookie": cookie, "Origin": ours})
        assert (await page.hello(view="console"))["type"] == "welcome"
        page.cut()

    asyncio.run(play())


# ---- what they are made of

_ONE = {"activity": "activity"}
_STATED = {"owner": "Kari", "responsibility": "Kunden", "next_step": "Ring", "due": "2030-01-31"}
WITHOUT_DATA = (
    *("room.start", "room.end", "room.undo", "room.lock", "room.unlock", "room.rotate_code"),
    "room.reset",
    *("agenda.next", "agenda.back", "agenda.next_phase", "agenda.previous_phase"),
    *("agenda.pause", "agenda.resume"),
)
DATA: dict[str, dict[str, Any]] = {
    **{name: {} for name in WITHOUT_DATA},
    "agenda.goto": {"block": "block"},
    "agenda.extend": {"minutes": 5},
    "agenda.insert": {"title": "Mer tid"},
    "screen.set": {"screen": "blank"},
    "activity.create": {"kind": "words", "title": "Ord", "block": "block"},
    **{f"activity.{verb}": _ONE for verb in ("open", "close", "reveal", "hide", "new_round")},
    "activity.live": {**_ONE, "live": True},
    "activity.stage": _ONE,
    "stage.show": {"item": "picture:goal-tree"},
    "stage.light": {"focus": ""},
    "activity.hands": {**_ONE, "counts": []},
    "activity.close_open": {"activities": []},
    "entry.hide": {**_ONE, "entry": "entry"},
    "entry.show": {**_ONE, "entry": "entry"},
    "entry.show_all": {**_ONE, "entries": []},
    "participant.remove": {"participant": "participant"},
    "participant.restore": {"participant": "participant"},
    "participant.people": {"participant": "participant", "people": 6},
    "activity.to_stage": {**_ONE, "stage": "rank"},
    "entry.merge": {**_ONE, "entries": ["other"], "into": "entry"},
    "entry.unmerge": {**_ONE, "entry": "entry"},
    "groups.make": {"count": 2},
    "groups.move": {"participant": "participant", "group": UNKNOWN},
    "groups.clear": {},
    **{f"note.{verb}": {"text": "Vi gjør det"} for verb in ("decide", "assume")},
    "note.supersede": {"text": "Vi lar være", "note": UNKNOWN},
    "note.show": {"note": UNKNOWN},
    **{
        f"questions.{verb}": {**_ONE, "entry": "entry"}
        for verb in ("answered", "assign", "backlog", "dismiss", "pin", "reopen")
    },
    "questions.seen": {**_ONE, "entries": []},
    "sprint_board.add": {**_ONE, "board": "all", "column": 0, "text": "Ring kunden"},
    **{
        f"sprint_board.{verb}": {**_ONE, "card": UNKNOWN}
        for verb in ("act", "edit", "remove", "restore", "take_on")
    },
    "sprint_board.move": {**_ONE, "card": UNKNOWN, "column": 1},
    "sprint_board.frame": {**_ONE, "columns": ["Gjøres", "Gjort"]},
    "sprint_board.spotlight": {**_ONE, "board": "all"},
    "sprint_board.timer": {**_ONE, "minutes": 5},
    "decision_card.decide": _ONE,
    "resonance.flag": {**_ONE, "entries": []},
    "retro_wall.keep": _ONE,
    "retro_wall.merge_alike": _ONE,
    **{f"risk_dialogue.{verb}": _ONE for verb in ("merge_alike", "take_back", "write")},
    "risk_dialogue.own": {**_ONE, "entry": "entry"},
    "team_close.act": {**_ONE, "entry": "entry"},
    "team_close.state": {**_ONE, **_STATED},
    "top_obstacles.merge_alike": _ONE,
    **{f"top_obstacles.{verb}": {**_ONE, "entry": "entry"} for verb in ("own", "take", "accept")},
    "top_obstacles.release": {**_ONE, "entry": "entry"},
    "closing.pick": {**_ONE, "deliverables": []},
    "closing.confirm": {**_ONE, "deliverable": UNKNOWN},
}


def filled(data: Mapping[str, Any], doors: Doors, poll: str) -> dict[str, Any]:
    own = {"activity": poll, "entry": doors.entry, "block": doors.block}
    own["participant"] = doors.participant
    return {field: own.get(field, value) for field, value in data.items()}


def command(name: str, data: Mapping[str, Any], rev: int) -> dict[str, Any]:
    id = f"{name}-{abs(hash((name, rev, str(data))))}"[:60]
    return {"type": "command", "id": id, "name": name, "rev": rev, "data": dict(data)}


async def refused(console: Facilitator, name: str, data: Mapping[str, Any]) -> tuple[str, str]:
    try:
        await push(console, name, data)
    except Refused as refusal:
        return refusal.code, refusal.detail
    return "done", ""


def standing(state: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What commands change of activities; the demo's closed poll is scrubbed meanwhile."""
    fields = ("id", "title", "revealed", "stage", "config")
    return [tuple(activity.get(name) for name in fields) for activity in state["activities"]]


def _same(answers: list[httpx.Response]) -> bool:
    """Equal but for what every page has of its own: ids in it, nonces, form tokens."""
    plain = [
        re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\S+|value=\"[^\"]+\"|content=\"[^\"]+\"", "", a.text
        )
        for a in answers
    ]
    return re.sub(r"[0-9a-f]{16,}", "", plain[0]) == re.sub(r"[0-9a-f]{16,}", "", plain[1])
