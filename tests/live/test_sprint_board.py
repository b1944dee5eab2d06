"""L7: whoever moves cards, and however their messages come, all see one order and nothing is lost.

Seen red with one lane for a whole card: a late message about its owner was acknowledged and lost;
and with a lane for each message: a late one undid a newer move of the same sender.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete
from sqlmodel import Session, select

from app.access import Actor, Role
from app.errors import ActivityClosed, NotAllowed, NotFound
from app.ids import derived_id, secret
from app.live import commands, loading, moves
from app.live.boards import ALL, Board
from app.live.loading import Outside
from app.live.roles import View, seen_by
from app.live.snapshot import RoomSnapshot
from app.live.votes import Vote
from app.models.actions import Action
from app.models.activities import Activity, Ballot, Entry, Receipt
from app.models.groups import WorkingGroup
from app.models.kpis import Kpi
from app.models.people import Person
from app.models.risks import Risk
from app.models.rooms import Participant, Room
from tests.live.conftest import Desk
from tests.live.test_endings import push


@dataclass
class Sprint:
    """Two groups: the first two attendees in one, the third in the other."""

    desk: Desk
    activity: str = ""
    groups: list[str] = field(default_factory=list)
    _seq: int = 0

    def __post_init__(self) -> None:
        desk = self.desk
        with desk.database.unit_of_work() as session:
            made = [
                WorkingGroup(
                    kickoff_id=desk.kickoff_id, name=name, table=name[-1], position=f"a{n}"
                )
                for n, name in enumerate(("Gruppe 1", "Gruppe 2"))
            ]
            session.add_all(made)
            session.flush()
            self.groups = [group.id for group in made]
            for person, group in zip(desk.people, (0, 0, 1), strict=True):
                who = session.get_one(Participant, person)
                who.working_group_id, who.name = self.groups[group], f"Deltaker {person[:4]}"
        self.activity = desk.activity("sprint_board", mode="named")

    def vote(self, who: int = 0, **data: Any) -> Vote:
        self._seq += 1
        return self.desk.vote(self.activity, who, self._seq, **data)

    def send(self, who: int = 0, **data: Any) -> str | None:
        return self.desk.count(self.vote(who, **data))[0]

    def add(self, text: str, who: int = 0, **data: Any) -> str:
        """The card's id."""
        vote = self.vote(who, do="add", text=text, **data)
        assert self.desk.count(vote) == [None]
        return derived_id(self.activity, f"new:{self.desk.people[who]}:{vote.id}")

    def card(self, card: str) -> Entry:
        with self.desk.database.reading() as session:
            return session.get_one(Entry, (self.activity, card))

    def whole(self) -> RoomSnapshot:
        outside = Outside("http://x", connected=frozenset(self.desk.people))
        with self.desk.database.reading() as session:
            return loading.load(session, self.desk.room_id, outside)[0]

    def seen(self, view: View = View.CONSOLE, group: str = "") -> list[Board]:
        """The boards as that view has them."""
        room = seen_by(view, self.whole(), group)
        activity = next(a for a in room.activities if a.id == self.activity)
        logic: Any = activity.logic
        return (
            [logic.board_of(activity, room)]
            if view is View.PHONE
            else logic.boards(activity, room.groups)
        )

    def order(self, group: int = 0) -> list[list[str]]:
        """The first group's titles, column by column, as its phones show them."""
        board = self.seen(View.PHONE, self.groups[group])[0]
        return [[card.title for card in column.cards] for column in board.columns]

    def act(self, card: str, who: int = 0) -> dict[str, Any]:
        """The attendee's own command."""
        actor = Actor(
            id=self.desk.people[who],
            roles={self.desk.kickoff_id: Role.ATTENDEE},
            room_id=self.desk.room_id,
        )
        return commands.execute(
            self.desk.database,
            self.desk.vault,
            moves.table(),
            room_id=self.desk.room_id,
            actor=actor,
            name="sprint_board.act",
            command_id=secret(),
            rev=0,
            data={"activity": self.activity, "card": card},
        )

    def push(self, verb: str, **data: Any) -> dict[str, Any]:
        return push(self.desk, f"sprint_board.{verb}", activity=self.activity, **data)

    def actions(self) -> list[Action]:
        with self.desk.database.reading() as session:
            return list(session.exec(select(Action)))


