"""What was asked in the rooms: answered in writing by planners, and published at one link."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app.access import Permission
from app.errors import Invalid, NotFound
from app.live.backlog import Stream, question_in, streams_of
from app.models.answers import PublishedAnswers
from app.models.people import people_of
from app.operations import answers, publications
from app.operations.explained import faq_of
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.pages.published import Published
from app.routers.permissions import Asked, KickoffId, declares, needs
from app.rules.faq import Explained, fitting
from app.rules.questions import Question, QuestionState
from app.web.hosts import public_url

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
EntryId = Annotated[str, Path(max_length=36)]
Here = "/kickoffs/{kickoff_id}/questions"

_PUBLISHED = Published()

# By part of the page: which questions are in it.
PARTS = ("waiting", "open", "backlog", "answered", "away")


def part_of(question: Question) -> str:
    """Where the planners' page lists it."""
    if question.standing == "pending":
        return "waiting"
    if question.standing == "hidden" or question.state == QuestionState.DISMISSED:
        return "away"
    return question.state


@router.get(Here)
def listed(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    may_edit = asked.may(Permission.EDIT_PLAN)
    with asked.database.reading() as session:
        streams = streams_of(session, kickoff_id)
        link = publications.publication(session, PublishedAnswers, kickoff_id)
    # What waits for approval, or was hidden, is for those to see who decide about it.
    parts = {
        name: [
            (stream, one)
            for stream in streams
            for one in stream.questions
            if part_of(one) == name and (may_edit or one.is_shown)
        ]
        for name in PARTS
    }
    return page(
        request,
        "questions/list.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        may_edit=may_edit,
        streams=streams,
        parts=parts,
        link=link,
        address=_address(request, link.secret) if link else "",
    )


@router.post(Here + "/publish")
def publish(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.publish(
            session, PublishedAnswers, kickoff_id, anew=bool(text_of(form, "anew"))
        )
    return go_to(Here.format(kickoff_id=kickoff_id), said="answers_published", part="published")


@router.post(Here + "/unpublish")
def unpublish(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.unpublish(session, PublishedAnswers, kickoff_id)
    return go_to(Here.format(kickoff_id=kickoff_id), said="answers_unpublished")


@router.get(Here + "/{activity_id}/{entry_id}")
def edited(
    request: Request, kickoff_id: KickoffId, activity_id: str, entry_id: EntryId, asked: Edit
) -> Response:
    with asked.database.reading() as session:
        stream, question = question_in(session, kickoff_id, activity_id, entry_id)
    return _form(request, asked, stream, question, _values(question))


@router.post(Here + "/{activity_id}/{entry_id}")
def save(
    request: Request,
    kickoff_id: KickoffId,
    activity_id: str,
    entry_id: EntryId,
    form: Posted,
    asked: Edit,
) -> Response:
    """`do` is what the button says: a state, or `show` and `hide`. `use` names an answer of the FAQ
    to go on from: nothing is saved by it."""
    do = text_of(form, "do")
    typed = {name: text_of(form, name) for name in ("answer", "by_id", "by", "reason")}
    if use := text_of(form, "use"):
        with asked.database.reading() as session:
            stream, question = question_in(session, kickoff_id, activity_id, entry_id)
            taken = next((one for one in faq_of(session, kickoff_id) if one.id == use), None)
        if taken is None:
            raise NotFound
        version = text_of(form, "version")
        return _form(request, asked, stream, question, _with(typed, taken), version=version)
    try:
        with writing(asked.database) as session:
            entry = answers.question_entry(session, kickoff_id, activity_id, entry_id)
            stream, question = question_in(session, kickoff_id, activity_id, entry.id)
            if do in ("show", "hide"):
                answers.set_shown(session, kickoff_id, entry, shown=do == "show")
            elif do not in set(QuestionState):
                raise NotFound
            elif text_of(form, "version") not in ("", answers.version_of(question)):
                return _form(request, asked, stream, question, typed, stale=True)
            else:
                changes = {name: text for name, text in typed.items() if name in form}
                answers.write_answer(session, kickoff_id, entry, _changes(changes, do))
    except Invalid as error:
        with asked.database.reading() as session:
            stream, question = question_in(session, kickoff_id, activity_id, entry_id)
        return _form(request, asked, stream, question, typed, faults=error)
    return go_to(Here.format(kickoff_id=kickoff_id), said="saved", part=f"question-{entry_id}")


@router.get("/answers/{secret}", dependencies=[declares(Permission.PUBLIC)])
async def published(request: Request, secret: str) -> Response:
    """For everybody who has the link, signed in or not. Who asked is told to nobody."""
    page = await _PUBLISHED.page(request.app.state.live, secret)
    answer = page.response()
    answer.headers.update({"cache-control": "no-store", "x-robots-tag": "noindex"})
    return answer


def _values(question: Question) -> dict[str, Any]:
    return {
        "answer": question.answer,
        "by_id": question.by_id or "",
        "by": "" if question.by_id else question.by,
        "reason": question.reason,
    }


def _with(typed: Mapping[str, str], taken: Explained) -> dict[str, str]:
    """What was typed with the FAQ's answer below it, and who answers for that where nobody else
    was named."""
    said = typed["answer"].strip()
    named = typed["by_id"] or typed["by"]
    return {
        **typed,
        "answer": f"{said}\n\n{taken.answer}" if said else taken.answer,
        "by_id": typed["by_id"] if named else taken.owner_id or "",
    }


def _changes(typed: Mapping[str, str], state: str) -> dict[str, Any]:
    """Who was chosen from the list goes before who was typed."""
    told: dict[str, Any] = {**typed, "state": state}
    if "by_id" in told:
        told["by_id"] = told["by_id"] or None
        told["by"] = "" if told["by_id"] else told.get("by", "")
    return told


def _form(
    request: Request,
    asked: Asked,
    stream: Stream,
    question: Question,
    values: Mapping[str, Any],
    *,
    version: str = "",
    faults: Invalid | None = None,
    stale: bool = False,
) -> Response:
    with asked.database.reading() as session:
        people = [(p.id, p.name) for p in session.scalars(people_of(asked.its_kickoff.id))]
        faq = faq_of(session, asked.its_kickoff.id)
    return page(
        request,
        "questions/form.html",
        status=422 if faults else 412 if stale else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        stream=stream,
        question=question,
        version=version or answers.version_of(question),
        values=values,
        people=people,
        suggested=[
            one
            for one in fitting((question.text, *question.others), faq)
            if one.answer not in values["answer"]
        ],
        errors=faults_by_name(faults.faults) if faults else {},
        stale=stale,
    )


def _address(request: Request, secret: str) -> str:
    return f"{public_url(request.scope, request.app.state.settings)}/answers/{secret}"
