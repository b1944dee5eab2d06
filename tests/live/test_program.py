"""L3: one "next" walks a block's pages, pictures and activities; it can be taken back."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.errors import Conflict, Invalid, NotFound
from app.live import loading, roles, state
from app.live.loading import Outside
from app.live.prepared import make_draft
from app.live.roles import View
from app.live.snapshot import RoomSnapshot
from app.models.activities import Activity
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.operations import records
from app.operations.accounts import new_organisation
from app.operations.entities import AGENDA_BLOCKS, GOALS, THEME_PAGES, THEMES
from tests.live.conftest import Desk
from tests.live.test_endings import push

POINTS = "Kunden får svar samme dag\n\nÉn innboks for Ærø og Øst"


def made(desk: Desk, **block: Any) -> str:
    """A running block with a theme of two pages, a picture and a question."""
    with desk.database.unit_of_work() as session:
        theme = records.create(session, THEMES, desk.kickoff_id, {"title": "Svar samme dag"})
        for title in ("Hvorfor", "Hvordan"):
            page = {"title": title, "theme_id": theme.id, "text": POINTS}
            records.create(session, THEME_PAGES, desk.kickoff_id, page)
        records.create(
            session, GOALS, desk.kickoff_id, {"title": "<b>Mål</b>", "level": "strategic"}
        )
        values = {"title": "Veivalg", "minutes": 30, "theme_ids": [theme.id]}
        values |= {"program": ["picture:goal-tree"]} | block
        made = records.create(session, AGENDA_BLOCKS, desk.kickoff_id, values)
        asked = {"kind": "scale", "title": "Tror du på dette?", "room_id": desk.room_id}
        make_draft(session, desk.kickoff_id, {**asked, "block_id": made.id, "mode": "named"})
    push(desk, "room.start")
    return made.id


def room_of(desk: Desk) -> RoomSnapshot:
    with desk.database.reading() as session:
        return loading.load(session, desk.room_id, Outside(public_url="http://x"))[0]


def on(desk: Desk, *, room: RoomSnapshot | None = None) -> str:
    """What the hall looks at."""
    seen = room or room_of(desk)
    if seen.staged:
        return seen.staged.title
    return f"{seen.shown.title}{seen.shown.focus}" if seen.shown else "block"


def next_one(desk: Desk) -> str:
    """The step that the orange button makes."""
    room = room_of(desk)
    if room.next_step == "part":
        assert room.shown
        push(desk, "stage.show", item=room.shown.key, focus=room.shown.focus_after(1))
    elif room.next_step == "item":
        assert room.next_shown
        push(desk, "stage.show", item=room.next_shown.key)
    else:
        return room.next_step
    return on(desk)


def test_one_next_walks_pages_pictures_and_activities(desk: Desk) -> None:
    made(desk)
    walked = [next_one(desk) for _ in range(5)]
    assert walked == ["Hvorfor", "Hvordan", "Goal tree", "Tror du på dette?", "end"]
    assert [a.status for a in room_of(desk).activities] == ["open"], "it is sent to the phones"


def test_back_goes_the_same_way(desk: Desk) -> None:
    made(desk)
    for _ in range(4):
        next_one(desk)
    went = []
    while room_of(desk).walks:
        push(desk, "stage.show", **room_of(desk).shown_before)
        went.append(on(desk))
    assert went == ["Goal tree", "Hvordan", "Hvorfor", "block"]
    for _ in range(3):
        next_one(desk)
    assert next_one(desk) == "Tror du på dette?", "it is open, and on the wall again"


def test_work_waits_until_the_introduction_is_over(desk: Desk) -> None:
    made(desk, kind="interactive")
    walked = [next_one(desk) for _ in range(4)]
    assert walked == ["Hvorfor", "Hvordan", "Goal tree", "phase"]
    push(desk, "agenda.next_phase")
    assert on(desk) == "Goal tree", "the picture stays while the work begins"
    assert next_one(desk) == "Tror du på dette?"
    assert next_one(desk) == "phase"


def test_what_was_asked_and_closed_is_shown_again_and_not_asked_again(desk: Desk) -> None:
    made(desk)
    (question,) = (a.id for a in room_of(desk).activities)
    push(desk, "activity.open", activity=question)
    push(desk, "activity.close", activity=question)
    push(desk, "stage.show", item="picture:goal-tree")
    assert next_one(desk) == "Tror du på dette?"
    assert [a.status for a in room_of(desk).activities] == ["closed"]
    assert next_one(desk) == "end"


def test_a_question_asked_on_the_spot_does_not_move_the_program(desk: Desk) -> None:
    made(desk)
    assert next_one(desk) == "Hvorfor"
    push(desk, "activity.create", kind="words", title="Hva tenker dere?", open=True)
    assert on(desk) == "Hva tenker dere?"
    assert next_one(desk) == "Hvordan"


def test_a_block_begins_with_itself_and_going_back_finds_what_was_left(desk: Desk) -> None:
    made(desk)
    with desk.database.unit_of_work() as session:
        records.create(session, AGENDA_BLOCKS, desk.kickoff_id, {"title": "Pause", "kind": "break"})
    next_one(desk)
    push(desk, "agenda.next")
    assert (on(desk), room_of(desk).steps) == ("block", ())
    push(desk, "agenda.back")
    assert on(desk) == "Hvorfor"
    assert next_one(desk) == "Hvordan"


def test_undo_shows_what_stood_before(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    next_one(desk)
    push(desk, "room.undo")
    assert on(desk) == "Hvorfor"
    assert next_one(desk) == "Hvordan"


def test_an_opening_that_is_taken_back_shows_the_picture_again(desk: Desk) -> None:
    made(desk)
    for _ in range(4):
        next_one(desk)
    push(desk, "room.undo")
    assert (on(desk), [a.status for a in room_of(desk).activities]) == ("Goal tree", ["draft"])


def test_an_activity_takes_the_stage_and_gives_it_back_to_the_block(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    (question,) = (a.id for a in room_of(desk).activities)
    push(desk, "activity.stage", activity=question)
    assert on(desk) == "Tror du på dette?"
    push(desk, "activity.stage", activity=None)
    assert on(desk) == "block"


@pytest.mark.parametrize(
    "item",
    ["picture:nothing", f"page:{'0' * 8}-0000-7000-8000-{'0' * 12}", f"slide:{'a' * 36}:1"],
)
def test_only_what_is_there_is_shown(desk: Desk, item: str) -> None:
    made(desk)
    with pytest.raises(NotFound):
        push(desk, "stage.show", item=item)


def test_another_kickoffs_page_is_not_shown(desk: Desk) -> None:
    made(desk)
    with desk.database.unit_of_work() as session:
        foreign = _foreign_page(session)
    with pytest.raises(NotFound):
        push(desk, "stage.show", item=f"page:{foreign}")


def _foreign_page(session: Session) -> str:
    organisation = new_organisation(session, "Fjord")
    kickoff = Kickoff(organisation_id=organisation.id, title="Hemmelig", day=date(2027, 2, 3))
    session.add(kickoff)
    session.flush()
    theme = records.create(session, THEMES, kickoff.id, {"title": "Hemmelig"})
    page = {"title": "Hemmelig", "theme_id": theme.id}
    return records.create(session, THEME_PAGES, kickoff.id, page).id


@pytest.mark.parametrize("item", ["javascript:1", "picture:../x", "slide:1:1", "page:"])
def test_what_no_item_is_called_is_refused(desk: Desk, item: str) -> None:
    made(desk)
    with pytest.raises(Invalid):
        push(desk, "stage.show", item=item)


def test_nothing_is_shown_before_the_day_or_after_it(desk: Desk) -> None:
    made(desk)
    push(desk, "room.end")
    with pytest.raises(Conflict):
        push(desk, "stage.show", item="picture:goal-tree")


def test_light_falls_on_pictures_alone(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    with pytest.raises(Conflict):
        push(desk, "stage.light", focus="part:0")
    push(desk, "stage.show", item="picture:goal-tree")
    room = room_of(desk)
    assert room.shown
    (goal,) = room.shown.picture("en").nodes
    push(desk, "stage.light", focus=f"node:{goal.id}")
    lit = room_of(desk).shown
    assert lit
    assert f'data-node="{goal.id}" data-lit' in lit.html("en")
    push(desk, "room.undo")
    unlit = room_of(desk).shown
    assert unlit
    assert "data-lit" not in unlit.html("en")


def test_phones_get_the_words_and_no_drawing(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    phone = roles.seen_by(View.PHONE, room_of(desk))
    assert phone.shown
    assert phone.shown.points == ("Kunden får svar samme dag", "Én innboks for Ærø og Øst")
    next_one(desk)
    next_one(desk)
    before = roles.seen_by(View.PHONE, room_of(desk))
    assert before.shown
    assert before.shown.drawn == {}
    goal = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    push(desk, "stage.light", focus=f"node:{goal}")
    after = roles.seen_by(View.PHONE, room_of(desk))
    assert before.shown == after.shown, "what is lit is for the hall: no phone gets a frame for it"


def test_programs_are_told_what_stands_on_the_stage(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    told = state.state_of(roles.seen_by(View.CONSOLE, room_of(desk)), View.CONSOLE)
    assert told["shown"]["points"] == ["Kunden får svar samme dag", "Én innboks for Ærø og Øst"]
    assert [step["title"] for step in told["program"]][:2] == ["Hvorfor", "Hvordan"]
    assert told["step"] == told["shown"]["item"]


def test_what_people_wrote_is_text_on_the_stage(desk: Desk) -> None:
    made(desk)
    push(desk, "stage.show", item="picture:goal-tree")
    shown = room_of(desk).shown
    assert shown
    drawn = shown.html("nb")
    assert "&lt;b&gt;Mål" in drawn
    assert "<b>" not in drawn
    assert "<a " not in drawn, "nobody follows a link on the wall"


def test_a_page_that_is_removed_leaves_the_stage_to_the_block(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    shown = room_of(desk).shown
    assert shown
    with desk.database.unit_of_work() as session:
        records.remove(
            session, THEME_PAGES, records.find(session, THEME_PAGES, desk.kickoff_id, shown.id)
        )
    assert on(desk) == "block"
    assert room_of(desk).next_step == "item"


def remove_page(desk: Desk, key: str) -> None:
    with desk.database.unit_of_work() as session:
        found = records.find(session, THEME_PAGES, desk.kickoff_id, key.partition(":")[2])
        records.remove(session, THEME_PAGES, found)


@pytest.mark.parametrize(
    "walked, taken, then",
    [
        (1, [0], "Hvordan"),
        (2, [1], "Goal tree"),
        (2, [0], "Goal tree"),
        (2, [0, 1], "Goal tree"),
    ],
)
def test_where_a_step_is_taken_away_the_program_goes_on_behind_it(
    desk: Desk, walked: int, taken: list[int], then: str
) -> None:
    """Seen red: with the shown page gone, "next" began with the first step again."""
    made(desk)
    for _ in range(walked):
        next_one(desk)
    pages = [step.key for step in room_of(desk).steps[:2]]
    for number in taken:
        remove_page(desk, pages[number])
    assert next_one(desk) == then


def test_back_from_a_step_that_was_taken_away_shows_the_one_before_it(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    next_one(desk)
    first, second = (step.key for step in room_of(desk).steps[:2])
    remove_page(desk, second)
    assert room_of(desk).walks
    before = {"item": first}
    assert room_of(desk).shown_before == before


def test_a_picture_that_is_no_step_is_shown_in_between(desk: Desk) -> None:
    """Seen red: after it, "next" began with the first step again."""
    made(desk)
    next_one(desk)
    push(desk, "stage.show", item="picture:risk-matrix")
    push(desk, "stage.show", item="picture:roadmap")
    following = room_of(desk).next_shown
    assert following
    assert following.title == "Hvordan"


def test_the_last_round_stands_in_the_place_of_the_first(desk: Desk) -> None:
    block_id = made(desk)
    (question,) = (a.id for a in room_of(desk).activities)
    with desk.database.unit_of_work() as session:
        block = session.get_one(AgendaBlock, block_id)
        block.program = [f"activity:{question}", "picture:goal-tree"]
    push(desk, "activity.open", activity=question)
    push(desk, "activity.new_round", activity=question)
    with desk.database.reading() as session:
        again = next(
            a.id for a in session.exec(_activities(desk)).all() if a.previous_id == question
        )
    assert [step.key for step in room_of(desk).steps][2:] == [
        f"activity:{again}",
        "picture:goal-tree",
    ]


def _activities(desk: Desk) -> Any:
    return select(Activity).where(col(Activity.room_id) == desk.room_id)


def test_a_room_that_begins_anew_has_an_empty_stage(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    push(desk, "room.end")
    push(desk, "room.reset")
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
    assert (room.stage_item, room.step, room.stage_focus) == ("", "", "")


def test_a_page_that_is_rewritten_while_it_is_shown_is_shown_as_it_is(desk: Desk) -> None:
    made(desk)
    next_one(desk)
    with desk.database.reading() as session:
        before, standing = loading.load(session, desk.room_id, Outside(public_url="http://x"))
    assert before.shown
    with desk.database.unit_of_work() as session:
        page = records.find(session, THEME_PAGES, desk.kickoff_id, before.shown.id)
        records.change(session, THEME_PAGES, page, {"title": "Hvorfor nå"})
    with desk.database.reading() as session:
        after, _ = loading.load(session, desk.room_id, Outside(public_url="http://x"), standing)
    assert on(desk, room=after) == "Hvorfor nå"


def test_a_picture_is_drawn_once_until_the_plan_changes(desk: Desk) -> None:
    made(desk)
    push(desk, "stage.show", item="picture:goal-tree")
    outside = Outside(public_url="http://x")
    with desk.database.reading() as session:
        first, standing = loading.load(session, desk.room_id, outside)
    push(desk, "agenda.extend", minutes=1)
    with desk.database.reading() as session:
        second, standing = loading.load(session, desk.room_id, outside, standing)
    assert first.shown
    assert second.shown
    assert second.shown.drawn is first.shown.drawn
    with desk.database.unit_of_work() as session:
        records.create(session, GOALS, desk.kickoff_id, {"title": "Nytt mål", "level": "strategic"})
    with desk.database.reading() as session:
        third, _ = loading.load(session, desk.room_id, outside, standing)
    assert third.shown
    assert "Nytt mål" in third.shown.html("nb")


def test_after_a_new_round_next_goes_on_from_it(desk: Desk) -> None:
    block_id = made(desk)
    (question,) = (a.id for a in room_of(desk).activities)
    with desk.database.unit_of_work() as session:
        session.get_one(AgendaBlock, block_id).program = [
            f"activity:{question}",
            "picture:goal-tree",
        ]
    push(desk, "stage.show", item=f"activity:{question}")
    push(desk, "activity.new_round", activity=question)
    assert next_one(desk) == "Goal tree"


def test_what_runs_beside_the_day_is_no_step(desk: Desk) -> None:
    block_id = made(desk)
    with desk.database.unit_of_work() as session:
        aside = {"kind": "questions", "title": "Spørsmål", "room_id": desk.room_id}
        beside = make_draft(session, desk.kickoff_id, {**aside, "block_id": block_id}).id
    assert next_one(desk) == "Hvorfor"
    push(desk, "activity.open", activity=beside)
    assert next_one(desk) == "Hvordan"


def test_going_back_asks_nobody(desk: Desk) -> None:
    block_id = made(desk)
    (question,) = (a.id for a in room_of(desk).activities)
    with desk.database.unit_of_work() as session:
        session.get_one(AgendaBlock, block_id).program = [
            f"activity:{question}",
            "picture:goal-tree",
        ]
    push(desk, "stage.show", item="picture:goal-tree")
    push(desk, "stage.show", **room_of(desk).shown_before)
    assert on(desk) == "Hvordan", "the question was jumped over, and is not opened by going back"


def test_back_takes_what_next_did_last(desk: Desk) -> None:
    made(desk, kind="interactive")
    for _ in range(3):
        next_one(desk)
    assert room_of(desk).walks
    push(desk, "agenda.next_phase")
    assert not room_of(desk).walks, "the phase was last, and comes first"
    push(desk, "agenda.previous_phase")
    assert room_of(desk).walks


def test_another_round_of_what_was_asked_on_the_spot_does_not_move_it_either(desk: Desk) -> None:
    made(desk)
    assert next_one(desk) == "Hvorfor"
    push(desk, "activity.create", kind="words", title="Hva tenker dere?", open=True)
    asked = next(a.id for a in room_of(desk).activities if a.title == "Hva tenker dere?")
    push(desk, "activity.new_round", activity=asked)
    assert next_one(desk) == "Hvordan"


def test_after_one_was_in_the_light_next_goes_on_with_the_parts(desk: Desk) -> None:
    made(desk)
    with desk.database.unit_of_work() as session:
        for number in range(12):
            goal = {"title": f"Mål {number}", "level": "strategic"}
            records.create(session, GOALS, desk.kickoff_id, goal)
    push(desk, "stage.show", item="picture:goal-tree")
    shown = room_of(desk).shown
    assert shown
    picture = shown.picture("nb")
    assert len(picture.parts) > 2
    of_second = next(
        node.id for node, part in zip(picture.nodes, picture.part_of_node, strict=True) if part == 1
    )
    push(desk, "stage.light", focus=f"node:{of_second}")
    assert next_one(desk) == "Goal treepart:2"
