"""T01, T03, T04, T05 for kinds that take several answers of one attendee: obstacles written and
ranked, questions and votes for them, cards that many hands move, what teams take on.

What is sent and what must be shown then is in scripts/; all of them are played at once. Seen red:
see the table in sabotage/saboteurs_lanes.py.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from random import Random
from time import monotonic
from typing import Any

import psycopg

from app.live.activity import registry
from app.rehearsal import frames
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal, Outcome
from app.rehearsal.judge import Verdict, judge_frames
from app.rehearsal.link import Refused
from tests.faults.proxy import Faults, Proxy
from tests.promises.hands import WAYS, Hands, Sentence
from tests.promises.moves import push
from tests.promises.scripts import Script, scripts
from tests.promises.stage import Stage, activity_in, at_most, leave
from tests.promises.test_counting_closing import SLOW_COMMITS


def test_every_kind_that_takes_several_answers_of_one_has_its_script() -> None:
    several = {kind for kind, logic in registry().items() if logic.shared_writing}
    assert several == {script.kind for script in scripts()}


# ---- T01: nothing that was acknowledged is lost


def test_what_was_acknowledged_survives_kill_9(stage: Stage) -> None:
    asyncio.run(_killed(stage, Random(1)))


async def _killed(stage: Stage, random: Random) -> None:
    journal, played = Journal(keep_frames=True), scripts()
    async with _hall(stage, 20, journal) as phones, stage.facilitator() as console:
        await _begin(played, console, phones)
        sending = [asyncio.create_task(_talk(phone, played, Random())) for phone in phones]
        await _meanwhile(played, console)
        await asyncio.sleep(random.uniform(0.1, 0.6))
        await asyncio.to_thread(stage.server.kill9)
        await asyncio.sleep(0.2)
        await stage.restart()
        listening = monotonic()
        await asyncio.gather(*sending)
        assert monotonic() - listening < at_most(20)
        await _judge(stage, played)
        await _resend(played, phones)
        await _judge(stage, played)
        await _all_see_the_same(stage, phones)
        assert judge_frames(journal.frames) == Verdict()
        await _close(played, console)


async def _talk(phone: Phone, played: Sequence[Script], random: Random) -> None:
    """Two sentences to everything that is open, at moments of one's own."""
    answers = []
    for turn in range(2):
        await asyncio.sleep(random.uniform(0, 0.6))
        answers += [
            script.send(phone, script.say(phone.number, phone.number + turn)) for script in played
        ]
    await asyncio.gather(*answers)


async def _resend(played: Sequence[Script], phones: Sequence[Phone]) -> None:
    """As somebody whose acknowledgement got lost."""
    await asyncio.gather(
        *(
            phones[one.client].link.ask(
                one.id, frames.submit(one.id, one.seq, one.activity, said.data)
            )
            for script in played
            for said in script.said
            if (one := said.operation).client >= 0
        )
    )


async def _all_see_the_same(stage: Stage, phones: Sequence[Phone]) -> None:
    """What they show is what the server shows to who has just come."""
    truth = (await stage.ask(stage.address.room, token=None))["hash"]
    until = monotonic() + at_most(5)
    while {phone.view[2] for phone in phones} != {truth}:
        assert monotonic() < until, f"{sum(p.view[2] != truth for p in phones)} phones are stuck"
        await asyncio.sleep(0.1)


# ---- T03: whatever comes again, late or from elsewhere changes nothing


def test_whatever_comes_again_or_late_changes_nothing(stage: Stage) -> None:
    asyncio.run(_disordered(stage, Random(3)))


async def _disordered(stage: Stage, random: Random) -> None:
    played = scripts()
    async with (
        _hall(stage, 8) as phones,
        stage.facilitator() as console,
        Proxy(stage.server.port) as proxy,
        _hands(stage, phones, port=proxy.port) as people,
    ):
        await _begin(played, console, phones)
        proxy.faults = Faults(duplicate=0.4, shuffle=0.2)  # not before: a second hello is refused
        said = [
            Sentence(one, script, one.phone.number + turn, turn + 1)
            for one in people
            for script in played
            for turn in range(1, 6)
        ]
        copies = [(one, way) for one in said for way in random.sample(WAYS, 2)]
        random.shuffle(copies)
        sending = [asyncio.create_task(one.go(way)) for one, way in copies]
        await _meanwhile(played, console)
        assert set(await asyncio.gather(*sending)) == {"ack"}
        await _judge(stage, played)
        forged = await asyncio.gather(*(one.forge(random.choice(WAYS)) for one in said))
        assert set(forged) == {"id_reused"}
        await _judge(stage, played)
        await _close(played, console)
        again = await asyncio.gather(*(one.go(random.choice(WAYS)) for one in said))
        assert set(again) == {"ack"}
        await _judge(stage, played)


