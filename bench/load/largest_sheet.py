"""The largest workbook that is taken, looked at, written and fetched again, while somebody asks the
event loop every few milliseconds whether it still turns."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
from openpyxl import Workbook, load_workbook

from app.operations.entities import DELIVERABLES
from app.operations.table_rows import MOST_BYTES, MOST_ROWS
from app.outputs.spreadsheets import MEDIA_TYPE
from bench.load import plan_words as words

TICK_SECONDS = 0.01
_LONG = MOST_BYTES // MOST_ROWS * 3 // 4  # beside the other cells


def exchanged(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """Preview, write and export; each with the longest that the loop kept anybody waiting."""
    sheet = _sheet(client.get(f"{path}.xlsx").raise_for_status().content)
    quiet = _Probe(str(client.base_url))
    found = []
    with quiet.asking():
        time.sleep(2)
    found.append({"name": "nothing", "worst_ms": quiet.worst_ms})
    for name, fields in (("looked at", {}), ("written", {"confirm": "true"})):
        probe = _Probe(str(client.base_url))
        began = time.perf_counter()
        with probe.asking():
            _posted(client, f"{path}/import", sheet, fields)
        took = time.perf_counter() - began
        found.append({"name": name, "worst_ms": probe.worst_ms, "seconds": took})
    for ending in ("xlsx", "csv"):
        probe = _Probe(str(client.base_url))
        began = time.perf_counter()
        with probe.asking():
            client.get(f"{path}.{ending}").raise_for_status()
        took = time.perf_counter() - began
        found.append({"name": f"as .{ending}", "worst_ms": probe.worst_ms, "seconds": took})
    return found


def _posted(client: httpx.Client, path: str, sheet: bytes, fields: dict[str, str]) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(path).raise_for_status().text)
    assert token, "the page has no form"
    data = {"csrf": token[1], **fields}
    answer = client.post(path, data=data, files={"file": ("plan.xlsx", sheet, MEDIA_TYPE)})
    answer.raise_for_status()
    assert answer.history or not fields, "the rows were not taken"


def _sheet(exported: bytes) -> bytes:
    """As many rows as are taken and nearly as many bytes, under the headings of an export."""
    headings = next(load_workbook(io.BytesIO(exported)).worksheets[0].iter_rows(values_only=True))
    fields = list(DELIVERABLES.fields.model_fields)
    book, random = Workbook(write_only=True), Random(1)
    sheet = book.create_sheet("Leveranser")
    sheet.append([headings[fields.index(name)] for name in ("title", "due", "done_criteria")])
    due = datetime.now(UTC).date()
    for number in range(MOST_ROWS):
        text = " ".join(words.prose(random) for _ in range(6))[:_LONG]
        sheet.append([f"Leveranse nummer {number} av mange", due, text])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


class _Probe:
    """Asks `/healthz`, which needs nothing but the event loop."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.worst_ms = 0.0
        self._done = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._ask)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self.base) as client:
            client.get("/healthz")
            while not self._done.wait(TICK_SECONDS):
                began = time.perf_counter()
                client.get("/healthz")
                self.worst_ms = max(self.worst_ms, (time.perf_counter() - began) * 1000)
