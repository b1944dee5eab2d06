"""Working groups in the room: balanced, undoable, and whoever comes late is placed without moving
anybody.

Seen red: with the place found by the page's snapshot instead of in the ledger's transaction, those
who came together all went to one group; an undo after somebody else's change undid that one.
"""

import asyncio
from collections import Counter

import pytest
from sqlmodel import select

from app.errors import Conflict, Invalid, KickoffError, NotFound
from app.ids import random_id
from app.live import loading
from app.live.counting import Counting
from app.live.ledger import Arrival, Ledger, Return
from app.live.loading import Outside
from app.live.mine import read
from app.live.roles import View, seen_by
from app.live.votes import Present, Vote
from app.models.groups import EarlierGroups, WorkingGroup, groups_of
from app.models.people import Person
from app.models.rooms import Participant, Room
from app.operations import groups, records
from app.operations.entities import GROUPS, PEOPLE
from app.operations.rooms import new_room
from tests.live.conftest import Desk
from tests.live.test_endings import push
from tests.live.test_reset import plan_for_another_day

FUNCTIONS = ("Salg", "Produkt", "Drift")


def on_the_list(desk: Desk, *people: tuple[str, str]) -> dict[str, str]:
    """People by name with their function; their ids."""
    with desk.database.unit_of_work() as session:
        made = [Person(kickoff_id=desk.kickoff_id, name=n, function=f) for n, f in people]
        session.add_all(made)
    return {one.name: one.id for one in made}


def join(desk: Desk, *names: str, people: int = 1) -> list[str]:
    """They come through the ledger, all at once."""
    ids = [random_id() for _ in names]

    async def within() -> None:
        ledger = Ledger(desk.database, desk.vault, lambda _: None)
        for id, name in zip(ids, names, strict=True):
            ledger.put(Arrival(id, desk.room_id, name, None, people), lambda _: None)
        await ledger.finish()

    asyncio.run(within())
    return ids


def seats(desk: Desk) -> dict[str, str | None]:
    with desk.database.reading() as session:
        here = select(Participant).where(~Participant.removed)
        return {one.id: one.working_group_id for one in session.exec(here)}


def listed(desk: Desk) -> dict[str, str | None]:
    with desk.database.reading() as session:
        return {one.name: one.working_group_id for one in session.exec(select(Person))}


