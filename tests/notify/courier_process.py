"""A process that delivers, for tests that start several and kill some: in a hurry, so that nobody
waits two minutes for the lease of a killed one.

    python -m tests.notify.courier_process DATABASE_URL SMTP_URL
"""

import asyncio
import sys
from datetime import timedelta

import app.models  # noqa: F401 -- registers every table
from app.database import Database
from app.notify import deliver
from app.notify.courier import Courier
from app.operations import outbox
from app.settings import Settings

KEY = "the tests' own key, of no worth at all"


async def main(url: str, smtp_url: str) -> None:
    outbox.LEASE, outbox.TIME_TO_SEND = timedelta(seconds=6), timedelta(seconds=3)
    deliver.WHOLE_SECONDS = 2.5
    outbox.WAITS = tuple(timedelta(milliseconds=200) for _ in outbox.WAITS)
    settings = Settings(
        database_url=url,
        secret_key=KEY,
        webhook_networks="127.0.0.0/8",
        smtp_url=smtp_url,
        mail_from="post@nordlys.example",
        _env_file=None,
    )
    courier = Courier(settings, Database(url), lambda _host, _port: ["127.0.0.1"])
    courier.looks_every_seconds = 0.2
    courier.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
