"""One section of the minutes: its form, its records taken anew, and its last save taken back."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from app import ids
from app.access import Permission
from app.errors import Fault, Invalid, NotFound
from app.i18n import gettext
from app.live.minutes import drafts
from app.models.faults import faults_of, validated
from app.models.minutes import MOST_LINES, MinutesLine, MinutesSection, Section
from app.models.rooms import Room
from app.operations import minutes as editing
from app.operations.minutes import SectionFields
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.minutes_said import changes_of_section, said, words
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.minutes import OWN, OWN_FIELDS, WORDED, Draft, as_worded, taken_anew
from app.rules.minutes_merged import Merged, merged

router = APIRouter(
    prefix="/kickoffs/{kickoff_id}/minutes/{record_id}/sections/{code}", include_in_schema=False
)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Code = Annotated[str, Path(max_length=12)]
BLANK_ROWS = 2


@router.get("")
def edited(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, code: Code, asked: Edit
) -> Response:
    with asked.database.reading() as session:
        section = editing.section(session, kickoff_id, record_id, code)
    told = Draft(section.text, editing.lines_of(section))
    return _form(request, asked, section, told)


@router.post("")
def save(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    code: Code,
    form: Posted,
    asked: Edit,
) -> Response:
    """Who saved meanwhile is not written over: both are in the form then."""
    with writing(asked.database) as session:
        section = editing.section(session, kickoff_id, record_id, code, to_write=True)
        stored = Draft(section.text, editing.lines_of(section))
        version = text_of(form, "version")
        base = _base(section, version, stored)
        try:
            mine = _typed(form, code, base or stored)
        except Invalid as error:
            typed = Draft(text_of(form, "text"), stored.lines)
            return _form(request, asked, section, typed, faults=error, version=version)
        if version != str(section.version):
            both = merged(base, mine, stored)
            return _form(request, asked, section, Draft(both.text, both.lines), both=both)
        editing.save(session, section, mine.text, mine.lines, asked.actor.name)
    return _back(kickoff_id, record_id, code, said="saved")


@router.get("/anew")
def ask_anew(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, code: Code, asked: Edit
) -> Response:
    """What would change if the records were taken as they are now."""
    with asked.database.reading() as session:
        section = editing.section(session, kickoff_id, record_id, code)
        fresh = _anew(session, section)
    stored = Draft(section.text, editing.lines_of(section))
    return page(
        request,
        "minutes/anew.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        section=section,
        changes=changes_of_section(code, stored, fresh),
        words=words(),
    )


@router.post("/anew")
def take_anew(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    code: Code,
    form: Posted,
    asked: Edit,
) -> Response:
    with writing(asked.database) as session:
        section = editing.section(session, kickoff_id, record_id, code, to_write=True)
        if text_of(form, "version") == str(section.version):
            fresh = _anew(session, section)
            editing.save(session, section, fresh.text, fresh.lines, asked.actor.name)
            return _back(kickoff_id, record_id, code, said="taken_anew")
    # Somebody has saved it since: what would change is shown once more.
    return ask_anew(request, kickoff_id, record_id, code, asked)


@router.post("/undo")
def undo(kickoff_id: KickoffId, record_id: RecordId, code: Code, asked: Edit) -> Response:
    with writing(asked.database) as session:
        section = editing.section(session, kickoff_id, record_id, code, to_write=True)
        editing.take_back(session, section, asked.actor.name)
    return _back(kickoff_id, record_id, code, said="taken_back")


def _anew(session: Session, section: MinutesSection) -> Draft:
    minutes = editing.find(session, section.kickoff_id, section.minutes_id)
    fresh = drafts(session, session.get_one(Room, minutes.room_id))[Section(section.code)]
    return Draft(section.text, taken_anew(editing.lines_of(section), fresh.lines))


def _base(section: MinutesSection, version: str, stored: Draft) -> Draft | None:
    """What whoever sent the form had before their eyes, as far as it is known."""
    if version == str(section.version):
        return stored
    if version == str(section.version - 1) and section.before is not None:
        lines = [MinutesLine.model_validate(line) for line in section.before["lines"]]
        return Draft(section.before["text"], tuple(lines))
    return None


def _typed(form: FormData, code: str, base: Draft) -> Draft:
    """The section as the form has it."""
    fields = validated(SectionFields, {"text": text_of(form, "text")})
    out = set(map(str, form.getlist("left_out")))
    lines = [*(_line(form, code, line, line.key in out) for line in base.lines), *_own(form)]
    kept = [one for one in lines if one.text or not one.key.startswith(OWN)]
    if len(kept) > MOST_LINES:
        raise Invalid(faults=[Fault("/text", gettext("This is too long."))])
    return Draft(fields.text, tuple(kept))


def _line(form: FormData, code: str, line: MinutesLine, left_out: bool) -> MinutesLine:
    names = OWN_FIELDS if line.key.startswith(OWN) else WORDED.get(code, ())
    sent: dict[str, Any] = {
        name: text_of(form, f"{name}.{line.key}") for name in names if f"{name}.{line.key}" in form
    }
    taken = _checked(line.key, {**line.model_dump(), **_with_due(line.key, sent)})
    return as_worded(code, line, taken.model_copy(update={"left_out": left_out}))


def _own(form: FormData) -> Iterator[MinutesLine]:
    """Lines that are added here, from the empty rows that were filled in."""
    for row in range(BLANK_ROWS):
        sent = {name: text_of(form, f"{name}.new-{row}") for name in OWN_FIELDS}
        if sent["text"].strip():
            key = f"{OWN}-{ids.random_id()}"
            yield _checked(f"new-{row}", {"key": key, **_with_due(f"new-{row}", sent)})


def _with_due(key: str, sent: dict[str, Any]) -> dict[str, Any]:
    if "due" not in sent:
        return sent
    try:
        due = date.fromisoformat(sent["due"]) if sent["due"].strip() else None
    except ValueError:
        fault = Fault(f"/due.{key}", gettext("This is not a date."))
        raise Invalid(faults=[fault]) from None
    return {**sent, "due": due}


def _checked(key: str, values: dict[str, Any]) -> MinutesLine:
    try:
        return MinutesLine.model_validate(values)
    except ValidationError as error:
        found = faults_of(error.errors(include_url=False, include_input=False))
        faults = [Fault(f"{fault.pointer}.{key}", fault.detail) for fault in found]
        raise Invalid(faults=faults) from None


def _form(
    request: Request,
    asked: Asked,
    section: MinutesSection,
    told: Draft,
    *,
    both: Merged | None = None,
    faults: Invalid | None = None,
    version: str = "",
) -> Response:
    theirs = {line.key: line for line in editing.lines_of(section)}
    return page(
        request,
        "minutes/section.html",
        status=422 if faults else 412 if both else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        section=section,
        version=version or str(section.version),
        told=told,
        worded=WORDED.get(section.code, ()),
        blank_rows=range(BLANK_ROWS),
        both=both,
        clashes=[
            (key, section.text if not key else said(theirs[key]))
            for key in (both.clashes if both else ())
            if not key or key in theirs
        ],
        errors=faults_by_name(faults.faults) if faults else {},
        words=words(),
    )


def _back(kickoff_id: str, record_id: str, code: str, *, said: str) -> Response:
    if code not in set(Section):
        raise NotFound
    return go_to(f"/kickoffs/{kickoff_id}/minutes/{record_id}", said=said, part=f"section-{code}")
