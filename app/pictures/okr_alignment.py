"""From goals to key results (F4): which objective serves which goal, whose it is, and how far it
is. What hangs on nothing, and a goal that nothing serves, are seen at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.i18n import gettext, mark, ngettext
from app.models.goals import Goal, GoalLevel, goals_of
from app.models.kickoffs import Kickoff
from app.operations.okr import Board, KeyResultState, ObjectiveState, board
from app.pictures.boxes import MOST_DRAWN, boxed, on_one_line
from app.pictures.hung import WIDTH, Hung, Node, hung
from app.pictures.picture import Picture
from app.pictures.tones import tones_of
from app.rendering import figure, tenths
from app.rules.folding import shown_of_each

STRATEGIC, SUB_GOAL, OBJECTIVE, KEY_RESULT = "strategic", "sub_goal", "objective", "key_result"
_FLOORS = {STRATEGIC: 0, SUB_GOAL: 1, OBJECTIVE: 2}


@dataclass(frozen=True)
class Alignment:
    """`untied` objectives serve no goal; no objective serves the `unserved` goals, each by its id
    and title, nor any goal below them."""

    hung: Hung
    untied: int
    unserved: tuple[tuple[str, str], ...]


def okr_alignment(session: Session, kickoff: Kickoff) -> Alignment:
    found = board(session, kickoff)
    every = session.scalars(goals_of(kickoff.id)).all()
    # The vision is everybody's: the tree begins with the goals beneath it.
    goals = [goal for goal in every if goal.level != GoalLevel.VISION]
    ids = {goal.id for goal in goals}
    objectives = [one for group in found.groups for one in group.objectives]
    tones = tones_of(every)
    nodes = [_goal(goal, ids, tones) for goal in goals]
    nodes += _objectives(found, ids, tones)
    nodes += _key_results(objectives, tones, most=MOST_DRAWN - len(nodes))
    served = _served(goals, {one.goal_id for one in objectives})
    return Alignment(
        hung(nodes, _FLOORS, last=KEY_RESULT),
        untied=sum(one.goal_id not in ids for one in objectives),
        unserved=tuple((goal.id, goal.title) for goal in goals if goal.id not in served),
    )


def _goal(goal: Goal, ids: set[str], tones: Mapping[str, str]) -> Node:
    return Node(
        id=goal.id,
        kind=STRATEGIC if goal.level == GoalLevel.STRATEGIC else SUB_GOAL,
        title=goal.title,
        box=boxed(goal.title, width=WIDTH),
        above=goal.parent_id if goal.parent_id in ids else None,
        tone=tones.get(goal.id, ""),
    )


def _objectives(found: Board, ids: set[str], tones: Mapping[str, str]) -> Iterator[Node]:
    for group in found.groups:
        for one in group.objectives:
            whose = on_one_line(group.name or gettext("Leadership"))
            about = _joined(whose, _scored(one.score.value))
            yield Node(
                id=one.id,
                kind=OBJECTIVE,
                title=one.title,
                box=boxed(one.title, width=WIDTH, small=about),
                above=one.goal_id if one.goal_id in ids else None,
                tone=tones.get(one.goal_id or "", ""),
                about=about,
                share=one.score.value,
            )


def _key_results(
    objectives: Sequence[ObjectiveState], tones: Mapping[str, str], *, most: int
) -> Iterator[Node]:
    """Of many the first of each objective, and how many more."""
    shown = shown_of_each({one.id: len(one.key_results) for one in objectives}, most)
    for one in objectives:
        tone = tones.get(one.goal_id or "", "")
        for key_result in one.key_results[: shown[one.id]]:
            yield _key_result(key_result, one.id, tone)
        if left := len(one.key_results) - shown[one.id]:
            title = ngettext("and %(num)s more", "and %(num)s more", left) % {"num": left}
            box = boxed(title, width=WIDTH)
            yield Node(f"more-{one.id}", KEY_RESULT, title, box, one.id, tone, folds=left)


def _key_result(one: KeyResultState, objective_id: str, tone: str) -> Node:
    about = _joined(_way(one), _scored(one.score))
    return Node(
        id=one.id,
        kind=KEY_RESULT,
        title=one.title,
        box=boxed(one.title, width=WIDTH, small=about),
        above=objective_id,
        tone=tone,
        about=about,
        share=one.score,
    )


def _way(one: KeyResultState) -> str:
    """ "57 → 70 %": where it stands now, or stood at first, and where it is to be."""
    now = one.value if one.value is not None else one.way.baseline
    if now is None or one.way.target is None:
        return ""
    unit = f" {one.unit}" if one.unit else ""
    return on_one_line(f"{figure(now)} → {figure(one.way.target)}{unit}")


def _scored(score: float | None) -> str:
    if score is None:
        return ""
    return on_one_line(gettext("score %(figure)s") % {"figure": tenths(score)})


def _joined(*parts: str) -> str:
    return "\N{NO-BREAK SPACE}· ".join(part for part in parts if part)


def _served(goals: Sequence[Goal], named: set[str | None]) -> set[str]:
    """The goals that an objective names, and all that those hang on."""
    parents = {goal.id: goal.parent_id for goal in goals}
    found: set[str] = set()
    for id in named:
        here = id
        while here is not None and here in parents and here not in found:
            found.add(here)
            here = parents[here]
    return found


PICTURE = Picture(
    code="okr-alignment",
    name=mark("From goals to key results"),
    about=mark("Which objective serves which goal, whose it is, and how far it is."),
    icon="network",
    order=95,
    view=okr_alignment,
)
