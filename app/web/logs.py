"""How the product logs: one line per event, as JSON or for a console, without secrets.

`configure` is called when serving begins, unless somebody has set up logging already: an embedding
program, or pytest. `prepare` is called by `wiring.install`:
lines go through the standard library, so that tests see them where they see all others. Never
structlog's own default: with `rich` installed it prints the local variables of every frame,
cookies included.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog

from app.settings import Settings
from app.web import visit
from app.web.redaction import Redactor


def prepare(settings: Settings) -> list[Any]:
    """Our own loggers, once; gives the processors that lines of others need, too."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        structlog.processors.format_exc_info,
        Redactor(_secrets_of(settings)),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *processors,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return processors


def configure(settings: Settings) -> None:
    """One handler for our own lines and for those of the server and the libraries."""
    shared = prepare(settings)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # A person in front of a terminal reads lines, everybody else's programs read JSON.
                _renderer(as_json=settings.log_json and not sys.stderr.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # The server's own line per request knows nothing of quiet paths.
    logging.getLogger("uvicorn.access").disabled = True
    # At DEBUG these write frames and statements: ballots.
    quiet = (
        "websockets",
        "sqlalchemy.engine",
        "aiosqlite",
        "asyncio",
        "httpcore",
        "httpx",
        "redis",
    )
    for name in quiet:
        logging.getLogger(name).setLevel(logging.WARNING)


def configure_unless_done(settings: Settings) -> None:
    if not logging.getLogger().handlers:
        configure(settings)


def _renderer(*, as_json: bool) -> Any:
    if as_json:
        return structlog.processors.JSONRenderer(
            serializer=lambda event, **_: orjson.dumps(event, default=str).decode()
        )
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _add_request_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    found = visit.request_id()
    if found:
        event["request_id"] = found
    return event


def _secrets_of(settings: Settings) -> list[str]:
    addresses = (settings.database_url, settings.redis_url, settings.smtp_url)
    passwords = [urlsplit(address).password for address in addresses if address]
    named = [settings.secret_key, settings.secret_key_before, settings.oidc_client_secret]
    return [each for each in [*passwords, *named] if each]
