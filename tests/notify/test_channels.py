"""F9: what people and channels are told arrives once, in the receiver's own form, when it may
disturb somebody; what is in the way of one target holds no other.

Real servers on this machine take the messages. Seen red: without `carrier_id` a burst was five
mails; with Retry-After thrown away Slack was asked again after five seconds; with `undisturbed`
answering at once the mail of a Friday night went out.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import col, select
from standardwebhooks import Webhook as Verifier

from app import clock
from app.models.actions import Action
from app.models.kickoffs import Kickoff
from app.models.notices import Notice
from app.models.people import Person
from app.models.webhooks import DeliveryTarget, Outgoing, Speaks, Webhook
from app.notify import teams, webhooks
from app.notify.courier import Courier
from app.operations import deliveries, duties, follow_up, mailing, outbox, records, reminders
from app.operations.entities import (
    ACTIONS,
    CHECK_INS,
    KEY_RESULTS,
    MILESTONES,
    OBJECTIVES,
    PEOPLE,
    SPONSORS,
)
from app.operations.letters import Outcome
from app.operations.notices import post
from app.outputs import paper
from app.settings import Settings
from tests.notify.conftest import MONDAY
from tests.notify.post_office import PostOffice, post_office
from tests.notify.receiver import Receiver, receiver
from tests.notify.test_webhooks import at_rest
from tests.security.hostile import HOSTILE
from tests.support.pdf import read
from tests.support.postgres import Postgres
from tests.support.processes import wait_until
from tests.support.product import Product
from tests.support.product import product as running

KEY = "the tests' own key, of no worth at all"
FRIDAY_NIGHT = datetime(2027, 2, 5, 21, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def product(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: Postgres,
) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("channels")
    if request.param == "sqlite":
        with running(folder) as made:
            at_rest(made)
            yield made
    else:
        with postgres_server.database() as url, running(folder, url) as made:
            at_rest(made)
            yield made


@pytest.fixture(autouse=True)
def nobody_else_waits(product: Product) -> None:
    with product.database.unit_of_work() as session:
        for table in (Outgoing, Webhook, Notice, DeliveryTarget):
            for row in session.scalars(select(table)).all():
                session.delete(row)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as server:
        server.status = 200
        yield server


class Desk:
    """A kickoff with an owner of actions, and a courier whose rounds the test makes itself."""

    def __init__(self, product: Product, office: PostOffice, language: str = "en") -> None:
        self.database = product.database
        self.product = product
        self.settings = Settings(
            database_url="sqlite://",
            secret_key=KEY,
            webhook_networks="127.0.0.0/8",
            smtp_url=office.url,
            mail_from="Kurs <post@nordlys.example>",
            public_url="https://kickoff.example",
            language=language,
            _env_file=None,
        )
        self.courier = Courier(self.settings, product.database, self.resolve)
        self.kickoff_id = str(
            product.api().post("/api/v1/kickoffs", json={"title": "Kurs"}).json()["id"]
        )
        self.person_id = self.make(PEOPLE, name="Åse Ødegård", email="ase@nordlys.example")

    def resolve(self, _host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    def make(self, entity: Any, **values: Any) -> str:
        with self.database.unit_of_work() as session:
            return records.create(session, entity, self.kickoff_id, values).id

    def change(self, entity: Any, record_id: str, **values: Any) -> None:
        with self.database.unit_of_work() as session:
            record = records.find(session, entity, self.kickoff_id, record_id, to_write=True)
            records.change(session, entity, record, values)

    def channel(self, hook: Receiver, speaks: Speaks) -> Webhook:
        with self.database.unit_of_work() as session:
            made, _ = webhooks.make(
                session,
                self.settings.signing_key,
                self.kickoff_id,
                name="#kurs",
                url=hook.url,
                speaks=speaks,
            )
        return made

    def action(self, title: str = "Ring kundene", **values: Any) -> str:
        due = date(2027, 2, 3)
        return self.make(
            ACTIONS, **{"title": title, "owner_id": self.person_id, "due": due, **values}
        )

    def remind(self, action_id: str, title: str = "Ring kundene") -> bool:
        return self.post(
            "action_due",
            person_id=self.person_id,
            key=action_id,
            data={"record_id": action_id, "title": title, "due": "2027-02-03", "status": ""},
        )

    def post(self, kind: str = "milestone_day", *, key: str = "30", **said: Any) -> bool:
        day = {
            "window": "30",
            "path": "/plan",
            "reached": 2,
            "open": [],
            "more": 0,
            "actions_open": 3,
        }
        with self.database.unit_of_work() as session:
            return post(
                session, kickoff_id=self.kickoff_id, kind=kind, key=key, **{"data": day, **said}
            )

    def round(self) -> int:
        return asyncio.run(self.courier.round())

    def rounds(self) -> None:
        while self.round():
            pass

    def rows(self) -> list[Outgoing]:
        with self.database.reading() as session:
            wanted = select(Outgoing).where(col(Outgoing.kickoff_id) == self.kickoff_id)
            return list(session.scalars(wanted.order_by(col(Outgoing.id))))


@pytest.fixture
def desk(product: Product, office: PostOffice) -> Desk:
    return Desk(product, office)


def soon(at: Any) -> None:
    """The moment in which what belongs together is gathered is over."""
    at.shift(timedelta(minutes=1))


# ---- Mail


def test_an_owner_is_reminded_by_mail_once(desk: Desk, office: PostOffice, at: Any) -> None:
    action = desk.action()
    assert desk.remind(action)
    assert not desk.remind(action)
    soon(at)
    desk.rounds()
    ((to, mail),) = office.got
    assert to == ["ase@nordlys.example"]
    assert mail["subject"] == "«Ring kundene» is due Wednesday 3 February"
    assert mail["to"] == "Åse Ødegård <ase@nordlys.example>"
    assert mail["from"] == "Kurs <post@nordlys.example>"
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    for part in (text, page):
        assert "two taps" in part
        assert "https://kickoff.example/l/" in part
    assert "https://kickoff.example/l/" in mail["list-unsubscribe"]
    assert [row.fate for row in desk.rows()] == ["delivered"]


def test_the_same_mail_has_the_same_id_however_often_it_is_sent(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    with desk.database.unit_of_work() as session:
        deliveries.resend(session, desk.kickoff_id, desk.rows()[0].id)
    desk.rounds()
    first, second = (mail for _, mail in office.got)
    assert first["message-id"] == second["message-id"] == f"<{desk.rows()[0].id}@nordlys.example>"


def test_a_burst_is_one_mail_and_a_retry_says_the_same(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    office.answer = "451 Later"
    for number in range(5):
        desk.remind(desk.action(f"Tiltak {number}"), f"Tiltak {number}")
    soon(at)
    assert desk.round() == 1
    desk.remind(desk.action("For sent"), "For sent")
    office.answer = "250 Taken"
    at.shift(timedelta(seconds=20))
    assert desk.round() == 1
    ((_, mail),) = office.got
    text = mail.get_body(("plain",)).get_content()
    assert mail["subject"] == "5 messages from «Kurs»"
    assert [f"Tiltak {number}" in text for number in range(5)] == [True] * 5
    assert "For sent" not in text
    soon(at)
    desk.rounds()
    assert "For sent" in office.got[1][1]["subject"]
    assert {row.fate for row in desk.rows()} == {"delivered"}


def test_nobody_is_disturbed_at_night_on_weekends_or_holidays(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    at.move_to(FRIDAY_NIGHT)
    desk.remind(desk.action())
    for moment, mails in (
        (datetime(2027, 2, 6, 11, 0, tzinfo=UTC), 0),  # Saturday
        (datetime(2027, 2, 8, 6, 59, tzinfo=UTC), 0),  # one minute to eight on Monday, in Oslo
        (datetime(2027, 2, 8, 7, 0, tzinfo=UTC), 1),
    ):
        at.move_to(moment)
        desk.rounds()
        assert len(office.got) == mails
    at.move_to(datetime(2027, 3, 24, 20, 0, tzinfo=UTC))  # the night before Maundy Thursday
    desk.remind(desk.action("Påske"), "Påske")
    assert desk.rows()[-1].due_at == datetime(2027, 3, 30, 6, 0, tzinfo=UTC)


def test_what_is_done_meanwhile_is_told_to_nobody(desk: Desk, office: PostOffice, at: Any) -> None:
    action = desk.action()
    desk.remind(action)
    desk.change(ACTIONS, action, state="closed")
    soon(at)
    desk.rounds()
    assert office.got == []
    assert [row.fate for row in desk.rows()] == ["dropped"]


def test_who_wants_no_mail_gets_none(desk: Desk, office: PostOffice, at: Any) -> None:
    desk.remind(desk.action())
    with desk.database.unit_of_work() as session:
        mailing.stop_mail(session, desk.person_id)
    desk.remind(desk.action("En til"), "En til")
    soon(at)
    desk.rounds()
    assert office.got == []
    assert [row.fate for row in desk.rows()] == ["dropped"]


def test_the_link_in_a_mail_stops_them_by_a_button_and_takes_it_back(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    link = office.got[0][1]["list-unsubscribe"].strip("<>").removeprefix("https://kickoff.example")
    phone = desk.product.browser()
    assert "Kurs" in phone.get(link).text

    def wants() -> bool:
        with desk.database.reading() as session:
            return mailing.wants_mail(session, session.get_one(Person, desk.person_id))

    assert wants()  # opening it changed nothing: mail scanners do
    assert phone.post(link, wish="stop").status_code == 303
    assert not wants()
    assert phone.post(link, wish="again").status_code == 303
    assert wants()


@pytest.mark.parametrize("multipart", [False, True])
def test_a_mail_programs_own_button_stops_them_in_one_click(
    desk: Desk, office: PostOffice, at: Any, multipart: bool
) -> None:
    """RFC 8058. Its server has neither cookie nor token nor Origin; nothing else passes so. Seen
    red with a guard that lets every POST to a stop link in."""
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    ((_, mail),) = office.got
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    link = mail["list-unsubscribe"].strip("<>").removeprefix("https://kickoff.example")
    program = desk.product.new_client()

    def posted(path: str, field: str = "One-Click", **more: str) -> int:
        fields = {"List-Unsubscribe": field, **more}
        files = {name: (None, value) for name, value in fields.items()}
        given: dict[str, Any] = {"files": files} if multipart else {"data": fields}
        return program.post(path, follow_redirects=False, **given).status_code

    def wants() -> bool:
        with desk.database.reading() as session:
            return mailing.wants_mail(session, session.get_one(Person, desk.person_id))

    (other,) = (
        part for part in mail.get_body(("plain",)).get_content().split() if "/l/act" in part
    )
    assert posted(other.removeprefix("https://kickoff.example")) == 403
    assert posted(link, wish="again") == 403
    assert posted(link, field="Again") == 403
    assert posted("/l/stop-mail.forged") == 404
    assert wants()
    assert posted(link) == 204
    assert not wants()
    assert posted(link) == 204  # again, as their servers do when nothing came back


def test_texts_are_in_the_readers_language(product: Product, office: PostOffice, at: Any) -> None:
    desk = Desk(product, office, language="en")
    chosen = {"language": "nb"}
    where = f"/api/v1/kickoffs/{desk.kickoff_id}/notice-settings"
    tag = {"If-Match": product.api().get(where).headers["ETag"]}
    assert product.api().put(where, json=chosen, headers=tag).status_code == 200
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    ((_, mail),) = office.got
    assert mail["content-language"] == "nb"


def test_an_address_that_is_refused_is_given_up_and_a_server_that_is_away_is_not(
    desk: Desk, office: PostOffice, at: Any
) -> None:
    office.to_recipient = "550 No such user"
    desk.remind(desk.action())
    soon(at)
    desk.rounds()
    assert [(row.fate, row.failure) for row in desk.rows()] == [("given_up", "mail_refused")]
    with post_office() as gone:
        other = Desk(desk.product, gone)
    other.remind(other.action())
    soon(at)
    other.rounds()
    assert [(row.fate, row.failure) for row in other.rows()] == [("waiting", "mail_away")]


def test_the_weeks_report_has_its_sheet_with_it_made_once_for_all_and_never_holds_the_words(
    desk: Desk, office: PostOffice, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with a courier that gives the message up where the sheet cannot be made."""
    made: list[str] = []
    setting = paper.pdf

    def counted(template: str, *given: Any) -> bytes:
        made.append(template)
        return setting(template, *given)

    def refused(*_given: Any) -> bytes:
        raise paper.PaperNotMade

    ola = desk.make(PEOPLE, name="Ola", email="ola@nordlys.example")
    week = {"week": 3, "actions": 4, "settled": 1, "overdue": 0, "nobodys": 0, "key_results": 0}
    monkeypatch.setattr(paper, "pdf", counted)
    for person in (desk.person_id, ola):
        desk.post("weekly_report", key="3", person_id=person, data={**week, "path": "/x"})
    soon(at)
    desk.rounds()
    sheets = [list(mail.iter_attachments()) for _, mail in office.got]
    assert [[one.get_filename() for one in each] for each in sheets] == [
        ["Weekly report – Kurs.pdf"]
    ] * 2
    told = read(sheets[0][0].get_content()).text
    assert "Kurs" in told
    assert made == ["weekly-report"]

    monkeypatch.setattr(paper, "pdf", refused)
    desk.post("weekly_report", key="4", person_id=ola, data={**week, "path": "/x"})
    for _ in range(6):
        at.shift(timedelta(hours=1))
        desk.rounds()
    assert len(office.got) == 3
    assert not list(office.got[2][1].iter_attachments())
    assert desk.rows()[-1].attempts == 4


