"""One batch of votes: what is acknowledged is written, what is refused is not."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.live import receipts
from app.models.activities import Ballot, Entry, Mark, Receipt
from app.models.rooms import Participant
from app.rules import position
from tests.live.conftest import Desk, _desk
from tests.support.postgres import Postgres
from tests.support.seeded import empty_postgres


def test_a_copy_in_the_same_batch_is_answered_as_its_first(desk: Desk) -> None:
    activity = desk.activity()
    good, bad = desk.vote(activity, text="ja"), desk.vote(activity, 1, text="   ")
    assert desk.count(bad, good, bad, good) == ["invalid", None, "invalid", None]
    assert desk.count(bad, good) == ["invalid", None]
    assert desk.texts(activity) == ["ja"]


def test_an_id_with_other_content_is_refused_in_one_batch_and_later(desk: Desk) -> None:
    activity = desk.activity()
    vote = desk.vote(activity, text="ja")
    other = replace(vote, data={"text": "nei"})
    somebody = replace(vote, participant_id=desk.people[1])
    assert desk.count(vote, other, somebody) == [None, "id_reused", "id_reused"]
    assert desk.count(other, vote) == ["id_reused", None]
    assert desk.texts(activity) == ["ja"]


def test_in_a_batch_of_new_ones_those_that_come_again_are_answered_as_before(
    each_desk: Desk,
) -> None:
    """What was written since is not undone by one of them, and one that was refused may come
    again."""
    activity = each_desk.activity()
    first, later = each_desk.vote(activity, text="ja"), each_desk.vote(activity, seq=2, text="nei")
    refused = each_desk.vote(activity, 1, text="   ")
    assert each_desk.count(first, refused) == [None, "invalid"]
    assert each_desk.count(later) == [None]
    other, new = replace(later, data={"text": "å"}), each_desk.vote(activity, 2, text="kanskje")
    assert each_desk.count(new, first, other, refused) == [None, None, "id_reused", "invalid"]
    assert each_desk.count(new, first, later) == [None, None, None]
    assert each_desk.texts(activity) == ["kanskje", "nei"]
    with each_desk.database.reading() as session:
        spent = sorted(session.exec(select(Receipt.submission_id)))
    assert spent == sorted([first.id, later.id, new.id])


def test_no_receipt_is_written_without_its_activity(each_desk: Desk) -> None:
    """Looked at when the transaction ends, whichever way that is written."""
    with pytest.raises(IntegrityError), each_desk.database.transaction() as connection:
        receipts.put(connection, each_desk.sql, [("a" * 16, "of none", "")])
    with each_desk.database.reading() as session:
        assert session.exec(select(Receipt)).all() == []


def test_an_id_of_one_activity_is_not_acknowledged_for_another(desk: Desk) -> None:
    """Not even when all that is left of it is that it was spent."""
    first, second = desk.activity(), desk.activity()
    vote = desk.vote(first, text="ja")
    assert desk.count(vote) == [None]
    with desk.database.unit_of_work() as session:
        session.get_one(Receipt, vote.id).digest = ""
    assert desk.count(replace(vote, activity_id=second), vote) == ["id_reused", None]
    assert desk.texts(second) == []


def test_the_newest_of_an_attendee_counts_in_whatever_order_they_come(desk: Desk) -> None:
    activity = desk.activity(mode="named")
    third, first, second = (desk.vote(activity, seq=n, text=f"svar {n}") for n in (3, 1, 2))
    assert desk.count(third, first) == [None, None]
    assert desk.count(second) == [None]
    assert desk.texts(activity) == ["svar 3"]
    assert desk.count(desk.vote(activity, seq=4, text="svar 4")) == [None]
    assert desk.texts(activity) == ["svar 4"]


def test_what_comes_by_socket_and_again_by_form_is_the_same(desk: Desk) -> None:
    """A form says numbers as text, and says what is empty."""
    scale = desk.activity("scale", config={"min": 1, "max": 5})
    by_socket = desk.vote(scale, value=4)
    assert desk.count(by_socket, replace(by_socket, data={"value": "4"})) == [None, None]
    text = desk.activity()
    by_socket = desk.vote(text, text="ja")
    by_form = replace(by_socket, data={"text": "ja", "more": []})
    assert desk.count(by_socket) == [None]
    assert desk.count(by_form, replace(by_form, data={"text": ""})) == [None, "id_reused"]


def test_in_one_batch_too_the_last_word_on_what_one_wrote_stands(desk: Desk) -> None:
    activity = desk.activity("questions", mode="named")
    asked = desk.vote(activity, text="Hvem?")
    assert desk.count(asked) == [None]
    gone, back = (
        desk.vote(activity, seq=seq, **{verb: asked.id})
        for seq, verb in ((2, "withdraw"), (3, "restore"))
    )
    assert desk.count(back, gone) == [None, None]
    with desk.database.reading() as session:
        assert session.exec(select(Entry.state)).all() == ["visible"]


def test_a_changed_answer_replaces_the_marks_of_the_one_before(desk: Desk) -> None:
    activity = desk.activity("scale", config={"min": 1, "max": 5})
    assert desk.count(desk.vote(activity, value=1), desk.vote(activity, 1, value=2)) == [None, None]
    assert desk.count(desk.vote(activity, seq=2, value=5)) == [None]
    with desk.database.reading() as session:
        assert sorted(session.exec(select(Mark.value))) == [2, 5]
        assert len(session.exec(select(Ballot)).all()) == 2


def test_one_who_was_removed_or_is_elsewhere_is_refused(desk: Desk) -> None:
    activity = desk.activity()
    with desk.database.unit_of_work() as session:
        session.get_one(Participant, desk.people[0]).removed = True
    elsewhere = replace(desk.vote(activity, 1, text="ja"), room_id="another room")
    nobody = replace(desk.vote(activity, 1, text="ja"), participant_id="nobody")
    nowhere = desk.vote("no such activity", 1, text="ja")
    answers = desk.count(desk.vote(activity, text="ja"), elsewhere, nobody, nowhere)
    assert answers == ["not_allowed", "not_found", "not_allowed", "not_found"]
    assert desk.texts(activity) == []


def test_what_is_closed_takes_nothing_but_acknowledges_what_it_took(desk: Desk) -> None:
    activity = desk.activity()
    vote = desk.vote(activity, text="ja")
    assert desk.count(vote) == [None]
    desk.close(activity)
    assert desk.count(vote, desk.vote(activity, 1, text="nei")) == [None, "activity_closed"]


def test_without_its_key_nothing_new_is_taken_and_nothing_is_guessed(desk: Desk) -> None:
    activity = desk.activity()
    vote = desk.vote(activity, text="ja")
    assert desk.count(vote) == [None]
    desk.vault.destroy(activity)
    new = desk.vote(activity, seq=2, text="nei")
    # For now; `keys` freezes the activity when nobody has the key.
    assert desk.count(vote, new) == [None, "not_saved"]
    assert desk.texts(activity) == ["ja"]


def test_an_anonymous_ballot_and_its_text_name_nobody(desk: Desk) -> None:
    activity = desk.activity()
    assert desk.count(desk.vote(activity, text="ja")) == [None]
    with desk.database.reading() as session:
        rows = [*session.exec(select(Ballot)), *session.exec(select(Mark))]
        assert rows
        assert [row for row in rows if desk.people[0] in str(row.model_dump())] == []


# -- what several change at once ------------------------------------------------------------------


def test_in_one_batch_the_last_to_come_has_the_last_word_whoever_it_is(desk: Desk) -> None:
    """Also where somebody came first, and again after another."""
    board, card = a_card(desk)
    batch = [
        desk.vote(board, who, seq, do="edit", card=card, text=said)
        for who, seq, said in ((0, 2, "A1"), (1, 2, "B2"), (0, 3, "A3"))
    ]
    assert desk.count(*batch) == [None, None, None]
    assert desk.texts(board) == ["A3"]


def test_a_late_move_is_no_premise_for_what_comes_after_it(desk: Desk) -> None:
    """It is acknowledged and changes nothing: what is judged after it finds the card where it
    is."""
    board, card = a_card(desk)
    assert desk.count(desk.vote(board, 0, 5, do="move", card=card, column=1)) == [None]
    late = desk.vote(board, 0, 3, do="move", card=card, column=2)
    above = desk.vote(board, 1, 1, do="add", column=2, text="Alene")
    up = desk.vote(board, 1, 2, do="move", card=card, column=1, to="up")
    assert desk.count(late, above, up) == [None, None, None]
    with desk.database.reading() as session:
        found = session.exec(select(Entry).where(Entry.activity_id == board))
        places = {entry.text: entry.place for entry in found}
        alone = next(e for e in session.exec(select(Entry)) if e.text == "Alene")
    assert places == {"En": "all/1", "Alene": "all/2"}
    assert alone.position == position.between(None, None)


def test_what_is_taken_away_of_a_card_is_gone_on_either_database(each_desk: Desk) -> None:
    desk = each_desk
    board, card = a_card(desk)
    assert desk.count(desk.vote(board, 0, 2, do="edit", card=card, owner="Kari")) == [None]
    assert desk.count(desk.vote(board, 0, 3, do="edit", card=card, owner="")) == [None]
    with desk.database.reading() as session:
        data = session.get_one(Entry, (board, card)).data
    assert "owner" not in (data or {})


@pytest.fixture
def postgres_desk(postgres_server: Postgres, tmp_path: Path) -> Iterator[Desk]:
    with empty_postgres(postgres_server) as url:
        yield from _desk(tmp_path, url)


@pytest.mark.postgres
@pytest.mark.parametrize("turned", [False, True])
def test_who_changes_several_cards_waits_for_the_first_of_them_alone(
    postgres_desk: Desk, turned: bool
) -> None:
    """All lock in the order of the ids, whatever order they change them in: else two who change the
    same cards could wait for each other for good."""
    desk = postgres_desk
    board, _ = a_card(desk)
    desk.count(*(desk.vote(board, 0, n, do="add", text=f"Kort {n}") for n in range(2, 8)))
    with desk.database.reading() as session:
        cards = sorted(session.exec(select(Entry.id)), reverse=turned)
    first, *others = sorted(cards)
    lock = "SELECT id FROM entry WHERE id = ANY(:cards) FOR UPDATE NOWAIT"
    votes = [desk.vote(board, 0, 9, do="edit", card=card, text="Et annet") for card in cards]
    answers: list[str | None] = []
    changing = threading.Thread(target=lambda: answers.extend(desk.count(*votes)))
    with desk.database.unit_of_work() as holding:
        holding.execute(text(lock), {"cards": [first]})
        changing.start()
        until(lambda: waits(desk))
        with desk.database.unit_of_work() as another:
            another.execute(text(lock), {"cards": others})
    changing.join()
    assert answers == [None] * len(cards)


def waits(desk: Desk) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with desk.database.reading() as session:
        return bool(session.execute(text(waiting)).scalar_one())


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("nothing waited")


def a_card(desk: Desk) -> tuple[str, str]:
    board = desk.activity("sprint_board", mode="named")
    assert desk.count(desk.vote(board, 0, 1, do="add", text="En")) == [None]
    with desk.database.reading() as session:
        return board, session.exec(select(Entry.id).where(Entry.activity_id == board)).one()
