"""A kickoff is made with a room, copied as a template, put away, and removed with all of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app import clock
from app.access import Scope
from app.models.activities import Activity, ActivityStatus, Ballot, Entry
from app.models.rooms import Participant, Room, RoomEvent, RoomStatus
from tests.support.product import Product


@pytest.fixture
def api(product: Product) -> TestClient:
    return product.api()


def make(api: TestClient, title: str, **values: Any) -> dict[str, Any]:
    answer = api.post("/api/v1/kickoffs", json={"title": title, **values})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def full_day(api: TestClient, kickoff_id: str) -> dict[str, str]:
    """A team, its person, who owns a block with notes and an activity."""
    here = f"/api/v1/kickoffs/{kickoff_id}"
    team = api.post(f"{here}/teams", json={"name": "Salg"}).json()
    person = api.post(f"{here}/people", json={"name": "Kari", "team_id": team["id"]}).json()
    block = api.post(
        f"{here}/agenda-blocks",
        json={"title": "Grupper", "kind": "sprint", "owner_id": person["id"], "notes": "Hemmelig"},
    ).json()
    sent = {"kind": "choice", "title": "Hva først?", "options": ["Pris", "Svartid"], "live": True}
    activity = api.post(f"{here}/activities", json={**sent, "block_id": block["id"]})
    assert activity.status_code == 201, activity.text
    return {"block": block["id"], "activity": activity.json()["id"]}


def test_a_kickoff_has_a_room_with_a_code_from_the_start(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Kurs 2027")
    rooms = api.get(f"/api/v1/kickoffs/{kickoff['id']}/rooms").json()["items"]
    assert len(rooms) == 1
    assert len(rooms[0]["code"]) == 6
    assert rooms[0]["join_url"].startswith("http://127.0.0.1/j/")
    assert rooms[0]["spoken_word"]
    assert "secret" not in rooms[0]


def test_a_copy_has_the_plan_and_nothing_of_the_room(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Mal", purpose="Samle oss", day="2027-02-03")
    made = full_day(api, kickoff["id"])
    with product.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == kickoff["id"])).one()
        room.started_at = clock.now_ms()
        session.add(Participant(id="p" * 36, room_id=room.id, name="Ola"))
        activity = session.get_one(Activity, made["activity"])
        activity.status, activity.revealed = ActivityStatus.CLOSED.value, True
        session.add(Ballot(activity_id=activity.id, key="k", seq=1))
    answer = api.post(
        f"/api/v1/kickoffs/{kickoff['id']}/copies", json={"title": "Kopi", "with_people": True}
    )
    assert answer.status_code == 201
    copy = answer.json()
    assert (copy["title"], copy["purpose"], copy["day"]) == ("Kopi", "Samle oss", None)
    assert copy["copied_from_id"] == kickoff["id"]
    [original] = api.get(f"/api/v1/kickoffs/{kickoff['id']}/activities").json()["items"]
    here = f"/api/v1/kickoffs/{copy['id']}"
    [team] = api.get(f"{here}/teams").json()["items"]
    [person] = api.get(f"{here}/people").json()["items"]
    [block] = api.get(f"{here}/agenda-blocks").json()["items"]
    [asked] = api.get(f"{here}/activities").json()["items"]
    assert (person["team_id"], block["owner_id"]) == (team["id"], person["id"])
    assert (asked["block_id"], asked["status"], asked["revealed"]) == (block["id"], "draft", False)
    assert (asked["config"], asked["live"]) == (original["config"], True)
    assert [option["text"] for option in asked["options"]] == ["Pris", "Svartid"]
    with product.database.reading() as session:
        rooms = session.scalars(select(Room).where(Room.kickoff_id == copy["id"])).all()
        assert [room.started_at for room in rooms] == [None]
        ballots = session.scalars(select(Ballot).where(Ballot.activity_id == asked["id"])).all()
        assert list(ballots) == []


def test_a_copied_block_asks_the_same_again_and_nothing_of_what_was_answered(
    product: Product, api: TestClient
) -> None:
    kickoff = product.kickoff.id
    here = f"/api/v1/kickoffs/{kickoff}"
    block = api.post(f"{here}/agenda-blocks", json={"title": "Prioriter"}).json()
    sent = {"mode": "named", "live": True, "block_id": block["id"]}
    for question in (
        {"kind": "choice", "title": "Én?", "options": ["A", "B"], "config": {"multiple": True}},
        {"kind": "words", "title": "To?", "config": {"max": 2}},
    ):
        assert api.post(f"{here}/activities", json={**sent, **question}).status_code == 201
    before = [one for one in activities(api, here) if one["block_id"] == block["id"]]
    with product.database.unit_of_work() as session:
        for one in before:
            asked = session.get_one(Activity, one["id"])
            asked.status, asked.revealed = ActivityStatus.CLOSED.value, True
            session.add(Ballot(activity_id=one["id"], key="k", seq=1))
        session.add(Entry(activity_id=before[1]["id"], text="sagt i rommet"))
    product.browser("owner").post(f"/kickoffs/{kickoff}/agenda/{block['id']}/copy")
    [copy] = [
        one
        for one in api.get(f"{here}/agenda-blocks", params={"limit": 100}).json()["items"]
        if one["title"] == "Prioriter" and one["id"] != block["id"]
    ]
    after = [one for one in activities(api, here) if one["block_id"] == copy["id"]]
    fields = ("kind", "title", "mode", "config", "live", "room_id")
    assert [[one[name] for name in fields] for one in after] == [
        [one[name] for name in fields] for one in before
    ]
    assert [one["status"] for one in after] == ["draft", "draft"]
    assert [option["text"] for option in after[0]["options"]] == ["A", "B"]
    with product.database.reading() as session:
        said = session.scalars(select(Entry).where(col(Entry.activity_id) == after[1]["id"]))
        assert list(said) == []


def activities(api: TestClient, kickoff: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"{kickoff}/activities", params={"limit": 100}).json()[
        "items"
    ]
    return found


def test_a_copy_without_people_has_blocks_without_owners(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Mal to")
    full_day(api, kickoff["id"])
    copy = api.post(f"/api/v1/kickoffs/{kickoff['id']}/copies", json={"title": "Kopi"}).json()
    assert api.get(f"/api/v1/kickoffs/{copy['id']}/people").json()["items"] == []
    [block] = api.get(f"/api/v1/kickoffs/{copy['id']}/agenda-blocks").json()["items"]
    assert block["owner_id"] is None


def test_whoever_copies_without_seeing_the_notes_does_not_get_them(product: Product) -> None:
    api = product.api()
    kickoff = make(api, "Med notater")
    full_day(api, kickoff["id"])
    for client, notes in ((product.api(Scope.WRITE), ""), (api, "Hemmelig")):
        path = f"/api/v1/kickoffs/{kickoff['id']}/copies"
        copy = client.post(path, json={"title": "Kopi"}).json()
        [block] = api.get(f"/api/v1/kickoffs/{copy['id']}/agenda-blocks").json()["items"]
        assert block["notes"] == notes


def test_what_is_put_away_leaves_the_list_and_comes_back(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Gammelt")
    where = f"/api/v1/kickoffs/{kickoff['id']}"

    def listed(archived: str) -> bool:
        found = api.get("/api/v1/kickoffs", params={"archived": archived, "limit": 100}).json()
        return kickoff["id"] in [one["id"] for one in found["items"]]

    away = api.put(f"{where}/archive", headers={"if-match": '"1"'})
    assert away.status_code == 200
    assert (listed("false"), listed("true")) == (False, True)
    assert api.delete(f"{where}/archive", headers={"if-match": '"2"'}).status_code == 200
    assert (listed("false"), listed("true")) == (True, False)


def test_what_is_put_away_closes_what_people_were_answering(either_product: Product) -> None:
    """So that its ballots become counts; and its day is over."""
    api = either_product.api()
    kickoff = make(api, "Midt i")
    made = full_day(api, kickoff["id"])
    with either_product.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == kickoff["id"])).one()
        room.status, room.screen, room.undo = "live", "blank", {"name": "agenda.next"}
        session.get_one(Activity, made["activity"]).status = ActivityStatus.OPEN.value
        session.add(Ballot(activity_id=made["activity"], key="k", seq=1))
    before, told = room.control, []
    where = f"/api/v1/kickoffs/{kickoff['id']}"
    tell, either_product.database.after_commit = either_product.database.after_commit, told.append
    try:
        assert api.put(f"{where}/archive", headers={"if-match": '"1"'}).status_code == 200
    finally:
        either_product.database.after_commit = tell
    with either_product.database.reading() as session:
        asked = session.get_one(Activity, made["activity"])
        assert (asked.status, asked.closed_at is not None) == ("closed", True)
        ended = session.get_one(Room, room.id)
    assert (ended.status, ended.screen, ended.undo) == ("ended", "", None)
    # Whoever still stands at the console pushes at a day that has moved on.
    assert (ended.control, told) == (before + 1, [{room.id}])
    [event] = api.get(f"{where}/rooms/{room.id}/events").json()["items"]
    assert event["name"] == "room.end"


def test_the_end_of_a_day_closes_what_is_open_and_is_taken_back_with_it(
    either_product: Product,
) -> None:
    """By the console's plain form, on both databases: their locks differ."""
    api, kickoff = either_product.api(), either_product.kickoff.id
    made = [full_day(api, kickoff)["activity"] for _ in range(2)]
    with either_product.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == kickoff)).one()
        room.status = "live"
        for activity in made:
            session.get_one(Activity, activity).status = ActivityStatus.OPEN.value
    owner = either_product.browser("owner")
    for number, (push, status) in enumerate([("room.end", "closed"), ("room.undo", "open")]):
        where = f"/rooms/{room.id}/console/commands/{push}"
        answer = owner.post(where, control=str(room.control + number))
        assert (answer.status_code, "fault" in answer.headers["location"]) == (303, False)
        with either_product.database.reading() as session:
            asked = [session.get_one(Activity, activity).status for activity in made]
        assert asked == [status, status]


