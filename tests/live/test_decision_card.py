"""L9 in the room: a proposal, the room's consent or vote, and the outcome in the decision log, by
ledger and moves.

Seen red: with an objection that needed no reason, with a reason that stood after its writer had
changed their mind, with a reason on a phone while others answered, with a table's objection that
did not count, and with an undo that left the decision or its owner behind.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from app import rendering
from app.errors import Conflict, Invalid
from app.i18n import speaking
from app.ids import random_id
from app.live import loading, roles
from app.live.activities.decision_card import DecisionCard
from app.live.loading import Outside
from app.live.minutes import drafts
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity, Tally
from app.models.decisions import Decision
from app.models.people import Person
from app.models.rooms import Participant, Room
from app.operations import records
from app.operations.entities import DECISIONS
from app.outputs import qr
from tests.live.conftest import Desk
from tests.live.test_endings import push, scrub_what_is_due
from tests.live.test_top_obstacles import own_of

pytestmark = pytest.mark.timeout(120)

PROPOSAL = "Vi slår sammen de to køene"
OPTIONS = ["Nordisk AS", "Vi bygger selv", "Ingen"]
REASON = "Vi mangler folk på kvelden"


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    """The figures are written down in the facilitator's language."""
    rendering.environment().globals["qr"] = qr.svg
    with speaking("en"):
        yield


def opened(desk: Desk, *, mode: str = "anonymous", title: str = PROPOSAL, **config: Any) -> str:
    push(desk, "room.start")
    said = {"kind": "decision_card", "title": title, "mode": mode, "config": config}
    return str(push(desk, "activity.create", **said, open=True)["activity"])


def answer(desk: Desk, activity: str, who: int, said: str, reason: str = "", seq: int = 1) -> None:
    data = {"answer": said} | ({"reason": reason} if reason else {})
    assert desk.count(desk.vote(activity, who, seq, **data)) == [None]


def seen(desk: Desk, activity: str, view: View = View.CONSOLE) -> ActivityView:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return next(a for a in roles.seen_by(view, whole).activities if a.id == activity)


def drawn(desk: Desk, view: View, dialect: str = HTML_DIALECT) -> str:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return str(render(whole, Key(view, "nb", dialect)).parts)


def figures(desk: Desk, activity: str) -> list[int | None]:
    return [row.count for row in DecisionCard.rows(seen(desk, activity))]


def outcome(desk: Desk, activity: str) -> str:
    found = DecisionCard.standing(seen(desk, activity))
    return found.outcome if found else ""


def log(desk: Desk) -> list[Decision]:
    with desk.database.reading() as session:
        return list(session.exec(select(Decision).order_by(col(Decision.id))))


def carried(desk: Desk, **config: Any) -> str:
    """A card that was carried, and is closed."""
    activity = opened(desk, **config)
    answer(desk, activity, 0, "support")
    answer(desk, activity, 1, "live_with")
    push(desk, "activity.close", activity=activity)
    return activity


# ---- Answering


@pytest.mark.parametrize(
    "config, said, code",
    [
        ({}, {"answer": "support"}, None),
        ({}, {"answer": "live_with", "reason": ""}, None),  # as a plain form sends it
        ({}, {"answer": "object", "reason": REASON}, None),
        ({}, {"answer": "object"}, "invalid"),
        ({}, {"answer": "object", "reason": " \n "}, "invalid"),
        ({}, {"answer": "object", "reason": "x" * 281}, "invalid"),
        ({}, {"answer": "abstain"}, "invalid"),
        ({}, {"option": 1}, "invalid"),
        ({}, {}, "invalid"),
        ({"decided_by": "vote", "options": OPTIONS}, {"option": 3}, None),
        ({"decided_by": "vote", "options": OPTIONS}, {"option": "2"}, None),  # of a plain form
        ({"decided_by": "vote", "options": OPTIONS}, {"option": 4}, "invalid"),
        ({"decided_by": "vote", "options": OPTIONS}, {"option": 0}, "invalid"),
        ({"decided_by": "vote", "options": OPTIONS}, {"answer": "support"}, "invalid"),
    ],
)
def test_what_is_no_answer_is_refused(
    desk: Desk, config: dict[str, Any], said: dict[str, Any], code: str | None
) -> None:
    assert desk.count(desk.vote(opened(desk, **config), 0, 1, **said)) == [code]


