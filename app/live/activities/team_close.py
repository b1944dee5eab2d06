"""Each group says what it takes on before people stand up: who, what for, the next step, and when
(L11). What it says is an action of the plan at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app import ids
from app.access import Permission
from app.errors import ActivityClosed, NotAllowed
from app.i18n import mark
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    BaseResult,
    Change,
    CommandCall,
    EntryUpdate,
    EntryView,
    Model,
    NewEntry,
    Said,
    Seen,
)
from app.live.commands import Move
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView
from app.models.actions import ActionSource
from app.models.activities import Activity as Row
from app.models.activities import ActivityStatus, Ballot, Entry, EntryState, Mark
from app.models.fields import Line, Title
from app.models.groups import WorkingGroup
from app.models.people import Person, Team
from app.models.rooms import Participant
from app.operations import people
from app.operations.actions import create_action
from app.rehearsal import phrases
from app.rules.tally import Figures

MOST_SHOWN = 200


class TeamCloseSubmission(Model):
    """As a program says it. Pages say it by the command, which makes an action of it too."""

    next_step: Title
    owner: Line = ""
    responsibility: Line = ""
    due: Annotated[date | None, Said] = None


class State(Model):
    """What one's group takes on; said again it is changed."""

    activity: str = Field(max_length=36)
    owner: Title
    responsibility: Line = ""
    next_step: Title
    due: Annotated[date | None, Said] = None


class OneStatement(Model):
    activity: str = Field(max_length=36)
    entry: str = Field(max_length=36)


class Statement(Model):
    """`who` is a group, a team or a person; "" where only its group's id is known."""

    id: str
    who: str
    owner: str
    responsibility: str
    next_step: str
    due: str


class TeamCloseResult(BaseResult):
    statements: list[Statement]
    more: int = 0  # beyond what is shown


def state(move: Move, data: State) -> dict[str, Any]:
    """The group's word: one statement and one action, whoever of the group says it."""
    activity = move.activity(data.activity)
    who = move.participant
    if who is None:
        raise NotAllowed
    if activity.status != ActivityStatus.OPEN:
        raise ActivityClosed
    entry_id, place, told = _whose(move, activity, who)
    owner = people.person_named(move.session, activity.kickoff_id, data.owner)
    said = {
        **told,
        "owner": owner.name,
        "owner_id": owner.id,
        "responsibility": data.responsibility,
        "due": data.due.isoformat() if data.due else "",
    }
    entry = move.session.get(Entry, (activity.id, entry_id))
    if entry is None:
        entry = Entry(activity_id=activity.id, id=entry_id, text="", author=who.id)
        move.session.add(entry)
    entry.text, entry.place, entry.data = data.next_step, place, said
    _note_answer(move, activity, who, entry_id)
    team = {"team_id": who.team_id} if not place and who.team_id else {}
    action = create_action(
        move.session,
        activity.kickoff_id,
        title=data.next_step,
        owner_id=owner.id,
        due=data.due,
        source=ActionSource.TEAM_CLOSE,
        source_activity_id=activity.id,
        source_entry_id=entry_id,
        **team,
    )
    move.event_data["title"] = activity.title
    return {"entry": entry_id, "action": action.id}


def act(move: Move, data: OneStatement) -> dict[str, Any]:
    """An action of what a program said for a group."""
    activity = move.activity(data.activity)
    entry = move.entry(data.activity, data.entry)
    said = entry.data or {}
    name = str(said.get("owner", ""))
    owner_id = people.meant(move.session, activity.kickoff_id, name=name)
    entry.data = {**said, "owner_id": owner_id or ""}
    action = create_action(
        move.session,
        activity.kickoff_id,
        title=entry.text,
        owner_id=owner_id,
        due=date.fromisoformat(said["due"]) if said.get("due") else None,
        source=ActionSource.TEAM_CLOSE,
        source_activity_id=activity.id,
        source_entry_id=entry.id,
    )
    return {"action": action.id}


