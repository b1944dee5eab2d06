"""What can go wrong, once: a stable code, a status for HTTP, and numbers for the sentence.

Sentences for people are made from the code where they are shown (templates, `rendering`), so that
page, API and socket agree and translate.
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field; `pointer` is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str


class KickoffError(Exception):
    """Base of all refusals. `code` is stable and documented; `params` fill the sentence."""

    code = "error"
    status = 400
    # Whether `detail` is a message id for people, to be filled with the params; else it is for the
    # developer at the other end.
    speaks = False

    def __init__(self, detail: str = "", *, code: str | None = None, **params: Any) -> None:
        super().__init__(detail or code or self.code)
        self.detail = detail
        if code:
            self.code = code
        self.params = params


class Invalid(KickoffError):
    """The payload breaks a rule; `faults` say where."""

    code = "invalid"
    status = 422

    def __init__(self, detail: str = "", *, faults: Sequence[Fault] = (), **params: Any) -> None:
        super().__init__(detail, **params)
        self.faults = tuple(faults)


class TooLarge(KickoffError):
    code = "too_large"
    status = 413


class NotSignedIn(KickoffError):
    code = "not_signed_in"
    status = 401


class NotAllowed(KickoffError):
    code = "not_allowed"
    status = 403


class NotFound(KickoffError):
    """Also the answer for what exists but is not the asker's to see."""

    code = "not_found"
    status = 404


class UnknownRoom(NotFound):
    code = "unknown_room"


class NotPublished(NotFound):
    """A result that the room has not been shown yet."""

    code = "not_published"


class Internal(KickoffError):
    """A fault of ours; it is in the log, and nothing of it is told."""

    code = "internal"
    status = 500


class Conflict(KickoffError):
    """The asker believed something that is no longer so."""

    code = "conflict"
    status = 409


class ActivityClosed(Conflict):
    code = "activity_closed"


class IdReused(Conflict):
    """The same submission or idempotency id, with other content."""

    code = "id_reused"


class Stale(KickoffError):
    """If-Match names an older version; `current` is what stands now."""

    code = "stale"
    status = 412

    def __init__(self, current: Any = None) -> None:
        super().__init__()
        self.current = current


class PremiseMissing(KickoffError):
    code = "if_match_required"
    status = 428


class TooFast(KickoffError):
    code = "too_fast"
    status = 429

    def __init__(self, detail: str = "", *, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotSaved(KickoffError):
    """The database could not take it now. Nothing was written; the same id may be sent again."""

    code = "not_saved"
    status = 503

    def __init__(self, detail: str = "", *, retry_after: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def where(error: Exception) -> dict[str, str]:
    """For the log: what it is and where it was raised. Not what it says, which may hold addresses
    and what people typed."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "raised_in": last}
