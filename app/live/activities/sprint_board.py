"""Kanban boards for group sprints (L7): a board for each working group, all in one activity.

A card is an entry: `place` is "<board>/<column>", `position` its order there, `text` its title,
`data` flat members, so that two who change different ones both have their way. What moves in one
lane is one aspect of one card: an old message that comes late never undoes one's own newer one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from random import Random
from re import compile as pattern
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app import ids
from app.access import Permission
from app.errors import ActivityClosed, Fault, Invalid, NotAllowed, NotFound
from app.i18n import gettext, mark
from app.live.activity import (
    Activity,
    BallotState,
    BaseConfig,
    BaseResult,
    Change,
    CommandCall,
    EntryUpdate,
    EntryView,
    Id,
    Model,
    NewEntry,
    OneActivity,
    Refused,
    Seen,
)
from app.live.boards import ALL, EVERY, FRAME, Board, Sorting, boards_of, frame_of, where
from app.models.activities import ActivityStatus, Entry, EntryState
from app.models.text import clean_line
from app.operations import cards
from app.rehearsal.phrases import CARDS
from app.rules import columns
from app.rules.tally import Figures

if TYPE_CHECKING:
    from app.live.commands import Move
    from app.live.snapshot import ActivityView, GroupView, RoomSnapshot
    from app.models import activities as live

COLOURS = ("blue", "green", "yellow", "red")
LINKED = ("goal", "kpi", "risk", "deliverable")  # what of the plan a card can point at
MOST_COLUMNS = 6
MOST_IN_COLUMN = 60
MOST_KEPT = 300  # in a column, with those that were removed
MOST_CHECKS = 30
LONGEST_TITLE = 200
LONGEST_LINE = 80
MINUTE_MS = 60_000

_sorting = Sorting()
_LINK = pattern(rf"({'|'.join(LINKED)}):[0-9a-f-]{{36}}")

Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class SprintBoardConfig(BaseConfig):
    """Without names the columns are called what the reader's language calls them."""

    columns: list[Annotated[Name, Field(min_length=1)]] = Field(
        default_factory=list, max_length=MOST_COLUMNS
    )
    minutes: int | None = Field(default=None, ge=1, le=600)
    wip: int | None = Field(default=None, ge=1, le=50)
    risks: bool = False  # whether cards can point at them, which tells their titles to everybody

    @property
    def names(self) -> list[str]:
        usual = [gettext("To do"), gettext("Doing"), gettext("Done")]
        return self.columns if len(self.columns) > 1 else usual


class SprintBoardSubmission(Model):
    """`to` says where in the column, `after` and `before` beside which card; `item` is a new point
    of the checklist, `check` one that is there."""

    do: Literal["add", "move", "edit", "remove", "restore"]
    board: Id = ""
    card: Id = ""
    column: int | None = Field(default=None, ge=0, le=5)
    to: Literal["top", "bottom", "up", "down", ""] = ""
    after: Id = ""
    before: Id = ""
    text: Text | None = None
    owner: Text | None = None
    due: Text | None = None
    colour: Text | None = None
    link: Text | None = None
    item: Text | None = None
    check: Annotated[str, Field(max_length=10)] = ""
    done: bool | None = None


class BoardFigures(Model):
    """How many cards stand in each column."""

    board: str
    columns: list[int]


class SprintBoardResult(BaseResult):
    boards: list[BoardFigures]


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


class EditedCard(OneCard):
    text: Text | None = None
    owner: Text | None = None
    due: Text | None = None
    colour: Text | None = None
    link: Text | None = None
    item: Text | None = None
    check: Annotated[str, Field(max_length=10)] = ""
    done: bool | None = None


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


