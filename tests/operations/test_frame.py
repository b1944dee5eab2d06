"""A kickoff from the method's frame: its day keeps the method's numbers, its dates are counted from
the day, and it speaks the language of whoever makes it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.access import NOBODY, Actor
from app.database import Database
from app.i18n import speaking
from app.live.frame import start_from_frame
from app.migrate import migrate
from app.models.activities import Activity, ActivityStatus
from app.models.agenda import blocks_of
from app.models.communication import CommunicationStep
from app.models.explained import Term
from app.models.kickoffs import Kickoff
from app.models.milestones import Milestone
from app.models.narrative import Narrative, SupportingPoint
from app.operations import accounts, agenda, records, rhythm
from app.operations.entities import MILESTONES
from app.operations.kickoffs import change_kickoff, copy_kickoff, new_kickoff
from app.rules import frames

DAY = date(2027, 1, 12)
# As a token does, which owns nothing: the test has no people.
MAKER = Actor(id=NOBODY.id, name="Kari", scopes=frozenset())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("frame") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture
def session(tmp_path: Path, empty: bytes) -> Iterator[Session]:
    (tmp_path / "frame.db").write_bytes(empty)
    database = Database(f"sqlite:///{tmp_path}/frame.db")
    with database.unit_of_work() as working:
        yield working
    database.dispose()


def framed(session: Session, day: date | None, language: str = "nb") -> Kickoff:
    organisation = accounts.new_organisation(session, "Nordlys")
    values = {"title": "Kurs", "day": day.isoformat() if day else None}
    kickoff = new_kickoff(session, organisation_id=organisation.id, values=values, owner=MAKER)
    with speaking(language):
        start_from_frame(session, kickoff)
    return kickoff


def due_of_milestones(session: Session, kickoff: Kickoff) -> dict[str, date | None]:
    wanted = select(Milestone).where(Milestone.kickoff_id == kickoff.id)
    return {one.window: one.due for one in session.exec(wanted)}


def due_of_steps(session: Session, kickoff: Kickoff) -> dict[str, date | None]:
    wanted = select(CommunicationStep).where(CommunicationStep.kickoff_id == kickoff.id)
    return {one.day: one.due for one in session.exec(wanted)}


def test_milestones_and_steps_are_counted_from_the_day(session: Session) -> None:
    kickoff = framed(session, DAY)
    assert due_of_milestones(session, kickoff) == {
        str(after): DAY + timedelta(days=after) for after in (30, 60, 90)
    }
    assert due_of_steps(session, kickoff) == {
        str(after): DAY + timedelta(days=after) for after in (0, 30, 60, 90)
    }


def test_without_a_day_they_are_there_with_no_date_until_there_is_one(session: Session) -> None:
    kickoff = framed(session, None)
    assert set(due_of_milestones(session, kickoff).values()) == {None}
    change_kickoff(session, kickoff, {"day": DAY.isoformat()})
    assert len(rhythm.follow(session, kickoff, before=None)) == 7
    assert due_of_milestones(session, kickoff)["60"] == DAY + timedelta(days=60)
    assert due_of_steps(session, kickoff)["0"] == DAY


def test_the_day_of_the_frame_needs_no_advice_about_its_shape(session: Session) -> None:
    kickoff = framed(session, DAY)
    told = agenda.day_of(session, kickoff)
    of_the_day = {one.code for one in told.findings}
    assert of_the_day == set()
    # What each block is left to say of customers, and who owns it, is for people to fill in.
    of_blocks = {finding.code for row in told.rows for finding in row.findings}
    assert of_blocks == {"no_owner", "no_customer_effect"}


def test_its_activities_are_drafts_in_their_blocks(session: Session) -> None:
    kickoff = framed(session, DAY)
    blocks = {block.id: block.kind for block in session.scalars(blocks_of(kickoff.id))}
    asked = session.exec(select(Activity)).all()
    assert {one.status for one in asked} == {ActivityStatus.DRAFT}
    assert {(blocks[one.block_id or ""], one.kind) for one in asked} >= {
        ("opening", "questions"),
        ("interactive", "top_obstacles"),
        ("sprint", "sprint_board"),
        ("closing", "closing"),
    }


def test_the_usual_parts_are_there_as_empty_frames(session: Session) -> None:
    framed(session, DAY)
    levels = [one.level for one in session.exec(select(Narrative).order_by(Narrative.position))]
    assert levels == list(frames.NARRATIVE_LEVELS)
    assert len(session.exec(select(SupportingPoint)).all()) == frames.SUPPORTING_POINTS[0]
    assert all(not one.text for one in session.exec(select(Narrative)))


@pytest.mark.parametrize("language, goal", [("nb", "Mål"), ("en", "Goal")])
def test_it_speaks_the_language_of_whoever_makes_it(
    session: Session, language: str, goal: str
) -> None:
    framed(session, DAY, language)
    found = session.exec(select(Term).order_by(Term.position)).all()
    assert (len(found), found[0].term) == (4, goal)
    assert all(one.meaning and one.example for one in found)


def test_moving_the_day_takes_along_what_was_counted_from_it_and_nothing_else(
    session: Session,
) -> None:
    kickoff = framed(session, DAY)
    reached, chosen, counted = session.exec(select(Milestone).order_by(Milestone.window)).all()
    records.change(session, MILESTONES, reached, {"reached_on": DAY.isoformat()})
    own = DAY + timedelta(days=44)
    records.change(session, MILESTONES, chosen, {"due": own.isoformat()})
    now = DAY + timedelta(days=14)
    change_kickoff(session, kickoff, {"day": now.isoformat()})
    shown = rhythm.following(session, kickoff, DAY)
    assert {one.name for one in shown} >= {counted.title}
    assert {one.name for one in shown}.isdisjoint({reached.title, chosen.title})
    assert counted.due == DAY + timedelta(days=90), "a preview changes nothing"
    rhythm.follow(session, kickoff, DAY)
    assert (reached.due, chosen.due) == (DAY + timedelta(days=30), own)
    assert counted.due == now + timedelta(days=90)
    assert due_of_steps(session, kickoff)["30"] == now + timedelta(days=30)
    assert rhythm.following(session, kickoff, DAY) == []


def test_a_copy_gets_the_dates_of_its_own_day(session: Session) -> None:
    kickoff = framed(session, DAY)
    copy = copy_kickoff(session, kickoff, title="Ny", owner=MAKER)
    assert set(due_of_milestones(session, copy).values()) == {None}
    now = DAY + timedelta(days=365)
    change_kickoff(session, copy, {"day": now.isoformat()})
    rhythm.follow(session, copy, before=None)
    assert due_of_milestones(session, copy)["90"] == now + timedelta(days=90)
