"""What each error code says to people: a title, and a sentence with what to do about it.

Page, API and socket take their words from here, so that they agree and translate. A code that is
not here gets the general sentence; a test names every code of the product that lacks its own.
"""

from functools import cache
from typing import Any, NamedTuple

from app.errors import KickoffError
from app.i18n import gettext, language, speaking


class Said(NamedTuple):
    title: str
    detail: str


def said(code: str) -> Said:
    """In the language in force."""
    table = _table(language())
    return table.get(code) or table["error"]


def sentence(code: str, **params: Any) -> str:
    """The `detail` of an error; `params` fill its %(name)s places."""
    detail = said(code).detail
    if not params:
        return detail
    try:
        return detail % params
    except (KeyError, TypeError, ValueError):
        return detail


def refusal(error: KickoffError) -> str:
    """What a refusal says to people: its own reason where it has one in words for them, else its
    code's sentence."""
    if error.speaks and error.detail:
        return gettext(error.detail) % error.params
    return sentence(error.code, **error.params)


def known_codes() -> frozenset[str]:
    return frozenset(_table("en"))


@cache
def _table(spoken: str) -> dict[str, Said]:
    with speaking(spoken):
        return {code: Said(*texts) for code, texts in {**_of_the_web(), **_of_the_room()}.items()}


def _of_the_web() -> dict[str, tuple[str, str]]:
    return {
        "error": (
            gettext("This did not work"),
            gettext("Something in the request was not as expected. Go back and try again."),
        ),
        "internal": (
            gettext("Something went wrong here"),
            gettext("The fault is ours and has been noted. Try again in a moment."),
        ),
        "invalid": (
            gettext("Something must be corrected"),
            gettext("Some of what was sent cannot be used as it is. Correct it and send it again."),
        ),
        "bad_request": (
            gettext("The request could not be read"),
            gettext("What was sent could not be read. Load the page again and send it once more."),
        ),
        "not_signed_in": (
            gettext("You are not signed in"),
            gettext("Sign in and try again."),
        ),
        "not_allowed": (
            gettext("This is not yours to do"),
            gettext("You may not do this. Ask an owner of the kickoff for access."),
        ),
        "not_found": (
            gettext("There is nothing here"),
            gettext("It does not exist, or it is not open to you. Check the address or go back."),
        ),
        "method_not_allowed": (
            gettext("This address does not do that"),
            gettext("The address exists, but not for this kind of request."),
        ),
        "conflict": (
            gettext("Somebody was before you"),
            gettext("It has changed since you looked. See how it stands now and try again."),
        ),
        "stale": (
            gettext("Somebody else has changed this"),
            gettext("It has been changed since you read it. Take the new version and edit that."),
        ),
        "if_match_required": (
            gettext("Say which version you are changing"),
            gettext("Send the version you read in If-Match, so that nobody's change is lost."),
        ),
        "id_reused": (
            gettext("This id has been used"),
            gettext("The same id was sent before with other content. Send this with a new id."),
        ),
        "too_large": (
            gettext("This is too large"),
            gettext("It is larger than what is taken here. Make it shorter and send it again."),
        ),
        "too_fast": (
            gettext("A little too fast"),
            gettext("Too much came at once. Wait a moment and try again."),
        ),
        "too_slow": (
            gettext("The request took too long"),
            gettext("Not all of it arrived in time. Check the network and send it again."),
        ),
        "unsupported_media_type": (
            gettext("This format is not taken here"),
            gettext("Send it as application/json, or as the form of the page does."),
        ),
        "not_saved": (
            gettext("Not saved yet"),
            gettext("It could not be saved just now, and nothing was written. Send it again soon."),
        ),
        "unavailable": (
            gettext("Not available just now"),
            gettext("This cannot be answered at the moment. Try again soon."),
        ),
        "cross_site": (
            gettext("This came from another page"),
            gettext("For your safety it was refused. Open the page here and send it from there."),
        ),
        "form_expired": (
            gettext("The page was too old"),
            gettext(
                "Nothing was saved. Load the page again and send it once more; "
                "cookies must be allowed."
            ),
        ),
        "wrong_host": (
            gettext("This server does not go by that name"),
            gettext(
                "Use the address that was announced. Whoever runs the server can add more names "
                "in KICKOFF_PUBLIC_URL or KICKOFF_ALLOWED_HOSTS."
            ),
        ),
    }


def _of_the_room() -> dict[str, tuple[str, str]]:
    return {
        "unknown_room": (
            gettext("No room with this code"),
            gettext("Check the code on the screen, or scan the QR code."),
        ),
        "codes_paused": (
            gettext("Typed codes are paused"),
            gettext("Somebody is guessing codes. Scan the QR code instead, or wait a minute."),
        ),
        "room_locked": (
            gettext("The room is locked"),
            gettext("Nobody new is let in just now. Ask the facilitator to open it."),
        ),
        "not_published": (
            gettext("Not shown yet"),
            gettext("The result has not been shown to the room yet. Ask again later."),
        ),
        "activity_closed": (
            gettext("This is closed"),
            gettext("It was closed before your answer arrived."),
        ),
        "room_ended": (
            gettext("The kickoff is over"),
            gettext("Nobody joins any more. Another kickoff has another code."),
        ),
    }
