"""The contract of every kind of live activity, whatever they are (the design's extension point)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import rendering
from app.i18n import speaking
from app.live import faults, wire
from app.live.activity import Activity, BallotState, Change, EntryView, Seen, imagine, registry
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView, RoomSnapshot
from app.outputs import qr
from app.rules import tally
from tests.support.processes import ROOT

KINDS = registry()
PROTOCOL = (ROOT / "app" / "live" / "PROTOCOL.md").read_text()
ACTIVITY = "01a20f34-8697-7343-85b3-c13bfec13900"
NAMES = ("phone", "projector", "console", "minutes")
LONG = "å" + "lang tekst " * 27 + "ø"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
TEXTS = {"a word": "ord", "300 characters": LONG[:300], "a script": SCRIPT}
ROOMS = {"nobody": 0, "one": 1, "many": 37}


@pytest.fixture(autouse=True)
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the product wires it; and what it would only note, so that a room goes on, fails here."""
    rendering.environment().globals["qr"] = qr.svg

    def complain(event: str, **fields: Any) -> None:
        raise AssertionError(f"{event}: {fields}")

    monkeypatch.setattr(faults, "note", complain)


each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("people", ROOMS)
@pytest.mark.parametrize("text", TEXTS)
def test_its_four_fragments_render(
    kind: str, name: str, language: str, people: str, text: str
) -> None:
    for status, revealed in (("open", False), ("open", True), ("closed", True), ("closed", False)):
        activity = shown(kind, ROOMS[people], TEXTS[text], status=status, revealed=revealed)
        html = fragment(activity, name, language)
        assert "<script" not in html, "what people wrote is text"
        assert "<img src=x" not in html
        assert "<html" not in html


@each_kind
@pytest.mark.parametrize("name", NAMES)
def test_what_was_asked_and_written_is_shown_as_typed(kind: str, name: str) -> None:
    activity = shown(kind, 3, SCRIPT, status="open", revealed=True)
    html = fragment(activity, name, "nb")
    if "alert(1)" in html:
        assert "&lt;script&gt;" in html or "&lt;img" in html


@each_kind
@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_view_shows_it_without_a_viewer(kind: str, view: View, language: str) -> None:
    """One rendering serves the whole room: no request, attendee or form token is in the context."""
    activity = shown(kind, 12, "ord", status="open", revealed=True)
    room = replace(a_room(), activities=(activity,), stage_activity_id=activity.id)
    made = render(room, Key(view, language, wire.HTML_DIALECT))
    assert any(activity.id in part for part in made.parts.values())
    assert render(room, Key(view, language, wire.HTML_DIALECT)).digests == made.digests


@each_kind
@given(order=st.permutations(range(12)), seed=st.integers(0, 50))
def test_its_result_does_not_know_the_order_of_ballots(
    kind: str, order: Sequence[int], seed: int
) -> None:
    logic, (config, entries, ballots) = KINDS[kind], imagined(kind, 12, Random(seed))
    counted = logic.result(config, entries, counts([ballots[n] for n in order]))
    shuffled = sorted(entries, key=lambda entry: order[hash(entry.id) % 12])
    assert counted == logic.result(config, entries, counts(ballots))
    if not logic.asks_options:  # options keep the order in which they are asked
        assert counted == logic.result(config, shuffled, counts(ballots))


@each_kind
@given(seed=st.integers(0, 500))
def test_what_it_imagines_it_accepts_and_can_tell_again(kind: str, seed: int) -> None:
    logic, rng = KINDS[kind], Random(seed)
    config, options = configured(kind)
    data = _imagined(logic, config, options, rng)
    change, entries = accepted(logic, config, options, data)
    told = logic.answer({entry.id: entry for entry in entries}, change.marks)
    if not logic.shared_writing:  # else what is mine is what several submissions came to
        again, _ = accepted(logic, config, options, told)
        assert set(again.marks) == set(change.marks), "my answer, sent again, is the same answer"
    assert logic.result(config, entries, counts([change])).answered == 1


@each_kind
def test_the_rehearsal_imagines_by_what_a_phone_is_told(kind: str) -> None:
    logic = KINDS[kind]
    options = [{"id": f"option-{n}", "text": f"ord {n}"} for n in range(4)]
    told = {
        "config": logic.Config().model_dump(mode="json", exclude_none=True),
        **({"options": options} if logic.asks_options else {}),
        **({"stage": logic.stages[0]} if logic.stages else {}),
    }
    for seed in range(20):
        for data in imagine(kind, told, Random(seed)):
            logic.Submission.model_validate(data)
    assert any(imagine(kind, told, Random(seed)) for seed in range(20))


@each_kind
def test_its_wire_is_documented(kind: str) -> None:
    section = re.search(rf"^### {kind}\n(.*?)(?=^### |\Z)", PROTOCOL, re.M | re.S)
    assert section, f"PROTOCOL.md has no section {kind}"
    told = section[1]
    logic = KINDS[kind]
    own = {*logic.Config.model_fields} - {"minimum_group"}
    own |= {*logic.Submission.model_fields} | ({*logic.Result.model_fields} - {"answered"})
    assert {name for name in own if f'"{name}"' not in told and f"`{name}" not in told} == set()
    assert {verb for verb in logic.commands if f"{kind}.{verb}" not in told} == set()


