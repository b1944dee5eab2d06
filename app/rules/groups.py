"""Balanced groups across functions and seniority, the same for everybody who asks with one lot.

In this order: groups differ in size by one person at most; each function is in every group, to one
person; levels of seniority are spread as evenly as that leaves room for, and then sites. Who comes
late goes where they are missed most; nobody who has a group is moved.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, combinations


@dataclass(frozen=True)
class Member:
    """Somebody to be put into a group. What is not known is "", and is spread like the rest."""

    id: str
    function: str = ""
    seniority: str = ""
    site: str = ""


Groups = tuple[tuple[Member, ...], ...]


def number_of_groups(people: int, *, of_size: int) -> int:
    """How many groups come nearest to that size; of two as near, the fewer."""
    if of_size < 1:
        raise ValueError("a group has one person at least")
    fewer = max(1, people // of_size)
    return min((fewer, fewer + 1), key=lambda number: abs(people / number - of_size))


def balanced(people: Iterable[Member], *, number: int, lot: str) -> Groups:
    """The people in so many groups; another `lot` (any text) mixes them another way."""
    if number < 1:
        raise ValueError("people need a group")
    dealt = _dealt(sorted(people, key=lambda one: _drawn(lot, one.id)), number, lot)
    _even_out(dealt)
    return tuple(tuple(sorted(group, key=lambda one: one.id)) for group in dealt)


class Filling:
    """Groups as they fill, for many who come one after the other: only figures, so that a place
    costs the same however many have one."""

    def __init__(self, number: int) -> None:
        self._sizes = [0] * number
        self._have = [tuple(Counter[str]() for _ in _TRAITS) for _ in range(number)]

    def add(self, number: int, person: Member, *, people: int = 1) -> None:
        """Somebody is in that group; `people`: with so many at one phone."""
        self._sizes[number] += people
        for of, have in zip(_TRAITS, self._have[number], strict=True):
            have[of(person)] += people

    def place(self, person: Member) -> int:
        """Which of the groups misses this person most: its number.

        Of the smallest groups, so that sizes stay even, the one with fewest of the function, then
        of the level of seniority, then of the site; the first of equals.
        """
        traits = [of(person) for of in _TRAITS]

        def missed(number: int) -> tuple[int, ...]:
            have = zip(self._have[number], traits, strict=True)
            return (self._sizes[number], *(counter[trait] for counter, trait in have), number)

        return min(range(len(self._sizes)), key=missed)


def place(person: Member, groups: Sequence[Sequence[Member]]) -> int:
    """Which of the groups misses this person most: the number of its place in the sequence."""
    filling = Filling(len(groups))
    for number, group in enumerate(groups):
        for one in group:
            filling.add(number, one)
    return filling.place(person)


def _function(person: Member) -> str:
    return person.function.strip().casefold()


def _seniority(person: Member) -> str:
    return person.seniority.strip().casefold()


def _site(person: Member) -> str:
    return person.site.strip().casefold()


_TRAITS: tuple[Callable[[Member], str], ...] = (_function, _seniority, _site)


def _drawn(lot: str, of: str) -> bytes:
    """A lot that hangs on nothing else: not on the order of people, nor on the process."""
    return blake2b(f"{lot}\0{of}".encode(errors="surrogatepass"), digest_size=8).digest()


def _dealt(people: Sequence[Member], number: int, lot: str) -> list[list[Member]]:
    """Dealt like cards, one function after the other: so sizes and functions come out even."""
    groups: list[list[Member]] = [[] for _ in range(number)]
    by_function: dict[str, list[Member]] = {}
    for person in people:
        by_function.setdefault(_function(person), []).append(person)
    functions = sorted(by_function, key=lambda function: (_drawn(lot, function), function))
    in_order = chain.from_iterable(
        sorted(by_function[function], key=_seniority) for function in functions
    )
    for turn, person in enumerate(in_order):
        groups[turn % number].append(person)
    return groups


def _even_out(groups: list[list[Member]]) -> None:
    """Exchange people of one function between groups for as long as that evens anything out.

    Every exchange lowers the sum of squares of what the groups have of a level, or leaves it and
    lowers that of a site: it comes to an end.
    """
    levels = [Counter(map(_seniority, group)) for group in groups]
    sites = [Counter(map(_site, group)) for group in groups]
    moved = True
    while moved:
        moved = False
        for here, there in combinations(range(len(groups)), 2):
            counts = (levels[here], levels[there]), (sites[here], sites[there])
            while any(map(_is_uneven, counts)) and (
                exchange := _exchange(groups[here], groups[there], *counts)
            ):
                _swap(groups[here], groups[there], exchange, *counts)
                moved = True


_Counts = tuple[Counter[str], Counter[str]]


def _is_uneven(counts: _Counts) -> bool:
    """Whether an exchange could even them out at all: most pairs of groups need no closer look."""
    here, there = counts
    return any(abs(here[one] - there[one]) > 1 for one in here.keys() | there.keys())


def _exchange(
    here: Sequence[Member], there: Sequence[Member], levels: _Counts, sites: _Counts
) -> tuple[int, int] | None:
    """Two of one function who had better change groups, by their numbers in them."""
    for i, one in enumerate(here):
        for j, other in enumerate(there):
            if _function(one) == _function(other):
                gain = (
                    _gain(_seniority(one), _seniority(other), levels),
                    _gain(_site(one), _site(other), sites),
                )
                if gain > (0, 0):
                    return i, j
    return None


def _gain(one: str, other: str, counts: _Counts) -> int:
    """By how much the squares sink (halved) if one leaves here and the other leaves there."""
    if one == other:
        return 0
    here, there = counts
    return here[one] - there[one] + there[other] - here[other] - 2


def _swap(
    here: list[Member],
    there: list[Member],
    exchange: tuple[int, int],
    levels: _Counts,
    sites: _Counts,
) -> None:
    i, j = exchange
    for of, counts in ((_seniority, levels), (_site, sites)):
        counts[0].subtract({of(here[i]): 1})
        counts[0].update([of(there[j])])
        counts[1].subtract({of(there[j]): 1})
        counts[1].update([of(here[i])])
    here[i], there[j] = there[j], here[i]
