"""What was merged with what: which one stands for all that say the same, and in whose words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Written(Protocol):
    """An entry, as far as it matters here."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def merged_into(self) -> str | None: ...


W = TypeVar("W", bound=Written)


@dataclass(frozen=True)
class Together(Generic[W]):
    """`all` say the same, in the order of their ids: `root` is the one that the others were merged
    into, `face` the one whose words are shown."""

    root: W
    face: W
    all: tuple[W, ...]

    @property
    def others(self) -> tuple[W, ...]:
        """What is shown beside the face, where all words are."""
        return tuple(one for one in self.all if one.state == "visible" and one.id != self.face.id)


def together(entries: Iterable[W]) -> list[Together[W]]:
    """All that say the same, in the order of their ids. Where the one that stands for others was
    withdrawn, another's words are shown in its place; what a facilitator hid is hidden with all
    that was merged into it."""
    known = {entry.id: entry for entry in entries}
    root_of = roots({e.id: e.merged_into for e in known.values() if e.merged_into})
    found: dict[str, list[W]] = {}
    for entry_id in sorted(known):
        root = root_of.get(entry_id, entry_id)
        if root in known:
            found.setdefault(root, []).append(known[entry_id])
    return [_of_one(known[root], said) for root, said in found.items()]


def _of_one(root: W, said: list[W]) -> Together[W]:
    if root.state in ("visible", "hidden"):
        return Together(root, root, tuple(said))
    face = next((one for one in said if one.state == "visible"), root)
    return Together(root, face, tuple(said))


def roots(into: Mapping[str, str]) -> dict[str, str]:
    """By each one that was merged: the one that stands in its place, however long the chain."""
    found: dict[str, str] = {}
    for each in into:
        at, seen = each, {each}
        while (further := into.get(at)) is not None and further not in seen:
            at = further
            seen.add(at)
        found[each] = at
    return found
