"""L5: obstacles collected in silence, merged, ranked and owned, through the ledger and the moves.

Seen red: an entry told to phones while it was collected, a merge that kept the worse place, an own
that made a second action, a take over somebody else's name.
"""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from app import rendering
from app.access import Actor, Role
from app.errors import ActivityClosed, Conflict, Invalid, NotAllowed, NotFound
from app.i18n import gettext, speaking
from app.ids import random_id
from app.live import commands, loading, mine, moves, roles, state
from app.live.activities.top_obstacles import ObstaclesResult, TopObstacles
from app.live.loading import Outside
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.actions import Action
from app.models.activities import Activity, Entry
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.models.rooms import Participant
from app.operations import obstacles, records
from app.operations.entities import PEOPLE
from app.outputs import qr
from tests.live.conftest import Desk
from tests.live.test_endings import push, scrub_what_is_due

TABLE = moves.table()
pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def wired() -> None:
    """What the application gives to its templates beside the room."""
    rendering.environment().globals["qr"] = qr.svg


def opened(desk: Desk, *, mode: str = "anonymous", **config: Any) -> str:
    push(desk, "room.start")
    made = push(
        desk,
        "activity.create",
        kind="top_obstacles",
        title="Hva står i veien?",
        mode=mode,
        config=config,
        open=True,
    )
    return str(made["activity"])


def to(desk: Desk, activity: str, stage: str) -> None:
    push(desk, "activity.to_stage", activity=activity, stage=stage)


def write(desk: Desk, activity: str, *texts: str, who: int = 0, seq: int = 1) -> list[str]:
    """The ids of the entries made."""
    votes = [desk.vote(activity, who, seq + at, text=text) for at, text in enumerate(texts)]
    assert desk.count(*votes) == [None] * len(votes)
    return [id_of(desk, activity, text) for text in texts]


def rank(desk: Desk, activity: str, who: int, *entries: str, seq: int = 50) -> str | None:
    return desk.count(desk.vote(activity, who, seq, ranking=list(entries)))[0]


def id_of(desk: Desk, activity: str, text: str) -> str:
    with desk.database.reading() as session:
        wanted = select(Entry.id).where(Entry.activity_id == activity, Entry.text == text)
        return session.exec(wanted).all()[-1]


def attendee(desk: Desk, who: int, command: str, **data: Any) -> dict[str, Any]:
    """A command from a phone."""
    actor = Actor(id=desk.people[who], roles={desk.kickoff_id: Role.ATTENDEE}, room_id=desk.room_id)
    return commands.execute(
        desk.database,
        desk.vault,
        TABLE,
        room_id=desk.room_id,
        actor=actor,
        name=command,
        command_id=random_id(),
        rev=0,
        data=data,
    )


def seen(desk: Desk, activity: str, view: View) -> ActivityView:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return next(a for a in roles.seen_by(view, whole).activities if a.id == activity)


def drawn(desk: Desk, view: View, dialect: str = HTML_DIALECT) -> str:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return str(render(whole, Key(view, "nb", dialect)).parts)


def order(desk: Desk, activity: str) -> list[tuple[str, int, int]]:
    """(text, points, place), as the console has it."""
    result = seen(desk, activity, View.CONSOLE).result
    assert isinstance(result, ObstaclesResult)
    return [(each.text, each.points, each.place) for each in result.ranked]


def own_of(desk: Desk, activity: str, who: int = 0) -> dict[str, Any]:
    with desk.database.reading() as session:
        found = mine.read(session, desk.vault, [(desk.room_id, desk.people[who])])
    own = found[desk.people[who]]
    assert own is not None
    return dict(own["mine"].get(activity, {}).get("data", {}))


def actions(desk: Desk) -> list[Action]:
    with desk.database.reading() as session:
        return list(session.exec(select(Action).order_by(col(Action.id))))


def person(desk: Desk, name: str) -> str:
    with desk.database.unit_of_work() as session:
        return records.create(session, PEOPLE, desk.kickoff_id, {"name": name}).id


def named(desk: Desk, who: int, name: str) -> None:
    with desk.database.unit_of_work() as session:
        session.get_one(Participant, desk.people[who]).name = name


# ---- Collect


