"""Kickoffs for people: the list, one at a glance, its form, and copy, put away and remove."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import col, select

from app import clock
from app.access import Permission, visible_kickoffs
from app.errors import Invalid
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.people import Person, how_many
from app.models.rooms import Room
from app.operations import agenda, kickoffs, minutes, rhythm
from app.operations.derived import today_in
from app.operations.records import own_values
from app.outputs import qr
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, field_views, labels_of, text_of, values_of
from app.routers.kinds import option_kinds
from app.routers.pages import dates
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, asks_itself, needs
from app.routers.starting import EARLIER, Template, start, start_from_earlier
from app.web.hosts import can_be_read, public_url

router = APIRouter(include_in_schema=False)

# More than a person has; whoever does has the API.
MOST = 200

Whoever = Annotated[Asked, asks_itself(Permission.SIGNED_IN)]
Create = Annotated[Asked, needs(Permission.CREATE_KICKOFF)]
See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Manage = Annotated[Asked, needs(Permission.MANAGE_KICKOFF)]

SECTIONS = ("", "why", "when", "who")
# What a new kickoff is asked for at once; the rest can wait, and stands folded below it.
FIRST = ("title", "day", "starts_at", "venue")


@router.get("/")
def listed(request: Request, asked: Whoever) -> Response:
    if not asked.may(Permission.SIGNED_IN):
        # The address on the wall: most who type it are attendees, and have a code to type.
        return page(request, "live/type_code.html", refused=None, code="")
    put_away = request.query_params.get("list") == "put-away"
    archived_at = col(Kickoff.archived_at)
    statement = visible_kickoffs(asked.actor).where(
        archived_at.is_not(None) if put_away else archived_at.is_(None)
    )
    with asked.database.reading() as session:
        newest_first = statement.order_by(col(Kickoff.id).desc()).limit(MOST)
        found = session.scalars(newest_first).all()
    return page(
        request,
        "kickoffs/list.html",
        kickoffs=sorted(found, key=_nearness),
        put_away=put_away,
        may_create=asked.may(Permission.CREATE_KICKOFF),
        network_can_be_read=can_be_read(request.scope, request.app.state.settings),
    )


def _nearness(kickoff: Kickoff) -> tuple[int, int]:
    """Today's and what is ahead, the nearest first; what has no day; what has been, the latest
    first."""
    if kickoff.day is None:
        return 1, 0
    days = (kickoff.day - today_in(kickoff)).days
    return (0, days) if days >= 0 else (2, -days)


@router.get("/kickoffs/new")
def blank(request: Request, asked: Create) -> Response:
    return _form(request, asked, None, {})


@router.post("/kickoffs")
def create(request: Request, form: Posted, asked: Create) -> Response:
    values = values_of(KickoffFields, form, hidden=frozenset())
    template, earlier_id = text_of(form, "template"), text_of(form, "earlier")
    try:
        with writing(asked.database) as session:
            if template == EARLIER:
                kickoff = start_from_earlier(session, asked, values, earlier_id)
            else:
                # A program that fills in this form names no template: it begins with nothing.
                named = template if template in set(Template) else Template.NOTHING
                kickoff = start(session, asked, values, Template(named))
    except Invalid as error:
        chosen = (template, earlier_id)
        return _form(request, asked, None, values, faults=error, chosen=chosen)
    return go_to(f"/kickoffs/{kickoff.id}/plan", said="kickoff_made")


@router.get("/kickoffs/{kickoff_id}")
def show(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        rooms = session.scalars(_rooms_of(kickoff.id)).all()
        people = session.scalar(how_many(Person, kickoff.id)) or 0
        day = agenda.day_of(session, kickoff)
        standings = minutes.standings(session, clock.now(), kickoff.id)
    root = public_url(request.scope, request.app.state.settings)
    return page(
        request,
        "kickoffs/show.html",
        kickoff=kickoff,
        asked=asked,
        people=people,
        day=day,
        minutes=standings,
        rooms=[
            (room, f"{root}/j/{room.secret}/", qr.svg(f"{root}/j/{room.secret}/")) for room in rooms
        ],
        host=root.partition("://")[2],
    )


@router.get("/kickoffs/{kickoff_id}/edit")
def edited(request: Request, asked: Edit) -> Response:
    return _form(request, asked, asked.its_kickoff, {})


@router.post("/kickoffs/{kickoff_id}/edit")
def save(request: Request, kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    values = values_of(KickoffFields, form, hidden=frozenset())
    try:
        with writing(asked.database) as session:
            kickoff = kickoffs.to_write(session, kickoff_id)
            stale = text_of(form, "version") != str(kickoff.version)
            day_before = kickoff.day
            if not stale:
                kickoffs.change_kickoff(session, kickoff, values)
            may_follow = not stale and rhythm.following(session, kickoff, day_before)
    except Invalid as error:
        return _form(request, asked, asked.its_kickoff, values, faults=error)
    if stale:
        return _form(request, asked, kickoff, values, stale=True)
    if may_follow:
        return go_to(dates.address(kickoff_id, day_before))
    return go_to(f"/kickoffs/{kickoff_id}", said="saved")


@router.get("/kickoffs/{kickoff_id}/copy")
def ask_copy(request: Request, asked: See) -> Response:
    asked.require_also(Permission.CREATE_KICKOFF)
    return _copy_form(request, asked, asked.its_kickoff.title)


@router.post("/kickoffs/{kickoff_id}/copy")
def copy(request: Request, form: Posted, asked: See) -> Response:
    asked.require_also(Permission.CREATE_KICKOFF)
    title = text_of(form, "title")
    try:
        with writing(asked.database) as session:
            made = kickoffs.copy_kickoff(
                session,
                asked.its_kickoff,
                title=title,
                owner=asked.actor,
                with_people=bool(text_of(form, "with_people")),
                with_notes=asked.may(Permission.SEE_NOTES),
                option_kinds=option_kinds(),
            )
    except Invalid as error:
        return _copy_form(request, asked, title, faults=error)
    return go_to(f"/kickoffs/{made.id}", said="copied")


@router.post("/kickoffs/{kickoff_id}/archive")
def archive(kickoff_id: KickoffId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        kickoff = kickoffs.to_write(session, kickoff_id)
        kickoffs.archive(session, kickoff, archived=True, actor=asked.actor)
    return go_to("/", said="archived")


@router.post("/kickoffs/{kickoff_id}/unarchive")
def unarchive(kickoff_id: KickoffId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        kickoff = kickoffs.to_write(session, kickoff_id)
        kickoffs.archive(session, kickoff, archived=False, actor=asked.actor)
    return go_to(f"/kickoffs/{kickoff_id}", said="unarchived")


@router.post("/kickoffs/{kickoff_id}/remove")
def remove(kickoff_id: KickoffId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        kickoffs.remove_kickoff(session, kickoffs.to_write(session, kickoff_id))
    return go_to("/", said="removed")


def _form(
    request: Request,
    asked: Asked,
    kickoff: Kickoff | None,
    values: Mapping[str, Any],
    *,
    faults: Invalid | None = None,
    stale: bool = False,
    chosen: tuple[str, str] = (Template.FRAME, ""),
) -> Response:
    stored = own_values(KickoffFields, kickoff) if kickoff else {}
    errors = faults_by_name(faults.faults) if faults else {}
    views = field_views(KickoffFields, {**stored, **values}, errors=errors)
    first = [] if kickoff else [one for one in views if one.name in FIRST]
    rest = [one for one in views if one not in first]
    return page(
        request,
        "kickoffs/form.html",
        status=422 if faults else 412 if stale else 200,
        kickoff=kickoff,
        asked=asked,
        first=first,
        sections=[(name, [one for one in rest if one.section == name]) for name in SECTIONS],
        errors=errors,
        labels=labels_of(KickoffFields),
        stale=stale,
        earlier=[] if kickoff else _earlier(asked),
        chosen=chosen,
    )


def _earlier(asked: Asked) -> list[tuple[str, str]]:
    """The kickoffs that a new one can start from, newest first; those put away are among them."""
    newest_first = visible_kickoffs(asked.actor).order_by(col(Kickoff.id).desc()).limit(MOST)
    with asked.database.reading() as session:
        return [(one.id, one.title) for one in session.scalars(newest_first)]


def _copy_form(
    request: Request, asked: Asked, title: str, *, faults: Invalid | None = None
) -> Response:
    return page(
        request,
        "kickoffs/copy.html",
        status=422 if faults else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        title=title,
        errors=faults_by_name(faults.faults) if faults else {},
    )


def _rooms_of(kickoff_id: str) -> Any:
    return select(Room).where(Room.kickoff_id == kickoff_id).order_by(Room.id)
