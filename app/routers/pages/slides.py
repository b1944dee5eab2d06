"""A block's slides: brought in as a PDF, looked at, called otherwise, moved and removed."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from app import ids
from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound, TooLarge
from app.i18n import gettext as _
from app.models.agenda import AgendaBlock
from app.models.slides import SlideDeck
from app.models.text import LINE_MAX
from app.operations import records, slides
from app.operations.entities import AGENDA_BLOCKS
from app.outputs import pdf_pages
from app.routers.conditions import Answer, writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.slides_in import taken_in

router = APIRouter(prefix="/kickoffs/{kickoff_id}", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
DeckId = Annotated[str, Path(max_length=36)]

MEGABYTES = pdf_pages.BYTES_MAX // 1024**2
_KEY = re.compile(r"[0-9a-f-]{36}")


async def _posted_file(request: Request) -> AsyncIterator[FormData]:
    """As `Posted`. In an endpoint it stands behind `asked`: of who may not, no file is taken."""
    async with request.form(max_files=1, max_fields=10) as form:
        yield form


PostedFile = Annotated[FormData, Depends(_posted_file)]


@router.get("/agenda/{record_id}/slides/new")
def blank(request: Request, record_id: RecordId, asked: Edit) -> Response:
    return _upload_page(request, asked, record_id)


@router.post("/agenda/{record_id}/slides")
def upload(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: Edit, form: PostedFile
) -> Response:
    """The form carries a key: sent twice, it is one deck."""
    title, key = text_of(form, "title"), text_of(form, "key")
    back = f"/kickoffs/{kickoff_id}/agenda/{record_id}"
    try:
        pdf = _file(form)
        values = {"title": title.strip() or _called(pdf), "block_id": record_id}
        taken_in(
            asked,
            kickoff_id,
            values,
            pdf.file,
            key=key if _KEY.fullmatch(key) else None,
            answer=lambda deck: Answer(deck.id.encode()),
        )
    except Invalid as error:
        errors = faults_by_name(error.faults)
        return _upload_page(request, asked, record_id, title=title, errors=errors, status=422)
    except TooLarge:
        errors = {"file": _too_large()}
        return _upload_page(request, asked, record_id, title=title, errors=errors, status=413)
    except pdf_pages.SlidesNotDrawn:
        errors = {"file": _("Other slides are being drawn just now. Send this again in a minute.")}
        return _upload_page(request, asked, record_id, title=title, errors=errors, status=503)
    except Conflict as error:
        errors = {"": _(error.detail)}
        return _upload_page(request, asked, record_id, title=title, errors=errors, status=409)
    return go_to(back, said="slides_taken", part="slides")


@router.get("/agenda/{record_id}/slides/{deck_id}")
def shown(request: Request, record_id: RecordId, deck_id: DeckId, asked: See) -> Response:
    with asked.database.reading() as session:
        deck = _deck(session, asked, record_id, deck_id)
    return _deck_page(request, asked, deck)


@router.post("/agenda/{record_id}/slides/{deck_id}")
def save(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    deck_id: DeckId,
    form: Posted,
    asked: Edit,
) -> Response:
    title = text_of(form, "title")
    try:
        with writing(asked.database) as session:
            deck = _deck(session, asked, record_id, deck_id, to_write=True)
            if text_of(form, "version") != str(deck.version):
                return _deck_page(request, asked, deck, title=title, stale=True)
            slides.change(session, deck, {"title": title})
    except Invalid as error:
        with asked.database.reading() as session:
            deck = _deck(session, asked, record_id, deck_id)
        errors = faults_by_name(error.faults)
        return _deck_page(request, asked, deck, title=title, errors=errors)
    return go_to(f"/kickoffs/{kickoff_id}/agenda/{record_id}", said="saved", part="slides")


@router.post("/agenda/{record_id}/slides/{deck_id}/move")
def move(
    kickoff_id: KickoffId, record_id: RecordId, deck_id: DeckId, form: Posted, asked: Edit
) -> Response:
    steps = text_of(form, "steps")
    if steps not in ("-1", "1"):
        raise Invalid
    with writing(asked.database) as session:
        deck = _deck(session, asked, record_id, deck_id, to_write=True)
        slides.move(session, deck, int(steps))
    # Who moves by button goes on with the same button (`records.move`).
    back = f"/kickoffs/{kickoff_id}/agenda/{record_id}"
    return go_to(back, said="moved", fresh=deck_id, steps=steps)


@router.post("/agenda/{record_id}/slides/{deck_id}/remove")
def remove(kickoff_id: KickoffId, record_id: RecordId, deck_id: DeckId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        deck = _deck(session, asked, record_id, deck_id, to_write=True)
        slides.remove(session, deck)
    return go_to(f"/kickoffs/{kickoff_id}/agenda/{record_id}", said="removed", part="slides")


def _file(form: FormData) -> UploadFile:
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.size:
        raise Invalid(faults=[Fault("/file", _("Choose a PDF."))])
    return upload


def _called(pdf: UploadFile) -> str:
    """As the file is, where nobody says another name."""
    name = re.sub(r"\.pdf$", "", (pdf.filename or "").rpartition("/")[2], flags=re.IGNORECASE)
    return name.replace("\x00", "").replace("_", " ").strip()[:LINE_MAX] or _("Slides")


def _too_large() -> str:
    said = _("This PDF is larger than %(size)s MB. Save it with smaller pictures, or in parts.")
    return said % {"size": MEGABYTES}


def _deck(
    session: Session, asked: Asked, block_id: str, deck_id: str, *, to_write: bool = False
) -> SlideDeck:
    deck = slides.find_deck(session, asked.its_kickoff.id, deck_id, to_write=to_write)
    if deck.block_id != block_id:
        raise NotFound
    return deck


def _block(asked: Asked, block_id: str) -> AgendaBlock:
    with asked.database.reading() as session:
        block = records.find(session, AGENDA_BLOCKS, asked.its_kickoff.id, block_id)
    assert isinstance(block, AgendaBlock), "AGENDA_BLOCKS are agenda blocks"
    return block


def _upload_page(
    request: Request,
    asked: Asked,
    block_id: str,
    *,
    title: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "slides/new.html",
        status=status,
        kickoff=asked.its_kickoff,
        asked=asked,
        block=_block(asked, block_id),
        title=title,
        errors=errors or {},
        key=ids.new_id(),
        megabytes=MEGABYTES,
        most_bytes=pdf_pages.BYTES_MAX,
        most_pages=pdf_pages.PAGES_MAX,
        too_large=_too_large(),
    )


def _deck_page(
    request: Request,
    asked: Asked,
    deck: SlideDeck,
    *,
    title: str | None = None,
    errors: Mapping[str, str] | None = None,
    stale: bool = False,
) -> Response:
    with asked.database.reading() as session:
        pages = slides.slides(session, deck.id)
    return page(
        request,
        "slides/show.html",
        status=422 if errors else 412 if stale else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        block=_block(asked, deck.block_id),
        deck=deck,
        title=deck.title if title is None else title,
        slides=pages,
        errors=errors or {},
        stale=stale,
        may_edit=asked.may(Permission.EDIT_PLAN),
    )