def test_what_is_put_away_before_its_day_is_still_before_it_when_it_comes_back(
    product: Product, api: TestClient
) -> None:
    kickoff = make(api, "Til våren")
    where = f"/api/v1/kickoffs/{kickoff['id']}/archive"
    api.put(where, headers={"if-match": '"1"'})
    api.delete(where, headers={"if-match": '"2"'})
    with product.database.reading() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == kickoff["id"])).one()
    assert room.status == "lobby"


def test_a_removed_kickoff_takes_everything_with_it(either_product: Product) -> None:
    api = either_product.api()
    kickoff = make(api, "Bort")
    made = full_day(api, kickoff["id"])
    with either_product.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == kickoff["id"])).one()
        session.add(Participant(id="q" * 36, room_id=room.id))
        session.add(Ballot(activity_id=made["activity"], key="k", seq=1))
        room.block_id = made["block"]
    where = f"/api/v1/kickoffs/{kickoff['id']}"
    assert api.delete(where, headers={"if-match": '"1"'}).status_code == 204
    assert api.get(where).status_code == 404
    with either_product.database.reading() as session:
        left = session.scalars(
            select(Entry).where(col(Entry.activity_id) == made["activity"])
        ).all()
    assert list(left) == []


def test_rooms_are_told_of_what_they_show(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Hører med")
    told: list[set[str]] = []
    before, product.database.after_commit = product.database.after_commit, told.append
    try:
        here = f"/api/v1/kickoffs/{kickoff['id']}"
        rooms = api.get(f"{here}/rooms").json()["items"]
        api.post(f"{here}/agenda-blocks", json={"title": "Ny"})
        api.post(f"{here}/agenda-blocks", json={"title": " "})
        api.patch(here, json={"title": "Annet"}, headers={"if-match": '"1"'})
    finally:
        product.database.after_commit = before
    assert told == [{rooms[0]["id"]}] * 2


def test_an_opened_activity_can_no_longer_be_changed(product: Product, api: TestClient) -> None:
    kickoff = make(api, "Åpnet")
    made = full_day(api, kickoff["id"])
    where = f"/api/v1/kickoffs/{kickoff['id']}/activities/{made['activity']}"
    changed = api.patch(where, json={"options": ["A", "B", "C"]}, headers={"if-match": '"1"'})
    assert [option["text"] for option in changed.json()["options"]] == ["A", "B", "C"]
    with product.database.unit_of_work() as session:
        session.get_one(Activity, made["activity"]).status = ActivityStatus.OPEN.value
    late = api.patch(where, json={"mode": "named"}, headers={"if-match": '"2"'})
    assert late.status_code == 409
    assert api.delete(where, headers={"if-match": '"2"'}).status_code == 409


@pytest.mark.parametrize(
    "sent, pointer",
    [
        ({"kind": "dance"}, "/kind"),
        ({"kind": "choice", "options": ["bare en"]}, "/options"),
        ({"kind": "scale", "options": ["a", "b"]}, "/options"),
        ({"kind": "scale", "config": {"min": 5, "max": 1}}, "/config"),
        ({"kind": "scale", "config": {"surprise": 1}}, "/config/surprise"),
        ({"kind": "scale", "mode": "secret"}, "/mode"),
    ],
)
def test_an_activity_that_its_kind_does_not_understand_is_refused(
    product: Product, api: TestClient, sent: dict[str, Any], pointer: str
) -> None:
    where = f"/api/v1/kickoffs/{product.kickoff.id}/activities"
    answer = api.post(where, json={"title": "Spørsmål", **sent})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def room_in(api: TestClient, kickoff_id: str) -> tuple[str, dict[str, str]]:
    """The address of a further room, and what a DELETE of it needs."""
    rooms = f"/api/v1/kickoffs/{kickoff_id}/rooms"
    made = api.post(rooms, json={"name": "Salen"})
    return f"{rooms}/{made.json()['id']}", {"if-match": "*"}


def test_a_room_in_which_somebody_has_answered_cannot_be_removed(
    product: Product, api: TestClient
) -> None:
    kickoff = make(api, "Kurs 2027")
    unused, match = room_in(api, kickoff["id"])
    assert api.delete(unused, headers=match).status_code == 204
    joined, _ = room_in(api, kickoff["id"])
    code = api.get(joined).json()["code"]
    assert api.post(f"/api/v1/rooms/{code}/participants", json={}).status_code == 201
    opened, _ = room_in(api, kickoff["id"])
    with product.database.unit_of_work() as session:
        room_id = opened.rpartition("/")[2]
        kinds = {"kind": "scale", "title": "?", "kickoff_id": kickoff["id"]}
        session.add(Activity(room_id=room_id, status=ActivityStatus.OPEN, **kinds))
    pushed, _ = room_in(api, kickoff["id"])
    with product.database.unit_of_work() as session:
        session.add(RoomEvent(room_id=pushed.rpartition("/")[2], name="room.lock"))
    for used in (joined, opened, pushed):
        refused = api.delete(used, headers=match)
        assert refused.status_code == 409
        assert refused.json()["detail"]
        assert api.get(used).status_code == 200


def test_the_running_block_is_kept_over_rest_and_by_the_page(
    product: Product, api: TestClient
) -> None:
    here = f"/kickoffs/{product.kickoff.id}"
    block = api.post(f"/api/v1{here}/agenda-blocks", json={"title": "Nå"}).json()["id"]
    with product.database.unit_of_work() as session:
        wanted = select(Room).where(Room.kickoff_id == product.kickoff.id)
        room = session.scalars(wanted).one()
        room.block_id, room.status = block, RoomStatus.LIVE
    refused = api.delete(f"/api/v1{here}/agenda-blocks/{block}", headers={"if-match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "pågår" in refused.json()["detail"]
    page = product.browser("owner").post(f"{here}/agenda/{block}/remove")
    assert page.status_code == 409
    assert refused.json()["detail"] in page.text
    with product.database.unit_of_work() as session:
        session.get_one(Room, room.id).status = RoomStatus.ENDED
    gone = api.delete(f"/api/v1{here}/agenda-blocks/{block}", headers={"if-match": "*"})
    assert gone.status_code == 204


def test_what_is_on_and_what_comes_stand_before_what_has_been(product: Product) -> None:
    browser = product.browser("owner")
    for title, days in (("Lenge siden", -90), ("Om en måned", 30), ("I går", -1), ("I dag", 0)):
        day = (clock.today() + timedelta(days=days)).isoformat()
        browser.post("/kickoffs", title=title, starts_at="09:00", time_zone="Europe/Oslo", day=day)
    page = browser.get("/").text
    titles = ("I dag", "Om en måned", "I går", "Lenge siden")
    assert sorted(titles, key=page.index) == list(titles)
