"""Replanning an action, and what was said and done of it: never overwritten."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlmodel import Session

from app.access import Permission
from app.models.action_notes import ActionNote, NoteKind, notes_of
from app.models.fields import Id, Prose
from app.operations import records
from app.operations.action_plan import replan, to_write
from app.operations.entities import ACTIONS
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, IfMatch, etag, once_asked, require_match
from app.routers.declared import a_day
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.resource import shown_of
from app.routers.schemas import encoded, json_answer, problems

ONE = f"{API}/kickoffs/{{kickoff_id}}/actions/{{record_id}}"
MOST = 500  # of a log

router = APIRouter(tags=["actions"])

Day = Annotated[date, BeforeValidator(a_day)]


class Replanning(BaseModel):
    """What is left out stays as it is; `null` takes it away."""

    model_config = ConfigDict(extra="forbid")

    reason: Prose = Field(min_length=1)
    due: Day | None = None
    window: Literal["30", "60", "90"] | None = None
    owner_id: Id | None = None


class ActionNoteShown(BaseModel):
    id: str
    action_id: str
    at: datetime
    by: str
    kind: NoteKind
    status: str | None
    text: str
    from_due: date | None
    to_due: date | None
    from_window: str | None
    to_window: str | None
    from_owner_id: str | None
    to_owner_id: str | None
    from_owner: str
    to_owner: str


class ActionLog(BaseModel):
    items: list[ActionNoteShown]


@router.get(
    ONE + "/log",
    response_model=ActionLog,
    operation_id="list_action_log",
    responses=problems(401, 403, 404, 422),
)
def log(
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Annotated[Asked, needs(Permission.SEE_PLAN)],
) -> Response:
    """Every word, note, new date, owner and state of an action, the latest first."""
    with asked.database.reading() as session:
        records.find(session, ACTIONS, kickoff_id, record_id)
        found = session.scalars(notes_of(record_id).limit(MOST)).all()
    return json_answer({"items": [_shown(one) for one in found]})


@router.post(
    ONE + "/replannings",
    status_code=201,
    response_model=ActionNoteShown,
    operation_id="replan_action",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def replanned(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    body: Replanning,
    asked: Annotated[Asked, needs(Permission.EDIT_PLAN)],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Another date, window or owner, with the reason; answers what was written in the log. Its
    ETag is the action's."""
    changes = body.model_dump(exclude={"reason"}, exclude_unset=True)

    def make(session: Session) -> Answer:
        action = to_write(session, kickoff_id, record_id)
        require_match(action, if_match, lambda: shown_of(ACTIONS, asked, action))
        replan(session, kickoff_id, record_id, version=None, changes=changes, reason=body.reason)
        note = session.scalars(notes_of(record_id)).first()
        assert note is not None, "it was written just now"
        return Answer(encoded(_shown(note)), etag(action))

    return once_asked(
        asked, request, idempotency_key, make, encoded(body.model_dump(mode="json"))
    ).response()


def _shown(note: ActionNote) -> dict[str, Any]:
    names = [name for name in ActionNoteShown.model_fields if name != "by"]
    return {name: getattr(note, name) for name in names} | {"by": note.by_name}
