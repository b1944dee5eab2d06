"""What else there is at an address, or near it, for who asked for what it does not take."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Match


def methods_at(request: Request) -> set[str]:
    """All that the address takes: the framework names those of the first route alone."""
    routes: list[Any] = [
        route
        for route in request.app.router.routes
        if route.matches(request.scope)[0] != Match.NONE
    ]
    # An address with a name of its own is no record's, though it could be read as one.
    named = [route for route in routes if not route.path.endswith("}")]
    return {method for route in named or routes for method in getattr(route, "methods", ())}


def nearest_page(request: Request) -> str:
    """The page that a form's address belongs to, for who looks at that address: by hand, by going
    back, or after a change of language."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return ""
    parts = request.url.path.strip("/").split("/")
    shorter = ["/" + "/".join(parts[:count]) for count in range(len(parts) - 1, -1, -1)]
    for path in (path for short in shorter for path in (short, f"{short}/")):
        scope = {**request.scope, "path": path, "raw_path": path.encode()}
        if any(route.matches(scope)[0] == Match.FULL for route in request.app.router.routes):
            return path
    return ""
