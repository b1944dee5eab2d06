"""What keeps answers anonymous, taken out one at a time. Each function patches the loaded product.

| saboteur              | red, as seen                                                          |
|-----------------------|-----------------------------------------------------------------------|
| participants_table    | at_rest: tables that say who answered; transactions (SQLite)          |
| last_seen             | at_rest: times, transactions; orders in an open copy (PostgreSQL)     |
| one_transaction       | at_rest: transactions (SQLite: needs an arrival in the same moment)   |
| texts_keep_their_rows | at_rest: orders of rows, one transaction for all (PostgreSQL)         |
| key_is_kept           | at_rest: the key is nowhere, both databases                           |
| secure_delete_off     | at_rest: nothing made with the key is left (SQLite)                   |
| log_is_not_truncated  | the same                                                              |
| ballots_are_kept      | at_rest: all, for nothing is ever scrubbed                            |
| line_per_answer       | at_rest: the log is silent, both databases                            |
| mode_is_a_detail      | mode: switched by no door, both ways                                  |
| mode_by_command       | the same                                                              |
| names_in_results      | mode: nothing that is shown names anybody                             |
| keys_are_made_anew    | lost_key: frozen                                                      |
| nobody_misses_keys    | lost_key: frozen                                                      |
"""

import logging
from dataclasses import replace
from typing import Any

from sqlalchemy import event, text

from app import database, write_ahead_log
from app.live import conduct, counting, keys, ledger, live, prepared, scrubbing, state, vault


def participants_table() -> None:
    """A table of who has answered, written beside the ballots."""
    begun, store = ledger.Ledger.__init__, counting.Counting._store

    def with_table(self: Any, base: Any, *others: Any) -> None:
        begun(self, base, *others)
        with base.transaction() as connection:
            connection.execute(
                text("CREATE TABLE IF NOT EXISTS voted (participant_id TEXT, activity_id TEXT)")
            )

    def store_and_note(self: Any, connection: Any) -> None:
        store(self, connection)
        for vote in self._votes:
            connection.execute(
                text("INSERT INTO voted VALUES (:who, :what)"),
                {"who": vote.participant_id, "what": vote.activity_id},
            )

    ledger.Ledger.__init__, counting.Counting._store = with_table, store_and_note


def last_seen() -> None:
    """The attendee's row says when they last answered."""
    store = counting.Counting._store

    def store_and_see(self: Any, connection: Any) -> None:
        store(self, connection)
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if _is_sqlite(connection) else "now()"
        for vote in self._votes:
            connection.execute(
                text(f"UPDATE participant SET joined_at = {now} WHERE id = :who"),
                {"who": vote.participant_id},
            )

    counting.Counting._store = store_and_see


def one_transaction() -> None:
    """Arrivals and answers are committed together."""
    ledger.Ledger._commit = lambda self, items: self._commit_together(items)


def texts_keep_their_rows() -> None:
    """Scrubbing leaves what people wrote where it lies."""
    scrubbing._shuffle_texts = lambda *_: {}


def key_is_kept() -> None:
    """Keys are not destroyed."""
    for kind in (vault.FileVault, vault.RedisVault):
        kind.destroy = lambda *_: None


def secure_delete_off() -> None:
    """SQLite leaves what was deleted in its free pages."""
    engine = database._sqlite_engine

    def careless(url: str) -> Any:
        made = engine(url)
        event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete=OFF"))
        return made

    database._sqlite_engine = careless


def log_is_not_truncated() -> None:
    """SQLite's log keeps what it held."""
    write_ahead_log.cut = lambda *_: True


def ballots_are_kept() -> None:
    """Nothing is scrubbed."""
    live.scrubbing.due = lambda *_: []


def line_per_answer() -> None:
    """The server's log has a line for every answer."""
    put = ledger.Ledger.put

    def put_and_say(self: Any, item: Any, done: Any) -> None:
        logging.getLogger("app.live").info("answer of %s", getattr(item, "participant_id", ""))
        put(self, item, done)

    ledger.Ledger.put = put_and_say


def _is_sqlite(connection: Any) -> bool:
    return connection.dialect.name == "sqlite"


def mode_is_a_detail() -> None:
    """What has been opened may be changed as a draft may."""
    prepared._require_draft = lambda activity: None


def mode_by_command() -> None:
    """A new round may ask in another mode."""

    class Otherwise(conduct.OneActivity):
        mode: str | None = None

    once_more = conduct.new_round

    def otherwise(move: Any, data: Any) -> Any:
        answer = once_more(move, conduct.OneActivity(activity=data.activity))
        if data.mode:
            move.activity(answer["activity"]).mode = data.mode
        return answer

    command = conduct.COMMANDS["activity.new_round"]
    conduct.COMMANDS["activity.new_round"] = replace(command, run=otherwise, data=Otherwise)


def names_in_results() -> None:
    """Entries carry their author, in anonymous activities too."""
    told = state.entries_of

    def with_names(entries: Any) -> Any:
        pairs = zip(told(entries), entries, strict=True)
        return [{**one, "author": entry.author} for one, entry in pairs]

    state.entries_of = with_names


def keys_are_made_anew() -> None:
    """Where a key is missing another one is made."""

    def make_and_take(kind: Any) -> None:
        key = kind.key

        def taken(self: Any, activity_id: str) -> Any:
            found = key(self, activity_id)
            if found is None:
                self.make(activity_id)
                found = key(self, activity_id)
            return found

        kind.key = taken

    make_and_take(vault.FileVault)
    make_and_take(vault.RedisVault)


def nobody_misses_keys() -> None:
    """An activity without its key stays open."""
    keys.KeyKeeper._miss = lambda *_: None
