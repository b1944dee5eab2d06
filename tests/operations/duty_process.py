"""A process that asks its duties over and over, for tests that start several and kill some.

python -m tests.operations.duty_process DATABASE_URL KICKOFF_ID slow|quick
"""

import sys
import time
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

import app.models  # noqa: F401 -- registers every table
from app import clock
from app.database import Database
from app.operations import duties
from app.operations.duties import Due

COUNT = 30


def main(url: str, kickoff_id: str, pace: str) -> None:
    def looking(_session: Session, now: datetime) -> Iterator[Due]:
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        time.sleep(60 if pace == "slow" else 0.05)
        for number in range(COUNT):
            yield Due(kickoff_id, "action_due", f"{number} {now:%H:%M}")

    duties.reminder("tested", looking)
    database = Database(url)
    while True:
        duties.perform(database, clock.now())
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
