"""What keeps several answers of one attendee apart, taken out one at a time. Each function patches
the loaded product.

| saboteur           | red, as seen: test_counting_kinds.py (SQLite)                              |
|--------------------|----------------------------------------------------------------------------|
| acked_early        | T01: what was acknowledged just before kill -9 is not there                |
| lanes_ignored      | T01, T03, T04, T05: what one wrote was theirs no more, other votes gone    |
| one_sequence       | T03, T04: votes and questions that came later than others were dropped     |
| merge_counts_twice | T01, T03, T04, T05: a place more in the ranking, a vote more for a question |
| whole_entries      | T01, T03, T04, T05: who set a card's date took its owner away              |
| action_each_time   | T03: as many actions of a card as took it on                               |

Of those of counting it is red with `ack_before_commit` and `counter_instead_of_query` (all four),
`no_sequence_check` (T03, T04), `no_receipts` (T01, T03), and on PostgreSQL `no_unique_constraint`
(T04) and `foreign_key_closing` (T05).
"""

import time
from typing import Any

from app.live import ledger, ledger_sql, merging, votes
from app.operations import actions, cards, obstacles


def lanes_ignored() -> None:
    """A new answer takes the place of all that its sender has said before."""
    init = ledger_sql.Statements.__init__

    def one_lane(self: Any, *, sqlite: bool) -> None:
        init(self, sqlite=sqlite)
        rows = ledger_sql._sqlite_rows if sqlite else ledger_sql._postgres_rows
        self.clear_marks = (
            f"DELETE FROM mark WHERE (activity_id, key) IN (SELECT c0, c1 FROM {rows(3)})"
        )

    ledger_sql.Statements.__init__ = one_lane


def one_sequence() -> None:
    """What is older than anything newer of its sender is dropped, whatever it was about."""
    init = ledger_sql.Statements.__init__

    def in_one_order(self: Any, *, sqlite: bool) -> None:
        init(self, sqlite=sqlite)
        newer = (
            "NOT EXISTS (SELECT 1 FROM ballot b WHERE b.activity_id = c0 AND b.key = c1 "
            "AND b.seq > CAST(c3 AS bigint))"
        )
        rows = ledger_sql._sqlite_rows if sqlite else ledger_sql._postgres_rows
        _, found, conflict = self.put_ballots.partition(" ON CONFLICT")
        number = "CAST({} AS bigint)"
        self.put_ballots = (
            "INSERT INTO ballot (activity_id, key, lane, seq, people) "
            f"SELECT c0, c1, c2, {number.format('c3')}, {number.format('c4')} "
            f"FROM {rows(5)} WHERE {newer}{found}{conflict}"
        )

    ledger_sql.Statements.__init__ = in_one_order


def merge_counts_twice() -> None:
    """Who had marked both that are one now is counted for each."""

    def added(marks: Any, root_of: Any) -> Any:
        return [
            (root_of.get(entry, entry), value, bool(table), people)
            for _, entry, value, table, people in marks
        ]

    merging.folded = added


def whole_entries() -> None:
    """A change of one member of a card writes all of them, as the last who looked knew them."""
    update_of = ledger_sql._patched
    ledger_sql._patched = lambda column, patch, sqlite: (
        patch if sqlite else update_of("NULL", patch, sqlite)
    )


def action_each_time() -> None:
    """Whoever takes something on makes an action of it, also where there is one already."""
    create = actions.create_action

    def another(session: Any, kickoff_id: str, **said: Any) -> Any:
        return create(session, kickoff_id, **(said | {"source_entry_id": None}))

    cards.create_action = obstacles.create_action = another


def acked_early() -> None:
    """Who has arrived is there for good; what they say is acknowledged 300 ms before its commit."""
    put, commit = ledger.Ledger.put, ledger.Ledger._commit

    def put_and_ack(self: Any, item: Any, done: Any) -> None:
        early = isinstance(item, votes.Vote)
        if early:
            done(None)
        put(self, item, (lambda error: None) if early else done)

    def commit_late(self: Any, items: Any) -> Any:
        time.sleep(0.3)
        return commit(self, items)

    ledger.Ledger.put, ledger.Ledger._commit = put_and_ack, commit_late
