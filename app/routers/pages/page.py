"""Answers for people: one page, or the way to another one with a word about what was done."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import NOBODY
from app.i18n import gettext, mark, ngettext
from app.rendering import environment
from app.routers.forms import whole_number

# What a page says after the form that led to it; the address carries the code alone.
SAID = {
    "saved": mark("Saved."),
    "made": mark("Added."),
    "block_made": mark("The block is added. Prepare what it asks below, or go back to the agenda."),
    "removed": mark("Removed."),
    "slides_taken": mark(
        "The slides are in. Look through them once: the room sees them as they are here."
    ),
    "table_taken": mark("The rows of the spreadsheet are in the plan now."),
    "restored": mark("Brought back, with everything that still fits."),
    "superseded": mark("Superseded. What held until now is still on the list."),
    "moved": mark("Moved."),
    "webhook_tested": mark("A test message is on its way. Load the page anew to see how it went."),
    "plan_link": mark("Published. Post the link in the channels, or send it to everybody."),
    "channels_told": mark("The link is on its way to the common channels."),
    "channels_knew": mark("The common channels were told of this link before."),
    "channel_made": mark("Added. Send a test to see that messages arrive there."),
    "resent": mark("On its way once more. Load the page anew to see how it went."),
    "groups_made": mark("The groups are made. Phones that are in the room know by now."),
    "groups_taken_back": mark("The groups are as they were before."),
    "copied": mark(
        "Copied. The date is not set, and nothing that happened in the room came along."
    ),
    "archived": mark("Archived. You find it under «Archived» in the list."),
    "unarchived": mark("Back in the list."),
    "action_tied": mark("The action is tied to the KPI. Give it an owner and a date."),
    "checked_in": mark("Checked in. Thank you."),
    "withdrawn": mark("Withdrawn. It stays below and counts no more."),
    "counted_again": mark("It counts again."),
    "revoked": mark("Revoked. It stopped working at once."),
    "password": mark("Your password is set. Other browsers are signed out."),
    "welcome": mark("Welcome. Next time you sign in with your e-mail and this password."),
    "kickoff_made": mark("The kickoff is created. What it needs next stands below."),
    "signed_out": mark("You are signed out."),
    "minutes_drafted": mark(
        "Drafted from the room's records. Read it through, and publish it within 24 hours."
    ),
    "series_made": mark(
        "The series are made, on working days alone. Say who takes part: they are invited."
    ),
    "invited": mark("Saved. Who leads next stands on each meeting."),
    "taken_anew": mark("The records are taken anew. Your own words stand."),
    "taken_back": mark("The last change is taken back."),
    "answers_published": mark("Published. Send the link to everybody who was there."),
    "replanned": mark("Replanned. What it was before stands in its history."),
    "closed": mark("Closed."),
    "reopened": mark("Opened again."),
    "carried": mark("Carried into the next plan. It counts as replanned."),
    "learnt": mark("Written in the learning log."),
    "review_held": mark("The review of this week is recorded."),
    "links_ended": mark("The links that were sent until now lead nowhere."),
    "wave_opened": mark("The wave is open. Everybody who has an e-mail address is asked."),
    "wave_closed": mark("The wave is closed, and its figures are below."),
    "measure_became_action": mark("It is an action now, with owner and date."),
    "answers_unpublished": mark("Unpublished. The link leads nowhere now."),
}


def page(
    request: Request, template: str | Sequence[str], *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; of several templates the first that exists. `me` is who reads it."""
    names = [template] if isinstance(template, str) else list(template)
    said = _said(request)
    values.setdefault("notices", [("good", said)] if said else [])
    values.setdefault("me", getattr(request.state, "actor", NOBODY))
    content = environment().select_template(names).render(**values)
    return HTMLResponse(content, status, {"cache-control": "no-store"})


def go_to(path: str, *, said: str = "", part: str = "", **told: str | int) -> RedirectResponse:
    """Off to a page after a form was taken; `part` is an id on it, `told` goes into the query."""
    query = urlencode(({"said": said} if said else {}) | told)
    return RedirectResponse(f"{path}{'?' if query else ''}{query}{'#' if part else ''}{part}", 303)


def _said(request: Request) -> str:
    code = request.query_params.get("said", "")
    if code == "imported":
        number = whole_number(request.query_params.get("count", "")) or 0
        return ngettext("%(num)d person was added.", "%(num)d people were added.", number) % {
            "num": number
        }
    return gettext(SAID[code]) if code in SAID else ""
