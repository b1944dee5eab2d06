"""50 working groups move the cards of their boards at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.figures.crowd import ACK_P99_MS, PROJECTOR_MS
from bench.processes import generate
from bench.product import kickoff
from bench.results import Line
from bench.rounds import Round, measured, rounds_of

TITLE = "h. 50 boards of 20 cards moved at once by 500 phones"
BOARDS = 50
PHONES_EACH = 10
CARDS_EACH = 20
MOVES_EACH = 5
SECONDS = 10.0


def run() -> list[Line]:
    found = rounds_of({"kickoff": product_round})["kickoff"]
    lost, doubled = found.worst("lost"), found.worst("doubled")
    apart = found.worst("boards_apart")
    p99, projector = found.middle("ack_p99_ms"), found.middle("projector_after_last_ack_ms")
    return [
        Line(
            f"moves within {SECONDS:.0f} s",
            f"{found.middle('moves'):,.0f}",
            note=found.note,
        ),
        Line("cards that several moved", f"{found.middle('moved_by_several'):,.0f}"),
        Line("moves lost (worst round)", f"{lost:.0f}", "0", lost == 0),
        Line("cards doubled (worst round)", f"{doubled:.0f}", "0", doubled == 0),
        Line(
            "boards of which phones show different orders at the end (worst round)",
            f"{apart:.0f}",
            "0",
            apart == 0,
        ),
        Line("acknowledgement p99", f"{p99:.0f} ms", f"≤ {ACK_P99_MS} ms", p99 <= ACK_P99_MS),
        Line(
            "projector complete after the last acknowledgement",
            f"{projector:.0f} ms",
            f"≤ {PROJECTOR_MS} ms",
            projector <= PROJECTOR_MS,
        ),
        Line(
            "all phones complete after the last acknowledgement",
            f"{found.middle('phones_after_last_ack_ms'):.0f} ms",
        ),
        Line("sockets dropped (worst round)", f"{found.worst('dropped'):.0f}"),
        Line(
            "frames to each phone meanwhile, and regions it fetched",
            f"{found.middle('frames_per_phone'):.1f}, {found.middle('fetches_per_phone'):.1f}",
        ),
        Line("bytes of a phone's board", f"{found.middle('board_bytes') / 1000:.1f} kB"),
    ]


def product_round() -> Round:
    with tempfile.TemporaryDirectory() as folder, kickoff(Path(folder)) as product:
        return measured(
            product.server,
            lambda: generate(
                "boards",
                base=product.address.base,
                code=product.address.code,
                api_token=product.api_token,
                boards=BOARDS,
                phones_each=PHONES_EACH,
                cards_each=CARDS_EACH,
                moves_each=MOVES_EACH,
                within=SECONDS,
            ),
        )
