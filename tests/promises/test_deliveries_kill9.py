"""T09: what is due to go out is never lost, comes to each target in its order, and is sent twice
only under the same key, however often whoever brings it is killed.

Real couriers in processes of their own, real receivers, some of which fail and stall. Seen red
against `forgetful_courier`, and on a busy machine without `has_time`: a courier that had stood
still brought an old message after the next one.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from app.database import Database
from app.migrate import migrate
from app.models.history import RecordChange
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.webhooks import Fate, NoticeSettings, Outgoing
from app.notify import webhooks
from app.operations import notices, records
from app.operations.entities import GOALS
from tests.notify.courier_process import KEY
from tests.notify.post_office import PostOffice, post_office
from tests.notify.receiver import Receiver, receiver
from tests.promises.conftest import POSTGRES, SQLITE
from tests.promises.stage import sabotage
from tests.support.processes import wait_until

CHANGES, PEOPLE, HOOKS, COURIERS, KILLS = 40, 20, 4, 3, 6


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kickoff.db"
    else:
        with request.getfixturevalue("postgres_server").database() as made:
            yield made


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    migrate(url)
    made = Database(url)
    yield made
    made.dispose()


@pytest.fixture
def hooks() -> Iterator[list[Receiver]]:
    with ExitStack() as stack:
        made = [stack.enter_context(receiver()) for _ in range(HOOKS)]
        made[0].next_answers = [(500, {}), (204, {}), (503, {}), (429, {"retry-after": "1"})]
        made[1].answers_after = 0.05
        yield made


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


def written(database: Database, hooks: list[Receiver]) -> None:
    """A kickoff whose webhooks hear of its changes, and whose people get a mail each."""
    with database.unit_of_work() as session:
        organisation = Organisation(name="Nordlys")
        session.add(organisation)
        session.flush()
        kickoff = Kickoff(title="Kurs", organisation_id=organisation.id)
        session.add(kickoff)
        session.flush()
        round_the_clock = NoticeSettings(
            kickoff_id=kickoff.id, opens_at="00:00", closes_at="23:59", on_days_off=True
        )
        session.add(round_the_clock)
        for number, hook in enumerate(hooks):
            webhooks.make(session, KEY.encode(), kickoff.id, name=str(number), url=hook.url)
    for number in range(CHANGES):
        with database.unit_of_work() as session:
            records.create(session, GOALS, kickoff.id, {"title": str(number)})
    with database.unit_of_work() as session:
        for number in range(PEOPLE):
            person = Person(kickoff_id=kickoff.id, name=str(number), email=f"{number}@n.example")
            session.add(person)
            session.flush()
            told = {"path": "/", "about": ""}
            notices.post(
                session, kickoff_id=kickoff.id, kind="plan_published", key="a",
                person_id=person.id, data=told,
            )  # fmt: skip


def test_what_is_due_arrives_in_order_and_twice_only_under_its_own_key(
    url: str,
    database: Database,
    hooks: list[Receiver],
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setattr(notices, "GATHERED_FOR", notices.GATHERED_FOR * 0)
    environment = {**os.environ, **sabotage(request.config.getoption("--saboteur", default=None))}
    written(database, hooks)

    def waiting() -> int:
        with database.reading() as session:
            wanted = select(func.count()).where(col(Outgoing.fate) == Fate.WAITING)
            return session.scalar(wanted) or 0

    def arrivals() -> int:
        return len(office.got) + sum(len(hook.got) for hook in hooks)

    def courier() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.notify.courier_process", url, office.url]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)

    at_work = [courier() for _ in range(COURIERS)]
    try:
        chance = random.Random(9)
        for victim in [number % COURIERS for number in range(KILLS)]:
            before = arrivals()
            wait_until(lambda: arrivals() > before or not waiting(), what="more of it", timeout=60)  # noqa: B023 -- asked at once
            time.sleep(chance.uniform(0, 0.3))
            at_work[victim].kill()
            at_work[victim].wait()
            at_work[victim] = courier()
        wait_until(lambda: waiting() == 0, what="all of it", timeout=90)
    finally:
        for one in at_work:
            one.kill()
            one.wait()

    with database.reading() as session:
        rows = session.scalars(select(Outgoing)).all()
        changes = {one.id: one for one in session.scalars(select(RecordChange))}
    assert {row.fate for row in rows} == {Fate.DELIVERED}
    assert len(rows) == CHANGES * HOOKS + PEOPLE
    mails = [str(mail["message-id"]) for _, mail in office.got]
    assert len(set(mails)) == PEOPLE
    arrived = [headers["webhook-id"] for hook in hooks for _, headers, _ in hook.got]
    assert set(arrived) == {row.id for row in rows if row.change_id in changes}
    for hook in hooks:
        came = [headers["webhook-id"] for _, headers, _ in hook.got]
        assert came == sorted(came)  # ids sort as they were made
