"""What the facilitator is offered to merge, and which of a ranking are the five."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Protocol, TypeVar

from app.rules.meaning import meaning
from app.rules.ranking import PLACES
from app.rules.similarity import MOST_COMPARED, Cluster, suggested_clusters

MOST_TIED = 2 * PLACES  # where many share the last place, so many are shown at most

Texts = tuple[tuple[str, str], ...]  # (id, text)


class Placed(Protocol):
    """Something that has a place in the room's order."""

    @property
    def place(self) -> int: ...


P = TypeVar("P", bound=Placed)
T = TypeVar("T")


@dataclass(frozen=True)
class Suggestion:
    """Texts that may say the same: `others` could become part of the one that stands."""

    stands: str
    others: tuple[str, ...]


def suggestions(texts: Texts, root_of: Mapping[str, str], standing: set[str]) -> list[Suggestion]:
    """What is left to merge of the texts that are alike, the largest group first.

    `texts` are all, those that are part of another too: so a merge needs no new comparison, and
    what was put together by hand is not offered again. Where they are too many to be compared,
    those that stand go first.
    """
    if len(texts) > MOST_COMPARED:
        compared = sorted(texts, key=lambda each: each[0] not in standing)[:MOST_COMPARED]
        texts = tuple(sorted(compared))
    left = []
    for cluster in _clusters(texts):
        members = (root_of.get(each, each) for each in (cluster.seed, *cluster.others))
        first, *others = [each for each in dict.fromkeys(members) if each in standing] or [""]
        if others:
            left.append(Suggestion(first, tuple(others)))
    return left


def alike_but_for_signs(texts: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Groups of ids whose texts are the same but for case, signs and spaces. First in a group is
    the one to stand for it: as most wrote it, with a capital if there is one."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in texts:
        groups.setdefault(_plain(each[1]), []).append(each)
    return [_best_first(group) for plain, group in groups.items() if plain and len(group) > 1]


def the_five(ranked: Sequence[P]) -> list[P]:
    """Those in the first five places. Who shares the fifth is among them, as long as that helps
    anybody: beyond ten the room has not decided yet."""
    return [each for each in ranked if each.place <= PLACES][:MOST_TIED]


def in_an_order_of_its_own(things: Sequence[T], seed: str) -> list[T]:
    """Another order for everybody, the same whenever the same one looks: who stands first in a
    list must not win by that."""
    return Random(seed).sample(things, len(things))  # noqa: S311 (an order, no secret)


def _best_first(group: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    often = Counter(text for _, text in group)
    ordered = sorted(group, key=lambda each: (-often[each[1]], not each[1][:1].isupper()))
    return tuple(text_id for text_id, _ in ordered)


@lru_cache(maxsize=16)
def _clusters(texts: Texts) -> list[Cluster]:
    """A tenth of a second for 300 texts, which the room looks at ten times a second."""
    return suggested_clusters(texts)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return meaning(text).plain