@pytest.fixture
def sprint(each_desk: Desk) -> Sprint:
    return Sprint(each_desk)


# ---- Cards


def test_cards_are_put_beside_others_at_top_and_bottom(sprint: Sprint) -> None:
    cards = {name: sprint.add(name) for name in "abcd"}
    assert sprint.order() == [["a", "b", "c", "d"], [], []]
    sprint.send(do="move", card=cards["d"], column=0, after=cards["a"])
    sprint.send(do="move", card=cards["b"], column=0, to="top")
    sprint.send(do="move", card=cards["c"], column=1)
    assert sprint.order() == [["b", "a", "d"], ["c"], []]
    sprint.send(do="move", card=cards["d"], column=0, to="up")
    sprint.send(do="move", card=cards["b"], column=0, to="down")
    sprint.send(do="move", card=cards["a"], column=1, before=cards["c"])
    assert sprint.order() == [["d", "b"], ["a", "c"], []]


def test_what_two_put_into_one_gap_at_once_still_has_room_between_it(sprint: Sprint) -> None:
    first, last = sprint.add("first"), sprint.add("last")
    with sprint.desk.database.unit_of_work() as session:
        # As two processes write it, of which neither has seen the other's.
        for card in (first, last):
            session.get_one(Entry, (sprint.activity, card)).position = "a0"
    (top, bottom) = sprint.order()[0]
    between = sprint.add("between")
    cards = {"first": first, "last": last}
    sprint.send(do="move", card=between, column=0, after=cards[top])
    assert sprint.order()[0] == [top, "between", bottom]


def test_what_one_batch_brings_is_carried_out_in_turn(sprint: Sprint) -> None:
    a, b, c = (sprint.add(name) for name in "abc")
    told = [
        sprint.vote(do="move", card=c, column=0, to="top"),
        sprint.vote(1, do="move", card=b, column=0, before=c),
        sprint.vote(do="move", card=a, column=0, after=b),
    ]
    assert sprint.desk.count(*told) == [None] * 3
    assert sprint.order()[0] == ["b", "a", "c"]


def test_who_changes_different_things_of_a_card_both_have_their_way(sprint: Sprint) -> None:
    card = sprint.add("Snakke med fem kunder")
    sprint.send(0, do="edit", card=card, item="Ringe")
    key = sprint.seen()[0].cards[0].checks[0].key
    told = [
        sprint.vote(0, do="edit", card=card, owner="Åse Bjørk"),
        sprint.vote(1, do="edit", card=card, due="2027-02-03"),
        sprint.vote(0, do="edit", card=card, item="Skrive"),
        sprint.vote(1, do="edit", card=card, item="Vise frem"),
        sprint.vote(1, do="edit", card=card, check=key, done=True),
        sprint.vote(0, do="edit", card=card, colour="blue"),
        sprint.vote(1, do="move", card=card, column=1),
    ]
    assert sprint.desk.count(*told) == [None] * len(told)
    found = sprint.seen()[0].columns[1].cards[0]
    assert (found.owner, found.due, found.colour) == ("Åse Bjørk", "2027-02-03", "blue")
    assert [(check.text, check.done) for check in found.checks] == [
        ("Ringe", True),
        ("Skrive", False),
        ("Vise frem", False),
    ]


