"""What the plan check found, as people and programs are shown it: by record, with the way to where
it is mended."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.i18n import gettext
from app.models.fields import meta_of
from app.operations.entities import AGENDA_BLOCKS, KICKOFFS, PLAN, Entity
from app.routers.forms import label_of
from app.rules.findings import Finding
from app.rules.plan_check.measures import TOO_MANY
from app.rules.plan_check.rule import Checked

PLACES = 5  # records that are named at once; the rest are a number

# Where a new record mends it: the field that is filled in with the record found to lack one.
_NEW_FOR: Mapping[str, str] = {
    "moves.per_goal": "goal_id",
    "kpis.per_sub_goal": "goal_id",
    "map.connected": "cause_goal_id",
    "sponsors.appearances": "sponsor_id",
    "raci.one_accountable": "deliverable_id",
    "raci.responsible": "deliverable_id",
    "raci.everybody": "deliverable_id",
    "order.raci_before_group_work": "deliverable_id",
    "messages.per_theme": "theme_id",
    "themes.pages": "theme_id",
    "messages.consequences": "segment_id",
    "objectives.count": "team_id",
    "objectives.key_results": "objective_id",
    "kpis.read": "kpi_id",
}
# Where a choice is missing: the field whose choices they are.
_CHOICE_OF: Mapping[str, str] = {
    "stakeholders.sides": "side",
    "ambassadors.functions": "function",
    "risks.areas": "area",
    "risks.opportunities": "kind",
    "milestones.steps": "window",
    "narrative.levels": "level",
    "communication.days": "day",
    "agenda.ends": "kind",
}
# Where it is not the found record that is changed, but another part as a whole.
_MENDED_IN: Mapping[str, str] = {
    "messages.repeated_by_a_block": "agenda",
    "raci.overloaded": "raci",
}
# The letter that a new role begins with.
_ROLE = {"no_accountable": "A", "no_responsible": "R"}

_ENTITIES: Mapping[str, Entity] = {
    **{entity.name: entity for entity in PLAN},
    "edit": KICKOFFS,
    "agenda": AGENDA_BLOCKS,
}


@dataclass(frozen=True)
class Missing:
    """`word` is what a field or choice is called; without one the template has words for `code`."""

    code: str
    word: str = ""
    have: int = 0
    want: tuple[int, int] | None = None


@dataclass(frozen=True)
class Place:
    """A record that lacks something, or a thing that is not there; `href` leads to its mending."""

    id: str
    name: str
    href: str
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class CheckView:
    """`said` is about the plan as a whole; of `places` the first, and `more` of them."""

    check: Checked
    href: str
    said: tuple[Missing, ...]
    places: tuple[Place, ...]
    more: int


def view_of(check: Checked, kickoff_id: str, names: Mapping[str, str]) -> CheckView:
    """`names`: what records are called, by their ids."""
    by_record = defaultdict[str, list[Finding]](list)
    said, absent = [], []
    for finding in check.findings:
        if finding.where:
            by_record[finding.where].append(finding)
        elif word := _word(check, finding.code):
            absent.append(Place("", word, _to_make(check, kickoff_id, finding.code)))
        else:
            said.append(_missing(check, finding))
    records = list(by_record.items())[:PLACES]
    places = [_place(check, kickoff_id, names, *one) for one in records]
    return CheckView(
        check=check,
        href=mended_at(check, kickoff_id),
        said=tuple(said),
        places=(*absent, *places),
        more=len(by_record) - len(records),
    )


def lacking(
    checks: Iterable[Checked], kickoff_id: str, record_id: str
) -> list[tuple[Checked, Place]]:
    """What the whole check says of one record, with what it lacks."""
    found = []
    for check in checks:
        own = [finding for finding in check.findings if finding.where == record_id]
        if own:
            found.append((check, _place(check, kickoff_id, {}, record_id, own)))
    return found


def mended_at(check: Checked, kickoff_id: str) -> str:
    """The part of the plan where it is mended, "" where there is none yet."""
    part = _MENDED_IN.get(check.id, check.part)
    return _address(kickoff_id, part) if part else ""


def _place(
    check: Checked, kickoff_id: str, names: Mapping[str, str], id: str, findings: list[Finding]
) -> Place:
    return Place(
        id,
        names.get(id, ""),
        _to_mend(check, kickoff_id, findings[0]),
        tuple(_missing(check, one) for one in findings),
    )


def _to_mend(check: Checked, kickoff_id: str, finding: Finding) -> str:
    if check.id in _MENDED_IN or (check.id in _NEW_FOR and finding.code == TOO_MANY):
        return mended_at(check, kickoff_id)
    if check.id not in _NEW_FOR or finding.code == "several_accountable":
        part = "raci" if finding.code == "several_accountable" else f"{check.part}/{finding.where}"
        return _address(kickoff_id, part)
    filled = {_NEW_FOR[check.id]: finding.where}
    if finding.code in _ROLE:
        filled["role"] = _ROLE[finding.code]
    if finding.code in ("no_plenary", "no_group"):
        filled["setting"] = finding.code.removeprefix("no_")
    return _address(kickoff_id, f"{check.part}/new", **filled)


def _to_make(check: Checked, kickoff_id: str, code: str) -> str:
    if check.id in _CHOICE_OF:
        return _address(kickoff_id, f"{check.part}/new", **{_CHOICE_OF[check.id]: code})
    return f"{_address(kickoff_id, check.part)}#field-{code}"


def _address(kickoff_id: str, part: str, **filled: str) -> str:
    query = f"?{urlencode(filled)}" if filled else ""
    return f"/kickoffs/{kickoff_id}/{part}{query}"


def _missing(check: Checked, finding: Finding) -> Missing:
    return Missing(finding.code, _word(check, finding.code), finding.have, finding.want)


def _word(check: Checked, code: str) -> str:
    """What the field or choice that is missing is called, where the code names one."""
    entity = _ENTITIES.get(check.part)
    if entity is None:
        return ""
    field = _CHOICE_OF.get(check.id)
    meta = meta_of(entity.fields, field) if field else None
    if meta:
        return label_of(meta, code)
    # Minutes that are out of their frame are said with their number, not by the field's name.
    if code not in entity.fields.model_fields or code in ("minutes", "phases", "program"):
        return ""
    meta = meta_of(entity.fields, code)
    return gettext(meta.label) if meta else ""


def views(
    checks: tuple[Checked, ...], kickoff_id: str, names: Mapping[str, str]
) -> Iterator[CheckView]:
    return (view_of(check, kickoff_id, names) for check in checks)
