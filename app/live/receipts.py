"""Receipts of submissions that are acknowledged: which ids of a batch are new, and what is known of
those that are not."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.live.ledger_sql import Statements, changed, run
from app.live.votes import Key

Receipt = tuple[str, str, str]  # submission id, activity id, digest


def put(connection: Connection, sql: Statements, fresh: Sequence[Receipt]) -> list[str]:
    """Write them; the ids that had one already, which stays as it was."""
    if not sql.counts_receipts:
        new = {row[0] for row in run(connection, sql.put_receipts, fresh)}
        return [receipt[0] for receipt in fresh if receipt[0] not in new]
    # SQLite would hand over the new ones one by one, and the interpreter lock with each. They are
    # counted, and where some were there already, which is rare, asked for.
    if changed(connection, sql.put_receipts, fresh) == len(fresh):
        return []
    # Another connection sees what was there before this transaction, and nobody else writes.
    beside = connection.engine.execution_options(kickoff_write=False)
    with beside.connect() as before:
        return list(find(before, sql, [receipt[0] for receipt in fresh]))


def find(connection: Connection, sql: Statements, vote_ids: Sequence[str]) -> dict[str, Key]:
    """By submission id: in which activity it was counted, and the digest of what it said."""
    rows = run(connection, sql.receipts, [[vote_id] for vote_id in vote_ids])
    return {row[0]: (row[1], row[2]) for row in rows}
