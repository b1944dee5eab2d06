"""What a card of a board may say: its title, owner, date, colour, link and checklist, as members of
`data` (see `boards`). Whoever says it, attendee or facilitator, is held to the same."""

from collections.abc import Mapping
from datetime import date
from re import compile as pattern
from typing import Annotated, Any

from pydantic import Field

from app.errors import NotFound
from app.i18n import mark
from app.live.activity import Model, Refused
from app.models.text import clean_line

COLOURS = ("blue", "green", "yellow", "red")
LINKED = ("goal", "kpi", "risk", "deliverable")  # what of the plan a card can point at
MOST_CHECKS = 30
LONGEST_TITLE = 200
LONGEST_LINE = 80

_LINK = pattern(rf"({'|'.join(LINKED)}):[0-9a-f-]{{36}}")


Text = Annotated[str, Field(max_length=2000)]


class CardSaid(Model):
    """None is not told. `item` is a new point of the checklist, `check` one that is there."""

    text: Text | None = None
    owner: Text | None = None
    due: Text | None = None
    colour: Text | None = None
    link: Text | None = None
    item: Text | None = None
    check: Annotated[str, Field(max_length=10)] = ""
    done: bool | None = None


def changed_by(
    told: CardSaid, data: Mapping[str, Any] | None, made: str
) -> tuple[str | None, dict[str, Any]]:
    """The title and the members of `data` that are told; a member that was emptied is None."""
    changed: dict[str, Any] = {}
    if told.owner is not None:
        changed["owner"] = line(told.owner, LONGEST_LINE) or None
    if told.due is not None:
        changed["due"] = _day(told.due)
    if told.colour is not None:
        changed["colour"] = told.colour if told.colour in COLOURS else None
    if told.link is not None:
        changed["link"] = told.link if _LINK.fullmatch(told.link) else None
    changed |= _checked(told, data or {}, made)
    if told.text is None:
        return None, changed
    title = line(told.text, LONGEST_TITLE)
    if not title:
        raise Refused(mark("Write something first."))
    return title, changed


def _checked(told: CardSaid, data: Mapping[str, Any], made: str) -> dict[str, Any]:
    """A point of the checklist: made, said otherwise (emptied it is gone), or done."""
    key = told.check
    if key:
        if f"check:{key}" not in data:
            raise NotFound
    elif told.item is not None:
        points = [name for name in data if name.startswith("check:")]
        if len(points) >= MOST_CHECKS:
            raise Refused(mark("The checklist is full: %(most)s points."), most=MOST_CHECKS)
        last = max((int(name[6:].partition("-")[0]) for name in points), default=0)
        # The end tells apart what two add at the same moment.
        key = f"{last + 1}-{made[:4]}"
        if not line(told.item, LONGEST_TITLE):
            raise Refused(mark("Write something first."))
    changed: dict[str, Any] = {}
    if key and told.item is not None:
        changed[f"check:{key}"] = line(told.item, LONGEST_TITLE) or None
    if key and told.done is not None:
        changed[f"done:{key}"] = told.done or None
    return changed


def line(text: str, longest: int) -> str:
    said = clean_line(text)
    if len(said) > longest:
        raise Refused(
            mark("Too long: %(given)s characters, at most %(at_most)s fit."),
            given=len(said),
            at_most=longest,
        )
    return said


def _day(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise Refused(mark("Give the date as year-month-day.")) from None
