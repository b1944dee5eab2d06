"""What a panel of the dashboard is, and which there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlmodel import Session

from app import panels
from app.models.kickoffs import Kickoff


@dataclass(frozen=True)
class Panel:
    """`code` names the fragment `templates/dashboard/_<code>.html`, in which `view` is what this
    one's `view` returned: frozen values, no records; nothing is drawn where that is None. `name`
    is a message id. `place`: "top" over the whole width, "main" or "side"; `order` within it."""

    code: str
    name: str
    order: int
    view: Callable[[Session, Kickoff, datetime], Any]
    place: str = "main"

    @property
    def fragment(self) -> str:
        return f"dashboard/_{self.code}.html"


@cache
def registry() -> Sequence[Panel]:
    """In the dashboard's order: every module here that has a `PANEL`."""
    modules = [import_module(f"{panels.__name__}.{m.name}") for m in iter_modules(panels.__path__)]
    return sorted((m.PANEL for m in modules if hasattr(m, "PANEL")), key=lambda one: one.order)


def drawn(session: Session, kickoff: Kickoff, now: datetime) -> list[tuple[Panel, Any]]:
    """Every panel that has something to say, with what it says."""
    found = [(panel, panel.view(session, kickoff, now)) for panel in registry()]
    return [(panel, view) for panel, view in found if view is not None]
