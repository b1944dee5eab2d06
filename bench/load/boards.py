"""50 working groups move the cards of their boards at once, ten phones each, within ten seconds.

Each phone moves what its own picture shows at that moment, as static/js/board.js does: a card to
the next column, up or down, or beside another one. Moves are due at times fixed beforehand, and
their latency counts from then. Most cards are moved by several
people. The wall and a console are open.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Any

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator
from app.rehearsal.exchange import Pool
from app.rehearsal.frames import submit
from app.rehearsal.phrases import CARDS, NAMES
from bench.dialects import ident
from bench.lag import Lag
from bench.load import lines
from bench.load.lines import Line
from bench.load.options import run
from bench.product import opened

COLUMNS = 3
COLOURS = ("blue", "green", "yellow", "red", "", "", "", "")
QUIET_SECONDS = 1.5
Columns = dict[int, list[str]]
_ON_BOARD = re.compile(
    r'<section class="col"[^>]*data-column="(\d+)"|<li class="k[ "][^>]*data-card="([^"]+)"'
)
_TILE = re.compile(r'id="tile-([^"]+)".*?<p class="tile-counts">(.*?)</p>', re.DOTALL)
_FIGURE = re.compile(r'<b class="num">(\d+)</b>')


@dataclass(frozen=True)
class Move:
    """A card that one phone has put into a column."""

    number: int
    id: str
    seq: int
    card: str
    column: int
    due: float
    sent_at: float


async def boards(
    *,
    base: str,
    code: str,
    api_token: str,
    boards: int,
    phones_each: int,
    cards_each: int,
    moves_each: int,
    within: float,
) -> dict[str, Any]:
    address, rng = RoomAddress(base, code), Random(boards)
    pages = Pool(address, size=64)
    number_of_phones = boards * phones_each
    async with Facilitator(address, api_token) as facilitator:
        tokens = await lines.joined(address, number_of_phones)
        made = await opened(facilitator, kind="sprint_board", title="Sprint 1", mode="named")
        await facilitator.command("groups.make", {"count": boards})
    activity = made["id"]
    people = await lines.phones(address, tokens, pages)
    wall = await lines.connected(address, api_token, view="projector")
    await lines.connected(address, api_token, view="console")
    group_of = [(await line.welcomed)["me"]["group_id"] for line in people]
    if len(set(group_of)) != boards:
        raise RuntimeError(f"{len(set(group_of))} groups of {boards}")
    written = await _written(people, activity, group_of, cards_each, rng)
    await _quiet([*people, wall])
    before = sum(line.frames for line in people), sum(line.fetches for line in people)
    lag = Lag()
    lag.start()
    moves = await _all_move(people, activity, moves_each, within, rng)
    await lines.all_answered(people)
    last_ack = max(people[move.number].acknowledged[move.id] for move in moves)
    late = lag.stop()
    await _quiet([*people, wall])
    truth = await _truth(address, api_token, activity)
    acknowledged = [people[move.number].acknowledged[move.id] for move in moves]
    shown = [_columns(line.regions["main"]) for line in people]
    return {
        "attendees": number_of_phones,
        "cards": written,
        "moves": len(moves),
        "moved_by_several": _by_several(moves),
        "lost": _lost(moves, acknowledged, truth),
        "doubled": _doubled(shown, truth, written, wall),
        "boards_apart": _apart(group_of, shown, truth),
        **lines.spread([at - move.due for at, move in zip(acknowledged, moves, strict=True)]),
        "projector_after_last_ack_ms": max(0.0, wall.changed_at["stage"] - last_ack) * 1000,
        "phones_after_last_ack_ms": (max(line.changed_at["main"] for line in people) - last_ack)
        * 1000,
        "frames_per_phone": (sum(line.frames for line in people) - before[0]) / number_of_phones,
        "fetches_per_phone": (sum(line.fetches for line in people) - before[1]) / number_of_phones,
        "board_bytes": max(len(line.regions["main"].encode()) for line in people),
        "dropped": sum(line.dropped for line in people),
        "lag": late,
    }


async def _written(
    people: Sequence[Line], activity: str, group_of: Sequence[str], each: int, rng: Random
) -> int:
    """So many cards on each board, from all of its phones; most say who and when."""
    written: Counter[str] = Counter()
    seqs: Counter[int] = Counter()
    while any(written[group] < each for group in group_of):
        for number, (line, group) in enumerate(zip(people, group_of, strict=True)):
            if written[group] == each:
                continue
            written[group] += 1
            seqs[number] += 1
            data = {
                "do": "add",
                "board": group,
                "column": rng.choices(range(COLUMNS), (5, 3, 2))[0],
                "text": rng.choice(CARDS),
                "owner": rng.choice((*NAMES, "")),
                "due": f"2027-0{rng.randint(1, 9)}-{rng.randint(10, 28)}",
                "colour": rng.choice(COLOURS),
            }
            told = {name: value for name, value in data.items() if value != ""}
            id = ident(number, seqs[number]).decode()
            line.send(submit(id, seqs[number], activity, told))
    await lines.all_answered(people)
    if refused := [reason for line in people for reason in line.refused]:
        raise RuntimeError(f"{len(refused)} cards were refused: {refused[0]}")
    return written.total()


async def _all_move(
    people: Sequence[Line], activity: str, each: int, within: float, rng: Random
) -> list[Move]:
    due = sorted(
        (moment, number, 100 + turn)
        for number in range(len(people))
        for turn, moment in enumerate(sorted(rng.uniform(0.2, within) for _ in range(each)))
    )
    moves: list[Move] = []
    began = perf_counter()
    for moment, number, seq in due:
        wait = began + moment - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        line = people[number]
        line.read()
        card, column, beside = _meant(_columns(line.regions["main"]), rng)
        id = ident(number, seq).decode()
        data = {"do": "move", "card": card, "column": column, **beside}
        sent_at = perf_counter()
        line.send(submit(id, seq, activity, data))
        moves.append(Move(number, id, seq, card, column, began + moment, sent_at))
    return moves


def _meant(columns: Columns, rng: Random) -> tuple[str, int, dict[str, str]]:
    """What somebody does with the board that the phone shows: (card, column, beside what)."""
    column = rng.choice([number for number, there in columns.items() if there])
    there = columns[column]
    at = rng.randrange(len(there))
    way = rng.random()
    if way < 0.55:  # to the next column, mostly forwards
        number = min(max(columns), max(0, column + rng.choice((1, 1, -1))))
        return there[at], number, {"to": "bottom"}
    if way < 0.75 and len(there) > 1:  # one up or down
        if at:
            return there[at], column, {"before": there[at - 1]}
        return there[at], column, {"after": there[at + 1]}
    goes_to = rng.choice(list(columns))  # drawn to a place of its own
    others = [card for card in columns[goes_to] if card != there[at]]
    if not others:
        return there[at], goes_to, {"to": "bottom"}
    beside = rng.choice(others)
    return there[at], goes_to, {rng.choice(("before", "after")): beside}


def _columns(html: str) -> Columns:
    """The cards of each column of the board that a phone shows, in order."""
    found: Columns = {}
    now = 0
    for column, card in _ON_BOARD.findall(html):
        if column:
            now = int(column)
            found[now] = []
        else:
            found[now].append(card)
    return found


async def _quiet(everybody: Sequence[Line]) -> None:
    """Until nobody is told anything new."""
    before = -1
    while before != (now := sum(line.frames for line in everybody)) or any(
        line.is_fetching for line in everybody
    ):
        before = now
        await asyncio.sleep(QUIET_SECONDS)
    for line in everybody:
        line.read()


async def _truth(address: RoomAddress, api_token: str, activity: str) -> dict[str, Columns]:
    """Every board's columns as the room has them, by board."""
    async with Facilitator(address, api_token, view="projector") as projector:
        found = next(one for one in projector.state["activities"] if one["id"] == activity)
    boards: dict[str, Columns] = {}
    for card in sorted(found["entries"], key=lambda card: (card["position"], card["id"])):
        board, _, column = card["place"].rpartition("/")
        if board:
            there = boards.setdefault(board, {number: [] for number in range(COLUMNS)})
            there[int(column)].append(card["id"])
    return boards