class SprintBoard(Activity):
    kind = "sprint_board"
    name = mark("Sprint boards")
    icon = "square-kanban"
    Config, Submission, Result = SprintBoardConfig, SprintBoardSubmission, SprintBoardResult
    moderated = True
    by_source = False
    modes = ("named",)
    shared_writing = True
    by_group = True
    outlives_day = True
    links_plan = True
    parts = ("kit", "board")
    reveals = False
    colours = COLOURS

    def lane_counted(self, stage: str | None) -> str | None:
        return None

    # -- what attendees send --------------------------------------------------------------------

    def refers(self, submission: SprintBoardSubmission) -> Sequence[str]:
        return [submission.card] if submission.card else []

    def surveys(self, submission: SprintBoardSubmission, group_id: str) -> Sequence[str]:
        board = group_id or ALL
        if submission.do == "restore":  # it may stand in any column
            return [f"{board}/{number}" for number in range(MOST_COLUMNS)]
        if submission.do not in ("add", "move"):
            return ()
        return [f"{board}/{submission.column or 0}"]

    def accept(
        self, config: SprintBoardConfig, state: BallotState, submission: SprintBoardSubmission
    ) -> Change:
        board = state.group_id or ALL
        if submission.board not in ("", board):
            raise NotAllowed
        if (submission.link or "").startswith("risk:") and not config.risks:
            submission = submission.model_copy(update={"link": ""})
        if submission.do == "add":
            return self._add(config, state, submission, board)
        card = state.known.get(submission.card)
        if card is None or card.place is None or card.state == EntryState.HIDDEN:
            raise NotFound
        if card.place.rpartition("/")[0] != board:
            raise NotAllowed
        if submission.do == "move":
            return self._move(config, state, submission, f"{board}/{submission.column}", card)
        if submission.do == "edit":
            return self._edit(state, submission, card)
        gone = submission.do == "remove"
        if not gone and card.state == EntryState.WITHDRAWN:
            _demand_room(_of_place(state, card.place), kept=0)
        told = EntryState.WITHDRAWN if gone else EntryState.VISIBLE
        return Change(updates=[EntryUpdate(card.id, state=told)], lane=f"state:{card.id}")

    def _add(
        self,
        config: SprintBoardConfig,
        state: BallotState,
        submission: SprintBoardSubmission,
        board: str,
    ) -> Change:
        number = submission.column or 0
        if number >= len(config.names):
            raise Refused(mark("There is no such column any more."))
        place = f"{board}/{number}"
        title, data = _changed(submission, None, state.new_entry())
        if title is None:
            raise Refused(mark("Write something first."))
        there = _of_place(state, place)
        _demand_room(there)
        card_id = state.new_entry()
        others = columns.in_order(_keys(there), without=card_id)
        at = 0 if submission.to == "top" else len(others)
        positions = columns.put(others, card_id, at)
        made = NewEntry(
            card_id,
            title,
            own=True,
            place=place,
            position=positions.pop(card_id),
            data={name: value for name, value in data.items() if value} or None,
        )
        moved = [EntryUpdate(other, position=position) for other, position in positions.items()]
        return Change(entries=[made], updates=moved, lane=f"card:{card_id}")

    def _move(
        self,
        config: SprintBoardConfig,
        state: BallotState,
        submission: SprintBoardSubmission,
        place: str,
        card: EntryView,
    ) -> Change:
        if submission.column is None or submission.column >= len(config.names):
            raise Refused(mark("There is no such column any more."))
        lane = f"place:{card.id}"
        is_here = card.place == place
        if submission.to in ("up", "down") and not is_here:
            return Change(lane=lane)  # somebody was faster: it stands in another column
        there = _of_place(state, place)
        if not is_here:
            _demand_room(there)
        others = columns.in_order(_keys(there), without=card.id)
        mine = (card.position, card.id) if is_here else None
        at = columns.place_for(
            others,
            mine,
            to=submission.to or "bottom",
            after=submission.after or None,
            before=submission.before or None,
        )
        positions = columns.put(others, card.id, at)
        updates = [
            EntryUpdate(moved, position=position, place=place if moved == card.id else None)
            for moved, position in positions.items()
        ]
        return Change(updates=updates, lane=lane)

    def _edit(
        self, state: BallotState, submission: SprintBoardSubmission, card: EntryView
    ) -> Change:
        text, data = _changed(submission, card.data, state.new_entry())
        if text is None and not data:
            raise Refused(mark("Nothing was changed."))
        # Pages with a script send one aspect at a time: then a late one undoes nothing newer.
        aspects = [*(("text",) if text is not None else ()), *data]
        lane = f"{aspects[0] if len(aspects) == 1 else 'form'}:{card.id}"
        return Change(updates=[EntryUpdate(card.id, text=text, data=data or None)], lane=lane)

    # -- what is shown --------------------------------------------------------------------------

    def result(
        self, config: SprintBoardConfig, entries: Sequence[EntryView], figures: Figures
    ) -> SprintBoardResult:
        number = len(config.names)
        counts: dict[str, list[int]] = {}
        for entry in entries:
            board, column = where(entry)
            if entry.state == EntryState.VISIBLE and board:
                counts.setdefault(board, [0] * number)[min(column, number - 1)] += 1
        boards = [BoardFigures(board=board, columns=each) for board, each in sorted(counts.items())]
        return SprintBoardResult(answered=figures.answered, boards=boards)

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {}

    def shown_entries(self, activity: "ActivityView", *, on_phones: bool) -> Sequence[EntryView]:
        return _sorting.standing(activity.entries)

    def of_group(self, activity: "ActivityView", group_id: str) -> "ActivityView":
        kept = _sorting.of_board(activity.entries, group_id or ALL)
        return replace(activity, entries=kept, result=None, tables=None)

    def boards(self, activity: "ActivityView", groups: Sequence["GroupView"]) -> list[Board]:
        config = activity.config
        assert isinstance(config, SprintBoardConfig), "a board's own"
        return boards_of(activity, config.names, groups, config.wip)

    def board_of(self, activity: "ActivityView", room: "RoomSnapshot") -> Board:
        """The board that a phone is shown: its group's, or that of all."""
        group = room.groups[0] if room.groups else None
        wanted = group.id if group else ALL
        boards = self.boards(activity, [group] if group else [])
        return next(board for board in boards if board.id == wanted)

    def kit_of(self, room: "RoomSnapshot") -> str:
        """Another one only where the card's form is: what of the plan it offers, and names."""
        offered = repr((room.plan_records, [(group.id, group.names) for group in room.groups]))
        return blake2b(offered.encode(), digest_size=6).hexdigest()

    def spotlight(self, activity: "ActivityView") -> str:
        """The board that the projector shows large, or ""."""
        return str(frame_of(activity.entries).get("spotlight") or "")

    def sprint_of_all(self, activity: "ActivityView") -> int | None:
        """Until when everybody's sprint goes."""
        return frame_of(activity.entries).get(f"timer:{EVERY}")

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        """Mostly cards are moved; while there are few, they are written."""
        there = [e for e in seen.entries if e.state == EntryState.VISIBLE and where(e)[0]]
        number = len(seen.config.names)
        if len(there) < 3 or (len(there) < 12 and random.random() < 0.3):
            return {"do": "add", "column": 0, "text": random.choice(CARDS)}
        card = random.choice(there)
        column = min(number - 1, max(0, where(card)[1] + random.choice((-1, 1, 1))))
        beside = random.choice(there)
        moved = {"do": "move", "card": card.id, "column": column}
        return moved if beside is card else {**moved, "after": beside.id}

    def talks_on(self, stage: str | None) -> float:
        return 0.7

    def linked(self, config: SprintBoardConfig) -> Collection[str]:
        return LINKED if config.risks else [sort for sort in LINKED if sort != "risk"]

    def put_back(self, move: "Move", activity: "live.Activity") -> None:
        """Cards of a column that is not there any more stand in the last."""
        last = len(SprintBoardConfig.model_validate(activity.config).names) - 1
        goes_to = {number: min(number, last) for number in range(MOST_COLUMNS)}
        _renumber(move, activity.id, goes_to)

    commands = {
        verb: CommandCall(run, Permission.FACILITATE, data, premise=False, undoable=True)
        for verb, run, data in (
            ("add", lambda move, data: _add_card(move, data), NewCard),
            ("move", lambda move, data: _move_card(move, data), MovedCard),
            ("edit", lambda move, data: _edit_card(move, data), EditedCard),
            ("remove", lambda move, data: _set_state(move, data, EntryState.WITHDRAWN), OneCard),
            ("restore", lambda move, data: _set_state(move, data, EntryState.VISIBLE), OneCard),
            ("frame", lambda move, data: _set_frame(move, data), Frame),
            ("timer", lambda move, data: _set_timer(move, data), Timer),
            ("spotlight", lambda move, data: _set_spotlight(move, data), Spotlight),
        )
    } | {
        "act": CommandCall(
            lambda move, data: _act(move, data), Permission.SUBMIT, OneCard, premise=False
        ),
        "take_on": CommandCall(
            lambda move, data: _act(move, data), Permission.FACILITATE, OneCard, premise=False
        ),
    }


