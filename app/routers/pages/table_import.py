"""An entity's records from a spreadsheet: what each row would become, and then all of them."""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from app.errors import Invalid, TooLarge
from app.i18n import gettext
from app.operations import table_import
from app.operations.table_columns import ID, writable
from app.operations.table_import import Fate, Looked
from app.operations.table_rows import MOST_BYTES, MOST_ROWS, text_of_file
from app.routers.conditions import writing
from app.routers.forms import faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, needs
from app.web.bodies import MAX_UPLOAD

if TYPE_CHECKING:
    from app.routers.pages.records import RecordPages

SHOWN_AT_MOST = 100  # rows with nothing wrong; those with faults are all shown


async def _posted_table(request: Request) -> AsyncIterator[FormData]:
    """As `Posted`, with a field as large as a whole file: `MOST_BYTES` are looked for later."""
    async with request.form(max_files=1, max_fields=20, max_part_size=MAX_UPLOAD) as form:
        yield form


PostedTable = Annotated[FormData, Depends(_posted_table)]


def importing(router: APIRouter, pages: "RecordPages") -> None:
    """The two routes; to be added before those that take a record's id."""
    entity = pages.entity

    @router.get("/import")
    def ask_for_table(request: Request, asked: Annotated[Asked, needs(entity.edit)]) -> Response:
        return _page(request, pages, asked)

    @router.post("/import")
    def take_table(
        request: Request,
        kickoff_id: KickoffId,
        form: PostedTable,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        """First a look at what each row would become; with `confirm` it is written."""
        text, add_people = text_of(form, "text"), bool(text_of(form, "add_people"))
        try:
            text = _text(form)
            if text_of(form, "confirm"):
                with writing(asked.database) as session:
                    # Looked at once more: somebody may have changed the same records meanwhile.
                    looked = table_import.take_in(
                        session, entity, kickoff_id, text, add_people=add_people
                    )
                if not looked.count(Fate.FAULTY):
                    return go_to(pages.address(kickoff_id), said="table_taken")
            else:
                with asked.database.reading() as session:
                    looked = table_import.looked_at(
                        session, entity, kickoff_id, text, add_people=add_people
                    )
        except Invalid as error:
            errors = faults_by_name(error.faults)
            return _page(request, pages, asked, text=text, add_people=add_people, errors=errors)
        except TooLarge:
            sentence = gettext("This is too large: at most %(n)s lines and 2 MB at once.")
            errors = {"file": sentence % {"n": MOST_ROWS}}
            return _page(request, pages, asked, add_people=add_people, errors=errors, status=413)
        return _page(request, pages, asked, text=text, add_people=add_people, looked=looked)


def _text(form: FormData) -> str:
    """The uploaded file if there is one, else what was pasted."""
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.size:
        return text_of_file(upload.file.read(MOST_BYTES + 1))
    return text_of(form, "text")


def _page(
    request: Request,
    pages: "RecordPages",
    asked: Asked,
    *,
    text: str = "",
    add_people: bool = False,
    looked: Looked | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 0,
) -> Response:
    metas = writable(pages.entity)
    labels = {ID: "ID", **{name: gettext(meta.label) for name, meta in metas.items()}}
    return page(
        request,
        "records/import.html",
        status=status or (422 if errors else 200),
        pages=pages,
        entity=pages.entity,
        kickoff=asked.its_kickoff,
        asked=asked,
        text=text,
        labels=labels,
        names_people=any(meta.widget == "person" for meta in metas.values()),
        add_people=add_people,
        errors=errors or {},
        **(_seen(looked) if looked else {"looked": None}),
    )


def _seen(looked: Looked) -> dict[str, Any]:
    """Every row with a fault, and the first of the others."""
    faulty = [row for row in looked.rows if row.fate is Fate.FAULTY]
    good = [row for row in looked.rows if row.fate is not Fate.FAULTY]
    shown = sorted(faulty + good[:SHOWN_AT_MOST], key=lambda row: row.number)
    return {
        "looked": looked,
        "used": [column.field for column in looked.columns if column.field],
        "rows": shown,
        "left": len(looked.rows) - len(shown),
        "counts": {fate.value: looked.count(fate) for fate in Fate},
    }