def test_what_people_typed_adds_no_header_and_no_markup(
    desk: Desk, office: PostOffice, hook: Receiver, at: Any
) -> None:
    desk.channel(hook, Speaks.SLACK)
    for number, text in enumerate(HOSTILE):
        desk.post(
            "action_due",
            person_id=desk.person_id,
            key=str(number),
            data={"record_id": desk.action("x"), "title": text, "due": "2027-02-03", "status": ""},
        )
    soon(at)
    desk.rounds()
    mails = [mail for _, mail in office.got]
    assert mails
    for mail in mails:
        assert not set(mail.keys()) - {
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
            "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
        }  # fmt: skip
        page = mail.get_body(("html",)).get_content()
        assert "<script" not in page
        assert "<img" not in page


# ---- Slack and Teams


def test_slack_gets_blocks_in_which_nobody_calls_the_channel(
    desk: Desk, hook: Receiver, at: Any
) -> None:
    desk.channel(hook, Speaks.SLACK)
    day = {"window": "30", "path": "/plan", "reached": 0, "more": 0, "actions_open": 1}
    evil = {"title": "<!channel> <https://evil.example|klikk>", "owner": "Åse & co"}
    desk.post(data={**day, "open": [evil]})
    soon(at)
    desk.rounds()
    ((path, headers, body),) = hook.got
    told = json.loads(body)
    assert path == "/in?key=hemmelig"
    assert headers["content-type"] == "application/json"
    assert told["blocks"][0]["text"]["text"] == "Day 30: where we are"
    assert "<!channel>" not in body
    assert "<https://evil" not in body
    assert "&lt;!channel&gt;" in body
    assert told["blocks"][1]["accessory"]["url"] == "https://kickoff.example/plan"


