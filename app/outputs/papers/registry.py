"""What a paper is, and which there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlmodel import Session

from app.models.kickoffs import Kickoff
from app.outputs import paper, papers
from app.outputs.papers.head import head

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """`code` is the word of addresses and of the template `templates/paper/<code>.typ`. `name` and
    `about` are message ids. `sizes` are those it can be made in, the usual one first; `values` is
    what the template is given, beside its head."""

    code: str
    name: str
    about: str
    icon: str
    order: int
    values: Callable[[Session, Kickoff], Values]
    sizes: tuple[str, ...] = ("a4",)
    upright: bool = True

    def contents(self, session: Session, kickoff: Kickoff) -> Values:
        return {**head(session, kickoff), **self.values(session, kickoff)}

    def pdf(self, contents: Values, size: str) -> bytes:
        """Apart from `contents`, for no transaction need wait for it."""
        return paper.pdf(self.code, {**contents, "size": size})


@cache
def registry() -> Mapping[str, Paper]:
    """By code, in their order: every module here that has a `PAPER`."""
    modules = [import_module(f"{papers.__name__}.{m.name}") for m in iter_modules(papers.__path__)]
    found = [module.PAPER for module in modules if hasattr(module, "PAPER")]
    return {one.code: one for one in sorted(found, key=lambda one: one.order)}
