"""Papers: whole, legible and in bounds, whatever people have written in the plan."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest

from app.i18n import speaking
from app.models.agenda import AgendaBlock, BlockKind
from app.models.deliverables import Deliverable
from app.models.fields import LINE_MAX, PROSE_MAX
from app.models.goals import Goal, GoalLevel
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.milestones import Milestone
from app.models.people import Person
from app.models.portfolio import FocusArea
from app.models.raci import Raci
from app.models.risks import Risk
from app.outputs import paper
from app.outputs.papers.registry import registry
from tests.support.pdf import Pdf, read
from tests.support.product import Product, product

POINTS = {"a4": (595, 842), "a3": (842, 1191), "a2": (1191, 1684), "a1": (1684, 2384)}
HOSTILE = (
    '#import "x"',
    "$x$ #panic()",
    "*bold* _it_ `raw`",
    "<script>alert(1)</script>",
    "</text><image href='file:///etc/passwd'/>",
    "= Heading // not a comment",
    "\\u{41} @label [x](y) {{ 7 * 7 }}",
)
PAPERS = [(code, size) for code, one in registry().items() for size in one.sizes]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("product")) as made:
        yield made


@pytest.fixture
def plan(running: Product) -> Callable[..., Kickoff]:
    """A kickoff in which everything is called like this, so many times."""

    def make(title: str, times: int = 1, prose: str = "") -> Kickoff:
        with running.database.unit_of_work() as session:
            kickoff = Kickoff(
                organisation_id=running.organisation_id,
                title=title,
                day=date(2027, 1, 12),
                purpose=prose,
                challenge=prose,
                vision=prose,
            )
            session.add(kickoff)
            session.flush()
            for record in _records(kickoff.id, title, times, prose):
                session.add(record)
                session.flush()
        return kickoff

    return make


def _records(kickoff_id: str, title: str, times: int, prose: str) -> Iterator[Any]:
    for number in range(times):
        of = {"kickoff_id": kickoff_id}
        placed = {**of, "position": f"a{number:03}", "title": title}
        someone = Person(**of, name=title)
        yield someone
        goal = Goal(**placed, level=GoalLevel.STRATEGIC, owner_id=someone.id)
        yield goal
        kpi = Kpi(**placed, goal_id=goal.id, unit="%", baseline=54, target=80, on_map=True)
        yield kpi
        yield FocusArea(**placed, reason=prose)
        handed = Deliverable(**placed, owner_id=someone.id, kpi_id=kpi.id, prioritised=number < 3)
        yield handed
        yield Raci(**of, deliverable_id=handed.id, person_id=someone.id)
        yield Milestone(**of, title=title, done_criteria=prose, due=date(2027, 2, 1))
        yield Risk(**of, title=title, mitigation=prose, owner_id=someone.id)
        yield AgendaBlock(**placed, kind=BlockKind.SPRINT, purpose=prose, customer_problem=title)


def made(running: Product, kickoff: Kickoff, code: str, size: str = "") -> Pdf:
    one = registry()[code]
    with speaking("nb"), running.database.reading() as session:
        contents = one.contents(session, kickoff)
        return read(one.pdf(contents, size or one.sizes[0]))


@pytest.mark.parametrize("code,size", PAPERS)
def test_each_paper_has_its_size_the_words_of_the_plan_and_both_weights(
    running: Product, plan: Callable[..., Kickoff], code: str, size: str
) -> None:
    found = made(running, plan("Blåbærsøl på Ærøy Å"), code, size)
    assert all(sorted(page) == list(POINTS[size]) for page in found.sizes)
    assert "Blåbærsøl på Ærøy Å" in found.text
    assert "Nordlys Energi" in found.text
    assert {"SchibstedGrotesk-Regular", "SchibstedGrotesk-Bold"} <= found.fonts


@pytest.mark.parametrize("code", registry())
def test_what_people_wrote_is_shown_as_they_wrote_it(
    running: Product, plan: Callable[..., Kickoff], code: str
) -> None:
    for title in (" ".join(HOSTILE[:4]), " ".join(HOSTILE[4:])):
        found = made(running, plan(title, prose=title), code)
        shown = found.text.replace("\ufffe", "-").replace(" ", "")
        assert title.replace(" ", "") in shown


@pytest.mark.parametrize("code", registry())
def test_a_sign_that_the_typeface_lacks_keeps_no_paper_from_being_made(
    running: Product, plan: Callable[..., Kickoff], code: str
) -> None:
    """Seen red while each had to be made in the way that readers of screens demand."""
    told = made(running, plan("Vi når 🎯 målet i 東京 og القاهرة"), code).text
    assert "Vi når" in told
    assert "målet i" in told


@pytest.mark.parametrize("code", registry())
def test_a_plan_of_sixty_goals_is_printed_too(
    running: Product, plan: Callable[..., Kickoff], code: str
) -> None:
    assert made(running, plan("Kunden får svar samme dag", 60, "Fordi det haster."), code).sizes


@pytest.mark.parametrize("code", registry())
def test_the_longest_word_stays_on_the_paper(
    running: Product, plan: Callable[..., Kickoff], code: str
) -> None:
    found = made(running, plan("W" * LINE_MAX, 2, "W" * PROSE_MAX), code)
    assert found.overflow <= 0


def test_the_overview_is_one_page_whatever_is_in_the_plan(
    running: Product, plan: Callable[..., Kickoff]
) -> None:
    long = "Kunden får et klart svar den samme dagen som spørsmålet stilles. "
    assert len(made(running, plan(long * 3, 60, long * 60), "overview").sizes) == 1
    assert "og 55 til" in made(running, plan("Mål", 60), "overview").text


@pytest.mark.parametrize("blocks, pages", [(3, 1), (17, 1), (60, 4)])
def test_a_day_is_on_one_sheet_as_long_as_it_can_be_read_there(
    running: Product, blocks: int, pages: int
) -> None:
    """Seen red with the day set in its usual size alone: 17 blocks had a second sheet."""
    with running.database.unit_of_work() as session:
        day = Kickoff(organisation_id=running.organisation_id, title="Kurs", day=date(2027, 1, 12))
        session.add(day)
        session.flush()
        for number in range(blocks):
            session.add(
                AgendaBlock(
                    kickoff_id=day.id,
                    position=f"a{number:03}",
                    title="Hva betyr målene for oss?",
                    kind=BlockKind.INTERACTIVE if number % 5 == 0 else BlockKind.KEYNOTE,
                    purpose="Hver gruppe sier hva målene betyr i egen hverdag.",
                    customer_problem="Kunden venter mens vi avklarer." if number % 2 else "",
                    effect_indicator="Dager til svar: 11 i dag, 1 i juni" if number % 2 else "",
                )
            )
    assert len(made(running, day, "agenda").sizes) <= pages


def test_a_kickoff_with_nothing_in_it_has_papers_that_say_so(running: Product) -> None:
    for code in registry():
        assert "Kurs 2027" in made(running, running.kickoff, code).text


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/hostname")',
        '#read("../../app/settings.py")',
        '#import "@preview/cetz:0.3.0": *',
    ],
)
def test_a_template_reads_nothing_outside_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(paper, "ROOT", tmp_path)
    (tmp_path / "trial.typ").write_text('#set document(title: "x")\nfine')
    assert paper.pdf("trial", {}).startswith(b"%PDF")
    (tmp_path / "trial.typ").write_text(f'#set document(title: "x")\n{source}')
    with pytest.raises(RuntimeError):
        paper.pdf("trial", {})


def test_a_paper_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "ROOT", tmp_path)
    monkeypatch.setattr(paper, "SECONDS_MAX", 1.0)
    (tmp_path / "trial.typ").write_text(
        "#for i in range(9000) { for j in range(9000) { let _ = calc.pow(i + j, 2) } }"
    )
    with pytest.raises(paper.PaperNotMade):
        paper.pdf("trial", {})


def test_more_at_once_than_can_wait_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_more = BoundedSemaphore(1)
    assert nobody_more.acquire()
    monkeypatch.setattr(paper, "_WAITING", nobody_more)
    with pytest.raises(paper.PaperNotMade):
        paper.pdf("agenda", {})


def test_a_template_is_named_and_never_a_path() -> None:
    with pytest.raises(ValueError, match="passwd"):
        paper.pdf("../../etc/passwd", {})