def group_ids(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return [group.id for group in session.scalars(groups_of(desk.kickoff_id))]


def sizes(desk: Desk) -> list[int]:
    counted = Counter(seats(desk).values())
    return sorted(counted[group] for group in group_ids(desk))


def test_groups_are_balanced_over_who_is_there_and_the_list_follows(each_desk: Desk) -> None:
    desk = each_desk
    names = [f"{function} {n}" for function in FUNCTIONS for n in range(4)]
    on_the_list(desk, *((name, name.split()[0]) for name in names), ("Borte Hansen", "Salg"))
    join(desk, *names)
    assert push(desk, "groups.make", count=4) == {"groups": 4}
    assert sizes(desk) == [3, 4, 4, 4]  # with the three whom nobody knows
    function_in = Counter()
    for name, group in listed(desk).items():
        if name != "Borte Hansen":
            assert group is not None
            function_in[group, name.split()[0]] += 1
    assert set(function_in.values()) == {1}
    assert listed(desk)["Borte Hansen"] is None
    with desk.database.reading() as session:
        tied = session.exec(select(Participant).where(Participant.name == "Salg 1")).one()
        assert session.get_one(Person, tied.person_id).name == "Salg 1"


def test_a_size_makes_as_many_groups_as_come_nearest_to_it(desk: Desk) -> None:
    join(desk, *(f"Gjest {n}" for n in range(9)))  # and three who were there
    push(desk, "groups.make", size=4)
    assert sizes(desk) == [4, 4, 4]


def test_names_and_tables_stay_when_groups_are_made_again(desk: Desk) -> None:
    push(desk, "groups.make", count=2)
    with desk.database.unit_of_work() as session:
        session.get_one(WorkingGroup, group_ids(desk)[0]).name = "Multe"
    before = group_ids(desk)
    push(desk, "groups.make", count=3)
    assert group_ids(desk)[:2] == before
    push(desk, "groups.make", count=1)
    with desk.database.reading() as session:
        (only,) = session.scalars(groups_of(desk.kickoff_id)).all()
    assert (only.name, only.table) == ("Multe", "1")


def test_mixed_again_there_are_as_many(desk: Desk) -> None:
    push(desk, "groups.make", count=2)
    push(desk, "groups.make", count="", size="")
    assert len(group_ids(desk)) == 2


@pytest.mark.parametrize("data", [{}, {"count": 2, "size": 2}, {"count": 0}, {"size": "x"}])
def test_either_how_many_or_how_large(desk: Desk, data: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        push(desk, "groups.make", **data)


def test_nobody_is_no_group(desk: Desk) -> None:
    for one in desk.people:
        push(desk, "participant.remove", participant=one)
    with pytest.raises(Conflict, match="nobody"):
        push(desk, "groups.make", count=2)


def test_who_comes_late_is_placed_where_they_are_missed_and_moves_nobody(each_desk: Desk) -> None:
    desk = each_desk
    on_the_list(desk, *((f"{f} {n}", f) for f in FUNCTIONS for n in range(6)))
    join(desk, "Salg 0", "Salg 1", "Salg 2", "Produkt 0", "Produkt 1")
    push(desk, "groups.make", count=3)
    before = seats(desk)
    assert sizes(desk) == [2, 3, 3]
    # All at once, so that they are committed together.
    late = join(desk, *(f"{f} {n}" for f in FUNCTIONS for n in range(3, 6)), "Ukjent", "")
    after = seats(desk)
    assert {who: after[who] for who in before} == before
    assert None not in {after[who] for who in late}
    assert max(sizes(desk)) - min(sizes(desk)) <= 1
    drift = Counter(after[who] for who in late[6:9])
    assert max(drift.values()) == 1, "one of each function at each table"


def test_two_processes_that_let_people_in_fill_groups_evenly(each_desk: Desk) -> None:
    desk = each_desk
    push(desk, "groups.make", count=3)

    async def fill(process: int) -> None:
        ledger = Ledger(desk.database, desk.vault, lambda _: None)
        for number in range(15):
            await ledger.write(Arrival(f"{process}-{number}", desk.room_id, "", None, 1))
        await ledger.finish()

    async def within() -> None:
        await asyncio.gather(fill(1), fill(2))

    asyncio.run(within())
    assert sizes(desk) == [11, 11, 11]


def test_whoever_the_list_has_in_a_group_comes_into_it(each_desk: Desk) -> None:
    desk = each_desk
    on_the_list(desk, ("Kari Ærø", "Salg"), ("Ola Øye", "Drift"), ("Per Åsen", "Salg"))
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=2, lot="a")
    wanted = listed(desk)
    kari, per = join(desk, "KARI ærø", "per åsen")
    assert (seats(desk)[kari], seats(desk)[per]) == (wanted["Kari Ærø"], wanted["Per Åsen"])


def test_where_there_are_no_groups_nobody_is_asked_for_one(desk: Desk) -> None:
    on_the_list(desk, ("Kari", "Salg"))
    (kari,) = join(desk, "Kari")
    assert seats(desk)[kari] is None


def test_one_is_moved_and_moved_back(desk: Desk) -> None:
    ids = on_the_list(desk, ("Kari", "Salg"))
    (kari,) = join(desk, "Kari")
    push(desk, "groups.make", count=2)
    first, second = group_ids(desk)
    before = seats(desk)
    other = second if before[kari] == first else first
    push(desk, "groups.move", participant=kari, group=other)
    assert (seats(desk)[kari], listed(desk)["Kari"]) == (other, other)
    push(desk, "room.undo")
    assert (seats(desk), listed(desk)["Kari"]) == (before, before[kari])
    push(desk, "groups.move", participant=kari, group=None)
    assert seats(desk)[kari] is None
    with pytest.raises(NotFound):
        push(desk, "groups.move", participant=kari, group=ids["Kari"])
    with pytest.raises(NotFound):
        push(desk, "groups.move", participant=ids["Kari"], group=first)


@pytest.mark.parametrize("name, data", [("groups.make", {"count": 1}), ("groups.clear", {})])
def test_what_was_made_of_the_groups_is_taken_back(
    each_desk: Desk, name: str, data: dict[str, int]
) -> None:
    desk = each_desk
    on_the_list(desk, ("Kari", "Salg"), ("Borte", "Salg"))
    join(desk, "Kari")
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=3, lot="a")
    before = (seats(desk), listed(desk), group_ids(desk))
    push(desk, name, **data)
    assert (seats(desk), listed(desk), group_ids(desk)) != before
    push(desk, "room.undo")
    assert (seats(desk), listed(desk), group_ids(desk)) == before


