"""How a batch of votes becomes rows: judged in memory between two looks and one round of writes.

Within one transaction: who they are → whether the id is known (its receipt is already there) →
what they refer to → each kind's `accept` → ballots, marks, entries, one statement each.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection

from app.errors import (
    ActivityClosed,
    Fault,
    IdReused,
    Invalid,
    KickoffError,
    NotAllowed,
    NotFound,
    NotSaved,
)
from app.live import vault as vaults
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    Change,
    EntryUpdate,
    EntryView,
    NewEntry,
    Refused,
    kind_of,
)
from app.live.ledger_sql import Statements, changed, run
from app.models.activities import ActivityStatus, Mode

Key = tuple[str, str]  # (activity id, ballot key)
Lane = tuple[str, str, str]  # … and the lane of the ballot
NOTHING_OWNED: Mapping[str, str] = {}


# Not frozen: one is made for every vote, and that would double its price.
@dataclass(slots=True)
class Vote:
    """One submission as it came through the door."""

    id: str
    seq: int
    activity_id: str
    room_id: str
    participant_id: str
    data: dict[str, Any]


class Person(NamedTuple):
    """A participant, as far as votes ask."""

    room_id: str
    people: int
    removed: bool
    group_id: str = ""


@dataclass(slots=True)
class Asked:
    """An activity as a batch finds it: what is the same for all its votes, found out once."""

    room_id: str
    logic: Activity
    config: Any
    stage: str | None
    is_open: bool
    anonymous: bool
    secret: bytes | None = (
        None  # of an anonymous activity: without it no ballot can be told from another
    )
    trouble: KickoffError | None = None  # the vault cannot be asked
    # Whether the kind says anything there at all: most do not, and are asked for every vote.
    surveys: bool = False
    writes: bool = False

    def __post_init__(self) -> None:
        kind = type(self.logic)
        self.surveys = kind.surveys is not Activity.surveys
        self.writes = kind.writes is not Activity.writes

    def key_of(self, participant_id: str) -> str:
        """The key of an attendee's ballot; "" where the activity's own key is gone or lost."""
        if not self.anonymous:
            return participant_id
        if self.trouble is not None:
            raise self.trouble
        return vaults.tag(self.secret, participant_id) if self.secret else ""


@dataclass(slots=True)
class Ticket:
    """A vote on its way: whose ballot it is, and what it changes (nothing, if superseded)."""

    vote: Vote
    number: int  # its place in the batch
    asked: Asked
    ballot: Key
    people: int
    digest: str
    group_id: str = ""  # the working group that the sender is in
    receipt: Key | None = None  # of the earlier submission that had its id
    refusal: KickoffError | None = None
    submission: Any = None
    change: Change | None = None
    lane: Lane = ("", "", "")  # in which that is


@dataclass(slots=True)
class Fold:
    """What all votes in one lane of a ballot in this batch come to."""

    seq: int
    people: int
    author: str | None
    cleared: bool = False
    marks: dict[tuple[str, int], None] = field(default_factory=dict)
    # Most votes have none of these, and one fold is made for nearly every vote.
    dropped: Iterable[tuple[str, int]] = ()
    entries: Sequence[NewEntry] = ()
    updates: Sequence[tuple[int, EntryUpdate]] = ()  # with when they came

    def add(self, change: Change, number: int) -> None:
        if change.replaces:
            self.cleared = True
            self.marks.clear()
        if change.unmarks:
            for mark in change.unmarks:
                self.marks.pop(mark, None)
            self.dropped = {*self.dropped, *change.unmarks}
        for mark in change.marks:
            self.marks[mark] = None
        if change.entries:
            self.entries = [*self.entries, *change.entries]
        if change.updates:
            self.updates = [*self.updates, *((number, update) for update in change.updates)]


class Present:
    """Who is in which room, remembered between commits: only a command can change it, and those
    raise the room's `control`; or a return (`seating`), after which it is forgotten. Asked within a
    transaction, so that a removal counts at once."""

    MOST_ROOMS = 64

    def __init__(self, sql: Statements) -> None:
        self._sql = sql
        self._known: dict[str, tuple[int, dict[str, Person]]] = {}

    def find(
        self, connection: Connection, votes: Sequence["Vote"], controls: Mapping[str, int]
    ) -> dict[str, "Person"]:
        """By participant: the senders of these votes, as far as there are such in the rooms whose
        present `control` is given."""
        wanted: dict[str, set[str]] = {}
        for vote in votes:
            wanted.setdefault(vote.room_id, set()).add(vote.participant_id)
        found: dict[str, Person] = {}
        for room_id in wanted.keys() & controls.keys():
            found.update(self._of_room(connection, room_id, controls[room_id], wanted[room_id]))
        return found

    def forget(self, room_id: str) -> None:
        """Somebody of that room is in another group, and no command has made it so."""
        self._known.pop(room_id, None)

    def _of_room(
        self, connection: Connection, room_id: str, control: int, wanted: set[str]
    ) -> dict[str, "Person"]:
        at, known = self._known.get(room_id, (control, {}))
        if at != control:
            known = {}
        new = [[participant_id] for participant_id in wanted - known.keys()]
        if new:
            rows = run(connection, self._sql.participants, new)
            known = known | {
                row[0]: Person(row[1], row[2], bool(row[3]), row[4] or "") for row in rows
            }
            if len(self._known) >= self.MOST_ROOMS:
                self._known.clear()
            self._known[room_id] = (control, known)
        return known


class Counting:
    """One batch. `answers[i]` is what vote i is answered: None is an acknowledgement."""

    def __init__(
        self,
        sql: Statements,
        vault: vaults.Vault,
        votes: Sequence[Vote],
        present: Present | None = None,
    ) -> None:
        self._sql = sql
        self._vault = vault
        self._votes = votes
        self._present = present or Present(sql)
        self._tickets: dict[str, Ticket] = {}  # by submission id, in order of arrival
        self._copies: list[tuple[Ticket, Ticket]] = []  # a repeated submission, and its first
        self.answers: list[KickoffError | None] = [None] * len(votes)

    def write(self, connection: Connection) -> list[KickoffError | None]:
        """Judge and write all votes. Locks come first, so closing waits for us or we for it."""
        activities = sorted({vote.activity_id for vote in self._votes})
        if self._sql.lock_shared is not None:
            run(connection, self._sql.lock_shared, [[activity] for activity in activities])
        self._identify(connection, activities)
        self._drop_known(connection)
        self._judge(connection)
        self._store(connection)
        for copy, first in self._copies:
            self.answers[copy.number] = self._answer_to(copy, first)
        return self.answers

    def _answer_to(self, copy: Ticket, first: Ticket) -> KickoffError | None:
        """A repeated submission is answered as its first, if it is the same."""
        try:
            _demand_same(copy, first.receipt or (first.vote.activity_id, first.digest))
        except KickoffError as error:
            return error
        return None if first.receipt else self.answers[first.number]

    def _identify(self, connection: Connection, activity_ids: Sequence[str]) -> None:
        rows = run(
            connection, self._sql.activities, [[activity_id] for activity_id in activity_ids]
        )
        activities = {row[1]: self._asked(*row[1:]) for row in rows}
        controls = {row[2]: row[0] for row in rows}
        people = self._present.find(connection, self._votes, controls)
        tickets, answers = self._tickets, self.answers
        for number, vote in enumerate(self._votes):
            try:
                ticket = _ticket(
                    vote, number, activities.get(vote.activity_id), people.get(vote.participant_id)
                )
                first = tickets.setdefault(vote.id, ticket)
                if first is not ticket:
                    self._copies.append((ticket, first))
            except KickoffError as error:
                answers[number] = error

    def _drop_known(self, connection: Connection) -> None:
        """Leave the tickets of votes that are new and may be judged; their receipts are written.

        Who may not vote any more may still hear again that an earlier vote was counted: where a
        vote cannot be judged, its id is only looked up.
        """
        shut: list[str] = []
        fresh: list[list[Any]] = []
        for vote_id, ticket in self._tickets.items():
            ticket.refusal = _refusal(ticket)
            if ticket.refusal is None:
                fresh.append([vote_id, ticket.vote.activity_id, ticket.digest])
            else:
                shut.append(vote_id)
        taken = {row[0] for row in run(connection, self._sql.put_receipts, fresh)}
        known = shut + [row[0] for row in fresh if row[0] not in taken]
        if not known:
            return
        receipts = self._receipts(connection, known)
        for vote_id in known:
            ticket = self._tickets.pop(vote_id)
            try:
                if (receipt := receipts.get(vote_id)) is not None:
                    ticket.receipt = receipt
                    _demand_same(ticket, receipt)
                elif ticket.refusal is not None:
                    raise ticket.refusal
            except KickoffError as error:
                self.answers[ticket.number] = error

    def _asked(
        self,
        activity_id: str,
        room_id: str,
        kind: str,
        status: str,
        stage: str | None,
        mode: str,
        config: Any,
    ) -> Asked:
        logic = kind_of(kind)
        raw = orjson.loads(config) if isinstance(config, str) else config
        asked = Asked(
            room_id,
            logic,
            logic.Config.model_validate(raw),
            stage,
            is_open=status == ActivityStatus.OPEN,
            anonymous=mode == Mode.ANONYMOUS,
        )
        if asked.anonymous:
            try:
                asked.secret = self._vault.key(activity_id)
            except KickoffError as error:
                asked.trouble = error
        return asked

    def _receipts(self, connection: Connection, vote_ids: Sequence[str]) -> dict[str, Key]:
        rows = run(connection, self._sql.receipts, [[vote_id] for vote_id in vote_ids])
        return {row[0]: (row[1], row[2]) for row in rows}

    def _judge(self, connection: Connection) -> None:
        tickets = self._tickets
        needed = {
            (t.vote.activity_id, entry_id)
            for t in tickets.values()
            for entry_id in t.asked.logic.refers(t.submission)
        }
        places = {
            (t.vote.activity_id, place)
            for t in tickets.values()
            if t.asked.surveys
            for place in t.asked.logic.surveys(t.submission, t.group_id)
        }
        known: dict[str, dict[str, EntryView]] = {}
        there = (
            *run(connection, self._sql.entries, sorted(needed)),
            *run(connection, self._sql.entries_at, sorted(places)),
        )
        for activity_id, *told in there:
            if isinstance(told[-1], str):  # SQLite's JSON is text
                told[-1] = orjson.loads(told[-1])
            view = EntryView(*told)
            known.setdefault(activity_id, {})[view.id] = view
        newest = self._newest(connection)
        written = self._written(connection)
        refused = []
        for ticket in tickets.values():
            try:
                entries = known.setdefault(ticket.vote.activity_id, {})
                change = _accept(ticket, entries, newest, written)
                if change is not None and (change.entries or change.updates):
                    _foresee(entries, change)
            except KickoffError as error:
                self.answers[ticket.number] = error
                refused.append(ticket.vote.id)
        for vote_id in refused:
            del tickets[vote_id]
        run(connection, self._sql.drop_receipts, [[vote_id] for vote_id in refused])

    def _written(self, connection: Connection) -> dict[Key, dict[str, str]]:
        """What the ballots have written and its states, where a kind asks."""
        asking = {
            t.ballot
            for t in self._tickets.values()
            if t.asked.writes and t.asked.logic.writes(t.submission)
        }
        rows = run(connection, self._sql.written, sorted(asking))
        written: dict[Key, dict[str, str]] = {ballot: {} for ballot in asking}
        for activity_id, key, entry_id, state in rows:
            written[activity_id, key][entry_id] = state
        return written

    def _newest(self, connection: Connection) -> dict[Lane, int]:
        """By lane the newest that is counted already, where what one sends is a premise for what
        comes after it in the batch: then it matters here that it came too late."""
        asking: dict[str, set[Key]] = {}
        votes: dict[str, int] = {}
        for ticket in self._tickets.values():
            asked, activity_id = ticket.asked, ticket.vote.activity_id
            if asked.surveys or (asked.writes and asked.logic.writes(ticket.submission)):
                asking.setdefault(activity_id, set()).add(ticket.ballot)
                votes[activity_id] = votes.get(activity_id, 0) + 1
        ballots = [ballot for which, of in asking.items() if votes[which] > 1 for ballot in of]
        rows = run(connection, self._sql.ballots, sorted(ballots))
        return {(activity_id, key, lane): seq for activity_id, key, lane, seq in rows}

    def _store(self, connection: Connection) -> None:
        folds: dict[Lane, Fold] = {}
        for ticket in self._tickets.values():
            if ticket.change is None:
                continue
            fold = folds.get(ticket.lane)
            if fold is None:
                author = None if ticket.asked.anonymous else ticket.vote.participant_id
                fold = folds[ticket.lane] = Fold(ticket.vote.seq, ticket.people, author)
            fold.seq = max(fold.seq, ticket.vote.seq)
            fold.add(ticket.change, ticket.number)
        kept = self._standing(connection, folds)
        cleared = [lane for lane, fold in kept.items() if fold.cleared]
        run(connection, self._sql.clear_marks, cleared)
        run(
            connection,
            self._sql.drop_marks,
            [[*lane, entry, value] for lane, fold in kept.items() for entry, value in fold.dropped],
        )
        self._store_entries(connection, kept)
        run(
            connection,
            self._sql.put_marks,
            [
                [*lane, e, value, fold.people]
                for lane, fold in kept.items()
                for e, value in fold.marks
            ],
        )

    def _standing(self, connection: Connection, folds: dict[Lane, Fold]) -> dict[Lane, Fold]:
        """Writes the ballots; those in which nothing newer is counted already."""
        ballots = [(*lane, fold.seq, fold.people) for lane, fold in folds.items()]
        if changed(connection, self._sql.put_ballots, ballots) == len(ballots):
            return folds
        there = run(connection, self._sql.ballots, sorted({lane[:2] for lane in folds}))
        newest = {(activity_id, key, lane): seq for activity_id, key, lane, seq in there}
        return {lane: fold for lane, fold in folds.items() if newest.get(lane) == fold.seq}

    def _store_entries(self, connection: Connection, kept: dict[Lane, Fold]) -> None:
        fresh: dict[Key, list[Any]] = {}
        own: dict[Key, list[Any]] = {}
        changes: list[tuple[int, str, EntryUpdate]] = []
        for (activity_id, _, _), fold in kept.items():
            for entry in fold.entries:
                # What everybody shares (a word of the cloud) has no author.
                author = fold.author if entry.overwrite or entry.own else None
                row = [activity_id, entry.id, entry.text, entry.state, author]
                if entry.overwrite:
                    own[activity_id, entry.id] = row
                else:
                    more = [entry.position, entry.place, _as_text(entry.data)]
                    fresh[activity_id, entry.id] = row + more
            if fold.updates:
                changes.extend((number, activity_id, update) for number, update in fold.updates)
        updates: dict[Key, EntryUpdate] = {}
        # Whoever came last has the last word, whatever lane it is in.
        for _, activity_id, update in sorted(changes, key=lambda one: one[0]):
            what = (activity_id, update.id)
            updates[what] = _together(updates[what], update) if what in updates else update
        run(connection, self._sql.put_entries, list(fresh.values()))
        run(connection, self._sql.overwrite_entries, list(own.values()))
        if self._sql.lock_entries is not None:
            run(connection, self._sql.lock_entries, list(updates))
        run(
            connection,
            self._sql.update_entries,
            [
                [activity_id, u.id, u.text, u.state, u.place, u.position, _as_text(u.data)]
                for (activity_id, _), u in updates.items()
            ],
        )


def _as_text(data: dict[str, Any] | None) -> str | None:
    return None if data is None else orjson.dumps(data).decode()


def _ticket(vote: Vote, number: int, asked: Asked | None, sender: Person | None) -> Ticket:
    if asked is None or asked.room_id != vote.room_id:
        raise NotFound
    if sender is None or sender.removed or sender.room_id != vote.room_id:
        raise NotAllowed
    key = asked.key_of(vote.participant_id)
    digest = _digest(asked.secret or b"", key, vote)
    return Ticket(
        vote, number, asked, (vote.activity_id, key), sender.people, digest, sender.group_id
    )


def _refusal(ticket: Ticket) -> KickoffError | None:
    """Why a vote cannot be judged at all, if it cannot; else parses it."""
    if not ticket.asked.is_open:
        return ActivityClosed()
    if not ticket.ballot[1]:
        # Nobody can tell now whose ballot it would be. Either the key comes back (another process
        # still has it) or the activity is frozen in a moment (`keys`), and then the answer is
        # another one.
        return NotSaved("the activity's key is not at hand")
    try:
        ticket.submission = _parsed(ticket.asked.logic, ticket.vote.data)
    except KickoffError as error:
        return error
    return None


def _accept(
    ticket: Ticket,
    known: Mapping[str, EntryView],
    newest: dict[Lane, int],
    written: dict[Key, dict[str, str]],
) -> Change | None:
    """What it changes; nothing where it is superseded within the batch: acknowledged, not
    applied."""
    asked, seq, ballot = ticket.asked, ticket.vote.seq, ticket.ballot
    owned = written.get(ballot, NOTHING_OWNED) if written else NOTHING_OWNED
    state = BallotState(*ballot, asked.stage, known, ticket.vote.id, ticket.group_id, owned)
    change = asked.logic.accept(asked.config, state, ticket.submission)
    lane = (*ballot, change.lane)
    seen = newest.get(lane, -1)
    if seq < seen:
        return None
    ticket.change, ticket.lane = change, lane
    newest[lane] = seq if seq > seen else seen
    if asked.logic.shared_writing:
        _own(written.setdefault(ballot, {}), change)
    return change


def _own(owned: dict[str, str], change: Change) -> None:
    """What the ballot has written, as the next of the batch finds it."""
    new = {entry_id for entry_id, value in change.marks if value == WROTE}
    owned.update({entry.id: entry.state for entry in change.entries if entry.id in new})
    owned.update({u.id: u.state for u in change.updates if u.state and u.id in owned})


def _foresee(known: dict[str, EntryView], change: Change) -> None:
    """What comes after it in the batch is judged by what it makes of the entries."""
    for made in change.entries:
        if made.id not in known and not made.overwrite:
            known[made.id] = EntryView(
                made.id,
                made.text,
                made.state,
                place=made.place,
                position=made.position,
                data=made.data,
            )
    for update in change.updates:
        if (entry := known.get(update.id)) is not None:
            named = ("text", "state", "place", "position")
            told = {n: value for n in named if (value := getattr(update, n)) is not None}
            if update.data is not None:
                held = {**(entry.data or {}), **update.data}
                told["data"] = {name: value for name, value in held.items() if value is not None}
            known[update.id] = replace(entry, **told)


def _together(first: EntryUpdate, then: EntryUpdate) -> EntryUpdate:
    """Two changes of one entry in the order in which they came."""
    data = first.data if then.data is None else {**(first.data or {}), **then.data}
    return EntryUpdate(
        then.id,
        text=first.text if then.text is None else then.text,
        state=first.state if then.state is None else then.state,
        place=first.place if then.place is None else then.place,
        position=first.position if then.position is None else then.position,
        data=data,
    )


def _parsed(logic: Activity, data: dict[str, Any]) -> Any:
    try:
        return logic.Submission.model_validate(data)
    except ValidationError as error:
        faults = [Fault("/" + "/".join(map(str, e["loc"])), e["msg"]) for e in error.errors()[:5]]
        raise Invalid("the submission does not fit the activity", faults=faults) from None
    except Refused:
        raise


def _demand_same(ticket: Ticket, known: Key) -> None:
    """The id is known: with the same content it is acknowledged again, with other content
    refused."""
    activity_id, digest = known
    # Without a digest (scrubbed) or without the key (lost), that it was counted there is all we
    # know.
    if activity_id != ticket.vote.activity_id or (
        digest and ticket.ballot[1] and digest != ticket.digest
    ):
        raise IdReused


def _digest(secret: bytes, key: str, vote: Vote) -> str:
    """Tells the same submission from another under the same id; keyed where the activity is
    anonymous."""
    said = _as_forms_say_it(vote.data)
    content = orjson.dumps([vote.activity_id, key, said], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, key=secret, digest_size=16).hexdigest()


def _as_forms_say_it(data: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as text, and nothing that is empty: what a socket took is the same when a phone whose
    line is gone sends it again by form."""
    return {
        name: value if type(value) in (str, list) else orjson.dumps(value).decode()
        for name, value in data.items()
        if value is not None and value != "" and value != []
    }
