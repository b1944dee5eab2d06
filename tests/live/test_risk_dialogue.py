"""L10 in the room: the register's risks placed by everybody, new ones collected and placed, and
what the room says in the register with its figures, owner and deadline; by ledger and moves.

Seen red: with one lane for all risks of a phone, with a result told to phones while they place,
with a second record for a risk that was merged into one of the register, with what somebody else
had changed taken back too, and with a rehearsal that left its figures in the register.
"""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from app import rendering
from app.errors import Conflict
from app.live import loading, roles
from app.live.loading import Outside
from app.live.minutes import drafts
from app.live.placed import PlacedRisk, RisksResult
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity, Entry
from app.models.agenda import AgendaBlock
from app.models.people import Person
from app.models.risks import Risk
from app.models.rooms import Room
from app.operations import records
from app.operations.entities import AGENDA_BLOCKS, RISKS
from app.operations.room_risks import as_it_was
from app.outputs import qr
from app.rules.placements import cell_of
from tests.live.conftest import Desk
from tests.live.test_closing import plan_for_another_day
from tests.live.test_endings import push, scrub_what_is_due
from tests.live.test_top_obstacles import id_of, own_of, to

pytestmark = pytest.mark.timeout(120)

BOTH = (HTML_DIALECT, JSON_DIALECT)


@pytest.fixture(autouse=True)
def wired() -> None:
    rendering.environment().globals["qr"] = qr.svg


def register(desk: Desk, *titles: str, **fields: Any) -> list[str]:
    with desk.database.unit_of_work() as session:
        made = [
            records.create(session, RISKS, desk.kickoff_id, {"title": title, **fields})
            for title in titles
        ]
    return [one.id for one in made]


def risk(desk: Desk, risk_id: str) -> Risk:
    with desk.database.reading() as session:
        return session.get_one(Risk, risk_id)


