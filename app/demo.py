"""The demo: an organisation, its kickoff, and a room in the middle of its day with people and
votes in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app import clock, demo_plan, ids
from app.access import Actor, Role, Scope
from app.database import AUTHOR, Database
from app.demo_day import seed_the_way
from app.demo_lived import seed_lived
from app.demo_pulses import seed_waves
from app.demo_records import seed_records
from app.live.activity import EntryView, Seen, kind_of
from app.live.counting import Counting
from app.live.ledger_sql import Statements
from app.live.prepared import make_draft
from app.live.vault import Vault
from app.live.votes import Vote
from app.models.activities import Activity, ActivityStatus, Entry, Mode
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation, User
from app.models.people import Team
from app.models.rooms import Participant, Room, RoomStatus
from app.operations import accounts
from app.operations.kickoffs import new_kickoff
from app.rules import timebox

ADMINISTRATOR = "ingrid.aasen@nordlys.example"
MINUTE_MS = 60_000
RUNNING_FOR = 14  # minutes: how long the running block has lasted
VENUE_ZONE = "Europe/Oslo"
# In minutes after midnight: whatever starts between these ends before the evening meal.
EARLIEST_START, LATEST_START = 8 * 60, 13 * 60
MID_MORNING = 10  # o'clock


@dataclass(frozen=True)
class Links:
    """What a starter of the demo needs; the first line of `kickoff demo --json`."""

    base_url: str
    sign_in_url: str
    console_url: str
    projector_url: str
    join_url: str
    join_code: str
    api_token: str
    kickoff_id: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def prepare_demo(
    database: Database,
    vault: Vault,
    base_url: str,
    *,
    signing_key: bytes = b"",
    lived: bool = False,
) -> Links:
    """Seed the demo where it is missing, and make fresh links to it. `lived`: with kickoffs on
    day 37 and on day 90 as well. `signing_key`: the server's; without it the links of pulses that
    are over lead nowhere."""
    with database.unit_of_work() as session:
        organisation = session.exec(
            select(Organisation).where(col(Organisation.name) == demo_plan.ORGANISATION)
        ).first()
        kickoff_id = (
            _seed(session, vault, lived=lived)
            if organisation is None
            else _demo_kickoff(session, organisation.id)
        )
    if organisation is None:
        _vote(database, vault, kickoff_id)
        seed_waves(database, signing_key)
    with database.unit_of_work() as session:
        return _links(session, kickoff_id, base_url)


def _links(session: Session, kickoff_id: str, base_url: str) -> Links:
    kickoff = session.get_one(Kickoff, kickoff_id)
    room = session.exec(
        select(Room).where(col(Room.kickoff_id) == kickoff_id).order_by(col(Room.id))
    ).first()
    user = session.exec(select(User).where(col(User.email) == ADMINISTRATOR)).first()
    assert room is not None, "the demo's room was removed: start with --fresh"
    assert user is not None, "the demo's user was removed: start with --fresh"
    sign_in = accounts.new_sign_in_link(session, user.id)
    _, projector = accounts.new_projector_link(session, room.id, "Demo")
    _, token = accounts.new_token(
        session,
        organisation_id=kickoff.organisation_id,
        name="Demo",
        scopes=list(Scope),
        created_by=user.id,
    )
    return Links(
        base_url=base_url,
        sign_in_url=f"{base_url}/sign-in/{sign_in}",
        console_url=f"{base_url}/rooms/{room.id}/console/",
        projector_url=f"{base_url}/p/{projector}",
        join_url=f"{base_url}/j/{room.secret}/",
        join_code=room.code,
        api_token=token,
        kickoff_id=kickoff_id,
    )


def _demo_kickoff(session: Session, organisation_id: str) -> str:
    found = session.exec(
        select(Kickoff.id)
        .where(col(Kickoff.organisation_id) == organisation_id)
        .order_by(col(Kickoff.id))
    ).first()
    assert found is not None, "the demo's kickoff was removed: start with --fresh"
    return found


def _seed(session: Session, vault: Vault, *, lived: bool) -> str:
    organisation = accounts.new_organisation(session, demo_plan.ORGANISATION)
    user = accounts.new_user(
        session,
        organisation_id=organisation.id,
        email=ADMINISTRATOR,
        name="Ingrid Aasen",
        administrator=True,
    )
    zone = _zone_of_day(clock.now())
    here = clock.now().astimezone(ZoneInfo(zone))
    owner = Actor(id=user.id, name=user.name, organisation_id=organisation.id, administrator=True)
    session.info[AUTHOR] = owner
    kickoff = new_kickoff(
        session,
        organisation_id=organisation.id,
        values={
            **demo_plan.read().kickoff,
            "day": here.date().isoformat(),
            "starts_at": timebox.time_of(_start_of_day(here)),
            "time_zone": zone,
        },
        owner=owner,
    )
    accounts.give_role(session, kickoff_id=kickoff.id, user_id=user.id, role=Role.OWNER)
    made = seed_records(session, kickoff, lunch_at=timebox.time_of(_lunch(here)))
    blocks = {key: id for (name, key), id in made.items() if name == "agenda-blocks"}
    room = session.exec(select(Room).where(col(Room.kickoff_id) == kickoff.id)).one()
    _seed_activities(session, room, blocks, vault)
    _seed_room(session, room, session.get_one(AgendaBlock, blocks[demo_plan.RUNNING_BLOCK]))
    if lived:
        seed_lived(session, organisation.id, owner, vault)
    return kickoff.id


def _zone_of_day(now: datetime) -> str:
    """Where it is now a time at which somebody could be in the middle of such a day.

    That is the venue's own zone in working hours. Somebody who starts the demo at eleven in the
    evening would see a day that ends at half past three; so it is then laid where it is about ten
    in the morning of the same date, and everything that follows the clock (delay, expected end)
    is as it would be on the day.
    """
    here = now.astimezone(ZoneInfo(VENUE_ZONE))
    if EARLIEST_START <= _start_of_day(here) <= LATEST_START:
        return VENUE_ZONE
    offset = here.utcoffset() or timedelta(0)
    hours = offset // timedelta(hours=1) + MID_MORNING - here.hour
    # Its sign is the other way round: Etc/GMT-9 is nine hours ahead.
    return f"Etc/GMT{-hours:+d}"


def _start_of_day(here: datetime) -> int:
    """The minute of the day that puts the running block right now, on a whole five minutes."""
    before = demo_plan.read().minutes_before + RUNNING_FOR
    return (here.hour * 60 + here.minute - before) // 5 * 5


def _lunch(here: datetime) -> int:
    """The minute of the day that leaves a little slack after the block before."""
    blocks = demo_plan.read().blocks
    lunch = next(n for n, block in enumerate(blocks) if block["key"] == "lunsj")
    before: int = sum(block["minutes"] for block in blocks[:lunch])
    return _start_of_day(here) + before + 10


def _seed_activities(session: Session, room: Room, blocks: Mapping[str, str], vault: Vault) -> None:
    for values in demo_plan.read().activities:
        asked = {name: value for name, value in values.items() if name not in ("block", "stage")}
        placed = {"room_id": room.id, "block_id": blocks[values["block"]]}
        activity = make_draft(session, room.kickoff_id, {**asked, **placed})
        if values["stage"] == "draft":
            continue
        if activity.mode == Mode.ANONYMOUS:
            vault.make(activity.id)
        activity.status = ActivityStatus.OPEN
        activity.opened_at = clock.now_ms()
        session.add(activity)


def _seed_room(session: Session, room: Room, running: AgendaBlock) -> None:
    phases = timebox.phases(running.kind, running.minutes, running.phases)
    now = clock.now_ms()
    started_at = now - (demo_plan.read().minutes_before + RUNNING_FOR) * MINUTE_MS
    room.name = "Fyrsalen"
    room.status = RoomStatus.LIVE
    room.block_id = running.id
    room.started_at = started_at
    room.block_started_at = now - 13 * MINUTE_MS
    room.phase = 1
    room.phase_ends_at = now + (phases[1].minutes - 3) * MINUTE_MS
    open_now = session.exec(
        select(Activity)
        .where(col(Activity.room_id) == room.id, col(Activity.block_id) == running.id)
        .order_by(col(Activity.position))
    ).first()
    room.stage_activity_id = open_now.id if open_now else None
    room.control = room.revision = 1
    session.add(room)
    seed_the_way(session, room, started_at)
    teams = session.exec(select(Team.id).where(col(Team.kickoff_id) == room.kickoff_id)).all()
    for number, name in enumerate(demo_plan.read().attendees):
        session.add(
            Participant(
                id=ids.random_id(),
                room_id=room.id,
                name=name,
                team_id=teams[number % len(teams)],
                joined_at=clock.now() - timedelta(minutes=90 - 2 * number),
            )
        )


def _vote(database: Database, vault: Vault, kickoff_id: str) -> None:
    """Plausible votes, through the very counting that phones go through; then the finished poll
    is closed."""
    random = Random(2027)  # noqa: S311 -- the same demo every time
    with database.reading() as session:
        activities = session.exec(
            select(Activity).where(
                col(Activity.kickoff_id) == kickoff_id, col(Activity.status) == ActivityStatus.OPEN
            )
        ).all()
        there = (
            select(Participant.id)
            .join(Room, col(Room.id) == col(Participant.room_id))
            .where(col(Room.kickoff_id) == kickoff_id)
        )
        people = session.exec(there.order_by(col(Participant.joined_at))).all()
        options = {
            activity.id: [
                EntryView(entry.id, entry.text)
                for entry in session.exec(
                    select(Entry)
                    .where(col(Entry.activity_id) == activity.id)
                    .order_by(col(Entry.position))
                )
            ]
            for activity in activities
        }
    asked = demo_plan.read().activities
    finished = {values["title"] for values in asked if values["stage"] == "finished"}
    votes = []
    for activity in activities:
        logic = kind_of(activity.kind)
        config = logic.Config.model_validate(activity.config)
        share = 0.95 if activity.title in finished else 0.6
        for participant_id in people:
            if random.random() < share:
                seen = Seen(config, options[activity.id], stage=activity.stage)
                if (data := logic.imagine(seen, random)) is None:
                    continue
                votes.append(
                    Vote(ids.secret(), 1, activity.id, activity.room_id, participant_id, data)
                )
    with database.transaction() as connection:
        answers = Counting(Statements(sqlite=database.is_sqlite), vault, votes).write(connection)
    assert answers.count(None) == len(votes), "the demo's own votes must count"
    with database.unit_of_work() as session:
        for activity in session.exec(select(Activity).where(col(Activity.title).in_(finished))):
            activity.status, activity.revealed, activity.closed_at = (
                ActivityStatus.CLOSED,
                True,
                clock.now_ms(),
            )
            session.add(activity)