def test_slack_is_told_no_faster_than_it_asks_for(desk: Desk, hook: Receiver, at: Any) -> None:
    desk.channel(hook, Speaks.SLACK)
    hook.next_answers = [(429, {"retry-after": "120"})]
    desk.post()
    soon(at)
    assert desk.round() == 1
    desk.post(key="60")
    for seconds, calls in ((60, 1), (58, 1), (3, 2), (0.5, 2), (1, 3)):
        at.shift(timedelta(seconds=seconds))
        desk.round()
        assert len(hook.got) == calls
    assert {row.fate for row in desk.rows()} == {"delivered"}


def test_teams_gets_a_card_and_a_short_one_where_it_is_too_large(
    desk: Desk, hook: Receiver, at: Any
) -> None:
    desk.channel(hook, Speaks.TEAMS)
    hook.next_answers = [(413, {}), (202, {})]
    desk.post()
    soon(at)
    desk.rounds()
    whole, short = (json.loads(body) for _, _, body in hook.got)
    card = whole["attachments"][0]["content"]
    assert whole["type"] == "message"
    assert whole["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["body"][0]["inlines"][0]["text"] == "Day 30: where we are"
    assert card["actions"][-1]["url"] == f"https://kickoff.example/kickoffs/{desk.kickoff_id}"
    assert len(json.dumps(short)) < len(json.dumps(whole))
    assert [row.fate for row in desk.rows()] == ["delivered"]
    assert [row.attempts for row in desk.rows()] == [1]


def test_no_card_is_larger_than_20_kb(desk: Desk, hook: Receiver, at: Any) -> None:
    desk.channel(hook, Speaks.TEAMS)
    day = {"window": "30", "path": "/plan", "reached": 0, "more": 0, "actions_open": 1}
    for number in range(20):
        long = [{"title": "æ" * 400, "owner": "Åse"}] * 10
        desk.post(key=str(number), data={**day, "open": long})
    soon(at)
    desk.rounds()
    ((_, _, body),) = hook.got
    assert len(body.encode()) <= teams.LARGEST_BYTES
    assert "And 17 more" in body


def test_a_signed_webhook_hears_of_notices_one_by_one(desk: Desk, hook: Receiver, at: Any) -> None:
    with desk.database.unit_of_work() as session:
        _, secret = webhooks.make(session, KEY.encode(), desk.kickoff_id, name="x", url=hook.url)
    desk.post()
    desk.post(key="60")
    soon(at)
    desk.rounds()
    told = [Verifier(secret).verify(body, headers) for _, headers, body in hook.got]
    assert [one["type"] for one in told] == ["notices.milestone_day"] * 2
    assert [one["data"]["key"] for one in told] == ["30", "60"]


def test_a_channel_that_is_gone_is_left_in_peace(desk: Desk, hook: Receiver, at: Any) -> None:
    desk.channel(hook, Speaks.SLACK)
    hook.status = 404
    desk.post()
    soon(at)
    desk.rounds()
    assert [(row.fate, row.failure) for row in desk.rows()] == [("given_up", "answered_404")]


def test_one_that_hangs_holds_nobody_else(desk: Desk, hook: Receiver, office: PostOffice) -> None:
    with receiver() as hanging:
        hanging.answers_after = 1.5
        with time_machine.travel(MONDAY, tick=False):
            desk.channel(hanging, Speaks.SLACK)
            desk.channel(hook, Speaks.TEAMS)
            for key in ("30", "60", "90"):
                desk.post(key=key)
            desk.remind(desk.action())

        async def at_work() -> float:
            begun = time.monotonic()
            desk.courier.start()
            await asyncio.to_thread(wait_until, lambda: hook.got and office.got, what="both")
            took = time.monotonic() - begun
            await desk.courier.stop()
            return took

        with time_machine.travel(MONDAY + timedelta(minutes=5)):  # and time goes on
            assert asyncio.run(at_work()) < 1.4
    assert len(hanging.got) == 1


# ---- Order, and who dies on the way


def test_what_waits_for_a_target_keeps_its_order(desk: Desk, hook: Receiver, at: Any) -> None:
    with desk.database.unit_of_work() as session:
        webhooks.make(session, KEY.encode(), desk.kickoff_id, name="x", url=hook.url)
    hook.next_answers = [(500, {}), (503, {})]
    for key in ("a", "b", "c"):
        desk.post(key=key)
    soon(at)
    for _ in range(10):
        desk.rounds()
        at.shift(timedelta(seconds=40))
    keys = [json.loads(body)["data"]["key"] for _, _, body in hook.got]
    assert keys == ["a", "a", "a", "b", "c"]


def test_who_stood_still_sends_nothing_that_another_has_by_now(
    desk: Desk, hook: Receiver, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an older message comes after the next one. Seen red with `has_time` true at any time."""
    with desk.database.unit_of_work() as session:
        webhooks.make(session, KEY.encode(), desk.kickoff_id, name="x", url=hook.url)
    desk.post(key="a")
    desk.post(key="b")
    soon(at)
    worded = Courier._worded

    def standing_still(self: Courier, message: Any) -> Any:
        monkeypatch.setattr(Courier, "_worded", worded)
        at.shift(outbox.LEASE + timedelta(seconds=1))
        another = Courier(desk.settings, desk.database, desk.resolve)
        for _ in range(3):
            asyncio.run(another.round())
        return worded(self, message)

    monkeypatch.setattr(Courier, "_worded", standing_still)
    assert desk.round() == 1
    keys = [json.loads(body)["data"]["key"] for _, _, body in hook.got]
    assert keys == ["a", "b"]


def test_who_dies_after_sending_sends_it_again_under_the_same_id(
    desk: Desk, office: PostOffice, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once is the honest ceiling, and the id tells."""
    desk.remind(desk.action())
    soon(at)
    with monkeypatch.context() as dying:
        dying.setattr(Courier, "_note", lambda *_: None)
        assert desk.round() == 1
    assert desk.round() == 0
    at.shift(outbox.LEASE + timedelta(seconds=1))
    assert desk.round() == 1
    first, second = (mail for _, mail in office.got)
    assert first["message-id"] == second["message-id"]
    assert [row.fate for row in desk.rows()] == ["delivered"]


# ---- Reminders by the calendar


def test_owners_hear_before_and_after_an_action_is_due_and_the_channel_on_day_30(
    desk: Desk, office: PostOffice, hook: Receiver, at: Any
) -> None:
    desk.channel(hook, Speaks.SLACK)
    with desk.database.unit_of_work() as session:
        session.get_one(Kickoff, desk.kickoff_id).day = date(2027, 1, 4)
    desk.action("Ring kundene", due=date(2027, 2, 3))
    desk.make(MILESTONES, title="Alle mål har eier", window="30", due=date(2027, 2, 3))
    for day in range(31):
        at.move_to(MONDAY + timedelta(days=day))
        for looking in (reminders.actions, reminders.milestone_days):
            with desk.database.reading() as session:
                found = list(looking(session, clock.now()))
            for due in found:
                with desk.database.unit_of_work() as session:
                    duties._post(session, due)
        soon(at)
        desk.rounds()
    subjects = [mail["subject"] for _, mail in office.got]
    assert subjects == [
        "«Ring kundene» is due Wednesday 3 February",
        *["«Ring kundene» was due Wednesday 3 February"] * 4,
    ]
    ((_, _, body),) = hook.got
    assert "Not reached yet: Alle mål har eier (nobody owns it)" in body


def test_a_quarter_of_weeks_is_asked_for_and_reported_and_reviewed(
    desk: Desk, office: PostOffice, hook: Receiver, at: Any
) -> None:
    """Seen red with check-ins that do not still the question."""
    desk.channel(hook, Speaks.SLACK)
    with desk.database.unit_of_work() as session:
        session.get_one(Kickoff, desk.kickoff_id).day = MONDAY.date()
    objective = desk.make(OBJECTIVES, title="Raskere svar")
    values = {"objective_id": objective, "owner_id": desk.person_id, "target": 1.0}
    asked, said = (desk.make(KEY_RESULTS, title=title, **values) for title in ("Taus", "Sagt"))
    desk.make(SPONSORS, name="Åse", person_id=desk.person_id)
    desk.action("Ring kundene", due=None)
    for day in (one for one in range(100) if one % 7 in (1, 4)):
        at.move_to(MONDAY + timedelta(days=day))
        if day % 7 == 1:
            desk.make(CHECK_INS, key_result_id=said, value=0.5)
        for looking in (follow_up.check_ins, follow_up.weekly_reports, follow_up.quarters):
            with desk.database.reading() as session:
                found = list(duties._news(session, looking(session, clock.now())))
            for due in found:
                with desk.database.unit_of_work() as session:
                    duties._post(session, due)
        soon(at)
        desk.rounds()
    # What the Easter holidays keep back comes together in one mail.
    lines = [
        line
        for _, mail in office.got
        for line in mail.get_body(("plain",)).get_content().splitlines()
    ]
    assert lines.count("Where does «Taus» stand?") == 12
    assert "Where does «Sagt» stand?" not in lines
    assert [one for one in lines if one.endswith("of «Kurs»")] == [
        f"Week {number} of «Kurs»" for number in range(1, 14)
    ]
    (review,) = [one for one in lines if "business review" in one]
    assert "Day 90" in review
    assert len(hook.got) == 13  # the review came with the twelfth week
    assert asked


def test_an_owner_of_what_is_far_off_is_asked_each_week_until_they_have_said_something(
    desk: Desk, at: Any
) -> None:
    """Seen red with: asked only from three days before it is due."""
    with desk.database.unit_of_work() as session:
        session.get_one(Kickoff, desk.kickoff_id).day = MONDAY.date()
    far, soon_due = (
        desk.action(title, due=(MONDAY + timedelta(days=days)).date())
        for title, days in (("Langt frem", 60), ("Snart", 20))
    )
    asked: list[tuple[int, str]] = []
    for day in range(0, 35):
        at.move_to(MONDAY + timedelta(days=day, hours=3))
        if day == 22:
            with desk.database.unit_of_work() as session:
                action = session.get_one(Action, far)
                action.status, action.status_at = "green", clock.now()
        with desk.database.reading() as session:
            found = list(duties._news(session, follow_up.action_words(session, clock.now())))
        for due in found:
            asked.append((day, due.data["record_id"]))
            with desk.database.unit_of_work() as session:
                duties._post(session, due)
    assert [day for day, which in asked if which == far] == [11, 18, 32]
    # From three days before it is due it has a reminder of its own.
    assert [day for day, which in asked if which == soon_due] == [11]


def test_who_took_too_long_lets_go_of_nothing_that_another_holds(
    desk: Desk, hook: Receiver, at: Any
) -> None:
    """Seen red with a target that is free whenever an attempt ends: the next but one passed the
    next."""
    desk.channel(hook, Speaks.SIGNED)
    for key in ("a", "b", "c"):
        desk.post(key=key)
    soon(at)

    def taken() -> Any:
        with desk.database.unit_of_work() as session:
            return outbox.take(session, clock.now(), most=9)

    def went(message: Any) -> None:
        with desk.database.unit_of_work() as session:
            outbox.went(session, message, Outcome(), clock.now())

    (slow,) = taken()
    at.shift(outbox.LEASE + timedelta(seconds=1))
    (second,) = taken()
    assert (second.id, second.attempt) == (slow.id, 2)
    went(slow)
    assert taken() == []  # the second is still on its way there
    went(second)
    at.shift(timedelta(seconds=1))
    (following,) = taken()
    assert following.said[0].key == "b"
    went(second)
    assert taken() == []
