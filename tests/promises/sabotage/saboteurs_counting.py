"""What keeps the count right, taken out one at a time. Each function patches the loaded product.

| saboteur                 | red, as seen (both databases unless one is named)                  |
|--------------------------|--------------------------------------------------------------------|
| ack_before_commit        | T01, T03, T04, T05: whatever is acknowledged may be refused yet    |
| no_unique_constraint     | T04 (PostgreSQL, two processes); all others stay green             |
| no_sequence_check        | T03, T04; T01 and T05 stay green, where nothing comes out of order |
| no_receipts              | T03: other content under the same id                               |
| foreign_key_closing      | T05 (PostgreSQL): the first closing picture was not the result     |
| counter_instead_of_query | T01, T03, T04, T05                                                 |
| no_premise               | T07: both pressed "next", and both were carried out                |
| commands_not_remembered  | T07: a resend was refused                                          |
| event_without_data       | T07: the log could not be told again                               |
"""

import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from app.live import answers, commands, counting, keys, ledger, ledger_sql, moves, scrubbing


def ack_before_commit() -> None:
    """Write behind: acknowledged at once, committed 300 ms later."""
    put, commit = ledger.Ledger.put, ledger.Ledger._commit

    def put_and_ack(self: Any, item: Any, done: Any) -> None:
        done(None)
        put(self, item, lambda error: None)

    def commit_late(self: Any, items: Any) -> Any:
        time.sleep(0.3)
        return commit(self, items)

    ledger.Ledger.put, ledger.Ledger._commit = put_and_ack, commit_late


def no_unique_constraint() -> None:
    """An `if` in place of the constraint: look whether the ballot stands, else insert
    (PostgreSQL)."""
    init = ledger_sql.Statements.__init__
    begun = ledger.Ledger.__init__

    def without(self: Any, *, sqlite: bool) -> None:
        init(self, sqlite=sqlite)
        if sqlite:
            return
        rows = ledger_sql._postgres_rows(5)
        self.put_ballots = (
            f"WITH r AS (SELECT * FROM {rows}), "
            "changed AS (UPDATE ballot SET seq = CAST(c3 AS bigint) FROM r "
            "WHERE activity_id = c0 AND key = c1 AND lane = c2 AND seq <= CAST(c3 AS bigint) "
            "RETURNING activity_id, key, lane), "
            "made AS (INSERT INTO ballot (activity_id, key, lane, seq, people) "
            "SELECT c0, c1, c2, CAST(c3 AS bigint), CAST(c4 AS bigint) FROM r WHERE NOT EXISTS "
            "(SELECT 1 FROM ballot b WHERE b.activity_id = c0 AND b.key = c1 AND b.lane = c2) "
            "RETURNING activity_id, key, lane) "
            "SELECT * FROM changed UNION ALL SELECT * FROM made"
        )

    def dropping(self: Any, database: Any, *others: Any) -> None:
        begun(self, database, *others)
        if not database.is_sqlite:
            with database.engine.begin() as connection:
                connection.execute(text("ALTER TABLE ballot DROP CONSTRAINT IF EXISTS pk_ballot"))

    ledger_sql.Statements.__init__, ledger.Ledger.__init__ = without, dropping


def no_sequence_check() -> None:
    """The last to arrive wins, however old it is."""
    init, accept = ledger_sql.Statements.__init__, counting._accept

    def unordered(self: Any, *, sqlite: bool) -> None:
        init(self, sqlite=sqlite)
        self.put_ballots = self.put_ballots.replace(" WHERE ballot.seq <= excluded.seq", "")

    def accept_all(ticket: Any, known: Any, _newest: Any, written: Any) -> Any:
        return accept(ticket, known, {}, written)

    ledger_sql.Statements.__init__, counting._accept = unordered, accept_all


def no_receipts() -> None:
    """Submission ids are not remembered."""

    def all_new(self: Any, _connection: Any) -> None:
        """Nothing is kept; who may not vote is told so."""
        for vote_id, ticket in list(self._tickets.items()):
            if (refusal := counting._refusal(ticket)) is not None:
                self.answers[ticket.number] = refusal
                del self._tickets[vote_id]

    counting.Counting._drop_known = all_new


def foreign_key_closing() -> None:
    """No locks of ours: closing and voting are ordered by the foreign key alone (PostgreSQL)."""
    init = ledger_sql.Statements.__init__

    def unlocked(self: Any, *, sqlite: bool) -> None:
        init(self, sqlite=sqlite)
        self.lock_shared = None

    ledger_sql.Statements.__init__ = unlocked
    for module in (commands, keys, scrubbing):
        module.lock_activity = lambda *_: None


def counter_instead_of_query() -> None:
    """Results are added up in memory as answers come in."""
    counts: Counter[tuple[str, str, int]] = Counter()
    guard = threading.Lock()
    store, figures = counting.Counting._store, answers._figures

    def store_and_add(self: Any, connection: Any) -> None:
        with guard:
            for ticket in self._tickets.values():
                if ticket.change is not None:
                    counts.update((ticket.vote.activity_id, e, v) for e, v in ticket.change.marks)
        store(self, connection)

    def from_memory(session: Any, activities: Any, merged: Any) -> Any:
        found = figures(session, activities, merged)
        for activity in activities:
            own = [(e, v, n) for (a, e, v), n in counts.items() if a == activity.id]
            if activity.id in found:
                answered = sum(n for _, _, n in own)
                added_up = answers.tally.figures(answered, own)
                by_all = answers.Counted(added_up, answered)
                found[activity.id][answers.tally.Source.PHONES] = by_all
        return found

    counting.Counting._store, answers._figures = store_and_add, from_memory


def no_premise() -> None:
    """A command is carried out wherever the room is."""
    every = moves.table

    def bold() -> Any:
        return {name: replace(command, premise=False) for name, command in every().items()}

    moves.table = bold


def commands_not_remembered() -> None:
    """A command that comes again is judged anew."""
    commands._answered_before = lambda *_: None


def event_without_data() -> None:
    """The event log forgets what a command was about."""
    run = commands._run

    def forgetful(move: Any, command: Any, name: str, parsed: Any, *rest: Any) -> Any:
        answer = run(move, command, name, parsed, *rest)
        for new in move.session.new:
            if type(new).__name__ == "RoomEvent":
                new.data = {}
        return answer

    commands._run = forgetful
