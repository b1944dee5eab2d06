"""What a picture is, and which there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlmodel import Session

from app import pictures
from app.models.kickoffs import Kickoff


@dataclass(frozen=True)
class Picture:
    """`code` is the word of addresses and of the fragment `templates/pictures/_<code>.html`, in
    which `view` is what this one's `view` returned: frozen values, no records. `name` and `about`
    are message ids. `order` is its place in the gallery; `rows_on_stage` are as many rows of its
    table as can be read from the back of a hall."""

    code: str
    name: str
    about: str
    icon: str
    order: int
    view: Callable[[Session, Kickoff], Any]
    rows_on_stage: int = 5

    @property
    def fragment(self) -> str:
        return f"pictures/_{self.code.replace('-', '_')}.html"


@cache
def registry() -> Mapping[str, Picture]:
    """By code, in the gallery's order: every module here that has a `PICTURE`."""
    modules = [
        import_module(f"{pictures.__name__}.{m.name}") for m in iter_modules(pictures.__path__)
    ]
    found = [module.PICTURE for module in modules if hasattr(module, "PICTURE")]
    return {one.code: one for one in sorted(found, key=lambda one: one.order)}