def test_a_late_message_undoes_nothing_newer_of_the_same_sender(sprint: Sprint) -> None:
    card = sprint.add("Kort")
    older = sprint.vote(do="move", card=card, column=1)
    old_title = sprint.vote(do="edit", card=card, text="Gammelt")
    newer = sprint.vote(do="move", card=card, column=2)
    new_title = sprint.vote(do="edit", card=card, text="Nytt")
    for vote in (newer, new_title, older, old_title, newer):
        assert sprint.desk.count(vote) == [None]
    assert sprint.order() == [[], [], ["Nytt"]]


def test_a_late_message_about_something_else_is_not_lost(sprint: Sprint) -> None:
    card = sprint.add("Kort")
    told = [
        sprint.vote(do="move", card=card, column=1),
        sprint.vote(do="edit", card=card, owner="Kari"),
        sprint.vote(do="edit", card=card, text="Nytt"),
    ]
    for vote in reversed(told):
        assert sprint.desk.count(vote) == [None]
    assert sprint.order() == [[], ["Nytt"], []]
    assert sprint.seen()[0].cards[0].owner == "Kari"


def test_an_emptied_member_is_gone(sprint: Sprint) -> None:
    card = sprint.add("Kort", owner="Kari", due="2027-01-02", colour="red")
    for what in ("owner", "due", "colour"):
        sprint.send(do="edit", card=card, **{what: ""})
    assert sprint.seen()[0].cards[0].told == {}


@pytest.mark.parametrize(
    "what, code",
    [
        ({"do": "edit", "text": "  "}, "invalid"),
        ({"do": "edit", "text": "x" * 201}, "invalid"),
        ({"do": "edit", "due": "i morgen"}, "invalid"),
        ({"do": "edit"}, "invalid"),
        ({"do": "move", "column": 5}, "invalid"),
        ({"do": "move"}, "invalid"),
        ({"do": "edit", "check": "9-abcd", "done": True}, "not_found"),
        ({"do": "fly"}, "invalid"),
    ],
)
def test_what_breaks_the_boards_rule_is_refused(
    sprint: Sprint, what: dict[str, Any], code: str
) -> None:
    card = sprint.add("Kort")
    assert sprint.send(card=card, **what) == code
    assert sprint.order()[0] == ["Kort"]


def test_a_column_is_full_at_last(desk: Desk) -> None:
    sprint = Sprint(desk)
    told = [sprint.vote(do="add", text=str(number)) for number in range(61)]
    assert sprint.desk.count(*told) == [None] * 60 + ["invalid"]


def test_a_full_column_takes_nothing_back(desk: Desk) -> None:
    sprint = Sprint(desk)
    gone = sprint.add("Borte")
    sprint.send(do="remove", card=gone)
    sprint.desk.count(*(sprint.vote(do="add", text=str(number)) for number in range(60)))
    assert sprint.send(do="restore", card=gone) == "invalid"
    assert sprint.send(do="move", card=gone, column=1) is None
    assert sprint.send(do="restore", card=gone) is None
    assert sprint.send(do="restore", card=gone) is None


def test_what_a_facilitator_hid_nobody_changes(sprint: Sprint) -> None:
    card = sprint.add("Stygt")
    push(sprint.desk, "entry.hide", activity=sprint.activity, entry=card)
    for what in ({"do": "edit", "text": "Verre"}, {"do": "move", "column": 1}, {"do": "restore"}):
        assert sprint.send(card=card, **what) == "not_found"
    assert sprint.card(card).text == "Stygt"


# ---- Whose board


def test_another_groups_card_is_not_ones_own_to_touch(sprint: Sprint) -> None:
    card = sprint.add("Vårt kort")
    for what in (
        {"do": "move", "column": 1},
        {"do": "edit", "text": "Deres"},
        {"do": "remove"},
        {"do": "restore"},
    ):
        assert sprint.send(2, card=card, **what) == "not_allowed"
    assert sprint.send(2, do="add", text="Hos dere", board=sprint.groups[0]) == "not_allowed"
    assert sprint.order() == [["Vårt kort"], [], []]
    assert sprint.order(1) == [[], [], []]


