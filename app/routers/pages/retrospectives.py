"""Retrospectives (F7): the table and form, and the wall on which one is held: the period's data,
notes in three columns, why, and what is done about it."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app import clock
from app.access import Permission
from app.errors import Invalid
from app.i18n import mark
from app.models.actions import ActionSource
from app.models.fields import OfKickoff
from app.models.retrospectives import CAUSE_KINDS, RETRO_COLUMNS, RetroNote, Retrospective
from app.models.rooms import Room
from app.operations import records
from app.operations.actions import create_action
from app.operations.derived import today_in
from app.operations.entities import ACTIONS, CAUSES, PEOPLE, RETRO_NOTES, RETROSPECTIVES
from app.operations.retro_period import period_data
from app.operations.retrospectives import causes_of, notes_of
from app.pictures.names import names_of
from app.routers.add_routes import add_routes
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.pages.records import Empty, RecordPages, record_pages
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.causes import WHYS, fishbone, whys
from app.rules.fishbone import fish

TAB = "retrospectives"
DUE_DAYS = 30  # what is changed is carried into the next third

router = APIRouter(include_in_schema=False)
own = APIRouter(
    prefix="/kickoffs/{kickoff_id}/retrospectives/{record_id}/wall", include_in_schema=False
)

See = Annotated[Asked, needs(RETROSPECTIVES.see)]
Edit = Annotated[Asked, needs(RETROSPECTIVES.edit)]


@own.get("")
def wall(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    return _wall(request, kickoff_id, record_id, asked)


@own.post("/notes")
def add_note(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    said = {"text": text_of(form, "text"), "column": text_of(form, "column")}
    return _added(request, kickoff_id, record_id, asked, form, RETRO_NOTES, said)


@own.post("/causes")
def add_cause(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    said = {
        "text": text_of(form, "text"),
        "kind": text_of(form, "kind"),
        "retro_note_id": text_of(form, "note"),
        "because_of_id": text_of(form, "because_of") or None,
    }
    return _added(request, kickoff_id, record_id, asked, form, CAUSES, said)


@own.post("/actions")
def improve(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    said = {
        "title": text_of(form, "text"),
        "owner_id": text_of(form, "owner_id") or None,
        "due": text_of(form, "due") or None,
        "expected": text_of(form, "expected"),
    }
    return _added(request, kickoff_id, record_id, asked, form, ACTIONS, said)


def _added(
    request: Request,
    kickoff_id: str,
    record_id: str,
    asked: Asked,
    form: FormData,
    entity: Any,
    said: dict[str, Any],
) -> Response:
    """One more thing on the wall; what is wrong with it is said where it was typed."""
    note_id = text_of(form, "note")
    try:
        with writing(asked.database) as session:
            retrospective = records.find(session, RETROSPECTIVES, kickoff_id, record_id)
            if entity is ACTIONS:
                _improved(session, kickoff_id, retrospective, note_id, said)
            else:
                if entity is RETRO_NOTES:
                    said["retrospective_id"] = record_id
                else:
                    _note(session, kickoff_id, retrospective, note_id)
                records.create(session, entity, kickoff_id, said)
    except Invalid as error:
        told = {
            "form": entity.name,
            "note": note_id or said.get("column", ""),
            "faults": faults_by_name(error.faults),
            "values": {name: text_of(form, name) for name in form},
        }
        return _wall(request, kickoff_id, record_id, asked, told=told)
    part = f"note-{note_id}" if note_id else f"column-{said.get('column', '')}"
    return go_to(_here(kickoff_id, record_id), said="made", part=part)


def _improved(
    session: Session,
    kickoff_id: str,
    retrospective: OfKickoff,
    note_id: str,
    said: dict[str, Any],
) -> None:
    note = _note(session, kickoff_id, retrospective, note_id)
    if note.action_id is not None:
        return  # once, however often it is tapped
    action = create_action(session, kickoff_id, source=ActionSource.RETROSPECTIVE, **said)
    records.change(session, RETRO_NOTES, note, {"action_id": action.id})


def _note(session: Session, kickoff_id: str, retrospective: OfKickoff, note_id: str) -> RetroNote:
    note = records.find(session, RETRO_NOTES, kickoff_id, note_id, to_write=True)
    assert isinstance(note, RetroNote)
    if note.retrospective_id != retrospective.id:
        raise Invalid
    return note


def _here(kickoff_id: str, record_id: str) -> str:
    return f"/kickoffs/{kickoff_id}/retrospectives/{record_id}/wall"


def _wall(
    request: Request,
    kickoff_id: str,
    record_id: str,
    asked: Asked,
    *,
    told: dict[str, Any] | None = None,
) -> Response:
    kickoff, now = asked.its_kickoff, clock.now()
    with asked.database.reading() as session:
        retrospective = records.find(session, RETROSPECTIVES, kickoff_id, record_id)
        assert isinstance(retrospective, Retrospective)
        notes = notes_of(session, retrospective)
        causes = causes_of(session, notes)
        data = period_data(session, kickoff, retrospective, now)
        people = names_of(session, PEOPLE, kickoff_id)
        actions = names_of(session, ACTIONS, kickoff_id)
        rooms = select(Room.id).where(col(Room.kickoff_id) == kickoff_id)
        room_id = session.scalars(rooms.order_by(col(Room.id))).first()
    kinds = [code for code, _ in CAUSE_KINDS]
    return page(
        request,
        "retrospectives/wall.html",
        status=422 if told else 200,
        kickoff=kickoff,
        asked=asked,
        retrospective=retrospective,
        data=data,
        columns=[
            (code, word, [note for note in notes if note.column == code])
            for code, word in RETRO_COLUMNS
        ],
        whys={note.id: whys(causes.get(note.id, [])) for note in notes},
        fish={
            note.id: fish(note.text, fishbone(causes[note.id], kinds))
            for note in notes
            if note.id in causes
        },
        cause_kinds=dict(CAUSE_KINDS),
        people=sorted(people.items(), key=lambda one: one[1].casefold()),
        action_names=actions,
        most_whys=WHYS,
        due=today_in(kickoff, now) + timedelta(days=DUE_DAYS),
        may_edit=asked.may(Permission.EDIT_PLAN),
        room_id=room_id if asked.may(Permission.FACILITATE) else None,
        told=told or {"form": "", "note": "", "faults": {}, "values": {}},
    )


def _to_the_wall(_form: FormData, kickoff_id: str, record_id: str, is_new: bool) -> Response | None:
    return go_to(_here(kickoff_id, record_id), said="made") if is_new else None


PAGES = RecordPages(
    RETROSPECTIVES,
    "retrospectives",
    empty=Empty(
        mark("No retrospective yet"),
        mark("It opens with its period's data: figures, actions, milestones and decisions."),
        "history",
    ),
    tab=TAB,
    led_to=_to_the_wall,
)
NOTE_PAGES = RecordPages(
    RETRO_NOTES,
    "retro-notes",
    empty=Empty(
        mark("No notes yet"), mark("They are written on a retrospective's wall."), "notebook-pen"
    ),
    tab=TAB,
)
CAUSE_PAGES = RecordPages(
    CAUSES,
    "causes",
    empty=Empty(
        mark("No causes yet"), mark("They answer «why?» on a retrospective's wall."), "fish"
    ),
    tab=TAB,
)
add_routes(router, own, record_pages(PAGES), record_pages(NOTE_PAGES), record_pages(CAUSE_PAGES))
