"""What is an attendee's own: who they are in the room, and per open activity the last sequence and
the answer given.

It never travels in a shared frame; it goes in `welcome` and is painted by the client. Those who
arrive together are answered together: one look for all of them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.database import Database
from app.errors import NotSaved
from app.live import faults
from app.live import vault as vaults
from app.live.activity import EntryView, kind_of
from app.models.activities import Activity, ActivityStatus, Ballot, Entry, Mark, Mode
from app.models.groups import WorkingGroup
from app.models.people import Team
from app.models.rooms import Participant

# "me": name, team, how many share the phone, and who of the people list it is; "mine": activity →
# {"seq", "data"}. Without "me"
# where the database could not be asked: then the attendee is known from before or not at all.
Mine = dict[str, dict[str, Any]]
GATHER = 0.01  # seconds in which those who arrive are gathered
_CHUNK = 500


class MineReader:
    """Gathers questions for a moment and answers them from one look at the database."""

    def __init__(self, database: Database, vault: vaults.Vault, workers: Executor) -> None:
        self._database = database
        self._vault = vault
        self._workers = workers
        self._asked: list[tuple[str, str, Callable[[Mine | None], None]]] = []

    def ask(self, room_id: str, participant_id: str, told: Callable[[Mine | None], None]) -> None:
        """`told` hears what is the attendee's own, or None for one who is not (any longer) in the
        room."""
        self._asked.append((room_id, participant_id, told))
        if len(self._asked) == 1:
            asyncio.get_running_loop().call_later(GATHER, self._answer)

    def _answer(self) -> None:
        asked, self._asked = self._asked, []
        future = asyncio.get_running_loop().run_in_executor(
            self._workers, self._read, [(room, participant) for room, participant, _ in asked]
        )

        def tell(finished: "asyncio.Future[dict[str, Mine | None]]") -> None:
            if finished.cancelled():
                return
            if (error := finished.exception()) is not None:
                faults.note("mine.failed", error=type(error).__name__)
            found = {} if error else finished.result()
            for _, participant_id, told in asked:
                # A database that is away must not throw anybody out: no answers are known, none are
                # denied.
                told({} if error else found.get(participant_id))

        future.add_done_callback(tell)

    def _read(self, asked: list[tuple[str, str]]) -> dict[str, Mine | None]:
        with self._database.reading() as session:
            return read(session, self._vault, asked)


def read(
    session: Session, vault: vaults.Vault, asked: list[tuple[str, str]]
) -> dict[str, Mine | None]:
    """By participant: what is their own. Who is unknown, removed or elsewhere is missing."""
    found: dict[str, Mine | None] = {}
    for start in range(0, len(asked), _CHUNK):
        chunk = asked[start : start + _CHUNK]
        wanted = (
            select(  # type: ignore[call-overload]  # SQLModel has overloads for four columns
                Participant.id,
                Participant.room_id,
                Participant.name,
                Team.name,
                Participant.people,
                Participant.person_id,
                WorkingGroup.id,
                WorkingGroup.name,
                WorkingGroup.table,
            )
            .outerjoin(Team, col(Participant.team_id) == Team.id)
            .outerjoin(WorkingGroup, col(Participant.working_group_id) == WorkingGroup.id)
            .where(
                col(Participant.id).in_({participant for _, participant in chunk}),
                ~col(Participant.removed),
            )
        )
        present = {
            (room, participant): {
                "name": name,
                "team": team or "",
                "people": people,
                **({"person": person} if person else {}),
                **({"group_id": group_id, "group": group, "table": table} if group_id else {}),
            }
            for participant, room, name, team, people, person, group_id, group, table in (
                session.execute(wanted)
            )
        }
        welcome = [pair for pair in chunk if pair in present]
        found.update({pair[1]: {"me": present[pair], "mine": {}} for pair in welcome})
        for room_id in {room for room, _ in welcome}:
            participants = [participant for room, participant in welcome if room == room_id]
            _read_room(session, vault, room_id, participants, found)
    return found


def _read_room(
    session: Session,
    vault: vaults.Vault,
    room_id: str,
    participants: list[str],
    found: dict[str, Mine | None],
) -> None:
    activities = session.exec(
        select(Activity).where(
            col(Activity.room_id) == room_id,
            (col(Activity.status) == ActivityStatus.OPEN) | col(Activity.revealed),
        )
    ).all()
    for activity in activities:
        owners = _keys(activity, vault, participants)
        ballots = session.exec(
            select(Ballot.key, func.max(Ballot.seq))
            .where(col(Ballot.activity_id) == activity.id, col(Ballot.key).in_(list(owners)))
            .group_by(col(Ballot.key))
        ).all()
        if not ballots:
            continue
        marks = session.exec(
            select(Mark.key, Mark.entry_id, Mark.value).where(
                col(Mark.activity_id) == activity.id, col(Mark.key).in_([key for key, _ in ballots])
            )
        ).all()
        entries = _entries(session, activity.id, {entry for _, entry, _ in marks})
        for key, seq in ballots:
            own = [(entry, value) for owner, entry, value in marks if owner == key]
            own_of = found[owners[key]]
            if own_of is not None:
                own_of["mine"][activity.id] = {
                    "seq": seq,
                    "data": kind_of(activity.kind).answer(entries, own),
                }


def _keys(activity: Activity, vault: vaults.Vault, participants: list[str]) -> dict[str, str]:
    """Ballot key → participant. After scrubbing there is no key: nobody's answer can be told."""
    if activity.mode != Mode.ANONYMOUS:
        return {participant: participant for participant in participants}
    try:
        secret = vault.key(activity.id)
    except NotSaved:
        # The place of the keys is away: whose answer is whose cannot be told now; all else can.
        return {}
    return (
        {vaults.tag(secret, participant): participant for participant in participants}
        if secret
        else {}
    )


def _entries(session: Session, activity_id: str, ids: set[str]) -> dict[str, EntryView]:
    if not ids:
        return {}
    wanted = select(Entry).where(col(Entry.activity_id) == activity_id, col(Entry.id).in_(ids))
    return {
        entry.id: EntryView(
            entry.id,
            entry.text,
            entry.state,
            entry.merged_into,
            place=entry.place,
            data=entry.data,
        )
        for entry in session.exec(wanted)
    }
