"""What came of the cases (F10): customer value, time and quality at day 30, 60 and 90."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.cases import Case, CaseEffect, EffectDay
from app.models.kickoffs import Kickoff
from app.operations.entities import PEOPLE
from app.pictures.names import names_of
from app.pictures.picture import Picture

ASPECTS = ("customer_value", "time", "quality")


@dataclass(frozen=True)
class Effect:
    """What was seen on a day; `changes`: (aspect, how it changed), those that were judged."""

    id: str
    observed: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CaseRow:
    """`days`: the latest that was recorded for each day of the rhythm, None where nothing was."""

    id: str
    title: str
    owner: str
    days: tuple[tuple[str, Effect | None], ...]


def case_effects(session: Session, kickoff: Kickoff) -> tuple[CaseRow, ...]:
    people = names_of(session, PEOPLE, kickoff.id)
    found: dict[tuple[str, str], Effect] = {}
    wanted = select(CaseEffect).where(col(CaseEffect.kickoff_id) == kickoff.id)
    for one in session.scalars(wanted.order_by(col(CaseEffect.id))):
        found[one.case_id, one.day] = _effect(one)
    cases = select(Case).where(col(Case.kickoff_id) == kickoff.id)
    return tuple(
        CaseRow(
            one.id,
            one.title,
            people.get(one.owner_id or "", ""),
            tuple((day.value, found.get((one.id, day.value))) for day in EffectDay),
        )
        for one in session.scalars(cases.order_by(col(Case.position), col(Case.id)))
    )


def _effect(one: CaseEffect) -> Effect:
    judged = ((aspect, getattr(one, aspect)) for aspect in ASPECTS)
    return Effect(
        one.id, one.observed, tuple((aspect, str(change)) for aspect, change in judged if change)
    )


PICTURE = Picture(
    code="case-effects",
    name=mark("What came of the cases"),
    about=mark("Customer value, time and quality at day 30, 60 and 90, case by case."),
    icon="briefcase",
    order=110,
    view=case_effects,
)
