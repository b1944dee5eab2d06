"""Which texts say nearly the same: suggested to the facilitator, never merged by themselves.

Two texts are as close as the share of their words that both have; half a compound counts as half
("endring" in "endringsmotstand"), a slip of the pen as nearly all of its word. What turns a meaning
round is not left to that share: "lytter" and "lytter ikke", "få" and "mange", "klare" and "uklare",
30 and 90 days are never suggested.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.rules.meaning import Meaning, meaning

CLOSE = 70.0  # of 100; found with the tables of tests/rules/test_similarity.py
MOST_PAIRS = 100
# Each is compared with each: of a thousand that would be a second, in which the room waits. Whoever
# has more says which come first.
MOST_COMPARED = 300

# Whatever is close has this much of its letters in common; of all pairs, that is decided in C.
_WORTH_A_LOOK = 60.0
_A_SLIP = 80.0  # two words as like as that are one word
_PART = 3  # so many letters at least is a part of a compound
# In texts with more words than this together, words that are only alike no longer matter: to
# compare each with each would cost more than it tells.
_LONG = 16


@dataclass(frozen=True)
class Pair:
    """Two texts, by their ids, that may say the same; `score` is 100 where their stems agree."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class Cluster:
    """Texts that may all say what the seed says; `others` are nearest first."""

    seed: str
    others: tuple[str, ...]


def suggested_pairs(texts: Sequence[tuple[str, str]], limit: int | None = MOST_PAIRS) -> list[Pair]:
    """The closest pairs of (id, text), closest first; equally close ones in the order given. Of
    many texts the first `MOST_COMPARED`."""
    pairs = sorted(_close_pairs(texts), key=lambda pair: -pair.score)
    return pairs[:limit]


def suggested_clusters(texts: Sequence[tuple[str, str]], limit: int | None = None) -> list[Cluster]:
    """Texts in groups, the largest first, each text in one at most.

    All in a group are close to its seed. Otherwise A, which is close to B, which is close to C,
    would soon have everything in one group.
    """
    close: dict[str, dict[str, float]] = {}
    for pair in suggested_pairs(texts, limit=None):
        close.setdefault(pair.first, {})[pair.second] = pair.score
        close.setdefault(pair.second, {})[pair.first] = pair.score
    order = {text_id: number for number, (text_id, _) in enumerate(texts)}
    clusters = []
    while close:
        seed = min(close, key=lambda one: (-len(close[one]), -sum(close[one].values()), order[one]))
        others = sorted(close[seed], key=lambda one: (-close[seed][one], order[one]))
        clusters.append(Cluster(seed, tuple(others)))
        close = _without(close, {seed, *others})
    return clusters[:limit]


def closeness(one: str, other: str) -> float:
    """How nearly two texts say the same, 0 to 100."""
    return _closeness(meaning(one), meaning(other))


def likeness(one: str, other: str) -> float:
    """As `closeness`, but for what turns a meaning round: a question and its opposite have one
    answer."""
    return _share(meaning(one), meaning(other))


def _close_pairs(texts: Sequence[tuple[str, str]]) -> Iterable[Pair]:
    compared = texts[:MOST_COMPARED]
    near = _compared(frozenset(text for _, text in compared))
    places: dict[str, list[int]] = {}
    for number, (_, text) in enumerate(compared):
        places.setdefault(text, []).append(number)
    for number, (text_id, text) in enumerate(compared):
        following = sorted(
            (further, score)
            for other, score in near[text].items()
            for further in places[other]
            if further > number
        )
        for further, score in following:
            yield Pair(text_id, compared[further][0], score)


Near = Mapping[str, Mapping[str, float]]  # by text: those that are close to it, itself too

# What several rooms have compared last. Replaced whole, so that threads need no lock.
_known: tuple[Near, ...] = ()
MOST_KNOWN = 16


def _compared(texts: frozenset[str]) -> Near:
    """What is close to each of these. A text that is new among them is compared with the others;
    the rest is known from the last time."""
    global _known
    last = max(_known, key=lambda near: len(near.keys() & texts), default={})
    if last.keys() == texts:
        return last
    near: dict[str, dict[str, float]] = {
        text: {other: score for other, score in last[text].items() if other in texts}
        for text in last
        if text in texts
    }
    others = list(near)
    letters = [_letters(text) for text in others]
    for text in sorted(texts - near.keys()):
        others.append(text)
        letters.append(_letters(text))
        near[text] = _close_to(text, others, letters)
        for other, score in near[text].items():
            near[other][text] = score
    _known = (near, *[known for known in _known if known is not last][: MOST_KNOWN - 1])
    return near


def _close_to(text: str, others: Sequence[str], letters: Sequence[str]) -> dict[str, float]:
    looks = process.extract_iter(
        _letters(text), letters, scorer=fuzz.token_set_ratio, score_cutoff=_WORTH_A_LOOK
    )
    scores = {
        others[place]: _closeness(meaning(text), meaning(others[place])) for _, _, place in looks
    }
    return {other: score for other, score in scores.items() if score >= CLOSE}


def _letters(text: str) -> str:
    one = meaning(text)
    return " ".join(sorted(one.stems)) or one.plain


def _without(close: dict[str, dict[str, float]], taken: set[str]) -> dict[str, dict[str, float]]:
    left = {
        one: {other: score for other, score in others.items() if other not in taken}
        for one, others in close.items()
        if one not in taken
    }
    return {one: others for one, others in left.items() if others}


def _closeness(one: Meaning, other: Meaning) -> float:
    if one.plain == other.plain:
        return 100.0 if one.plain else 0.0
    return 0.0 if _contradict(one, other) else _share(one, other)


def _share(one: Meaning, other: Meaning) -> float:
    if not one.stems or not other.stems:
        return 0.0
    total = sum(one.stems.values()) + sum(other.stems.values())
    shared = _found(one.stems, other.stems) + _found(other.stems, one.stems)
    return round(100 * shared / total, 1)


def _contradict(one: Meaning, other: Meaning) -> bool:
    """One says that something is missing and the other that it is there, or another number."""
    if one.lacks != other.lacks and not (one.bad or other.bad):
        return True
    return bool(one.numbers and other.numbers and one.numbers != other.numbers)


def _found(stems: dict[str, float], among: dict[str, float]) -> float:
    """The weight of those that the other text has as well."""
    found = sum(stems[stem] for stem in stems.keys() & among.keys())
    if len(stems) + len(among) > _LONG:
        return found
    return found + sum(
        weight * _part_found(stem, among) for stem, weight in stems.items() if stem not in among
    )


def _part_found(stem: str, among: Iterable[str]) -> float:
    """How much of a stem the other text has: as a part of a compound, as its parts, or misspelt."""
    likest = max(_alike(stem, other) for other in among)
    parts = sum(len(other) for other in among if _is_part(other, stem))
    return max(likest, min(1.0, parts / len(stem)))


@lru_cache(maxsize=100_000)
def _alike(stem: str, other: str) -> float:
    if _is_part(stem, other):
        return 1.0
    return fuzz.ratio(stem, other, score_cutoff=_A_SLIP) / 100


def _is_part(part: str, whole: str) -> bool:
    return _PART <= len(part) < len(whole) and (whole.startswith(part) or whole.endswith(part))
