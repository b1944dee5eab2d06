"""What was asked in a kickoff's rooms, for programs: listed, answered in writing, published."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.access import Permission
from app.errors import NotFound, PremiseMissing, Stale
from app.live.backlog import Stream, question_in, streams_of
from app.models.answers import PublishedAnswers
from app.models.fields import Id, Line, Prose
from app.operations import answers
from app.routers.api import API
from app.routers.api.published import published_at_one_link
from app.routers.conditions import IfMatch, IfNoneMatch, answered, writing
from app.routers.paging import Cursor, Limit, page_in
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import json_answer, problems
from app.rules.questions import Question, QuestionState

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["answers"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
ActivityId = Annotated[str, Path(description="the questions' activity", max_length=36)]


class QuestionShown(BaseModel):
    """A question with what has become of it. Who asked is told to nobody."""

    id: str
    activity_id: str
    room_id: str
    text: str
    also: list[str] = Field(description="what others asked that was merged with it")
    shown: str = Field(description="visible, pending (waits for approval) or hidden")
    votes: int
    state: QuestionState
    answer: str
    by: str
    by_id: str | None
    reason: str
    answered_at: int | None = Field(description="ms since 1970")


class QuestionList(BaseModel):
    items: list[QuestionShown]
    next_cursor: str | None = None


class AnswerPatch(BaseModel):
    """A merge-patch: what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    state: QuestionState | None = None
    answer: Prose | None = None
    by_id: Id | None = None
    by: Line | None = None
    reason: Line | None = None


@router.get(
    "/questions",
    response_model=QuestionList,
    operation_id="list_questions",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: See,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """By room and activity, most voted for first within an activity. Those that wait for approval
    or were hidden are listed for who may edit the plan."""
    may_edit = asked.may(Permission.EDIT_PLAN)
    with asked.database.reading() as session:
        streams = streams_of(session, kickoff_id)
    told = [
        (stream, one) for stream in streams for one in stream.questions if may_edit or one.is_shown
    ]
    found, following = page_in(request, told, _place, limit=limit, cursor=cursor)
    items = [_shown(stream, one) for stream, one in found]
    return json_answer({"items": items, "next_cursor": following})


@router.get(
    "/questions/{activity_id}/{record_id}",
    response_model=QuestionShown,
    operation_id="get_questions",
    responses=problems(401, 403, 404, 422),
)
def get(
    kickoff_id: KickoffId,
    activity_id: ActivityId,
    record_id: RecordId,
    asked: See,
    if_none_match: IfNoneMatch = None,
) -> Response:
    with asked.database.reading() as session:
        stream, one = question_in(session, kickoff_id, activity_id, record_id)
    if not (one.is_shown or asked.may(Permission.EDIT_PLAN)):
        raise NotFound
    return answered(_shown(stream, one), _etag(one), if_none_match)


@router.patch(
    "/questions/{activity_id}/{record_id}",
    response_model=QuestionShown,
    operation_id="patch_questions",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def change(
    kickoff_id: KickoffId,
    activity_id: ActivityId,
    record_id: RecordId,
    body: Annotated[AnswerPatch, Body()],
    asked: Edit,
    if_match: IfMatch = None,
) -> Response:
    """Answer it in writing, or say what has become of it. It is published as `answered` alone."""
    changes = body.model_dump(exclude_unset=True)
    with writing(asked.database) as session:
        entry = answers.question_entry(session, kickoff_id, activity_id, record_id)
        stream, one = question_in(session, kickoff_id, activity_id, entry.id)
        if if_match is None:
            raise PremiseMissing
        if not _believes(if_match, one):
            raise Stale(_shown(stream, one))
        answers.write_answer(session, kickoff_id, entry, changes)
    with asked.database.reading() as session:
        stream, one = question_in(session, kickoff_id, activity_id, entry.id)
    return json_answer(_shown(stream, one), etag=_etag(one))


published_at_one_link(router, PublishedAnswers, "answers", read="get_publication")


def _shown(stream: Stream, one: Question) -> dict[str, Any]:
    return {
        "id": one.root,
        "activity_id": stream.activity.id,
        "room_id": stream.room_id,
        "text": one.text,
        "also": list(one.others),
        "shown": one.standing,
        "votes": one.votes + one.table_votes,
        "state": one.state,
        "answer": one.answer,
        "by": one.by,
        "by_id": one.by_id,
        "reason": one.reason,
        "answered_at": one.answered_at,
    }


def _place(told: tuple[Stream, Question]) -> tuple[Any, ...]:
    stream, one = told
    return stream.key(one)


def _etag(one: Question) -> str:
    """Of all that is shown: what is said of it, and its votes."""
    return f'"{answers.version_of(one)}.{one.votes + one.table_votes}"'


def _believes(if_match: str, one: Question) -> bool:
    """Whether who answers has read what is said of the question by now. A vote that came since does
    not stand in the way: in an open room there is always one."""
    said = [part.strip().strip('"').partition(".")[0] for part in if_match.split(",")]
    return "*" in said or answers.version_of(one) in said
