"""A stored goal as the rules of SMART read it."""

from app.models.goals import Goal
from app.rules.smart import Stated


def stated(goal: Goal) -> Stated:
    return Stated(
        title=goal.title,
        specific=goal.specific,
        measurable=goal.measurable,
        achievable=goal.achievable,
        relevant=goal.relevant,
        has_owner=goal.owner_id is not None,
        has_date=goal.due is not None,
    )