@pytest.mark.parametrize("options", [[], ["Bare én"], ["Samme", "Samme"]])
def test_a_vote_needs_two_options_to_choose_from(desk: Desk, options: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        opened(desk, decided_by="vote", options=options)
    assert [fault.pointer for fault in refused.value.faults] == ["/config/options"]


def test_the_last_answer_counts_and_a_reason_goes_with_it(desk: Desk) -> None:
    activity = opened(desk)
    answer(desk, activity, 0, "object", REASON)
    assert own_of(desk, activity) == {"answer": "object", "reason": REASON}
    assert figures(desk, activity) == [0, 0, 1]
    answer(desk, activity, 0, "live_with", seq=2)
    assert figures(desk, activity) == [0, 1, 0]
    assert own_of(desk, activity) == {"answer": "live_with"}
    assert DecisionCard.reasons(seen(desk, activity)) == []
    assert REASON not in desk.texts(activity), "what one no longer means is not kept"


@pytest.mark.parametrize("last", ["object", "support"])
def test_in_one_batch_the_last_word_stands_too(desk: Desk, last: str) -> None:
    activity = opened(desk)
    said: list[dict[str, Any]] = [{"answer": "support"}, {"answer": "object", "reason": REASON}]
    in_turn = said if last == "object" else said[::-1]
    votes = [desk.vote(activity, 0, seq, **data) for seq, data in enumerate(in_turn, 1)]
    assert desk.count(*votes) == [None, None]
    told = [one.text for one in DecisionCard.reasons(seen(desk, activity))]
    assert told == ([REASON] if last == "object" else [])


def test_what_was_hidden_stays_hidden_when_it_is_said_again(desk: Desk) -> None:
    activity = opened(desk)
    answer(desk, activity, 0, "object", "Det sa Kari feil om")
    (entry,) = seen(desk, activity).entries
    push(desk, "entry.hide", activity=activity, entry=entry.id)
    answer(desk, activity, 0, "support", seq=2)
    answer(desk, activity, 0, "object", "Kari igjen", seq=3)
    assert DecisionCard.reasons(seen(desk, activity)) == []
    assert outcome(desk, activity) == "objected", "it stands, whatever its words are"


# ---- Who sees what


def test_phones_are_told_nothing_while_others_answer(desk: Desk) -> None:
    activity = opened(desk)
    push(desk, "activity.live", activity=activity, live=True)
    before = [drawn(desk, View.PHONE, dialect) for dialect in (HTML_DIALECT, JSON_DIALECT)]
    answer(desk, activity, 0, "object", REASON)
    for dialect in (HTML_DIALECT, JSON_DIALECT):
        assert REASON in drawn(desk, View.PROJECTOR, dialect)
        assert REASON not in drawn(desk, View.PHONE, dialect)
    assert drawn(desk, View.PHONE) == before[0], "no frame for a thousand phones with each answer"
    push(desk, "activity.close", activity=activity)
    assert REASON in drawn(desk, View.PHONE, JSON_DIALECT)


def test_the_wall_tells_nothing_before_it_is_shown(desk: Desk) -> None:
    activity = opened(desk)
    answer(desk, activity, 0, "object", REASON)
    for dialect in (HTML_DIALECT, JSON_DIALECT):
        assert REASON in drawn(desk, View.CONSOLE, dialect)
        assert REASON not in drawn(desk, View.PROJECTOR, dialect)


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_who_objects_is_told_to_the_facilitator_alone_and_only_where_that_was_said(
    desk: Desk, mode: str
) -> None:
    activity = opened(desk, mode=mode)
    with desk.database.unit_of_work() as session:
        session.get_one(Participant, desk.people[0]).name = "Åse Ødegård"
    answer(desk, activity, 0, "object", REASON)
    push(desk, "activity.reveal", activity=activity)
    with desk.database.reading() as session:
        outside = Outside("http://here", people_too=True)
        whole, _ = loading.load(session, desk.room_id, outside)
    console = str(render(whole, Key(View.CONSOLE, "nb", HTML_DIALECT)).parts["activities"])
    assert ("Åse Ødegård" in console) == (mode == "named")
    assert [one.author for one in seen(desk, activity, View.PROJECTOR).entries] == [None]
    for dialect in (HTML_DIALECT, JSON_DIALECT):
        assert desk.people[0] not in drawn(desk, View.PROJECTOR, dialect)


def test_too_few_to_hide_among_are_told_nowhere(desk: Desk) -> None:
    activity = opened(desk, minimum_group=3)
    answer(desk, activity, 0, "object", REASON)
    push(desk, "activity.reveal", activity=activity)
    for view in View:
        for dialect in (HTML_DIALECT, JSON_DIALECT):
            assert REASON not in drawn(desk, view, dialect)
    push(desk, "activity.close", activity=activity)
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity, despite=True)
    scrub_what_is_due(desk)
    assert desk.texts(activity) == [], "nor is it kept"


