"""Where no line is written per request: the room's routes (A03), links in messages, static
files and probes.

Lines in the order of requests, joined with the order of commits, would tell who cast which ballot
(RELIABILITY M5), and a signed link is its own key. What fails with 500 is still written.
"""

_QUIET = (
    "/j/", "/l/", "/live/", "/p/", "/pulse/", "/api/v1/rooms/", "/static/", "/healthz", "/readyz",
    "/metrics",
)  # fmt: skip


def is_quiet(path: str) -> bool:
    return path.startswith(_QUIET)
