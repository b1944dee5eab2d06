"""What came of a pulse's waves: figures from the answers, counted in the database.

Only of waves that are settled: until then nobody is told anything but how many have answered. Of
groups there is what was written down when the wave was settled, and nothing else can be asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.pulse_waves import DIMENSIONS, PulseAnswer, PulseTally, PulseText, PulseWave
from app.models.pulses import VALUES, Form
from app.operations.pulse_waves import waves_of
from app.rules.pulse_figures import Figures, Flag, figures, flags
from app.rules.pulse_groups import MINIMUM

Counts = dict[int, int]


@dataclass(frozen=True)
class QuestionResult:
    """A question of a wave. `trend`: its level in each settled wave so far, None where it was not
    asked in this form, or too few answered. `before`: its figures the last time."""

    id: str
    text: str
    theme: str
    form: str
    figures: Figures | None
    before: Figures | None
    flags: tuple[Flag, ...]
    trend: tuple[tuple[int, Figures | None], ...] = ()
    groups: tuple[tuple[str, Figures], ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class WaveResult:
    """`labels`: the groups of the dimension that was asked for, of which something is told."""

    wave: PulseWave
    waves: tuple[PulseWave, ...]
    questions: tuple[QuestionResult, ...] = ()
    by: str = ""
    labels: tuple[str, ...] = field(default=())

    @property
    def enough(self) -> bool:
        return (self.wave.answered or 0) >= MINIMUM


def results(
    session: Session, pulse_id: str, *, number: int | None = None, by: str = ""
) -> WaveResult | None:
    """A settled wave's figures, the last one's if none is named; None where there is none yet."""
    waves = [one for one in session.scalars(waves_of(pulse_id)) if one.settled_at is not None]
    shown = next((one for one in reversed(waves) if number in (None, one.number)), None)
    if shown is None:
        return None
    until = [one for one in waves if one.number <= shown.number and not _too_few(one)]
    counts = _counts(session, until)
    of_groups = _of_groups(session, shown.id, by) if by in DIMENSIONS else {}
    texts = {} if _too_few(shown) else _texts(session, shown.id)
    questions = [_question(asked, until, shown, counts) for asked in shown.asked]
    return WaveResult(
        wave=shown,
        waves=tuple(waves),
        questions=tuple(
            _with(one, of_groups.get(one.id, {}), texts.get(one.id, ())) for one in questions
        ),
        by=by,
        labels=tuple(sorted({label for each in of_groups.values() for label in each})),
    )


def _too_few(wave: PulseWave) -> bool:
    return (wave.answered or 0) < MINIMUM


def _counts(session: Session, waves: Sequence[PulseWave]) -> Mapping[tuple[str, str], Counts]:
    """How often each value was answered, by wave and question: all waves in one look."""
    wanted = (
        select(PulseAnswer.wave_id, PulseAnswer.question_id, PulseAnswer.value, func.count())
        .where(col(PulseAnswer.wave_id).in_([wave.id for wave in waves]))
        .group_by(col(PulseAnswer.wave_id), col(PulseAnswer.question_id), col(PulseAnswer.value))
    )
    found: dict[tuple[str, str], Counts] = defaultdict(dict)
    for wave_id, question_id, value, count in session.execute(wanted):
        found[wave_id, question_id][value] = count
    return found


def _of_groups(session: Session, wave_id: str, by: str) -> dict[str, dict[str, Counts]]:
    """By question and label."""
    wanted = select(PulseTally).where(PulseTally.wave_id == wave_id, PulseTally.dimension == by)
    found: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
    for one in session.scalars(wanted):
        found[one.question_id][one.label][one.value] = one.count
    return found


def _texts(session: Session, wave_id: str) -> dict[str, tuple[str, ...]]:
    """In the order of their ids, which is none."""
    wanted = select(PulseText.question_id, PulseText.text).where(PulseText.wave_id == wave_id)
    found: dict[str, tuple[str, ...]] = {}
    for question_id, text in session.execute(wanted.order_by(col(PulseText.id))):
        found[question_id] = (*found.get(question_id, ()), text)
    return found


def _question(
    asked: Mapping[str, Any],
    until: Iterable[PulseWave],
    shown: PulseWave,
    counts: Mapping[tuple[str, str], Counts],
) -> QuestionResult:
    form = Form(asked["form"])
    trend = tuple(
        (wave.number, _figures(form, counts.get((wave.id, asked["id"]), {})))
        for wave in until
        if any(one["id"] == asked["id"] and one["form"] == form for one in wave.asked)
    )
    now = next((found for number, found in trend if number == shown.number), None)
    earlier = [found for number, found in trend if number < shown.number and found]
    before = earlier[-1] if earlier else None
    return QuestionResult(
        id=asked["id"],
        text=asked["text"],
        theme=asked["theme"],
        form=form,
        figures=now,
        before=before,
        flags=flags(now, before) if now else (),
        trend=trend,
    )


def _with(
    one: QuestionResult, groups: Mapping[str, Counts], texts: tuple[str, ...]
) -> QuestionResult:
    told = [(label, _figures(Form(one.form), counts)) for label, counts in sorted(groups.items())]
    return replace(one, groups=tuple((label, found) for label, found in told if found), texts=texts)


def _figures(form: Form, counts: Counts) -> Figures | None:
    return None if form == Form.TEXT else figures(VALUES[form], counts, form)