def test_a_phone_is_told_of_no_other_groups_cards(sprint: Sprint) -> None:
    sprint.add("Vårt kort")
    sprint.add("Deres kort", 2)
    whole = sprint.whole()
    told = [
        [entry.text for entry in seen_by(View.PHONE, whole, group).activities[0].entries]
        for group in sprint.groups
    ]
    assert told == [["Vårt kort"], ["Deres kort"]]
    assert [board.group and board.group.here for board in sprint.seen()] == [2, 1]


def test_who_is_in_no_group_has_the_board_of_all(desk: Desk) -> None:
    sprint = Sprint(desk)
    with desk.database.unit_of_work() as session:
        session.get_one(Participant, desk.people[2]).working_group_id = None
    sprint.add("Felles", 2)
    assert [board.id for board in sprint.seen()] == [*sprint.groups, ALL]


def test_a_group_that_is_gone_leaves_its_cards(desk: Desk) -> None:
    sprint = Sprint(desk)
    sprint.add("Vårt kort")
    with desk.database.unit_of_work() as session:
        session.delete(session.get_one(WorkingGroup, sprint.groups[0]))
        room = session.get_one(Room, desk.room_id)
        room.revision += 1
    assert [[c.title for c in board.cards] for board in sprint.seen()] == [[], ["Vårt kort"]]


# ---- Removing, acting, the frame


def test_a_removed_card_is_put_back_where_it_stood(sprint: Sprint) -> None:
    a, b, _ = (sprint.add(name) for name in "abc")
    sprint.send(do="remove", card=b)
    assert sprint.order()[0] == ["a", "c"]
    assert [card.title for card in sprint.seen()[0].removed] == ["b"]
    sprint.send(1, do="restore", card=b)
    sprint.send(do="move", card=a, column=0, to="bottom")
    assert sprint.order()[0] == ["b", "c", "a"]


def test_a_card_becomes_one_action_however_often_it_is_tapped(sprint: Sprint) -> None:
    desk = sprint.desk
    with desk.database.unit_of_work() as session:
        kpi = Kpi(kickoff_id=desk.kickoff_id, title="Ventetid", position="a0")
        session.add_all([kpi, Person(kickoff_id=desk.kickoff_id, name="Åse Bjørk", position="a0")])
    card = sprint.add("Måle ventetiden", owner="åse bjørk", due="2027-02-03", link=f"kpi:{kpi.id}")
    first = sprint.act(card)
    assert sprint.act(card, 1) == first
    assert sprint.push("take_on", card=card) == first
    (action,) = sprint.actions()
    assert (action.title, str(action.due), action.kpi_id) == (
        "Måle ventetiden",
        "2027-02-03",
        kpi.id,
    )
    assert (action.source, action.source_entry_id) == ("card", card)
    with desk.database.reading() as session:
        people = [person.name for person in session.exec(select(Person))]
    assert people == ["Åse Bjørk"], "who is on the list is not added again"
    activity = sprint.whole().activities[0]
    assert activity.action_of(card)


def test_another_groups_card_is_no_action_of_mine(sprint: Sprint) -> None:
    card = sprint.add("Vårt kort")
    with pytest.raises(NotAllowed):
        sprint.act(card, 2)
    sprint.send(do="remove", card=card)
    with pytest.raises(NotFound):
        sprint.act(card)
    assert sprint.actions() == []


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_of_a_board_that_is_not_open_nobody_makes_actions(sprint: Sprint, status: str) -> None:
    card = sprint.add("Kort")
    with sprint.desk.database.unit_of_work() as session:
        session.get_one(Activity, sprint.activity).status = status
    with pytest.raises(ActivityClosed):
        sprint.act(card)
    assert sprint.actions() == []


