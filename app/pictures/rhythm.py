"""The rhythm of communication (P11): what is said where at the kickoff and at day 30, 60 and 90."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.communication import CHANNEL_KINDS, STEP_DAYS, Channel, CommunicationStep
from app.models.kickoffs import Kickoff
from app.operations.derived import today_in
from app.operations.entities import PEOPLE, SEGMENTS
from app.pictures.boxes import MOST_DRAWN
from app.pictures.names import day_after, names_of
from app.pictures.picture import Picture
from app.rules.folding import shown_of_each

DONE, LATE, PLANNED = "done", "late", "planned"


@dataclass(frozen=True)
class Step:
    """`state`: done, late or planned. `attended` is the attendance as a share of whom the channel
    reaches, where both are known."""

    id: str
    title: str
    state: str
    due: date | None
    done_on: date | None
    audience: str
    owner: str
    opened: float | None
    attendance: int | None
    attended: float | None


@dataclass(frozen=True)
class Day:
    """A column: its words, and its date where the kickoff has one."""

    code: str
    label: str
    falls_on: date | None
    steps: int


@dataclass(frozen=True)
class Row:
    """A channel with its steps by day; `id` is "" for what has no channel. `more`: how many of
    each day are left out, where all of them would be too many."""

    id: str
    name: str
    kind: str
    reach: int | None
    owner: str
    days: tuple[tuple[Step, ...], ...]
    more: tuple[int, ...]


@dataclass(frozen=True)
class Rhythm:
    days: tuple[Day, ...]
    rows: tuple[Row, ...]

    @property
    def has_steps(self) -> bool:
        return any(day.steps for day in self.days)


def rhythm(session: Session, kickoff: Kickoff) -> Rhythm:
    channels = session.scalars(
        select(Channel)
        .where(col(Channel.kickoff_id) == kickoff.id)
        .order_by(col(Channel.position), col(Channel.id))
    ).all()
    steps = session.scalars(
        select(CommunicationStep)
        .where(col(CommunicationStep.kickoff_id) == kickoff.id)
        .order_by(col(CommunicationStep.id))
    ).all()
    people = names_of(session, PEOPLE, kickoff.id)
    segments = names_of(session, SEGMENTS, kickoff.id)
    reach = {channel.id: channel.reach for channel in channels}
    today = today_in(kickoff)
    placed = defaultdict[tuple[str, str], list[Step]](list)
    for one in steps:
        due = one.due or day_after(kickoff, int(one.day))
        placed[one.channel_id or "", str(one.day)].append(
            Step(
                id=one.id,
                title=one.title,
                state=_state(one.done_on, due, today),
                due=due,
                done_on=one.done_on,
                audience=segments.get(one.segment_id or "", ""),
                owner=people.get(one.owner_id or "", ""),
                opened=one.opened,
                attendance=one.attendance,
                attended=_share(one.attendance, reach.get(one.channel_id or "")),
            )
        )
    codes = [code for code, _ in STEP_DAYS]
    kinds = dict(CHANNEL_KINDS)
    shown = shown_of_each({at: len(found) for at, found in placed.items()}, MOST_DRAWN)
    rows = [
        Row(
            channel.id,
            channel.name,
            kinds[str(channel.kind)],
            channel.reach,
            people.get(channel.owner_id or "", ""),
            *_of(placed, shown, channel.id, codes),
        )
        for channel in channels
    ]
    if any(not channel_id for channel_id, _ in placed):
        rows.append(Row("", "", "", None, "", *_of(placed, shown, "", codes)))
    days = tuple(
        Day(
            code,
            label,
            day_after(kickoff, int(code)),
            sum(len(found) for (_, day), found in placed.items() if day == code),
        )
        for code, label in STEP_DAYS
    )
    return Rhythm(days, tuple(rows))


def _of(
    placed: Mapping[tuple[str, str], Sequence[Step]],
    shown: Mapping[tuple[str, str], int],
    channel_id: str,
    codes: Sequence[str],
) -> tuple[tuple[tuple[Step, ...], ...], tuple[int, ...]]:
    """A channel's steps by day, those of a day by date, and how many more each day has."""
    days, more = [], []
    for code in codes:
        found = sorted(placed.get((channel_id, code), ()), key=lambda one: one.due or date.max)
        most = shown.get((channel_id, code), 0)
        days.append(tuple(found[:most]))
        more.append(len(found) - most)
    return tuple(days), tuple(more)


def _state(done_on: date | None, due: date | None, today: date) -> str:
    if done_on is not None:
        return DONE
    return LATE if due is not None and due < today else PLANNED


def _share(attendance: int | None, reach: int | None) -> float | None:
    """More may come than were reached: nobody is more than all."""
    return min(1.0, attendance / reach) if attendance is not None and reach else None


PICTURE = Picture(
    code="rhythm",
    name=mark("Communication rhythm"),
    about=mark("What is said where at the kickoff and at day 30, 60 and 90, and how it went."),
    icon="radio",
    order=80,
    view=rhythm,
    rows_on_stage=2,  # each holds several lines
)