def test_an_undo_places_who_came_meanwhile_and_undoes_nobody_elses_change(desk: Desk) -> None:
    push(desk, "groups.make", count=2)
    push(desk, "groups.make", count=3)
    (late,) = join(desk, "Sein")
    push(desk, "room.undo")
    assert seats(desk)[late] in group_ids(desk)
    push(desk, "groups.make", count=3)
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=2, lot="b")
    with pytest.raises(Conflict, match="changed the groups"):
        push(desk, "room.undo")


def test_a_table_with_one_phone_stays_together_and_weighs_what_it_weighs(desk: Desk) -> None:
    (table,) = join(desk, "Bord 7", people=6)
    join(desk, *(f"Gjest {n}" for n in range(9)))
    push(desk, "groups.make", size=9)
    of_table = [who for who, group in seats(desk).items() if group == seats(desk)[table]]
    assert (len(of_table), len(group_ids(desk))) == (4, 2)


def test_groups_of_another_room_of_the_kickoff_go_on(each_desk: Desk) -> None:
    desk = each_desk
    with desk.database.unit_of_work() as session:
        other = new_room(session, desk.kickoff_id, name="Sal 2")
        there = Participant(id=random_id(), room_id=other.id)
        session.add(there)
    push(desk, "groups.make", count=2)
    with desk.database.reading() as session:
        before = session.get_one(Room, other.id)
    assert seats(desk)[there.id] is None
    push(desk, "groups.clear")
    with desk.database.reading() as session:
        after = session.get_one(Room, other.id)
    assert (after.revision > before.revision, after.control > before.control) == (True, True)


def test_the_attendee_is_told_group_and_table(desk: Desk) -> None:
    push(desk, "groups.make", count=1)
    with desk.database.reading() as session:
        found = read(session, desk.vault, [(desk.room_id, desk.people[0])])[desk.people[0]]
    assert found is not None
    told = {name: found["me"][name] for name in ("group_id", "group", "table")}
    # Its name is in the language of whoever made it.
    assert told.pop("group") in ("Group 1", "Gruppe 1")
    assert told == {"group_id": group_ids(desk)[0], "table": "1"}


def test_views_know_who_is_in_a_group_who_is_expected_and_who_is_in_none(desk: Desk) -> None:
    on_the_list(desk, ("Kari", "Salg"), ("Borte", "Salg"))
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=1, lot="a")
    look = Outside("", connected=frozenset(desk.people))
    with desk.database.reading() as session:
        _, standing = loading.load(session, desk.room_id, look)
    (kari,) = join(desk, "Kari")
    push(desk, "groups.move", participant=desk.people[0], group=None)
    with desk.database.reading() as session:
        room, _ = loading.load(session, desk.room_id, look, standing)
    (group,) = room.groups
    assert (group.people, group.here, group.names, group.expected) == (3, 2, ("Kari",), ("Borte",))
    assert [one.id for one in room.ungrouped] == [desk.people[0]]
    assert room.group_of[kari] == group.id
    assert seen_by(View.PHONE, room).group_of == {}
    assert seen_by(View.PROJECTOR, room).groups == room.groups


