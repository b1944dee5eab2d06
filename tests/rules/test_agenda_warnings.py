"""The agenda's advice measures a day against the method (P16)."""

from app.rules.agenda_warnings import PlannedBlock, agenda_warnings
from app.rules.findings import Finding
from app.rules.timebox import schedule


def block(kind: str, minutes: int = 30, **told: bool) -> PlannedBlock:
    facts = {"has_owner": True, "has_problem": True, "has_indicator": True, **told}
    return PlannedBlock(id=kind, kind=kind, minutes=minutes, **facts)


def found(*blocks: PlannedBlock, fixed: dict[int, int] | None = None) -> list[Finding]:
    starts = fixed or {}
    slots = schedule(540, [(one.minutes, starts.get(i)) for i, one in enumerate(blocks)])
    return list(agenda_warnings(blocks, slots))


GOOD_DAY = (
    block("opening", 20),
    block("keynote", 15),
    block("questions_and_answers", 10),
    block("interactive", 50),
    block("questions_and_answers", 10),
    block("break", 15),
    block("interactive", 50),
    block("questions_and_answers", 10),
    block("closing", 20),
)


def test_a_day_as_the_method_has_it_needs_no_advice() -> None:
    assert found(*GOOD_DAY) == []


def test_an_empty_agenda_is_not_begun_rather_than_wrong() -> None:
    assert found() == []


def test_a_keynote_and_a_risk_dialogue_have_their_minutes() -> None:
    day = (*GOOD_DAY[:-1], block("keynote", 40), block("questions_and_answers"), GOOD_DAY[-1])
    assert Finding("keynote_minutes", 40, (10, 15), "keynote") in found(*day)
    day = (*GOOD_DAY[:-1], block("risk_discussion", 10), GOOD_DAY[-1])
    assert Finding("risk_discussion_minutes", 10, (15, 30), "risk_discussion") in found(*day)


def test_a_fixed_start_that_is_run_into_is_named_with_its_minutes() -> None:
    findings = found(*GOOD_DAY, fixed={1: 550})
    assert Finding("runs_into_fixed_start", 10, where="keynote") in findings


def test_a_block_without_owner_or_customer_effect_is_named() -> None:
    day = (*GOOD_DAY[:-1], block("sprint", has_owner=False, has_problem=False), GOOD_DAY[-1])
    assert [f.code for f in found(*day)] == ["no_owner", "no_customer_effect"]
    rest = block("break", has_owner=False, has_problem=False)
    assert found(*GOOD_DAY[:-1], rest, GOOD_DAY[-1]) == []


def test_the_day_as_a_whole_is_measured() -> None:
    codes = {f.code for f in found(block("strategy", 130))}
    assert codes == {
        "no_opening", "no_closing", "interactive_blocks", "no_questions_after", "no_break",
    }  # fmt: skip


def test_two_of_a_kind_share_their_questions() -> None:
    day = (*GOOD_DAY[:1], block("keynote", 10), *GOOD_DAY[1:])
    assert found(*day) == []
