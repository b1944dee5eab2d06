"""10,000 attendees in one room on one server process: they all vote within ten seconds."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.processes import generate
from bench.product import kickoff, open_poll
from bench.results import Line
from bench.rounds import Round, measured, rounds_of

TITLE = "c, d. 10,000 attendees in one room on one process"
ATTENDEES = 10_000
SECONDS = 10.0
ACK_P99_MS = 150
PROJECTOR_MS = 300
KB_EACH = 45


def run() -> list[Line]:
    found = rounds_of({"kickoff": product_round})["kickoff"]
    lost, doubled = found.worst("lost"), found.worst("doubled")
    p99, projector = found.middle("ack_p99_ms"), found.middle("projector_after_last_ack_ms")
    memory = found.middle("kb_per_attendee")
    return [
        Line("votes lost (worst round)", f"{lost:.0f}", "0", lost == 0, found.note),
        Line("votes doubled (worst round)", f"{doubled:.0f}", "0", doubled == 0),
        Line("acknowledgement p99", f"{p99:.0f} ms", f"≤ {ACK_P99_MS} ms", p99 <= ACK_P99_MS),
        Line(
            "projector complete after the last acknowledgement",
            f"{projector:.0f} ms",
            f"≤ {PROJECTOR_MS} ms",
            projector <= PROJECTOR_MS,
        ),
        Line("sockets dropped (worst round)", f"{found.worst('dropped'):.0f}"),
        Line("frames to each phone meanwhile", f"{found.middle('frames_per_phone'):.1f}"),
        Line(
            "server memory per connected attendee",
            f"{memory:.1f} kB",
            f"≤ {KB_EACH} kB",
            memory <= KB_EACH,
        ),
        Line("server memory at its peak", f"{found.middle('peak_mb'):.0f} MB"),
    ]


def product_round() -> Round:
    with tempfile.TemporaryDirectory() as folder, kickoff(Path(folder)) as product:
        poll = open_poll(product, live=True)
        return measured(
            product.server,
            lambda: generate(
                "crowd",
                base=product.address.base,
                code=product.address.code,
                api_token=product.api_token,
                server_pid=product.server.pid,
                attendees=ATTENDEES,
                within=SECONDS,
                activity=poll.activity,
                options=poll.options,
            ),
        )