def test_who_came_since_the_last_look_is_known_to_be_in_a_group(desk: Desk) -> None:
    """Seen red: a large board was fetched as of no group."""
    push(desk, "groups.make", count=1)
    with desk.database.reading() as session:
        _, standing = loading.load(session, desk.room_id, Outside(""))
    (late,) = join(desk, "Sein")
    with desk.database.reading() as session:
        room, _ = loading.load(session, desk.room_id, Outside(""), standing)
    assert room.group_of[late] == group_ids(desk)[0]


def test_after_a_rehearsal_the_plan_has_its_own_groups_again(each_desk: Desk) -> None:
    desk = each_desk
    plan_for_another_day(desk)
    on_the_list(desk, ("Kari", "Salg"), ("Borte", "Salg"))
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=2, lot="a")
    before = (listed(desk), group_ids(desk))
    join(desk, "Kari")
    push(desk, "groups.make", count=3)
    push(desk, "groups.move", participant=desk.people[0], group=None)
    push(desk, "room.reset")
    assert (listed(desk), group_ids(desk), seats(desk)) == (*before, {})
    with desk.database.reading() as session:
        assert session.exec(select(EarlierGroups)).all() == []
        assert all(one.working_group_id is None for one in session.exec(select(Participant)))


def test_what_the_plan_says_after_a_rehearsal_stands(desk: Desk) -> None:
    plan_for_another_day(desk)
    on_the_list(desk, ("Kari", "Salg"))
    push(desk, "groups.make", count=2)
    with desk.database.unit_of_work() as session:
        groups.make(session, desk.kickoff_id, number=1, lot="b")
    after = (listed(desk), group_ids(desk))
    push(desk, "room.reset")
    assert (listed(desk), group_ids(desk)) == after


def test_groups_are_dealt_among_those_who_are_connected_and_who_is_away_is_in_none(
    each_desk: Desk,
) -> None:
    desk = each_desk
    away, here = join(desk, "Anna", "Berit"), join(desk, "Cato", "Dina", "Eli", "Finn")
    push(desk, "groups.make", count=2)
    assert sizes(desk) == [4, 5]  # with the three of before; nobody knows who is connected
    push(desk, "groups.make", _connected=frozenset(here), count=2)
    assert sizes(desk) == [2, 2]
    assert {seats(desk)[id] for id in away} == {None}
    push(desk, "groups.make", _connected=frozenset(), count=2)
    assert sizes(desk) == [4, 5]


def come_back(desk: Desk, *who: str) -> None:
    """They join nothing: their phones say hello again, all at once."""

    async def within() -> None:
        ledger = Ledger(desk.database, desk.vault, lambda _: None)
        for id in who:
            ledger.put(Return(id, desk.room_id), lambda _: None)
        await ledger.finish()

    asyncio.run(within())


def test_who_was_away_when_groups_were_made_is_placed_on_coming_back(each_desk: Desk) -> None:
    """Seen red: without a place on coming back they were in none until somebody moved them."""
    desk = each_desk
    on_the_list(desk, ("Anna", "Salg"))
    away = join(desk, "Anna", "Berit", "Cato")
    here = [*desk.people, *join(desk, "Dina", "Eli", "Finn")]
    push(desk, "groups.make", _connected=frozenset(here), count=3)
    before = seats(desk)
    assert {before[id] for id in away} == {None}
    come_back(desk, *away, here[0])
    after = seats(desk)
    assert sizes(desk) == [3, 3, 3]
    assert {after[id] for id in away} == set(group_ids(desk)), "each where they are missed most"
    assert {id: after[id] for id in here} == {id: before[id] for id in here}, "nobody is moved"
    come_back(desk, *away)
    assert seats(desk) == after
    with desk.database.reading() as session:
        anna = session.get_one(Participant, away[0])
        assert session.get_one(Person, anna.person_id).name == "Anna"


