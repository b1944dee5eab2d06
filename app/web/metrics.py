"""The figures of /metrics, declared once. The room counts into them; each costs well under 2 µs.

Children with labels are made here and kept, since looking one up by label costs more than counting.
None of them is labelled by room, activity or attendee: a figure must not tell who voted (A03).
"""

from bisect import bisect_right

from prometheus_client import Counter, Gauge, Histogram

ROLES = ("attendee", "facilitator", "projector")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)

_sockets = Gauge("kickoff_sockets", "Open WebSockets", ["role"], multiprocess_mode="livesum")
# `sockets_by_role["attendee"].inc()` and `.dec()`.
sockets_by_role = {role: _sockets.labels(role) for role in ROLES}

sockets_closed = Counter("kickoff_sockets_closed", "Sockets that ended, by whatever side")
sockets_aborted = Counter("kickoff_sockets_aborted", "Sockets cut because they no longer read")
sockets_refused = Counter(
    "kickoff_sockets_refused", "Handshakes refused: origin, host, identity, limits"
)

votes = Counter("kickoff_votes", "Submissions written, changed votes included")
_votes_refused = Counter("kickoff_votes_refused", "Submissions refused", ["code"])
commands = Counter("kickoff_commands", "Facilitators' commands carried out")
frames = Counter("kickoff_frames", "Frames handed to sockets")

ack_seconds = Histogram(
    "kickoff_ack_seconds", "From a submission's arrival to its acknowledgement", buckets=_SECONDS
)
commit_seconds = Histogram(
    "kickoff_commit_seconds", "One group commit of the ledger", buckets=_SECONDS
)
commit_size = Histogram(
    "kickoff_commit_size",
    "Submissions in one group commit",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 1000),
)
tick_seconds = Histogram(
    "kickoff_tick_seconds", "One room's tick: tally, render, write", buckets=_SECONDS
)
loop_lag_seconds = Histogram(
    "kickoff_loop_lag_seconds", "How late the event loop wakes up", buckets=_SECONDS
)
loop_lag_recent = Gauge(
    "kickoff_loop_lag_recent_seconds",
    "The worst lag of the last ten seconds",
    multiprocess_mode="livemax",
)
queue_bytes = Gauge(
    "kickoff_queue_bytes", "Bytes waiting in socket buffers", multiprocess_mode="livesum"
)
_took: list[float] = []  # seconds until each acknowledgement, not yet counted
ack_took = _took.append


def count_acks() -> None:
    """Count what `ack_took` was told, together: one by one a histogram takes as long as to parse
    a vote."""
    _took.sort()
    ack_seconds._sum.inc(sum(_took))
    before = 0
    for bound, bucket in zip(ack_seconds._upper_bounds, ack_seconds._buckets, strict=True):
        up_to = bisect_right(_took, bound)
        if up_to > before:
            bucket.inc(up_to - before)
        before = up_to
    _took.clear()


codes_paused = Gauge(
    "kickoff_codes_paused", "1 while typed room codes are paused", multiprocess_mode="livemax"
)


def vote_refused(code: str) -> None:
    """Refusals are rare enough to look the label up. `code` is one of the product's own."""
    _votes_refused.labels(code).inc()
