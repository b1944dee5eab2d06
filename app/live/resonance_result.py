"""What a resonance pulse (L12) comes to, as views and programs are told it, and what of it is low,
has fallen, and is to be reworded. What attendees send is the kind's: `activities/resonance`."""

from collections.abc import Mapping, Sequence

from app.live import plan_options
from app.live.activity import BaseResult, EntryView, Model
from app.live.snapshot import ActivityView
from app.models.activities import EntryState
from app.rules import resonance
from app.rules.pulse_figures import Figures as Judgement
from app.rules.pulse_figures import Flag
from app.rules.resonance import RECOMMEND, STATEMENTS, Judged
from app.rules.tally import Figures

MOST_SHOWN = 100  # of what was written


class ValueCount(Model):
    value: int
    count: int


class Answered(Model):
    """A statement, or a message by its option's id. `level` is 0 to 100."""

    name: str
    mean: float
    level: float
    counts: list[ValueCount]

    @property
    def most(self) -> int:
        return max([each.count for each in self.counts], default=0) or 1


class Recommended(Model):
    score: int
    promoters: int
    passives: int
    detractors: int
    counts: list[ValueCount]


class OfTeam(Model):
    """One that may be told."""

    team: str
    answered: int
    goals: float
    belief: float
    role: float
    nps: int


class Written(Model):
    id: str
    text: str


class ResonanceResult(BaseResult):
    """`statements` and `nps` are empty where too few have answered."""

    statements: list[Answered]
    nps: Recommended | None
    messages: list[Answered]
    teams: list[OfTeam]  # once it is closed, the lowest first
    texts: list[Written]
    more: int = 0  # of texts, beyond what is shown


def result_of(entries: Sequence[EntryView], figures: Figures) -> ResonanceResult:
    options = [entry for entry in entries if entry.position]
    # By id, which is random: the order says nothing about when or by whom.
    visible = sorted(
        (e for e in entries if not e.position and e.state == EntryState.VISIBLE),
        key=lambda entry: entry.id,
    )
    return ResonanceResult(
        answered=figures.answered,
        statements=[one for name in STATEMENTS if (one := _answered(name, figures))],
        nps=_recommended(figures),
        messages=[one for option in options if (one := _answered(option.id, figures))],
        teams=_teams(figures),
        texts=[Written(id=entry.id, text=entry.text) for entry in visible[:MOST_SHOWN]],
        more=max(0, len(visible) - MOST_SHOWN),
    )


def fallen(activity: ActivityView) -> Judged:
    """Statements and the recommendation that are low, or lower than last time."""
    return resonance.judged(_levels(activity), _levels(activity.previous))


def to_reword(activity: ActivityView) -> list[tuple[EntryView, tuple[Flag, ...]]]:
    """The options that are behind it, and why."""
    found = resonance.to_reword(_clarity(activity), _clarity_before(activity), fallen(activity))
    options = {option.id: option for option in activity.options}
    return [(options[name], why) for name, why in found.items() if name in options]


def before(activity: ActivityView, name: str) -> float | None:
    """The mean of a statement, or of a message, last time."""
    found = {**_levels(activity.previous), **_clarity_before(activity)}.get(name)
    return round(found.mean, 4) if found else None


def _answered(name: str, figures: Figures) -> Answered | None:
    found = resonance.figures_of(name, figures.by_value(name))
    if found is None:
        return None
    counts = [ValueCount(value=value, count=count) for value, count in found.values]
    return Answered(
        name=name, mean=round(found.mean, 4), level=round(found.level, 4), counts=counts
    )


def _recommended(figures: Figures) -> Recommended | None:
    counts = figures.by_value(RECOMMEND)
    found = resonance.promoters(counts)
    if found is None or resonance.figures_of(RECOMMEND, counts) is None:
        return None
    return Recommended(
        score=found.score,
        promoters=found.promoters,
        passives=found.passives,
        detractors=found.detractors,
        counts=[ValueCount(value=n, count=counts.get(n, 0)) for n in resonance.LIKELIHOOD],
    )


def _teams(figures: Figures) -> list[OfTeam]:
    found = []
    for team, counts in figures.teams.items():
        of_team = Figures(0, counts)
        told = {
            name: resonance.figures_of(name, of_team.by_value(name))
            for name in (*STATEMENTS, RECOMMEND)
        }
        if all(told.values()):
            found.append(_of_team(team, {name: one for name, one in told.items() if one}))
    return sorted(found, key=lambda one: (one.goals + one.belief + one.role, one.team))


def _of_team(team: str, told: Mapping[str, Judgement]) -> OfTeam:
    means = {name: round(told[name].mean, 4) for name in STATEMENTS}
    return OfTeam(
        team=team, answered=told[RECOMMEND].answered, nps=told[RECOMMEND].score or 0, **means
    )


def _levels(activity: ActivityView | None) -> dict[str, Judgement]:
    result = activity.result if activity else None
    if not isinstance(result, ResonanceResult):
        return {}
    told = {one.name: one.counts for one in result.statements}
    if result.nps:
        told[RECOMMEND] = result.nps.counts
    return _judged_again(told)


def _clarity(activity: ActivityView | None) -> dict[str, Judgement]:
    result = activity.result if activity else None
    if not isinstance(result, ResonanceResult):
        return {}
    return _judged_again({one.name: one.counts for one in result.messages})


def _clarity_before(activity: ActivityView) -> dict[str, Judgement]:
    """By the option of now: last time's of the same record, or in the same words."""
    before = activity.previous
    if before is None:
        return {}
    told = _clarity(before)
    known = {_what(option): told[option.id] for option in before.options if option.id in told}
    return {o.id: known[_what(o)] for o in activity.options if _what(o) in known}


def _what(option: EntryView) -> str:
    return str((option.data or {}).get(plan_options.RECORD) or option.text.casefold())


def _judged_again(told: Mapping[str, Sequence[ValueCount]]) -> dict[str, Judgement]:
    found = {
        name: resonance.figures_of(name, {each.value: each.count for each in counts})
        for name, counts in told.items()
    }
    return {name: one for name, one in found.items() if one is not None}