def titles(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(session.exec(select(Risk.title).order_by(col(Risk.title))))


def opened(desk: Desk, *, mode: str = "anonymous", **config: Any) -> str:
    push(desk, "room.start")
    said = {"kind": "risk_dialogue", "title": "Hva kan gå galt?", "mode": mode, "config": config}
    return str(push(desk, "activity.create", **said, open=True)["activity"])


def place(desk: Desk, activity: str, who: int, entry: str, at: str, seq: int = 50) -> str | None:
    probability, consequence = at.split(".")
    said = {"risk": entry, "probability": probability, "consequence": consequence}
    return desk.count(desk.vote(activity, who, seq, **said))[0]


def write(desk: Desk, activity: str, *texts: str, who: int = 0) -> list[str]:
    votes = [desk.vote(activity, who, 1 + at, text=text) for at, text in enumerate(texts)]
    assert desk.count(*votes) == [None] * len(votes)
    return [id_of(desk, activity, text) for text in texts]


def seen(desk: Desk, activity: str, view: View) -> ActivityView:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return next(a for a in roles.seen_by(view, whole).activities if a.id == activity)


def drawn(desk: Desk, view: View, dialect: str = HTML_DIALECT) -> str:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return str(render(whole, Key(view, "nb", dialect)).parts)


def told(desk: Desk, activity: str, view: View = View.CONSOLE) -> dict[str, PlacedRisk]:
    result = seen(desk, activity, view).result
    assert isinstance(result, RisksResult)
    return {one.text: one for one in result.risks}


def offered(desk: Desk, activity: str) -> list[str]:
    return [entry.text for entry in seen(desk, activity, View.PHONE).entries]


# ---- What is placed


def test_those_that_are_open_are_placed_and_nothing_of_their_steps_is_told(desk: Desk) -> None:
    register(desk, "Datafeil", "Forsinkelse")
    register(desk, "Avsluttet", state="closed")
    register(desk, "Ny kunde", kind="opportunity")
    activity = opened(desk)
    assert sorted(offered(desk, activity)) == ["Datafeil", "Forsinkelse"]
    for dialect in BOTH:
        assert "Datafeil" in drawn(desk, View.PHONE, dialect)
        assert "Avsluttet" not in drawn(desk, View.PHONE, dialect)


def test_the_planner_chooses_and_else_the_block_does(desk: Desk) -> None:
    first, second, _ = register(desk, "Datafeil", "Forsinkelse", "Uvær")
    assert offered(desk, opened(desk, risks=[second, "0" * 36])) == ["Forsinkelse"]
    with desk.database.unit_of_work() as session:
        said = {"title": "Risiko", "kind": "risk_discussion", "minutes": 20, "risk_ids": [first]}
        block = records.create(session, AGENDA_BLOCKS, desk.kickoff_id, said)
        assert isinstance(block, AgendaBlock)
    asked = {"kind": "risk_dialogue", "title": "?", "block": block.id, "open": True}
    of_block = str(push(desk, "activity.create", **asked)["activity"])
    assert offered(desk, of_block) == ["Datafeil"]


def test_a_round_is_about_what_is_open_then(desk: Desk) -> None:
    gone, _ = register(desk, "Datafeil", "Uvær")
    activity = opened(desk)
    with desk.database.unit_of_work() as session:
        records.change(session, RISKS, session.get_one(Risk, gone), {"state": "closed"})
    again = str(push(desk, "activity.new_round", activity=activity)["activity"])
    assert offered(desk, again) == ["Uvær"]


def test_opened_again_it_has_what_came_into_the_register_since(desk: Desk) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    entry = id_of(desk, activity, "Datafeil")
    assert place(desk, activity, 0, entry, "high.high") is None
    push(desk, "activity.close", activity=activity)
    register(desk, "Uvær")
    push(desk, "activity.open", activity=activity)
    assert {text: one.count for text, one in told(desk, activity).items()} == {
        "Datafeil": 1,
        "Uvær": 0,
    }


# ---- Placing


def test_each_risk_is_placed_by_itself_whatever_comes_late(desk: Desk) -> None:
    register(desk, "Datafeil", "Uvær")
    activity = opened(desk)
    data, storm = (id_of(desk, activity, text) for text in ("Datafeil", "Uvær"))
    assert place(desk, activity, 0, storm, "low.high", seq=7) is None
    assert place(desk, activity, 0, data, "high.low", seq=5) is None, "older, of another risk"
    assert place(desk, activity, 0, storm, "high.high", seq=6) is None, "late, and superseded"
    assert place(desk, activity, 1, storm, "medium.high", seq=1) is None
    found = told(desk, activity)
    assert (found["Datafeil"].probability, found["Datafeil"].consequence) == (3, 1)
    assert (found["Uvær"].count, found["Uvær"].probability, found["Uvær"].consequence) == (
        2,
        1.5,
        3,
    )
    assert own_of(desk, activity)["placed"] == {data: "high.low", storm: "low.high"}
    assert desk.count(desk.vote(activity, 0, 9, risk=storm, away="yes")) == [None]
    assert own_of(desk, activity)["placed"] == {data: "high.low"}
    assert told(desk, activity)["Uvær"].count == 1


@pytest.mark.parametrize(
    "said, code",
    [
        ({"risk": "unknown", "probability": "low", "consequence": "low"}, "invalid"),
        ({"risk": "", "probability": "low", "consequence": "low"}, "invalid"),
        ({"probability": "low", "consequence": "low"}, "invalid"),
        ({"risk": None}, "invalid"),
        ({"text": "x" * 141}, "invalid"),
        ({"text": "x" * 140}, None),
    ],
)
def test_what_is_no_placement_is_refused(
    desk: Desk, said: dict[str, Any], code: str | None
) -> None:
    assert desk.count(desk.vote(opened(desk), 0, 1, **said)) == [code]


@pytest.mark.parametrize("said", [{"probability": "low"}, {"consequence": "sky"}, {}])
def test_it_is_placed_on_both_scales_or_not_at_all(desk: Desk, said: dict[str, Any]) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    entry = id_of(desk, activity, "Datafeil")
    assert desk.count(desk.vote(activity, 0, 1, risk=entry, **said)) == ["invalid"]
    assert own_of(desk, activity).get("placed", {}) == {}


def test_while_people_place_no_phone_is_told_where_others_do(desk: Desk) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    entry = id_of(desk, activity, "Datafeil")
    push(desk, "activity.live", activity=activity, live=True)
    before = [drawn(desk, View.PHONE, dialect) for dialect in BOTH]
    assert place(desk, activity, 1, entry, "high.high") is None
    assert [drawn(desk, View.PHONE, dialect) for dialect in BOTH] == before
    assert told(desk, activity, View.PROJECTOR)["Datafeil"].count == 1
    push(desk, "activity.hide", activity=activity)
    assert seen(desk, activity, View.PROJECTOR).result is None
    to(desk, activity, "own")
    assert told(desk, activity, View.PHONE)["Datafeil"].count == 1


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_no_name_stands_with_a_placement(desk: Desk, mode: str) -> None:
    register(desk, "Datafeil")
    activity = opened(desk, mode=mode)
    entry = id_of(desk, activity, "Datafeil")
    assert place(desk, activity, 0, entry, "high.high") is None
    write(desk, activity, "Uvær", who=1)
    push(desk, "activity.reveal", activity=activity)
    to(desk, activity, "own")
    assert told(desk, activity)["Datafeil"].count == 1
    assert desk.people[0] not in str(seen(desk, activity, View.CONSOLE))
    for view in (View.PHONE, View.PROJECTOR):
        for dialect in BOTH:
            assert desk.people[0] not in drawn(desk, view, dialect)


def test_a_risk_that_too_few_have_placed_shows_no_figures(desk: Desk) -> None:
    register(desk, "Datafeil", "Uvær")
    activity = opened(desk, minimum_group=2)
    data, storm = (id_of(desk, activity, text) for text in ("Datafeil", "Uvær"))
    for who in (0, 1):
        assert place(desk, activity, who, data, "high.low") is None
    assert place(desk, activity, 2, storm, "high.high") is None
    found = told(desk, activity)
    assert found["Datafeil"].probability == 3
    assert (found["Uvær"].probability, found["Uvær"].cells) == (None, [])


# ---- What was missing


def test_what_is_missing_is_written_in_silence_and_placed_afterwards(desk: Desk) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    [entry] = write(desk, activity, "Nøkkelfolk slutter")
    for dialect in BOTH:
        assert "Nøkkelfolk" in drawn(desk, View.CONSOLE, dialect)
        for view in (View.PHONE, View.PROJECTOR):
            assert "Nøkkelfolk" not in drawn(desk, view, dialect)
    to(desk, activity, "weigh")
    for dialect in BOTH:
        assert "Nøkkelfolk" in drawn(desk, View.PHONE, dialect)
        assert "Datafeil" not in drawn(desk, View.PHONE, dialect)
    assert place(desk, activity, 1, entry, "medium.high") is None
    assert place(desk, activity, 0, entry, "low.high") is None, "also by who wrote it"
    assert desk.count(desk.vote(activity, 0, 60, text="For sent")) == ["activity_closed"]
    assert told(desk, activity)["Nøkkelfolk slutter"].count == 2
    to(desk, activity, "own")
    assert place(desk, activity, 2, entry, "low.low") == "activity_closed"


def test_who_placed_both_that_are_one_counts_once_with_the_heavier(desk: Desk) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    data = id_of(desk, activity, "Datafeil")
    [same] = write(desk, activity, "Feil i data")
    assert place(desk, activity, 0, data, "low.low") is None
    assert place(desk, activity, 0, same, "high.high", seq=51) is None
    assert place(desk, activity, 1, data, "low.low") is None
    push(desk, "entry.merge", activity=activity, into=data, entries=[same])
    [one] = told(desk, activity).values()
    assert (one.text, one.count, one.probability) == ("Datafeil", 2, 2)
    push(desk, "entry.unmerge", activity=activity, entry=same)
    assert {text: one.count for text, one in told(desk, activity).items()} == {
        "Datafeil": 2,
        "Feil i data": 1,
    }


# ---- What goes into the register


def weighed(desk: Desk) -> tuple[str, str, str]:
    """The activity, the register's risk, and the entry of a new one; both are placed."""
    [old] = register(desk, "Datafeil", probability="low", consequence="low")
    activity = opened(desk)
    [new] = write(desk, activity, "Uvær")
    data = id_of(desk, activity, "Datafeil")
    for who, at in enumerate(("medium.high", "high.high", "medium.high")):
        assert place(desk, activity, who, data, at) is None
    to(desk, activity, "weigh")
    assert place(desk, activity, 0, new, "low.medium", seq=51) is None
    to(desk, activity, "own")
    return activity, old, new


def test_the_rooms_steps_and_figures_go_into_the_register(each_desk: Desk) -> None:
    desk = each_desk
    activity, old, _ = weighed(desk)
    assert push(desk, "risk_dialogue.write", activity=activity) == {"written": 2}
    assert push(desk, "risk_dialogue.write", activity=activity) == {"written": 2}, "once each"
    assert titles(desk) == ["Datafeil", "Uvær"]
    one = risk(desk, old)
    assert (one.probability, one.consequence) == ("medium", "high")
    assert (one.room_probability, one.room_consequence, one.room_answers) == (2.33, 3, 3)
    assert (one.room_probability_spread, one.room_consequence_spread) == (0.47, 0)
    assert isinstance(one.room_on, date)
    with desk.database.reading() as session:
        new = session.exec(select(Risk).where(Risk.title == "Uvær")).one()
    assert (new.probability, new.consequence, new.room_answers) == ("low", "medium", 1)
    assert new.source_activity_id == activity


def test_each_leaves_with_owner_and_deadline_and_what_lacks_one_is_said(desk: Desk) -> None:
    activity, old, new = weighed(desk)
    for view in View:
        assert 'class="lacks"' in drawn(desk, view)
    data = id_of(desk, activity, "Datafeil")
    for entry, name in ((data, "Kari Nordmann"), (new, "Åse Ødegård")):
        said = {"activity": activity, "entry": entry, "owner_name": name, "due": "2027-02-01"}
        push(desk, "risk_dialogue.own", **said)
    with desk.database.reading() as session:
        people = {one.id: one.name for one in session.exec(select(Person))}
        found = session.exec(select(Risk).order_by(col(Risk.title))).all()
    assert [(r.title, people[r.owner_id or ""], str(r.due)) for r in found] == [
        ("Datafeil", "Kari Nordmann", "2027-02-01"),
        ("Uvær", "Åse Ødegård", "2027-02-01"),
    ]
    assert risk(desk, old).room_answers == 3, "with what the room made of it"
    for view in View:
        assert "Åse Ødegård" in drawn(desk, view)
        assert 'class="lacks"' not in drawn(desk, view)
    push(desk, "risk_dialogue.own", activity=activity, entry=data, owner_name="", due="")
    assert risk(desk, old).owner_id is None
    assert "lacks" in drawn(desk, View.CONSOLE)


def test_a_risk_that_says_what_the_register_has_is_that_one(desk: Desk) -> None:
    activity, old, new = weighed(desk)
    data = id_of(desk, activity, "Datafeil")
    push(desk, "entry.merge", activity=activity, into=new, entries=[data])
    push(desk, "risk_dialogue.write", activity=activity)
    assert titles(desk) == ["Datafeil"]
    assert risk(desk, old).room_answers == 3


def test_what_was_written_is_taken_back_but_for_what_others_changed(each_desk: Desk) -> None:
    desk = each_desk
    activity, old, _ = weighed(desk)
    before = as_it_was(risk(desk, old))
    push(desk, "risk_dialogue.write", activity=activity)
    assert push(desk, "risk_dialogue.take_back", activity=activity) == {"taken_back": 2}
    assert titles(desk) == ["Datafeil"], "what the room put there is gone"
    assert as_it_was(risk(desk, old)) == before
    data = id_of(desk, activity, "Datafeil")
    push(desk, "risk_dialogue.own", activity=activity, entry=data, owner_name="Kari")
    with desk.database.unit_of_work() as session:
        records.change(session, RISKS, session.get_one(Risk, old), {"consequence": "medium"})
    push(desk, "risk_dialogue.take_back", activity=activity, entries=[data])
    one = risk(desk, old)
    assert (one.probability, one.consequence, one.owner_id) == ("low", "medium", None)
    assert one.room_answers is None
    assert push(desk, "risk_dialogue.take_back", activity=activity) == {"taken_back": 0}


def test_nothing_is_written_of_what_nobody_placed(desk: Desk) -> None:
    [old] = register(desk, "Datafeil")
    activity = opened(desk)
    to(desk, activity, "own")
    with pytest.raises(Conflict):
        push(desk, "risk_dialogue.write", activity=activity)
    entry = id_of(desk, activity, "Datafeil")
    push(desk, "risk_dialogue.own", activity=activity, entry=entry, owner_name="Kari")
    one = risk(desk, old)
    assert one.owner_id
    assert (one.room_answers, one.probability) == (None, "medium")


def test_what_was_taken_out_of_the_register_meanwhile_is_put_there_anew(desk: Desk) -> None:
    activity, old, _ = weighed(desk)
    with desk.database.unit_of_work() as session:
        records.remove(session, RISKS, session.get_one(Risk, old))
    push(desk, "risk_dialogue.write", activity=activity)
    assert titles(desk) == ["Datafeil", "Uvær"]
    push(desk, "risk_dialogue.take_back", activity=activity)
    assert titles(desk) == []


def test_placements_stand_when_the_ballots_are_counts_and_are_written_then(desk: Desk) -> None:
    activity, old, _ = weighed(desk)
    before = told(desk, activity)
    push(desk, "activity.close", activity=activity)
    scrub_what_is_due(desk)
    with desk.database.reading() as session:
        assert session.get_one(Activity, activity).scrubbed
    after = told(desk, activity)
    assert {t: (o.count, o.probability, o.cells) for t, o in after.items()} == {
        t: (o.count, o.probability, o.cells) for t, o in before.items()
    }
    push(desk, "risk_dialogue.write", activity=activity)
    assert risk(desk, old).room_answers == 3
    assert push(desk, "risk_dialogue.take_back", activity=activity) == {"taken_back": 2}


def test_a_rehearsal_leaves_the_register_as_it_was(each_desk: Desk) -> None:
    desk = each_desk
    plan_for_another_day(desk)
    activity, old, _ = weighed(desk)
    before = as_it_was(risk(desk, old))
    push(desk, "risk_dialogue.write", activity=activity)
    data = id_of(desk, activity, "Datafeil")
    push(desk, "risk_dialogue.own", activity=activity, entry=data, owner_name="Øver Hansen")
    push(desk, "room.end")
    push(desk, "room.reset")
    assert titles(desk) == ["Datafeil"]
    assert as_it_was(risk(desk, old)) == before
    with desk.database.reading() as session:
        assert session.exec(select(Person)).all() == []
        assert session.exec(select(Entry)).all() == []


def test_the_minutes_have_each_risk_with_owner_or_without(desk: Desk) -> None:
    activity, _, _ = weighed(desk)
    data = id_of(desk, activity, "Datafeil")
    push(desk, "risk_dialogue.own", activity=activity, entry=data, owner_name="Kari Nordmann")
    with desk.database.reading() as session:
        said = str(drafts(session, session.get_one(Room, desk.room_id)))
    assert said.index("Datafeil") < said.index("Uvær"), "the heaviest first"
    assert "Kari Nordmann" in said


def test_what_a_console_calls_a_cell_is_what_was_placed(desk: Desk) -> None:
    register(desk, "Datafeil")
    activity = opened(desk)
    entry = id_of(desk, activity, "Datafeil")
    for mark in range(1, 10):
        at = ".".join(cell_of(mark))
        assert place(desk, activity, 0, entry, at, seq=mark) is None
        [cell] = told(desk, activity)["Datafeil"].cells
        assert f"{cell.probability}.{cell.consequence}" == at
