"""Minutes draft themselves from the records; taking the records anew loses no editor's word; the 24
hours are counted from the day's end.

Seen red with: edited words replaced by the records', questions that were hidden drafted, a reminder
sent after the deadline.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.minutes import MinutesLine, Section
from app.rules.minutes import (
    ActionFact,
    BlockFact,
    DecisionFact,
    Facts,
    ObstacleFact,
    Pace,
    ResultFact,
    as_worded,
    compared,
    countdown,
    drafted,
    reminder_due,
    taken_anew,
)
from app.rules.questions import Question

TODAY = date(2027, 2, 3)
ENDED = datetime(2027, 2, 3, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def question(id: str, state: str = "open", **more: object) -> Question:
    told = {"standing": "visible", "text": f"Spørsmål {id}", **more}
    return Question(id=id, root=id, state=state, **told)  # type: ignore[arg-type]


LATE = ActionFact("a1", "Ring de ti største kundene", "Kari", date(2027, 2, 1), "green", TODAY)
FACTS = Facts(
    today=TODAY,
    purpose="Vi samles om tre mål.",
    blocks=[BlockFact("b1", "Åpning", "09:00", "09:22")],
    phones=40,
    people=46,
    teams=[("t1", "Salg", 12)],
    decisions=[
        DecisionFact(
            "d1", "Vi stopper tre prosjekter", "For å få tid", "Ola", TODAY, voted="12 støtter"
        )
    ],
    obstacles=[
        ObstacleFact("For mange møter", 1, LATE),
        ObstacleFact("Uklart eierskap", 2),
    ],
    results=[ResultFact("r1", "Hva betyr mest?", {"nb": [{"is": "text", "text": "12 svarte"}]})],
    questions=[
        question("q1", votes=3),
        question("q2", "answered", answer="Ja, fra mars", by="Kari", author="hemmelig"),
        question("q3", "backlog", votes=9),
        question("q4", standing="hidden"),
        question("q5", "dismissed"),
    ],
    actions=[ActionFact("a2", "Uten frist"), LATE],
)


def keys(section: Section) -> list[str]:
    return [line.key for line in drafted(FACTS)[section].lines]


def test_every_section_is_drafted_from_its_records() -> None:
    told = drafted(FACTS)
    assert list(told) == list(Section)
    assert told[Section.DAY].text == "Vi samles om tre mål."
    assert [(one.text, one.detail) for one in told[Section.DAY].lines] == [
        ("Åpning", "09:00–09:22")
    ]
    assert keys(Section.DECISIONS) == ["d1"]
    assert told[Section.DECISIONS].lines[0].voted == "12 støtter"
    assert keys(Section.RESULTS) == ["r1"]
    assert keys(Section.ACTIONS) == ["a1", "a2"]


def test_who_took_part_is_told_in_numbers_alone() -> None:
    told = drafted(FACTS)[Section.ATTENDANCE].lines
    assert [(one.sort, one.text, one.number) for one in told] == [
        ("people", "", 46),
        ("phones", "", 40),
        ("team", "Salg", 12),
    ]


def test_an_action_stands_as_the_method_judges_it_and_an_obstacle_as_its_action() -> None:
    told = drafted(FACTS)
    late = told[Section.ACTIONS].lines[0]
    assert (late.owner, late.status, late.reasons) == ("Kari", "red", ["overdue"])
    first, second = told[Section.OBSTACLES].lines
    assert (first.number, first.text, first.owner, first.status) == (
        1, "For mange møter", "Kari", "red",
    )  # fmt: skip
    assert (second.number, second.owner, second.status) == (2, "", "")


def test_answers_and_open_questions_are_apart_and_nobody_who_asked_is_named() -> None:
    told = drafted(FACTS)
    assert [one.text for one in told[Section.OPEN_QUESTIONS].lines] == ["Spørsmål q1"]
    answer, to_come = told[Section.ANSWERS].lines
    assert (answer.sort, to_come.sort, to_come.text) == ("answered", "backlog", "Spørsmål q3")
    assert (answer.detail, answer.owner) == ("Ja, fra mars", "Kari")
    assert "hemmelig" not in answer.model_dump_json()


def test_nothing_tells_which_entry_of_an_anonymous_activity_a_line_was() -> None:
    """Ids are changed when its ballots become counts: a line is known by its words."""
    twice = [question("f3a1"), question("f3a2", text="Spørsmål f3a1")]
    lines = drafted(Facts(today=TODAY, questions=twice))[Section.OPEN_QUESTIONS].lines
    assert len({one.key for one in lines}) == 2
    assert not {"f3a1", "f3a2"} & {one.key for one in lines}
    renamed = [question("other", text="Spørsmål f3a1"), question("ids", text="Spørsmål f3a1")]
    again = drafted(Facts(today=TODAY, questions=renamed))[Section.OPEN_QUESTIONS].lines
    assert [one.key for one in again] == [one.key for one in lines]


def test_a_day_that_left_nothing_has_all_its_sections() -> None:
    told = drafted(Facts(today=TODAY))
    assert list(told) == list(Section)
    assert all(not told[code].lines for code in Section if code is not Section.ATTENDANCE)


def line(key: str, text: str = "som skrevet", **more: object) -> MinutesLine:
    return MinutesLine(key=key, text=text, **more)  # type: ignore[arg-type]


def test_taking_the_records_anew_keeps_what_an_editor_did() -> None:
    current = [
        line("1", "omskrevet", edited=True, owner="Kari"),
        line("2", left_out=True),
        line("3"),
        line("own-1", "et eget punkt"),
    ]
    fresh = [line("1", "ny ordlyd", owner="Ola"), line("2", "ny"), line("4")]
    assert taken_anew(current, fresh) == (
        line("1", "omskrevet", edited=True, owner="Ola"),
        line("2", "ny", left_out=True),
        line("4"),
        line("own-1", "et eget punkt"),
    )


LINES = st.lists(
    st.builds(
        MinutesLine,
        key=st.sampled_from(["1", "2", "3", "own-1", "own-2"]),
        text=st.sampled_from(["a", "b"]),
        edited=st.booleans(),
        left_out=st.booleans(),
    ),
    unique_by=lambda one: one.key,
)


@given(current=LINES, fresh=LINES)
def test_anew_twice_is_anew_once_and_no_words_of_an_editor_are_lost(
    current: list[MinutesLine], fresh: list[MinutesLine]
) -> None:
    fresh = [one for one in fresh if not one.key.startswith("own")]
    fresh = [one.model_copy(update={"edited": False, "left_out": False}) for one in fresh]
    taken = taken_anew(current, fresh)
    assert taken_anew(taken, fresh) == taken
    after = {one.key: one for one in taken}
    for one in current:
        if one.key.startswith("own"):
            assert after[one.key] == one
        elif one.edited and one.key in after:
            assert after[one.key].text == one.text


@given(before=LINES, after=LINES)
def test_what_differs_leads_from_one_to_the_other(
    before: list[MinutesLine], after: list[MinutesLine]
) -> None:
    told = compared(before, after)
    assert [one.after for one in told if one.after] == after
    assert sorted(one.before.key for one in told if one.before) == sorted(b.key for b in before)
    assert all(one.is_same for one in compared(after, after))


@pytest.mark.parametrize(
    "published, now, pace, left",
    [
        (None, 0, Pace.RUNNING, 24),
        (None, 19.5, Pace.RUNNING, 4.5),
        (None, 20, Pace.SOON, 4),
        (None, 24, Pace.SOON, 0),
        (None, 25, Pace.LATE, 1),
        (3, 30, Pace.IN_TIME, 21),
        (24, 30, Pace.IN_TIME, 0),
        (26, 30, Pace.AFTERWARDS, 2),
    ],
)
def test_the_24_hours_run_from_the_end_of_the_day(
    published: float | None, now: float, pace: Pace, left: float
) -> None:
    at = None if published is None else ENDED + published * HOUR
    told = countdown(ENDED, at, ENDED + now * HOUR)
    assert (told.due_at, told.pace, told.left) == (ENDED + 24 * HOUR, pace, left * HOUR)


@pytest.mark.parametrize(
    "published, now, due",
    [
        (None, 11.9, None),
        (None, 12, 12),
        (None, 20.9, 12),
        (None, 21, 3),
        (None, 23.9, 3),
        (None, 24, None),
        (1, 22, None),
    ],
)
def test_the_reminder_comes_before_it_is_late(
    published: float | None, now: float, due: int | None
) -> None:
    at = None if published is None else ENDED + published * HOUR
    assert reminder_due(ENDED, at, ENDED + now * HOUR) == due


@pytest.mark.parametrize(
    "code, key, changes, stands",
    [
        ("actions", "a-1", {"text": "Nytt ord", "status": "green", "number": 9}, {"text"}),
        ("obstacles", "o-1", {"text": "Ikke sagt", "number": 1, "detail": "Tid"}, {"detail"}),
        ("answers", "q-1", {"text": "Ikke spurt", "left_out": True}, {"left_out"}),
        ("results", "r-1", {"sort": "annet", "said": {"nb": []}}, set()),
        ("day", "own-1", {"text": "Vi sang", "owner": "Kari", "number": 3}, {"text", "owner"}),
    ],
)
def test_an_editor_says_what_is_theirs_to_say_by_whichever_door(
    code: str, key: str, changes: dict[str, Any], stands: set[str]
) -> None:
    """Seen red with: a program's line taken as it was sent."""
    held = MinutesLine(key=key, text="Sagt i rommet", number=4, sort="x", status="red")
    after = as_worded(code, held, held.model_copy(update=changes))
    told = {name for name in changes if getattr(after, name) == changes[name]}
    assert told == stands
    assert after.edited == bool(stands - {"left_out"} and not key.startswith("own"))
