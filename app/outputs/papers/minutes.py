"""The values of templates/paper/minutes.typ: minutes as they were published."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import language, mark, pgettext
from app.models.kickoffs import Kickoff
from app.models.minutes import SECTION_NAMES, MinutesLine, MinutesVersion, Section
from app.models.rooms import Room
from app.operations.derived import REASONS, SHOWN_STATUSES
from app.operations.minutes_published import Told, told_in
from app.outputs.papers.head import head
from app.rendering import clock_time, day

NAMES = {code.value: name for code, name in SECTION_NAMES}
STATUSES = {code: word for code, word in SHOWN_STATUSES if code}
WHY = dict(REASONS)


def contents(
    session: Session, kickoff: Kickoff, room: Room, version: MinutesVersion
) -> Mapping[str, Any]:
    at = version.published_at
    published = _("Version %(number)s, published %(day)s %(time)s") % {
        "number": version.number,
        "day": day(at, "medium"),
        "time": clock_time(at, kickoff.time_zone),
    }
    return {
        **head(session, kickoff),
        "printed": published,  # the foot says which version it is: later ones may lie beside it
        "title": pgettext("of a meeting", "Minutes"),
        "room": room.name,
        "published": published,
        "sections": [_section(one) for one in told_in(version) if one.text or one.lines],
        "wording": {
            "owner": _("Owner"),
            "due": _("Due"),
            "status": _("Status"),
            "nobody": _("Nobody yet"),
            "no_status": pgettext("status", "No status yet"),
            "to_come": _("Being answered in writing"),
            "nothing": _("There is nothing here yet."),
        },
    }


def _section(one: Told) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": _(NAMES[one.code]),
        "text": one.text,
        "acts": one.code in (Section.ACTIONS, Section.OBSTACLES, Section.DECISIONS),
        "judged": one.code in (Section.ACTIONS, Section.OBSTACLES),
        "lines": [_line(line) for line in one.lines],
    }


def _line(line: MinutesLine) -> dict[str, Any]:
    return {
        "text": line.text or _sort(line.sort),
        "detail": line.detail,
        "weighed": [{"name": _(name), "text": text} for name, text in _weighed(line) if text],
        "owner": line.owner,
        "due": day(line.due, "medium") if line.due else "",
        "status": line.status,
        "status_word": _(STATUSES[line.status]) if line.status in STATUSES else "",
        "reasons": [_(WHY[code]) for code in line.reasons if code in WHY],
        "number": "" if line.number is None else str(line.number),
        "sort": line.sort,
        "blocks": line.said.get(language(), []),
    }


def _weighed(line: MinutesLine) -> Iterable[tuple[str, str]]:
    """What a decision was weighed by, what it leads to, and how the room voted."""
    yield mark("Criteria"), line.criteria
    yield mark("Consequence"), line.consequence
    yield mark("How it was voted"), line.voted


def _sort(sort: str) -> str:
    match sort:
        case "people":
            return _("People who took part")
        case "phones":
            return _("Phones in the room")
        case _:
            return ""
