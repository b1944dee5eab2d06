"""What the projector shows in a block, and in which order: put together on the block's page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import Session, col, select

from app.access import Permission
from app.errors import Fault, Invalid, NotFound
from app.i18n import gettext
from app.live.prepared import activities_of_block
from app.live.program import program_of
from app.live.shown import ACTIVITY, PICTURE, StepView
from app.models.agenda import AgendaBlock
from app.models.themes import Theme, ThemePage
from app.operations import records
from app.operations.entities import AGENDA_BLOCKS, THEMES
from app.pictures.names import names_of
from app.pictures.picture import registry
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.page import go_to
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.program import moved

router = APIRouter(prefix="/kickoffs/{kickoff_id}/agenda", include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


@dataclass(frozen=True)
class Row:
    """One thing of the program. `steps` is how often "next" is pressed in it; what is there only
    because the program names it can be taken out here."""

    key: str
    kind: str
    title: str
    steps: int
    is_named: bool


def rows_of(session: Session, block: AgendaBlock) -> list[Row]:
    found = program_of(session, block, activities_of_block(session, block.id))
    return [
        Row(
            key,
            steps[0].kind,
            _title(key, steps[0]),
            len(steps),
            _out(block, key),
        )
        for key, steps in found.items()
    ]


def choices_of(session: Session, block: AgendaBlock) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be put in, by sort: the plan's pictures, and themes that the block does not show."""
    there = {row.key for row in rows_of(session, block)}
    pictures = [(f"{PICTURE}:{code}", gettext(one.name)) for code, one in registry().items()]
    themes = names_of(session, THEMES, block.kickoff_id)
    with_pages = select(ThemePage.theme_id).where(col(ThemePage.kickoff_id) == block.kickoff_id)
    told = {id: themes[id] for id in session.exec(with_pages.distinct()) if id in themes}
    pages = [(f"theme:{id}", title) for id, title in sorted(told.items(), key=lambda t: t[1])]
    return [
        (label, [choice for choice in choices if choice[0] not in there])
        for label, choices in ((gettext("Pictures"), pictures), (gettext("Theme pages"), pages))
    ]


def _title(key: str, first: StepView) -> str:
    if key.startswith(PICTURE):
        return gettext(first.title)
    return first.title if key.startswith(ACTIVITY) else first.of


def _out(block: AgendaBlock, key: str) -> bool:
    kind, _, id = key.partition(":")
    return kind == PICTURE or (kind == "theme" and id not in block.theme_ids)


@router.post("/{record_id}/program")
def change(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    """One step: something put in at the end, moved, or taken out."""
    key = text_of(form, "key")
    with writing(asked.database) as session:
        block = records.find(session, AGENDA_BLOCKS, kickoff_id, record_id, to_write=True)
        assert isinstance(block, AgendaBlock), "AGENDA_BLOCKS are agenda blocks"
        shown = [row.key for row in rows_of(session, block)]
        # What is named and has nothing to show yet keeps its name.
        order = tuple(dict.fromkeys((*shown, *block.program)))
        changed = _changed(session, block, order, key, text_of(form, "do"))
        records.change(session, AGENDA_BLOCKS, block, {"program": list(changed)})
    return go_to(f"/kickoffs/{kickoff_id}/agenda/{record_id}", said="saved", part="program")


def _changed(
    session: Session, block: AgendaBlock, order: tuple[str, ...], key: str, do: str
) -> tuple[str, ...]:
    if do == "add":
        _refuse_unknown(session, block, key)
        return tuple(dict.fromkeys((*order, key)))
    if key not in order:
        raise NotFound
    if do == "remove":
        return tuple(one for one in order if one != key)
    return moved(order, key, up=do == "up")


def _refuse_unknown(session: Session, block: AgendaBlock, key: str) -> None:
    kind, _, id = key.partition(":")
    theme = session.get(Theme, id) if kind == "theme" else None
    is_theme = theme is not None and theme.kickoff_id == block.kickoff_id
    if not is_theme and not (kind == PICTURE and id in registry()):
        raise Invalid(faults=[Fault("/key", gettext("Choose what to show."))])
