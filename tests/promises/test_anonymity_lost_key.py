"""D9: an activity whose key is lost while it is open is frozen and says so; nothing is guessed.

Seen red: keys_are_made_anew, nobody_misses_keys (it stays open).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import redis

from app.live import vault
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.link import Refused
from tests.promises.moves import create, push
from tests.promises.stage import Stage, leave
from tests.support.redis import Redis

ENVIRONMENT = {"KICKOFF_UNDO_CLOSE_MS": "300"}


def test_without_its_key_file_an_activity_is_frozen(start_stage: Callable[..., Stage]) -> None:
    """As after a database that was put back without the keys beside it."""

    async def play() -> None:
        stage = start_stage("sqlite", environment=ENVIRONMENT)
        phones = await stage.phones(3)
        async with stage.facilitator() as console:
            activity = await create(console)
            for phone in phones[:2]:
                await phone.submit(activity, {"text": f"før {phone.number}"})
            await asyncio.to_thread(stage.server.kill9)
            (stage.folder / "keys" / f"{activity}.key").unlink()
            await stage.restart()
            await _frozen(stage, console, phones, activity)
        await leave(phones)

    asyncio.run(play())


@pytest.mark.postgres
def test_an_empty_redis_is_given_the_key_back_and_only_if_all_forgot_it_is_it_lost(
    start_stage: Callable[..., Stage], redis_server: Redis
) -> None:
    async def play() -> None:
        stage = start_stage("postgres", environment=ENVIRONMENT)
        phones = await stage.phones(3)
        client = redis.Redis.from_url(redis_server.url)
        async with stage.facilitator() as console:
            activity = await create(console)
            await phones[0].submit(activity, {"text": "før 0"})
            client.flushall()
            # Whichever process has the key gives it back; nobody who answers is turned away.
            await asyncio.wait_for(phones[1].submit(activity, {"text": "før 1"}), 10)
            async with asyncio.timeout(5):
                while not client.exists(vault.PREFIX + activity):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

            await asyncio.to_thread(stage.server.kill9)
            client.flushall()
            await stage.restart()
            await _frozen(stage, console, phones, activity)
        client.close()
        await leave(phones)

    asyncio.run(play())


async def _frozen(stage: Stage, console: Facilitator, phones: list[Phone], activity: str) -> None:
    """What came before counts once; what comes now is refused, as soon as it is sure."""
    late = asyncio.gather(
        *(phone.submit(activity, {"text": f"etter {phone.number}"}) for phone in phones),
        return_exceptions=True,
    )
    state = await console.until(lambda s: _shown(s, activity).get("status") == "frozen", within=20)
    told = await asyncio.wait_for(late, 15)
    assert [refused.code for refused in told if isinstance(refused, Refused)] == [
        "activity_closed"
    ] * len(phones)
    at = state["control"]
    with pytest.raises(Refused, match="conflict"):
        await console.command("activity.open", {"activity": activity}, control=at)
    with pytest.raises(Refused, match="conflict"):
        await console.command("room.undo", control=at)
    result = await stage.result(activity)
    assert sorted(text["text"] for text in result["texts"]) == ["før 0", "før 1"]
    assert result["answered"] == 2

    await console.until(lambda s: _shown(s, activity).get("scrubbed"), within=10)
    again = await push(console, "activity.new_round", {"activity": activity})
    await phones[2].submit(again["activity"], {"text": "ny runde"})


def _shown(state: Mapping[str, Any], activity: str) -> Mapping[str, Any]:
    return next((one for one in state["activities"] if one["id"] == activity), {})
