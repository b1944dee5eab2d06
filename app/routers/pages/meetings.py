"""Meetings (F5): the series with what comes next, one meeting with the agenda that fills itself,
and the calendars that follow them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session, col, select

from app import clock
from app.access import Permission
from app.errors import Invalid, NotFound
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.meetings import Blocker, Meeting, MeetingSeries, PublishedCalendar, meetings_of
from app.models.people import Person, people_of
from app.operations import mailing, meetings, publications, records
from app.operations.derived import today_in
from app.operations.entities import BLOCKERS, DECISIONS, MEETING_SERIES, MEETINGS
from app.operations.invitations import those_of
from app.operations.meeting_agenda import agenda_of
from app.outputs import calendar
from app.routers.add_routes import add_routes
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.pages.records import RecordPages, record_pages
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.meetings import is_within, one_place, ownerless
from app.web.hosts import public_url

TAB = "meetings"
Here = "/kickoffs/{kickoff_id}/meetings"

router = APIRouter(include_in_schema=False)
own = APIRouter(prefix=Here, include_in_schema=False)

See = Annotated[Asked, needs(MEETINGS.see)]
Edit = Annotated[Asked, needs(MEETINGS.edit)]
Anybody = Annotated[Asked, needs(Permission.PUBLIC)]
OtherId = Annotated[str, Path(max_length=36)]
MOST_PAST = 20
STEPS = {"up": -1, "down": 1}


@own.get("")
def listed(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    kickoff = asked.its_kickoff
    today = today_in(kickoff, clock.now())
    with asked.database.reading() as session:
        series = meetings.series_of(session, kickoff_id)
        every = session.scalars(meetings_of(kickoff_id)).all()
        everybody = session.scalars(people_of(kickoff_id)).all()
        people = [(one.id, one.name) for one in everybody]
        mailed = mailing.who_want_mail(session, kickoff_id)
        link = publications.publication(session, PublishedCalendar, kickoff_id)
        blockers = session.scalars(
            select(Blocker).where(col(Blocker.kickoff_id) == kickoff_id).order_by(col(Blocker.id))
        ).all()
    ahead = [one for one in every if not one.held and (one.day is None or one.day >= today)]
    addressless = {one.id: one.name for one in everybody if not one.email}
    those = {one.id: those_of(one) for one in series}
    flags = [
        (one, ownerless(owner=one.owner_id, raised_on=one.raised_on, today=today, state=one.state))
        for one in blockers
    ]
    return page(
        request,
        "meetings/list.html",
        kickoff=kickoff,
        asked=asked,
        may_edit=asked.may(MEETINGS.edit),
        series=[(one, meetings.next_of(_of(every, one), today)) for one in series],
        too_long=[one.id for one in series if not is_within(one.kind, one.minutes)],
        ahead=ahead,
        past=[one for one in reversed(every) if one not in ahead][:MOST_PAST],
        flagged=[(one, flag) for one, flag in flags if flag],
        names=dict(people),
        people=people,
        invited={id: len(mailed.intersection(found)) for id, found in those.items()},
        unreached={
            id: [addressless[one] for one in found if one in addressless]
            for id, found in those.items()
        },
        ordered=request.query_params.get("order", ""),
        missing=len({one.kind for one in series}) < len(meetings.NAMES),
        address=f"{_root(request)}/calendar/{link.secret}.ics" if link else "",
    )


@own.post("/series")
def make_series(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        meetings.make_series(session, session.get_one(Kickoff, kickoff_id))
    return go_to(Here.format(kickoff_id=kickoff_id), said="series_made")


@own.post("/series/{record_id}/leaders")
def share_out(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """Who leads in turn, and who else takes part: they are invited. `up` or `down` is whom of those
    who lead its button moves by one place."""
    leaders, others = (
        list(dict.fromkeys(str(one) for one in form.getlist(name) if one))
        for name in ("leader_ids", "participant_ids")
    )
    moved = {name: text_of(form, name) for name in STEPS if name in form}
    for name, person_id in moved.items():
        leaders = one_place(leaders, person_id, STEPS[name])
    with writing(asked.database) as session:
        series = records.find(session, MEETING_SERIES, kickoff_id, record_id, to_write=True)
        assert isinstance(series, MeetingSeries), "a series is what was asked for"
        if "takes_part" in form:
            records.change(session, MEETING_SERIES, series, {"participant_ids": others})
        meetings.share_out(session, series, leaders)
    here, part = Here.format(kickoff_id=kickoff_id), f"series-{record_id}"
    return go_to(here, said="invited", part=part, **({"order": record_id} if moved else {}))


@own.post("/calendar")
def subscribe(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    """The feed at one link: `do` makes it, makes it anew, or takes it back."""
    do = text_of(form, "do")
    with writing(asked.database) as session:
        match do:
            case "publish" | "renew":
                anew = do == "renew"
                publications.publish(session, PublishedCalendar, kickoff_id, anew=anew)
            case "unpublish":
                publications.unpublish(session, PublishedCalendar, kickoff_id)
            case _:
                raise NotFound
    return go_to(Here.format(kickoff_id=kickoff_id), said="saved", part="calendar")


@own.get("/{record_id}/agenda")
def show(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    return _meeting(request, kickoff_id, record_id, asked)


@own.post("/{record_id}/decisions")
def decide(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    try:
        with writing(asked.database) as session:
            one = meetings.meeting(session, kickoff_id, record_id)
            values = {
                "title": text_of(form, "title"),
                "owner_id": text_of(form, "owner_id") or None,
                "source_meeting_id": one.id,
            }
            records.create(session, DECISIONS, kickoff_id, values)
    except Invalid as error:
        return _meeting(request, kickoff_id, record_id, asked, faults=error, of="decision")
    return _back(kickoff_id, record_id, part="decisions")


@own.post("/{record_id}/blockers")
def raise_blocker(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    try:
        with writing(asked.database) as session:
            one = meetings.meeting(session, kickoff_id, record_id)
            owner_id = text_of(form, "owner_id") or None
            meetings.raise_blocker(session, one, text_of(form, "title"), owner_id=owner_id)
    except Invalid as error:
        return _meeting(request, kickoff_id, record_id, asked, faults=error, of="blocker")
    return _back(kickoff_id, record_id, part="part-blockers")


@own.post("/{record_id}/blockers/{blocker_id}")
def settle_blocker(
    kickoff_id: KickoffId, record_id: RecordId, blocker_id: OtherId, form: Posted, asked: Edit
) -> Response:
    """It gets an owner, or is closed."""
    with writing(asked.database) as session:
        meetings.meeting(session, kickoff_id, record_id)
        found = records.find(session, BLOCKERS, kickoff_id, blocker_id, to_write=True)
        assert isinstance(found, Blocker), "a blocker is what was asked for"
        if text_of(form, "do") == "close":
            meetings.close_blocker(session, found)
        elif owner_id := text_of(form, "owner_id"):
            meetings.give(session, found, owner_id)
    return _back(kickoff_id, record_id, part="part-blockers")


@own.get("/{record_id}/invitation.ics")
def invitation(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See
) -> Response:
    """For one's own calendar, or to be sent on: whoever is on the people list with an address."""
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        one = meetings.meeting(session, kickoff_id, record_id)
        people = session.scalars(people_of(kickoff_id)).all()
        entry = _entry(request, one, {person.id: person.name for person in people})
    if entry is None:
        raise NotFound
    leader = next((person for person in people if person.id == one.leader_id), None)
    if leader is None or not leader.email:
        return _ics(calendar.feed(one.title, kickoff.time_zone, [entry]))
    organiser = calendar.Invited(leader.name, leader.email)
    invited = [calendar.Invited(each.name, each.email) for each in people if each.email]
    return _ics(calendar.invitation(entry, kickoff.time_zone, invited, organiser))


