"""Kanban boards for group sprints (L7): a board for each working group, all in one activity.

A card is an entry: `place` is "<board>/<column>", `position` its order there, `text` its title,
`data` flat members, so that two who change different ones both have their way. What moves in one
lane is one aspect of one card: an old message that comes late never undoes one's own newer one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from app.access import Permission
from app.errors import NotAllowed, NotFound
from app.i18n import mark
from app.live import board_moves
from app.live.activity import (
    Activity,
    BallotState,
    BaseResult,
    Change,
    CommandCall,
    EntryUpdate,
    EntryView,
    Id,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.boards import (
    ALL,
    EVERY,
    MOST_COLUMNS,
    Board,
    BoardConfig,
    Sorting,
    boards_of,
    frame_of,
    where,
)
from app.live.card_words import COLOURS, LINKED, CardSaid, changed_by
from app.live.ready import Ready, Use
from app.models.activities import EntryState
from app.rehearsal.phrases import CARDS
from app.rules import columns
from app.rules.tally import Figures

if TYPE_CHECKING:
    from app.live.commands import Move
    from app.live.snapshot import ActivityView, GroupView, RoomSnapshot
    from app.models import activities as live

MOST_IN_COLUMN = 60
MOST_KEPT = 300  # in a column, with those that were removed

_sorting = Sorting()


class SprintBoardSubmission(CardSaid):
    """`to` says where in the column, `after` and `before` beside which card."""

    do: Literal["add", "move", "edit", "remove", "restore"]
    board: Id = ""
    card: Id = ""
    column: int | None = Field(default=None, ge=0, le=5)
    to: Literal["top", "bottom", "up", "down", ""] = ""
    after: Id = ""
    before: Id = ""


class BoardFigures(Model):
    """How many cards stand in each column."""

    board: str
    columns: list[int]


class SprintBoardResult(BaseResult):
    boards: list[BoardFigures]


class SprintBoard(Activity):
    kind = "sprint_board"
    name = mark("Sprint boards")
    icon = "square-kanban"
    Config, Submission, Result = BoardConfig, SprintBoardSubmission, SprintBoardResult
    ready = (
        Ready(
            Use.WORK,
            mark("Boards of the groups"),
            mark("Sprint board"),
            "square-kanban",
            mode="named",
            asks=False,
        ),
    )
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
        self, config: BoardConfig, state: BallotState, submission: SprintBoardSubmission
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
        config: BoardConfig,
        state: BallotState,
        submission: SprintBoardSubmission,
        board: str,
    ) -> Change:
        number = submission.column or 0
        if number >= len(config.names):
            raise Refused(mark("There is no such column any more."))
        place = f"{board}/{number}"
        title, data = changed_by(submission, None, state.new_entry())
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
        config: BoardConfig,
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
        text, data = changed_by(submission, card.data, state.new_entry())
        if text is None and not data:
            raise Refused(mark("Nothing was changed."))
        # Pages with a script send one aspect at a time: then a late one undoes nothing newer.
        aspects = [*(("text",) if text is not None else ()), *data]
        lane = f"{aspects[0] if len(aspects) == 1 else 'form'}:{card.id}"
        return Change(updates=[EntryUpdate(card.id, text=text, data=data or None)], lane=lane)

    # -- what is shown --------------------------------------------------------------------------

    def result(
        self, config: BoardConfig, entries: Sequence[EntryView], figures: Figures
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
        assert isinstance(config, BoardConfig), "a board's own"
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

    def linked(self, config: BoardConfig) -> Collection[str]:
        return LINKED if config.risks else [sort for sort in LINKED if sort != "risk"]

    def put_back(self, move: "Move", activity: "live.Activity") -> None:
        """Cards of a column that is not there any more stand in the last."""
        last = len(BoardConfig.model_validate(activity.config).names) - 1
        goes_to = {number: min(number, last) for number in range(MOST_COLUMNS)}
        board_moves.renumber(move, activity.id, goes_to)

    commands = {
        verb: CommandCall(run, Permission.FACILITATE, data, premise=False, undoable=True)
        for verb, run, data in (
            ("add", board_moves.add_card, board_moves.NewCard),
            ("move", board_moves.move_card, board_moves.MovedCard),
            ("edit", board_moves.edit_card, board_moves.EditedCard),
            ("remove", board_moves.remove, board_moves.OneCard),
            ("restore", board_moves.restore, board_moves.OneCard),
            ("frame", board_moves.set_frame, board_moves.Frame),
            ("timer", board_moves.set_timer, board_moves.Timer),
            ("spotlight", board_moves.set_spotlight, board_moves.Spotlight),
        )
    } | {
        "act": CommandCall(
            board_moves.become_action, Permission.SUBMIT, board_moves.OneCard, premise=False
        ),
        "take_on": CommandCall(
            board_moves.become_action, Permission.FACILITATE, board_moves.OneCard, premise=False
        ),
    }


def _of_place(state: BallotState, place: str) -> list[EntryView]:
    return [entry for entry in state.known.values() if entry.place == place]


def _demand_room(there: Sequence[EntryView], *, kept: int = 1) -> None:
    """For one more card in a column; removed ones count too in the end: `kept` is how many more
    there are with it."""
    if len(there) + kept > MOST_KEPT or len(_keys(there)) >= MOST_IN_COLUMN:
        raise Refused(mark("The column is full: %(most)s cards."), most=MOST_IN_COLUMN)


def _keys(entries: Sequence[EntryView]) -> list[columns.Card]:
    return [(e.position, e.id) for e in entries if e.state == EntryState.VISIBLE]
