"""Acknowledged durable votes a second: 200 sockets, each votes again when its last is acked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.contenders import fastapi_peer, node_peer, picows_peer
from bench.processes import Server, generate
from bench.product import join, kickoff, open_poll
from bench.results import Line
from bench.rounds import Round, Rounds, measured, rounds_of

TITLE = "a. Acknowledged durable votes"
SOCKETS = 200
SECONDS = 5.0
OVER_FASTAPI = 10.0
OVER_NODE = 2.0


def run() -> list[Line]:
    found = rounds_of(
        {
            "fastapi": lambda: _peer(fastapi_peer, "plain"),
            "node": lambda: _peer(node_peer, "socketio"),
            "picows": lambda: _peer(picows_peer, "plain"),
            "kickoff": product_round,
        }
    )
    ours = found["kickoff"].middle("votes_per_second")
    return [
        _line("FastAPI + SQLModel, commit per vote", found["fastapi"]),
        _line("Node socket.io + node:sqlite, commit per vote", found["node"]),
        _line("picows without storage (the limit)", found["picows"]),
        _line("**Kickoff**", found["kickoff"]),
        _ratio("FastAPI", ours, found["fastapi"], OVER_FASTAPI),
        _ratio("Node", ours, found["node"], OVER_NODE),
    ]


def peers() -> list[Line]:
    """Without the product, to know the bar while it is being built."""
    found = rounds_of(
        {
            "fastapi": lambda: _peer(fastapi_peer, "plain"),
            "node": lambda: _peer(node_peer, "socketio"),
            "picows": lambda: _peer(picows_peer, "plain"),
        }
    )
    return [_line(name, rounds) for name, rounds in found.items()]


def _peer(start: Callable[[Path], Server], dialect: str) -> Round:
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as server:
        return measured(server, lambda: _load(dialect, port=server.port))


def product_round() -> Round:
    with tempfile.TemporaryDirectory() as folder, kickoff(Path(folder)) as product:
        poll = open_poll(product, live=True)  # the tally goes to every socket, as the peers' does
        words = {
            "code": product.address.code,
            "tokens": join(product, SOCKETS),
            "activity": poll.activity,
            "options": poll.options,
        }
        return measured(product.server, lambda: _load("kickoff", port=product.server.port, **words))


def _load(dialect: str, **words: Any) -> Mapping[str, Any]:
    found = generate("votes", dialect=dialect, sockets=SOCKETS, seconds=SECONDS, **words)
    if found["refused"] or found["dropped"]:
        raise RuntimeError(f"{dialect}: refused {found['refused']}, dropped {found['dropped']}")
    return found


def _line(name: str, rounds: Rounds) -> Line:
    rate, p99 = rounds.middle("votes_per_second"), rounds.middle("ack_p99_ms")
    each = median(one.server_cpu / one.found["votes_in_all"] for one in rounds.valid) * 1e6
    found = f"{rate:,.0f} votes/s, p99 {p99:.0f} ms, {each:.0f} µs of the server's time each"
    return Line(name, found, note=rounds.note)


def _ratio(name: str, ours: float, theirs: Rounds, bar: float) -> Line:
    ratio = ours / theirs.middle("votes_per_second")
    return Line(f"Kickoff over {name}", f"{ratio:.1f} ×", f"≥ {bar:.0f} ×", ratio >= bar)
