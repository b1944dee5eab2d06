"""What everybody wrote and a facilitator puts together: which entries stand by themselves, in whose
words, and what is left that may say the same.

Shared by the kinds that merge lines (obstacles, notes). What stands in different columns (`place`)
does not say the same, whatever its words are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from app.live import answers, entries, merging
from app.live.activity import EntryView, OneActivity
from app.live.commands import Move
from app.live.snapshot import ActivityView
from app.models.activities import EntryState
from app.rules import merges
from app.rules.obstacles import Suggestion, alike_but_for_signs, suggestions


def standing(activity: ActivityView) -> list[EntryView]:
    """Those that stand by themselves, in an order that tells nothing."""
    return standing_of(activity.entries)


def standing_of(written: Iterable[EntryView]) -> list[EntryView]:
    return [_as_shown(one) for one in _shown(written)]


def with_parts(activity: ActivityView) -> list[EntryView]:
    """The same with what was merged into them, as far as it is shown beside them."""
    shown = _shown(activity.entries)
    return [*(_as_shown(one) for one in shown), *(part for one in shown for part in one.others)]


def words(written: Iterable[EntryView]) -> dict[str, str]:
    """What each of those that stand is called."""
    return {one.root.id: one.face.text for one in _shown(written)}


def others(activity: ActivityView) -> dict[str, int]:
    """How many said the same in other words, by the one that stands for them."""
    return {one.root.id: len(one.others) for one in _shown(activity.entries)}


def merged(activity: ActivityView) -> dict[str, list[EntryView]]:
    """What was merged, by the one that stands for it."""
    found: dict[str, list[EntryView]] = {}
    written = {entry.id: entry for entry in activity.entries}
    for part, root in merging.roots(activity.entries).items():
        found.setdefault(root, []).append(written[part])
    return found


def to_merge(activity: ActivityView) -> list[Suggestion]:
    """What may say the same, as far as it still stands apart."""
    there = [e for e in activity.entries if e.state == EntryState.VISIBLE]
    root_of = merging.roots(activity.entries)
    apart = {e.id for e in standing(activity)}
    return [
        each
        for column in _columns(sorted(there, key=lambda e: e.id))
        for each in suggestions(tuple((e.id, e.text) for e in column), root_of, apart)
    ]


def alike(activity: ActivityView) -> int:
    """How many could be merged as they are the same but for case and signs."""
    return sum(len(group) - 1 for group in _groups(activity))


def merge_alike(move: Move, data: OneActivity) -> dict[str, Any]:
    """All that are the same but for case and signs, in one go."""
    groups = _groups(view_of(move, data.activity))
    for stands, *same in groups:
        entries.merge(move, entries.Merge(activity=data.activity, into=stands, entries=same))
    return {"merged": sum(len(group) - 1 for group in groups)}


def view_of(move: Move, activity_id: str) -> ActivityView:
    """The activity as views see it, within a move."""
    activity = move.activity(activity_id)
    move.session.flush()
    there = answers.beside(move.session, [activity])
    return answers.activities_of(move.session, [activity], there)[0]


def _groups(activity: ActivityView) -> list[tuple[str, ...]]:
    return [
        group
        for column in _columns(standing(activity))
        for group in alike_but_for_signs((e.id, e.text) for e in column)
    ]


def _columns(written: Iterable[EntryView]) -> Iterator[list[EntryView]]:
    found: dict[str | None, list[EntryView]] = {}
    for entry in written:
        found.setdefault(entry.place, []).append(entry)
    yield from found.values()


def _shown(written: Iterable[EntryView]) -> list[merges.Together[EntryView]]:
    return sorted(
        (one for one in merges.together(written) if one.face.state == EntryState.VISIBLE),
        key=lambda one: one.root.id,
    )


def _as_shown(one: merges.Together[EntryView]) -> EntryView:
    """Ranked and owned under the id of the one that the others were merged into, whoever's words
    are shown."""
    root, face = one.root, one.face
    if face is root:
        return root
    return replace(root, text=face.text, state=face.state, author=face.author)