@pytest.mark.parametrize("status, risks", [("open", False), ("open", True), ("draft", True)])
def test_phones_are_told_of_the_plan_what_cards_may_point_at_and_no_more(
    desk: Desk, status: str, risks: bool
) -> None:
    sprint = Sprint(desk)
    with desk.database.unit_of_work() as session:
        kpi = Kpi(kickoff_id=desk.kickoff_id, title="Kundetilfredshet")
        risk = Risk(kickoff_id=desk.kickoff_id, title="Nedbemanning")
        session.add_all([kpi, risk])
        session.flush()
        board = session.get_one(Activity, sprint.activity)
        board.config = {"risks": risks}
    card = sprint.add("Kort", link=f"risk:{risk.id}")
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, sprint.activity).status = status
    whole = sprint.whole()
    assert {record.title for record in whole.plan_records} == {kpi.title, risk.title}
    told = {"Kundetilfredshet", *(["Nedbemanning"] if risks else [])} if status == "open" else set()
    for view in (View.PHONE, View.PROJECTOR):
        shown = seen_by(view, whole, sprint.groups[0]).plan_records
        assert {record.title for record in shown} == told
    assert bool((sprint.card(card).data or {}).get("link")) == risks


def test_a_link_to_what_is_gone_stops_no_action(sprint: Sprint) -> None:
    card = sprint.add("Kort", link=f"kpi:{derived_id(sprint.activity, 'gone')}")
    sprint.act(card)
    assert [action.kpi_id for action in sprint.actions()] == [None]


def test_a_facilitator_moves_cards_on_any_board_and_takes_it_back(sprint: Sprint) -> None:
    a, b = sprint.add("a"), sprint.add("b")
    sprint.push("move", card=a, column=2, board=sprint.groups[1])
    assert (sprint.order(), sprint.order(1)) == ([["b"], [], []], [[], [], ["a"]])
    # What somebody does meanwhile is not taken back with it.
    sprint.send(2, do="edit", card=a, owner="Kari")
    push(sprint.desk, "room.undo")
    assert sprint.order()[0] == ["a", "b"]
    assert sprint.card(a).data == {"owner": "Kari"}
    sprint.push("edit", card=b, text="B", owner="Ola")
    sprint.send(do="edit", card=b, due="2027-02-03")
    push(sprint.desk, "room.undo")
    found = sprint.seen()[0].cards[1]
    assert (found.title, found.owner, found.due) == ("b", "", "2027-02-03")


@pytest.mark.parametrize("verb", ["remove", "add"])
def test_what_a_facilitator_removes_or_adds_is_taken_back(sprint: Sprint, verb: str) -> None:
    card = sprint.add("a")
    if verb == "remove":
        sprint.push("remove", card=card)
        assert sprint.order()[0] == []
    else:
        sprint.push("add", board=sprint.groups[0], column=1, text="b")
        assert sprint.order()[1] == ["b"]
    push(sprint.desk, "room.undo")
    assert sprint.order() == [["a"], [], []]


def test_a_column_that_goes_leaves_its_cards_to_the_neighbour(sprint: Sprint) -> None:
    for column, name in ((0, "a"), (1, "b"), (1, "c"), (2, "d")):
        sprint.add(name, column=column)
    before = sprint.seen(View.PHONE, sprint.groups[0])[0]
    sprint.push("frame", columns=["Nytt", "", "Ferdig", "Feiret"])
    board = sprint.seen(View.PHONE, sprint.groups[0])[0]
    assert [column.name for column in board.columns] == ["Nytt", "Ferdig", "Feiret"]
    assert sprint.order() == [["a", "b", "c"], ["d"], []]
    push(sprint.desk, "room.undo")
    after = sprint.seen(View.PHONE, sprint.groups[0])[0]
    assert replace(after, group=None) == replace(before, group=None)


def test_the_first_column_goes_to_the_one_that_is_first_then(sprint: Sprint) -> None:
    for column, name in ((0, "a"), (1, "b"), (2, "c")):
        sprint.add(name, column=column)
    sprint.push("frame", columns=["", "To", "Tre"])
    assert sprint.order() == [["a", "b"], ["c"]]
    assert sprint.send(do="move", card=sprint.seen()[0].cards[0].id, column=2) == "invalid"