def test_who_was_taken_out_of_the_groups_by_hand_stays_out(each_desk: Desk) -> None:
    desk = each_desk
    (observer,) = join(desk, "Observatør")
    push(desk, "groups.make", count=2)
    push(desk, "groups.move", participant=observer, group=None)
    come_back(desk, observer)
    assert seats(desk)[observer] is None
    push(desk, "groups.make", _connected=frozenset(desk.people), count=2)
    come_back(desk, observer)
    assert seats(desk)[observer] in group_ids(desk), "made again they are for everybody again"


def test_who_was_taken_out_of_the_room_gets_no_place(desk: Desk) -> None:
    (gone,) = join(desk, "Borte")
    push(desk, "groups.make", _connected=frozenset(desk.people), count=2)
    push(desk, "participant.remove", participant=gone)
    come_back(desk, gone)
    with desk.database.reading() as session:
        assert session.get_one(Participant, gone).working_group_id is None


def test_who_came_back_works_on_the_groups_board_and_is_told(each_desk: Desk) -> None:
    """Also where this process knew them as somebody in no group."""
    desk = each_desk
    (late,) = join(desk, "Berit")
    push(desk, "groups.make", _connected=frozenset(desk.people), count=1)
    (group,) = group_ids(desk)
    board = desk.activity("sprint_board", mode="named")
    card = {"do": "add", "board": group, "text": "Kort"}
    first, again = (Vote(random_id(), n, board, desk.room_id, late, card) for n in (1, 2))
    taken: list[bool] = []
    with desk.database.reading() as session:
        _, standing = loading.load(session, desk.room_id, Outside(""))

    async def within() -> None:
        ledger = Ledger(desk.database, desk.vault, lambda _: None)
        for number, item in enumerate((first, Return(late, desk.room_id), again), 1):
            ledger.put(item, lambda error: taken.append(error is None))
            while len(taken) < number:  # noqa: ASYNC110 -- the ledger tells by a call
                await asyncio.sleep(0.001)
        await ledger.finish()

    asyncio.run(within())
    assert taken == [False, True, True]
    with desk.database.reading() as session:
        room, _ = loading.load(session, desk.room_id, Outside(""), standing)
    assert room.group_of[late] == group


def test_a_board_takes_cards_of_those_whose_group_was_removed_in_the_plan(each_desk: Desk) -> None:
    desk = each_desk
    push(desk, "groups.make", count=2)
    board = desk.activity("sprint_board", mode="named")
    present = Present(desk.sql)  # what a process remembers from batch to batch

    def add(seq: int, text: str, **more: object) -> list[KickoffError | None]:
        vote = desk.vote(board, 0, seq, do="add", text=text, **more)
        with desk.database.transaction() as connection:
            return Counting(desk.sql, desk.vault, [vote], present).write(connection)

    assert add(1, "Mens det er grupper") == [None]
    with desk.database.unit_of_work() as session:
        for group in session.scalars(groups_of(desk.kickoff_id)).all():
            records.remove(session, GROUPS, group)
    assert add(2, "Etterpå", board="all", column=0) == [None]


def test_a_phone_goes_where_the_people_list_puts_its_owner(each_desk: Desk) -> None:
    desk = each_desk
    kari = on_the_list(desk, ("Kari", "Salg"))["Kari"]
    (phone,) = join(desk, "Kari")
    push(desk, "groups.make", count=2)
    with desk.database.unit_of_work() as session:
        row = session.get_one(Person, kari)
        (other,) = {one.id for one in session.scalars(groups_of(desk.kickoff_id))} - {
            row.working_group_id
        }
        before = session.get_one(Room, desk.room_id).control
        records.change(session, PEOPLE, row, {"working_group_id": other})
    assert seats(desk)[phone] == other
    with desk.database.reading() as session:
        assert session.get_one(Room, desk.room_id).control > before
