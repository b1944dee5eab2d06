"""Conducting activities: ask, open, close, reveal, hide, count hands, go another round."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from sqlalchemy import delete
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import mark
from app.live import plan_options, prepared, program
from app.live.activity import Model, OneActivity, Said, kind_of
from app.live.commands import Command, Move
from app.live.prepared import MOST_OPTIONS
from app.models.activities import Activity, ActivityStatus, HandCount, Mode
from app.models.agenda import AgendaBlock
from app.models.fields import Line, Title
from app.models.rooms import RoomStatus, Screen
from app.operations import activities


class Staged(Model):
    activity: str | None = Field(default=None, max_length=36)


class Live(OneActivity):
    live: bool


class Again(OneActivity):
    """`title` and `config` ask it in other words; what is not named is asked as before."""

    title: Annotated[Title | None, Said] = None
    config: dict[str, Any] | None = None


class Stage(OneActivity):
    stage: str = Field(max_length=20)


class SomeActivities(Model):
    activities: list[Annotated[str, Field(max_length=36)]] = Field(max_length=200)


class HandFigure(Model):
    id: str = Field(default="", max_length=36)
    value: int = Field(default=1, ge=-1000, le=1000)
    count: int = Field(ge=0, le=100_000)


class Hands(OneActivity):
    counts: list[HandFigure] = Field(max_length=200)


def _not_blank(options: list[str]) -> list[str]:
    return [option for option in options if option]


class Create(Model):
    """An ad hoc activity; `open` sends it to the phones at once."""

    kind: str = Field(max_length=30)
    title: Title
    mode: Mode = Mode.ANONYMOUS
    config: dict[str, Any] = Field(default_factory=dict)
    # Rows of the quick form that were left empty are no options.
    options: Annotated[list[Line], AfterValidator(_not_blank)] = Field(
        default_factory=list, max_length=MOST_OPTIONS
    )
    block: str | None = Field(default=None, max_length=36)
    open: bool = False
    live: bool = False
    quietly: bool = False  # on the phones alone: the projector shows what it showed


class ScreenChoice(Model):
    screen: Screen


def create(move: Move, data: Create) -> dict[str, Any]:
    asked = data.model_dump(include={"kind", "title", "mode", "config", "options", "live"})
    if not data.options:
        del asked["options"]  # the plan's own, where its kind has such
    block_id = _block(move, data.block) if data.block else move.room.block_id
    activity = prepared.make_draft(
        move.session,
        move.room.kickoff_id,
        {**asked, "block_id": block_id, "room_id": move.room.id},
    )
    activity.on_the_spot = data.open
    move.event_data["made"] = move.to_undo["made_activity"] = activity.id
    if data.open:
        _open(move, activity, quietly=data.quietly)
    return {"activity": activity.id}


def _block(move: Move, block_id: str) -> str:
    """A block of this kickoff's agenda, or NotFound."""
    found = move.session.get(AgendaBlock, block_id)
    if found is None or found.kickoff_id != move.room.kickoff_id:
        raise NotFound(mark("There is no such block."))
    return found.id


