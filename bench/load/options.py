"""A generator's options come as one JSON argument, its result goes out as one JSON line."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop


def run(generator: Callable[..., Awaitable[dict[str, Any]]]) -> None:
    options: dict[str, Any] = json.loads(sys.argv[1])

    async def measured() -> dict[str, Any]:
        gc.disable()  # a collection would be measured as the server's latency
        return await generator(**options)

    print(json.dumps(uvloop.run(measured())))
