"""A plan of 5,000 records, made over REST, and everything that is looked at in it, one thing after
another. What is found are the ids of the requests: how long they took, the server's log says."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

import httpx

from bench.load.largest_sheet import exchanged
from bench.load.plan_pages import API, FILES, Target, targets
from bench.load.plan_rows import chunks, ordered, row

WARM_UP = 2
FILE_TIMES = 5


def large_plan(*, base: str, api_token: str, sign_in_url: str, times: int) -> dict[str, Any]:
    bearer = {"authorization": f"Bearer {api_token}", "accept-language": "nb"}
    accepting = {"accept-language": "nb", "accept": "text/html", "origin": base}
    with (
        httpx.Client(base_url=base, headers=bearer, timeout=120) as rest,
        httpx.Client(base_url=base, headers=accepting, timeout=120, follow_redirects=True) as pages,
    ):
        pages.get(sign_in_url).raise_for_status()
        kickoff, made = _made(rest)
        here = f"/kickoffs/{kickoff}"
        # Who is signed in reads over REST, too.
        asked = [
            {"group": one.group, "name": one.name, "requests": _asked(pages, one, times)}
            for one in targets(pages, here, made)
        ]
        return {
            "records": sum(map(len, made.values())),
            "asked": asked,
            "sheets": exchanged(pages, f"{here}/deliverables"),
        }


def _made(rest: httpx.Client) -> tuple[str, dict[str, list[str]]]:
    day = datetime.now(UTC).date()
    wanted = {"title": "Et stort kickoff", "day": day.isoformat()}
    kickoff = rest.post(f"{API}/kickoffs", json=wanted).raise_for_status().json()["id"]
    made: dict[str, list[str]] = {}
    for entity in ordered():
        for numbers in chunks(entity):
            rows = [row(entity, number, made, day) for number in numbers]
            address = f"{API}/kickoffs/{kickoff}/{entity.name}/bulk"
            answer = rest.post(address, json={"items": rows}).raise_for_status().json()
            made.setdefault(entity.name, []).extend(one["id"] for one in answer["items"])
    return kickoff, made


def _asked(client: httpx.Client, target: Target, times: int) -> list[str]:
    """Ids of the requests, without those that only warm up."""
    wanted = WARM_UP + (FILE_TIMES if target.group == FILES else times)
    ids = []
    for _ in range(wanted):
        answer = client.get(target.path).raise_for_status()
        ids.append(answer.headers["x-request-id"])
    return ids[WARM_UP:]


if __name__ == "__main__":
    print(json.dumps(large_plan(**json.loads(sys.argv[1]))))
