"""What links do while a kickoff is archived (docs/decisions/0013): what was let be read is read, a
calendar is empty, and nothing is changed by anybody.

Seen red with: a calendar that goes on, a plan that leads nowhere, an answer that is taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from icalendar import Calendar
from sqlmodel import select

from app import clock, ids
from app.models.answers import PublishedAnswers, PublishedHandouts, PublishedPlan
from app.models.meetings import PublishedCalendar
from app.models.minutes import Minutes, MinutesVersion
from app.models.pulse_waves import PulseReceipt
from app.models.rooms import Room
from app.operations import publications, records
from app.operations.entities import MEETINGS
from tests.support.product import Product
from tests.support.pulses import PulseDesk


@contextmanager
def archived(product: Product) -> Iterator[None]:
    """Put away inside, and back afterwards."""
    where = f"/kickoffs/{product.kickoff.id}"
    owner = product.browser("owner")
    assert owner.post(f"{where}/archive").status_code == 303
    yield
    assert owner.post(f"{where}/unarchive").status_code == 303


@pytest.fixture(scope="module")
def links(product: Product) -> dict[str, str]:
    kickoff_id = product.kickoff.id
    with product.database.unit_of_work() as session:
        values = {"title": "Statusmøte", "day": clock.now().date()}
        records.create(session, MEETINGS, kickoff_id, values)
        made = {
            path: publications.publish(session, table, kickoff_id).secret
            for path, table in {
                "/plans/{}": PublishedPlan,
                "/answers/{}": PublishedAnswers,
                "/handouts/{}": PublishedHandouts,
                "/calendar/{}.ics": PublishedCalendar,
            }.items()
        }
        room = session.exec(select(Room).where(Room.kickoff_id == kickoff_id)).one()
        minutes = Minutes(kickoff_id=kickoff_id, room_id=room.id, secret=ids.secret())
        session.add(minutes)
        session.flush()
        version = MinutesVersion(kickoff_id=kickoff_id, minutes_id=minutes.id, number=1)
        session.add(version)
        made["/minutes/{}"] = minutes.secret or ""
    return {path.split("/")[1]: path.format(secret) for path, secret in made.items()}


def events(product: Product, link: str) -> list[str]:
    answer = product.browser().get(link)
    assert answer.status_code == 200
    return [str(one["summary"]) for one in Calendar.from_ical(answer.content).events]


def test_what_was_published_is_read_and_calendars_are_empty(
    product: Product, links: dict[str, str]
) -> None:
    read = [link for name, link in links.items() if name != "calendar"]
    nobody = product.browser()
    assert [nobody.get(link).status_code for link in read] == [200] * len(read)
    assert events(product, links["calendar"]) == ["Statusmøte"]
    with archived(product):
        assert [nobody.get(link).status_code for link in read] == [200] * len(read)
        assert events(product, links["calendar"]) == []
    assert events(product, links["calendar"]) == ["Statusmøte"]


def test_a_pulse_takes_no_answer_until_its_kickoff_is_back(product: Product) -> None:
    state = product.application.state
    pulse = PulseDesk(product.database, state.live.pulses._vault, product.kickoff.id)
    pulse.key = state.settings.signing_key
    wave = pulse.fill().open()
    link = f"/pulse/{next(iter(pulse.tokens(wave.id).values()))}"
    nobody = product.browser()
    with archived(product):
        assert "<form" not in main(nobody.get(link).text)
        nobody.post(link, **pulse.form())
        assert pulse.all_of(PulseReceipt) == []
    assert "<form" in main(nobody.get(link).text)
    nobody.post(link, **pulse.form())
    assert len(pulse.all_of(PulseReceipt)) == 1


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0]
