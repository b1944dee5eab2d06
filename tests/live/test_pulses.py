"""Waves open and close by themselves; one answer a person and wave; figures when it is over.

Seen red: no look at the receipt; figures of an open wave; groups told by a threshold alone.
"""

import shutil
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import event

from app import clock
from app.errors import Conflict, Invalid, NotFound, NotSaved
from app.live import pulses as live_pulses
from app.models.kickoffs import Kickoff
from app.models.notices import Notice
from app.models.pulse_waves import (
    PulseAnswer,
    PulseInvitation,
    PulseReceipt,
    PulseSealed,
    PulseTally,
    PulseText,
)
from app.operations import duties, pulse_answers, pulse_notices, records
from app.operations.entities import PEOPLE, PULSE_MEASURES
from app.operations.notice_kinds import KINDS
from app.operations.pulse_answers import Standing
from app.operations.pulse_results import WaveResult, results
from tests.live.conftest import Desk
from tests.support.pulses import PulseDesk, pulse_desk

MONDAY = date(2026, 3, 2)


@pytest.fixture
def pulse(desk: Desk, tmp_path: Path) -> PulseDesk:
    return pulse_desk(desk.database, desk.kickoff_id, tmp_path)


@pytest.fixture
def each_pulse(each_desk: Desk, tmp_path: Path) -> PulseDesk:
    """For what hangs on how a database keeps writers apart."""
    return pulse_desk(each_desk.database, each_desk.kickoff_id, tmp_path, first_day=MONDAY)


def result(pulse: PulseDesk, **asked: Any) -> WaveResult | None:
    with pulse.database.reading() as session:
        return results(session, pulse.pulse_id, **asked)


def counts(pulse: PulseDesk) -> tuple[int, int, int]:
    return tuple(len(pulse.all_of(table)) for table in (PulseReceipt, PulseAnswer, PulseSealed))  # type: ignore[return-value]


def test_everybody_with_an_address_is_invited_once_by_a_link_that_only_they_have(
    pulse: PulseDesk,
) -> None:
    wave = pulse.open()
    tokens = pulse.tokens(wave.id)
    assert wave.invited == len(pulse.people) == len(set(tokens.values()))
    stored = str([one.model_dump() for one in pulse.all_of(PulseInvitation)])
    assert not any(token in stored for token in tokens.values())
    with pytest.raises(NotFound):
        pulse.pulses.look("a" * 22)


