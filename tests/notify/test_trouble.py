"""F9: whatever is wrong with one message, the others arrive.

A real mail server takes the mails. Seen red with: an exception that nobody notes (the same message
was taken for ever, and its lane stood still for all organisations), and a dropped carrier that
leaves what it carried waiting.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import delete

from app import clock
from app.errors import Conflict
from app.models.notices import Notice
from app.models.webhooks import DeliveryTarget, Outgoing, Speaks, Webhook
from app.notify import courier, webhooks, wording
from app.operations import deliveries, mailing, outbox
from app.operations.entities import PEOPLE
from app.outputs import paper
from app.rules.invitations import INVITATION
from tests.notify.post_office import PostOffice
from tests.notify.receiver import receiver
from tests.notify.test_channels import Desk, soon
from tests.notify.test_webhooks import at_rest
from tests.support.processes import wait_until
from tests.support.product import Product
from tests.support.product import product as running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("trouble")
    with running(folder) as made:
        at_rest(made)
        yield made


@pytest.fixture
def desk(product: Product, office: PostOffice) -> Desk:
    with product.database.unit_of_work() as session:
        for table in (Outgoing, Webhook, Notice, DeliveryTarget):
            session.execute(delete(table))
    return Desk(product, office)


def subjects(office: PostOffice) -> list[str]:
    return [str(mail["subject"]) for _, mail in office.got]


def test_a_message_that_cannot_be_made_is_given_up_and_holds_nobody(
    desk: Desk, office: PostOffice, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wording_part = wording._part

    def raising(message: Any, said: Any, **how: Any) -> Any:
        if said.data["title"] == "Umulig":
            raise OverflowError
        return wording_part(message, said, **how)

    monkeypatch.setattr(wording, "_part", raising)
    for title in ("Før", "Umulig", "Etter"):  # gathered in one message at first
        desk.remind(desk.action(title), title)
    soon(at)
    desk.rounds()
    for _ in range(4):
        at.shift(timedelta(seconds=40))
        desk.rounds()
    assert sorted(subjects(office)) == [
        "«Etter» is due Wednesday 3 February",
        "«Før» is due Wednesday 3 February",
    ]
    for _ in range(10):
        at.shift(timedelta(days=1))
        desk.rounds()
    assert [(row.fate, row.failure) for row in desk.rows()] == [
        ("delivered", ""),
        ("given_up", "not_made"),
        ("delivered", ""),
    ]
    assert "log" in webhooks.sentence_of("not_made")


def test_what_cannot_be_read_stops_nobody_elses_message(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    """All targets' messages are taken in one transaction: one that raises there held them all."""
    desk.post(key="60", person_id=desk.person_id)  # it carries the next at first
    desk.post("action_due", person_id=desk.person_id, data={"of": "an earlier version"})
    ola = desk.make(PEOPLE, name="Ola", email="ola@nordlys.example")
    desk.post(person_id=ola)
    soon(at)
    desk.rounds()
    assert subjects(office) == ["Day 30: where we are"] * 2
    assert [row.fate for row in desk.rows()] == ["delivered", "given_up", "delivered"]


