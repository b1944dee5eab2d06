"""The goal tree (P2): vision → strategic goals → sub-goals → the actions that serve them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, select

from app.i18n import gettext, mark, ngettext
from app.models.actions import Action, actions_of
from app.models.deliverables import Deliverable
from app.models.goals import GOAL_KINDS, Goal, goals_of
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.operations.entities import PEOPLE
from app.pictures.boxes import MOST_DRAWN, boxed, on_one_line
from app.pictures.hung import WIDTH, Hung, Node, hung
from app.pictures.names import names_of
from app.pictures.picture import Picture
from app.pictures.tones import tones_of
from app.rendering import day
from app.rules import smart
from app.rules.folding import shown_of_each

VISION, STRATEGIC, SUB_GOAL, ACTION = "vision", "strategic", "sub_goal", "action"
KICKOFF = "kickoff"  # the vision that the kickoff itself has, where no goal says it
_FLOORS = {KICKOFF: 0, VISION: 0, STRATEGIC: 1, SUB_GOAL: 2}


@dataclass(frozen=True)
class GoalTree:
    """`untied` actions serve no goal."""

    hung: Hung
    untied: int


def goal_tree(session: Session, kickoff: Kickoff) -> GoalTree:
    goals = session.scalars(goals_of(kickoff.id)).all()
    actions = session.scalars(actions_of(kickoff.id)).all()
    owners = names_of(session, PEOPLE, kickoff.id)
    nodes = _goals(goals, owners)
    if kickoff.vision and not any(goal.level == VISION for goal in goals):
        nodes = _under_the_vision(kickoff, nodes)
    tones = tones_of(goals)
    served = _served(session, kickoff.id, actions)
    of_goals = [
        (action, goal) for action, goal in zip(actions, served, strict=True) if goal in tones
    ]
    nodes += _actions(of_goals, tones, owners, most=MOST_DRAWN - len(nodes))
    untied = sum(goal not in tones for goal in served)
    return GoalTree(hung(nodes, _FLOORS, last=ACTION), untied)


def _served(session: Session, kickoff_id: str, actions: Sequence[Action]) -> list[str]:
    """The goal that each action serves: its deliverable's, or its own or that one's KPI's."""
    of_kpis = select(Kpi.id, Kpi.goal_id).where(Kpi.kickoff_id == kickoff_id)
    goal_of = dict(session.exec(of_kpis).all())
    wanted = select(Deliverable.id, Deliverable.goal_id, Deliverable.kpi_id)
    rows = session.exec(wanted.where(Deliverable.kickoff_id == kickoff_id)).all()
    goal_of |= {id: goal_id or goal_of.get(kpi_id or "") for id, goal_id, kpi_id in rows}
    return [
        goal_of.get(action.deliverable_id or "") or goal_of.get(action.kpi_id or "") or ""
        for action in actions
    ]


def _goals(goals: Sequence[Goal], owners: Mapping[str, str]) -> list[Node]:
    tones = tones_of(goals)
    return [_goal(goal, tones, owners) for goal in goals]


def _goal(goal: Goal, tones: Mapping[str, str], owners: Mapping[str, str]) -> Node:
    is_vision = goal.level == VISION
    kind = "" if is_vision else gettext(dict(GOAL_KINDS)[goal.kind])
    about = _about(kind, _owner(goal.owner_id, owners), _day(goal.due))
    criteria = () if is_vision else smart.criteria(_stated(goal))
    return Node(
        id=goal.id,
        kind=goal.level,
        title=goal.title,
        box=boxed(goal.title, width=WIDTH, small=about, foot=not is_vision),
        above=goal.parent_id if goal.parent_id in tones else None,
        tone=tones[goal.id],
        about=about,
        criteria=tuple((one.code, one.is_met) for one in criteria),
    )


def _stated(goal: Goal) -> smart.Stated:
    return smart.Stated(
        title=goal.title,
        specific=goal.specific,
        measurable=goal.measurable,
        achievable=goal.achievable,
        relevant=goal.relevant,
        has_owner=goal.owner_id is not None,
        has_date=goal.due is not None,
    )


def _under_the_vision(kickoff: Kickoff, nodes: Sequence[Node]) -> list[Node]:
    """The strategic goals that hang on nothing serve the vision that the kickoff has."""
    vision = Node(KICKOFF, KICKOFF, kickoff.vision, boxed(kickoff.vision, width=WIDTH))
    return [
        vision,
        *(
            replace(node, above=KICKOFF) if node.kind == STRATEGIC and not node.above else node
            for node in nodes
        ),
    ]


def _actions(
    of_goals: Sequence[tuple[Action, str]],
    tones: Mapping[str, str],
    owners: Mapping[str, str],
    *,
    most: int,
) -> Iterator[Node]:
    """The actions of each goal; if there are more than can be seen, then its first ones and how
    many more."""
    counts = Counter(goal for _, goal in of_goals)
    shown = shown_of_each(counts, most)
    drawn = Counter[str]()
    for action, goal in of_goals:
        if drawn[goal] < shown[goal]:
            drawn[goal] += 1
            yield _action(action, goal, tones[goal], owners)
    for goal, count in counts.items():
        if left := count - shown[goal]:
            yield _folded(goal, tones[goal], left)


def _folded(goal_id: str, tone: str, count: int) -> Node:
    title = ngettext("and %(num)s more", "and %(num)s more", count) % {"num": count}
    box = boxed(title, width=WIDTH)
    return Node(f"more-{goal_id}", ACTION, title, box, goal_id, tone, folds=count)


def _action(action: Action, goal_id: str, tone: str, owners: Mapping[str, str]) -> Node:
    about = _about(_owner(action.owner_id, owners), _day(action.due))
    box = boxed(action.title, width=WIDTH, small=about)
    return Node(action.id, ACTION, action.title, box, goal_id, tone, about)


def _about(*parts: str) -> str:
    return "\N{NO-BREAK SPACE}· ".join(part for part in parts if part)


def _owner(owner_id: str | None, owners: Mapping[str, str]) -> str:
    return owners.get(owner_id or "") or gettext("No owner yet")


def _day(due: date | None) -> str:
    return on_one_line(day(due, "medium")) if due else ""


PICTURE = Picture(
    code="goal-tree",
    name=mark("Goal tree"),
    about=mark("From the vision to what is done for it, and how well each goal is stated."),
    icon="list-tree",
    order=10,
    view=goal_tree,
)