def test_a_double_tap_two_tabs_and_a_retry_are_one_answer(each_pulse: PulseDesk) -> None:
    pulse = each_pulse
    wave = pulse.open()
    token = next(iter(pulse.tokens(wave.id).values()))
    became: list[Standing] = []

    def tap(five: int) -> None:
        became.append(pulse.pulses.answer(token, pulse.form(five))[1])

    taps = [threading.Thread(target=tap, args=(1 + n % 5,)) for n in range(8)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert became == [Standing.USED] * 8
    assert counts(pulse) == (1, 4, 1)
    assert pulse.pulses.look(token)[1] == Standing.USED


def test_what_fails_halfway_leaves_the_link_unused(
    pulse: PulseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = pulse.open()
    token = next(iter(pulse.tokens(wave.id).values()))

    def broken(*_: Any) -> str:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(pulse_answers.Seal, "close", broken)
        with pytest.raises(RuntimeError):
            pulse.pulses.answer(token, pulse.form())
    assert counts(pulse) == (0, 0, 0)
    assert pulse.pulses.answer(token, pulse.form())[1] == Standing.USED
    assert counts(pulse) == (1, 4, 1)


def test_what_is_wrong_is_said_beside_its_question_and_nothing_is_used_up(
    pulse: PulseDesk,
) -> None:
    wave = pulse.open()
    token = next(iter(pulse.tokens(wave.id).values()))
    five, ten = pulse.questions["five"], pulse.questions["ten"]
    for sent, where in (
        ({}, {""}),
        ({five: "6", ten: "4"}, {f"/{five}"}),
        ({five: "x", ten: "11"}, {f"/{five}", f"/{ten}"}),
        ({five: "²"}, {f"/{five}"}),
        ({pulse.questions["text"]: "å" * 1001}, {f"/{pulse.questions['text']}"}),
    ):
        with pytest.raises(Invalid) as refused:
            pulse.pulses.answer(token, sent)
        assert {fault.pointer for fault in refused.value.faults} == where
    assert counts(pulse) == (0, 0, 0)


def test_a_closed_wave_takes_nothing_and_tells_its_figures_then_and_not_before(
    each_pulse: PulseDesk,
) -> None:
    pulse = each_pulse
    wave = pulse.open()
    *first, last = pulse.tokens(wave.id).values()
    for number, token in enumerate(first):
        pulse.pulses.answer(token, pulse.form(1 + number % 5, text="Mer tid <b>"))
    assert result(pulse) is None
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    assert pulse.pulses.answer(last, pulse.form())[1] == Standing.CLOSED
    found = result(pulse)
    assert found is not None
    assert found.wave.answered == len(first)
    five, *_, text = found.questions
    assert five.figures is not None
    assert five.figures.answered == len(first)
    assert text.texts == ("Mer tid <b>",) * len(first)


def test_no_group_is_told_that_is_small_or_that_gives_a_small_one_away(pulse: PulseDesk) -> None:
    """Øst is three people; Bodø is Nord and four others."""
    wave = pulse.open()
    pulse.answer_all(wave.id)
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    told = {(one.dimension, one.label) for one in pulse.all_of(PulseTally)}
    assert ("team", "Øst") not in told
    assert not {("team", "Nord"), ("team", "Sør")} <= told
    assert not {("team", "Nord"), ("site", "Bodø")} <= told
    by_team = result(pulse, by="team")
    assert by_team is not None
    assert by_team.labels
    assert set(by_team.labels) == {label for dimension, label in told if dimension == "team"}


def test_four_answers_are_told_to_nobody(pulse: PulseDesk) -> None:
    wave = pulse.open()
    for token in list(pulse.tokens(wave.id).values())[:4]:
        pulse.pulses.answer(token, pulse.form(text="Bare vi fire"))
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    found = result(pulse)
    assert found is not None
    assert (found.wave.answered, found.enough) == (4, False)
    assert all(one.figures is None and not one.texts for one in found.questions)


OSLO_8 = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def test_waves_open_at_eight_and_close_when_their_last_day_has_ended(
    desk: Desk, tmp_path: Path
) -> None:
    pulse = pulse_desk(
        desk.database, desk.kickoff_id, tmp_path, first_day=date(2026, 3, 2), open_days=5, waves=2
    )
    pulse.pulses.tend(OSLO_8.replace(hour=6, minute=59))
    assert pulse.waves() == []
    for _ in range(2):  # two processes
        pulse.pulses.tend(OSLO_8)
    assert [(one.number, one.is_open) for one in pulse.waves()] == [(1, True)]
    pulse.pulses.tend(datetime(2026, 3, 6, 22, 59, tzinfo=UTC))
    assert pulse.waves()[0].is_open
    pulse.pulses.tend(datetime(2026, 3, 6, 23, 0, tzinfo=UTC))
    assert not pulse.waves()[0].is_open
    assert pulse.waves()[0].settled_at is not None
    for day in range(9, 31):
        pulse.pulses.tend(OSLO_8.replace(day=day))
    assert [(one.number, one.is_open) for one in pulse.waves()] == [(1, False), (2, False)]


def test_a_wave_opened_by_hand_before_days_off_is_open_when_its_mail_goes_out(
    pulse: PulseDesk,
) -> None:
    """On the Wednesday evening before Easter. Seen red with calendar days from when it was opened:
    it closed on Easter Sunday, and its mail would have gone out on the Tuesday."""
    with time_machine.travel(datetime(2027, 3, 24, 16, 30, tzinfo=UTC), tick=False):
        wave = pulse.open()
    assert wave.closes_at == datetime(2027, 4, 5, 22, tzinfo=UTC)  # five days from Tuesday the 30th


def test_two_processes_open_one_wave(each_pulse: PulseDesk) -> None:
    pulse = each_pulse
    processes = [threading.Thread(target=pulse.pulses.tend, args=(OSLO_8,)) for _ in range(5)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    assert len(pulse.waves()) == 1
    assert len(pulse.all_of(PulseInvitation)) == len(pulse.people)


def test_a_wave_needs_five_to_eight_questions_and_only_one_is_open(pulse: PulseDesk) -> None:
    pulse.open()
    with pytest.raises(Conflict, match="open already"):
        pulse.open()


def test_who_has_answered_is_not_reminded_and_the_others_once(desk: Desk, tmp_path: Path) -> None:
    pulse = pulse_desk(desk.database, desk.kickoff_id, tmp_path, first_day=date(2026, 3, 2))
    pulse.pulses.tend(OSLO_8)
    [wave] = pulse.waves()
    tokens = pulse.tokens(wave.id)
    answered = list(tokens)[:7]
    for person in answered:
        pulse.pulses.answer(tokens[person], pulse.form())
    assert reminded(pulse) == []
    for hour in (6, 7, 8):
        pulse.pulses.tend(datetime(2026, 3, 5, hour, tzinfo=UTC))
        assert bool(reminded(pulse)) == (hour >= 7)
    assert sorted(reminded(pulse)) == sorted(set(tokens) - set(answered))


@pytest.mark.parametrize("answered", [0, 1, 4, 5, 15, 16, 19])
def test_neither_who_is_reminded_nor_who_is_not_are_fewer_than_five(
    desk: Desk, tmp_path: Path, answered: int
) -> None:
    """Two dumps around the last answer, or one with the first, would name whose it is. Seen red
    with a reminder to just those who have not answered, and with one however few they are."""
    pulse = pulse_desk(desk.database, desk.kickoff_id, tmp_path, first_day=MONDAY)
    pulse.pulses.tend(OSLO_8)
    tokens = pulse.tokens(pulse.waves()[0].id)
    for token in list(tokens.values())[:answered]:
        pulse.pulses.answer(token, pulse.form())
    for hour in (7, 8):
        pulse.pulses.tend(datetime(2026, 3, 5, hour, tzinfo=UTC))
    left = set(list(tokens)[answered:])
    to = reminded(pulse)
    assert len(to) == len(set(to))
    assert set(to) == {0: left, 1: set(tokens), 4: set(tokens), 5: left, 15: left}.get(
        answered, set()
    )
    assert pulse.waves()[0].reminded


def reminded(pulse: PulseDesk) -> list[str]:
    return [one.recipient for one in pulse.all_of(Notice) if one.kind == "pulse_reminder"]


def test_everybody_is_told_of_the_wave_and_by_no_stored_link(
    pulse: PulseDesk,
) -> None:
    wave = pulse.open()
    with pulse.database.unit_of_work() as session:
        found = list(pulse_notices.invitations(session, OSLO_8))
        assert {one.person_id for one in found} == set(pulse.people)
        for one in found:
            duties._post(session, one)
    [first, *_] = pulse.all_of(Notice)
    token = pulse.tokens(wave.id)[first.recipient]
    assert token not in str(first.data)
    kind = KINDS["pulse_invitation"]
    assert kind.own_path
    assert kind.own_path(pulse.key, first.data) == f"/pulse/{token}"
    with pulse.database.reading() as session:
        assert kind.still_holds(session, first)
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    with pulse.database.unit_of_work() as session:
        assert not kind.still_holds(session, first)


def test_what_was_done_is_told_to_those_who_were_asked_before_by_a_link_without_account(
    pulse: PulseDesk,
) -> None:
    """Seen red with the last wave that was closed, whenever that was; with archived kickoffs; with
    a query for each measure; and with the page of results, which asks for an account."""
    agree(pulse, "Før noen ble spurt")
    first = pulse.open()
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, first.id)
    tokens = pulse.tokens(first.id)
    measures = {agree(pulse, "Møter"), agree(pulse, "Støy")}
    with pulse.database.unit_of_work() as session:
        values = {"name": "Ny", "email": "ny@nordlys.example"}
        records.create(session, PEOPLE, pulse.kickoff_id, values)
    second = pulse.open()
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, second.id)
    told = told_back(pulse)
    assert sorted((one.key, one.person_id) for one in told) == sorted(
        (measure, person) for measure in measures for person in pulse.people
    )
    leads_to = KINDS["pulse_told"].own_path
    assert leads_to
    for one in told[:3]:
        assert one.person_id
        assert leads_to(pulse.key, one.data) == f"/pulse/{tokens[one.person_id]}"
    with pulse.database.unit_of_work() as session:
        session.get_one(Kickoff, pulse.kickoff_id).archived_at = clock.now()
    assert told_back(pulse) == []


def agree(pulse: PulseDesk, said: str) -> str:
    values = {"title": "Møtefri", "pulse_id": pulse.pulse_id, "said": said, "did": "Onsdag"}
    with pulse.database.unit_of_work() as session:
        return records.create(session, PULSE_MEASURES, pulse.kickoff_id, values).id


def told_back(pulse: PulseDesk) -> list[duties.Due]:
    """And by one statement, however many measures there are."""
    sent: list[str] = []
    with pulse.database.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: sent.append(given[2]))
        found = list(pulse_notices.told_back(session, OSLO_8))
    assert len(sent) == 1
    return found


