"""The minutes of a kickoff's rooms, for those who write them: the draft with its countdown,
publishing, and the versions with their readers (F1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app import clock
from app.access import Permission
from app.errors import Conflict, NotFound
from app.live.minutes import draft, drafts
from app.models.minutes import MinutesVersion
from app.models.rooms import Room, RoomStatus
from app.operations import minutes as editing
from app.operations import minutes_published as published
from app.outputs import paper
from app.outputs.papers.minutes import contents
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.minutes_said import changes, words
from app.routers.pages.page import go_to, page
from app.routers.pages.paper import pdf_file
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.minutes import taken_anew
from app.web.hosts import public_url

router = APIRouter(prefix="/kickoffs/{kickoff_id}/minutes", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
Here = "/kickoffs/{kickoff_id}/minutes"


@router.get("")
def listed(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    """Straight to the minutes where there is one room's."""
    with asked.database.reading() as session:
        found = editing.standings(session, clock.now(), kickoff_id)
    if len(found) == 1 and (only := found[0].minutes) is not None:
        return go_to(f"{Here.format(kickoff_id=kickoff_id)}/{only.id}")
    return page(
        request,
        "minutes/list.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        standings=found,
        may_edit=asked.may(Permission.EDIT_PLAN),
    )


@router.post("/rooms/{record_id}")
def draft_now(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    """Of a day that ended without them: as when its kickoff was put away in the middle."""
    with writing(asked.database) as session:
        room = session.get(Room, record_id)
        if room is None or room.kickoff_id != kickoff_id:
            raise NotFound
        if room.status != RoomStatus.ENDED:
            raise Conflict
        made = editing.of_room(session, record_id) or draft(session, room)
    return go_to(f"{Here.format(kickoff_id=kickoff_id)}/{made.id}", said="minutes_drafted")


@router.get("/{record_id}")
def show(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    may_edit = asked.may(Permission.EDIT_PLAN)
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        room = session.get_one(Room, found.room_id)
        sections = editing.sections(session, found.id)
        standing = next(
            (
                one
                for one in editing.standings(session, clock.now(), kickoff_id)
                if one.room.id == room.id
            ),
            None,
        )
        versions = published.versions(session, found.id)
        readers = {one.id: published.readers(session, [one.id]) for one in versions}
        anew = drafts(session, room) if may_edit else {}
        would_be = published.told(session, found.id)
    newest = versions[0] if versions else None
    return page(
        request,
        "minutes/show.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        minutes=found,
        room=room,
        standing=standing,
        sections=[(one, editing.lines_of(one)) for one in sections],
        outdated={
            one.code
            for one in sections
            if may_edit
            and taken_anew(editing.lines_of(one), anew[one.code].lines) != editing.lines_of(one)  # type: ignore[index]  # a code is a Section's value
        },
        versions=versions,
        readers=readers,
        is_current=newest is not None and published.told_in(newest) == would_be,
        may_edit=may_edit,
        address=address_of(request, found.secret) if found.secret else "",
        words=words(),
    )


@router.post("/{record_id}/publish")
def publish(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        found = editing.find(session, kickoff_id, record_id, to_write=True)
        published.publish(session, found, asked.actor.name)
    return _back(kickoff_id, record_id, said="answers_published", part="published")


@router.post("/{record_id}/link")
def renew(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """`do` says whether the link is made anew or taken back."""
    with writing(asked.database) as session:
        found = editing.find(session, kickoff_id, record_id, to_write=True)
        match text_of(form, "do"):
            case "renew":
                published.renew_link(session, found)
            case "unpublish":
                published.unpublish(session, found)
            case _:
                raise NotFound
        is_out = found.secret is not None
    code = "answers_published" if is_out else "answers_unpublished"
    return _back(kickoff_id, record_id, said=code, part="published")


@router.get("/{record_id}/versions/{number}")
def version(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, number: Number, asked: See
) -> Response:
    """As it was published, and what is different from the version before it."""
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        one = published.version(session, found.id, number)
        before = published.version(session, found.id, number - 1) if number > 1 else None
        room = session.get_one(Room, found.room_id)
    _note_reader(asked, one)
    told = published.told_in(one)
    return page(
        request,
        "minutes/version.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        minutes=found,
        room=room,
        version=one,
        told=told,
        changes=changes(published.told_in(before), told) if before else [],
        words=words(),
    )


@router.get("/{record_id}/versions/{number}/minutes.pdf")
def on_paper(kickoff_id: KickoffId, record_id: RecordId, number: Number, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        one = published.version(session, found.id, number)
        values = contents(session, kickoff, session.get_one(Room, found.room_id), one)
    _note_reader(asked, one)
    return pdf_file(paper.pdf("minutes", values), kickoff.title, values["title"])


def address_of(request: Request, secret: str) -> str:
    return f"{public_url(request.scope, request.app.state.settings)}/minutes/{secret}"


def _note_reader(asked: Asked, version: MinutesVersion) -> None:
    if not asked.actor.is_token:
        with writing(asked.database) as session:
            today = clock.now().date()
            published.is_read(
                session, version.id, user_id=asked.actor.id, counted=True, today=today
            )


def _back(kickoff_id: str, record_id: str, *, said: str, part: str) -> Response:
    return go_to(f"{Here.format(kickoff_id=kickoff_id)}/{record_id}", said=said, part=part)
