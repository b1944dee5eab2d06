"""The edges: what comes in over HTTP and what goes back."""

from fastapi import FastAPI

from app.operations.entities import PLAN
from app.routers.add_routes import add_routes
from app.routers.api import action_plan as api_action_plan
from app.routers.api import activities as api_activities
from app.routers.api import dates as api_dates
from app.routers.api import deliveries as api_deliveries
from app.routers.api import handouts as api_handouts
from app.routers.api import health, kickoff_rooms, measured, room_events
from app.routers.api import history as api_history
from app.routers.api import kickoffs as api_kickoffs
from app.routers.api import meetings as api_meetings
from app.routers.api import minutes as api_minutes
from app.routers.api import minutes_versions as api_minutes_versions
from app.routers.api import okr as api_okr
from app.routers.api import plan_check as api_plan_check
from app.routers.api import pulses as api_pulses
from app.routers.api import questions as api_questions
from app.routers.api import rooms as api_rooms
from app.routers.api import slides as api_slides
from app.routers.api import webhooks as api_webhooks
from app.routers.linked import PURPOSES
from app.routers.pages import (
    access,
    account,
    action_link,
    action_plan,
    agenda,
    answers,
    api_docs,
    beside,
    check_in_link,
    dashboard,
    dates,
    deliveries,
    groups,
    handouts,
    history,
    indicators,
    join,
    kickoffs,
    language,
    links,
    mail_link,
    meetings,
    minutes,
    minutes_public,
    minutes_section,
    okr,
    paper,
    people,
    pictures,
    plan,
    plan_check,
    plan_file,
    plan_published,
    program,
    pulse_answer,
    pulse_records,
    pulses,
    questions,
    raci_matrix,
    responsibilities,
    retrospectives,
    rooms,
    shown,
    slide_pictures,
    slides,
    stage,
    steering,
    webhooks,
)
from app.routers.permissions import check_routes
from app.routers.resource import resource


def include_all(application: FastAPI) -> None:
    """Every route of the product. Refuses to start with one that declares no permission."""
    # Routes are tried in order: first those that a whole room asks for at once.
    add_routes(application, join.router, answers.router, api_rooms.router, api_kickoffs.router)
    for entity in PLAN:
        add_routes(application, resource(entity))
    for collection in (
        api_action_plan,
        api_activities,
        api_dates,
        api_deliveries,
        api_handouts,
        api_history,
        api_meetings,
        api_minutes,
        api_minutes_versions,
        api_okr,
        api_plan_check,
        api_pulses,
        api_questions,
        api_slides,
        api_webhooks,
        measured,
        kickoff_rooms,
        room_events,
    ):
        add_routes(application, collection.router)
    for page in (
        health,
        language,
        links,
        api_docs,
        account,
        kickoffs,
        dates,
        people,
        groups,
        okr,
        steering,
        indicators,
        paper,
        handouts,
        meetings,
        minutes,
        minutes_section,
        minutes_public,
        pictures,
        raci_matrix,
        action_plan,
        plan,
        plan_check,
        dashboard,
        beside,
        plan_file,
        plan_published,
        program,
        responsibilities,
        retrospectives,
        pulses,
        pulse_records,
        pulse_answer,
        history,
        slides,
        slide_pictures,
        agenda,
        access,
        questions,
        rooms,
        stage,
        shown,
        webhooks,
        deliveries,
    ):
        add_routes(application, page.router)
    # Their links are opened by `links`; importing them registers their purpose.
    linked = {action_link.ACTION_STATUS, check_in_link.CHECK_IN, mail_link.STOP_MAIL}
    assert PURPOSES.keys() >= linked
    check_routes(application)
