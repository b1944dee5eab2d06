"""The weekly review: what deviates, one by one, and what was learnt from it."""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from app import clock
from app.errors import Invalid
from app.models.learnings import learnings_of, reviews_of
from app.operations import records
from app.operations.action_plan import rows_of
from app.operations.derived import today_in
from app.operations.deviation_reviews import hold, review_of, to_review
from app.operations.entities import LEARNINGS
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.action_plan.asked import HERE, Edit, See, address, choices_of, plan_page
from app.routers.pages.page import go_to
from app.routers.permissions import Asked, KickoffId
from app.rules.deviations import week_of

EARLIER = 12  # reviews that are shown
LEARNT = 20  # notes of the log

router = APIRouter(include_in_schema=False)


@router.get(HERE + "/review")
def shown(request: Request, asked: See) -> Response:
    return _page(request, asked)


@router.post(HERE + "/review/learnt")
def learnt(request: Request, kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    names = ("title", "why", "learnt", "changes", "action_id")
    values = {name: text_of(form, name) or ("" if name != "action_id" else None) for name in names}
    try:
        with writing(asked.database) as session:
            records.create(session, LEARNINGS, kickoff_id, values)
    except Invalid as error:
        return _page(request, asked, 422, typed=form, errors=faults_by_name(error.faults))
    at = text_of(form, "action_id")
    return go_to(address(kickoff_id, "review"), said="learnt", **({"at": at} if at else {}))


@router.post(HERE + "/review/held")
def held(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        hold(session, asked.its_kickoff, clock.now())
    return go_to(address(kickoff_id, "review"), said="review_held", part="held")


def _page(
    request: Request,
    asked: Asked,
    status: int = 200,
    *,
    typed: FormData | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    kickoff = asked.its_kickoff
    week = week_of(today_in(kickoff))
    at = (text_of(typed, "action_id") if typed else request.query_params.get("at", ""))[:36]
    with asked.database.reading() as session:
        rows = rows_of(session, kickoff)
        queue = to_review(rows)
        this_week = review_of(session, kickoff.id, week)
        earlier = session.scalars(reviews_of(kickoff.id).limit(EARLIER)).all()
        log = session.scalars(learnings_of(kickoff.id).limit(LEARNT)).all()
        choices = choices_of(session, kickoff.id)
    current = next((row for row in queue if row.id == at), queue[0] if queue else None)
    return plan_page(
        request,
        "action_plan/review.html",
        asked,
        status=status,
        all_rows=rows,
        queue=queue,
        current=current,
        week=week,
        review=this_week,
        reviews=earlier,
        learnings=log,
        choices=choices,
        typed=typed or {},
        errors=errors or {},
    )
