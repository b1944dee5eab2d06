"""How a batch of votes becomes rows: judged in memory between two looks and one round of writes.

Within one transaction: who they are → whether the id is known (its receipt is already there) →
what they refer to → each kind's `accept` → ballots, marks, entries (`folding`).
"""

from collections.abc import Mapping, Sequence

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
from app.live import folding, foresight, lookups, receipts
from app.live.activity import BallotState, Change, EntryView
from app.live.ledger_sql import Statements, run
from app.live.vault import Vault
from app.live.votes import Asked, Key, Lane, Person, Present, Ticket, Vote, asked_by

NOTHING_OWNED: Mapping[str, str] = {}


class Counting:
    """One batch. `answers[i]` is what vote i is answered: None is an acknowledgement."""

    def __init__(
        self,
        sql: Statements,
        vault: Vault,
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
        activities = {row[1]: asked_by(row, self._vault) for row in rows}
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
        known: list[str] = []
        fresh: list[tuple[str, str, str]] = []
        for vote_id, ticket in self._tickets.items():
            ticket.refusal = _refusal(ticket)
            if ticket.refusal is None:
                fresh.append((vote_id, ticket.vote.activity_id, ticket.digest))
            else:
                known.append(vote_id)
        # Sorted: no two writers wait for each other's, and no page tells who came first.
        known += receipts.put(connection, self._sql, sorted(fresh))
        if known:
            self._drop(connection, known)

    def _drop(self, connection: Connection, known: Sequence[str]) -> None:
        """Answer those whose id was known or who may not vote: as the earlier one was, if there is
        such a one."""
        there = receipts.find(connection, self._sql, known)
        for vote_id in known:
            ticket = self._tickets.pop(vote_id)
            try:
                if (receipt := there.get(vote_id)) is not None:
                    ticket.receipt = receipt
                    _demand_same(ticket, receipt)
                elif ticket.refusal is not None:
                    raise ticket.refusal
            except KickoffError as error:
                self.answers[ticket.number] = error

    def _judge(self, connection: Connection) -> None:
        asked_for = tuple(self._tickets.values())
        known = lookups.entries(connection, self._sql, asked_for)
        newest = lookups.newest(connection, self._sql, asked_for)
        written = lookups.written(connection, self._sql, asked_for)
        refused = []
        for ticket in self._tickets.values():
            entries = known[ticket.vote.activity_id]
            try:
                change = _accept(ticket, entries, newest, written)
            except KickoffError as error:
                self.answers[ticket.number] = error
                refused.append(ticket.vote.id)
                continue
            if change is not None and (change.entries or change.updates):
                foresight.foresee(entries, change)
        for vote_id in refused:
            del self._tickets[vote_id]
        run(connection, self._sql.drop_receipts, [[vote_id] for vote_id in refused])

    def _store(self, connection: Connection) -> None:
        folds: dict[Lane, folding.Fold] = {}
        for ticket in self._tickets.values():
            if (change := ticket.change) is None:
                continue
            vote, fold = ticket.vote, folds.get(ticket.lane)
            if fold is not None:
                fold.add(vote.seq, change, ticket.number)
                continue
            author = None if ticket.asked.anonymous else vote.participant_id
            folds[ticket.lane] = folding.Fold(
                vote.seq, ticket.sender.people, author, change, ticket.number
            )
        folding.store(connection, self._sql, folds)


def _ticket(vote: Vote, number: int, asked: Asked | None, sender: Person | None) -> Ticket:
    if asked is None or asked.room_id != vote.room_id:
        raise NotFound
    if sender is None or sender.removed or sender.room_id != vote.room_id:
        raise NotAllowed
    key = asked.key_of(vote.participant_id)
    return Ticket(vote, number, asked, (vote.activity_id, key), sender, asked.digest(key, vote))


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
        ticket.submission = ticket.asked.parse(ticket.vote.data)
    except ValidationError as error:
        faults = [Fault("/" + "/".join(map(str, e["loc"])), e["msg"]) for e in error.errors()[:5]]
        return Invalid("the submission does not fit the activity", faults=faults)
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
    group_id = ticket.sender.group_id
    state = BallotState(*ballot, asked.stage, known, ticket.vote.id, group_id, owned)
    change = asked.logic.accept(asked.config, state, ticket.submission)
    lane = (*ballot, change.lane)
    seen = newest.get(lane, -1)
    if seq < seen:
        return None
    ticket.change, ticket.lane = change, lane
    newest[lane] = seq
    if asked.logic.shared_writing:
        foresight.own(written.setdefault(ballot, {}), change)
    return change


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