def test_scrubbed_it_stands_as_it_did_and_tells_no_table_apart(desk: Desk) -> None:
    activity = opened(desk)
    with desk.database.unit_of_work() as session:
        for who, people in ((0, 6), (1, 4)):
            session.get_one(Participant, desk.people[who]).people = people
        session.add(Participant(id=(fourth := random_id()), room_id=desk.room_id))
    desk.people.append(fourth)
    answer(desk, activity, 0, "object", REASON)
    for who, said in ((1, "support"), (2, "support"), (3, "live_with")):
        answer(desk, activity, who, said)
    push(desk, "activity.close", activity=activity)
    before = [(row.count, row.at_tables) for row in DecisionCard.rows(seen(desk, activity))]
    assert before == [(1, 4), (1, 0), (0, 6)]
    assert outcome(desk, activity) == "objected", "a table's objection stands too"
    assert scrub_what_is_due(desk) == [activity]
    after = [(row.count, row.at_tables) for row in DecisionCard.rows(seen(desk, activity))]
    assert after == before
    assert [one.text for one in DecisionCard.reasons(seen(desk, activity))] == [REASON]
    with desk.database.reading() as session:
        counted = session.exec(select(Tally.entry_id).where(Tally.activity_id == activity))
        assert set(counted) == {""}, "no count says how many sit with who wrote it"


# ---- The decision log


def test_the_outcome_is_a_decision_with_all_that_it_was_weighed_by(desk: Desk) -> None:
    activity = carried(desk, criteria="Raskest for kunden", consequence="To team bytter rom")
    said = {"owner_name": "Siv Åsen", "due": "2027-03-01"}
    made = push(desk, "decision_card.decide", activity=activity, **said)
    (decision,) = log(desk)
    assert (decision.id, decision.title) == (made["decision"], PROPOSAL)
    assert (decision.criteria, decision.consequence) == ("Raskest for kunden", "To team bytter rom")
    assert decision.voted == "1 supports it, 1 can live with it, 0 object"
    assert (str(decision.due), decision.decided_on is not None) == ("2027-03-01", True)
    with desk.database.reading() as session:
        assert session.get_one(Person, decision.owner_id).name == "Siv Åsen"
        told = drafts(session, session.get_one(Room, desk.room_id))["decisions"]  # type: ignore[index]
    assert told.lines[0].voted == decision.voted
    assert seen(desk, activity).kept_as == decision.id
    push(desk, "activity.reveal", activity=activity)
    assert seen(desk, activity, View.PHONE).kept_as == ""
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity)


def test_nothing_is_decided_while_somebody_may_still_answer(desk: Desk) -> None:
    activity = opened(desk)
    answer(desk, activity, 0, "support")
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity)
    push(desk, "activity.close", activity=activity)
    push(desk, "decision_card.decide", activity=activity)


def test_an_empty_room_decides_nothing(desk: Desk) -> None:
    activity = opened(desk)
    push(desk, "activity.close", activity=activity)
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity, despite=True)
    assert log(desk) == []


def test_over_an_objection_it_is_decided_only_where_that_is_said(desk: Desk) -> None:
    activity = opened(desk)
    answer(desk, activity, 0, "support")
    answer(desk, activity, 1, "object", REASON)
    push(desk, "activity.close", activity=activity)
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity)
    push(desk, "decision_card.decide", activity=activity, despite=True)
    (decision,) = log(desk)
    assert decision.voted == "1 supports it, 0 can live with it, 1 objects"
    assert REASON not in decision.text, "an anonymous room's words are not the plan's"


def voted(desk: Desk, *options: int) -> str:
    activity = opened(desk, title="Hvem leverer?", decided_by="vote", options=OPTIONS)
    for who, option in enumerate(options):
        assert desk.count(desk.vote(activity, who, 1, option=option)) == [None]
    assert own_of(desk, activity) == {"option": options[0]}
    push(desk, "activity.close", activity=activity)
    return activity


