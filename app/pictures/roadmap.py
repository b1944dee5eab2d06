"""The roadmap (P8): 90 days from the kickoff, a lane for each team, and what waits for what."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.i18n import gettext, mark
from app.models.kickoffs import Kickoff
from app.models.people import teams_of
from app.operations.derived import today_in
from app.pictures.boxes import MOST_DRAWN, Box, boxed
from app.pictures.names import day_after
from app.pictures.picture import Picture
from app.pictures.roadmap_things import AHEAD, INITIATIVE, Thing, legible, things_of
from app.pictures.roadmap_waits import Wait, is_early, waits
from app.rendering import day, number
from app.rules.timeline import LAST_DAY, Item, Scale, timeline
from app.rules.wrapping import wrapped

SCALE = Scale(left=196, right=1276, edge=1418)
TOP = 76
LANE_WIDTH, LANE_SIZE, LANE_LEADING = 160, 15, 19
MORE_LEADING = 17  # of the lines that say how many more a lane has than are drawn
MARK = 20  # what the sign on the line of time takes above its card
POINT_WIDTH, BAR_WIDEST = 190, 380


@dataclass(frozen=True)
class Card:
    """A thing where it stands: its mark from `x` to `end`, its card below. `before` and `after`:
    it goes on beyond the picture."""

    thing: Thing
    words: str
    box: Box
    x: float
    end: float
    card_x: float
    y: int
    before: bool
    after: bool

    @property
    def card_y(self) -> int:
        return self.y + MARK


@dataclass(frozen=True)
class Lane:
    """`id` is a team's, or "" for what has no team. `more`: how many of which part of the plan are
    not drawn in it."""

    id: str
    name: str
    lines: tuple[str, ...]
    y: int
    height: int
    more: tuple[tuple[str, int], ...] = ()

    def more_at(self, number: int) -> int:
        """The base line of one of the lines about what is not drawn."""
        return self.y + 30 + len(self.lines) * LANE_LEADING + number * MORE_LEADING


@dataclass(frozen=True)
class Arrow:
    """What comes first leads to what waits for it. `early`: it begins before the other ends."""

    path: str
    x: float
    y: float
    early: bool


@dataclass(frozen=True)
class Mark:
    """A day of the line: 0, 30, 60 or 90."""

    day: int
    x: float
    falls_on: date | None


@dataclass(frozen=True)
class Roadmap:
    """`today` is where today lies and how many days after the kickoff it is. `folded` are those
    for which there is no room; `elsewhere` lie before or after the 90 days, `undated` have no
    place at all."""

    marks: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    cards: tuple[Card, ...]
    arrows: tuple[Arrow, ...]
    waits: tuple[Wait, ...]
    elsewhere: tuple[Thing, ...]
    undated: tuple[Thing, ...]
    today: tuple[float, int] | None
    width: int
    height: int
    folded: tuple[Thing, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.cards or self.elsewhere or self.undated)

    def how_many(self, state: str) -> int:
        things = (*(card.thing for card in self.cards), *self.folded)
        return sum(one.state == state for one in things)


def roadmap(session: Session, kickoff: Kickoff) -> Roadmap:
    teams = {team.id: team.name for team in session.scalars(teams_of(kickoff.id))}
    return drawn(things_of(session, kickoff), kickoff, teams)


def drawn(things: Sequence[Thing], kickoff: Kickoff, teams: Mapping[str, str]) -> Roadmap:
    """Things on the line of 90 days, a lane for each of the teams (names by id)."""
    lane_of = {one.id: one.team_id if one.team_id in teams else "" for one in things}
    shown, folded = legible([one for one in things if _is_shown(one)], lane_of, MOST_DRAWN)
    lanes, cards, height = _laid_out(shown, folded, teams, lane_of)
    by_id = {one.id: one for one in things}
    placed = {card.thing.id: card for card in cards}
    today = (today_in(kickoff) - kickoff.day).days if kickoff.day else None
    return Roadmap(
        marks=tuple(
            Mark(days, SCALE.at(days), day_after(kickoff, days)) for days in (0, 30, 60, 90)
        ),
        lanes=lanes,
        cards=cards,
        arrows=tuple(_arrows(cards, placed)),
        waits=tuple(waits(things, by_id, teams)),
        elsewhere=tuple(one for one in things if one.is_placed and not _is_shown(one)),
        undated=tuple(one for one in things if not one.is_placed),
        today=None if today is None or not 0 <= today <= LAST_DAY else (SCALE.at(today), today),
        width=SCALE.edge + 2,
        height=height,
        folded=tuple(folded),
    )


def _is_shown(one: Thing) -> bool:
    if one.starts is None or one.ends is None:
        return False
    return one.starts <= LAST_DAY and one.ends >= 0


def _laid_out(
    things: Sequence[Thing],
    folded: Sequence[Thing],
    teams: Mapping[str, str],
    lane_of: Mapping[str, str],
) -> tuple[tuple[Lane, ...], tuple[Card, ...], int]:
    dates = {when for one in things for when in (one.first, one.last) if when}
    short = {when: day(when, "short") for when in dates}
    words = {one.id: _words(one, short) for one in things}
    boxes = {one.id: _box(one, words[one.id]) for one in things}
    names = {**teams, "": gettext("No team")}
    lines = {id: wrapped(name, width=LANE_WIDTH, size=LANE_SIZE) for id, name in names.items()}
    more = {id: Counter(one.kind for one in folded if lane_of[one.id] == id) for id in names}
    used = {lane_of[one.id] for one in things}
    laid = timeline(
        (
            Item(
                one.id,
                lane_of[one.id],
                one.starts or 0,
                one.ends or 0,
                boxes[one.id].width,
                MARK + boxes[one.id].height,
            )
            for one in things
        ),
        list(names),
        SCALE,
        top=TOP,
        least_height=max(
            (len(lines[id]) * LANE_LEADING + len(more[id]) * MORE_LEADING + 28 for id in used),
            default=0,
        ),
    )
    cards = []
    for one in things:
        place = laid.places[one.id]
        cards.append(
            Card(
                one,
                words[one.id],
                boxes[one.id],
                place.x,
                place.end,
                place.text_x,
                place.y,
                before=(one.starts or 0) < 0,
                after=(one.ends or 0) > LAST_DAY,
            )
        )
    lanes = (
        Lane(one.id, names[one.id], lines[one.id], one.y, one.height, tuple(more[one.id].items()))
        for one in laid.lanes
    )
    return tuple(lanes), tuple(cards), laid.height + 4


def _words(one: Thing, short: Mapping[date, str]) -> str:
    """The small line of a card. `short`: dates as they are written there."""
    states = {"reached": gettext("Reached"), "late": gettext("Late")}
    if one.kind == INITIATIVE:
        when = " – ".join(short[each] for each in (one.first, one.last) if each)
    else:
        when = short[one.last] if one.last else gettext("Day %(num)s") % {"num": one.ends}
    people = ""
    if one.people:
        people = gettext("%(num)s people") % {"num": number(one.people)}
    state = one.word or states.get(one.state, "")
    return " · ".join(filter(None, (state, when, people, one.owner)))


def _box(one: Thing, words: str) -> Box:
    span = round(SCALE.at(one.ends or 0) - SCALE.at(one.starts or 0))
    width = max(POINT_WIDTH, min(span, BAR_WIDEST))
    return boxed(one.title, width=width, small=words, sign=one.state not in ("", AHEAD))


def _arrows(cards: Iterable[Card], placed: Mapping[str, Card]) -> Iterator[Arrow]:
    for card in cards:
        for first in (placed[id] for id in card.thing.waits if id in placed):
            x, y = card.x - 8, card.y + 9
            begin_x, begin_y = first.end + 8, first.y + 9
            bend = max(36.0, (x - begin_x) / 2)
            path = (
                f"M{begin_x:g} {begin_y}C{begin_x + bend:g} {begin_y} "
                f"{x - 9 - bend:g} {y} {x - 9:g} {y}"
            )
            yield Arrow(path, x, y, is_early(card.thing, first.thing))


PICTURE = Picture(
    code="roadmap",
    name=mark("Roadmap"),
    about=mark("The 90 days from the kickoff: what is done when, by which team, and what waits."),
    icon="milestone",
    order=30,
    view=roadmap,
)
