"""What comes later in a batch is judged by what the earlier ones of it make of the activity, before
any of that is written."""

from dataclasses import replace

from app.live.activity import WROTE, Change, EntryView


def own(owned: dict[str, str], change: Change) -> None:
    """What the ballot has written, as the next of the batch finds it."""
    new = {entry_id for entry_id, value in change.marks if value == WROTE}
    owned.update({entry.id: entry.state for entry in change.entries if entry.id in new})
    owned.update({u.id: u.state for u in change.updates if u.state and u.id in owned})


def foresee(known: dict[str, EntryView], change: Change) -> None:
    """What comes after it in the batch is judged by what it makes of the entries."""
    for made in change.entries:
        if made.id not in known and not made.overwrite:
            known[made.id] = EntryView(
                made.id,
                made.text,
                made.state,
                place=made.place,
                position=made.position,
                data=made.data,
            )
    for update in change.updates:
        if (entry := known.get(update.id)) is not None:
            named = ("text", "state", "place", "position")
            told = {n: value for n in named if (value := getattr(update, n)) is not None}
            if update.data is not None:
                held = {**(entry.data or {}), **update.data}
                told["data"] = {name: value for name, value in held.items() if value is not None}
            known[update.id] = replace(entry, **told)
