"""The agenda: the day with its computed times and advice, its blocks, and what each block asks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from sqlmodel import Session
from starlette.datastructures import FormData

from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext
from app.live import plan_options, prepared
from app.live.activity import BaseConfig, kind_of, registry
from app.models.activities import Activity, ActivityStatus
from app.models.agenda import BLOCK_KINDS, AgendaBlock
from app.models.faults import sentence, validated
from app.models.fields import Fields, OfKickoff, Title
from app.models.people import people_of
from app.models.text import LINE_MAX
from app.operations import agenda, records, slides
from app.operations.entities import AGENDA_BLOCKS
from app.routers.add_routes import add_routes
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.kinds import option_kinds
from app.routers.pages import program
from app.routers.pages.beside import beside
from app.routers.pages.chosen_records import among, offered_in
from app.routers.pages.page import go_to, page
from app.routers.pages.records import RecordPages, record_pages
from app.routers.permissions import Asked, KickoffId, RecordId, needs

router = APIRouter(include_in_schema=False)
own = APIRouter(prefix="/kickoffs/{kickoff_id}/agenda", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


def _activities(session: Session, asked: Asked, block: OfKickoff | None) -> Mapping[str, Any]:
    found = prepared.activities_of_block(session, block.id) if block else ()
    return {
        **beside(session, asked, "agenda", block),
        "decks": slides.decks_of_block(session, block.id) if block else [],
        "activities": [(one, gettext(kind_of(one.kind).name)) for one in found],
        "program": program.rows_of(session, block) if isinstance(block, AgendaBlock) else [],
        "program_choices": program.choices_of(session, block)
        if isinstance(block, AgendaBlock)
        else [],
        "kinds": [(kind, gettext(logic.name), logic.icon) for kind, logic in registry().items()],
    }


def _led_to(form: FormData, kickoff_id: str, block_id: str, is_new: bool) -> Response | None:
    """On to the next block, to a question or slides of this one, or to the new block's own page."""
    then = text_of(form, "then")
    if then in registry():
        return go_to(PAGES.address(kickoff_id, block_id, "activities", "new"), kind=then)
    if then == "slides":
        return go_to(PAGES.address(kickoff_id, block_id, "slides", "new"))
    if then == "next":
        return go_to(PAGES.address(kickoff_id), said="made", fresh=block_id, then=then)
    if is_new:
        return go_to(PAGES.address(kickoff_id, block_id), said="block_made")
    return None


PAGES = RecordPages(AGENDA_BLOCKS, "agenda", also_in_form=_activities, led_to=_led_to)


@own.get("")
def day(request: Request, asked: See) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = agenda.day_of(session, kickoff)
        people = session.scalars(people_of(kickoff.id)).all()
        asking = agenda.activities_per_block(session, kickoff.id)
        decks = slides.decks_by_block(session, kickoff.id)
    return page(
        request,
        "agenda/list.html",
        kickoff=kickoff,
        asked=asked,
        day=found,
        names={person.id: person.name for person in people},
        asking=asking,
        slides={block_id: sum(deck.pages for deck in each) for block_id, each in decks.items()},
        kinds=[(code, gettext(text)) for code, text in BLOCK_KINDS],
        may_edit=asked.may(Permission.EDIT_PLAN),
        pages=PAGES,
        told=request.query_params,
    )


