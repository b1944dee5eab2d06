"""Who comes in: teams that the product assigns are of one size, however many come at once."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.live.admission import admit
from app.models.people import Team
from app.models.rooms import Participant, Room
from tests.support.product import Product, product


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_forty_who_come_at_once_are_ten_in_each_of_four_teams(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else ""
    with product(tmp_path, url) as made:
        _assign_teams(made, 4)
        _admit(made, [1] * 40)
        assert sorted(_sizes(made).values()) == [10] * 4
        _admit(made, [5, 1, 1, 1, 1, 1])
        # Sizes are people: the table's team gets nobody else until the others have caught up.
        assert sorted(_sizes(made).values()) == [11, 12, 12, 15]


def _assign_teams(made: Product, number: int) -> None:
    with made.database.unit_of_work() as session:
        session.add_all(Team(kickoff_id=made.kickoff.id, name=f"Lag {n}") for n in range(number))
        _room(made, session).assigns_teams = True


def _admit(made: Product, people: list[int]) -> None:
    live = made.application.state.live
    with made.database.reading() as session:
        code = _room(made, session).code

    async def all_at_once() -> None:
        room = await live.rooms.find(code)
        await asyncio.gather(*(admit(live, room, people=number) for number in people))

    assert made.client.portal is not None
    made.client.portal.call(all_at_once)


def _room(made: Product, session: Session) -> Room:
    wanted = select(Room).where(col(Room.kickoff_id) == made.kickoff.id)
    return session.exec(wanted).one()


def _sizes(made: Product) -> Counter[str | None]:
    sizes: Counter[str | None] = Counter()
    with made.database.reading() as session:
        for one in session.exec(select(Participant)):
            sizes[one.team_id] += one.people
    return sizes
