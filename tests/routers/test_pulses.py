"""A pulse from its first question to "you said, we did", as planners and those who answer see it.

Seen red: a page that names whom it was sent to; a question's values that are not checked; figures
by group without the rule of five.
"""

import re

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from app.models.people import Person
from app.models.pulse_library import FIRST_SET, LIBRARY
from app.models.pulse_waves import PulseInvitation
from app.operations import pulse_links
from app.operations.pulse_waves import renew_links
from tests.support.product import Product
from tests.support.pulses import TEAMS_OF, PulseDesk

SCRIPT = "<script>alert(1)</script> æøå"


@pytest.fixture
def pulse(product: Product) -> PulseDesk:
    """Twenty people asked, by the running product's own vault and key."""
    state = product.application.state
    with product.database.unit_of_work() as session:
        session.execute(delete(Person).where(col(Person.kickoff_id) == product.kickoff.id))
    made = PulseDesk(product.database, state.live.pulses._vault, product.kickoff.id)
    made.key = state.settings.signing_key
    return made.fill()


def here(product: Product, pulse: PulseDesk, *parts: str) -> str:
    return "/".join(("/kickoffs", product.kickoff.id, "pulses", pulse.pulse_id, *parts))


def links(pulse: PulseDesk) -> list[str]:
    wave = pulse.waves()[-1]
    return [f"/pulse/{token}" for token in pulse.tokens(wave.id).values()]


def opened(product: Product, pulse: PulseDesk) -> list[str]:
    answer = product.browser("contributor").post(here(product, pulse, "open"))
    assert answer.status_code == 303
    return links(pulse)


def wave_id(pulse: PulseDesk) -> str:
    return pulse.waves()[-1].id


def close(product: Product, pulse: PulseDesk) -> None:
    where = here(product, pulse, "waves", wave_id(pulse), "close")
    assert product.browser("contributor").post(where).status_code == 303


def test_a_first_set_is_taken_from_the_library_and_read_in_the_readers_language(
    product: Product,
) -> None:
    planner = product.browser("contributor")
    made = planner.post(f"/kickoffs/{product.kickoff.id}/pulses", title="Annenhver uke")
    asks = made.headers["location"].split("?")[0]
    planner.post(asks.replace("/asks", "/library"), first_set="1")
    page = planner.get(asks).text
    assert page.count('<tr id="question-') == len(FIRST_SET)
    english = planner.http.get(asks, headers={"accept-language": "en", "cookie": ""})
    assert english.status_code in (200, 303)
    assert len(LIBRARY) >= 20


def test_who_has_the_link_answers_without_an_account_once(
    product: Product, pulse: PulseDesk
) -> None:
    link, *_ = opened(product, pulse)
    phone = product.browser()
    for _ in range(2):  # mail scanners
        assert phone.get(link).status_code == 200
    page = phone.get(link).text
    assert "Nord 0" not in page
    assert "<script" not in page
    answered = phone.post(link, **pulse.form(text=SCRIPT))
    assert answered.status_code == 200
    assert "saved" in answered.text or "lagret" in answered.text
    again = phone.post(link, **pulse.form(five=1))
    assert again.status_code == 200
    assert '<form class="answer' not in phone.get(link).text


def test_what_is_wrong_is_said_and_what_was_filled_in_is_kept(
    product: Product, pulse: PulseDesk
) -> None:
    link, *_ = opened(product, pulse)
    phone = product.browser()
    sent = pulse.form(text=SCRIPT) | {pulse.questions["five"]: "9"}
    refused = phone.post(link, **sent)
    assert refused.status_code == 422
    assert f'id="{pulse.questions["five"]}-fault"' in refused.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; æøå</textarea>" in refused.text
    assert re.search(rf'name="{pulse.questions["ten"]}" value="9" checked', refused.text)
    empty = phone.post(link)
    assert empty.status_code == 422


@pytest.mark.parametrize("link", ["/pulse/abc", "/pulse/" + "a" * 22, "/pulse/æ"])
def test_a_link_that_was_never_sent_is_answered_kindly(product: Product, link: str) -> None:
    answer = product.browser().get(link)
    assert answer.status_code == 404
    assert 'class="main"' in answer.text
    assert product.browser().post(link).status_code == 404


def test_a_round_that_is_over_says_so(product: Product, pulse: PulseDesk) -> None:
    link, *_ = opened(product, pulse)
    close(product, pulse)
    phone = product.browser()
    assert phone.get(link).status_code == 200
    assert '<form class="answer' not in phone.get(link).text
    late = phone.post(link, **pulse.form())
    assert (late.status_code, '<form class="answer' in late.text) == (200, False)


def test_nothing_that_was_answered_is_seen_before_the_wave_is_over(
    product: Product, pulse: PulseDesk
) -> None:
    for link in opened(product, pulse):
        product.browser().post(link, **pulse.form(five=2, text=SCRIPT))
    viewer = product.browser("viewer")
    before = viewer.get(here(product, pulse, "results")).text
    assert "alert(1)" not in before
    assert "pulse-question" not in before
    close(product, pulse)
    after = viewer.get(here(product, pulse, "results")).text
    assert "&lt;script&gt;" in after
    assert SCRIPT not in after
    assert after.count("pulse-spread") >= 4
    by_team = viewer.get(here(product, pulse, "results") + "?by=team").text
    assert "Øst" not in re.sub(r"<header class=\"topbar.*?</header>", "", by_team, flags=re.DOTALL)


