"""The demo has a kickoff on its day, one on day 37 and one on day 90, each dashboard alive."""

from pathlib import Path

from sqlmodel import select

from app import clock
from app.database import Database
from app.demo import prepare_demo
from app.live.vault import FileVault
from app.migrate import migrate
from app.models.actions import ActionSource
from app.models.kickoffs import Kickoff
from app.models.minutes import MinutesVersion
from app.operations import pulse_answers, pulse_links, pulse_notices
from app.operations.entities import ACTIONS, PLAN
from app.operations.records import all_of
from app.panels.panel import drawn
from tests.test_demo_plan import AFTERWARDS

KEY = b"the server's key" * 2


def test_every_panel_has_something_to_show_on_day_37_and_day_90(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    migrate(url)
    database = Database(url)
    prepare_demo(
        database, FileVault(tmp_path / "keys"), "http://127.0.0.1", signing_key=KEY, lived=True
    )
    with database.reading() as session:
        kickoffs = session.exec(select(Kickoff).order_by(Kickoff.id)).all()
        shown = {
            (one["ninety_days"].now.number, one["ninety_days"].now.third): one
            for one in (
                {panel.code: view for panel, view in drawn(session, kickoff, clock.now())}
                for kickoff in kickoffs
            )
        }
        for kickoff in kickoffs[1:]:
            actions = session.scalars(all_of(ACTIONS, kickoff.id)).all()
            of_the_room = [one for one in actions if one.source == ActionSource.OBSTACLE]
            assert len(of_the_room) >= 5, "what the room ranked is still there"
            assert all(one.owner_id and one.due for one in of_the_room)
            wanted = select(MinutesVersion).where(MinutesVersion.kickoff_id == kickoff.id)
            said = [line for part in session.exec(wanted).one().sections for line in part["lines"]]
            assert {line.get("status") for line in said} & {"", None}, (
                "not heard of on that evening"
            )
            assert "red" not in {line.get("status") for line in said}, (
                "nothing is late the same day"
            )
            for entity in PLAN:
                if entity.name in AFTERWARDS:
                    assert session.scalars(all_of(entity, kickoff.id)).first(), entity.name
        told = list(pulse_notices.told_back(session, clock.now()))
        for one in told:
            link = pulse_links.token_of(KEY, one.data["invitation_id"])
            assert pulse_answers.asked_by(session, link), "what was done is told with a live link"
    database.dispose()
    assert told
    assert list(shown) == [(0, "30"), (37, "60"), (90, "90")]
    for day in ((37, "60"), (90, "90")):
        one = shown[day]
        assert len(one["check_in_rate"].weeks) == min(13, day[0] // 7 + 1)
        assert one["actions"].settled_per_cent > 0
        assert sum(third.reached for third in one["ninety_days"].thirds) > 0
        assert any(line.row.share for line in one["kpis"].lines)
        assert all(sponsor.seen.held for sponsor in one["visibility"].sponsors)
        assert one["needs"].first, "something is late, as it goes"