# -- what a card may say ------------------------------------------------------------------------


def _changed(
    told: "SprintBoardSubmission | EditedCard", data: Mapping[str, Any] | None, made: str
) -> tuple[str | None, dict[str, Any]]:
    """The title and the members of `data` that are told; a member that was emptied is None."""
    changed: dict[str, Any] = {}
    if told.owner is not None:
        changed["owner"] = _line(told.owner, LONGEST_LINE) or None
    if told.due is not None:
        changed["due"] = _day(told.due)
    if told.colour is not None:
        changed["colour"] = told.colour if told.colour in COLOURS else None
    if told.link is not None:
        changed["link"] = told.link if _LINK.fullmatch(told.link) else None
    changed |= _checked(told, data or {}, made)
    if told.text is None:
        return None, changed
    title = _line(told.text, LONGEST_TITLE)
    if not title:
        raise Refused(mark("Write something first."))
    return title, changed


def _checked(
    told: "SprintBoardSubmission | EditedCard", data: Mapping[str, Any], made: str
) -> dict[str, Any]:
    """A point of the checklist: made, said otherwise (emptied it is gone), or done."""
    key = told.check
    if key:
        if f"check:{key}" not in data:
            raise NotFound
    elif told.item is not None:
        points = [name for name in data if name.startswith("check:")]
        if len(points) >= MOST_CHECKS:
            raise Refused(mark("The checklist is full: %(most)s points."), most=MOST_CHECKS)
        last = max((int(name[6:].partition("-")[0]) for name in points), default=0)
        # The end tells apart what two add at the same moment.
        key = f"{last + 1}-{made[:4]}"
        if not _line(told.item, LONGEST_TITLE):
            raise Refused(mark("Write something first."))
    changed: dict[str, Any] = {}
    if key and told.item is not None:
        changed[f"check:{key}"] = _line(told.item, LONGEST_TITLE) or None
    if key and told.done is not None:
        changed[f"done:{key}"] = told.done or None
    return changed


