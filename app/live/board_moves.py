"""What facilitators push on boards, each of which can be undone; and what attendees may push too:
a card becomes an action."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from app import ids
from app.errors import ActivityClosed, Fault, Invalid, NotAllowed, NotFound
from app.i18n import mark
from app.live.activity import EntryView, Id, OneActivity
from app.live.boards import ALL, EVERY, FRAME, BoardConfig, Name, where
from app.live.card_words import LONGEST_TITLE, CardSaid, Text, changed_by, line
from app.live.commands import Move
from app.models.activities import ActivityStatus, Entry, EntryState
from app.operations import cards
from app.rules import columns

MINUTE_MS = 60_000


class OneCard(OneActivity):
    card: Id


class NewCard(OneActivity):
    board: Id
    column: int = Field(default=0, ge=0, le=5)
    text: Text


class MovedCard(OneCard):
    """`board`: another one, if it goes there."""

    board: Id = ""
    column: int = Field(ge=0, le=5)
    to: Literal["top", "bottom", "up", "down", ""] = ""
    after: Id = ""
    before: Id = ""


class EditedCard(CardSaid, OneCard):
    pass


class Frame(OneActivity):
    """The columns' names in their order. A name that was left empty takes its column away: the
    cards go to the neighbour. What comes after the columns that are there is new."""

    columns: list[Name] = Field(min_length=1, max_length=12)


class Timer(OneActivity):
    """Of one board, or of all. No minutes: stopped."""

    board: Id = EVERY
    minutes: int = Field(default=0, ge=0, le=600)
    more: bool = False  # beside what is left


class Spotlight(OneActivity):
    board: Id | None = None


def _card(move: Move, data: OneCard) -> Entry:
    entry = move.entry(data.activity, data.card)
    if not _where_of(entry)[0]:
        raise NotFound(mark("There is no such entry."))
    return entry


def _where_of(entry: Entry) -> tuple[str, int]:
    return where(EntryView(entry.id, entry.text, place=entry.place))


def _column(move: Move, data: NewCard | MovedCard, board: str) -> str:
    """The place of that column, which is there."""
    config = BoardConfig.model_validate(move.activity(data.activity).config)
    known = {ALL, *cards.boards_of(move.session, move.room.kickoff_id)}
    if data.column >= len(config.names) or board not in known:
        raise NotFound(mark("There is no such column any more."))
    return f"{board}/{data.column}"


def add_card(move: Move, data: NewCard) -> dict[str, Any]:
    place = _column(move, data, data.board)
    title = line(data.text, LONGEST_TITLE)
    if not title:
        raise Invalid(faults=[Fault("/text", mark("Write something first."))])
    # Taken back it is a card that was removed.
    card = Entry(activity_id=data.activity, text=title, place=place, state=EntryState.WITHDRAWN)
    move.keep_entries([card], "state")
    card.state = EntryState.VISIBLE
    _take_places(move, data.activity, cards.positions_for(move.session, card, place), card)
    move.session.add(card)
    return {"card": card.id}


def move_card(move: Move, data: MovedCard) -> None:
    card = _card(move, data)
    place = _column(move, data, data.board or _where_of(card)[0])
    positions = cards.positions_for(
        move.session,
        card,
        place,
        to=data.to or "bottom",
        after=data.after or None,
        before=data.before or None,
    )
    move.keep_entries([card], "place", "position")
    card.place = place
    _take_places(move, data.activity, positions, card)


def _take_places(move: Move, activity_id: str, positions: dict[str, str], card: Entry) -> None:
    for card_id, position in positions.items():
        moved = card if card_id == card.id else move.entry(activity_id, card_id)
        if moved is not card:
            move.keep_entries([moved], "position")
        moved.position = position


def edit_card(move: Move, data: EditedCard) -> None:
    card = _card(move, data)
    text, members = changed_by(data, card.data, ids.random_id())
    if text is not None:
        move.keep_entries([card], "text")
        card.text = text
    if members:
        move.keep_members(card, members)
        card.data = _with(card.data, members)


def remove(move: Move, data: OneCard) -> None:
    _set_state(move, data, EntryState.WITHDRAWN)


def restore(move: Move, data: OneCard) -> None:
    _set_state(move, data, EntryState.VISIBLE)


def _set_state(move: Move, data: OneCard, state: EntryState) -> None:
    card = _card(move, data)
    move.keep_entries([card], "state")
    card.state = state


def set_frame(move: Move, data: Frame) -> None:
    """Other columns. Cards of one that goes are put under those of its neighbour to the left."""
    activity = move.activity(data.activity)
    config = BoardConfig.model_validate(activity.config)
    kept = [number for number, name in enumerate(data.columns[: len(config.names)]) if name]
    names = [name for name in data.columns if name]
    if not 2 <= len(names) <= 6:
        raise Invalid(faults=[Fault("/columns", mark("A board has two to six columns."))])
    new_number = {old: new for new, old in enumerate(kept)}
    goes_to = {
        old: new_number.get(old, max(0, sum(k < old for k in kept) - 1))
        for old in range(len(config.names))
    }
    move.keep_config(activity)
    activity.config = {**activity.config, "columns": names}
    activity.has_changed()
    renumber(move, data.activity, goes_to)


def renumber(move: Move, activity_id: str, goes_to: Mapping[int, int]) -> None:
    columns_now: dict[str, list[Entry]] = {}
    for card in cards.cards_of(move.session, activity_id):
        board, number = _where_of(card)
        columns_now.setdefault(f"{board}/{goes_to.get(number, 0)}", []).append(card)
    for place, there in columns_now.items():
        if len({card.place for card in there}) == 1 and there[0].place == place:
            continue
        move.keep_entries(there, "place", "position")
        there.sort(key=lambda card: (_where_of(card)[1], card.position, card.id))
        for card, position in zip(there, columns.spread(len(there)), strict=True):
            card.place, card.position = place, position


def _frame_of(move: Move, activity_id: str) -> Entry:
    """The entry that has what is set for all boards."""
    activity = move.activity(activity_id)
    frame_id = ids.derived_id(activity.id, FRAME)
    found = move.session.get(Entry, (activity.id, frame_id))
    if found is None:
        found = Entry(activity_id=activity.id, id=frame_id, text="", place=FRAME, data={})
        move.session.add(found)
        move.session.flush()
    return found


def _set_member(move: Move, activity_id: str, members: dict[str, Any]) -> None:
    frame = _frame_of(move, activity_id)
    move.keep_members(frame, members)
    frame.data = _with(frame.data, members)


def _with(data: Mapping[str, Any] | None, members: Mapping[str, Any]) -> dict[str, Any]:
    """What is None is gone, on either database alike."""
    told = {**(data or {}), **members}
    return {name: value for name, value in told.items() if value is not None}


def set_timer(move: Move, data: Timer) -> None:
    name = f"timer:{data.board}"
    held = _frame_of(move, data.activity).data or {}
    begins_at = max(move.now_ms, held.get(name) or 0) if data.more else move.now_ms
    members: dict[str, Any] = {name: None}
    if data.minutes:
        members[name] = begins_at + data.minutes * MINUTE_MS
    if data.board == EVERY:
        # One sprint for everybody takes the place of those of single boards.
        members |= {each: None for each in held if each.startswith("timer:") and each != name}
    _set_member(move, data.activity, members)


def set_spotlight(move: Move, data: Spotlight) -> None:
    _set_member(move, data.activity, {"spotlight": data.board})


def become_action(move: Move, data: OneCard) -> dict[str, Any]:
    """The card becomes an action, once however often it is tapped."""
    card = _card(move, data)
    who = move.participant
    if who is not None and _where_of(card)[0] != (who.working_group_id or ALL):
        raise NotAllowed
    if card.state != EntryState.VISIBLE:
        raise NotFound(mark("There is no such entry."))
    if who is not None and move.activity(data.activity).status != ActivityStatus.OPEN:
        raise ActivityClosed
    action = cards.make_action(move.session, move.room.kickoff_id, card, who=who)
    return {"action": action.id}
