"""Influence by interest (P9): the stakeholders, and who of them is not involved."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from app.i18n import gettext, mark
from app.models.kickoffs import Kickoff
from app.models.stakeholders import SIDES, Stakeholder
from app.operations.entities import PEOPLE, SEGMENTS
from app.pictures.names import names_of
from app.pictures.picture import Picture
from app.pictures.squares import Marked, Squares, squares


def influence_interest(session: Session, kickoff: Kickoff) -> Squares:
    stakeholders = session.scalars(
        select(Stakeholder)
        .where(col(Stakeholder.kickoff_id) == kickoff.id)
        .order_by(col(Stakeholder.name), col(Stakeholder.id))
    ).all()
    people = names_of(session, PEOPLE, kickoff.id)
    segments = names_of(session, SEGMENTS, kickoff.id)
    return squares(
        [
            _mark(
                one,
                segment=segments.get(one.segment_id or "", ""),
                contact=people.get(one.owner_id or "", ""),
            )
            for one in stakeholders
        ]
    )


def _mark(one: Stakeholder, *, segment: str, contact: str) -> Marked:
    parts = [gettext(dict(SIDES)[str(one.side)]), segment, contact]
    words = " · ".join(filter(None, parts))
    return Marked(
        id=one.id,
        title=one.name,
        kind=str(one.side),
        across=str(one.interest),
        up=str(one.influence),
        words=words,
        missing=tuple(_missing(one)),
    )


def _missing(one: Stakeholder) -> Iterator[str]:
    """When they are not involved."""
    for when in ("before", "during", "after"):
        if not getattr(one, when).strip():
            yield when


PICTURE = Picture(
    code="influence-interest",
    name=mark("Influence and interest"),
    about=mark("Who can help or stop it, whom it matters to, and who is not involved yet."),
    icon="users-round",
    order=40,
    view=influence_interest,
)
