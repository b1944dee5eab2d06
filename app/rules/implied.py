"""Which arrows still have to be drawn that nobody has said: those that say something new."""

from collections.abc import Iterable, Iterator

Arrow = tuple[str, str]  # from cause to effect


def still_to_say(said: Iterable[Arrow], implied: Iterable[Arrow]) -> Iterator[Arrow]:
    """Without those that what is said leads to already, or says the other way round."""
    ahead: dict[str, list[str]] = {}
    for cause, effect in said:
        ahead.setdefault(cause, []).append(effect)
    reached: dict[str, frozenset[str]] = {}

    def leads(start: str, end: str) -> bool:
        if start not in reached:
            reached[start] = _reached(start, ahead)
        return end in reached[start]

    for cause, effect in dict.fromkeys(implied):
        if cause != effect and not leads(cause, effect) and not leads(effect, cause):
            yield cause, effect


def _reached(start: str, ahead: dict[str, list[str]]) -> frozenset[str]:
    seen, waiting = set[str](), list(ahead.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += ahead.get(one, ())
    return frozenset(seen)
