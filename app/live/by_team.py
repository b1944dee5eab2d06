"""What teams answered, written down when an anonymous activity's ballots become counts.

A ballot never knows its team: a backup in which both stood side by side would tell what a team of
one has answered. Who is in which team is looked up here, while the activity's key is still there;
only figures that may be told are kept, and then the key goes.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.live.vault import tag
from app.models.activities import Activity, Entry, Mark, TeamTally
from app.models.rooms import Participant
from app.rules.team_figures import Said, told


def write(session: Session, activity: Activity, key: bytes | None) -> None:
    """Without the key nobody can say who was in which team: then there is nothing by team."""
    if key is None:
        return
    found = told(_said(session, activity, key))
    rows = [
        {"activity_id": activity.id, "team_id": team, "entry_id": entry, "value": v, "count": n}
        for (team, entry, v), n in sorted(found.items())
    ]
    if rows:
        session.execute(insert(TeamTally), rows)


def _said(session: Session, activity: Activity, key: bytes) -> Counter[Said]:
    """What phones said, but for what somebody wrote: that is one person's own."""
    teams = {
        tag(key, row[0]): row[1] or ""
        for row in session.execute(
            select(Participant.id, Participant.team_id).where(
                col(Participant.room_id) == activity.room_id
            )
        )
    }
    return Counter(
        Said(teams.get(ballot, ""), entry, value)
        for ballot, entry, value in _marks(session, activity)
    )


def _marks(session: Session, activity: Activity) -> Iterator[tuple[str, str, int]]:
    """At a table with one phone several teams may sit: its figures are told apart anyway."""
    written = select(Entry.id).where(
        col(Entry.activity_id) == activity.id, col(Entry.position) == ""
    )
    marks = select(Mark.key, Mark.entry_id, Mark.value).where(
        col(Mark.activity_id) == activity.id,
        col(Mark.people) == 1,
        col(Mark.entry_id).not_in(written),
    )
    for row in session.execute(marks):
        yield row[0], row[1], row[2]
