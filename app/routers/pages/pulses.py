"""Pulses as planners see them: what is asked, the waves, a preview, what came of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app import clock
from app.access import Permission
from app.errors import NotFound
from app.i18n import gettext
from app.models.pulse_library import BY_CODE, FIRST_SET, LIBRARY, in_readers_words
from app.models.pulse_waves import DIMENSIONS
from app.models.pulses import FORMS, THEMES, Pulse
from app.operations import order, pulse_answers, pulse_measures, pulse_results, pulse_waves, records
from app.operations.derived import today_in
from app.operations.entities import PULSE_QUESTIONS, PULSES
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.page import go_to, page
from app.routers.pages.pulse_answer import answer_page
from app.routers.pages.pulse_records import TAB, pulse_address
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.pulse_schedule import FEWEST_QUESTIONS, MOST_QUESTIONS, enough

router = APIRouter(prefix="/kickoffs/{kickoff_id}/pulses", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
WORDS: dict[str, Any] = {
    "themes": dict(THEMES),
    "forms": dict(FORMS),
    "in_readers_words": in_readers_words,
}


@router.get("")
def listed(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    with asked.database.reading() as session:
        pulses = session.scalars(records.all_of(PULSES, kickoff_id).order_by(Pulse.position)).all()
        rows = []
        for pulse in pulses:
            waves = session.scalars(pulse_waves.waves_of(pulse.id)).all()
            last = waves[-1] if waves else None
            answered = pulse_answers.how_many_answered(session, last) if last else 0
            rows.append((pulse, last, answered, _next(pulse, asked, len(waves))))
    return page(
        request, "pulses/list.html", kickoff=asked.its_kickoff, asked=asked, tab=TAB, rows=rows,
        may_edit=asked.may(Permission.EDIT_PLAN),
    )  # fmt: skip


@router.get("/{record_id}/asks")
def asks(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    with asked.database.reading() as session:
        pulse = pulse_waves.pulse_of(session, kickoff_id, record_id)
        questions = pulse_waves.questions_of(session, pulse.id)
        waves = session.scalars(pulse_waves.waves_of(pulse.id)).all()
        answered = {wave.id: pulse_answers.how_many_answered(session, wave) for wave in waves}
    taken = {question.text for question in questions}
    left = [ready for ready in LIBRARY if not {ready.text, gettext(ready.text)} & taken]
    return page(
        request,
        "pulses/asks.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        tab=TAB,
        may_edit=asked.may(Permission.EDIT_PLAN),
        pulse=pulse,
        questions=questions,
        enough=enough(len(questions)),
        fewest=FEWEST_QUESTIONS,
        most=MOST_QUESTIONS,
        left=left,
        waves=waves,
        answered=answered,
        open_wave=next((wave for wave in waves if wave.is_open), None),
        planned=[
            one
            for one in pulse_waves.plan_of(pulse, asked.its_kickoff)
            if one.number > (waves[-1].number if waves else 0)
            and one.last >= today_in(asked.its_kickoff)
        ],
        told=request.query_params,
        **WORDS,
    )


@router.post("/{record_id}/library")
def take(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """The questions with these codes; `first_set` is a whole pulse."""
    codes = FIRST_SET if text_of(form, "first_set") else form.getlist("code")
    ready = [BY_CODE[str(code)] for code in codes if str(code) in BY_CODE]
    with writing(asked.database) as session:
        pulse_waves.pulse_of(session, kickoff_id, record_id)
        for one in ready:
            values = {
                "text": gettext(one.text), "theme": one.theme, "form": one.form,
                "pulse_id": record_id,
            }  # fmt: skip
            records.create(session, PULSE_QUESTIONS, kickoff_id, values)
    return go_to(pulse_address(kickoff_id, record_id, "asks"), said="made" if ready else "")


@router.post("/{record_id}/questions/{question_id}/move")
def move(
    kickoff_id: KickoffId, record_id: RecordId, question_id: RecordId, form: Posted, asked: Edit
) -> Response:
    steps = text_of(form, "steps")
    with writing(asked.database) as session:
        found = records.find(session, PULSE_QUESTIONS, kickoff_id, question_id, to_write=True)
        ids = [one.id for one in pulse_waves.questions_of(session, record_id)]
        if question_id not in ids or steps not in ("-1", "1"):
            raise NotFound
        after_id = order.neighbour(ids, question_id, steps=int(steps))
        records.change(session, PULSE_QUESTIONS, found, {}, after_id=after_id)
    here = pulse_address(kickoff_id, record_id, "asks")
    return go_to(here, said="moved", fresh=question_id, steps=steps)


@router.post("/{record_id}/questions/{question_id}/remove")
def remove(
    kickoff_id: KickoffId, record_id: RecordId, question_id: RecordId, asked: Edit
) -> Response:
    with writing(asked.database) as session:
        found = records.find(session, PULSE_QUESTIONS, kickoff_id, question_id, to_write=True)
        records.remove(session, PULSE_QUESTIONS, found)
    return go_to(pulse_address(kickoff_id, record_id, "asks"), said="removed")


@router.post("/{record_id}/open")
def open_wave(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: Edit
) -> Response:
    request.app.state.live.pulses.open_now(asked.database, kickoff_id, record_id)
    return go_to(pulse_address(kickoff_id, record_id, "asks"), said="wave_opened", part="waves")


@router.post("/{record_id}/waves/{wave_id}/close")
def close_wave(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, wave_id: RecordId, asked: Edit
) -> Response:
    request.app.state.live.pulses.close_now(asked.database, kickoff_id, wave_id)
    return go_to(pulse_address(kickoff_id, record_id, "results"), said="wave_closed")


@router.get("/{record_id}/preview")
def preview(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    """The page as it comes to a phone, filled in for nothing."""
    with asked.database.reading() as session:
        pulse = pulse_waves.pulse_of(session, kickoff_id, record_id)
        questions = [
            {"id": one.id, "text": one.text, "theme": one.theme, "form": str(one.form)}
            for one in pulse_waves.questions_of(session, pulse.id)
        ]
        told = pulse_measures.told_back(session, pulse.id)
    return answer_page(
        request, kickoff=asked.its_kickoff, pulse=pulse, questions=questions, told=told,
        preview=pulse_address(kickoff_id, record_id, "asks"),
    )  # fmt: skip


@router.get("/{record_id}/results")
def results(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: See,
    wave: int | None = None,
    by: str = "",
) -> Response:
    by = by if by in DIMENSIONS else ""
    with asked.database.reading() as session:
        pulse = pulse_waves.pulse_of(session, kickoff_id, record_id)
        found = pulse_results.results(session, pulse.id, number=wave, by=by)
        measures = pulse_measures.seen(session, pulse.id, found)
        tied = pulse_measures.tied_to(session, pulse.id)
        waves = session.scalars(pulse_waves.waves_of(pulse.id)).all()
        open_one = next((one for one in waves if one.is_open), None)
        answered = pulse_answers.how_many_answered(session, open_one) if open_one else 0
    return page(
        request,
        "pulses/results.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        tab=TAB,
        may_edit=asked.may(Permission.EDIT_PLAN),
        pulse=pulse,
        result=found,
        by=by,
        measures=measures,
        today=today_in(asked.its_kickoff, clock.now()),
        tied=tied,
        open_wave=open_one,
        open_answered=answered,
        now=clock.now(),
        **WORDS,
    )


@router.post("/{record_id}/measures/{measure_id}/action")
def as_action(
    kickoff_id: KickoffId, record_id: RecordId, measure_id: RecordId, asked: Edit
) -> Response:
    with writing(asked.database) as session:
        pulse_measures.become_action(session, kickoff_id, measure_id)
    here = pulse_address(kickoff_id, record_id, "results")
    return go_to(here, said="measure_became_action", part=f"measure-{measure_id}")


def _next(pulse: Pulse, asked: Asked, opened: int) -> object:
    today = today_in(asked.its_kickoff)
    waves = pulse_waves.plan_of(pulse, asked.its_kickoff)
    return next((one for one in waves if one.number > opened and one.last >= today), None)