@router.get("/calendar/{secret}.ics")
def feed(request: Request, secret: str, asked: Anybody) -> Response:
    """For every calendar that has the link: titles, times and who leads. Of an archived kickoff it
    is empty, so that nobody is asked to a meeting that nobody holds (docs/decisions/0013)."""
    with asked.database.reading() as session:
        kickoff_id = publications.published_at(session, PublishedCalendar, secret).kickoff_id
        kickoff = session.get_one(Kickoff, kickoff_id)
        names = dict(_people(session, kickoff_id))
        held = kickoff.archived_at is None
        there = session.scalars(meetings_of(kickoff_id)).all() if held else ()
        found = [_entry(request, one, names) for one in there]
    entries = [one for one in found if one is not None]
    return _ics(calendar.feed(kickoff.title, kickoff.time_zone, entries))


def _meeting(
    request: Request,
    kickoff_id: str,
    record_id: str,
    asked: Asked,
    *,
    faults: Invalid | None = None,
    of: str = "",
) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        one = meetings.meeting(session, kickoff_id, record_id)
        talks = agenda_of(session, kickoff, one, clock.now())
        people = _people(session, kickoff_id)
        decided = select(Decision).where(col(Decision.source_meeting_id) == record_id)
        decisions = session.scalars(decided.order_by(col(Decision.id))).all()
        siblings = _of_series(session, one)
    position = next((n for n, each in enumerate(siblings) if each.id == one.id), None)
    following = (
        siblings[position + 1] if position is not None and siblings[position + 1 :] else None
    )
    return page(
        request,
        "meetings/meeting.html",
        status=422 if faults else 200,
        kickoff=kickoff,
        asked=asked,
        may_edit=asked.may(MEETINGS.edit),
        meeting=one,
        talks=talks,
        decisions=decisions,
        following=following,
        names=dict(people),
        people=people,
        errors=faults_by_name(faults.faults) if faults else {},
        of=of,
    )