@each_kind
def test_no_other_file_of_the_product_names_it(kind: str) -> None:
    own = Path("app/live/activities") / f"{kind}.py"
    named = re.compile(rf"""["']{kind}["']""")
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if path.relative_to(ROOT) != own and named.search(path.read_text())
    }
    assert found - PLANNED_WITH <= set()


PLANNED_WITH = {
    # The method's own day: its blocks, and what it asks in them.
    "app/operations/frame_day.py",
    "app/live/frame.py",
    # The method's words for a block of the agenda, and for what an action came of.
    "app/models/agenda.py",
    "app/rules/agenda_warnings.py",
    "app/models/actions.py",
    "app/outputs/papers/agenda.py",
    # What the plan check asks the day to have, and to have led to.
    "app/rules/plan_check/agenda.py",
    "app/rules/plan_check/follow_up.py",
}


@each_kind
def test_its_name_and_icon_are_for_people(kind: str) -> None:
    logic = KINDS[kind]
    with speaking("nb"):
        assert rendering.environment().from_string("{{ icon(name) }}").render(name=logic.icon)
    assert re.fullmatch(r"[a-z][a-z_]{2,29}", kind)
    assert kind not in ("choice ", logic.name)


# ---- what they are made of


def fragment(activity: ActivityView, name: str, language: str) -> str:
    with speaking(language):
        return rendering.render(
            f"live/{activity.kind}/{name}.html",
            activity=activity,
            result=activity.result,
            room=a_room(),
            own=None,
        )


def shown(kind: str, people: int, text: str, *, status: str, revealed: bool) -> ActivityView:
    """The activity as the console has it, with so many answers of that text."""
    logic, rng = KINDS[kind], Random(people)
    config, options = configured(kind, text)
    entries: dict[str, EntryView] = {}
    changes = []
    for number in range(people):
        data = with_text(_imagined(logic, config, options, rng), text)
        change, known = accepted(logic, config, options, data, key=f"ballot {number}")
        entries |= {entry.id: entry for entry in known}
        changes.append(change)
    written = tuple(entry for entry in entries.values() if not entry.position)
    figures = counts(changes)
    result = logic.result(config, options or written, figures)
    return ActivityView(
        id=ACTIVITY,
        kind=kind,
        title=text,
        status=status,
        mode="anonymous",
        revealed=revealed,
        live=False,
        round=1,
        config=config,
        stage=logic.stages[0] if logic.stages else None,
        options=options,
        entries=written if logic.moderated else (),
        answered=people,
        result=result if revealed else None,
        tables=result if revealed and people > 30 else None,
        hands=result if revealed and people > 30 else None,
    )


def _imagined(
    logic: Activity, config: Any, options: tuple[EntryView, ...], rng: Random
) -> dict[str, Any]:
    stage = logic.stages[0] if logic.stages else None
    data = logic.imagine(Seen(config, options, stage=stage), rng)
    assert data is not None, "there is something to say at the beginning"
    return data


def with_text(data: dict[str, Any], text: str) -> dict[str, Any]:
    """Where people write, they write this, as long as they may."""
    return {**data, "text": text[:40].replace(",", " ")} if "text" in data else data


def configured(kind: str, text: str = "ord") -> tuple[Any, tuple[EntryView, ...]]:
    logic = KINDS[kind]
    options = tuple(
        EntryView(f"option-{n}", f"{text} {n}"[:300], position=f"a{n}") for n in range(4)
    )
    return logic.Config(), options if logic.asks_options else ()


def imagined(
    kind: str, people: int, rng: Random
) -> tuple[Any, tuple[EntryView, ...], list[Change]]:
    logic = KINDS[kind]
    config, options = configured(kind)
    entries = {option.id: option for option in options}
    changes = []
    for number in range(people):
        data = _imagined(logic, config, options, rng)
        change, known = accepted(logic, config, options, data, key=f"ballot {number}")
        entries |= {entry.id: entry for entry in known}
        changes.append(change)
    return config, tuple(entries.values()), changes


def accepted(
    logic: Activity,
    config: Any,
    options: Sequence[EntryView],
    data: Mapping[str, Any],
    *,
    key: str = "ballot",
) -> tuple[Change, list[EntryView]]:
    """What a submission changes, and every entry that is there afterwards."""
    submission = logic.Submission.model_validate(dict(data))
    known = {option.id: option for option in options}
    state = BallotState(ACTIVITY, key, logic.stages[0] if logic.stages else None, known)
    change = logic.accept(config, state, submission)
    return change, [*options, *(EntryView(e.id, e.text, e.state) for e in change.entries)]


def counts(changes: Sequence[Change]) -> tally.Figures:
    rows = [(entry, value, 1) for change in changes for entry, value in change.marks]
    return tally.figures(len(changes), rows)


def a_room() -> RoomSnapshot:
    return RoomSnapshot(
        id="01a20f34-8697-7343-85b3-c13bfec13901",
        kickoff_id="01a20f34-8697-7343-85b3-c13bfec13902",
        kickoff_title="Kurs 2027",
        vision="",
        day="2027-01-14",
        venue="",
        time_zone="Europe/Oslo",
        name="Fyrsalen",
        code="ABC234",
        join_url="http://127.0.0.1:8000/j/secret/",
        join_host="127.0.0.1:8000",
        spoken_word="fyr",
        status="live",
        locked=False,
        screen="",
        epoch="epoch",
        revision=7,
        control=3,
        participants=37,
    )
