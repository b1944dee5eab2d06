"""Keeps secrets out of the log: of addresses, of named fields, and of running text."""

import re
from collections.abc import Iterable, MutableMapping
from typing import Any

GONE = "[redacted]"

# What follows these in an address is a secret, a typed code or a one-time link.
_AFTER = (
    "j",
    "l",
    "p",
    "live",
    "rooms",
    "join",
    "sign-in",
    "one-time",
    "welcome",
    "invitation",
    "projector",
    "answers",
    "handouts",
    "plans",
    "minutes",
    "pulse",
    "calendar",
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAMED = re.compile(
    r"(?i)(token|secret|password|cookie|authorization|api_?key|signing_?key|credential)"
)
_IN_TEXT = [
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]{6,}"), rf"\1 {GONE}"),
    (re.compile(r"(?i)\b(token|secret|password|passwd|code|key)=[^\s&;,'\"]+"), rf"\1={GONE}"),
    (re.compile(r"(?i)([\"'](?:token|secret|password|key)[\"']\s*:\s*[\"'])[^\"']*"), rf"\1{GONE}"),
    # scheme://user:password@host
    (re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@"), rf"\1:{GONE}@"),
    # A room's own id may stay: it opens nothing.
    (re.compile(rf"(?i)/(j|p|live|rooms)/(?!{_UUID.pattern})[\w~-]+"), rf"/\1/{GONE}"),
    (re.compile(r"/l/[\w.~-]+"), rf"/l/{GONE}"),
    (
        re.compile(
            rf"(?i)/(answers|handouts|minutes|plans|pulse|calendar)/(?!{_UUID.pattern})[\w-]{{20,}}"
        ),
        rf"/\1/{GONE}",
    ),
]
_LONG = re.compile(r"(?<![\w-])[\w-]{20,}(?![\w-])", re.ASCII)


def without_secrets_in_path(path: str) -> str:
    """The address as it may be logged. Ids of records stay, whatever else looks random goes."""
    parts = path[:500].split("/")
    for place, part in enumerate(parts):
        after = parts[place - 1] in _AFTER if place else False
        if part and (after or _looks_random(part)):
            parts[place] = GONE if not _UUID.fullmatch(part) else part
    return _printable("/".join(parts))


def without_secrets(text: str) -> str:
    for pattern, instead in _IN_TEXT:
        text = pattern.sub(instead, text)
    return _LONG.sub(lambda found: GONE if _looks_random(found[0]) else found[0], text)


class Redactor:
    """A structlog processor. `known` are secrets of the settings, taken out wherever they stand."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = sorted({each for each in known if len(each) >= 6}, key=len, reverse=True)

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        for name, value in event.items():
            if _NAMED.search(name):
                event[name] = GONE
            elif isinstance(value, str):
                event[name] = self._clean(value)
            elif isinstance(value, (list, tuple, dict)):
                event[name] = self._clean(repr(value))
        return event

    def _clean(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, GONE)
        return without_secrets(text)


def _looks_random(text: str) -> bool:
    """Letters of both cases and digits over 20 characters: no word and no id of a record."""
    if len(text) < 20 or _UUID.fullmatch(text):
        return False
    return bool(re.search(r"\d", text) and re.search(r"[A-Z]", text) and re.search(r"[a-z]", text))


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