def test_each_writes_several_and_no_more_than_fit(each_desk: Desk) -> None:
    activity = opened(each_desk, most_each=2)
    votes = [each_desk.vote(activity, 0, seq, text=f"Hinder {seq}") for seq in (1, 2, 3)]
    assert each_desk.count(*votes) == [None, None, "invalid"]
    assert each_desk.count(each_desk.vote(activity, 0, 4, text="Ett til")) == ["invalid"]
    assert each_desk.count(each_desk.vote(activity, 1, 1, text="Fra en annen")) == [None]
    assert each_desk.texts(activity) == ["Fra en annen", "Hinder 1", "Hinder 2"]


def test_sent_again_it_is_one_obstacle(each_desk: Desk) -> None:
    activity = opened(each_desk)
    vote = each_desk.vote(activity, text="Møter uten beslutning")
    assert each_desk.count(vote, vote) == [None, None]
    assert each_desk.count(vote) == [None]
    assert each_desk.texts(activity) == ["Møter uten beslutning"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 141])
def test_what_says_nothing_or_too_much_is_refused(desk: Desk, text: str) -> None:
    assert desk.count(desk.vote(opened(desk), text=text)) == ["invalid"]


def test_one_takes_back_ones_own_and_has_room_again(each_desk: Desk) -> None:
    activity = opened(each_desk, most_each=1)
    (entry,) = write(each_desk, activity, "For mange møter")
    assert each_desk.count(each_desk.vote(activity, 1, 1, withdraw=entry)) == ["invalid"]
    assert each_desk.count(each_desk.vote(activity, 0, 2, withdraw=entry)) == [None]
    assert own_of(each_desk, activity)["written"][0]["state"] == "withdrawn"
    assert seen(each_desk, activity, View.CONSOLE).written == 0
    write(each_desk, activity, "For få folk", seq=3)
    refused = each_desk.count(each_desk.vote(activity, 0, 4, restore=entry))
    assert refused == ["invalid"], "there is no room for both"


def test_it_is_known_by_the_submission_that_made_it(each_desk: Desk) -> None:
    """All that a phone knows of what it has just written."""
    activity = opened(each_desk)
    vote = each_desk.vote(activity, text="For mange møter")
    back = each_desk.vote(activity, 0, 2, withdraw=vote.id)
    again = each_desk.vote(activity, 0, 3, restore=vote.id)
    assert each_desk.count(vote, back) == [None, None]
    assert own_of(each_desk, activity)["written"][0]["state"] == "withdrawn"
    assert each_desk.count(again) == [None]
    assert own_of(each_desk, activity)["written"][0]["state"] == "visible"


def test_what_is_hidden_by_the_facilitator_is_not_restored_by_its_writer(desk: Desk) -> None:
    activity = opened(desk)
    (entry,) = write(desk, activity, "Noe stygt om noen")
    push(desk, "entry.hide", activity=activity, entry=entry)
    desk.count(desk.vote(activity, 0, 2, withdraw=entry), desk.vote(activity, 0, 3, restore=entry))
    assert seen(desk, activity, View.CONSOLE).written == 0


@pytest.mark.parametrize("dialect", [HTML_DIALECT, JSON_DIALECT])
def test_it_is_collected_in_silence(each_desk: Desk, dialect: str) -> None:
    activity = opened(each_desk)
    before = drawn(each_desk, View.PHONE, dialect)
    write(each_desk, activity, "Hemmelig hinder")
    write(each_desk, activity, "Et annet hinder", who=1)
    assert "Hemmelig" in drawn(each_desk, View.CONSOLE, dialect)
    assert "Hemmelig" not in drawn(each_desk, View.PROJECTOR, dialect)
    assert drawn(each_desk, View.PHONE, dialect) == before, "not even how many"
    told = seen(each_desk, activity, View.PROJECTOR)
    assert (told.written, told.answered) == (2, 2)
    to(each_desk, activity, "merge")
    assert "Hemmelig" not in drawn(each_desk, View.PROJECTOR, dialect)
    assert "Hemmelig" not in drawn(each_desk, View.PHONE, dialect)


def test_a_switch_shows_them_arriving_on_the_projector_alone(desk: Desk) -> None:
    activity = opened(desk)
    push(desk, "activity.live", activity=activity, live=True)
    write(desk, activity, "Synlig hinder")
    assert "Synlig hinder" in drawn(desk, View.PROJECTOR)
    assert "Synlig hinder" not in drawn(desk, View.PHONE)
    assert "Synlig hinder" not in drawn(desk, View.PHONE, JSON_DIALECT)


