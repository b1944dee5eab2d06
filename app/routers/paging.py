"""Lists by cursor: `?limit=&cursor=` → items and the cursor of what follows.

A cursor is signed for its list: one that was tampered with, or is another list's, is refused.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Date, Select, and_, or_, tuple_
from sqlmodel import Session

from app.errors import Fault, Invalid
from app.i18n import gettext
from app.models.fields import UtcDateTime
from app.operations.listing import Key

Limit = Annotated[int, Query(ge=1, le=100)]
CURSOR_MAX = 4000  # it holds what its list is sorted by
Cursor = Annotated[str | None, Query(max_length=CURSOR_MAX)]

Row = TypeVar("Row")


def page_of(
    session: Session,
    request: Request,
    statement: Select[Any],
    keys: Sequence[Any],
    *,
    limit: int,
    cursor: str | None,
    asked: str = "",
) -> tuple[list[Any], str | None]:
    """One page of the statement's records, ordered by `keys`, the last of them unique: columns, or
    `Key`s where some may be empty or descend. `asked` is what a cursor belongs to beyond its
    list."""
    signer = _signer(request, asked)
    plain = not any(isinstance(key, Key) for key in keys)
    if cursor is not None:
        values = _opened(signer, cursor, len(keys))
        statement = statement.where(
            tuple_(*keys) > tuple_(*values) if plain else _beyond(keys, values)
        )
    order = keys if plain else [part for key in keys for part in _order(key)]
    found = list(session.scalars(statement.order_by(*order).limit(limit + 1)).all())
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    if plain:
        values = [getattr(last, column.key) for column in keys]
    else:
        values = [key.value_of(session, last) for key in keys]
    return found[:limit], str(signer.dumps([_as_json(value) for value in values]))


def _order(key: Key) -> list[Any]:
    """What is empty comes last: the databases do not agree on that by themselves."""
    column = key.term
    way = column.desc() if key.descending else column.asc()
    return [column.is_(None), way] if key.may_be_empty else [way]


def _beyond(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """What comes after a record with these values: it is beyond it in one key, and equal in all
    keys before that one."""
    ways: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, stored in zip(keys, values, strict=True):
        column = key.term
        value = _from_json(key, stored)
        if value is not None:
            further = column < value if key.descending else column > value
            further = or_(further, column.is_(None)) if key.may_be_empty else further
            ways.append(and_(*equal, further))
        equal.append(column.is_(None) if value is None else column == value)
    return or_(*ways)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _from_json(key: Key, stored: Any) -> Any:
    if stored is None:
        return None
    if isinstance(key.term.type, UtcDateTime):
        return datetime.fromisoformat(stored)
    return date.fromisoformat(stored) if isinstance(key.term.type, Date) else stored


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


def _signer(request: Request, asked: str = "") -> URLSafeSerializer:
    key = request.app.state.settings.signing_key
    return URLSafeSerializer(key, salt=f"cursor {request.url.path}{asked and ' '}{asked}")
