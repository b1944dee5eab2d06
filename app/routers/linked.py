"""What signed links open: each purpose registers how it is shown and what its button does.

    register(Purpose("check-in", "links/check_in.html", show, act))

`show` reads and changes nothing: mail programs open links before their readers do. `act` is what a
button of that page posts, in the transaction of one unit of work. Both raise NotFound where the
link no longer holds; `act` raises Invalid or Conflict for what stands beside the field then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData

from app.access import Actor
from app.operations.signed_links import Link

# What the page's template is given; `query` is the address's, `said` among it.
Show = Callable[[Session, Link, Mapping[str, str]], Mapping[str, Any]]
# What goes into the query of the page that follows.
Act = Callable[[Session, Link, FormData], Mapping[str, str]]
# Whose hand it is in the records' history.
Author = Callable[[Session, Link], Actor]


@dataclass(frozen=True)
class Purpose:
    """`template` extends links/_layout.html; `author` is None where nobody is to be named."""

    name: str
    template: str
    show: Show
    act: Act
    author: Author | None = None


PURPOSES: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    assert purpose.name not in PURPOSES, f"two purposes are called {purpose.name}"
    PURPOSES[purpose.name] = purpose
    return purpose