# ---- Merge


def test_who_ranked_both_keeps_the_better_place_and_parting_is_exact(each_desk: Desk) -> None:
    activity = opened(each_desk)
    one, other, third = write(each_desk, activity, "A", "B", "C")
    to(each_desk, activity, "rank")
    assert rank(each_desk, activity, 0, other, third, one) is None
    assert rank(each_desk, activity, 1, one) is None
    apart = order(each_desk, activity)
    assert apart == [("A", 8, 1), ("B", 5, 2), ("C", 4, 3)]
    push(each_desk, "entry.merge", activity=activity, into=one, entries=[other])
    assert order(each_desk, activity) == [("A", 10, 1), ("C", 4, 2)]
    push(each_desk, "entry.unmerge", activity=activity, entry=other)
    assert order(each_desk, activity) == apart
    push(each_desk, "entry.merge", activity=activity, into=one, entries=[other])
    push(each_desk, "room.undo")
    assert order(each_desk, activity) == apart


def test_what_is_the_same_but_for_signs_is_merged_in_one_go_and_undone(each_desk: Desk) -> None:
    activity = opened(each_desk)
    write(each_desk, activity, "For mange prosjekter", "for mange prosjekter!", "Noe annet")
    write(each_desk, activity, "FOR MANGE PROSJEKTER", who=1)
    to(each_desk, activity, "merge")
    assert push(each_desk, "top_obstacles.merge_alike", activity=activity) == {"merged": 2}
    assert seen(each_desk, activity, View.CONSOLE).written == 2
    push(each_desk, "room.undo")
    assert seen(each_desk, activity, View.CONSOLE).written == 4


def test_any_earlier_merge_is_parted_from_the_list_whatever_came_after_it(desk: Desk) -> None:
    """Undo takes the last push back; each older merge has a button of its own, until the end."""
    activity = opened(desk)
    a, b, c, d, e = write(desk, activity, "A", "B", "C", "D", "E")
    to(desk, activity, "merge")
    for into, part in ((a, b), (c, d), (a, e)):
        push(desk, "entry.merge", activity=activity, into=into, entries=[part])
    push(desk, "room.lock")  # another push, which undo would take back

    def partable() -> set[str]:
        page = drawn(desk, View.CONSOLE)
        return {one for one in (a, b, c, d, e) if f'id="o-{one}"' in page and _parts(page, one)}

    assert partable() == {b, d, e}
    push(desk, "entry.unmerge", activity=activity, entry=b)
    assert partable() == {d, e}
    assert seen(desk, activity, View.CONSOLE).written == 3
    # Also when they rank already: one step back, and on again.
    to(desk, activity, "rank")
    to(desk, activity, "merge")
    push(desk, "entry.unmerge", activity=activity, entry=d)
    assert partable() == {e}


def test_whatever_was_merged_into_one_is_parted_in_one_go_and_undone(each_desk: Desk) -> None:
    activity = opened(each_desk)
    a, b, c, d, e = write(each_desk, activity, "A", "B", "C", "D", "E")
    to(each_desk, activity, "merge")
    push(each_desk, "entry.merge", activity=activity, into=b, entries=[c])
    push(each_desk, "entry.merge", activity=activity, into=d, entries=[e])
    push(each_desk, "entry.merge", activity=activity, into=a, entries=[b])
    assert "entry.unmerge" in drawn(each_desk, View.CONSOLE).partition("all-parts")[2][:600]
    push(each_desk, "entry.unmerge", activity=activity, entry=a, whole=True)
    standing = TopObstacles.standing(seen(each_desk, activity, View.CONSOLE))
    assert {one.text for one in standing} == {*"ABCD"}, "what another stands for stays"
    push(each_desk, "room.undo")
    assert seen(each_desk, activity, View.CONSOLE).written == 2


def test_what_merges_many_is_read_before_the_many(desk: Desk) -> None:
    """Seen red: the button that merges them all lay below thirty rows, in a pane of ten."""
    activity = opened(desk, most_each=20)
    write(desk, activity, *(f"For mange prosjekter samtidig {at}" for at in "abcdefghij"))
    to(desk, activity, "merge")
    card = drawn(desk, View.CONSOLE).partition('class="offer-card"')[2].partition("data-leave")[0]
    before, _, folded = card.partition("<details")
    assert before.count("<li") == 1 + 4
    assert folded.partition("</details>")[2].count("entry.merge") > 0


