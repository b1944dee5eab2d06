"""An answer by form is held to what the socket demands, and paid from the same purse."""

import httpx
import pytest
from sqlmodel import col, select

from app.ids import secret
from app.live.submissions import Credits
from app.models.activities import Activity, ActivityStatus, Ballot, Receipt
from app.models.rooms import Room
from tests.support.product import BASE, Product

TOO_LONG = "x" * 65


class Phone:
    """A browser that has joined, and answers one question by form as its script does."""

    def __init__(self, product: Product) -> None:
        asked = {"kind": "scale", "title": "?", "mode": "named", "config": {"min": 0, "max": 10}}
        made = product.api().post(f"/api/v1/kickoffs/{product.kickoff.id}/activities", json=asked)
        self._product, self.activity = product, made.json()["id"]
        with product.database.unit_of_work() as session:
            activity = session.get_one(Activity, self.activity)
            activity.status = ActivityStatus.OPEN
            room = session.get_one(Room, activity.room_id)
            room.revision += 1
        self._page = f"/j/{room.code}/"
        self._browser = product.browser()
        self._browser.post(self._page)
        self._csrf = self._browser.token

    def post(self, **fields: str) -> httpx.Response:
        body = {"csrf": self._csrf, "value": "3", "submission_id": secret(), **fields}
        told: httpx.Response = self._browser.http.post(
            f"{self._page}answers/{self.activity}",
            data=body,
            headers={"origin": BASE, "accept": "application/json"},
        )
        return told

    def counted(self) -> list[int]:
        with self._product.database.reading() as session:
            wanted = select(Ballot.seq).where(col(Ballot.activity_id) == self.activity)
            return list(session.exec(wanted))

    def receipts(self) -> list[str]:
        with self._product.database.reading() as session:
            wanted = select(Receipt.submission_id).where(col(Receipt.activity_id) == self.activity)
            return list(session.exec(wanted))


@pytest.fixture
def phone(product: Product) -> Phone:
    return Phone(product)


@pytest.mark.parametrize(
    "fields",
    [
        {"seq": "-5"},
        {"seq": "--5"},
        {"seq": "1.5"},
        {"seq": str(2**53 + 1)},
        {"seq": "9" * 40},
        {"submission_id": "abc\x00defghijk"},
        {"submission_id": "short"},
        {"submission_id": TOO_LONG},
        {"submission_id": "with a space"},
        {"value": "drei"},
    ],
    ids=repr,
)
def test_what_a_socket_would_not_be_taken_for_is_refused(
    phone: Phone, fields: dict[str, str]
) -> None:
    answer = phone.post(**fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (phone.counted(), phone.receipts()) == ([], [])
    assert phone.post(seq="1").json()["type"] == "ack", "nobody else's answer is kept from the disk"
    assert phone.counted() == [1]


def test_a_form_is_no_longer_than_a_message(phone: Phone) -> None:
    answer = phone.post(value="3" * 17_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("seq", ["0", "7", " 8 ", str(2**53)])
def test_what_a_socket_is_taken_for_is_taken(phone: Phone, seq: str) -> None:
    assert phone.post(seq=seq).json()["type"] == "ack"
    assert phone.counted() == [int(seq)]


def test_without_a_script_each_answer_follows_the_one_before(phone: Phone) -> None:
    for _ in range(2):
        assert phone.post(submission_id="", seq="").json()["type"] == "ack"
    assert phone.counted() == [2]


def test_one_browser_is_told_when_it_is_too_fast(
    product: Product, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    credits = Credits(per_second=0.0, burst=2)
    monkeypatch.setattr(product.application.state.live, "credits", credits)
    told = [phone.post(seq=str(number)) for number in range(1, 4)]
    assert [answer.status_code for answer in told] == [200, 200, 429]
    assert told[-1].json()["code"] == "too_fast"
    assert phone.counted() == [2]
    assert Phone(product).post(seq="1").status_code == 200, "another's purse is another's"
