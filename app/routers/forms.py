"""Forms from the one declaration of an entity: what to show, and what came back.

A field that was left empty is None where the declaration allows None, and nothing else is changed:
cleaning and checking are the declaration's own.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args

from fastapi import Depends, Request
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData, UploadFile

from app.access import Permission
from app.errors import Fault
from app.i18n import gettext
from app.models.fields import Fields, Meta, meta_of
from app.operations.derived import Derived
from app.operations.entities import REFERRED, Entity
from app.routers.permissions import Asked


async def _posted(request: Request) -> AsyncIterator[FormData]:
    """The body as form fields. Bounded by app.web.bodies; the token was checked before."""
    async with request.form(max_files=1, max_fields=500) as form:
        yield form


Posted = Annotated[FormData, Depends(_posted)]


@dataclass(frozen=True)
class FieldView:
    """One field as a template draws it: `widget` decides how. `empty` is what nothing chosen is
    called, where that is allowed. `first` is what has to be made before it can be filled in: it
    must refer to something, and there is nothing yet."""

    name: str
    label: str
    help: str
    widget: str
    value: Any
    error: str
    required: bool
    empty: str | None = None
    several: bool = False
    section: str = ""
    options: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    first: Entity | None = None


Choices = Mapping[str, Sequence[tuple[str, str]]]


def text_of(form: FormData, name: str) -> str:
    """One field as text; "" when it is absent or a file. No form of ours sends a NUL, and
    PostgreSQL does not even search for one."""
    value = form.get(name, "")
    return "" if isinstance(value, UploadFile) else value.replace("\x00", "")


def whole_number(text: str) -> int | None:
    """A count or a version as a form or an address gives it; None for what none of ours gives."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def values_of(fields: type[Fields], form: FormData, *, hidden: frozenset[str]) -> dict[str, Any]:
    """The entity's own fields among what was posted; those that are `hidden` are not taken."""
    values: dict[str, Any] = {}
    for name, info in fields.model_fields.items():
        meta = meta_of(fields, name)
        if meta and meta.widget == "phases" and "phase_minutes" in form:
            values[name] = _own_phases(form)
        elif meta and meta.section in form and meta.section not in fields.model_fields:
            values[name] = _one_of_section(form, meta.section, name)
        elif name not in form or name in hidden:
            continue
        elif meta and meta.several:
            values[name] = [str(one) for one in form.getlist(name) if one]
        elif not (meta and meta.widget == "stated" and _not_stated(form, name)):
            text = text_of(form, name)
            values[name] = None if text.strip() == "" and _may_be_none(info) else text
    return values


def _one_of_section(form: FormData, section: str, name: str) -> str | None:
    """Of fields that are chosen in one list together, which is called by their section and says
    "field:id": the id, of the field that was chosen."""
    chosen, _, id = text_of(form, section).partition(":")
    return id if chosen == name else None


def _not_stated(form: FormData, name: str) -> bool:
    """Whether a status only lies in the form as it was: nobody has given the word anew."""
    as_it_was = text_of(form, name) == text_of(form, f"{name}_was")
    return as_it_was and f"{name}_was" in form and not text_of(form, f"{name}_again")


def faults_by_name(faults: Sequence[Fault]) -> dict[str, str]:
    """Faults by the field they belong to; one about the whole form is under ""."""
    return {fault.pointer.removeprefix("/").split("/")[0]: fault.detail for fault in faults}


def field_views(
    fields: type[Fields],
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    choices: Choices | None = None,
    hidden: frozenset[str] = frozenset(),
) -> list[FieldView]:
    """The fields to draw, in the order of their declaration. `choices`: of people, teams … ."""
    shown = []
    for name, info in fields.model_fields.items():
        meta = meta_of(fields, name)
        if meta and name not in hidden:
            shown.append(_view(name, info, meta, values, errors or {}, choices or {}))
    return shown


def hidden_from(asked: Asked, private: frozenset[str]) -> frozenset[str]:
    """The private fields, from whoever may not see the facilitator's notes."""
    return frozenset() if asked.may(Permission.SEE_NOTES) else private


def label_of(meta: Meta | Derived, value: Any) -> str:
    """A chosen value as its words."""
    words = dict(meta.choices)
    return gettext(words[value]) if value in words else str(value)


def labels_of(fields: type[Fields]) -> dict[str, str]:
    """What the fields are called, for a list of what is wrong with them."""
    metas = [(name, meta_of(fields, name)) for name in fields.model_fields]
    return {name: gettext(meta.label) for name, meta in metas if meta}


def phase_words() -> dict[str, str]:
    """The usual phases, in the reader's words."""
    return {
        "introduce": gettext("Introduction"),
        "work": gettext("Work"),
        "conclude": gettext("Conclusion"),
    }


def _view(
    name: str,
    info: FieldInfo,
    meta: Meta,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    choices: Choices,
) -> FieldView:
    options = tuple((code, gettext(text)) for code, text in meta.choices)
    options = options or tuple(choices.get(meta.widget, ()))
    must_refer = info.is_required() and not meta.several
    return FieldView(
        name=name,
        label=gettext(meta.label),
        help=gettext(meta.help) if meta.help else "",
        widget=meta.widget,
        value=values.get(name, _default(info)),
        error=errors.get(name, ""),
        required=info.is_required(),
        empty=_nothing_chosen(meta) if _may_be_none(info) else None,
        several=meta.several,
        section=meta.section,
        options=options,
        attributes=_bounds(info),
        words=phase_words() if meta.widget == "phases" else {},
        first=REFERRED.get(meta.widget) if must_refer and not options else None,
    )


def _default(info: FieldInfo) -> Any:
    return "" if info.is_required() else info.get_default(call_default_factory=True)


def _nothing_chosen(meta: Meta) -> str:
    match meta.widget:
        case "person":
            return gettext("Nobody yet")
        case "team":
            return gettext("No team yet")
        case "stated":
            return gettext("Not said yet")
        case _:
            return gettext("None chosen")


def _bounds(info: FieldInfo) -> dict[str, Any]:
    """What the browser can check by itself, from the declaration."""
    bounds: dict[str, Any] = {}
    for rule in info.metadata:
        for attribute, html in (("max_length", "maxlength"), ("ge", "min"), ("le", "max")):
            value = getattr(rule, attribute, None)
            if value is not None:
                bounds[html] = value
    return bounds


def _own_phases(form: FormData) -> list[dict[str, str]] | None:
    """Rows of a name and its minutes; without any minutes the block has the standard phases."""
    names, minutes = form.getlist("phase_name"), form.getlist("phase_minutes")
    rows = [
        {"name": _code_of_phase(str(name)), "minutes": str(length)}
        for name, length in zip(names, minutes, strict=False)
        if str(length).strip()
    ]
    return rows or None


def _code_of_phase(name: str) -> str:
    """A phase that has its usual name keeps the code, and so is said in each reader's language."""
    return {word: code for code, word in phase_words().items()}.get(name.strip(), name)


def _may_be_none(info: FieldInfo) -> bool:
    return type(None) in get_args(info.annotation)
