"""Where things lie on a line of time: a lane for each team, in it as many rows as are needed for
no two things to cover each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LAST_DAY = 90


@dataclass(frozen=True)
class Scale:
    """Days after the kickoff as places across: day 0 at `left`, day 90 at `right`. Nothing is
    drawn beyond `edge`."""

    left: int
    right: int
    edge: int

    def at(self, day: int) -> float:
        day = max(0, min(day, LAST_DAY))
        return round(self.left + (self.right - self.left) * day / LAST_DAY, 1)


@dataclass(frozen=True)
class Item:
    """What is to be placed: from day `starts` to day `ends` (the same for a point), with a text
    of `width` and `height` below its mark."""

    id: str
    lane: str
    starts: int
    ends: int
    width: int
    height: int


@dataclass(frozen=True)
class Place:
    """`x` and `end` are where the mark begins and ends, `text_x` where its text begins, `y` the
    top of it all."""

    x: float
    end: float
    text_x: float
    y: int


@dataclass(frozen=True)
class Lane:
    id: str
    y: int
    height: int


@dataclass(frozen=True)
class Timeline:
    lanes: tuple[Lane, ...]
    places: Mapping[str, Place]
    height: int


@dataclass
class _Row:
    """`taken`: from where to where things lie in it already."""

    height: int = 0
    taken: list[tuple[float, float]] = field(default_factory=list)

    def is_free(self, begins: float, ends: float) -> bool:
        return all(ends <= left or right <= begins for left, right in self.taken)


def timeline(
    items: Iterable[Item],
    order: Sequence[str],
    scale: Scale,
    *,
    top: int,
    gap: int = 12,
    least_height: int = 44,
) -> Timeline:
    """Lanes in this order, those without anything left out. Within a lane each thing takes the
    first row that is free where it lies, so give first what shall stand at the top."""
    by_lane = defaultdict[str, list[Item]](list)
    for item in items:
        by_lane[item.lane].append(item)
    lanes, places = [], {}
    y = top
    for id in (one for one in order if one in by_lane):
        rows: list[_Row] = []
        lying = [(item, *_across(item, scale)) for item in by_lane[id]]
        in_row = [_row_for(rows, across, item.height, gap) for item, across, _ in lying]
        tops = _tops(rows, y + gap, gap)
        for (item, _, text_x), row in zip(lying, in_row, strict=True):
            places[item.id] = Place(scale.at(item.starts), scale.at(item.ends), text_x, tops[row])
        height = max(least_height, gap + sum(row.height + gap for row in rows))
        lanes.append(Lane(id, y, height))
        y += height
    return Timeline(tuple(lanes), places, y)


def _across(item: Item, scale: Scale) -> tuple[tuple[float, float], float]:
    """From where to where it covers the line, and where its text begins: below the mark, but
    never beyond the edge."""
    x = scale.at(item.starts)
    text_x = max(float(scale.left), min(x, scale.edge - item.width))
    return (min(x, text_x), max(scale.at(item.ends), text_x + item.width)), text_x


def _row_for(rows: list[_Row], across: tuple[float, float], height: int, gap: int) -> int:
    begins, ends = across[0] - gap, across[1] + gap
    number = next(
        (number for number, row in enumerate(rows) if row.is_free(begins, ends)), len(rows)
    )
    if number == len(rows):
        rows.append(_Row())
    rows[number].taken.append(across)
    rows[number].height = max(rows[number].height, height)
    return number


def _tops(rows: Sequence[_Row], y: int, gap: int) -> list[int]:
    tops = []
    for row in rows:
        tops.append(y)
        y += row.height + gap
    return tops
