"""Deliveries of one ready-made frame to 2,000 sockets a second, against a bare picows server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.contenders import fanout_of_the_product, picows_peer
from bench.processes import Server, generate
from bench.results import Line
from bench.rounds import Round, Rounds, measured, rounds_of

TITLE = "b. Deliveries of one frame to 2,000 sockets"
SOCKETS = 2_000
WAVES = 100
FRAME_BYTES = 1_000
SHARE_OF_PICOWS = 0.85


def run() -> list[Line]:
    found = rounds_of(
        {
            "picows": lambda: _fan_out(picows_peer, "/ws/p{}"),
            "kickoff": product_round,
        }
    )
    share = found["kickoff"].middle("deliveries_per_second") / found["picows"].middle(
        "deliveries_per_second"
    )
    return [
        _line("picows (the limit)", found["picows"]),
        _line("**Kickoff**", found["kickoff"]),
        Line(
            "Kickoff over picows",
            f"{share:.2f}",
            f"≥ {SHARE_OF_PICOWS}",
            share >= SHARE_OF_PICOWS,
        ),
    ]


def peers() -> list[Line]:
    """Without the product, to know the bar while it is being built."""
    return [
        _line("picows", rounds_of({"picows": lambda: _fan_out(picows_peer, "/ws/p{}")})["picows"])
    ]


def product_round() -> Round:
    return _fan_out(fanout_of_the_product, "/live/BENCH2")


def _fan_out(start: Callable[[Path], Server], path: str) -> Round:
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as server:
        one = measured(
            server,
            lambda: generate(
                "fanout",
                port=server.port,
                path=path,
                sockets=SOCKETS,
                waves=WAVES,
                size=FRAME_BYTES,
            ),
        )
        if one.found["complete_sockets"] != SOCKETS:
            raise RuntimeError(f"only {one.found['complete_sockets']} sockets got every frame")
        return one


def _line(name: str, rounds: Rounds) -> Line:
    rate = rounds.middle("deliveries_per_second")
    return Line(name, f"{rate:,.0f} deliveries/s of {FRAME_BYTES} bytes", note=rounds.note)