def open_(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    _walk_to(move, activity)
    if activity.status == ActivityStatus.OPEN:
        return
    if activity.scrubbed or activity.status == ActivityStatus.FROZEN:
        raise Conflict(mark("Its ballots are counts by now: open a new round instead."))
    _open(move, activity)


def close(move: Move, data: OneActivity) -> None:
    activities.close(move.activity(data.activity), move.now_ms)


def close_open(move: Move, data: SomeActivities) -> None:
    """What other blocks left open, all at once."""
    for activity_id in data.activities:
        activities.close(move.activity(activity_id), move.now_ms)


def reveal(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    if activity.status == ActivityStatus.DRAFT:
        raise Conflict(mark("Nobody has answered it yet."))
    activity.revealed = True
    activity.has_changed()
    move.room.stage_activity_id = activity.id
    move.room.screen = Screen.SHOW


def hide(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    activity.revealed = False
    activity.live = False
    activity.has_changed()


def set_live(move: Move, data: Live) -> None:
    """Whether results show while people answer. Going live reveals, going back hides."""
    activity = move.activity(data.activity)
    activity.live = data.live
    if activity.status != ActivityStatus.DRAFT:
        activity.revealed = data.live
    activity.has_changed()


def stage(move: Move, data: Staged) -> None:
    """Put an activity on the projector, or the block itself."""
    if data.activity is not None:
        _walk_to(move, move.activity(data.activity))
    else:
        move.room.stage_item = move.room.stage_focus = ""
    move.room.stage_activity_id = data.activity
    move.room.screen = Screen.SHOW


def to_stage(move: Move, data: Stage) -> None:
    """On, or back, to another stage of an activity that has several."""
    activity = move.activity(data.activity)
    if data.stage not in kind_of(activity.kind).stages:
        raise Invalid(faults=[Fault("/stage", mark("There is no such stage."))])
    if activity.stage != data.stage:
        activity.live = False  # shown as it comes: that was said of the stage that ends here
    activity.stage = data.stage
    shown = kind_of(activity.kind).shown_in(data.stage, live=activity.live)
    if shown is not None and activity.status != ActivityStatus.DRAFT:
        activity.revealed = shown
    activity.has_changed()
    move.event_data["title"] = activity.title


def set_screen(move: Move, data: ScreenChoice) -> None:
    if data.screen == Screen.NOTE and move.room.shown_note_id is None:
        raise Conflict(mark("No decision has been shown yet."))
    move.room.screen = data.screen


def new_round(move: Move, data: Again) -> dict[str, Any]:
    """The same question again, in other words if need be; the earlier round is closed and stays as
    it was asked and answered, to be compared."""
    before = move.activity(data.activity)
    if before.status == ActivityStatus.OPEN:
        close(move, data)
    asked = {**before.config, **(data.config or {})}
    again = Activity(
        **before.model_dump(include={"kickoff_id", "room_id", "block_id", "kind", "mode", "live"}),
        title=data.title or before.title,
        config=prepared.checked_config(kind_of(before.kind), asked) if data.config else asked,
        on_the_spot=before.on_the_spot,
        position=before.position,
        round=before.round + 1,
        previous_id=before.id,
        stage=kind_of(before.kind).stages[0] if kind_of(before.kind).stages else None,
    )
    move.session.add(again)
    move.session.flush()
    options = prepared.options_of(move.session, [before.id])
    prepared.add_options(move.session, again.id, [entry.text for entry in options])
    plan_options.follow(move.session, before, again)
    _open(move, again)
    _walk_to(move, again)
    move.event_data["made"] = move.to_undo["made_activity"] = again.id
    return {"activity": again.id}


def count_hands(move: Move, data: Hands) -> None:
    """A counted show of hands replaces the one before."""
    activity = move.activity(data.activity)
    before = select(HandCount).where(col(HandCount.activity_id) == activity.id)
    move.to_undo["hands"] = [hand.model_dump() for hand in move.session.exec(before)]
    move.to_undo["hands_of"] = activity.id
    move.session.execute(delete(HandCount).where(col(HandCount.activity_id) == activity.id))
    options = {entry.id for entry in prepared.options_of(move.session, [activity.id])}
    counted: set[str | int] = set()
    for figure in data.counts:
        if options and figure.id not in options:
            raise Invalid(faults=[Fault("/counts", mark("There is no such option."))])
        what = figure.id if options else figure.value
        if what in counted:
            raise Invalid(faults=[Fault("/counts", mark("Each is counted once."))])
        counted.add(what)
        move.session.add(
            HandCount(
                activity_id=activity.id,
                entry_id=figure.id if options else "",
                value=1 if options else figure.value,
                count=figure.count,
            )
        )


def _walk_to(move: Move, activity: Activity) -> None:
    """From an activity of the running block "next" goes on, however it came on the projector; what
    is asked on the spot is no step of the program."""
    of_block = activity.block_id is not None and activity.block_id == move.room.block_id
    if of_block and not activity.on_the_spot and not kind_of(activity.kind).aside:
        program.walk_to(move.session, move.room, f"activity:{activity.id}")


def _open(move: Move, activity: Activity, *, quietly: bool = False) -> None:
    logic = kind_of(activity.kind)
    if move.room.status == RoomStatus.ENDED and not logic.outlives_day:
        raise Conflict(mark("The day is over: nothing would close it."))
    if activity.mode == Mode.ANONYMOUS:
        # Before the first ballot can come: the key outlives a crash, the ballots never outlive the
        # key unseen.
        if move.vault.key(activity.id) is None and activities.has_ballots(
            move.session, activity.id
        ):
            raise Conflict(mark("Its key is lost: open a new round instead."))
        move.vault.make(activity.id)
    if activity.opened_at is None:
        plan_options.tie(move.session, activity)
    logic.begin(move, activity)
    activity.status = ActivityStatus.OPEN
    activity.closed_at = None
    activity.opened_at = activity.opened_at or move.now_ms
    shown = activity.live or logic.aside or not logic.reveals
    activity.revealed = activity.revealed or shown
    activity.has_changed()
    if not quietly and not logic.aside:
        move.room.stage_activity_id = activity.id
        move.room.screen = Screen.SHOW
    move.event_data["title"] = activity.title


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "screen.set": Command(set_screen, FACILITATE, ScreenChoice, undoable=True),
    "activity.create": Command(create, FACILITATE, Create, undoable=True),
    "activity.open": Command(open_, FACILITATE, OneActivity, undoable=True),
    "activity.close": Command(close, FACILITATE, OneActivity, undoable=True),
    "activity.close_open": Command(close_open, FACILITATE, SomeActivities, undoable=True),
    "activity.reveal": Command(reveal, FACILITATE, OneActivity, undoable=True),
    "activity.hide": Command(hide, FACILITATE, OneActivity, undoable=True),
    "activity.live": Command(set_live, FACILITATE, Live, undoable=True),
    "activity.stage": Command(stage, FACILITATE, Staged, undoable=True),
    "activity.to_stage": Command(to_stage, FACILITATE, Stage, undoable=True),
    "activity.new_round": Command(new_round, FACILITATE, Again, undoable=True),
    "activity.hands": Command(count_hands, FACILITATE, Hands, undoable=True),
}
