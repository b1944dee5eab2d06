"""What the room publishes to anybody who asks: its state and the results, over the REST API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from app.rehearsal.address import RoomAddress
from app.rehearsal.exchange import Pool


@dataclass(frozen=True, slots=True)
class Published:
    """Results at one moment, by activity. `hidden`: no result for us, others may have answered."""

    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    state_known: bool = False

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
            state_known = activities is not None
            if activities is None:
                answer = await pool.get(address.room, headers=headers)
                state_known = answer.status == 200
                activities = _activities_in(answer.json()) if state_known else []
            return await cls._results(pool, list(activities), headers, state_known=state_known)
        except OSError:
            return cls()
        finally:
            pool.close()

    @classmethod
    async def _results(
        cls, pool: Pool, activities: list[str], headers: Mapping[str, str], *, state_known: bool
    ) -> Self:
        found: dict[str, Mapping[str, Any]] = {}
        for activity in activities:
            answer = await pool.get(pool.address.result(activity), headers=headers)
            content = answer.json() if answer.status == 200 else {}
            result = content.get("result", content) or {}
            if "answered" in result:
                found[activity] = result
        return cls(found, frozenset(activities) - frozenset(found), state_known)

    def may_hide(self, activity: str) -> bool:
        """Whether others may have answered it without our knowing how."""
        return not self.state_known or activity in self.hidden


def _activities_in(content: Mapping[str, Any]) -> list[str]:
    state = content.get("state", content)
    return [str(activity["id"]) for activity in state.get("activities", ())]
