"""One action of the plan: how it goes, what was said of it, and what is decided about it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app.errors import Fault, Invalid, Stale
from app.i18n import gettext
from app.models.action_notes import ActionNote, notes_of
from app.models.actions import Action, ActionState, Stated, Window
from app.models.learnings import Learning
from app.models.text import PROSE_MAX, clean_text
from app.operations import action_notes, records
from app.operations.action_plan import replan, rows_of, to_write
from app.operations.entities import ACTIONS
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of, whole_number
from app.routers.pages.action_plan.asked import HERE, Edit, See, address, choices_of, plan_page
from app.routers.pages.page import go_to
from app.routers.permissions import Asked, KickoffId, RecordId

ONE = HERE + "/actions/{record_id}"
REVIEW = "review"  # of the field `back`: where a form of the review leads again

router = APIRouter(include_in_schema=False)


@router.get(ONE)
def shown(request: Request, record_id: RecordId, asked: See) -> Response:
    return _page(request, asked, record_id)


@router.post(ONE + "/say")
def say(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """How it goes, in the owner's name; a note may come with it."""
    word = text_of(form, "word")
    text = _text(form, "text")
    with writing(asked.database) as session:
        action = to_write(session, kickoff_id, record_id)
        if word in set(Stated):
            records.change(session, ACTIONS, action, {"status": word}, reason=text)
        elif text:
            action_notes.add_note(session, action, text)
    return _back(kickoff_id, record_id, form, "saved")


@router.post(ONE + "/replan")
def replanned(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    version = text_of(form, "version")
    try:
        with writing(asked.database) as session:
            replan(
                session,
                kickoff_id,
                record_id,
                version=whole_number(version),
                changes=_changes(form),
                reason=_text(form, "reason"),
            )
    except Stale:
        return _page(request, asked, record_id, 412, typed=form, stale=version)
    except Invalid as error:
        errors = faults_by_name(error.faults)
        return _page(request, asked, record_id, 422, typed=form, errors=errors)
    return _back(kickoff_id, record_id, form, "replanned")


@router.post(ONE + "/state")
def closed(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    state = text_of(form, "state")
    if state not in set(ActionState):
        raise Invalid(faults=[Fault("/state", gettext("Choose one of the buttons."))])
    with writing(asked.database) as session:
        action = to_write(session, kickoff_id, record_id)
        if action.state != state:
            text = _text(form, "text")
            records.change(session, ACTIONS, action, {"state": state}, reason=text)
    said = {"open": "reopened", "closed": "closed", "replanned": "carried"}[state]
    return _back(kickoff_id, record_id, form, said)


def _changes(form: FormData) -> Mapping[str, Any]:
    """What the form names; a select that was left as it is says so with "-"."""
    found: dict[str, Any] = {}
    for name in ("due", "owner_id", "window"):
        if name in form and text_of(form, name) != "-":
            found[name] = text_of(form, name).strip() or None
    if found.get("window") not in (None, *Window):
        raise Invalid(faults=[Fault("/window", gettext("Choose one of the windows."))])
    return found


def _text(form: FormData, name: str) -> str:
    try:
        return clean_text(text_of(form, name))[:PROSE_MAX]
    except ValueError:
        return ""


def _back(kickoff_id: str, record_id: str, form: FormData, said: str) -> Response:
    if text_of(form, "back") == REVIEW:
        return go_to(address(kickoff_id, "review"), said=said, undo=record_id)
    if text_of(form, "back") == "board":
        return go_to(address(kickoff_id), said=said, part=f"action-{record_id}", at=record_id)
    return go_to(address(kickoff_id, "actions", record_id), said=said)


def _page(
    request: Request, asked: Asked, record_id: str, status: int = 200, **again: Any
) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        action = records.find(session, ACTIONS, kickoff.id, record_id)
        assert isinstance(action, Action), "ACTIONS are actions"
        row = next(one for one in rows_of(session, kickoff) if one.id == record_id)
        notes = session.scalars(notes_of(record_id)).all()
        learnings = _learnings(session, record_id)
        choices = choices_of(session, kickoff.id)
    known = {"typed": {}, "errors": {}, "stale": "", **again}
    return plan_page(
        request,
        "action_plan/one.html",
        asked,
        status=status,
        action=action,
        row=row,
        notes=notes,
        learnings=learnings,
        choices=choices,
        meanwhile=_since(notes, action, str(known["stale"])),
        **known,
    )


def _learnings(session: Session, action_id: str) -> list[Learning]:
    wanted = select(Learning).where(col(Learning.action_id) == action_id)
    return list(session.scalars(wanted.order_by(col(Learning.id).desc())).all())


def _since(notes: Any, action: Action, version: str) -> list[ActionNote]:
    """What others did since the version that a form was filled from: at least the latest."""
    known = whole_number(version)
    missed = 0 if known is None else action.version - known
    return list(notes[: max(1, missed)]) if version else []
