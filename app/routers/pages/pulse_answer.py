"""Where a pulse is answered: by a link, without an account, on a phone.

Reading the page changes nothing (what scans mail opens links); the form is what answers. Nothing is
logged here (web/quiet_paths), and nobody is greeted by name: the page is the same for all.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app.access import Permission
from app.errors import Invalid, NotFound
from app.i18n import gettext
from app.models.kickoffs import Kickoff
from app.models.pulse_library import in_readers_words
from app.models.pulses import VALUES, Form, Pulse, PulseMeasure
from app.operations import pulse_measures
from app.operations.pulse_answers import TEXT_MAX
from app.operations.pulse_answers import Asked as Invited
from app.routers.forms import Posted
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)

Anybody = Annotated[Asked, needs(Permission.PUBLIC)]
Token = Annotated[str, Path(max_length=60)]


@router.get("/pulse/{token}")
def look(request: Request, token: Token, asked: Anybody) -> Response:
    try:
        invited, standing = request.app.state.live.pulses.look(token)
    except NotFound:
        return _unknown(request)
    return _page(request, asked, invited, standing, token=token)


@router.post("/pulse/{token}")
def answer(request: Request, token: Token, form: Posted, asked: Anybody) -> Response:
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        invited, standing = request.app.state.live.pulses.answer(token, sent)
    except NotFound:
        return _unknown(request)
    except Invalid as error:
        invited, standing = request.app.state.live.pulses.look(token)
        return _page(request, asked, invited, standing, token=token, sent=sent, faults=error)
    return _page(request, asked, invited, standing, token=token, just_now=True)


def _page(
    request: Request,
    asked: Asked,
    invited: Invited,
    standing: str,
    *,
    token: str,
    sent: Mapping[str, str] | None = None,
    faults: Invalid | None = None,
    just_now: bool = False,
) -> Response:
    with asked.database.reading() as session:
        wave = invited.wave
        return answer_page(
            request,
            kickoff=session.get_one(Kickoff, wave.kickoff_id),
            pulse=session.get_one(Pulse, wave.pulse_id),
            questions=wave.asked,
            told=pulse_measures.told_back(session, wave.pulse_id),
            again=pulse_measures.asked_again(session, wave),
            standing=standing,
            here=f"/pulse/{token}",
            closes_at=wave.closes_at,
            sent=sent,
            faults=faults,
            just_now=just_now,
        )


def answer_page(
    request: Request,
    *,
    kickoff: Kickoff,
    pulse: Pulse,
    questions: Sequence[Mapping[str, Any]],
    told: Sequence[PulseMeasure],
    again: Mapping[str, PulseMeasure] | None = None,
    standing: str = "open",
    here: str = "",
    closes_at: Any = None,
    sent: Mapping[str, str] | None = None,
    faults: Invalid | None = None,
    just_now: bool = False,
    preview: str = "",
) -> Response:
    """`preview`: the way back for a planner who only looks."""
    errors = (
        {fault.pointer.removeprefix("/"): fault.detail for fault in faults.faults} if faults else {}
    )
    answer = page(
        request,
        "pulses/answer.html",
        status=422 if faults else 200,
        kickoff=kickoff,
        pulse=pulse,
        questions=questions,
        values={form: VALUES[form] for form in Form},
        in_readers_words=in_readers_words,
        told_back=told,
        again=again or {},
        standing=standing,
        here=here,
        closes_at=closes_at,
        sent=sent or {},
        errors=errors,
        just_now=just_now,
        preview=preview,
        text_max=TEXT_MAX,
    )
    answer.headers["x-robots-tag"] = "noindex"
    return answer


def _unknown(request: Request) -> Response:
    return page(
        request, "pulses/unknown.html", status=404, title=gettext("This link leads nowhere")
    )
