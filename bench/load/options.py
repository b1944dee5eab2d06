"""A generator's options come as one JSON argument, its result goes out as one JSON line."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop


def run(generator: Callable[..., Awaitable[dict[str, Any]]], *, fair: bool = False) -> None:
    """`fair` takes the standard loop: in a burst on thousands of sockets libuv reads on and on
    before it looks at a timer, which would be the generator's lag.
    """
    options: dict[str, Any] = json.loads(sys.argv[1])

    async def measured() -> dict[str, Any]:
        gc.disable()  # a collection would be measured as the server's latency
        return await generator(**options)

    print(json.dumps(asyncio.run(measured()) if fair else uvloop.run(measured())))
