"""The minutes are drafted the moment the day ends, from what the room's own records say, and with
nothing that its hall was not shown.

Seen red with: what the facilitator sees drafted in place of what the hall was shown, and a draft
that replaced an edited section.
"""

from typing import Any

import pytest
from sqlmodel import Session, select

from app.live import minutes
from app.models.activities import Entry
from app.models.minutes import Minutes, MinutesLine, Section
from app.models.people import Team
from app.models.rooms import Participant, Room
from app.operations import minutes as editing
from tests.live.conftest import Desk
from tests.live.test_endings import push, row


def sections(desk: Desk) -> dict[str, tuple[MinutesLine, ...]]:
    with desk.database.reading() as session:
        made = editing.of_room(session, desk.room_id)
        assert made is not None
        return {one.code: editing.lines_of(one) for one in editing.sections(session, made.id)}


def asked(desk: Desk, title: str, *texts: str, reveal: bool, **config: Any) -> str:
    made = push(desk, "activity.create", kind="open_text", title=title, open=True, config=config)[
        "activity"
    ]
    for who, text in enumerate(texts):
        assert desk.count(desk.vote(made, who, text=text)) == [None]
    push(desk, "activity.close", activity=made)
    if reveal:
        push(desk, "activity.reveal", activity=made)
    return str(made)


def test_the_end_of_the_day_drafts_them_from_its_records(desk: Desk) -> None:
    push(desk, "room.start")
    push(desk, "note.decide", text="Vi stopper tre prosjekter")
    asked(desk, "Hva lærte vi?", "å spørre", "å lytte", "å måle", reveal=True)
    with desk.database.unit_of_work() as session:
        team = Team(kickoff_id=desk.kickoff_id, name="Salg", position="a0")
        session.add(team)
        session.flush()
        phone = session.get_one(Participant, desk.people[0])
        phone.people, phone.team_id = 4, team.id
    push(desk, "room.end")
    told = sections(desk)
    assert list(told) == list(Section)
    assert [one.text for one in told["decisions"]] == ["Vi stopper tre prosjekter"]
    assert [(one.sort, one.number) for one in told["attendance"]] == [
        ("people", 6), ("phones", 3), ("team", 4),
    ]  # fmt: skip
    result = told["results"][0]
    assert result.text == "Hva lærte vi?"
    assert {"nb", "en"} == set(result.said)
    assert "å lytte" in str(result.said["nb"])


def test_what_the_hall_was_not_shown_is_not_in_them(desk: Desk) -> None:
    push(desk, "room.start")
    asked(desk, "Skjult for salen", "hemmelig", "meget", "helt", reveal=False)
    asked(desk, "For få", "en alene", reveal=True, minimum_group=3)
    push(desk, "room.end")
    told = str(sections(desk))
    assert "For få" in told
    for private in ("Skjult for salen", "hemmelig", "en alene"):
        assert private not in told


def test_no_id_of_who_wrote_or_what_was_written_stands_in_them(desk: Desk) -> None:
    push(desk, "room.start")
    made = push(desk, "activity.create", kind="questions", title="Spør", open=True)["activity"]
    desk.count(desk.vote(made, 0, text="Når begynner vi?"))
    push(desk, "room.end")
    told = sections(desk)
    assert [one.text for one in told["open"]] == ["Når begynner vi?"]
    with desk.database.reading() as session:
        ids = [*desk.people, *session.exec(select(Entry.id).where(Entry.activity_id == made))]
    assert len(ids) == 4
    assert not [id for id in ids if id in str(told)]


def test_a_day_that_ends_again_drafts_anew_what_nobody_has_edited(desk: Desk) -> None:
    push(desk, "room.start")
    push(desk, "note.decide", text="Den første")
    push(desk, "room.end")
    with desk.database.unit_of_work() as session:
        made = editing.of_room(session, desk.room_id)
        assert made is not None
        day = editing.section(session, desk.kickoff_id, made.id, "day")
        editing.save(session, day, "En god dag.", (), "Kari")
    push(desk, "room.start")
    push(desk, "note.decide", text="Den andre")
    push(desk, "room.end")
    assert [one.text for one in sections(desk)["decisions"]] == ["Den første", "Den andre"]
    with desk.database.reading() as session:
        assert len(session.exec(select(Minutes)).all()) == 1
        assert editing.section(session, desk.kickoff_id, made.id, "day").text == "En god dag."


def test_a_rehearsal_leaves_none(desk: Desk) -> None:
    push(desk, "room.start")
    push(desk, "room.end")
    push(desk, "room.reset")
    with desk.database.reading() as session:
        assert session.exec(select(Minutes)).all() == []


def test_the_day_ends_whatever_becomes_of_the_draft(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Session, room: Room) -> None:
        session.add(Minutes(kickoff_id=room.kickoff_id, room_id=room.id))
        session.flush()
        raise RuntimeError

    monkeypatch.setattr(minutes, "draft", broken)
    push(desk, "room.start")
    activity = push(desk, "activity.create", kind="open_text", title="?", open=True)["activity"]
    push(desk, "room.end")
    assert row(desk, activity).status == "closed"
    with desk.database.reading() as session:
        assert session.get_one(Room, desk.room_id).status == "ended"
        assert session.exec(select(Minutes)).all() == []
