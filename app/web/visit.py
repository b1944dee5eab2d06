"""One HTTP request as the templates and the guards see it: nonce, form token, language, id.

`current()` is a context variable, so that a template rendered in a worker thread finds it too. A
page that is rendered once and shared (the phone's) is rendered inside `standing_in()`: nonce and
token are then placeholders which `cached_page.CachedPage` fills in for each reader.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.types import Scope

from app.web import cookies

FORM_COOKIE = "kickoff_form"


class Visit:
    """Made by `request_context` for each HTTP request, shared by every layer under it."""

    __slots__ = (
        "_key",
        "_nonce",
        "form_secret",
        "form_secret_is_new",
        "headers",
        "language",
        "request_id",
        "scope",
    )

    def __init__(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        *,
        request_id: str,
        language: str,
        key: Callable[[], bytes],
    ) -> None:
        self.scope = scope
        self.headers = headers
        self.request_id = request_id
        self.language = language
        self._key = key
        self._nonce = ""
        self.form_secret = ""
        self.form_secret_is_new = False

    @property
    def nonce(self) -> str:
        """This response's, made when the page first asks for it."""
        if not self._nonce:
            self._nonce = secrets.token_urlsafe(16)
        return self._nonce

    @property
    def nonce_was_used(self) -> bool:
        return bool(self._nonce)

    @property
    def form_token(self) -> str:
        """Proves that a form was made here for this browser; gives the browser its cookie if
        needed.
        """
        if not self.form_secret:
            self.form_secret = cookies.read(self.scope, FORM_COOKIE) or ""
        if not 20 <= len(self.form_secret) <= 64:
            self.renew_form_secret()
        return self.token_for(self.form_secret)

    def renew_form_secret(self) -> None:
        """After sign-in and sign-out: tokens of the pages before are worth nothing."""
        self.form_secret = secrets.token_urlsafe(16)
        self.form_secret_is_new = True

    def token_for(self, form_secret: str) -> str:
        digest = hmac.digest(self._key(), b"form token " + form_secret.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:24]).decode()


class _StandIn:
    """The placeholders of a shared page: random, so that nobody can write one into a text."""

    nonce = f"nonce-{secrets.token_hex(16)}"
    form_token = f"token-{secrets.token_hex(16)}"
    request_id = ""


STAND_IN = _StandIn()
_current: ContextVar[Visit | _StandIn | None] = ContextVar("visit", default=None)


def enter(visit: Visit) -> None:
    """This task now serves this visit."""
    _current.set(visit)


def current() -> Visit | None:
    """The visit being served here, if any."""
    found = _current.get()
    return found if isinstance(found, Visit) else None


@contextmanager
def standing_in() -> Iterator[None]:
    """What is rendered inside is shared: it gets placeholders."""
    token = _current.set(STAND_IN)
    try:
        yield
    finally:
        _current.reset(token)


def csp_nonce() -> str:
    """For `<script nonce="{{ csp_nonce() }}" src=…>`; empty (and so refused) outside a request."""
    found = _current.get()
    return found.nonce if found else ""


def csrf_token() -> str:
    """For `<input type="hidden" name="csrf" value="{{ csrf_token() }}">`, the first field of a
    form.
    """
    found = _current.get()
    return found.form_token if found else ""


def request_id() -> str:
    """What the log and the error page call this request."""
    found = _current.get()
    return found.request_id if found else ""