# ---- T04: what one attendee says of one thing is there once


def test_many_sentences_at_once_from_three_tabs_come_to_the_last_of_each(stage: Stage) -> None:
    asyncio.run(_at_once(stage, Random(4)))


async def _at_once(stage: Stage, random: Random) -> None:
    played = scripts()
    async with (
        _hall(stage, 8) as phones,
        stage.facilitator() as console,
        _hands(stage, phones, tabs=3) as people,
    ):
        await _begin(played, console, phones)
        said = [
            Sentence(one, script, turn, turn + 1)
            for one in people
            for script in played
            for turn in range(1, 11)
        ]
        random.shuffle(said)
        await _meanwhile(played, console)
        assert set(await asyncio.gather(*(one.go("tab") for one in said))) == {"ack"}
        await _judge(stage, played)
        # A tab that was restored does not know where it was.
        restored = [Sentence(people[0], script, 12, 2) for script in played]
        assert set(await asyncio.gather(*(one.go("tab") for one in restored))) == {"ack"}
        await _judge(stage, played)
        await _all_see_the_same(stage, phones)
        assert sum(tab.trouble for one in people for tab in one.tabs) == 0
        await _close(played, console)


# ---- T03 and T04 for what attendees take on: they push commands


def test_what_many_take_on_at_once_is_one_action_with_one_owner(stage: Stage) -> None:
    asyncio.run(_taken_on(stage))


async def _taken_on(stage: Stage) -> None:
    played = {type(script).__name__: script for script in scripts()}
    board, ranking = played["Sprinting"], played["Ranking"]
    async with (
        _hall(stage, 8) as phones,
        stage.facilitator() as console,
        _hands(stage, phones) as people,
    ):
        await _begin([board, ranking], console, phones)
        pushes = [
            _push(one, "sprint_board.act", {"activity": board.activity, "card": board.ids[card]})
            for one in people
            for card in ("card 0", f"card {one.phone.number}")
        ]
        told = await asyncio.gather(*pushes)
        assert [code for code, _ in told] == ["ack"] * len(told)
        assert len({action for _, action in told}) == len(phones), "one for each card"

        await asyncio.gather(*(ranking.send(one, ranking.say(one.number, 1)) for one in phones))
        await push(console, "activity.to_stage", {"activity": ranking.activity, "stage": "own"})
        wanted = {"activity": ranking.activity, "entry": ranking.ids["rank 0"]}
        told = await asyncio.gather(
            *(
                _push(one, "top_obstacles.take", {**wanted, "name": f"Person {one.phone.number}"})
                for one in people
            )
        )
        assert sorted(code for code, _ in told) == ["ack", *["conflict"] * (len(people) - 1)]
        await _close([board, ranking], console)
    actions = await stage.ask(f"/api/v1/kickoffs/{stage.links.kickoff_id}/actions?limit=100")
    titles = [action["title"] for action in actions["items"]]
    made = [f"card {number}" for number in range(len(phones))] + ["rank 0"]
    assert {title: titles.count(title) for title in made} == dict.fromkeys(made, 1)


