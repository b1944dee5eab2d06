"""2,000 attendees in one room rank five of 300 obstacles at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.figures.crowd import ACK_P99_MS, PROJECTOR_MS
from bench.processes import generate
from bench.product import kickoff
from bench.results import Line
from bench.rounds import Round, measured, rounds_of

TITLE = "g. 2,000 attendees rank five of 300 obstacles at once"
ATTENDEES = 2_000
OBSTACLES = 300
SECONDS = 10.0


def run() -> list[Line]:
    found = rounds_of({"kickoff": product_round})["kickoff"]
    lost, doubled = found.worst("lost"), found.worst("doubled")
    p99, projector = found.middle("ack_p99_ms"), found.middle("projector_after_last_ack_ms")
    return [
        Line(
            f"lists sent, one for each tap, within {SECONDS:.0f} s",
            f"{found.middle('rankings'):,.0f}",
            note=found.note,
        ),
        Line("places lost (worst round)", f"{lost:.0f}", "0", lost == 0),
        Line("places doubled (worst round)", f"{doubled:.0f}", "0", doubled == 0),
        Line("acknowledgement p99", f"{p99:.0f} ms", f"≤ {ACK_P99_MS} ms", p99 <= ACK_P99_MS),
        Line(
            "projector complete after the last acknowledgement",
            f"{projector:.0f} ms",
            f"≤ {PROJECTOR_MS} ms",
            projector <= PROJECTOR_MS,
        ),
        Line("sockets dropped (worst round)", f"{found.worst('dropped'):.0f}"),
        Line("frames to each phone meanwhile", f"{found.middle('frames_per_phone'):.1f}"),
    ]


def product_round() -> Round:
    with tempfile.TemporaryDirectory() as folder, kickoff(Path(folder)) as product:
        return measured(
            product.server,
            lambda: generate(
                "ranking",
                base=product.address.base,
                code=product.address.code,
                api_token=product.api_token,
                attendees=ATTENDEES,
                obstacles=OBSTACLES,
                within=SECONDS,
            ),
        )
