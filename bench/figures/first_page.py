"""The phone's first page on a bad line: bytes on the wire, and seconds until it can be answered."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.processes import free_port, generate
from bench.product import kickoff, open_poll
from bench.results import Line
from bench.rounds import Round, measured, rounds_of

TITLE = "f. The phone's first page at 400 kbit/s and 400 ms"
KB = 40
SECONDS = 3.0


def run() -> list[Line]:
    found = rounds_of({"kickoff": product_round})["kickoff"]
    size, seconds = found.middle("bytes") / 1000, found.middle("answerable_s")
    return [
        Line(
            "bytes, from the link to the open question, all included",
            f"{size:.1f} kB",
            f"≤ {KB} kB",
            size <= KB,
            found.note,
        ),
        Line("join can be tapped after", f"{found.middle('joinable_s'):.2f} s"),
        Line(
            "the open question can be answered after (tapping join at once), no socket",
            f"{seconds:.2f} s",
            f"≤ {SECONDS:.0f} s",
            seconds <= SECONDS,
        ),
        Line("counted after the tap", f"{found.middle('counted_after_tap_s'):.2f} s"),
    ]


def product_round() -> Round:
    proxy_port = free_port()
    outside = f"http://127.0.0.1:{proxy_port}"
    with (
        tempfile.TemporaryDirectory() as folder,
        kickoff(Path(folder), public_url=outside) as product,
    ):
        poll = open_poll(product)
        return measured(
            product.server,
            lambda: generate(
                "first_page",
                port=product.server.port,
                proxy_port=proxy_port,
                path=product.address.page,
                result=product.address.result(poll.activity),
                api_token=product.api_token,
            ),
        )
