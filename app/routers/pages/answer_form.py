"""What an attendee's plain form holds, as the data of a submission or a command."""

import re
import types
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from starlette.datastructures import FormData

from app.errors import Invalid, KickoffError
from app.live.activity import Activity
from app.models.faults import faults_of
from app.routers.forms import faults_by_name
from app.routers.schemas import NewParticipant
from app.web.sentences import refusal

OF_FORMS = ("csrf", "seq", "submission_id")  # of every form, beside what it asks
_INTEGER = re.compile(r"[+-]?[0-9]{1,16}")


def without_empty(data: Mapping[str, str]) -> dict[str, Any]:
    """A field that was left empty was not given."""
    return {name: value for name, value in data.items() if value.strip()}


def typed_in(form: FormData) -> dict[str, list[str]]:
    """What a form held, just as it came."""
    names = dict.fromkeys(name for name in form if name not in OF_FORMS)
    return {name: [str(value) for value in form.getlist(name)] for name in names}


def newcomer(given: Mapping[str, str]) -> NewParticipant:
    """What a form says of who joins; a field that was left empty is as if it were not there."""
    try:
        return NewParticipant.model_validate({name: text for name, text in given.items() if text})
    except ValidationError as error:
        raise Invalid(
            faults=faults_of(error.errors(include_url=False, include_input=False))
        ) from None


def faults_by_field(error: KickoffError) -> dict[str, str]:
    """By field; what is about none of them is under ""."""
    if not isinstance(error, Invalid) or not error.faults:
        return {"": refusal(error)}
    return faults_by_name(error.faults)


def data_of(activity: Activity, form: FormData) -> dict[str, Any]:
    """A form's fields as the submission's data: the types of its declaration say how to read
    them."""
    data: dict[str, Any] = {}
    for name, declared in activity.Submission.model_fields.items():
        values = [str(value) for value in form.getlist(name)]
        if _is_list(declared.annotation):
            data[name] = values
        elif get_origin(declared.annotation) is dict:  # named as its parts are: clear.ID
            parts = {key: form[key] for key in form if key.startswith(f"{name}.")}
            data[name] = {key.partition(".")[2]: number(str(text)) for key, text in parts.items()}
        elif values and declared.annotation is not int:
            data[name] = values[-1]
        elif values and values[-1]:  # a number that was left empty was not given
            data[name] = number(values[-1])
    return data


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (types.UnionType,):
        return any(_is_list(part) for part in get_args(annotation))
    return get_origin(annotation) is list


def number(text: str) -> int | str:
    """A whole number, or the text as it came: what asked for a number refuses that."""
    stripped = text.strip()
    return int(stripped) if _INTEGER.fullmatch(stripped) else text
