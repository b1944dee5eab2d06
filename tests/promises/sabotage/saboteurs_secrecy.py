"""What keeps answers secret, taken out one at a time. Each function patches the loaded product.

| saboteur        | red                                                          |
|-----------------|--------------------------------------------------------------|
| order_kept      | the published order: 48 of 48                                |
| key_in_database | the key is nowhere but in its place; nowhere in the end      |
| row_lock        | nothing that names an attendee is written (PostgreSQL)       |
| truncate_once   | a reader in the way                                          |
| log_requests    | no line is written (a form's request)                        |
| log_refusals    | no line is written                                           |
"""
# ruff: noqa: PLC0415 -- each imports only what it breaks


def key_in_database() -> None:
    """The key stands in the log of the room's events."""
    from app.live import conduct

    open_ = conduct._open

    def opened(move, activity):
        open_(move, activity)
        key = move.vault.key(activity.id)
        if key is not None:
            move.event_data["key"] = key.hex()

    conduct._open = opened


def truncate_once() -> None:
    """Truncating the log is tried once, whoever reads just then."""
    from app import write_ahead_log

    truncate = write_ahead_log.cut

    def once(database):
        truncate(database)
        return True

    write_ahead_log.cut = once


def order_kept() -> None:
    """Texts stay the rows that they were, and their ids grow with time, as those of records do."""
    from app import ids
    from app.live import scrubbing
    from app.live.activity import BallotState

    known = {}

    def own_entry(self, name=""):
        return known.setdefault((self.activity_id, self.key, name), ids.new_id())

    BallotState.own_entry = own_entry
    scrubbing._shuffle_texts = lambda session, activity: {}


def row_lock() -> None:
    """Whoever answers is locked meanwhile, as a foreign key would do it: no value changes."""
    from app.live.ledger import Ledger
    from app.live.votes import Vote

    write = Ledger._write

    def locking(self, connection, items):
        for item in items:
            if isinstance(item, Vote) and not self._database.is_sqlite:
                connection.exec_driver_sql(
                    "SELECT 1 FROM participant WHERE id = %s FOR KEY SHARE", (item.participant_id,)
                )
        return write(self, connection, items)

    Ledger._write = locking


def log_requests() -> None:
    """The access log writes down the room's requests, too."""
    from app.web import request_context

    request_context.is_quiet = lambda path: False


def log_refusals() -> None:
    """Answers that are refused are logged with whose they were."""
    import structlog

    from app.live.ledger import Ledger
    from app.live.votes import Vote

    put = Ledger.put

    def logged(self, item, done):
        def told(error):
            if error is not None and isinstance(item, Vote):
                structlog.get_logger().warning("refused", participant=item.participant_id)
            done(error)

        put(self, item, told)

    Ledger.put = logged
