"""A phone on a bad line, in a real browser: scan, tap to join, answer; no socket gets through.

The line is a proxy in user space: 400 kbit/s shared by all connections, 400 ms there and back (a
new connection costs a round trip too), and it never upgrades, so that the answer must go by form.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from time import perf_counter
from typing import Any

from playwright.sync_api import Page

from bench.lag import Lag
from tests.faults.proxy import Faults, proxy_in_thread
from tests.support.browser import DEVICES, chromium

BYTES_PER_SECOND = 400_000 / 8
ONE_WAY_SECONDS = 0.2


def first_page(
    *, port: int, proxy_port: int, path: str, result: str, api_token: str
) -> dict[str, Any]:
    line = Faults(delay=ONE_WAY_SECONDS, bytes_per_second=BYTES_PER_SECOND, never_upgrade=True)
    with chromium() as browser, proxy_in_thread(port, line, listen_port=proxy_port) as proxy:
        lag = Lag()
        page = browser.new_context(locale="nb-NO", **DEVICES["phone"]).new_page()
        proxy.call(lag.start)
        began = perf_counter()
        page.goto(f"{proxy.base_url}{path}", wait_until="commit")
        join = page.locator("form.join button")
        join.wait_for(state="visible")
        joinable = perf_counter()
        join.click()
        answer = page.locator("form[data-activity] label").first
        answer.wait_for(state="visible")
        page.locator("form[data-activity] input:enabled").first.wait_for(state="attached")
        answerable = perf_counter()
        late = proxy.call(lag.stop)
        page.wait_for_load_state("networkidle")
        received = proxy.bytes_down
        answer.click()
        counted_at = _counted(f"http://127.0.0.1:{port}{result}", api_token, page)
    return {
        "bytes": received,
        "joinable_s": joinable - began,
        "answerable_s": answerable - began,
        "counted_after_tap_s": counted_at,
        "connections": proxy.connections,
        "lag": late,
    }


def _counted(url: str, api_token: str, page: Page) -> float:
    """Seconds until the room counts the answer."""
    began = perf_counter()
    while perf_counter() - began < 15:
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {api_token}"})
        with suppress(urllib.error.HTTPError):  # nothing to publish yet
            with urllib.request.urlopen(asked, timeout=5) as answer:
                content = json.loads(answer.read())
            if (content.get("result") or content)["answered"] == 1:
                return perf_counter() - began
        page.wait_for_timeout(50)
    raise RuntimeError("the answer by form was not counted")


if __name__ == "__main__":
    print(json.dumps(first_page(**json.loads(sys.argv[1]))))
