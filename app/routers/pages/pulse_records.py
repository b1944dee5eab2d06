"""Tables and forms of pulses, their questions and their measures."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import mark
from app.operations.entities import PULSE_MEASURES, PULSE_QUESTIONS, PULSES
from app.routers.add_routes import add_routes
from app.routers.forms import text_of
from app.routers.pages.page import go_to
from app.routers.pages.records import Empty, RecordPages, record_pages

TAB = "pulses"


def pulse_address(kickoff_id: str, pulse_id: str, *parts: str) -> str:
    return "/".join(("/kickoffs", kickoff_id, "pulses", pulse_id, *parts))


def _to_its_page(_form: FormData, kickoff_id: str, record_id: str, is_new: bool) -> Response:
    said = "made" if is_new else "saved"
    return go_to(pulse_address(kickoff_id, record_id, "asks"), said=said)


def _to_its_pulse(form: FormData, kickoff_id: str, record_id: str, is_new: bool) -> Response:
    said, part = "made" if is_new else "saved", f"question-{record_id}"
    return go_to(pulse_address(kickoff_id, text_of(form, "pulse_id"), "asks"), said=said, part=part)


def _to_the_results(form: FormData, kickoff_id: str, record_id: str, is_new: bool) -> Response:
    said, part = "made" if is_new else "saved", f"measure-{record_id}"
    return go_to(
        pulse_address(kickoff_id, text_of(form, "pulse_id"), "results"), said=said, part=part
    )


PULSE_PAGES = RecordPages(
    PULSES,
    "pulses",
    empty=Empty(
        mark("No pulse yet"),
        mark("Five to eight questions every second week: how it goes, from those who do it."),
        "activity",
    ),
    tab=TAB,
    led_to=_to_its_page,
)
QUESTION_PAGES = RecordPages(
    PULSE_QUESTIONS,
    "pulse-questions",
    empty=Empty(
        mark("No questions yet"),
        mark("Take five to eight from the library, or write your own."),
        "circle-question-mark",
    ),
    tab=TAB,
    led_to=_to_its_pulse,
)
MEASURE_PAGES = RecordPages(
    PULSE_MEASURES,
    "pulse-measures",
    empty=Empty(
        mark("No measures yet"),
        mark("What you do about what was answered, within one to two weeks."),
        "wrench",
    ),
    tab=TAB,
    led_to=_to_the_results,
)

router = APIRouter(include_in_schema=False)
add_routes(
    router,
    record_pages(PULSE_PAGES, with_list=False),
    record_pages(QUESTION_PAGES),
    record_pages(MEASURE_PAGES),
)
