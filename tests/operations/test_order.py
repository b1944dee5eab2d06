"""Siblings stand where they were put, however often they are moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel

from app.database import Database
from app.errors import Invalid
from app.models.byte_order import POSITION_MAX
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.models.people import Team
from app.operations import order

KICKOFF = "k" * 36


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path}/order.db")
    SQLModel.metadata.create_all(database.engine)
    with Session(database.engine, expire_on_commit=False) as session:
        session.add(Organisation(id="o" * 36, name="Nordlys"))
        session.flush()
        session.add(Kickoff(id=KICKOFF, organisation_id="o" * 36, title="Kurs"))
        session.flush()
        yield session
        session.rollback()
    database.dispose()


def names(session: Session) -> list[str]:
    session.flush()
    return [team.name for team in order.siblings(session, Team, KICKOFF) if isinstance(team, Team)]


def add(session: Session, name: str) -> Team:
    team = Team(kickoff_id=KICKOFF, name=name)
    team.position = order.at_the_end(session, Team, KICKOFF)
    session.add(team)
    session.flush()
    return team


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), max_size=30))
def test_moves_do_to_the_rows_what_they_do_to_a_list(
    session: Session, moves: list[tuple[int, int]]
) -> None:
    for team in order.siblings(session, Team, KICKOFF):
        session.delete(team)
    session.flush()
    teams = [add(session, name) for name in "ABCDE"]
    expected = list("ABCDE")
    for who, whom in moves:
        moved, after = teams[who], teams[whom] if whom >= 0 else None
        if moved is after:
            continue
        moved.position = order.after(
            session, Team, KICKOFF, sibling_id=after.id if after else "", moving=moved.id
        )
        expected.remove(moved.name)
        expected.insert(expected.index(after.name) + 1 if after else 0, moved.name)
        assert names(session) == expected


def test_a_crowded_gap_is_spread_out_before_the_column_is_full(session: Session) -> None:
    a, b, c = (add(session, name) for name in "ABC")
    a.position, b.position = "a" * 1 + "0" + "V" * (POSITION_MAX - 10), "a1"
    session.flush()
    c.position = order.after(session, Team, KICKOFF, sibling_id=a.id, moving=c.id)
    assert names(session) == ["A", "C", "B"]
    assert max(len(team.position) for team in (a, b, c)) < 20


def test_two_with_one_key_can_be_told_apart_by_a_third(session: Session) -> None:
    a, b, c = (add(session, name) for name in "ABC")
    b.position = a.position
    session.flush()
    first, second = names(session)[:2]
    c.position = order.after(session, Team, KICKOFF, sibling_id=min(a.id, b.id), moving=c.id)
    assert names(session) == [first, "C", second]


def test_nobody_is_put_after_a_stranger(session: Session) -> None:
    add(session, "A")
    with pytest.raises(Invalid):
        order.after(session, Team, KICKOFF, sibling_id="unknown")


@pytest.mark.parametrize(
    "steps, after", [(-1, "a"), (-2, ""), (-9, ""), (1, "d"), (9, "d"), (0, "b")]
)
def test_a_step_names_the_neighbour_it_ends_after(steps: int, after: str) -> None:
    assert order.neighbour(["a", "b", "c", "d"], "c", steps=steps) == after
