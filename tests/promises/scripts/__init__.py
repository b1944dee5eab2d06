"""Scripts: what a hall sends to one kind of activity, and what the room must then show.

One file a kind, found by looking into this folder. The promises of counting play all of them at
once (test_counting_kinds.py). A script knows its kind by the wire alone, and adds up by itself what
was acknowledged: nothing of the product's own counting is in it.
"""

import importlib
import pkgutil

from tests.promises.scripts.script import Script

__all__ = ["Script", "scripts"]


def scripts() -> list[Script]:
    """One of each, with nothing said yet."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return [made() for made in sorted(Script.__subclasses__(), key=lambda one: one.__name__)]
