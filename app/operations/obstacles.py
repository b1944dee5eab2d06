"""An obstacle gets an owner: named on stage, or taken on from the own phone. What comes of it is an
action of the plan (L5, F2)."""

from datetime import date, timedelta

from sqlmodel import Session

from app.errors import Conflict, Invalid, NotFound
from app.i18n import mark
from app.models.actions import Action, ActionSource, Window
from app.models.activities import Activity, Entry
from app.models.kickoffs import Kickoff
from app.models.people import Person, people_of
from app.models.rooms import Participant
from app.operations import records
from app.operations.actions import action_of, create_action
from app.operations.derived import today_in
from app.operations.entities import ACTIONS
from app.operations.people import among, person_named

DAYS = 30  # so long has whoever says nothing of a date


class Nameless(Invalid):
    """Whoever takes something on says who they are."""

    speaks = True


class Taken(Conflict):
    """Somebody else owns it: said to whoever would have taken it."""

    speaks = True


def give(
    session: Session,
    activity: Activity,
    entry: Entry,
    called: str,
    *,
    owner_id: str | None = None,
    owner_name: str | None = None,
    due: date | None = None,
    window: Window | None = None,
) -> Action:
    """The obstacle's action with this owner, date and window: made, or changed to that. `called`
    is what stands of it: whoever wrote it first may have taken back their words."""
    owner = _owner(session, activity.kickoff_id, owner_id, owner_name)
    _noted(entry, taken=None)
    return _act(session, activity, entry, called, owner, due, window)


def take(
    session: Session,
    activity: Activity,
    entry: Entry,
    called: str,
    participant: Participant,
    name: str,
) -> Person:
    """Who holds this phone owns it, unless somebody does already; date and window stay, and who
    finds none has a month."""
    there = action_of(session, activity.kickoff_id, activity.id, entry.id)
    owner = _who(session, activity.kickoff_id, participant, name)
    if there is not None and there.owner_id not in (None, owner.id):
        raise Taken(mark("%(name)s has taken this one already."), name=_name(session, there))
    due, window = (there.due, there.window) if there is not None else (None, None)
    if due is None and window is None:
        due = due_by(session, activity.kickoff_id)
    _act(session, activity, entry, called, owner, due, window)
    _noted(entry, accepted=owner.id, taken=owner.id)
    return owner


def release(
    session: Session, activity: Activity, entry: Entry, participant: Participant, name: str
) -> None:
    """Who has taken it on here takes that back. What came of it alone is gone from the plan."""
    there = action_of(session, activity.kickoff_id, activity.id, entry.id)
    owner_id = there.owner_id if there is not None else None
    if there is None or owner_id is None or (entry.data or {}).get("taken") != owner_id:
        raise NotFound(mark("You have not taken this one on here."))
    _demand(session, session.get_one(Person, owner_id), participant, name)
    if there.version == 1:
        records.remove(session, ACTIONS, there)
    else:
        records.change(session, ACTIONS, there, {"owner_id": None})
    _noted(entry, accepted=None, taken=None)


def due_by(session: Session, kickoff_id: str) -> date:
    """When what was taken on is due, where nobody has said: a month after the day."""
    kickoff = session.get_one(Kickoff, kickoff_id)
    return a_month_after(kickoff.day, today_in(kickoff))


def a_month_after(day: date | None, today: date) -> date:
    return max(day or today, today) + timedelta(days=DAYS)


def accept(
    session: Session, activity: Activity, entry: Entry, participant: Participant, name: str
) -> Person:
    """Who was named as the owner, and is the one who holds this phone, says yes."""
    there = action_of(session, activity.kickoff_id, activity.id, entry.id)
    if there is None or there.owner_id is None:
        raise NotFound(mark("Nobody has been named for this one yet."))
    named = session.get_one(Person, there.owner_id)
    _demand(session, named, participant, name)
    _is(participant, named)
    _noted(entry, accepted=named.id)
    return named


def _demand(session: Session, named: Person, participant: Participant, name: str) -> None:
    """That it is this person who holds the phone."""
    listed = session.scalars(people_of(named.kickoff_id)).all()
    called = among(listed, name or participant.name)
    is_another = participant.person_id is not None and participant.people == 1
    if participant.person_id != named.id and (is_another or called is not named):
        raise Taken(mark("This one was given to %(name)s."), name=named.name)


def _act(
    session: Session,
    activity: Activity,
    entry: Entry,
    called: str,
    owner: Person | None,
    due: date | None,
    window: Window | str | None,
) -> Action:
    there = action_of(session, activity.kickoff_id, activity.id, entry.id)
    return create_action(
        session,
        activity.kickoff_id,
        # What it is called in the plan by now stands.
        title=there.title if there is not None else called,
        owner_id=owner.id if owner is not None else None,
        due=due,
        window=window,
        team_id=there.team_id if there is not None else None,
        source=ActionSource.OBSTACLE,
        source_activity_id=activity.id,
        source_entry_id=entry.id,
    )


def _owner(
    session: Session, kickoff_id: str, owner_id: str | None, name: str | None
) -> Person | None:
    if name:
        return person_named(session, kickoff_id, name)
    if owner_id is None:
        return None
    found = session.get(Person, owner_id)
    if found is None or found.kickoff_id != kickoff_id:
        raise NotFound(mark("There is no such person in this kickoff."))
    return found


def _who(session: Session, kickoff_id: str, participant: Participant, name: str) -> Person:
    """Who the attendee is on the people list, tied to it on the spot. At a table's phone several
    are, and each says who."""
    if participant.people > 1 and name:
        return person_named(session, kickoff_id, name)
    known = session.get(Person, participant.person_id) if participant.person_id else None
    if known is None:
        called = participant.name or name
        if not called:
            raise Nameless(mark("Say who you are first."))
        known = person_named(session, kickoff_id, called)
    _is(participant, known)
    return known


def _is(participant: Participant, person: Person) -> None:
    participant.person_id = participant.person_id or person.id
    participant.name = participant.name or person.name


def _noted(entry: Entry, **told: str | None) -> None:
    """On the entry: who has said yes, and who took it on from a phone; None takes it away."""
    data = {**(entry.data or {}), **told}
    entry.data = {name: value for name, value in data.items() if value is not None} or None


def _name(session: Session, action: Action) -> str:
    owner = session.get(Person, action.owner_id) if action.owner_id else None
    return owner.name if owner is not None else ""