def test_you_said_we_did_is_told_back_and_asked_again(product: Product, pulse: PulseDesk) -> None:
    for link in opened(product, pulse):
        product.browser().post(link, **pulse.form(five=2))
    close(product, pulse)
    planner = product.browser("contributor")
    api, of = product.api(), f"/api/v1/kickoffs/{product.kickoff.id}"
    kpi = api.post(f"{of}/kpis", json={"title": "Svartid <b>"}).json()["id"]
    asked = f"{of}/pulse-questions/{pulse.questions['five']}"
    api.patch(asked, json={"kpi_id": kpi}, headers={"if-match": "*"})
    assert f"/kpis/{kpi}" in planner.get(here(product, pulse, "results")).text
    measure = planner.post(
        f"/kickoffs/{product.kickoff.id}/pulse-measures",
        title="Fast møtefri dag", pulse_id=pulse.pulse_id, question_id=pulse.questions["five"],
        said="For mange møter", did="Onsdag er møtefri", effect="5", complexity="2",
    )  # fmt: skip
    record = measure.headers["location"].rsplit("measure-", 1)[1]
    action = here(product, pulse, "measures", record, "action")
    for _ in range(2):
        assert planner.post(action).status_code == 303
    actions = product.api().get(f"/api/v1/kickoffs/{product.kickoff.id}/actions").json()["items"]
    mine = [one for one in actions if one["title"] == "Fast møtefri dag"]
    assert [one["source"] for one in mine] == ["pulse"]
    assert mine[0]["due"] is not None
    planner.post(here(product, pulse, "open"))
    link = links(pulse)[0]
    page = product.browser().get(link).text
    assert "For mange møter" in page
    assert f'id="{pulse.questions["five"]}-again"' in page
    for each in links(pulse):
        product.browser().post(each, **pulse.form(five=4))
    planner.post(here(product, pulse, "waves", pulse.waves()[-1].id, "close"))
    results = planner.get(here(product, pulse, "results")).text
    assert "status-green" in results
    assert "pulse-trend" in results


def test_a_pulse_that_was_asked_is_not_thrown_away(product: Product, pulse: PulseDesk) -> None:
    opened(product, pulse)
    api = product.api()
    where = f"/api/v1/kickoffs/{product.kickoff.id}/pulses/{pulse.pulse_id}"
    assert api.delete(where, headers={"if-match": "*"}).status_code == 409


def test_a_preview_is_the_page_and_sends_nothing(product: Product, pulse: PulseDesk) -> None:
    page = product.browser("viewer").get(here(product, pulse, "preview")).text
    assert page.count('class="asked"') == 5
    assert '<form class="answer' not in page


def test_a_link_is_nowhere_in_the_log(
    product: Product, pulse: PulseDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    """A03: no line for an answer, and no token in any."""
    link, *_ = opened(product, pulse)
    capfd.readouterr()
    product.browser().post(link, **pulse.form())
    out = "".join(capfd.readouterr())
    assert link.rsplit("/", 1)[1] not in out
    assert "POST /pulse" not in out


def test_tokens_are_hashed() -> None:
    token = pulse_links.token_of(b"key", "invitation")
    assert pulse_links.hashed(token) != token


def test_after_the_key_was_changed_links_that_were_sent_and_those_still_to_be_sent_work(
    product: Product, pulse: PulseDesk
) -> None:
    """Seen red with invitations left as they were: the reminder's link led nowhere."""
    sent, *_ = opened(product, pulse)
    with product.database.unit_of_work() as session:
        assert renew_links(session, b"another key") >= sum(TEAMS_OF.values())
    with product.database.unit_of_work() as session:
        assert renew_links(session, b"another key") == 0  # whoever was stopped begins again
        wanted = select(PulseInvitation.id).where(PulseInvitation.wave_id == wave_id(pulse))
        asked = session.exec(wanted).all()
    anew = {pulse_links.path_of(b"another key", {"invitation_id": one}) for one in asked}
    browser = product.browser()
    assert sent not in anew
    for link in (sent, *sorted(anew)[:2]):
        assert browser.get(link).status_code == 200
    assert browser.get("/pulse/forged").status_code == 404
    close(product, pulse)
    with product.database.unit_of_work() as session:
        # What was done is told later, and leads to the wave that is over.
        assert renew_links(session, b"a third key") >= sum(TEAMS_OF.values())


def test_programs_open_close_and_read_waves_and_no_single_answer(
    product: Product, pulse: PulseDesk
) -> None:
    api, of = product.api(), f"/api/v1/kickoffs/{product.kickoff.id}"
    where = f"{of}/pulses/{pulse.pulse_id}"
    key = {"idempotency-key": pulse.pulse_id}
    made, again = (api.post(f"{where}/waves", headers=key) for _ in range(2))
    assert (made.status_code, again.json()) == (201, made.json())
    assert api.post(f"{where}/waves").status_code == 409
    for link in links(pulse):
        product.browser().post(link, **pulse.form(five=2))
    shown = api.get(f"{where}/waves").json()["items"][0]
    assert (shown["state"], shown["answered"]) == ("open", len(pulse.people))
    assert api.get(f"{where}/results").status_code == 404
    closed = api.post(f"{of}/pulse-waves/{shown['id']}/close")
    assert closed.json()["state"] == "settled"
    found = api.get(f"{where}/results", params={"by": "team"}).json()
    five = next(one for one in found["asked"] if one["form"] == "five")
    assert (five["figures"]["mean"], five["flags"]) == (2.0, ["low"])
    assert "Øst" not in five["groups"]
    assert api.get(f"{where}/results", params={"by": "person"}).status_code == 422