def _entry(request: Request, one: Meeting, names: dict[str, str]) -> calendar.Entry | None:
    """None for one without a day: no calendar has a place for it."""
    if one.day is None:
        return None
    return calendar.Entry(
        id=one.id,
        title=one.title,
        day=one.day,
        starts_at=one.starts_at,
        minutes=one.minutes,
        sequence=one.version,
        changed_at=one.updated_at,
        place=one.place,
        about=names.get(one.leader_id or "", ""),
        address=f"{_root(request)}/kickoffs/{one.kickoff_id}/meetings/{one.id}/agenda",
    )


def _of(every: Sequence[Meeting], series: MeetingSeries) -> list[Meeting]:
    return [one for one in every if one.series_id == series.id]


def _of_series(session: Session, one: Meeting) -> list[Meeting]:
    every = session.scalars(meetings_of(one.kickoff_id)).all()
    return [each for each in every if one.series_id and each.series_id == one.series_id]


def _people(session: Session, kickoff_id: str) -> list[tuple[str, str]]:
    wanted = select(Person.id, Person.name).where(col(Person.kickoff_id) == kickoff_id)
    rows = session.execute(wanted.order_by(col(Person.name), col(Person.id)))
    return [(row[0], row[1]) for row in rows]


def _root(request: Request) -> str:
    return public_url(request.scope, request.app.state.settings)


def _ics(written: bytes) -> Response:
    headers = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def _back(kickoff_id: str, record_id: str, *, part: str) -> Response:
    here = f"{Here.format(kickoff_id=kickoff_id)}/{record_id}/agenda"
    return go_to(here, said="made", part=part)


def _to_agenda(form: Any, kickoff_id: str, record_id: str, _is_new: bool) -> Response | None:
    """Whoever wrote notes beside the agenda is back there."""
    if not text_of(form, "beside"):
        return None
    here = f"{Here.format(kickoff_id=kickoff_id)}/{record_id}/agenda"
    return go_to(here, said="saved", part="notes")


add_routes(
    router,
    own,
    record_pages(
        RecordPages(MEETINGS, "meetings", sort=("day", "id"), tab=TAB, led_to=_to_agenda),
        with_list=False,
    ),
    record_pages(RecordPages(MEETING_SERIES, "meeting-series", tab=TAB)),
    record_pages(RecordPages(BLOCKERS, "blockers", tab=TAB)),
)
