"""What is wrong with a payload, as faults with sentences in the reader's language.

`validated` is the one door: forms, REST and imports ask it, and get the same faults for the same
mistake. Nothing of what was sent is repeated in a fault.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.errors import Fault, Invalid
from app.i18n import gettext, ngettext
from app.models.fields import Fields

FieldsType = TypeVar("FieldsType", bound=Fields)


def validated(fields: type[FieldsType], values: Mapping[str, Any]) -> FieldsType:
    """The values as checked fields, or `Invalid` with every fault."""
    try:
        return fields.model_validate(dict(values))
    except ValidationError as error:
        raise Invalid(
            faults=faults_of(error.errors(include_url=False, include_input=False))
        ) from None


def faults_of(errors: Iterable[Any], *, outer: int = 0) -> tuple[Fault, ...]:
    """Pydantic's errors as faults. `outer=1` leaves out FastAPI's leading "body" or "query"."""
    return tuple(Fault(pointer(*error["loc"][outer:]), sentence(error)) for error in errors)


def pointer(*parts: int | str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def sentence(error: ErrorDetails | Mapping[str, Any]) -> str:
    """What to do about one error."""
    known: dict[str, Any] = error.get("ctx") or {}
    code = str(known["error"]) if error["type"] == "value_error" else error["type"]
    return _said(code, known)


def of_code(code: str) -> str:
    """What to do about text that `app.models.text` has refused with this code."""
    return _said(code, {})


def _said(code: str, known: Mapping[str, Any]) -> str:
    match code:
        case "missing" | "empty" | "string_too_short" if known.get("min_length", 1) == 1:
            return gettext("This must be filled in.")
        case "string_too_long":
            longest = int(known["max_length"])
            return ngettext(
                "Use at most %(n)d character.", "Use at most %(n)d characters.", longest
            ) % {"n": longest}
        case "too_long":
            return gettext("This is too long.")
        case "half_character" | "string_unicode":
            return gettext("This holds half of a character; type it again.")
        case "impossible_year":
            return gettext("Give a day between the years 1900 and 2199.")
        case "no_address":
            return gettext("This is not an e-mail address, such as kari@example.no.")
        case "unknown_zone":
            return gettext("This is not a time zone, such as Europe/Oslo.")
        case "phases_do_not_add_up":
            sentence = gettext("The phases are %(total)d minutes in all; the block has %(block)d.")
            return sentence % {"total": known["total"], "block": known["block"]}
        case "max must be 1 to 100 above min":
            return gettext("The highest value must be 1 to 100 above the lowest.")
        case "greater_than_equal":
            return gettext("This must be %(n)s or more.") % {"n": known["ge"]}
        case "less_than_equal":
            return gettext("This must be %(n)s or less.") % {"n": known["le"]}
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return gettext("This must be a whole number.")
        case "float_parsing" | "float_type" | "finite_number":
            return gettext("This must be a number.")
        case "enum" | "literal_error":
            return gettext("Choose one of the given values.")
        case "string_type":
            return gettext("This must be text.")
        case "extra_forbidden" if "asks" in known:
            return gettext("A list can be asked for by: %(names)s.") % {"names": known["asks"]}
        case "extra_forbidden":
            return gettext("There is no such field.")
        case "json_invalid":
            return gettext("This is not valid JSON.")
        case "one_at_each_end":
            return gettext("Choose exactly one cause and exactly one effect.")
        case "two_options":
            return gettext("Write at least two options.")
        case "leads_to_itself":
            return gettext("A cause cannot be its own effect.")
        case _ if code.startswith(("date_", "datetime_")):
            return gettext("This is not a date, such as 2026-02-03.")
        case "string_pattern_mismatch" if ":" in str(known.get("pattern")):
            return gettext("This is not a time, such as 09:30.")
        case "string_pattern_mismatch" if among := _SORTS.match(str(known.get("pattern"))):
            sentence = gettext(
                "Sort by up to %(most)s of: %(names)s. A minus before a name turns the order."
            )
            return sentence % {"most": int(among[2]) + 1, "names": _listed(among[1])}
        case "string_pattern_mismatch" if among := _AMONG.match(str(known.get("pattern"))):
            return gettext("Choose one of: %(names)s.") % {"names": _listed(among[1])}
        case _:
            return gettext("This cannot be understood.")


# What may stand there is read from the pattern that refused it.
_SORTS = re.compile(r"\^-\?\(([a-z_|]+)\)\(,.*\{0,(\d)\}\$")
_AMONG = re.compile(r"\^\(([a-z0-9_-]+(?:\|[a-z0-9_-]*)+)\)\$")


def _listed(alternatives: str) -> str:
    return ", ".join(filter(None, alternatives.split("|")))
