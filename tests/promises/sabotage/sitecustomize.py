"""Takes one guarantee out of the product before it starts: in every process, the spawned ones too.

Python runs this by itself where PYTHONPATH names this folder (`stage.sabotage`). SABOTEUR names one
of the functions that the other files of this folder mark with `@saboteur`. `pytest --saboteur NAME`
sets both; nothing of this is in the product.
"""

import importlib
import os
import traceback
from pathlib import Path


def _sabotage(name: str) -> None:
    for path in sorted(Path(__file__).parent.glob("saboteurs_*.py")):
        found = getattr(importlib.import_module(path.stem), name, None)
        if found is not None:
            found()
            return
    raise LookupError(f"no saboteur {name!r}")


if os.environ.get("SABOTEUR"):
    try:
        _sabotage(os.environ["SABOTEUR"])
    except BaseException:
        # Python would print this and go on with the guarantee in place.
        traceback.print_exc()
        os._exit(3)
