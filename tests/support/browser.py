"""A real browser: the machine's Chromium, driven by Playwright's synchronous API."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.support.processes import ROOT

SCREENSHOTS = ROOT / "artifacts" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but these leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

# How long a page may take for what comes at last, in milliseconds: nobody waits so long but on a
# machine that others keep busy. Promises about time name their own.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE / 2)

# What the three places look like. A phone of 360 × 740 is the small end of what people carry.
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
}


@dataclass
class Problems:
    """What a page complained of since it was opened."""

    console: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        yield from (*self.console, *self.exceptions, *self.requests)

    def clear(self) -> None:
        """For a test that has just made trouble on purpose."""
        self.console.clear()
        self.exceptions.clear()
        self.requests.clear()


_problems: WeakKeyDictionary[Page, Problems] = WeakKeyDictionary()


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if not program:
        raise RuntimeError("no chromium on this machine; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, *, device: str = "laptop", **options: Any) -> Page:
    """A blank page with cookies and storage of its own. `options` are new_context's."""
    context = browser.new_context(**{"locale": "nb-NO", **DEVICES[device], **options})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    _watch(page)
    return page


def problems(page: Page) -> Problems:
    return _problems[page]


def screenshot(page: Page, name: str, *, full_page: bool = False) -> None:
    """A picture for a person to look at, where one is wanted."""
    if path := picture(name):
        page.screenshot(path=path, full_page=full_page)


def picture(name: str) -> Path | None:
    """artifacts/screenshots/NAME.png with PICTURES=1: a thousand of them cost minutes."""
    if not os.environ.get("PICTURES"):
        return None
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS / f"{name}.png"


def axe(page: Page, *, scope: str = "document", ignore: tuple[str, ...] = ()) -> None:
    """No violation of WCAG 2.2 A and AA inside `scope`, a JavaScript expression.

    `ignore` names rules that do not apply here; say why beside the call.
    """
    session = page.context.new_cdp_session(page)
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "rules": {rule: {"enabled": False} for rule in ignore},
        # What passes is most of a page: to list it takes as long as to find what does not.
        "resultTypes": ["violations"],
    }
    # By the developer tools' door, which the page's content security policy does not guard.
    _evaluate(session, AXE.read_text(encoding="utf-8"))
    run = f"axe.run({scope}, {json.dumps(options)}).then(found => found.violations)"
    violations = _evaluate(session, run)
    session.detach()
    assert not violations, "\n" + "\n".join(map(_violation, violations))


def _evaluate(session: Any, expression: str) -> Any:
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": expression,
            "awaitPromise": True,
            "returnByValue": True,
            "allowUnsafeEvalBlockedByCSP": True,
        },
    )
    if "exceptionDetails" in answer:
        raise AssertionError(answer["exceptionDetails"])
    return answer["result"].get("value")


def _violation(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


def _watch(page: Page) -> None:
    found = _problems[page] = Problems()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.console.append(f"console {message.type}: {message.text} ({message.location})")

    def failed(request: Request) -> None:
        # A navigation cancels what its page still had under way.
        if request.failure != "net::ERR_ABORTED":
            found.requests.append(f"{request.method} {request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            found.requests.append(f"{response.request.method} {response.url}: {response.status}")

    page.on("console", console)
    page.on("pageerror", lambda error: found.exceptions.append(f"exception: {error}"))
    page.on("requestfailed", failed)
    page.on("response", answered)
