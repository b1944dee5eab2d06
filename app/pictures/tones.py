"""The colour of each strategic goal, and of all that serves it: one for another, never alone."""

from collections.abc import Mapping, Sequence

from app.models.goals import Goal, GoalLevel

TONES = ("fjord", "birch", "sun", "heather", "slate")


def tones_of(goals: Sequence[Goal]) -> dict[str, str]:
    """By goal: the colour of the strategic goal that it is or serves, else none."""
    strategic = (goal.id for goal in goals if goal.level == GoalLevel.STRATEGIC)
    own = {id: TONES[number % len(TONES)] for number, id in enumerate(strategic)}
    parents = {goal.id: goal.parent_id for goal in goals}
    return {goal.id: _first(goal.id, own, parents) for goal in goals}


def _first(goal_id: str, own: Mapping[str, str], parents: Mapping[str, str | None]) -> str:
    here: str | None = goal_id
    for _ in parents:  # never longer than there are goals, should they be each other's parents
        if here is None or here in own:
            break
        here = parents.get(here)
    return own.get(here or "", "")
