"""The OKR board (F4), a key result with its trend, and the check-in that takes fifteen seconds."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app import clock
from app.access import Permission
from app.errors import Invalid, NotFound
from app.models.check_ins import CheckIn, CheckInFields
from app.models.kickoffs import Kickoff
from app.models.kpis import Reading
from app.models.objectives import Objective
from app.models.people import people_of
from app.operations import records
from app.operations.derived import today_in
from app.operations.entities import CHECK_INS, KEY_RESULTS
from app.operations.okr import KeyResultState, board, key_results_of
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, labels_of, text_of, values_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules import frames, plot

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
WIDTH, HEIGHT = 720, 300
# What is beside the figures, and below the days.
FRAME = plot.Frame(left=84, top=20, right=WIDTH - 24, bottom=HEIGHT - 40)


@router.get("/kickoffs/{kickoff_id}/okr")
def shown(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = board(session, kickoff)
    return page(
        request,
        "okr/board.html",
        kickoff=kickoff,
        asked=asked,
        board=found,
        frames=frames,
    )


@router.get("/kickoffs/{kickoff_id}/okr/key-results/{record_id}")
def one(request: Request, record_id: RecordId, asked: See) -> Response:
    return _key_result(request, asked, record_id)


@router.post("/kickoffs/{kickoff_id}/okr/key-results/{record_id}/check-ins")
def check_in(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    values = values_of(CheckInFields, form, hidden=frozenset({"withdrawn"}))
    values["key_result_id"] = record_id
    try:
        with writing(asked.database) as session:
            records.find(session, KEY_RESULTS, kickoff_id, record_id, to_write=True)
            records.create(session, CHECK_INS, kickoff_id, values)
    except Invalid as error:
        return _key_result(request, asked, record_id, typed=form, faults=error)
    return go_to(_address(kickoff_id, record_id), said="checked_in")


@router.post("/kickoffs/{kickoff_id}/okr/check-ins/{record_id}/withdraw")
def withdraw(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """Or, with `again`, let it count again: nothing is gone either way."""
    withdrawn = not text_of(form, "again")
    with writing(asked.database) as session:
        record = records.find(session, CHECK_INS, kickoff_id, record_id, to_write=True)
        assert isinstance(record, CheckIn)
        if record.withdrawn != withdrawn:
            records.change(session, CHECK_INS, record, {"withdrawn": withdrawn})
        key_result_id = record.key_result_id
    said = "withdrawn" if withdrawn else "counted_again"
    return go_to(_address(kickoff_id, key_result_id), said=said, part=f"said-{record_id}")


def _key_result(
    request: Request,
    asked: Asked,
    record_id: str,
    *,
    typed: FormData | None = None,
    faults: Invalid | None = None,
) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = key_results_of(session, kickoff, only=record_id)
        if not found:
            raise NotFound
        state = found[0]
        objective = session.get_one(Objective, state.objective_id)
        people = [(one.id, one.name) for one in session.scalars(people_of(kickoff.id))]
        reading = _reading(session, state)
    return page(
        request,
        "okr/key_result.html",
        status=422 if faults else 200,
        kickoff=kickoff,
        asked=asked,
        one=state,
        objective=objective,
        people=people,
        reading=reading,
        drawn=drawn(state, kickoff),
        size=(WIDTH, HEIGHT, FRAME),
        typed=_typed(typed, state, reading),
        errors=faults_by_name(faults.faults) if faults else {},
        labels=labels_of(CheckInFields),
    )


def drawn(state: KeyResultState, kickoff: Kickoff) -> plot.Plot | None:
    """The picture of its way, where there is one to draw."""
    values = [(one.on, one.value) for one in state.standing]
    way = state.way
    line = None
    if way.baseline is not None and way.target is not None and kickoff.day and state.due:
        ends = max(state.due, kickoff.day)
        line = ((kickoff.day, way.baseline), (ends, way.target))
    if not values and line is None:
        return None
    return plot.plot(FRAME, values, line=line, today=today_in(kickoff, clock.now()))


def _reading(session: Session, state: KeyResultState) -> Reading | None:
    """What the KPI that it is tied to was measured at last, if since the last check-in."""
    if state.kpi_id is None:
        return None
    wanted = select(Reading).where(col(Reading.kpi_id) == state.kpi_id)
    newest = wanted.order_by(col(Reading.read_on).desc(), col(Reading.id).desc()).limit(1)
    found = session.scalars(newest).first()
    if found is None or found.read_on is None:
        return None
    return found if state.last is None or found.read_on > state.last.on else None


def _typed(
    typed: FormData | None, state: KeyResultState, reading: Reading | None
) -> Mapping[str, Any]:
    """What the form is filled with: what came back, or what is known already, to be looked at and
    sent."""
    if typed is not None:
        return {name: text_of(typed, name) for name in CheckInFields.model_fields}
    value = reading.value if reading else state.value
    return {
        "value": value,
        "confidence": "" if state.confidence is None else str(state.confidence),
        "note": "",
        "said_by_id": state.owner_id or "",
        "said_on": "",
    }


def _address(kickoff_id: str, key_result_id: str) -> str:
    return f"/kickoffs/{kickoff_id}/okr/key-results/{key_result_id}"
