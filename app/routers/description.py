"""What the API's description says of all operations at once: how one proves who one is, and what
the guards in front of the routes may answer, so that a client made from it knows every answer.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from app.routers.schemas import Problem, problems

Described = dict[str, Any]

# Whoever needs no token, as those who join, says so: `openapi_extra=WITHOUT_TOKEN`.
BEARER: list[Described] = [{"bearer": []}]
WITHOUT_TOKEN = {"security": [{}, *BEARER]}
_SCHEMES = {"bearer": {"type": "http", "scheme": "bearer"}}
# The host is not this server's, or the body not text; the database is away.
_GUARDS = (400, 503)
# A foreign page asks; the body comes too slowly, is too large, or is no JSON.
_GUARDS_OF_WRITES = (403, 408, 413, 415)
_SCHEMAS = "#/components/schemas/"
_ID = {"type": "string", "maxLength": 36}


def describe(application: FastAPI) -> None:
    """Complete the description, once, when it is first asked for."""
    routes_alone = application.openapi

    def openapi() -> Described:
        if application.openapi_schema is None:
            _complete(routes_alone())
        return routes_alone()

    application.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way


def _complete(document: Described) -> None:
    document["security"] = BEARER
    document["components"]["securitySchemes"] = _SCHEMES
    document["components"]["schemas"] |= _problem_schemas()
    for path, method, operation in _operations(document):
        parameters = operation.setdefault("parameters", [])
        named = {one["name"] for one in parameters}
        # A route that leaves the kickoff to `needs` has no parameter of that name itself.
        parameters += [_in_path(name) for name in re.findall(r"{(\w+)}", path) if name not in named]
        guards = _GUARDS if method == "get" else _GUARDS + _GUARDS_OF_WRITES
        for status, answer in problems(*guards).items():
            said = {"description": HTTPStatus(int(status)).phrase, "content": answer["content"]}
            operation["responses"].setdefault(str(status), said)
        if "if-none-match" in named:
            operation["responses"].setdefault("304", {"description": "Not Modified"})


def _problem_schemas() -> Described:
    """What every refusal refers to (`problems`)."""
    schema = Problem.model_json_schema(mode="serialization", ref_template=_SCHEMAS + "{model}")
    schemas: Described = schema.pop("$defs")
    return {**schemas, "Problem": schema}


def _operations(document: Described) -> Iterator[tuple[str, str, Described]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _in_path(name: str) -> Described:
    return {"name": name, "in": "path", "required": True, "schema": _ID}
