"""What a declared field takes, as programs send it: dates as text, figures as figures.

Forms and spreadsheets send text for everything, and a declaration reads it. JSON has types of its
own: a field takes those that the description says, and no others.
"""

import re
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY = re.compile(DAY)


def may_be_none(info: FieldInfo) -> bool:
    return type(None) in get_args(info.annotation)


def kind_of(info: FieldInfo) -> type:
    """The plain type behind a declaration: without None, and without its rules."""
    found: Any = info.annotation
    if may_be_none(info):
        found = next(one for one in get_args(found) if one is not type(None))
    while get_origin(found) is Annotated:
        found = get_args(found)[0]
    return found if isinstance(found, type) else str


def as_json(info: FieldInfo) -> Any:
    """The field's type for a body."""
    whole: Any = Annotated[(info.annotation, *info.metadata)]
    check = _CHECKS.get(kind_of(info))
    return Annotated[whole, BeforeValidator(check)] if check else whole


def a_day(value: Any) -> Any:
    """Not the seconds since 1970, nor an instant, of which a date would be made."""
    return _unless(isinstance(value, str) and not _DAY.fullmatch(value), value, date, str)


def _truth(value: Any) -> Any:
    return _unless(False, value, bool, bool)


def _whole(value: Any) -> Any:
    broken = isinstance(value, float) and not value.is_integer()
    return _unless(broken or isinstance(value, bool), value, int, int, float)


def _figure(value: Any) -> Any:
    return _unless(isinstance(value, bool), value, float, int, float)


def _unless(wrong: bool, value: Any, kind: type, *types: type) -> Any:
    # Whether nothing may stand there is said by the declaration.
    if value is not None and (wrong or not isinstance(value, types)):
        raise PydanticCustomError(f"{kind.__name__}_type", "of another type")
    return value


_CHECKS: dict[type, Any] = {date: a_day, bool: _truth, int: _whole, float: _figure}