def _whose(move: Move, activity: Row, who: Participant) -> tuple[str, str | None, dict[str, str]]:
    """The entry of the sender's group, else of the team, else of the phone; its place, and what
    it is called."""
    group = move.session.get(WorkingGroup, who.working_group_id) if who.working_group_id else None
    if group is not None:
        return _entry_of_group(activity.id, group.id), group.id, {"who": group.name}
    team = move.session.get(Team, who.team_id) if who.team_id else None
    if team is not None:
        entry_id = ids.derived_id(activity.id, f"team:{team.id}")
        return entry_id, None, {"who": team.name, "team": team.name}
    person = move.session.get(Person, who.person_id) if who.person_id else None
    name = who.name or (person.name if person else "")
    return BallotState(activity.id, who.id).own_entry(), None, {"who": name}


def _entry_of_group(activity_id: str, group_id: str) -> str:
    return ids.derived_id(activity_id, f"group:{group_id}")


def _note_answer(move: Move, activity: Row, who: Participant, entry_id: str) -> None:
    """That this phone has answered, and what: as a submission would leave it."""
    key = (activity.id, who.id, "")
    ballot = move.session.get(Ballot, key)
    if ballot is None:
        ballot = Ballot(activity_id=activity.id, key=who.id, seq=0, people=who.people)
    ballot.seq += 1
    move.session.add(ballot)
    move.session.flush()
    if move.session.get(Mark, (*key, entry_id, WROTE)) is None:
        mark_of = {"activity_id": activity.id, "key": who.id, "entry_id": entry_id}
        move.session.add(Mark(**mark_of, value=WROTE, people=who.people))
        move.session.flush()


class TeamClose(Activity):
    kind = "team_close"
    name = mark("Team close")
    icon = "handshake"
    Submission, Result = TeamCloseSubmission, TeamCloseResult
    ready = (
        Ready(
            Use.WORK,
            mark("Word of each group"),
            mark("What does your group take with it?"),
            "handshake",
            mode="named",
        ),
    )
    modes = ("named",)
    moderated = True
    shared_writing = True
    by_source = False
    by_group = True
    reveals = False
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "state": CommandCall(state, Permission.SUBMIT, State, premise=False),
        "act": CommandCall(act, Permission.FACILITATE, OneStatement, premise=False),
    }

    def accept(self, config: Any, state: BallotState, submission: TeamCloseSubmission) -> Change:
        group = state.group_id
        entry_id = _entry_of_group(state.activity_id, group) if group else state.own_entry()
        said = {
            "owner": submission.owner,
            "owner_id": "",  # who that is on the people list is found when it becomes an action
            "responsibility": submission.responsibility,
            "due": submission.due.isoformat() if submission.due else "",
        }
        made = NewEntry(entry_id, submission.next_step, own=True, place=group or None, data=said)
        changed = EntryUpdate(entry_id, text=submission.next_step, data=said)
        return Change(marks=[(entry_id, WROTE)], entries=[made], updates=[changed])

    def result(
        self, config: Any, entries: Sequence[EntryView], figures: Figures
    ) -> TeamCloseResult:
        visible = sorted(
            (e for e in entries if e.state == EntryState.VISIBLE), key=lambda entry: entry.id
        )
        statements = [_statement(entry) for entry in visible]
        statements.sort(key=lambda each: (each.who.casefold(), each.id))
        return TeamCloseResult(
            answered=figures.answered,
            statements=statements[:MOST_SHOWN],
            more=max(0, len(statements) - MOST_SHOWN),
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        found = [entries[entry_id] for entry_id, _ in marks if entry_id in entries]
        return {"next_step": found[-1].text} if found else {}

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        return {
            "owner": random.choice(phrases.NAMES),
            "responsibility": random.choice(phrases.WORDS),
            "next_step": random.choice(phrases.SENTENCES)[:200],
        }

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        """As they come: nobody is steered by them, and the room sees who is still to speak."""
        return [entry for entry in activity.entries if entry.state == EntryState.VISIBLE]

    def of_group(self, activity: ActivityView, group_id: str) -> ActivityView:
        own = tuple(entry for entry in activity.entries if (entry.place or "") == group_id)
        return replace(activity, entries=own)


def _statement(entry: EntryView) -> Statement:
    said = entry.data or {}
    return Statement(
        id=entry.id,
        who=str(said.get("who", "")),
        owner=str(said.get("owner", "")),
        responsibility=str(said.get("responsibility", "")),
        next_step=entry.text,
        due=str(said.get("due", "")),
    )
