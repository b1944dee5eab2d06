"""The demo kickoff as values: a credible day of a made-up Norwegian company, and its whole plan.

The texts are in the TOML files beside this, one for each part of the plan. A row's `key` is what
others refer to it by; a number in place of a date is days after the kickoff.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ORGANISATION = "Nordlys Energi"
# What is going on when the demo starts.
RUNNING_BLOCK = "for_oss"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class DemoPlan:
    """`records` are the rows of each entity, by its name; `activities` are asked in the blocks
    whose keys they name, and have come as far as their `stage`."""

    kickoff: Row
    attendees: tuple[str, ...]
    activities: tuple[Row, ...]
    records: Mapping[str, tuple[Row, ...]]

    @property
    def blocks(self) -> tuple[Row, ...]:
        return self.records["agenda-blocks"]

    @property
    def minutes_before(self) -> int:
        """From the first block's start to that of the running one."""
        keys = [block["key"] for block in self.blocks]
        before = self.blocks[: keys.index(RUNNING_BLOCK)]
        return sum(block["minutes"] for block in before)


@cache
def read() -> DemoPlan:
    """All the files as one; read when a demo is made, for most starts are of something else."""
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        assert not found.keys() & part.keys(), f"{path.name} says again what another file says"
        found |= part
    return DemoPlan(
        kickoff=found.pop("kickoff"),
        attendees=tuple(found.pop("attendees")),
        activities=tuple(found.pop("activities")),
        records={name: tuple(rows) for name, rows in found.items()},
    )
