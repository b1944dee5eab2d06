"""The FAQ as it is looked through while a question is being answered."""

from sqlmodel import Session, col, select

from app.models.explained import Faq
from app.rules.faq import Explained

MOST_LOOKED_AT = 200


def faq_of(session: Session, kickoff_id: str) -> tuple[Explained, ...]:
    """A kickoff's, in its order; what has no answer yet is left out."""
    wanted = (
        select(Faq.id, Faq.question, Faq.answer, Faq.owner_id)
        .where(col(Faq.kickoff_id) == kickoff_id, col(Faq.answer) != "")
        .order_by(col(Faq.position), col(Faq.id))
        .limit(MOST_LOOKED_AT)
    )
    return tuple(Explained(*row) for row in session.execute(wanted))
