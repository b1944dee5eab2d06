"""Lists by cursor: `?limit=&cursor=` → items and the cursor of what follows.

A cursor is signed for its list: one that was tampered with, or is another list's, is refused.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, tuple_
from sqlmodel import Session

from app.errors import Fault, Invalid
from app.i18n import gettext

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=1000)]

Row = TypeVar("Row")


def page_of(
    session: Session,
    request: Request,
    statement: Select[Any],
    keys: Sequence[Any],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[list[Any], str | None]:
    """One page of the statement's records, ordered by `keys` (columns), the last of them unique."""
    signer = _signer(request)
    if cursor is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*_opened(signer, cursor, len(keys))))
    found = list(session.scalars(statement.order_by(*keys).limit(limit + 1)).all())
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], str(signer.dumps([getattr(last, key.key) for key in keys]))


def page_in(
    request: Request,
    items: Sequence[Row],
    key: Callable[[Row], tuple[Any, ...]],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[list[Row], str | None]:
    """The same of what was not read in the list's order: one page, ordered by `key`, which is
    another one for each."""
    signer = _signer(request)
    found = sorted(items, key=key)
    if cursor is not None:
        width = len(key(found[0])) if found else None
        after = tuple(_opened(signer, cursor, width))
        found = [item for item in found if key(item) > after]
    if len(found) <= limit:
        return found, None
    return found[:limit], str(signer.dumps(list(key(found[limit - 1]))))


def _opened(signer: URLSafeSerializer, cursor: str, length: int | None) -> list[Any]:
    try:
        values = signer.loads(cursor)
    except BadSignature:
        values = None
    if not isinstance(values, list) or length not in (None, len(values)):
        sentence = gettext("This cursor is not one that this list gave.")
        raise Invalid(faults=[Fault("/cursor", sentence)])
    return values


def _signer(request: Request) -> URLSafeSerializer:
    key = request.app.state.settings.signing_key
    return URLSafeSerializer(key, salt=f"cursor {request.url.path}")
