"""What text may be stored: one set of rules for forms, REST and sockets alike (RELIABILITY D11).

The checks raise ValueError with a stable code as text; `app.models.faults` has the sentences.
"""

import re
import unicodedata
from collections.abc import Callable
from zoneinfo import available_timezones

LINE_MAX = 200
PROSE_MAX = 4000
EMAIL_MAX = 200
INTEGER_MAX = 2**31 - 1
FIGURE_MAX = 1e12

# Bidirectional controls: isolated by the browser's <bdi>, but overrides would reach other text.
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_MAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")


def clean_text(value: str) -> str:
    """Text as it may be stored: NFC, no NUL, no control but newline and tab."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half_character")
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    value = value.translate(_BIDI)
    return "".join(c for c in value if c in "\n\t" or not _is_control(c)).strip()


def clean_line(value: str) -> str:
    """One line of text: newlines and tabs become spaces."""
    return " ".join(clean_text(value).split())


def not_empty(value: str) -> str:
    if not value:
        raise ValueError("empty")
    return value


def still_within(limit: int) -> Callable[[str], str]:
    """Normalising can make text longer than what was measured."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise ValueError("too_long")
        return value

    return check


def mail_address(value: str) -> str:
    """Nothing, or something that looks like an address; only a letter proves that it is one."""
    if value and not _MAIL.fullmatch(value):
        raise ValueError("no_address")
    return value


def known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("unknown_zone")
    return value


def decimal_point(value: object) -> object:
    """A figure as people write it: a comma for the decimals, spaces between the thousands."""
    return "".join(value.split()).replace(",", ".") if isinstance(value, str) else value


def once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
