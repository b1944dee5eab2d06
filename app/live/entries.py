"""What attendees wrote, in a facilitator's hands: hidden and shown, approved, merged."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import mark
from app.live import merging
from app.live.activity import EntryView, Model, kind_of
from app.live.commands import Command, Move
from app.models.activities import Entry, EntryState


class OneEntry(Model):
    activity: str = Field(max_length=36)
    entry: str = Field(max_length=36)


class SomeEntries(Model):
    activity: str = Field(max_length=36)
    entries: list[Annotated[str, Field(max_length=36)]] = Field(max_length=1000)


class Merge(SomeEntries):
    """`entries` become part of `into`."""

    into: str = Field(max_length=36)


class Unmerge(OneEntry):
    """`whole`: all that was merged into that one, not it from another."""

    whole: bool = False


def hide_entry(move: Move, data: OneEntry) -> None:
    _written(move, data.activity, data.entry).state = EntryState.HIDDEN


def show_entry(move: Move, data: OneEntry) -> None:
    _written(move, data.activity, data.entry).state = EntryState.VISIBLE


def show_entries(move: Move, data: SomeEntries) -> None:
    """Approve what waits, and only what the facilitator had before them. What was hidden stays."""
    move.activity(data.activity)
    for entry_id in data.entries:
        entry = _written(move, data.activity, entry_id)
        if entry.state == EntryState.PENDING:
            entry.state = EntryState.VISIBLE


def merge(move: Move, data: Merge) -> None:
    """Two say the same: one stands for both, and nothing of either is lost."""
    _mergeable(move, data.activity)
    standing = _written(move, data.activity, data.into)
    if standing.merged_into is not None:
        raise Conflict(mark("That one is part of another already."))
    parts = [_written(move, data.activity, entry_id) for entry_id in data.entries]
    if not parts or standing in parts:
        raise Invalid(faults=[Fault("/entries", mark("Choose another one to merge with."))])
    if any(part.place != standing.place for part in parts):
        raise Conflict(mark("They stand in different columns."))
    move.keep_entries(parts, "merged_into")
    for part in parts:
        part.merged_into = standing.id


def unmerge(move: Move, data: Unmerge) -> None:
    """It stands by itself again, with its own marks."""
    _mergeable(move, data.activity)
    named = _written(move, data.activity, data.entry)
    parts = _parts_of(move, named) if data.whole else [named]
    move.keep_entries(parts, "merged_into")
    for part in parts:
        part.merged_into = None


def standing_for(move: Move, activity_id: str, entry_id: str) -> Entry:
    """The entry that stands for this one, itself unless it was merged."""
    return standing_for_each(move, activity_id, [entry_id])[0]


def standing_for_each(move: Move, activity_id: str, entry_ids: Iterable[str]) -> list[Entry]:
    """The entries that stand for these, each once, read together."""
    wanted = select(Entry).where(
        col(Entry.activity_id) == activity_id, col(Entry.merged_into).is_not(None)
    )
    merged = (
        EntryView(entry.id, entry.text, merged_into=entry.merged_into)
        for entry in move.session.scalars(wanted)
    )
    root_of = merging.roots(merged)
    standing = list(dict.fromkeys(root_of.get(each, each) for each in entry_ids))
    named = select(Entry).where(col(Entry.activity_id) == activity_id, col(Entry.id).in_(standing))
    # Held while each is looked for, so that none is read a second time.
    held = (move.activity(activity_id), move.session.scalars(named).all())
    found = [move.entry(activity_id, entry_id) for entry_id in standing]
    del held
    return found


def _parts_of(move: Move, standing: Entry) -> list[Entry]:
    """All that this one stands for, however long the chain."""
    wanted = select(Entry).where(
        col(Entry.activity_id) == standing.activity_id, col(Entry.merged_into).is_not(None)
    )
    merged = {each.id: each for each in move.session.scalars(wanted)}
    root_of = merging.roots(
        EntryView(e.id, e.text, merged_into=e.merged_into) for e in merged.values()
    )
    return [merged[each] for each, root in root_of.items() if root == standing.id]


def _mergeable(move: Move, activity_id: str) -> None:
    activity = move.activity(activity_id)
    if not kind_of(activity.kind).merges:
        raise NotFound(mark("There is no such entry."))
    if activity.scrubbed:
        raise Conflict(mark("Its ballots are counts by now: open a new round instead."))


def _written(move: Move, activity_id: str, entry_id: str) -> Entry:
    activity = move.activity(activity_id)
    if not kind_of(activity.kind).moderated:
        raise NotFound(mark("There is no such entry."))
    return move.entry(activity_id, entry_id)


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "entry.hide": Command(hide_entry, FACILITATE, OneEntry, premise=False, leaves_undo=True),
    "entry.show": Command(show_entry, FACILITATE, OneEntry, premise=False, leaves_undo=True),
    "entry.show_all": Command(
        show_entries, FACILITATE, SomeEntries, premise=False, leaves_undo=True
    ),
    "entry.merge": Command(merge, FACILITATE, Merge, premise=False, undoable=True),
    "entry.unmerge": Command(unmerge, FACILITATE, Unmerge, premise=False, undoable=True),
}
