"""The minutes of a kickoff for programs: drafted and edited section by section (F1)."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from app import clock
from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext
from app.live.minutes import draft, drafts
from app.models.fields import Id, Prose
from app.models.minutes import MOST_LINES, Minutes, MinutesLine, MinutesSection, Section
from app.models.rooms import Room, RoomStatus
from app.operations import minutes as editing
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    etag,
    once_asked,
    require_match,
    writing,
)
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import encoded, json_answer, problems
from app.rules.minutes import OWN, as_worded, taken_anew
from app.web.hosts import public_url

PREFIX = f"{API}/kickoffs/{{kickoff_id}}/minutes"
router = APIRouter(prefix=PREFIX, tags=["minutes"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Code = Annotated[str, Path(max_length=12, description="which section")]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
_TAGGED: dict[int | str, dict[str, Any]] = {
    201: {"headers": {"ETag": {"schema": {"type": "string"}}}}
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MinutesCreate(_Strict):
    """The room whose day has ended: one whose minutes nobody has drafted yet."""

    room_id: Id


class SectionPatch(_Strict):
    """What is left out stays. `lines` are all of them: a line that is not sent is gone, and comes
    back when the records are taken anew. A line of one's own has a key that begins with "own";
    `said` is taken from what is stored, whatever is sent."""

    text: Prose | None = None
    lines: list[MinutesLine] | None = Field(default=None, max_length=MOST_LINES)


class SectionShown(BaseModel):
    """`version` is its ETag, without the quotes."""

    code: str
    version: int
    text: str
    lines: list[MinutesLine]
    edited_at: datetime | None
    edited_by: str


class MinutesShown(BaseModel):
    """`pace`: running, soon (4 hours are left), late, in_time or afterwards (published late); null
    while the day is running again. `address` is where everybody reads them; null where not
    published. `sections` are only told of one, not in the list."""

    id: str
    kickoff_id: str
    room_id: str
    drafted_at: datetime
    due_at: datetime | None
    pace: str | None
    address: str | None
    versions: int
    sections: list[SectionShown] | None = None


class MinutesPage(BaseModel):
    items: list[MinutesShown]
    next_cursor: str | None = None


@router.get(
    "",
    response_model=MinutesPage,
    operation_id="list_minutes",
    responses=problems(401, 403, 404, 422),
)
def listed(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    """Of every room whose day has ended, the latest first. A kickoff has few: there is one page."""
    with asked.database.reading() as session:
        found = editing.standings(session, clock.now(), kickoff_id)
    items = [_shown(request, one, one.minutes) for one in found if one.minutes is not None]
    return json_answer({"items": items, "next_cursor": None})


@router.post(
    "",
    status_code=201,
    response_model=MinutesShown,
    operation_id="create_minutes",
    responses=_TAGGED | problems(401, 403, 404, 409, 422),
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    body: Annotated[MinutesCreate, Body()],
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """They are drafted by themselves when a day ends; this is for one that ended without."""

    def make(session: Session) -> Answer:
        room = session.get(Room, body.room_id)
        if room is None or room.kickoff_id != kickoff_id:
            raise NotFound
        if room.status != RoomStatus.ENDED or editing.of_room(session, room.id) is not None:
            raise Conflict
        made = draft(session, room)
        told = told_of(request, session, made)
        return Answer(encoded(told), etag(made), f"{request.url.path}/{made.id}")

    return once_asked(
        asked, request, idempotency_key, make, encoded(body.model_dump(mode="json"))
    ).response()


@router.get(
    "/{record_id}",
    response_model=MinutesShown,
    operation_id="get_minutes",
    responses=problems(401, 403, 404, 422),
)
def get(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        told = told_of(request, session, found)
    return json_answer(told, etag=etag(found))


@router.get(
    "/{record_id}/sections/{code}",
    response_model=SectionShown,
    operation_id="get_minutes_section",
    responses=problems(401, 403, 404, 422),
)
def section(kickoff_id: KickoffId, record_id: RecordId, code: Code, asked: See) -> Response:
    with asked.database.reading() as session:
        found = editing.section(session, kickoff_id, record_id, code)
    return json_answer(_section(found), etag=etag(found))


@router.patch(
    "/{record_id}/sections/{code}",
    response_model=SectionShown,
    operation_id="patch_minutes_section",
    responses=problems(401, 403, 404, 412, 422, 428),
)
def change(
    kickoff_id: KickoffId,
    record_id: RecordId,
    code: Code,
    body: Annotated[SectionPatch, Body()],
    asked: Edit,
    if_match: IfMatch = None,
) -> Response:
    with writing(asked.database) as session:
        found = editing.section(session, kickoff_id, record_id, code, to_write=True)
        require_match(found, if_match, lambda: _section(found))
        lines = editing.lines_of(found) if body.lines is None else _sent(found, body.lines)
        text = found.text if body.text is None else body.text
        editing.save(session, found, text, lines, asked.actor.name)
    return json_answer(_section(found), etag=etag(found))


@router.get(
    "/{record_id}/sections/{code}/anew",
    response_model=SectionShown,
    operation_id="preview_minutes_section",
    responses=problems(401, 403, 404, 422),
)
def ask_anew(kickoff_id: KickoffId, record_id: RecordId, code: Code, asked: Edit) -> Response:
    """The section as it would be if its records were taken as they are now: nothing is changed."""
    with asked.database.reading() as session:
        found = editing.section(session, kickoff_id, record_id, code)
        told = _section(found) | {"lines": _anew(session, found)}
    return json_answer(told, etag=etag(found))


@router.post(
    "/{record_id}/sections/{code}/anew",
    response_model=SectionShown,
    operation_id="refresh_minutes_section",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def take_anew(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    code: Code,
    asked: Edit,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    def make(session: Session) -> Answer:
        found = editing.section(session, kickoff_id, record_id, code, to_write=True)
        require_match(found, if_match, lambda: _section(found))
        editing.save(session, found, found.text, _anew(session, found), asked.actor.name)
        return Answer(encoded(_section(found)), etag(found), status=200)

    return once_asked(asked, request, idempotency_key, make).response()


def _sent(section: MinutesSection, lines: list[MinutesLine]) -> list[MinutesLine]:
    """What a program sent: what is not an editor's to say stays as it stands, and a line that was
    not drafted says so by its key."""
    held = {line.key: line for line in editing.lines_of(section)}
    if len({line.key for line in lines}) < len(lines):
        fault = Fault("/lines", gettext("Each line has a key of its own."))
        raise Invalid(faults=[fault])
    strange = [line for line in lines if line.key not in held and not line.key.startswith(OWN)]
    if strange:
        fault = Fault("/lines", gettext("The key of a line of your own begins with «own»."))
        raise Invalid(faults=[fault])
    return [as_worded(section.code, held.get(line.key), line) for line in lines]


def _anew(session: Session, section: MinutesSection) -> list[MinutesLine]:
    minutes = editing.find(session, section.kickoff_id, section.minutes_id)
    fresh = drafts(session, session.get_one(Room, minutes.room_id))[Section(section.code)]
    return list(taken_anew(editing.lines_of(section), fresh.lines))


def told_of(request: Request, session: Session, minutes: Minutes) -> dict[str, Any]:
    found = editing.standings(session, clock.now(), minutes.kickoff_id)
    standing = next((one for one in found if one.room.id == minutes.room_id), None)
    sections = [_section(one) for one in editing.sections(session, minutes.id)]
    return _shown(request, standing, minutes) | {"sections": sections}


def _shown(request: Request, standing: editing.Standing | None, minutes: Minutes) -> dict[str, Any]:
    root = public_url(request.scope, request.app.state.settings)
    return {
        "id": minutes.id,
        "kickoff_id": minutes.kickoff_id,
        "room_id": minutes.room_id,
        "drafted_at": minutes.drafted_at,
        "due_at": standing.countdown.due_at if standing else None,
        "pace": standing.countdown.pace if standing else None,
        "address": f"{root}/minutes/{minutes.secret}" if minutes.secret else None,
        "versions": standing.versions if standing else 0,
    }


def _section(one: MinutesSection) -> dict[str, Any]:
    return {
        "code": one.code,
        "version": one.version,
        "text": one.text,
        "lines": one.lines,
        "edited_at": one.edited_at,
        "edited_by": one.edited_by,
    }
