"""What a batch must know of the activity before its votes can be judged: the entries they refer to,
what their senders have written, what is counted already.

Most kinds ask for little of it. Whether a kind asks is in `Asked`, so that a room which only votes
is not gone through, vote by vote, for what a board of cards would need.
"""

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection

from app.live.activity import EntryView
from app.live.ledger_sql import Statements, run
from app.live.votes import Key, Lane, Ticket


def entries(
    connection: Connection, sql: Statements, tickets: Sequence[Ticket]
) -> dict[str, dict[str, EntryView]]:
    """By activity: the entries that these submissions refer to, and all that are in the places they
    ask for."""
    known: dict[str, dict[str, EntryView]] = {t.vote.activity_id: {} for t in tickets}
    needed = {
        (t.vote.activity_id, entry_id)
        for t in tickets
        if t.asked.refers
        for entry_id in t.asked.logic.refers(t.submission)
    }
    places = {
        (t.vote.activity_id, place)
        for t in tickets
        if t.asked.surveys
        for place in t.asked.logic.surveys(t.submission, t.sender.group_id)
    }
    there = (
        *run(connection, sql.entries, sorted(needed)),
        *run(connection, sql.entries_at, sorted(places)),
    )
    for activity_id, *told in there:
        if isinstance(told[-1], str):  # SQLite's JSON is text
            told[-1] = orjson.loads(told[-1])
        view = EntryView(*told)
        known[activity_id][view.id] = view
    return known


def written(
    connection: Connection, sql: Statements, tickets: Sequence[Ticket]
) -> dict[Key, dict[str, str]]:
    """What the ballots have written and its states, where a kind asks."""
    asking = {t.ballot for t in tickets if t.asked.writes and t.asked.logic.writes(t.submission)}
    rows = run(connection, sql.written, sorted(asking))
    found: dict[Key, dict[str, str]] = {ballot: {} for ballot in asking}
    for activity_id, key, entry_id, state in rows:
        found[activity_id, key][entry_id] = state
    return found


def newest(connection: Connection, sql: Statements, tickets: Sequence[Ticket]) -> dict[Lane, int]:
    """By lane the newest that is counted already, where what one sends is a premise for what comes
    after it in the batch: then it matters here that it came too late."""
    asking: dict[str, set[Key]] = {}
    votes: dict[str, int] = {}
    for ticket in tickets:
        asked, activity_id = ticket.asked, ticket.vote.activity_id
        if asked.surveys or (asked.writes and asked.logic.writes(ticket.submission)):
            asking.setdefault(activity_id, set()).add(ticket.ballot)
            votes[activity_id] = votes.get(activity_id, 0) + 1
    ballots = [ballot for which, of in asking.items() if votes[which] > 1 for ballot in of]
    rows = run(connection, sql.ballots, sorted(ballots))
    return {(activity_id, key, lane): seq for activity_id, key, lane, seq in rows}
