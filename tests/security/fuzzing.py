"""schemathesis against the running product. Its requests are bent a little, or they would reach
nothing: made-up ids are of no record, and all would end in 404 before anything was done. Where a
request is meant to be right, most of its ids are put in from what is there, and its premise is
true. What is wrong on purpose stays as wrong as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode

from app.models.fields import meta_of
from app.operations.entities import PLAN, REFERRED
from app.operations.records import references_of
from app.routers.api import API
from tests.support.server import Server

SEED = 20261130
# Sending each request once more without a token tells nothing new of made-up ones.
LESS: dict[str, Any] = {"fuzzing": {"checks": {"ignored_auth": {"enabled": False}}}}
PDF = "application/pdf"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
# What may be refused though it is as described: by rules between fields, and by premises.
BY_RULES = ["401", "403", "404", "409", "412", "413", "422", "428"]
CHECKS: dict[str, Any] = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "304", *BY_RULES]},
    "negative_data_rejection": {"expected-statuses": ["400", "405", "415", *BY_RULES]},
}
KICKOFF = f"{API}/kickoffs/{{kickoff_id}}"
REFERENCES = {
    entity.name: {
        name: REFERRED[meta.widget].name
        for name in references_of(entity)
        if (meta := meta_of(entity.fields, name)) and meta.widget in REFERRED
    }
    for entity in PLAN
}


@dataclass
class Found:
    """What a run has seen: failures by operation, and how each operation was answered."""

    failures: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    phases: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return "\n\n".join(
            f"{operation}: {title}\n{told}"
            for operation, failures in sorted(self.failures.items())
            for title, told in failures.items()
        )


@dataclass
class Desk:
    """The kickoff that is worked on, and what is in it."""

    client: httpx.Client
    kickoff_id: str
    code: str
    known: dict[str, list[str]] = field(default_factory=dict)
    spare_id: str = ""

    def one_of(self, collection: str, random: Random) -> str | None:
        """The id of a record that is there; now and then of none."""
        if collection not in self.known:
            answer = self.client.get(f"/api/v1/kickoffs/{self.kickoff_id}/{collection}?limit=100")
            items = answer.json()["items"] if answer.status_code == 200 else []
            self.known[collection] = [item["id"] for item in items]
        found = self.known[collection]
        return random.choice(found) if found and random.random() < 0.85 else None

    def spare(self) -> str:
        """A kickoff that nobody misses."""
        if not self.spare_id:
            path = f"/api/v1/kickoffs/{self.kickoff_id}/copies"
            self.spare_id = self.client.post(path, json={"title": "Kopi"}).json()["id"]
        return self.spare_id

    def bend(self, case: Any) -> None:
        random = Random(f"{case.method} {case.path_parameters} {case.query} {case.body}")
        if case.path_parameters and _is_right(case, ParameterLocation.PATH):
            case.path_parameters.update(self._path(case, random))
        conditional = any(parameter.name == "if-match" for parameter in case.operation.headers)
        if conditional and _is_right(case, ParameterLocation.HEADER) and random.random() < 0.8:
            case.headers["if-match"] = "*"
        if isinstance(case.body, dict) and _is_right(case, ParameterLocation.BODY):
            items = case.body.get("items")
            for body in [case.body, *(items if isinstance(items, list) else [])]:
                self._refer(_collection(case), body, random)

    def heard(self, case: Any, status: int) -> None:
        if case.method == "GET" or status >= 300:
            return
        self.known.clear()
        if case.operation.path == KICKOFF and case.method == "DELETE":
            self.spare_id = ""

    def _path(self, case: Any, random: Random) -> dict[str, str]:
        real: dict[str, str | None] = {}
        for name in case.path_parameters:
            if name == "kickoff_id":
                real[name] = self.spare() if _ends_it(case) else self.kickoff_id
            elif name == "code":
                real[name] = self.code
            elif name == "collection":
                real[name] = random.choice(sorted(REFERENCES))
            elif name == "record_id" and "collection" in real:
                real[name] = self.one_of(str(real["collection"]), random)
            else:
                among = {"activity_id": "activities"}
                real[name] = self.one_of(among.get(name, _collection(case)), random)
        return {name: value for name, value in real.items() if value}

    def _refer(self, collection: str, body: Any, random: Random) -> None:
        for name, referred in REFERENCES.get(collection, {}).items():
            if isinstance(body, dict) and (one := body.get(name)):
                real = self.one_of(referred, random)
                body[name] = (([real] if real else []) if isinstance(one, list) else real) or one


@schemathesis.serializer(PDF)
def _as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


schemathesis.openapi.media_type(PDF, st.sampled_from([b"%PDF-1.4", b"", b"no file at all"]))


def _collection(case: Any) -> str:
    path: str = case.operation.path
    return path.removeprefix(KICKOFF).strip("/").split("/")[0]


def _ends_it(case: Any) -> bool:
    whole = case.operation.path in (KICKOFF, f"{KICKOFF}/archive")
    return whole and case.method in ("PUT", "DELETE")


def _is_right(case: Any, part: ParameterLocation) -> bool:
    """Whether this part of the request was made as it is described."""
    component = case.meta.components.get(part) if case.meta else None
    return component is None or component.mode == GenerationMode.POSITIVE


@contextmanager
def bending(desk: Desk) -> Iterator[None]:
    def before_call(_context: Any, case: Any, **_: Any) -> None:
        desk.bend(case)

    def after_call(_context: Any, case: Any, response: Any) -> None:
        desk.heard(case, response.status_code)

    schemathesis.hook(before_call)
    schemathesis.hook(after_call)
    try:
        yield
    finally:
        schemathesis.hooks.unregister_all()


def attack(
    server: Server,
    desk: Desk,
    *,
    phases: Sequence[str],
    most: int = 1,
    only: Callable[[Any], bool] | None = None,
) -> Found:
    """These phases, with `most` examples an operation in those that make some up."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "base-url": server.base_url,
            "auth": {"openapi": {"bearer": {"bearer": server.facts.api_token}}},
            "generation": {"deterministic": True, "no-shrink": True, "max-examples": most},
            "checks": CHECKS,
            "phases": {name: {"enabled": name in phases, **LESS.get(name, {})} for name in PHASES},
            "suppress-health-check": ["all"],
        }
    )
    found = Found()
    schema = schemathesis.openapi.from_url(f"{server.base_url}{API}/openapi.json", config=config)
    with bending(desk):
        for event in from_schema(schema.include(only) if only else schema).execute():
            _note(found, event)
    return found


def _note(found: Found, event: Any) -> None:
    if isinstance(event, events.FatalError):
        raise event.exception
    if isinstance(event, events.NonFatalError):
        found.failures[event.label][type(event.value).__name__] = str(event.value)
    if not isinstance(event, events.ScenarioFinished):
        return
    recorder = event.recorder
    for case_id, node in recorder.cases.items():
        told = recorder.interactions.get(case_id)
        if told is not None and told.response is not None:
            found.answers[node.value.operation.label][told.response.status_code] += 1
            found.phases[event.phase.value] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            label = recorder.cases[case_id].value.operation.label
            reproduced = check.failure_info.code_sample
            found.failures[label].setdefault(failure.title, f"{failure.message}\n{reproduced}")
