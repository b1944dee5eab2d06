"""The rows of a credible plan of 5,000 records: so many of each entity, filled in from their
declarations, the same ones each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from graphlib import TopologicalSorter
from random import Random
from typing import Any

from app import clock
from app.models.fields import Meta, meta_of
from app.operations.entities import PLAN, REFERRED, Entity
from bench.load import plan_words as words

COUNTS = {
    "teams": 24,
    "people": 780,
    "groups": 40,
    "agenda-blocks": 18,
    "segments": 12,
    "stakeholders": 300,
    "goals": 60,
    "kpis": 90,
    "readings": 90,
    "strategic-moves": 30,
    "focus-areas": 5,
    "initiatives": 300,
    "pilots": 12,
    "deliverables": 580,
    "milestones": 130,
    "cause-effect-links": 60,
    "raci": 265,
    "actions": 1_500,
    "risks": 400,
    "decisions": 20,
    "assumptions": 20,
    "narratives": 3,
    "supporting-points": 3,
    "themes": 5,
    "theme-pages": 5,
    "messages": 5,
    "consequences": 12,
    "faq": 24,
    "glossary": 16,
    "channels": 8,
    "communication-steps": 50,
    "sponsors": 5,
    "appearances": 10,
    "ambassadors": 7,
    "dry-runs": 4,
    "cases": 3,
    "objectives": 24,
    "key-results": 60,
    "responsibilities": 20,
}
ON_MAP = 12  # KPIs; of the deliverables, as many have priority
AT_ONCE = 200  # rows of one request
# Who refers to its own kind refers to what was made before: vision, goals, what serves them.
LEVELS = (1, 6, 24)
MEASURED = ("read_on", "said_on")  # never ahead
DAYS = (-30, 100)  # around the kickoff
FILLED = 0.7  # how much of what may be empty is not

Made = Mapping[str, Sequence[str]]


def ordered() -> list[Entity]:
    """What is referred to first. The follow-up's records are no part of a plan."""
    by_name = {entity.name: entity for entity in PLAN if entity.name in COUNTS}
    needs = {
        entity.name: {REFERRED[meta.widget].name for meta in _metas(entity) if _refers(meta)}
        - {entity.name}
        for entity in by_name.values()
    }
    return [by_name[name] for name in TopologicalSorter(needs).static_order() if name in by_name]


def chunks(entity: Entity) -> Iterator[range]:
    """The numbers of the rows of one request each."""
    count, begin = COUNTS[entity.name], 0
    ends = [end for end in LEVELS if end < count] if entity.acyclic else []
    for end in [*ends, *range(AT_ONCE, count, AT_ONCE), count]:
        if end > begin:
            yield range(begin, min(end, count))
            begin = end


def row(entity: Entity, number: int, made: Made, day: date) -> dict[str, Any]:
    """One record's fields. `made` are the ids of what it can refer to, by entity."""
    random = Random(f"{entity.name} {number}")
    values = {
        name: value
        for name in entity.fields.model_fields
        if (meta := meta_of(entity.fields, name)) and not meta.private
        if (value := _value(entity, name, meta, random, made, day)) is not None
    }
    return values | _own(entity, number, made, random, day)


def _value(
    entity: Entity, name: str, meta: Meta, random: Random, made: Made, day: date
) -> Any | None:
    if name == entity.name_field and not meta.widget:
        return words.title(entity.name, random)
    if not entity.fields.model_fields[name].is_required() and random.random() > FILLED:
        return None
    if _refers(meta):
        return _reference(REFERRED[meta.widget], meta, random, made)
    if meta.choices:
        return random.choice(meta.choices)[0]
    match meta.widget:
        case "":
            return words.line(name, random)
        case "area":
            return words.prose(random)
        case "date" if name in MEASURED:
            return (min(day, clock.today()) - timedelta(days=random.randint(0, 60))).isoformat()
        case "date":
            return (day + timedelta(days=random.randint(*DAYS))).isoformat()
        case "number" | "decimal":
            return random.randint(1, 60)
        case "check":
            return random.random() < 0.5
        case "email":
            return words.mail(random)
    return None  # times of the clock, phases, programs: the plan goes without


def _reference(target: Entity, meta: Meta, random: Random, made: Made) -> Any | None:
    known = made.get(target.name, ())
    if meta.several:
        return random.sample(list(known), min(len(known), random.choice((0, 0, 1, 2))))
    return random.choice(known) if known else None


def _own(entity: Entity, number: int, made: Made, random: Random, day: date) -> dict[str, Any]:
    """What a plan would not be credible without."""
    match entity.name:
        case "goals":
            above = made.get("goals", ())
            level = ("vision", "strategic", "sub_goal")[(number > 0) + (number >= LEVELS[1])]
            serves = random.choice(above[1:] or above) if above else None
            return {"level": level, "parent_id": serves}
        case "kpis":
            return {"on_map": number < ON_MAP}
        case "deliverables":
            return {"prioritised": number < ON_MAP}
        case "risks":
            return {"state": "open" if random.random() < 0.8 else "closed"}
        case "initiatives":
            return _dates(random, day) | {
                "depends_on_ids": _earlier(made, "initiatives", random),
                "capacity": random.choice((0.5, 1, 2, 3)),
            }
        case "actions":
            return {"depends_on_ids": _earlier(made, "actions", random)}
        case "cause-effect-links":
            return _link(made, random)
        case "raci":
            return {"deliverable_id": made["deliverables"][number % 200]}
    return {}


def _dates(random: Random, day: date) -> dict[str, Any]:
    starts = day + timedelta(days=random.randint(-20, 70))
    ends = starts + timedelta(days=random.randint(7, 60))
    return {"starts_on": starts.isoformat(), "ends_on": ends.isoformat()}


def _earlier(made: Made, name: str, random: Random) -> list[str]:
    """A tenth waits for something."""
    known = made.get(name, ())
    return [random.choice(known)] if known and random.random() < 0.1 else []


def _link(made: Made, random: Random) -> dict[str, Any]:
    """One cause, one effect."""
    ends = {f"{end}_{kind}_id": None for end in ("cause", "effect") for kind in words.ENDS}
    cause, effect = random.choice((("initiative", "kpi"), ("deliverable", "goal"), ("kpi", "goal")))
    return ends | {
        f"cause_{cause}_id": random.choice(made[REFERRED[cause].name]),
        f"effect_{effect}_id": random.choice(made[REFERRED[effect].name]),
    }


def _metas(entity: Entity) -> list[Meta]:
    metas = (meta_of(entity.fields, name) for name in entity.fields.model_fields)
    return [meta for meta in metas if meta]


def _refers(meta: Meta) -> bool:
    return meta.widget in REFERRED
