"""What the room publishes to anybody who asks: its state and the results, over the REST API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from app.rehearsal.address import RoomAddress
from app.rehearsal.exchange import Pool

ROUNDED_FROM = 100


@dataclass(frozen=True, slots=True)
class Published:
    """Results at one moment, by activity. `hidden`: no result for us, others may have answered.
    `participants` is how many people were in the room, where that is told exactly."""

    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    state_known: bool = False
    participants: int | None = None

    @classmethod
    async def read(
        cls,
        address: RoomAddress,
        activities: Iterable[str] | None = None,
        *,
        token: str | None = None,
    ) -> Self:
        """Asks for these activities, or all that the room shows; nothing when it is silent."""
        pool = Pool(address, size=2)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            answer = await pool.get(address.room, headers=headers)
            told = answer.json() if answer.status == 200 else {}
            wanted = _activities_in(told) if activities is None else list(activities)
            found = await cls._results(pool, wanted, headers)
            return replace(found, state_known=bool(told), participants=_participants_in(told))
        except OSError:
            return cls()
        finally:
            pool.close()

    @classmethod
    async def _results(cls, pool: Pool, activities: list[str], headers: Mapping[str, str]) -> Self:
        found: dict[str, Mapping[str, Any]] = {}
        for activity in activities:
            answer = await pool.get(pool.address.result(activity), headers=headers)
            content = answer.json() if answer.status == 200 else {}
            result = content.get("result", content) or {}
            if "answered" in result:
                found[activity] = result
        return cls(found, frozenset(activities) - frozenset(found))

    def may_hide(self, activity: str) -> bool:
        """Whether others may have answered it without our knowing how."""
        return not self.state_known or activity in self.hidden


def _activities_in(content: Mapping[str, Any]) -> list[str]:
    state = content.get("state", content)
    return [str(activity["id"]) for activity in state.get("activities", ())]


def _participants_in(content: Mapping[str, Any]) -> int | None:
    """From a hundred on attendees are told a round figure; the console's is exact."""
    state = content.get("state", content)
    told = state.get("participants")
    if told is None or (told >= ROUNDED_FROM and "blocks" not in state):
        return None
    return int(told)
