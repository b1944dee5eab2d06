"""The pages of the follow-up, asked for one after another in a large organisation. What is found
are the ids of the requests: how long they took, the server's log says."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx

from bench.load import organisation

API = "/api/v1"
WARM_UP = 3
DASHBOARD, LIST, FOLLOW_UP, REST = (
    "dashboard",
    "list of kickoffs",
    "pages of the follow-up",
    "the same over REST",
)
PAGES = (
    "30-60-90",
    "30-60-90/list",
    "30-60-90/line",
    "30-60-90/mine",
    "okr",
    "okr/lift",
    "okr/kpis",
    "indicators",
    "pulses",
    "minutes",
    "meetings",
    "retrospectives",
    "deliveries",
)
ANSWERS = ("actions?limit=100", "okr", "kpi-steering", "indicators")


def dashboards(
    *, base: str, database_url: str, sign_in_url: str, times: int, **_: Any
) -> dict[str, Any]:
    kickoffs = organisation.write(database_url)
    accepting = {"accept-language": "nb", "accept": "text/html", "origin": base}
    with httpx.Client(
        base_url=base, headers=accepting, timeout=120, follow_redirects=True
    ) as client:
        client.get(sign_in_url).raise_for_status()
        asked = [
            {"group": group, "name": name, "requests": _asked(client, path, times)}
            for group, name, path in targets(client, kickoffs[0], kickoffs[-1])
        ]
    return {"kickoffs": len(kickoffs), "asked": asked}


def targets(client: httpx.Client, largest: str, other: str) -> Iterator[tuple[str, str, str]]:
    """Group, name and path. All but the list and one dashboard is the largest kickoff's."""
    yield LIST, "list of kickoffs", "/"
    for name, kickoff in (("the largest", largest), ("an ordinary one", other)):
        yield DASHBOARD, f"dashboard, {name}", f"/kickoffs/{kickoff}/dashboard"
    here, rest = f"/kickoffs/{largest}", f"{API}/kickoffs/{largest}"
    pulse = client.get(f"{rest}/pulses").raise_for_status().json()["items"][0]["id"]
    for page in (*PAGES, f"pulses/{pulse}/results"):
        yield FOLLOW_UP, page.replace(pulse, "…"), f"{here}/{page}"
    for answer in (*ANSWERS, f"pulses/{pulse}/results"):
        yield REST, f"{answer.replace(pulse, '…')} over REST", f"{rest}/{answer}"


def _asked(client: httpx.Client, path: str, times: int) -> list[str]:
    """Ids of the requests, without those that only warm up."""
    ids = []
    for _ in range(WARM_UP + times):
        answer = client.get(path)
        assert answer.is_success, (path, answer.status_code, answer.text[:500])
        ids.append(answer.headers["x-request-id"])
    return ids[WARM_UP:]


if __name__ == "__main__":
    print(json.dumps(dashboards(**json.loads(sys.argv[1]))))
