"""All that was asked in a kickoff's rooms, with the votes it got: for the planners who answer it in
writing, and for who reads what they have published."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.live.activity import registry
from app.live.answers import activities_of, beside
from app.live.snapshot import ActivityView
from app.models.activities import Activity, ActivityStatus
from app.models.rooms import Room
from app.rules.questions import Question
from app.rules.tally import Source


@dataclass(frozen=True)
class Stream:
    """The questions of one activity, most votes first."""

    activity: ActivityView
    room_id: str
    room: str  # its name
    questions: tuple[Question, ...]
    position: str = ""  # of the activity in its room

    def key(self, one: Question) -> tuple[str, str, str, int, str]:
        """Where a question stands among all of the kickoff."""
        votes = one.votes + one.table_votes
        return self.room_id, self.position, self.activity.id, -votes, one.id

    def find(self, entry_id: str) -> Question | None:
        """The question that this entry is, or is a part of."""
        named = ((one, {one.id, one.root, *one.also}) for one in self.questions)
        return next((one for one, ids in named if entry_id in ids), None)


def streams_of(session: Session, kickoff_id: str, activity_id: str | None = None) -> list[Stream]:
    """Whatever was opened, whether or not it still is; those of the earliest room first. Of one
    activity alone, where it is named: the others are not counted then."""
    kinds = [kind for kind, logic in registry().items() if logic.takes_questions]
    wanted = (
        select(Activity, Room.name)
        .join(Room, col(Room.id) == col(Activity.room_id))
        .where(
            col(Activity.kickoff_id) == kickoff_id,
            col(Activity.kind).in_(kinds),
            col(Activity.status) != ActivityStatus.DRAFT,
        )
        .order_by(col(Activity.room_id), col(Activity.position), col(Activity.id))
    )
    if activity_id is not None:
        wanted = wanted.where(col(Activity.id) == activity_id)
    found = session.execute(wanted).all()
    activities = [activity for activity, _ in found]
    views = activities_of(session, activities, beside(session, activities))
    return [
        Stream(view, activity.room_id, room, _asked(view), activity.position)
        for view, (activity, room) in zip(views, found, strict=True)
    ]


def question_in(
    session: Session, kickoff_id: str, activity_id: str, entry_id: str
) -> tuple[Stream, Question]:
    """One question of the kickoff, or NotFound."""
    for stream in streams_of(session, kickoff_id, activity_id):
        found = stream.find(entry_id)
        if found is not None:
            return stream, found
    raise NotFound


def _asked(view: ActivityView) -> tuple[Question, ...]:
    """Votes are told here as they are told in the room."""
    told = replace(
        view,
        result=view.result if Source.PHONES in view.told else None,
        tables=view.tables if Source.TABLES in view.told else None,
    )
    listed = view.logic.listed(told)  # type: ignore[attr-defined]  # of kinds that take questions
    return tuple(one for one in listed if one.standing != "withdrawn")
