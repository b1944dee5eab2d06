"""/healthz: the process is up. /readyz: what it needs answers. /metrics: figures for Prometheus."""

import os
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import JSONResponse

from app.web.checks import State

# Open to everybody by name (`permissions.OPEN_PATHS`): asking who asks would need the database.
router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answers as long as the event loop turns; asks nobody else."""
    return {"status": State.OK}


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """503 when something needed is failing; degraded still serves. Says why."""
    state, reports = await request.app.state.health.look()
    checks: dict[str, Any] = {
        name: {"status": report.state, "why": report.why}
        if report.why
        else {"status": report.state}
        for name, report in reports.items()
    }
    status = 503 if state is State.FAILING else 200
    return JSONResponse({"status": state, "checks": checks}, status, {"cache-control": "no-store"})


@router.get("/metrics")
def metrics() -> Response:
    """Of this process, or of all where the command has set up Prometheus's multiprocess folder."""
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