def test_cards_of_a_column_that_is_taken_back_stand_in_the_last(sprint: Sprint) -> None:
    sprint.add("a", column=2)
    sprint.push("frame", columns=["En", "To", "Tre", "Fire"])
    new = sprint.add("b", column=3)
    push(sprint.desk, "room.undo")
    assert sprint.order()[2] == ["a", "b"]
    last = sprint.add("c", column=2)
    assert sprint.send(do="move", card=last, column=2, before=new) is None
    assert sprint.order()[2] == ["a", "c", "b"]


def test_what_a_facilitator_empties_is_gone_on_either_database(sprint: Sprint) -> None:
    card = sprint.add("Kort", owner="Kari", colour="red")
    sprint.push("edit", card=card, owner="")
    assert sprint.card(card).data == {"colour": "red"}
    sprint.push("timer", minutes=5)
    sprint.push("timer", minutes=0)
    with sprint.desk.database.reading() as session:
        frame = session.exec(select(Entry).where(Entry.place == "frame")).one()
    assert frame.data == {}


def test_a_sprint_of_all_takes_the_place_of_single_ones_and_is_taken_back(sprint: Sprint) -> None:
    sprint.push("timer", board=sprint.groups[0], minutes=5)
    own = [board.ends_at for board in sprint.seen()]
    assert own[0]
    assert own[1] is None
    sprint.push("timer", minutes=10)
    both = {board.ends_at for board in sprint.seen()}
    assert len(both) == 1
    sprint.push("timer", minutes=5, more=True)
    assert {board.ends_at for board in sprint.seen()} == {(both.pop() or 0) + 300_000}
    sprint.push("timer", minutes=0)
    assert {board.ends_at for board in sprint.seen()} == {None}
    push(sprint.desk, "room.undo")
    assert {board.ends_at for board in sprint.seen()} != {None}


def test_boards_stay_usable_after_the_day(sprint: Sprint) -> None:
    push(sprint.desk, "room.start")
    push(sprint.desk, "room.end")
    sprint.add("Dagen etter")
    assert sprint.order()[0] == ["Dagen etter"]
    phone = seen_by(View.PHONE, sprint.whole(), sprint.groups[0])
    assert [activity.id for activity in phone.going_on] == [sprint.activity]


# ---- Any interleaving


def columns_() -> st.SearchStrategy[int]:
    return st.integers(0, 2)