def _parts(page: str, entry: str) -> bool:
    """Whether a button beside it parts it again."""
    row = page.partition(f'id="o-{entry}"')[2].partition("</li>")[0]
    return "entry.unmerge" in row.partition("<ul")[0] and entry in row


def test_near_duplicates_are_offered_until_they_are_merged(desk: Desk) -> None:
    activity = opened(desk)
    near = ("For mange prosjekter samtidig", "Vi har for mange prosjekter på én gang")
    write(desk, activity, *near, "Kundedata i tre systemer")
    to(desk, activity, "merge")
    logic = TopObstacles()
    (offer,) = logic.to_merge(seen(desk, activity, View.CONSOLE))
    assert {offer.stands, *offer.others} == {id_of(desk, activity, text) for text in near}
    push(desk, "entry.merge", activity=activity, into=offer.stands, entries=list(offer.others))
    assert logic.to_merge(seen(desk, activity, View.CONSOLE)) == []
    push(desk, "entry.unmerge", activity=activity, entry=offer.others[0])
    assert len(logic.to_merge(seen(desk, activity, View.CONSOLE))) == 1


# ---- Rank


def test_everybody_ranks_five_at_most_and_may_change_it(each_desk: Desk) -> None:
    activity = opened(each_desk, most_each=6)
    entries = write(each_desk, activity, *"ABCDEF")
    to(each_desk, activity, "rank")
    assert rank(each_desk, activity, 0, *entries) == "invalid"
    assert rank(each_desk, activity, 0, entries[0], random_id()) == "invalid"
    assert rank(each_desk, activity, 0, *entries[:5]) is None
    assert order(each_desk, activity) == [(text, 5 - at, at + 1) for at, text in enumerate("ABCDE")]
    assert rank(each_desk, activity, 0, entries[5], seq=51) is None
    assert order(each_desk, activity) == [("F", 5, 1)]
    assert rank(each_desk, activity, 0, entries[0], seq=50) is None, "acknowledged, for it is late"
    assert order(each_desk, activity) == [("F", 5, 1)]
    assert own_of(each_desk, activity)["ranking"] == [entries[5]]
    assert len(own_of(each_desk, activity)["written"]) == 6, "what was written stays"
    assert seen(each_desk, activity, View.CONSOLE).answered == 1


def test_with_as_many_points_more_first_places_go_first_and_equals_share(desk: Desk) -> None:
    activity = opened(desk)
    a, b, c = write(desk, activity, "A", "B", "C")
    to(desk, activity, "rank")
    rank(desk, activity, 0, a, b, c)
    rank(desk, activity, 1, c, b, a)
    # A and C: 5 + 3; B: 4 + 4, without a first place.
    assert {(text, points, place) for text, points, place in order(desk, activity)} == {
        ("A", 8, 1),
        ("C", 8, 1),
        ("B", 8, 3),
    }
    assert "delt" in drawn(desk, View.CONSOLE) or "shared" in drawn(desk, View.CONSOLE)
    # Where it is shown it is told how it was counted.
    push(desk, "activity.live", activity=activity, live=True)
    with speaking("nb"):
        rule = gettext(
            "5 points for a first place, then 4, 3, 2, 1. "
            "Equal points: most first places, then second."
        )
        shared = gettext("Equal all the way (=): they share the place.")
    for view in (View.CONSOLE, View.PROJECTOR):
        assert rule in drawn(desk, view)
        assert shared in drawn(desk, view)
    rank(desk, activity, 2, a)
    for view in (View.CONSOLE, View.PROJECTOR):
        assert shared not in drawn(desk, view), "where none do, nothing is said of it"


def test_no_phones_frame_changes_with_anothers_ranking(each_desk: Desk) -> None:
    activity = opened(each_desk)
    a, b = write(each_desk, activity, "A", "B")
    to(each_desk, activity, "rank")
    push(each_desk, "activity.live", activity=activity, live=True)
    before = [drawn(each_desk, View.PHONE, each) for each in (HTML_DIALECT, JSON_DIALECT)]
    told = state.state_of(_room(each_desk, View.PHONE), View.PHONE)["activities"][0]
    assert {entry["id"] for entry in told["entries"]} == {a, b}
    rank(each_desk, activity, 0, a, b)
    rank(each_desk, activity, 1, b)
    assert [drawn(each_desk, View.PHONE, each) for each in (HTML_DIALECT, JSON_DIALECT)] == before
    assert "9" in drawn(each_desk, View.PROJECTOR), "the projector shows it live"


