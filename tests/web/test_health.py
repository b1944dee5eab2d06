import asyncio

import pytest

from app.web import checks, metrics
from app.web.checks import Health, Report, State
from tests.web.rig import Rig


def test_a_process_that_turns_is_up(rig: Rig) -> None:
    assert rig.client().get("/healthz").json() == {"status": "ok"}


def test_ready_means_that_everything_answers(rig: Rig) -> None:
    response = rig.client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["checks"]["database"] == {"status": "ok"}


@pytest.mark.parametrize("state, status", [(State.DEGRADED, 200), (State.FAILING, 503)])
def test_the_worst_part_decides_and_says_why(rig: Rig, state: State, status: int) -> None:
    async def bus() -> Report:
        return Report(state, "Redis is away")

    rig.application.state.health.register("bus", bus)
    response = rig.client().get("/readyz")
    assert response.status_code == status
    assert response.json()["status"] == state
    assert response.json()["checks"]["bus"] == {"status": state, "why": "Redis is away"}


def test_a_check_that_hangs_or_breaks_is_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SECONDS", 0.05)

    async def hangs() -> Report:
        await asyncio.sleep(60)
        return checks.OK

    async def breaks() -> Report:
        raise RuntimeError("secret of the house")

    health = Health()
    health.register("hangs", hangs)
    health.register("breaks", breaks)
    state, reports = asyncio.run(health.look())
    assert state == State.FAILING
    assert [report.state for report in reports.values()] == [State.FAILING, State.FAILING]
    assert "secret" not in str(reports)


def test_acknowledgements_are_counted_together_as_they_would_be_one_by_one() -> None:
    def figures() -> list[float]:
        return [sample.value for sample in next(iter(metrics.ack_seconds.collect())).samples[:-1]]

    took = [0.3, 0.0004, 0.001, 0.0011, 7.0, 0.05, 5.0]
    before = figures()
    for seconds in took:
        metrics.ack_seconds.observe(seconds)
    one_by_one = [after - earlier for after, earlier in zip(figures(), before, strict=True)]
    before = figures()
    for seconds in took:
        metrics.ack_took(seconds)
    metrics.count_acks()
    together = [after - earlier for after, earlier in zip(figures(), before, strict=True)]
    assert together == pytest.approx(one_by_one)
    metrics.count_acks()  # nothing twice
    assert figures() == pytest.approx([a + b for a, b in zip(before, together, strict=True)])


def test_metrics_hold_the_figures_that_operators_were_promised(rig: Rig) -> None:
    metrics.sockets_by_role["attendee"].inc()
    metrics.vote_refused("activity_closed")
    text = rig.client().get("/metrics").text
    for name in (
        'kickoff_sockets{role="attendee"} 1.0',
        "kickoff_votes_total",
        "kickoff_ack_seconds_bucket",
        "kickoff_commit_seconds_bucket",
        "kickoff_tick_seconds_bucket",
        "kickoff_loop_lag_seconds_bucket",
        "kickoff_queue_bytes",
        "kickoff_sockets_closed_total",
        "kickoff_sockets_aborted_total",
    ):
        assert name in text
    metrics.sockets_by_role["attendee"].dec()