def test_who_dies_of_a_message_each_time_leaves_it_at_last(
    desk: Desk, office: PostOffice, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.remind(desk.action())
    soon(at)
    with monkeypatch.context() as dying:
        dying.setattr(courier.Courier, "_note", lambda *_: None)
        for _ in range(12):
            desk.round()
            at.shift(outbox.LEASE + timedelta(seconds=1))
    assert len(office.got) == len(outbox.WAITS) + 1
    assert [(row.fate, row.failure) for row in desk.rows()] == [("given_up", "not_made")]


def test_what_a_dropped_message_carried_is_dropped_with_it(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    for number in range(3):
        desk.remind(desk.action(f"Tiltak {number}"), f"Tiltak {number}")
    with desk.database.unit_of_work() as session:
        mailing.stop_mail(session, desk.person_id)
    soon(at)
    desk.rounds()
    assert office.got == []
    assert [row.fate for row in desk.rows()] == ["dropped"] * 3


def test_a_server_without_mail_says_so_once_and_not_for_each_mail(
    desk: Desk, at: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings = desk.settings.model_copy(update={"smtp_url": None})
    desk.courier = courier.Courier(settings, desk.database, desk.resolve)
    with caplog.at_level("DEBUG"):
        for title in ("Første", "Andre", "Tredje"):
            desk.remind(desk.action(title), title)
            soon(at)
            desk.rounds()
    assert [row.failure for row in desk.rows()] == ["no_mail_server"] * 3
    told = [line.getMessage() for line in caplog.records if line.name == "kickoff.webhooks"]
    assert len(told) == 1
    assert "KICKOFF_SMTP_URL" in told[0]


def test_who_waited_too_long_for_a_paper_sends_nothing(
    desk: Desk, office: PostOffice, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another has it by then. Seen red with the time looked at before the paper is made."""

    def slow(*_given: Any) -> bytes:
        at.shift(outbox.LEASE)
        return b"%PDF-"

    monkeypatch.setattr(paper, "pdf", slow)
    week = {"week": 3, "actions": 4, "settled": 1, "overdue": 0, "nobodys": 0, "key_results": 0}
    desk.post("weekly_report", person_id=desk.person_id, data={**week, "path": "/x"})
    soon(at)
    assert desk.round() == 1
    assert office.got == []
    desk.rounds()  # the paper is there now
    assert len(office.got) == 1


def test_a_meeting_at_the_calendars_end_holds_no_lane(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    day = date.max.isoformat()
    data = {"meeting_id": "x", "title": "Sist", "day": day, "starts_at": "23:30", "minutes": 60}
    more = {"sequence": 0, "place": "", "path": "/x", "leader": "", "series": ""}
    desk.post(INVITATION, person_id=desk.person_id, key="x 0 abc", data={**data, **more})
    soon(at)
    desk.rounds()
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    assert subjects(office) == ["«Ring kundene» is due Wednesday 3 February"]
    assert [(row.fate, row.failure) for row in desk.rows()] == [
        ("waiting", "not_made"),
        ("delivered", ""),
    ]


def test_whatever_is_gathered_is_said_in_full_with_its_link(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    """A link that is left out can never be followed. Seen red with 20 parts of 50 notices."""
    for number in range(45):
        desk.remind(desk.action(f"Tiltak {number:02}"), f"Tiltak {number:02}")
    soon(at)
    desk.rounds()
    texts = [mail.get_body(("plain",)).get_content() for _, mail in office.got]
    assert len(texts) == 3
    links = {part for text in texts for part in text.split() if "/l/action-status" in part}
    assert len(links) == 45
    assert {row.fate for row in desk.rows()} == {"delivered"}


@pytest.mark.parametrize(
    "which, answer, fate, failure",
    [
        ("to_recipient", "550 5.1.1 No such user", "given_up", "mail_refused"),
        ("to_recipient", "554 5.7.1 Relay access denied", "waiting", "mail_server_refuses"),
        ("to_sender", "530 5.7.0 Must issue STARTTLS first", "waiting", "mail_server_refuses"),
        ("to_sender", "451 Later", "waiting", "mail_put_off"),
        ("answer", "550 5.1.1 No such user", "given_up", "mail_refused"),
        ("answer", "554 Daily quota exceeded", "waiting", "mail_server_refuses"),
    ],
)
def test_what_a_server_says_of_itself_throws_nobodys_mail_away(
    desk: Desk, office: PostOffice, at: Any, which: str, answer: str, fate: str, failure: str
) -> None:
    setattr(office, which, answer)
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    assert [(row.fate, row.failure) for row in desk.rows()] == [(fate, failure)]
    assert webhooks.sentence_of(failure) != webhooks.sentence_of("")
    setattr(office, which, "250 OK")
    at.shift(timedelta(minutes=5))
    desk.rounds()
    assert len(office.got) == (fate == "waiting")


def test_what_is_sent_again_says_what_it_said_and_nothing_new(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    """A reader's mail program takes one id for one mail. Seen red with what waits gathered whenever
    the first attempt is made."""
    desk.remind(desk.action("Først"), "Først")
    soon(at)
    desk.rounds()
    (first,) = desk.rows()
    desk.remind(desk.action("Så"), "Så")
    with desk.database.unit_of_work() as session:
        deliveries.resend(session, desk.kickoff_id, first.id)
        with pytest.raises(Conflict):  # it goes out by itself
            deliveries.resend(session, desk.kickoff_id, first.id)
    soon(at)
    desk.rounds()
    assert [one.partition("»")[0] for one in subjects(office)] == ["«Først", "«Først", "«Så"]


def test_a_name_that_is_looked_up_for_long_holds_no_work_of_ours(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    """Seen red with all of it in the event loop's own executor, of which there are few threads."""
    answered = threading.Event()

    def hanging(_host: str, _port: int) -> list[str]:
        answered.wait(10)
        return []

    async def both() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(6))
        try:
            assert await desk.courier.look() == 8
            await asyncio.sleep(0.5)  # they are all at it
            desk.post(person_id=desk.person_id)
            soon(at)
            async with asyncio.timeout(5):
                assert await desk.courier.look() == 1
                await asyncio.to_thread(wait_until, lambda: office.got, what="the mail")
        finally:
            answered.set()
            await desk.courier.stop()

    desk.courier._resolve = hanging
    with receiver() as hook:
        for _ in range(8):
            desk.channel(hook, Speaks.SLACK)
        desk.post()
        soon(at)
        asyncio.run(both())
    assert len(office.got) == 1


def test_what_nobody_wants_is_settled_a_little_at_a_time_and_forgotten_by_a_duty(
    desk: Desk, at: Any
) -> None:
    for number in range(outbox.MOST_SETTLED + 5):
        desk.post(INVITATION, person_id=desk.person_id, key=f"x {number} a", data={})
        desk.post(INVITATION, person_id=desk.person_id, key=f"x {number + 1} b", data={})
    with desk.database.unit_of_work() as session:
        mailing.stop_mail(session, desk.person_id)
    soon(at)

    def take() -> int:
        with desk.database.unit_of_work() as session:
            outbox.take(session, clock.now(), most=1)
        return sum(row.fate == "dropped" for row in desk.rows())

    assert take() == outbox.MOST_SETTLED + 1
    while take() < len(desk.rows()):
        pass
    at.shift(outbox.NOTICES_KEPT_FOR + timedelta(days=1))
    with desk.database.unit_of_work() as session:
        outbox.tidy(session, clock.now())
    assert desk.rows() == []
