"""Several actions at once: chosen in the list, set to the same, and taken back."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from app.errors import Conflict, Invalid
from app.models.actions import ActionState, Stated, Window
from app.operations.action_plan import edit_all, undo_edit
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.action_plan.asked import HERE, Edit, address, filter_of
from app.routers.pages.page import go_to
from app.routers.permissions import KickoffId, RecordId
from app.rules.action_rows import Filter

KEEP, CLEAR = "", "none"

router = APIRouter(include_in_schema=False)


@router.post(HERE + "/bulk")
def changed(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    ids = [one for one in form.getlist("ids") if isinstance(one, str) and len(one) == 36]
    back = address(kickoff_id, "list")
    kept = dict(_kept(form))
    values = _values(form)
    if not ids or not values:
        return go_to(back, **kept, refused="none" if not ids else "nothing")
    try:
        with writing(asked.database) as session:
            made = edit_all(session, kickoff_id, ids, values, reason=text_of(form, "reason"))
    except Invalid:
        return go_to(back, **kept, refused="invalid")
    if made is None:
        return go_to(back, **kept, refused="same")
    return go_to(back, **kept, changed=len(made.before), edit=made.id)


@router.post(HERE + "/bulk/{record_id}/undo")
def undone(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit) -> Response:
    kept = dict(_kept(form))
    try:
        with writing(asked.database) as session:
            back, stayed = undo_edit(session, kickoff_id, record_id)
    except Conflict:
        return go_to(address(kickoff_id, "list"), **kept, refused="undone")
    return go_to(address(kickoff_id, "list"), **kept, undone=back, stayed=stayed)


def _values(form: FormData) -> dict[str, Any]:
    """What is set; what is left alone says nothing."""
    found: dict[str, Any] = {}
    for name, taken in (
        ("owner_id", None),
        ("due", None),
        ("window", set(Window)),
        ("state", set(ActionState)),
        ("status", set(Stated)),
    ):
        said = text_of(form, f"set_{name}").strip()
        if said == CLEAR and name in ("owner_id", "window"):
            found[name] = None
        elif said != KEEP and (taken is None or said in taken):
            found[name] = said
    return found


def _kept(form: FormData) -> list[tuple[str, str]]:
    """The filter that the list was read by."""
    by = filter_of({name: text_of(form, name) for name in form})
    names = Filter.__dataclass_fields__
    return [(name, getattr(by, name)) for name in names if getattr(by, name)]
