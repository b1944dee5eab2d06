"""A facilitator's pushes one after the other, each at the state that the one before it left."""

from collections.abc import Mapping
from typing import Any

from app.rehearsal.client import Facilitator
from app.rehearsal.link import Refused
from tests.promises.stage import at_most


async def push(
    console: Facilitator, name: str, data: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """What the acknowledgement names, once the console shows it. A conflict: look again."""
    while True:
        at = console.state["control"]
        try:
            answer = await console.command(name, data, control=at)
        except Refused as refused:
            if refused.code != "conflict":
                raise
            answer = None
        await console.until(lambda state: state["control"] > at, within=at_most(5))  # noqa: B023
        if answer is not None:
            return answer


async def create(
    console: Facilitator, kind: str = "open_text", *, mode: str = "anonymous", **options: Any
) -> str:
    """A new activity that is open; its id."""
    wanted = {"kind": kind, "title": "?", "mode": mode, "open": True, **options}
    return str((await push(console, "activity.create", wanted))["activity"])


async def wide_poll(console: Facilitator, *, bytes_wide: int = 16_000) -> str:
    """One whose state is so long."""
    size = bytes_wide // 50 - 60
    texts = [f"{number:02} " + "lang " * (min(size, 190) // 5) for number in range(50)]
    return await create(console, "choice", options=texts)
