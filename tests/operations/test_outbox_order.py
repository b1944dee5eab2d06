"""T09: what goes to one target goes in the order in which it was made, however its ids are spelt.

To a database that sorts as Norwegians do "aa" is "å" and comes after "z". Seen red without
`models/byte_order`: a message whose id has "aa" went ten later than its turn.
"""

from collections.abc import Iterator

import pytest

from app import clock
from app.database import Database
from app.migrate import migrate
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.models.webhooks import Outgoing
from app.notify import webhooks
from app.operations import outbox
from app.operations.letters import Outcome

KEY = b"the tests' own key, of no worth at all"
IN_TURN = [
    "01a22cb1-4a9f-7aaa-8000-000000000000",
    "01a22cb1-4aa4-77e4-85b6-4762829c0098",
    "01a22cb1-4adc-75fb-a20b-9b7b067a43fd",
    "01a22cb1-4fd7-708d-affc-9bf61c0ffa14",
    "01a22cb1-5015-751a-91a9-b182662adef0",
]


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    migrate(postgres_url)
    made = Database(postgres_url)
    yield made
    made.dispose()


def test_messages_go_in_their_turn_on_a_norwegian_database(database: Database) -> None:
    with database.unit_of_work() as session:
        organisation = Organisation(name="Nordlys")
        session.add(organisation)
        session.flush()
        kickoff = Kickoff(title="Kurs", organisation_id=organisation.id)
        session.add(kickoff)
        session.flush()
        hook, _ = webhooks.make(session, KEY, kickoff.id, name="x", url="https://x.example/")
        session.add_all(
            Outgoing(id=id, kickoff_id=kickoff.id, target_id=hook.id, webhook_id=hook.id)
            for id in reversed(IN_TURN)
        )
    went = []
    for _ in IN_TURN:
        with database.unit_of_work() as session:
            (one,) = outbox.take(session, clock.now(), most=10)
            outbox.went(session, one, Outcome(), clock.now())
            went.append(one.id)
    assert went == IN_TURN