def test_a_vote_chooses_what_most_are_for_and_says_what_was_set_aside(desk: Desk) -> None:
    activity = voted(desk, 2, 2, 1)
    assert (figures(desk, activity), outcome(desk, activity)) == ([1, 2, 0], "chosen")
    push(desk, "decision_card.decide", activity=activity)
    (decision,) = log(desk)
    assert decision.title == "Hvem leverer? Vi bygger selv"
    assert decision.text == "Set aside: Nordisk AS (1), Ingen (0)"
    assert decision.voted == "Nordisk AS: 1, Vi bygger selv: 2, Ingen: 0"


def test_a_tie_is_broken_by_the_facilitator_alone_and_among_the_foremost(desk: Desk) -> None:
    activity = voted(desk, 1, 3)
    with pytest.raises(Conflict):
        push(desk, "decision_card.decide", activity=activity)
    with pytest.raises(Invalid):
        push(desk, "decision_card.decide", activity=activity, option=2)
    push(desk, "decision_card.decide", activity=activity, option=3, text="Ingen, i år")
    assert [one.title for one in log(desk)] == ["Ingen, i år"]


# ---- Taking it back


def test_undo_takes_the_decision_and_its_new_owner_out_again(desk: Desk) -> None:
    activity = carried(desk)
    push(desk, "decision_card.decide", activity=activity, owner_name="Ny Person")
    push(desk, "note.show", note=log(desk)[0].id)
    push(desk, "room.undo")
    assert len(log(desk)) == 1, "that was the showing"
    _again(desk, activity)
    push(desk, "room.undo")
    assert log(desk) == []
    with desk.database.reading() as session:
        assert session.exec(select(Person.name)).all() == ["Ny Person"], "the first one's"
        assert session.get_one(Activity, activity).status == "closed"
    push(desk, "decision_card.decide", activity=activity)
    assert len(log(desk)) == 1


def _again(desk: Desk, activity: str) -> None:
    """As if it had not been decided; then once more, with somebody new."""
    with desk.database.unit_of_work() as session:
        for decision in session.exec(select(Decision)).all():
            records.forget(session, DECISIONS, decision)
    push(desk, "decision_card.decide", activity=activity, owner_name="Enda En")


@pytest.mark.parametrize("how", ["changed", "superseded"])
def test_undo_leaves_what_somebody_has_worked_on_since(desk: Desk, how: str) -> None:
    activity = carried(desk)
    push(desk, "decision_card.decide", activity=activity)
    with desk.database.unit_of_work() as session:
        decision = session.exec(select(Decision)).one()
        if how == "changed":
            records.change(session, DECISIONS, decision, {"text": "Fordi"})
        else:
            records.supersede(session, DECISIONS, decision, {"title": "Likevel ikke"})
    with pytest.raises(Conflict):
        push(desk, "room.undo")
    assert log(desk)[0].title == PROPOSAL


# ---- Another round


def test_a_second_round_in_other_words_keeps_the_first_ones_figures(desk: Desk) -> None:
    first = opened(desk, criteria="Raskest for kunden")
    answer(desk, first, 0, "support")
    answer(desk, first, 1, "object", REASON)
    push(desk, "activity.reveal", activity=first)
    words = {"title": "Vi slår dem sammen på dagtid", "config": {"consequence": "Kvelden er delt"}}
    second = str(push(desk, "activity.new_round", activity=first, **words)["activity"])
    for who in (0, 1):
        answer(desk, second, who, "support")
    assert (seen(desk, first).title, figures(desk, first)) == (PROPOSAL, [1, 0, 1])
    told = seen(desk, second)
    assert (told.title, told.config.criteria) == (words["title"], "Raskest for kunden")  # type: ignore[attr-defined]
    assert [(r.count, r.before) for r in DecisionCard.rows(told)] == [(2, 1), (0, 0), (0, 1)]
    push(desk, "activity.close", activity=second)
    push(desk, "decision_card.decide", activity=second)
    (decision,) = log(desk)
    assert (decision.title, decision.consequence) == (words["title"], "Kvelden er delt")
    assert decision.voted.splitlines() == [
        "Round 2: 2 support it, 0 can live with it, 0 object",
        "Round 1: 1 supports it, 0 can live with it, 1 objects",
    ]


def test_a_round_in_words_that_cannot_be_asked_leaves_the_first_open(desk: Desk) -> None:
    first = opened(desk)
    with pytest.raises(Invalid):
        push(desk, "activity.new_round", activity=first, config={"decided_by": "vote"})
    answer(desk, first, 0, "support")
