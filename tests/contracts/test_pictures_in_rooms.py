"""What the hall looks at is the plan as it is: whatever a picture draws is told to the rooms."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from app.models.agenda import PICTURES
from app.models.kickoffs import Kickoff
from app.operations.entities import KICKOFFS, PLAN
from app.pictures.picture import registry
from tests.live.conftest import Desk, desk  # noqa: F401 -- a fixture

ENTITY_OF = {entity.table.__tablename__: entity for entity in (*PLAN, KICKOFFS)}
_READ = re.compile(r"\b(?:FROM|JOIN) (\w+)")


def test_a_block_can_name_every_picture_and_no_other() -> None:
    assert tuple(registry()) == PICTURES


@pytest.mark.parametrize("code", PICTURES)
def test_rooms_are_told_of_whatever_a_picture_draws(desk: Desk, code: str) -> None:  # noqa: F811
    read: set[str] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        read.update(_READ.findall(statement))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    try:
        with desk.database.reading() as session:
            kickoff = session.get_one(Kickoff, desk.kickoff_id)
            registry()[code].view(session, kickoff)
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", note)
    drawn = [ENTITY_OF[table] for table in read if table in ENTITY_OF]
    assert drawn
    assert [entity.name for entity in drawn if not entity.in_room] == []
