"""The plan's FAQ beside what is asked in the room: suggested to the facilitator alone, and kept
with the question by one press.

Seen red with: the FAQ left in what phones and projectors are sent.
"""

from typing import Any

import pytest

from app import rendering
from app.errors import Conflict
from app.live.roles import View, seen_by
from app.live.wire import HTML_DIALECT
from app.operations import records
from app.operations.entities import FAQ
from app.outputs import qr
from tests.live.conftest import Desk
from tests.live.test_questions import EVERY_WAY, command, entry_of, held, look, opened, told

ASKED = "Hva skjer med lønna?"
ANSWER = "Ikke fortalt noen ennå"


@pytest.fixture(autouse=True)
def as_wired() -> None:
    rendering.environment().globals["qr"] = qr.svg


@pytest.fixture
def desk(each_desk: Desk) -> Desk:
    return each_desk


def in_faq(desk: Desk, question: str = "Hva skjer med lønna vår?", answer: str = ANSWER) -> str:
    values: dict[str, Any] = {"question": question, "answer": answer}
    with desk.database.unit_of_work() as session:
        return records.create(session, FAQ, desk.kickoff_id, values).id


def test_what_fits_is_suggested_on_the_console_and_told_to_nobody_else(desk: Desk) -> None:
    activity = opened(desk)
    assert desk.count(desk.vote(activity, text=ASKED)) == [None]
    in_faq(desk)
    in_faq(desk, "Flytter vi til Lillestrøm?", "Aldri i verden")
    room = look(desk)
    ways = {(view, dialect): told(room, view, dialect) for view, dialect in EVERY_WAY}
    console = ways[View.CONSOLE, HTML_DIALECT]
    assert ANSWER in console
    assert "Aldri i verden" not in console
    for (view, dialect), text in ways.items():
        if view is not View.CONSOLE:
            assert ANSWER not in text, (view, dialect)
            assert seen_by(view, room).faq == ()


def test_one_press_keeps_the_answer_with_the_question_and_who_answers_it(desk: Desk) -> None:
    activity = opened(desk)
    assert desk.count(desk.vote(activity, text=ASKED)) == [None]
    entry, faq = entry_of(desk, activity, ASKED), in_faq(desk)
    at = {"activity": activity, "entry": entry}
    command(desk, "questions.assign", **at, by="Åse")
    command(desk, "questions.assign", **at, by="Åse", faq=faq)
    kept = held(desk, activity, entry)
    assert (kept["answer"], kept["by"], kept.get("state")) == (ANSWER, "Åse", None)
    # What is not answered yet is not shown, and what was taken is not suggested again.
    room = look(desk)
    assert all(
        ANSWER not in told(room, view, dialect)
        for view, dialect in EVERY_WAY
        if view is not View.CONSOLE
    )
    assert 'id="qa-faq-' not in told(room, View.CONSOLE, HTML_DIALECT)


def test_an_answer_that_left_the_faq_or_is_anothers_is_not_taken(desk: Desk) -> None:
    activity = opened(desk)
    assert desk.count(desk.vote(activity, text=ASKED)) == [None]
    entry = entry_of(desk, activity, ASKED)
    with pytest.raises(Conflict):
        command(desk, "questions.assign", activity=activity, entry=entry, faq="nothing")
    assert "answer" not in held(desk, activity, entry)


def test_a_change_of_the_faq_reaches_the_console(desk: Desk) -> None:
    activity = opened(desk)
    assert desk.count(desk.vote(activity, text=ASKED)) == [None]
    before = look(desk)
    in_faq(desk)
    assert look(desk).plan > before.plan