def _line(text: str, longest: int) -> str:
    line = clean_line(text)
    if len(line) > longest:
        raise Refused(
            mark("Too long: %(given)s characters, at most %(at_most)s fit."),
            given=len(line),
            at_most=longest,
        )
    return line


def _day(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise Refused(mark("Give the date as year-month-day.")) from None


def _of_place(state: BallotState, place: str) -> list[EntryView]:
    return [entry for entry in state.known.values() if entry.place == place]


def _demand_room(there: Sequence[EntryView], *, kept: int = 1) -> None:
    """For one more card in a column; removed ones count too in the end: `kept` is how many more
    there are with it."""
    if len(there) + kept > MOST_KEPT or len(_keys(there)) >= MOST_IN_COLUMN:
        raise Refused(mark("The column is full: %(most)s cards."), most=MOST_IN_COLUMN)


def _keys(entries: Sequence[EntryView]) -> list[columns.Card]:
    return [(e.position, e.id) for e in entries if e.state == EntryState.VISIBLE]


# -- what facilitators push ---------------------------------------------------------------------


def _card(move: "Move", data: OneCard) -> Entry:
    entry = move.entry(data.activity, data.card)
    if not where_of(entry)[0]:
        raise NotFound(mark("There is no such entry."))
    return entry


def where_of(entry: Entry) -> tuple[str, int]:
    return where(EntryView(entry.id, entry.text, place=entry.place))


def _column(move: "Move", data: NewCard | MovedCard, board: str) -> str:
    """The place of that column, which is there."""
    config = SprintBoardConfig.model_validate(move.activity(data.activity).config)
    known = {ALL, *cards.boards_of(move.session, move.room.kickoff_id)}
    if data.column >= len(config.names) or board not in known:
        raise NotFound(mark("There is no such column any more."))
    return f"{board}/{data.column}"


def _add_card(move: "Move", data: NewCard) -> dict[str, Any]:
    place = _column(move, data, data.board)
    title = _line(data.text, LONGEST_TITLE)
    if not title:
        raise Invalid(faults=[Fault("/text", mark("Write something first."))])
    # Taken back it is a card that was removed.
    card = Entry(activity_id=data.activity, text=title, place=place, state=EntryState.WITHDRAWN)
    move.keep_entries([card], "state")
    card.state = EntryState.VISIBLE
    _take_places(move, data.activity, cards.positions_for(move.session, card, place), card)
    move.session.add(card)
    return {"card": card.id}


def _move_card(move: "Move", data: MovedCard) -> None:
    card = _card(move, data)
    place = _column(move, data, data.board or where_of(card)[0])
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


def _take_places(move: "Move", activity_id: str, positions: dict[str, str], card: Entry) -> None:
    for card_id, position in positions.items():
        moved = card if card_id == card.id else move.entry(activity_id, card_id)
        if moved is not card:
            move.keep_entries([moved], "position")
        moved.position = position


def _edit_card(move: "Move", data: EditedCard) -> None:
    card = _card(move, data)
    text, members = _changed(data, card.data, ids.random_id())
    if text is not None:
        move.keep_entries([card], "text")
        card.text = text
    if members:
        move.keep_members(card, members)
        card.data = _with(card.data, members)


def _set_state(move: "Move", data: OneCard, state: EntryState) -> None:
    card = _card(move, data)
    move.keep_entries([card], "state")
    card.state = state


def _set_frame(move: "Move", data: Frame) -> None:
    """Other columns. Cards of one that goes are put under those of its neighbour to the left."""
    activity = move.activity(data.activity)
    config = SprintBoardConfig.model_validate(activity.config)
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
    _renumber(move, data.activity, goes_to)


def _renumber(move: "Move", activity_id: str, goes_to: Mapping[int, int]) -> None:
    columns_now: dict[str, list[Entry]] = {}
    for card in cards.cards_of(move.session, activity_id):
        board, number = where_of(card)
        columns_now.setdefault(f"{board}/{goes_to.get(number, 0)}", []).append(card)
    for place, there in columns_now.items():
        if len({card.place for card in there}) == 1 and there[0].place == place:
            continue
        move.keep_entries(there, "place", "position")
        there.sort(key=lambda card: (where_of(card)[1], card.position, card.id))
        for card, position in zip(there, columns.spread(len(there)), strict=True):
            card.place, card.position = place, position


def _frame_of(move: "Move", activity_id: str) -> Entry:
    """The entry that has what is set for all boards."""
    activity = move.activity(activity_id)
    frame_id = ids.derived_id(activity.id, FRAME)
    found = move.session.get(Entry, (activity.id, frame_id))
    if found is None:
        found = Entry(activity_id=activity.id, id=frame_id, text="", place=FRAME, data={})
        move.session.add(found)
        move.session.flush()
    return found


def _set_member(move: "Move", activity_id: str, members: dict[str, Any]) -> None:
    frame = _frame_of(move, activity_id)
    move.keep_members(frame, members)
    frame.data = _with(frame.data, members)


def _with(data: Mapping[str, Any] | None, members: Mapping[str, Any]) -> dict[str, Any]:
    """What is None is gone, on either database alike."""
    told = {**(data or {}), **members}
    return {name: value for name, value in told.items() if value is not None}


def _set_timer(move: "Move", data: Timer) -> None:
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


def _set_spotlight(move: "Move", data: Spotlight) -> None:
    _set_member(move, data.activity, {"spotlight": data.board})


def _act(move: "Move", data: OneCard) -> dict[str, Any]:
    """The card becomes an action, once however often it is tapped."""
    card = _card(move, data)
    who = move.participant
    if who is not None and where_of(card)[0] != (who.working_group_id or ALL):
        raise NotAllowed
    if card.state != EntryState.VISIBLE:
        raise NotFound(mark("There is no such entry."))
    if who is not None and move.activity(data.activity).status != ActivityStatus.OPEN:
        raise ActivityClosed
    action = cards.make_action(move.session, move.room.kickoff_id, card, who=who)
    return {"action": action.id}