def test_a_lost_key_closes_the_wave_and_what_was_answered_still_counts(
    pulse: PulseDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = pulse.open()
    *first, last = pulse.tokens(wave.id).values()
    for token in first:
        pulse.pulses.answer(token, pulse.form())
    shutil.rmtree(tmp_path / "pulse-keys")
    pulse.vault._known.clear()
    with pytest.raises(NotSaved):
        pulse.pulses.answer(last, pulse.form())
    monkeypatch.setattr(live_pulses, "PATIENCE", 0.0)
    process = pulse.pulses
    process.tend()
    process.tend()
    assert pulse.wave(wave.id).key_lost
    found = result(pulse, by="team")
    assert found is not None
    assert found.wave.answered == len(first)
    assert found.questions[0].figures is not None
    assert found.labels == ()


def test_after_a_wave_its_key_is_gone_and_nothing_tells_who_answered(pulse: PulseDesk) -> None:
    wave = pulse.open()
    pulse.answer_all(wave.id, pulse.form(text="hei"))
    before = {one.id for table in (PulseAnswer, PulseText) for one in pulse.all_of(table)}
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    assert pulse.vault.held() == set()
    assert pulse.all_of(PulseReceipt) == pulse.all_of(PulseSealed) == []
    after = {one.id for table in (PulseAnswer, PulseText) for one in pulse.all_of(table)}
    assert len(before) == len(after)
    assert not before & after
