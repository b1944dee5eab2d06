"""The in-process product counts what a request asks of the database, and nothing else.

Seen red: with every statement counted, whatever the product looks for by itself was a request's,
and on a busy machine a test that counts failed about a page that had done nothing wrong.
"""

import threading
from pathlib import Path

from sqlmodel import select

from app.models.kickoffs import Kickoff
from tests.support.product import product


def test_only_what_is_asked_inside_is_counted(tmp_path: Path) -> None:
    with product(tmp_path) as made:
        here = f"/api/v1/kickoffs/{made.kickoff.id}/goals"
        api = made.api()
        api.get(here)
        with made.counting() as quiet:
            api.get(here)

        def look() -> None:
            with made.database.reading() as session:
                session.scalars(select(Kickoff)).all()

        with made.counting() as disturbed:
            looking = threading.Thread(target=look)
            looking.start()
            looking.join()
            api.get(here)
        assert disturbed == quiet
        assert any("FROM goal" in one for one in quiet)
