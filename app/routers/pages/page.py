"""Answers for people: one page, or the way to another one with a word about what was done."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import NOBODY
from app.i18n import gettext, mark
from app.rendering import environment

# What a page says after the form that led to it; the address carries the code alone.
SAID = {
    "saved": mark("Saved."),
    "made": mark("Added."),
    "removed": mark("Removed."),
    "moved": mark("Moved."),
    "copied": mark("Copied. The day is still open, and nothing of the room came along."),
    "archived": mark("Put away. You find it under «Put away» in the list."),
    "unarchived": mark("Back in the list."),
    "imported": mark("The people are in."),
    "revoked": mark("Revoked. It stopped working at once."),
    "password": mark("Your password is set."),
    "signed_out": mark("You are signed out."),
}


def page(
    request: Request, template: str | Sequence[str], *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; of several templates the first that exists. `me` is who reads it."""
    names = [template] if isinstance(template, str) else list(template)
    said = SAID.get(request.query_params.get("said", ""))
    values.setdefault("notices", [("good", gettext(said))] if said else [])
    values.setdefault("me", getattr(request.state, "actor", NOBODY))
    content = environment().select_template(names).render(**values)
    return HTMLResponse(content, status, {"cache-control": "no-store"})


def go_to(path: str, *, said: str = "", part: str = "") -> RedirectResponse:
    """Off to a page after a form was taken; `part` is an id on it."""
    query = "?" + urlencode({"said": said}) if said else ""
    return RedirectResponse(f"{path}{query}{'#' + part if part else ''}", 303)
