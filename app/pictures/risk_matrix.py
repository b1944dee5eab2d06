"""The risk matrix (P13): probability by consequence, opportunities beside risks."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from app.i18n import gettext, mark
from app.models.kickoffs import Kickoff
from app.models.risks import RISK_AREAS, RISK_KINDS, Risk, RiskState
from app.operations.entities import PEOPLE
from app.pictures.names import names_of
from app.pictures.picture import Picture
from app.pictures.squares import Marked, Squares, squares
from app.rendering import day


def risk_matrix(session: Session, kickoff: Kickoff) -> Squares:
    risks = session.scalars(
        select(Risk).where(col(Risk.kickoff_id) == kickoff.id).order_by(col(Risk.id))
    ).all()
    people = names_of(session, PEOPLE, kickoff.id)
    still_open = [risk for risk in risks if risk.state == RiskState.OPEN]
    marks = [_mark(risk, people.get(risk.owner_id or "", "")) for risk in still_open]
    return squares(marks, left_out=len(risks) - len(still_open))


def _mark(risk: Risk, owner: str) -> Marked:
    parts = [
        gettext(dict(RISK_KINDS)[str(risk.kind)]),
        gettext(dict(RISK_AREAS)[str(risk.area)]),
        owner,
        day(risk.due, "short") if risk.due else "",
    ]
    words = " · ".join(filter(None, parts))
    return Marked(
        id=risk.id,
        title=risk.title,
        kind=str(risk.kind),
        across=str(risk.consequence),
        up=str(risk.probability),
        words=words,
        missing=tuple(_missing(risk)),
    )


def _missing(risk: Risk) -> Iterator[str]:
    if risk.owner_id is None:
        yield "owner"
    if risk.due is None:
        yield "due"
    if not risk.mitigation.strip():
        yield "mitigation"


PICTURE = Picture(
    code="risk-matrix",
    name=mark("Risk matrix"),
    about=mark("Risks and opportunities by probability and consequence, and who does what."),
    icon="shield-alert",
    order=50,
    view=risk_matrix,
)
