"""What is wrong with a RACI (P12): a deliverable has one who answers for it and somebody who does
it, and nobody carries too much. Advice; nothing is refused."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.rules import frames
from app.rules.findings import Finding

RESPONSIBLE, ACCOUNTABLE, CONSULTED, INFORMED = LETTERS = ("R", "A", "C", "I")
_CARRIES = frozenset({RESPONSIBLE, ACCOUNTABLE})


@dataclass(frozen=True)
class Letter:
    """One letter that a person has on a deliverable."""

    deliverable_id: str
    person_id: str
    role: str


@dataclass(frozen=True)
class Handed:
    """A deliverable as the rule sees it. `is_open`: it is not handed over yet."""

    id: str
    owner_id: str | None = None
    supporter_ids: tuple[str, ...] = ()
    is_open: bool = True


def raci_findings(deliverables: Sequence[Handed], letters: Collection[Letter]) -> list[Finding]:
    """Those of each deliverable in their order, then the people who carry too much."""
    by_deliverable = defaultdict[str, list[Letter]](list)
    for letter in letters:
        by_deliverable[letter.deliverable_id].append(letter)
    return [
        *(found for one in deliverables for found in _of_one(one, by_deliverable[one.id])),
        *_of_people(deliverables, letters),
    ]


def without_letter(deliverable: Handed, letters: Collection[Letter]) -> tuple[str, ...]:
    """Its owner and supporters who have no letter on it; the owner first."""
    have = {one.person_id for one in letters if one.deliverable_id == deliverable.id}
    named = [deliverable.owner_id] if deliverable.owner_id else []
    named += deliverable.supporter_ids
    return tuple(dict.fromkeys(person for person in named if person not in have))


def carried(deliverables: Sequence[Handed], letters: Collection[Letter]) -> Mapping[str, int]:
    """By person, on how many open deliverables they have an R or an A (both on one are one)."""
    still_open = {one.id for one in deliverables if one.is_open}
    pairs = {
        (one.person_id, one.deliverable_id)
        for one in letters
        if one.role in _CARRIES and one.deliverable_id in still_open
    }
    return Counter(person for person, _ in pairs)


def _of_one(deliverable: Handed, letters: Sequence[Letter]) -> Iterator[Finding]:
    roles = Counter(one.role for one in letters)
    answering = roles[ACCOUNTABLE]
    if answering == 0:
        yield Finding("no_accountable", 0, frames.ACCOUNTABLE, deliverable.id)
    elif answering > frames.ACCOUNTABLE[1]:
        yield Finding("several_accountable", answering, frames.ACCOUNTABLE, deliverable.id)
    if roles[RESPONSIBLE] == 0:
        yield Finding("no_responsible", where=deliverable.id)
    left_out = without_letter(deliverable, letters)
    if deliverable.owner_id in left_out:
        yield Finding("owner_without_letter", where=deliverable.id)
    supporters = sum(person != deliverable.owner_id for person in left_out)
    if supporters:
        yield Finding("supporters_without_letter", supporters, where=deliverable.id)


def _of_people(deliverables: Sequence[Handed], letters: Collection[Letter]) -> Iterator[Finding]:
    most = frames.CARRIED_AT_ONCE[1]
    counts = carried(deliverables, letters)
    for person in sorted(counts, key=lambda one: (-counts[one], one)):
        if counts[person] > most:
            yield Finding("overloaded", counts[person], frames.CARRIED_AT_ONCE, person)
