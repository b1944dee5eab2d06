"""The handout of a block (P17): what it was for, its pages, what came out of it and was decided.

What of an activity's results may be read is what its hall was shown (roles); a result that was
never revealed is not in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app import clock
from app.i18n import gettext as _
from app.i18n import ngettext
from app.live.loading import Outside, load
from app.live.program import theme_ids_of
from app.live.roles import View, seen_by
from app.live.snapshot import ActivityView, RoomSnapshot
from app.models.activities import Activity, ActivityStatus
from app.models.agenda import AgendaBlock
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.rooms import ENTERING, Room, RoomEvent
from app.models.themes import Message, Theme, ThemePage
from app.operations.agenda import day_of
from app.operations.slides import SlideSeen, decks_of_block, picture, slides
from app.outputs.blocks import blocks_from
from app.outputs.papers.agenda import row_values
from app.outputs.papers.head import head, names_of, rows_of, short_day
from app.rendering import render

SLIDES_MAX = 150  # on paper: what a deck may have


@dataclass(frozen=True)
class Page:
    """A theme's page; `points` are its lines."""

    theme: str
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """An activity as its hall saw it. The room is there for fragments that name its groups."""

    activity: ActivityView
    room: RoomSnapshot

    @property
    def fragment(self) -> str:
        return f"live/{self.activity.kind}/minutes.html"


@dataclass(frozen=True)
class Decided:
    title: str
    owner: str
    due: str


@dataclass(frozen=True)
class Handout:
    """`block` is what the agenda says of it on paper, without the private notes."""

    id: str
    block: Mapping[str, Any]
    pages: tuple[Page, ...]
    slides: tuple[SlideSeen, ...]
    messages: tuple[str, ...]
    results: tuple[Result, ...]
    several_rooms: bool
    decisions: tuple[Decided, ...]


def of_block(session: Session, kickoff: Kickoff, block: AgendaBlock) -> Handout:
    names = names_of(session, kickoff.id)
    row = next(row for row in day_of(session, kickoff).rows if row.block.id == block.id)
    results = tuple(_results(session, kickoff.id, block.id))
    themes = {theme.id: theme.title for theme in rows_of(session, Theme, kickoff.id)}
    return Handout(
        id=block.id,
        block=row_values(row, names),
        pages=tuple(
            Page(themes[page.theme_id], page.title, _lines(page.text))
            for theme_id in theme_ids_of(block)
            for page in rows_of(session, ThemePage, kickoff.id)
            if page.theme_id == theme_id
        ),
        slides=tuple(
            slide
            for deck in decks_of_block(session, block.id)
            for slide in slides(session, deck.id)
        ),
        messages=tuple(
            message.title
            for message in rows_of(session, Message, kickoff.id)
            if message.id in block.message_ids
        ),
        results=results,
        several_rooms=len({result.room.id for result in results}) > 1,
        decisions=tuple(_decided(session, kickoff.id, block.id, names)),
    )


def contents(session: Session, kickoff: Kickoff, block: AgendaBlock) -> Mapping[str, Any]:
    """The same as the values of templates/paper/handout.typ."""
    told = of_block(session, kickoff, block)
    return {
        **head(session, kickoff),
        "title": block.title,
        "block": told.block,
        "pages": [
            {"theme": page.theme, "title": page.title, "points": page.points} for page in told.pages
        ],
        "slides": [
            {
                "deck": slide.deck_id,
                "number": slide.number,
                "said": slide.text or slide.title,
                "called": f"{slide.title} · {_number_of(slide)}",
            }
            for slide in told.slides[:SLIDES_MAX]
        ],
        "messages": told.messages,
        "results": [
            {
                "room": result.room.name if told.several_rooms else "",
                "blocks": blocks_from(
                    render(result.fragment, activity=result.activity, room=result.room)
                ),
            }
            for result in told.results
        ],
        "decisions": [
            {"title": one.title, "owner": one.owner, "due": one.due} for one in told.decisions
        ],
        "wording": {
            "handout": _("Handout"),
            "problem": _("Customer problem"),
            "indicator": _("Customer effect"),
            "slides": _("Slides"),
            "more_slides": _more(len(told.slides) - SLIDES_MAX),
            "messages": _("What we repeat"),
            "results": _("What the room said"),
            "decisions": _("What was decided"),
            "nothing": _("What the room says and decides will stand here after the block."),
        },
    }


def on_paper(session: Session, kickoff_id: str, told: Mapping[str, Any]) -> list[bytes]:
    """The pictures of the slides that the contents name, in their order."""
    return [
        picture(session, kickoff_id, one["deck"], one["number"], small=True).content
        for one in told["slides"]
    ]


def _number_of(slide: SlideSeen) -> str:
    return _("Slide %(number)s of %(all)s") % {"number": slide.number, "all": slide.pages}


def _more(number: int) -> str:
    if number <= 0:
        return ""
    said = ngettext(
        "%(count)s more slide is on the handout's page.",
        "%(count)s more slides are on the handout's page.",
        number,
    )
    return said % {"count": number}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _results(session: Session, kickoff_id: str, block_id: str) -> Iterator[Result]:
    """Of every room that has begun an activity of the block."""
    begun = (
        select(Activity.room_id)
        .where(
            col(Activity.kickoff_id) == kickoff_id,
            col(Activity.block_id) == block_id,
            col(Activity.status) != ActivityStatus.DRAFT,
        )
        .distinct()
    )
    for room_id in sorted(session.exec(begun)):
        outside = Outside(public_url="", now_ms=clock.now_ms(), people_too=False, stage_too=False)
        room = seen_by(View.PROJECTOR, load(session, room_id, outside)[0])
        for activity in room.activities:
            is_told = activity.revealed or not activity.logic.reveals
            if activity.block_id == block_id and is_told:
                yield Result(activity, room)


def _decided(
    session: Session, kickoff_id: str, block_id: str, names: Mapping[str, str]
) -> Iterator[Decided]:
    """What was written down while a room was in the block, and still holds."""
    made = _made_in(session, kickoff_id, block_id)
    for one in rows_of(session, Decision, kickoff_id):
        if one.id in made and one.superseded_by_id is None:
            yield Decided(one.title, names.get(one.owner_id or "", ""), short_day(one.due))


def _made_in(session: Session, kickoff_id: str, block_id: str) -> frozenset[str]:
    """Ids of what rooms wrote into the note while they were in that block."""
    rooms = select(col(Room.id)).where(col(Room.kickoff_id) == kickoff_id)
    wanted = (
        select(RoomEvent)
        .where(
            col(RoomEvent.room_id).in_(rooms),
            col(RoomEvent.name).in_([*ENTERING, "room.undo"])
            | col(RoomEvent.name).startswith("note."),
        )
        .order_by(col(RoomEvent.room_id), col(RoomEvent.control), col(RoomEvent.id))
    )
    by_room: dict[str, list[RoomEvent]] = {}
    for event in session.exec(wanted):
        by_room.setdefault(event.room_id, []).append(event)
    return frozenset(made for events in by_room.values() for made in _made(events, block_id))


def _made(events: Sequence[RoomEvent], block_id: str) -> Iterator[str]:
    entered: list[str] = []
    for event in events:
        if event.data.get("entered"):
            entered.append(event.data["entered"])
        elif entered and event.data.get("undone") in ENTERING:
            entered.pop()
        elif event.data.get("made") and entered and entered[-1] == block_id:
            yield event.data["made"]