def _room(desk: Desk, view: View) -> Any:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return roles.seen_by(view, whole)


def test_the_ranking_is_hidden_until_it_is_shown(desk: Desk) -> None:
    activity = opened(desk)
    (a,) = write(desk, activity, "Det største hinderet")
    to(desk, activity, "rank")
    rank(desk, activity, 0, a)
    assert "Det største" not in drawn(desk, View.PROJECTOR)
    push(desk, "activity.reveal", activity=activity)
    assert "Det største" in drawn(desk, View.PROJECTOR)


def test_what_is_hidden_is_not_ranked(desk: Desk) -> None:
    activity = opened(desk)
    a, b = write(desk, activity, "A", "B")
    to(desk, activity, "rank")
    rank(desk, activity, 0, a, b)
    push(desk, "entry.hide", activity=activity, entry=a)
    assert order(desk, activity) == [("B", 4, 1)]
    push(desk, "entry.show", activity=activity, entry=a)
    assert order(desk, activity) == [("A", 5, 1), ("B", 4, 2)]


def test_each_stage_takes_what_is_its_own(each_desk: Desk) -> None:
    activity = opened(each_desk)
    (a,) = write(each_desk, activity, "A")

    def refused(seq: int, **data: Any) -> str | None:
        return each_desk.count(each_desk.vote(activity, 0, seq, **data))[0]

    assert refused(2, ranking=[a]) == "activity_closed"
    for stage in ("merge", "rank", "own"):
        to(each_desk, activity, stage)
        assert refused(3, text="for sent") == "activity_closed"
        assert refused(4, withdraw=a) == "activity_closed"
    assert refused(5, ranking=[a]) == "activity_closed"
    to(each_desk, activity, "rank")
    assert refused(6, ranking=[a]) is None


# ---- Own


@pytest.fixture
def ranked(each_desk: Desk) -> tuple[Desk, str, str]:
    """A desk, its activity in the last stage, and the greatest obstacle."""
    activity = opened(each_desk)
    a, b = write(each_desk, activity, "Møter uten beslutning", "For mange prosjekter")
    to(each_desk, activity, "rank")
    rank(each_desk, activity, 0, a, b)
    to(each_desk, activity, "own")
    return each_desk, activity, a


