"""People and teams: their tables and forms, and people brought in from a spreadsheet."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from app.access import Permission
from app.errors import Invalid, TooLarge
from app.operations import people_import
from app.operations.entities import PEOPLE, TEAMS
from app.operations.people_import import Fate, Looked
from app.operations.table_rows import text_of_file
from app.routers.add_routes import add_routes
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.pages.records import RecordPages, record_pages
from app.routers.permissions import Asked, KickoffId, needs
from app.rules.people_table import FIELDS

PEOPLE_PAGES = RecordPages(PEOPLE, "people", sort=("name", "id"))
TEAM_PAGES = RecordPages(TEAMS, "teams")

router = APIRouter(include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


@router.get("/kickoffs/{kickoff_id}/people/import")
def ask(request: Request, asked: Edit) -> Response:
    return _import_page(request, asked)


@router.post("/kickoffs/{kickoff_id}/people/import")
def take_in(request: Request, kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    """First a look at what each line would become; with `confirm` it is written."""
    try:
        text = _text(form)
        with asked.database.reading() as session:
            looked = people_import.looked_at(session, kickoff_id, text)
        if text_of(form, "confirm"):
            with writing(asked.database) as session:
                # Looked at once more: somebody may have added the same people meanwhile.
                looked = people_import.looked_at(session, kickoff_id, text)
                count = people_import.take_in(session, kickoff_id, looked.lines)
            return go_to(f"/kickoffs/{kickoff_id}/people", said="imported", count=count)
    except Invalid as error:
        errors = faults_by_name(error.faults)
        return _import_page(request, asked, text=text_of(form, "text"), errors=errors)
    return _import_page(request, asked, text=text, looked=looked)


add_routes(router, record_pages(PEOPLE_PAGES), record_pages(TEAM_PAGES))


def _text(form: FormData) -> str:
    """The uploaded file if there is one, else what was pasted."""
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.size:
        content = upload.file.read(people_import.MOST_BYTES + 1)
        if len(content) > people_import.MOST_BYTES:
            raise TooLarge
        return text_of_file(content)
    return text_of(form, "text")


def _import_page(
    request: Request,
    asked: Asked,
    *,
    text: str = "",
    looked: Looked | None = None,
    errors: dict[str, Any] | None = None,
) -> Response:
    lines = looked.lines if looked else ()
    counts = {fate: sum(line.fate is fate for line in lines) for fate in Fate}
    return page(
        request,
        "people/import.html",
        status=422 if errors else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        text=text,
        looked=looked,
        columns=FIELDS,
        counts=counts,
        errors=errors or {},
    )
