"""Bokmål and English. Message ids are English; the language in force is a context variable.

One Jinja environment serves both: its gettext functions ask `speaking` each time they are called.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.support import NullTranslations, Translations

LANGUAGES = ("nb", "en")
DEFAULT_LANGUAGE = "nb"
LOCALE_FOLDER = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language() -> str:
    """The language in force here: "nb" or "en"."""
    return _language.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Everything rendered inside speaks this language."""
    token = _language.set(chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def speak(chosen: str) -> None:
    """As `speaking`, for the rest of this context (a request)."""
    _language.set(chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE)


def negotiated(accept_language: str, chosen: str | None = None) -> str:
    """The reader's own choice (cookie), else the browser's wish, else bokmål."""
    if chosen in LANGUAGES:
        return chosen
    # What is kept is short: nobody fills the memory with long headers.
    return _wished(accept_language[:200])


@lru_cache(maxsize=1024)
def _wished(header: str) -> str:
    wishes = sorted(_wishes(header), key=lambda wish: -wish[1])
    # nn, no, da and sv readers read bokmål more easily than English.
    nordic = {"no": "nb", "nn": "nb", "da": "nb", "sv": "nb"}
    tags = [nordic.get(tag.split("-")[0].lower(), tag) for tag, weight in wishes if weight > 0]
    return negotiate_locale(tags, LANGUAGES, sep="-") or DEFAULT_LANGUAGE


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            weight = 0.0
        if tag:
            yield tag, weight


@cache
def _catalogue(chosen: str) -> NullTranslations:
    return Translations.load(LOCALE_FOLDER, [chosen])


@cache
def _locale(chosen: str) -> Locale:
    return Locale.parse("nb_NO" if chosen == "nb" else "en_GB")


def locale() -> Locale:
    """Babel's locale of the language in force, for dates and numbers."""
    return _locale(language())


def gettext(message: str) -> str:
    return _catalogue(language()).ugettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    return _catalogue(language()).ungettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    return _catalogue(language()).upgettext(context, message)


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    return _catalogue(language()).unpgettext(context, singular, plural, n)


def mark(message: str) -> str:
    """Marks a message id for extraction where it is declared and translated later."""
    return message