def _lost(
    moves: Sequence[Move], acknowledged: Sequence[float], truth: Mapping[str, Columns]
) -> int:
    """Cards that stand where no acknowledged move that may have been the last has put them.

    A move was not the last where another one of that card was sent after it was acknowledged, or a
    later one by the same phone. Which of those that overlap was last, is the room's to say.
    """
    stands = {
        card: column
        for columns in truth.values()
        for column, cards in columns.items()
        for card in cards
    }
    of_card: dict[str, list[tuple[Move, float]]] = {}
    for move, at in zip(moves, acknowledged, strict=True):
        of_card.setdefault(move.card, []).append((move, at))
    lost = 0
    for card, made in of_card.items():
        may_be = {
            move.column
            for move, at in made
            if not any(
                later.sent_at > at or (later.number == move.number and later.seq > move.seq)
                for later, _ in made
            )
        }
        lost += stands.get(card) not in may_be
    return lost


def _doubled(
    shown: Sequence[Columns], truth: Mapping[str, Columns], written: int, wall: Line
) -> int:
    """Cards that stand twice somewhere, and what the wall counts too much or too little."""
    twice = sum(
        count - 1
        for columns in (*shown, *truth.values())
        for count in Counter(card for cards in columns.values() for card in cards).values()
    )
    there = sum(len(cards) for columns in truth.values() for cards in columns.values())
    told = {
        board: [int(figure) for figure in _FIGURE.findall(figures)]
        for board, figures in _TILE.findall(wall.regions["stage"])
    }
    counted = {board: [len(cards) for cards in each.values()] for board, each in truth.items()}
    return twice + abs(there - written) + sum(told.get(b) != counted[b] for b in counted)


def _apart(group_of: Sequence[str], shown: Sequence[Columns], truth: Mapping[str, Columns]) -> int:
    """Boards of which some phone shows another order than the room has."""
    pairs = zip(group_of, shown, strict=True)
    return len({board for board, columns in pairs if columns != truth[board]})


def _by_several(moves: Sequence[Move]) -> int:
    """Cards that several have moved."""
    movers: dict[str, set[int]] = {}
    for move in moves:
        movers.setdefault(move.card, set()).add(move.number)
    return sum(len(each) > 1 for each in movers.values())


if __name__ == "__main__":
    run(boards, fair=True)