class Cards(RuleBasedStateMachine):
    """Three people send; messages are kept, come late, again, several at once. A plain model says
    what must have become of each card, aspect by aspect."""

    made: Sprint

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[int, Vote]] = []  # sent, and not arrived for the first time
        self.arrived: list[Vote] = []
        self.cards: dict[str, int] = {}  # by card: the group it belongs to
        self.newest: dict[tuple[str, str, int], int] = {}  # (card, aspect, sender) → seq
        self.stands: dict[tuple[str, str], Any] = {}  # (card, aspect) → what the last commit said

    @initialize()
    def empty(self) -> None:
        with self.made.desk.database.unit_of_work() as session:
            _forget(session, self.made.activity)

    @precondition(lambda self: len(self.cards) < 4)
    @rule(who=st.integers(0, 2), text=st.text("abcæøå", min_size=1, max_size=5), column=columns_())
    def writes(self, who: int, text: str, column: int) -> None:
        card = self.made.add(text, who, column=column)
        self.cards[card] = 0 if who < 2 else 1
        self.stands[card, "text"], self.stands[card, "column"] = text, column
        self.stands[card, "state"] = "visible"

    @precondition(lambda self: self.cards)
    @rule(data=st.data(), who=st.integers(0, 2))
    def sends(self, data: st.DataObject, who: int) -> None:
        """Somebody changes something; it is on its way."""
        card = data.draw(st.sampled_from(list(self.cards)))
        what = data.draw(
            st.one_of(
                st.fixed_dictionaries({"do": st.just("move"), "column": columns_()}),
                st.fixed_dictionaries(
                    {
                        "do": st.just("move"),
                        "column": columns_(),
                        "after": st.sampled_from(list(self.cards)),
                    }
                ),
                st.fixed_dictionaries(
                    {"do": st.just("move"), "column": columns_(), "to": st.just("top")}
                ),
                st.fixed_dictionaries(
                    {"do": st.just("edit"), "text": st.text("xyz", min_size=1, max_size=4)}
                ),
                st.fixed_dictionaries(
                    {"do": st.just("edit"), "owner": st.sampled_from(["", "Kari", "Ola"])}
                ),
                st.fixed_dictionaries({"do": st.sampled_from(["remove", "restore"])}),
            )
        )
        self.kept.append((who, self.made.vote(who, card=card, **what)))

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), number=st.integers(1, 4))
    def arrive(self, data: st.DataObject, number: int) -> None:
        """Some of what is on its way comes, in any order, in one batch."""
        order = data.draw(st.permutations(range(len(self.kept))))[:number]
        batch = [self.kept[place] for place in order]
        self.kept = [each for n, each in enumerate(self.kept) if n not in order]
        codes = self.made.desk.count(*(vote for _, vote in batch))
        for (who, vote), code in zip(batch, codes, strict=True):
            mine = self.cards[vote.data["card"]] == (0 if who < 2 else 1)
            assert code == (None if mine else "not_allowed")
            if mine:
                self.arrived.append(vote)
                self._becomes(who, vote)

    @precondition(lambda self: self.arrived)
    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        vote = data.draw(st.sampled_from(self.arrived))
        assert self.made.desk.count(vote) == [None]

    def _becomes(self, who: int, vote: Vote) -> None:
        card, told = vote.data["card"], vote.data
        aspect = {"move": "column", "remove": "state", "restore": "state"}.get(told["do"], "")
        aspect = aspect or ("text" if "text" in told else "owner")
        value = {
            "column": told.get("column"),
            "state": "withdrawn" if told["do"] == "remove" else "visible",
            "text": told.get("text"),
            "owner": told.get("owner") or None,
        }[aspect]
        if vote.seq > self.newest.get((card, aspect, who), -1):
            self.newest[card, aspect, who] = vote.seq
            self.stands[card, aspect] = value

    @invariant()
    def nothing_is_lost_and_nobody_has_been_overwritten(self) -> None:
        with self.made.desk.database.reading() as session:
            there = session.exec(select(Entry).where(Entry.activity_id == self.made.activity)).all()
        assert {entry.id for entry in there} == set(self.cards)
        for entry in there:
            stands = {a: v for (card, a), v in self.stands.items() if card == entry.id}
            assert entry.text == stands["text"]
            assert entry.state == stands["state"]
            assert (entry.data or {}).get("owner") == stands.get("owner")
            group = self.made.groups[self.cards[entry.id]]
            assert entry.place == f"{group}/{stands['column']}"

    @invariant()
    def everybody_sees_one_order(self) -> None:
        wall = {board.id: board for board in self.made.seen(View.PROJECTOR)}
        for group in self.made.groups:
            phone = self.made.seen(View.PHONE, group)[0]
            assert [c.cards for c in phone.columns] == [c.cards for c in wall[group].columns]
            shown = [card.id for card in (*phone.cards, *phone.removed)]
            assert len(shown) == len(set(shown))


def _forget(session: Session, activity: str) -> None:
    for table in (Entry, Ballot, Receipt):
        session.execute(delete(table).where(table.activity_id == activity))  # type: ignore[attr-defined]


def test_any_interleaving_of_moves_converges(each_desk: Desk) -> None:
    is_sqlite = each_desk.database.is_sqlite
    machine = type("Machine", (Cards,), {"made": Sprint(each_desk)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15 if is_sqlite else 4,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
