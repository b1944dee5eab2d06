"""What on the roadmap waits for what (P8), in words: for other things, teams and systems."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.pictures.roadmap_things import Thing


@dataclass(frozen=True)
class Wait:
    """What one thing depends on, in words; `early` are those that end after it begins."""

    thing: Thing
    on: tuple[Thing, ...]
    early: tuple[Thing, ...]
    teams: tuple[tuple[str, str], ...]
    systems: tuple[str, ...]


def waits(
    things: Iterable[Thing], by_id: Mapping[str, Thing], teams: Mapping[str, str]
) -> Iterator[Wait]:
    for one in things:
        on = tuple(by_id[id] for id in one.waits if id in by_id)
        helping = tuple((id, teams[id]) for id in one.teams if id in teams)
        if on or helping or one.systems:
            early = tuple(other for other in on if is_early(one, other))
            yield Wait(one, on, early, helping, one.systems)


def is_early(one: Thing, first: Thing) -> bool:
    if one.starts is None or first.ends is None:
        return False
    return first.ends > one.starts
