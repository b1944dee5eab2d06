"""How a PDF becomes slides, by form and by API: looked at, drawn, and written.

Nothing is drawn for a block that is not there, or for a request that has been answered before;
nothing is written of a file that could not be drawn whole.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import IO, Any

from app.database import conflicts
from app.models.slides import SlideDeck
from app.operations import slides
from app.operations.slides_coming_in import Incoming
from app.outputs import pdf_pages
from app.routers.conditions import Answer, answered_before, once
from app.routers.permissions import Asked
from app.routers.schemas import encoded


def taken_in(
    asked: Asked,
    kickoff_id: str,
    values: Mapping[str, Any],
    pdf: IO[bytes],
    *,
    key: str | None,
    answer: Callable[[SlideDeck], Answer],
) -> Answer:
    """`key`: who sends the same again within a day gets the same answer. Blocks."""
    # The database is let go of before the drawing, which takes seconds.
    with asked.database.reading() as session:
        slides.placed(session, kickoff_id, values)
    sent = encoded([kickoff_id, dict(values), _digest(pdf)])
    asker = asked.actor.id
    before = answered_before(asked.database, asker=asker, key=key, request=sent)
    if before is not None:
        return before
    incoming = Incoming(asked.database, kickoff_id, values)
    with pdf_pages.drawn(pdf) as pages:
        try:
            with conflicts():
                incoming.write(pages)
            return once(
                asked.database,
                asker=asker,
                key=key,
                request=sent,
                make=lambda session: answer(incoming.finish(session)),
            )
        finally:
            incoming.abandon()


def _digest(pdf: IO[bytes]) -> str:
    pdf.seek(0)
    return hashlib.file_digest(pdf, "sha256").hexdigest()  # type: ignore[arg-type]  # any file will do