@own.post("/{record_id}/copy")
def copy(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        block = records.find(session, AGENDA_BLOCKS, kickoff_id, record_id)
        assert isinstance(block, AgendaBlock), "AGENDA_BLOCKS are agenda blocks"
        made = agenda.copy_block(
            session,
            block,
            with_notes=asked.may(Permission.SEE_NOTES),
            option_kinds=option_kinds(),
        )
    return go_to(PAGES.address(kickoff_id), said="made", part=f"record-{made.id}")


@own.get("/{record_id}/activities/new")
def blank(request: Request, record_id: RecordId, asked: Edit) -> Response:
    kind = request.query_params.get("kind", "")
    if kind not in registry():
        raise NotFound
    with asked.database.reading() as session:
        options = plan_options.titles(session, asked.its_kickoff.id, kind_of(kind))
    return _form(request, asked, record_id, kind, {"config": {}, "options": options})


@own.post("/{record_id}/activities")
def create(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    kind = text_of(form, "kind")
    if kind not in registry():
        raise NotFound
    values = {"kind": kind, "block_id": record_id, **_values(kind, form)}
    try:
        _check(kind, values)
        with writing(asked.database) as session:
            prepared.prepare_activity(session, kickoff_id, values)
    except Invalid as error:
        return _form(request, asked, record_id, kind, values, faults=error)
    return go_to(PAGES.address(kickoff_id, record_id), said="made", part="activities")


@own.get("/{record_id}/activities/{activity_id}")
def edited(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, activity_id: str, asked: Edit
) -> Response:
    with asked.database.reading() as session:
        activity = prepared.find_activity(session, kickoff_id, activity_id)
        options = prepared.options_of(session, [activity.id])
    values = {
        "title": activity.title,
        "mode": activity.mode,
        "live": activity.live,
        "config": activity.config,
        "options": [entry.text for entry in options],
    }
    return _form(request, asked, record_id, activity.kind, values, activity=activity)


@own.post("/{record_id}/activities/{activity_id}")
def save(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    activity_id: str,
    form: Posted,
    asked: Edit,
) -> Response:
    try:
        with writing(asked.database) as session:
            activity = prepared.find_activity(session, kickoff_id, activity_id, to_write=True)
            values = _values(activity.kind, form)
            if text_of(form, "version") != str(activity.version):
                return _form(
                    request, asked, record_id, activity.kind, values, activity=activity, stale=True
                )
            _check(activity.kind, values)
            prepared.change_prepared(session, activity, values)
    except Invalid as error:
        with asked.database.reading() as session:
            activity = prepared.find_activity(session, kickoff_id, activity_id)
        values = _values(activity.kind, form)
        return _form(
            request, asked, record_id, activity.kind, values, activity=activity, faults=error
        )
    return go_to(PAGES.address(kickoff_id, record_id), said="saved", part="activities")


@own.post("/{record_id}/activities/{activity_id}/remove")
def remove(kickoff_id: KickoffId, record_id: RecordId, activity_id: str, asked: Edit) -> Response:
    with writing(asked.database) as session:
        activity = prepared.find_activity(session, kickoff_id, activity_id, to_write=True)
        if activity.status != ActivityStatus.DRAFT:
            raise Conflict
        prepared.remove_prepared(session, activity)
    return go_to(PAGES.address(kickoff_id, record_id), said="removed", part="activities")


add_routes(router, own, record_pages(PAGES, with_list=False))


def _form(
    request: Request,
    asked: Asked,
    block_id: str,
    kind: str,
    values: Mapping[str, Any],
    *,
    activity: Activity | None = None,
    faults: Invalid | None = None,
    stale: bool = False,
) -> Response:
    with asked.database.reading() as session:
        block = records.find(session, AGENDA_BLOCKS, asked.its_kickoff.id, block_id)
        logic = kind_of(kind)
        offered = offered_in(session, asked.its_kickoff.id, _settings(logic.Config), values)
    return page(
        request,
        "agenda/activity.html",
        status=422 if faults else 412 if stale else 200,
        stale=stale,
        kickoff=asked.its_kickoff,
        asked=asked,
        block=block,
        logic=logic,
        kind_name=gettext(logic.name),
        activity=activity,
        values=values,
        offered=offered,
        settings=[(name, _type(info), _start(info)) for name, info in _settings(logic.Config)],
        errors=faults_by_name(faults.faults) if faults else {},
        back=PAGES.address(asked.its_kickoff.id, block_id),
    )


class _Asked(Fields):
    """What every question says; each kind's settings are its own."""

    title: Title
    options: list[Title]


def _check(kind: str, values: Mapping[str, Any]) -> None:
    """All that is wrong at once, each under the name of its field."""
    logic = kind_of(kind)
    faults: list[Fault] = []
    try:
        validated(_Asked, {"title": values["title"], "options": values["options"]})
    except Invalid as error:
        faults += error.faults
    if logic.asks_options and len(values["options"]) < logic.fewest_options:
        faults.append(Fault("/options", gettext("Write at least two options.")))
    try:
        logic.Config.model_validate(values["config"])
    except ValidationError as error:
        # What is wrong between two settings is told beside the last of them.
        faults += [
            Fault(f"/config_{found['loc'][0] if found['loc'] else 'max'}", sentence(found))
            for found in error.errors()
        ]
    if faults:
        raise Invalid(faults=faults)


def _values(kind: str, form: FormData) -> dict[str, Any]:
    """The form as an activity's fields; a setting left empty has the kind's own default."""
    config: dict[str, Any] = {}
    for name, info in _settings(kind_of(kind).Config):
        text = text_of(form, f"config_{name}")
        if _type(info) == "bool":
            config[name] = bool(text)
        elif _type(info) == "records":
            config[name] = [str(each) for each in form.getlist(f"config_{name}")]
        elif _type(info) == "lines" and text.strip():
            config[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif text.strip():
            config[name] = text
    options = [line for line in text_of(form, "options").splitlines() if line.strip()]
    return {
        "title": text_of(form, "title"),
        "mode": text_of(form, "mode"),
        "live": bool(text_of(form, "live")),
        "options": options,
        "config": config,
    }


def _settings(config: type[BaseConfig]) -> list[tuple[str, FieldInfo]]:
    """What is the kind's own first, then what every kind has."""
    every = BaseConfig.model_fields
    return sorted(config.model_fields.items(), key=lambda setting: setting[0] in every)


def _type(info: FieldInfo) -> str:
    """bool, int, lines, records, prose, one or str: what the form draws a setting as. `one` is of
    several codes, for which the form has words."""
    if among(info) is not None:
        return "records"
    if get_origin(info.annotation) is list:
        return "lines"
    if isinstance(info.annotation, type) and issubclass(info.annotation, StrEnum):
        return "one"
    if any(getattr(limit, "max_length", 0) > LINE_MAX for limit in info.metadata):
        return "prose"
    kinds = {kind for kind in (info.annotation, *get_args(info.annotation)) if kind}
    return "bool" if bool in kinds else "int" if int in kinds else "str"


def _start(info: FieldInfo) -> Any:
    start = info.get_default(call_default_factory=True)
    return "" if start is None else start