async def _push(one: Hands, name: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """By two tabs under the same id, and what both were answered: ack or code, and what it made."""
    id = frames.fresh_id()
    frame = frames.command(id, name, 0, data)
    links = (one.phone.link, one.tabs[0])
    answers = await asyncio.gather(*(link.ask(id, frame) for link in links), return_exceptions=True)
    told = {
        (answer.code, "")
        if isinstance(answer, Refused)
        else ("ack", str(answer.get("action") or answer.get("person")))
        for answer in answers
        if isinstance(answer, (Refused, Mapping))
    }
    (both,) = told
    return both


# ---- T05: acknowledged if and only if counted, also at the moment of closing


def test_what_comes_at_the_moment_of_closing_is_counted_or_refused(stage: Stage) -> None:
    with _slow_commits(stage):
        late = asyncio.run(_closing(stage, rounds=2))
    assert late > 20, "hardly anybody was late: the race was not run"


async def _closing(stage: Stage, *, rounds: int) -> int:
    late = 0
    async with (
        Proxy(stage.server.port) as proxy,
        _hall(stage, 12) as near,
        _hall(stage, 4, address=stage.through(proxy.port), first=12) as held,
        stage.facilitator() as console,
        stage.facilitator() as other,
    ):
        proxy.faults = Faults(hold_client=0.8)
        for number in range(rounds):
            late += await _closed(stage, [*near, *held], console, other, Random(number))
    return late


async def _closed(
    stage: Stage,
    phones: Sequence[Phone],
    console: Facilitator,
    other: Facilitator,
    random: Random,
) -> int:
    """How many were refused because they came too late."""
    played = scripts()
    await _begin(played, console, phones)
    await _meanwhile(played, console)
    # Where nobody has answered there is no result that could be asked for.
    await asyncio.gather(*(script.send(phones[0], script.say(0, 0)) for script in played))
    first = [asyncio.create_task(_first_closed(other, script)) for script in played]
    talking = [
        asyncio.create_task(_talk_on(phone, script)) for phone in phones for script in played
    ]
    await asyncio.sleep(random.uniform(0.1, 0.4))
    for script in random.sample(played, len(played)):
        began = monotonic()
        await push(console, "activity.close", {"activity": script.activity})
        assert monotonic() - began < at_most(1)
    await asyncio.gather(*talking)
    assert set().union(*(script.refusals() for script in played)) == {"activity_closed"}
    await _judge(stage, played, refused=True)
    for script, shown in zip(played, await asyncio.gather(*first), strict=True):
        assert shown == _figures(activity_in(other.state, script.activity))
    return sum(said.operation.code is not None for script in played for said in script.said)


async def _talk_on(phone: Phone, script: Script) -> None:
    """One sentence after the other until it is closed. (Ten a second in all: nobody is told to be
    slower.)"""
    turn = phone.number
    while True:
        turn += 1
        try:
            await script.send(phone, script.say(phone.number, turn))
        except Refused:
            return
        await asyncio.sleep(0.4)


async def _first_closed(console: Facilitator, script: Script) -> Mapping[str, Any]:
    """What the first picture shows in which it is closed."""

    def closed(state: Mapping[str, Any]) -> bool:
        found = [each for each in state["activities"] if each["id"] == script.activity]
        return bool(found) and found[0]["status"] == "closed"

    return _figures(activity_in(await console.until(closed, within=at_most(20)), script.activity))


def _figures(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: activity.get(name) for name in ("result", "entries", "entries_rev", "answered")}


@contextmanager
def _slow_commits(stage: Stage) -> Iterator[None]:
    """On PostgreSQL, where a check and its commit can be far apart."""
    if stage.kind != "postgres":
        yield
        return
    url = stage.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SLOW_COMMITS)
        yield
        connection.execute("DROP TRIGGER slow ON receipt; DROP FUNCTION slow")


# ---- what all of them do


@asynccontextmanager
async def _hall(
    stage: Stage, count: int, journal: Journal | None = None, **options: Any
) -> AsyncIterator[list[Phone]]:
    phones = await stage.phones(count, journal, **options)
    try:
        yield phones
    finally:
        await leave(phones)


@asynccontextmanager
async def _hands(
    stage: Stage, phones: Sequence[Phone], **options: Any
) -> AsyncIterator[list[Hands]]:
    pool = Pool(stage.address, size=8)
    people = [await Hands.of(stage, phone, pool, **options) for phone in phones]
    try:
        yield people
    finally:
        await asyncio.gather(*(one.leave() for one in people))
        pool.close()


async def _begin(played: Sequence[Script], console: Facilitator, phones: Sequence[Phone]) -> None:
    for script in played:
        await script.begin(console, phones)


async def _meanwhile(played: Sequence[Script], console: Facilitator) -> None:
    for script in played:
        await script.meanwhile(console)


async def _judge(stage: Stage, played: Sequence[Script], *, refused: bool = False) -> None:
    for script in played:
        outcomes = {said.operation.outcome for said in script.said}
        assert outcomes <= {Outcome.OK, *([Outcome.FAIL] if refused else [])}, script.refusals()
        result = await stage.result(script.activity)
        entries = await stage.ask(stage.address.entries(script.activity))
        assert script.faults(result, entries["items"]) == []


async def _close(played: Sequence[Script], console: Facilitator) -> None:
    for script in played:
        await push(console, "activity.close", {"activity": script.activity})
