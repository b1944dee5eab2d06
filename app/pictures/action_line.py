"""The actions of the 90 days on the line of the roadmap: lanes of teams, what waits for what."""

from sqlmodel import Session, col, select

from app.i18n import gettext
from app.models.kickoffs import Kickoff
from app.models.people import Person, teams_of
from app.operations.action_plan import rows_of
from app.operations.derived import REASONS, SHOWN_STATUSES
from app.pictures.roadmap import Roadmap, drawn
from app.pictures.roadmap_things import AHEAD, LATE, REACHED, Thing
from app.rules.action_rows import Row
from app.rules.status import DONE, OVERDUE, RED, REPLANNED

ACTION = "actions"


def action_line(session: Session, kickoff: Kickoff) -> Roadmap:
    """Open ones before closed ones, so that they are what is drawn where there is no room."""
    people = select(Person.id, Person.team_id).where(col(Person.kickoff_id) == kickoff.id)
    team_of = {id: team or "" for id, team in session.execute(people).all()}
    teams = {team.id: team.name for team in session.scalars(teams_of(kickoff.id))}
    rows = sorted(rows_of(session, kickoff), key=lambda row: (not row.is_open, row.due is None))
    return drawn([_thing(row, kickoff, team_of) for row in rows], kickoff, teams)


def _thing(row: Row, kickoff: Kickoff, team_of: dict[str, str]) -> Thing:
    day = (row.due - kickoff.day).days if row.due and kickoff.day else None
    return Thing(
        id=row.id,
        kind=ACTION,
        title=row.title,
        team_id=row.team_id or team_of.get(row.owner_id, ""),
        owner=row.owner,
        starts=day,
        ends=day,
        first=row.due,
        last=row.due,
        state=REACHED if row.status == DONE else LATE if row.status == RED else AHEAD,
        waits=row.first_ids,
        word=_word(row),
    )


def _word(row: Row) -> str:
    if row.status in (DONE, REPLANNED) or OVERDUE not in row.reasons:
        return gettext(dict(SHOWN_STATUSES)[row.status])
    return gettext(dict(REASONS)[OVERDUE])
