"""What is asked of the large plan: each list with a later page of it, words and an order, each
picture and form, what is said of the whole, its history, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

import httpx

from app.models.fields import meta_of
from app.operations.entities import PLAN, Entity
from app.operations.listing import sorts_of
from app.pictures.picture import registry
from app.routers.pages.plan_parts import SECTIONS

API = "/api/v1"
WORDS = "faktura"  # found in an eighth of the titles
WHOLE = ("plan", "plan-check", "responsibilities", "agenda", "groups", "pictures", "paper", "edit")
# Pages with tables of their own beside the plan's sections.
BESIDE = ("people", "teams")
LISTS, SEARCHES, PICTURES, FORMS, WHOLES, FILES = (
    "lists, first page and a later one",
    "searches, filters and sorts",
    "pictures",
    "forms, and a cell while it is edited",
    "the plan as a whole",
    "files",
)


@dataclass(frozen=True)
class Target:
    """`group` is the line of the results that it belongs to."""

    group: str
    name: str
    path: str


def targets(client: httpx.Client, here: str, made: Mapping[str, Sequence[str]]) -> Iterator[Target]:
    """`here` is the plan's address, `made` its records' ids by entity."""
    for entity in PLAN:
        yield from _over_rest(client, entity, f"{API}{here}/{entity.name}")
    for path, name in _tables():
        yield from _pages(client, f"{here}/{path}", path, made[name])
    cell = f"{here}/actions/{made['actions'][-1]}/cells/title"
    yield Target(FORMS, "a cell of the actions", cell)
    for code in registry():
        yield Target(PICTURES, code, f"{here}/pictures/{code}")
    for part in WHOLE:
        yield Target(WHOLES, part, f"{here}/{part}")
    yield Target(WHOLES, "plan check over REST", f"{API}{here}/plan-check")
    yield from _history(client, here)
    for file in ("plan.xlsx", "actions.xlsx", "actions.csv"):
        yield Target(FILES, file, f"{here}/{file}")


def _tables() -> Iterator[tuple[str, str]]:
    for section in SECTIONS:
        for part in section.parts:
            yield part.path, part.entity.name
    for path in BESIDE:
        yield path, path


def _over_rest(client: httpx.Client, entity: Entity, path: str) -> Iterator[Target]:
    name = f"{entity.name} over REST"
    yield Target(LISTS, name, f"{path}?limit=100")
    later = client.get(f"{path}?limit=100").raise_for_status().json()["next_cursor"]
    if later:
        yield Target(LISTS, f"{name}, later", f"{path}?limit=100&cursor={later}")
    yield Target(SEARCHES, f"{name}, searched", f"{path}?limit=100&q={WORDS}")
    sort = next(one for one in reversed(sorts_of(entity)) if one not in ("created_at",))
    asked = f"sort=-{sort},{entity.name_field}" + "".join(_filter(entity))
    yield Target(SEARCHES, f"{name}, filtered and sorted", f"{path}?limit=100&{asked}")


def _filter(entity: Entity) -> Iterator[str]:
    """By the first of its choices, if it has any."""
    for name in entity.fields.model_fields:
        meta = meta_of(entity.fields, name)
        if meta and meta.choices and not meta.private:
            yield f"&{name}={meta.choices[0][0]}"
            return


def _pages(client: httpx.Client, path: str, name: str, ids: Sequence[str]) -> Iterator[Target]:
    yield Target(LISTS, name, path)
    if later := _later(client, path):
        yield Target(LISTS, f"{name}, later", later)
    yield Target(FORMS, f"{name}, a form", f"{path}/{ids[-1]}")
    yield Target(FORMS, f"{name}, a new one", f"{path}/new")


def _history(client: httpx.Client, here: str) -> Iterator[Target]:
    yield Target(WHOLES, "history", f"{here}/history")
    if later := _later(client, f"{here}/history"):
        yield Target(WHOLES, "history, later", later)
    yield Target(WHOLES, "history of the actions", f"{here}/history?part=actions")
    yield Target(WHOLES, "history over REST", f"{API}{here}/history?limit=100")


def _later(client: httpx.Client, path: str) -> str | None:
    page = client.get(path).raise_for_status().text
    found = re.search(r'href="[^"]*\?([^"]*\bcursor=[^"]+)"', page)
    return f"{path}?{unescape(found[1])}" if found else None