def test_an_owner_named_on_stage_makes_one_action_and_changes_it(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    with desk.database.unit_of_work() as session:
        session.get_one(Kickoff, desk.kickoff_id).day = date(2027, 2, 4)
    this = {"activity": activity, "entry": entry}
    push(desk, "top_obstacles.own", **this, owner_name="  Åse Bjørnstad ", due="2027-02-20")
    (made,) = actions(desk)
    assert (made.title, made.source) == ("Møter uten beslutning", "obstacle")
    assert (made.source_activity_id, made.source_entry_id) == (activity, entry)
    with desk.database.reading() as session:
        assert session.get_one(Person, made.owner_id).name == "Åse Bjørnstad"
    (five, _) = TopObstacles().five(seen(desk, activity, View.PROJECTOR))
    assert (five.owner, str(five.due), five.window) == ("Åse Bjørnstad", "2027-02-20", 30)
    other = person(desk, "Tomasz Nowak")
    push(desk, "top_obstacles.own", **this, owner_id=other, owner_name="", due="", window="90")
    (changed,) = actions(desk)
    assert (changed.id, changed.owner_id, changed.due, changed.window) == (
        made.id,
        other,
        None,
        "90",
    )
    assert "Tomasz Nowak" in drawn(desk, View.PROJECTOR)


def test_an_owner_of_another_kickoff_is_nobody_here(ranked: tuple[Desk, str, str]) -> None:
    desk, activity, entry = ranked
    with pytest.raises(NotFound):
        push(desk, "top_obstacles.own", activity=activity, entry=entry, owner_id=random_id())
    assert actions(desk) == []


def test_owners_are_named_when_the_ranking_is_done(ranked: tuple[Desk, str, str]) -> None:
    desk, activity, entry = ranked
    to(desk, activity, "rank")
    with pytest.raises(Conflict):
        push(desk, "top_obstacles.own", activity=activity, entry=entry, owner_name="Kari")
    with pytest.raises(Conflict):
        attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")


def test_whoever_takes_one_is_tied_to_a_person_and_has_said_yes(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    kari = person(desk, "Kari Nordmann")
    this = {"activity": activity, "entry": entry}
    with pytest.raises(Invalid):
        attendee(desk, 1, "top_obstacles.take", **this)
    answer = attendee(desk, 1, "top_obstacles.take", **this, name="kari nordmann")
    assert answer == {"person": kari, "name": "Kari Nordmann"}
    (made,) = actions(desk)
    assert made.owner_id == kari
    (five, _) = TopObstacles().five(seen(desk, activity, View.PHONE))
    assert (five.owner, five.accepted) == ("Kari Nordmann", True)
    attendee(desk, 1, "top_obstacles.take", **this)
    assert len(actions(desk)) == 1
    with pytest.raises(obstacles.Taken, match="has taken"):
        attendee(desk, 2, "top_obstacles.take", **this, name="Ola")
    assert actions(desk)[0].owner_id == kari


def test_who_was_named_accepts_and_nobody_else(ranked: tuple[Desk, str, str]) -> None:
    desk, activity, entry = ranked
    this = {"activity": activity, "entry": entry}
    with pytest.raises(NotFound):
        attendee(desk, 1, "top_obstacles.accept", **this, name="Kari")
    push(desk, "top_obstacles.own", **this, owner_name="Kari Nordmann")
    named(desk, 1, "Ola")
    with pytest.raises(obstacles.Taken):
        attendee(desk, 1, "top_obstacles.accept", **this)
    named(desk, 2, "KARI nordmann")
    attendee(desk, 2, "top_obstacles.accept", **this)
    (five, _) = TopObstacles().five(seen(desk, activity, View.PROJECTOR))
    assert five.accepted
    with desk.database.reading() as session:
        assert session.get_one(Participant, desk.people[2]).person_id == actions(desk)[0].owner_id
    push(desk, "top_obstacles.own", **this, owner_name="Ola Nordmann")
    (five, _) = TopObstacles().five(seen(desk, activity, View.PROJECTOR))
    assert not five.accepted, "another owner has not said yes"
    with pytest.raises(obstacles.Taken):
        attendee(desk, 2, "top_obstacles.accept", **this, name="Ola Nordmann")


def test_an_attendee_takes_what_is_offered_and_steers_nothing(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    (unranked,) = _left_over(desk, activity)
    with pytest.raises(NotFound):
        attendee(desk, 1, "top_obstacles.take", activity=activity, entry=unranked, name="Kari")
    for name, data in {
        "top_obstacles.own": {"activity": activity, "entry": entry, "owner_name": "Kari"},
        "top_obstacles.merge_alike": {"activity": activity},
        "entry.merge": {"activity": activity, "into": entry, "entries": [unranked]},
        "activity.to_stage": {"activity": activity, "stage": "collect"},
    }.items():
        with pytest.raises(NotAllowed):
            attendee(desk, 1, name, **data)
    before = _room(desk, View.CONSOLE).control
    attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")
    assert _room(desk, View.CONSOLE).control == before, "no facilitator's push is refused for it"


def _left_over(desk: Desk, activity: str) -> list[str]:
    """An obstacle that nobody has ranked."""
    to(desk, activity, "collect")
    made = write(desk, activity, "Ingen har valgt dette", who=2, seq=9)
    to(desk, activity, "own")
    return made


def test_closed_and_not_shown_there_is_nothing_to_take(ranked: tuple[Desk, str, str]) -> None:
    desk, activity, entry = ranked
    push(desk, "activity.close", activity=activity)
    attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")
    push(desk, "activity.hide", activity=activity)
    with pytest.raises(ActivityClosed):
        attendee(desk, 2, "top_obstacles.take", activity=activity, entry=entry, name="Ola")


def test_when_ballots_are_counts_order_owners_and_merges_stand(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    (alike,) = _left_over(desk, activity)
    push(desk, "entry.merge", activity=activity, into=entry, entries=[alike])
    attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")
    before = order(desk, activity)
    push(desk, "activity.close", activity=activity)
    assert scrub_what_is_due(desk) == [activity]
    view = seen(desk, activity, View.CONSOLE)
    assert view.scrubbed
    assert order(desk, activity) == before
    assert view.answered == 1, "people who ranked, not what they sent"
    (five, _) = TopObstacles().five(view)
    assert (five.owner, five.accepted) == ("Kari", True)
    assert five.ranked.id != entry, "texts have other ids now"
    assert len(TopObstacles.merged(view)[five.ranked.id]) == 1
    push(desk, "top_obstacles.own", activity=activity, entry=five.ranked.id, owner_name="Ola")
    assert len(actions(desk)) == 1
    assert "Ola" in drawn(desk, View.PROJECTOR)
    with pytest.raises(Conflict):
        push(desk, "entry.unmerge", activity=activity, entry=_part(view))


def _part(view: ActivityView) -> str:
    return next(entry.id for entry in view.entries if entry.merged_into)


def test_the_stages_show_what_they_are_for_and_undo_goes_back(desk: Desk) -> None:
    activity = opened(desk)
    (a,) = write(desk, activity, "A")
    shown = []
    for stage in ("merge", "rank", "own"):
        to(desk, activity, stage)
        with desk.database.reading() as session:
            shown.append(session.get_one(Activity, activity).revealed)
    assert shown == [False, False, True]
    push(desk, "room.undo")
    with desk.database.reading() as session:
        row = session.get_one(Activity, activity)
        assert (row.stage, row.revealed) == ("rank", False)
    assert rank(desk, activity, 0, a) is None


def test_showing_them_as_they_come_ends_with_the_stage(desk: Desk) -> None:
    activity = opened(desk)
    write(desk, activity, "A")
    push(desk, "activity.live", activity=activity, live=True)
    to(desk, activity, "merge")
    to(desk, activity, "rank")
    with desk.database.reading() as session:
        row = session.get_one(Activity, activity)
        assert (row.live, row.revealed) == (False, False)


def test_tables_are_figures_of_their_own_and_decide_where_there_are_no_others(
    each_desk: Desk,
) -> None:
    with each_desk.database.unit_of_work() as session:
        session.get_one(Participant, each_desk.people[2]).people = 6
    activity = opened(each_desk, mode="named")
    a, b = write(each_desk, activity, "A", "B")
    to(each_desk, activity, "rank")
    rank(each_desk, activity, 2, b, a)
    view = seen(each_desk, activity, View.CONSOLE)
    found = TopObstacles.order(view)
    assert found is not None
    assert [(each.text, each.points) for each in found.ranked] == [("B", 30), ("A", 24)]
    rank(each_desk, activity, 0, a)
    found = TopObstacles.order(seen(each_desk, activity, View.CONSOLE))
    assert found is not None
    assert [(each.text, each.points) for each in found.ranked] == [("A", 5)]


def test_whoever_took_one_on_may_give_it_back_until_it_is_settled_on_stage(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    this = {"activity": activity, "entry": entry}
    with desk.database.unit_of_work() as session:
        session.get_one(Kickoff, desk.kickoff_id).day = date(2099, 2, 4)
    attendee(desk, 1, "top_obstacles.take", **this, name="Kari")
    (five, _) = TopObstacles().five(seen(desk, activity, View.PHONE))
    assert (five.taken, five.due) == (True, date(2099, 3, 6)), "nobody is without a date"
    with pytest.raises(obstacles.Taken):
        attendee(desk, 2, "top_obstacles.release", **this, name="Ola")
    attendee(desk, 1, "top_obstacles.release", **this)
    assert actions(desk) == []
    (five, _) = TopObstacles().five(seen(desk, activity, View.PROJECTOR))
    assert (five.owner, five.accepted) == ("", False)
    attendee(desk, 1, "top_obstacles.take", **this)
    push(desk, "top_obstacles.own", **this, owner_name="Kari", due="2099-02-20")
    with pytest.raises(NotFound):
        attendee(desk, 1, "top_obstacles.release", **this)


def test_the_wall_says_who_has_not_said_yes_and_what_has_no_date(
    ranked: tuple[Desk, str, str],
) -> None:
    desk, activity, entry = ranked
    assert "due_by" not in (form := drawn(desk, View.CONSOLE))
    assert 'name="due" value="20' in form
    push(desk, "top_obstacles.own", activity=activity, entry=entry, owner_name="Kari")
    assert drawn(desk, View.PROJECTOR).count("not-yet") == 2
    push(desk, "activity.close", activity=activity)
    wall = drawn(desk, View.PROJECTOR)
    assert "Hvem tar den?" not in wall
    assert "Ingen eier ennå" in wall
