"""Board, list, line and my own: four views of the same actions."""

from fastapi import APIRouter, Request, Response

from app.operations.action_plan import rows_of
from app.pictures.action_line import action_line
from app.routers.forms import whole_number
from app.routers.pages.action_plan.asked import (
    HERE,
    See,
    asked_for,
    choices_of,
    filter_of,
    me_in,
    plan_page,
    prioritised,
)
from app.rules.action_rows import SORTS, Filter, board, chosen, in_order, in_short
from app.rules.ninety_days import THIRDS

ROWS = 100  # of the list's pages
CARDS = 20  # of a column of the board, until somebody asks for the rest

router = APIRouter(include_in_schema=False)


@router.get(HERE)
def on_board(request: Request, asked: See) -> Response:
    kickoff, query = asked.its_kickoff, request.query_params
    by = filter_of(query)
    with asked.database.reading() as session:
        rows = rows_of(session, kickoff)
        choices = choices_of(session, kickoff.id)
        first = prioritised(session, kickoff)
    columns = board(chosen(rows, by), THIRDS)
    shown = in_short(columns, CARDS, whole=query.get("whole", ""), kept=query.get("at", ""))
    return plan_page(
        request,
        "action_plan/board.html",
        asked,
        columns=shown,
        asked_for=asked_for(by),
        all_rows=rows,
        filter=by,
        choices=choices,
        prioritised=first,
    )


@router.get(HERE + "/list")
def as_list(request: Request, asked: See) -> Response:
    kickoff, query = asked.its_kickoff, request.query_params
    by = filter_of(query)
    sort = query.get("sort") if query.get("sort") in SORTS else "due"
    backwards = query.get("order") == "down"
    after = whole_number(query.get("from", "")) or 0
    with asked.database.reading() as session:
        rows = rows_of(session, kickoff)
        choices = choices_of(session, kickoff.id)
    found = in_order(chosen(rows, by), sort or "due", backwards=backwards)
    return plan_page(
        request,
        "action_plan/list.html",
        asked,
        rows=found[after : after + ROWS],
        all_rows=rows,
        how_many=len(found),
        first=after,
        following=after + ROWS if after + ROWS < len(found) else None,
        earlier=max(0, after - ROWS) if after else None,
        filter=by,
        choices=choices,
        sort=sort,
        backwards=backwards,
        asked_for=asked_for(by),
    )


@router.get(HERE + "/line")
def on_line(request: Request, asked: See) -> Response:
    with asked.database.reading() as session:
        view = action_line(session, asked.its_kickoff)
    return plan_page(request, "action_plan/line.html", asked, view=view)


@router.get(HERE + "/mine")
def mine(request: Request, asked: See) -> Response:
    """One's own by the address that one signed in with; `person` shows somebody else's."""
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        choices = choices_of(session, kickoff.id)
        person_id = request.query_params.get("person", "")[:36] or me_in(session, asked)
        rows = rows_of(session, kickoff)
    own = chosen(rows, Filter(owner=person_id)) if person_id else []
    return plan_page(
        request,
        "action_plan/mine.html",
        asked,
        person_id=person_id,
        name=dict(choices["owner"]).get(person_id, ""),
        choices=choices,
        rows=in_order([row for row in own if row.is_open], "due"),
        closed=in_order([row for row in own if not row.is_open], "due"),
        all_rows=rows,
    )
