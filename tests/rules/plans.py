"""Plans for the tests of the plan check: a full one, and what a rule says of any."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from app.rules.plan_check import facts_of_day as day
from app.rules.plan_check import facts_of_work as work
from app.rules.plan_check.check import plan_check
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.rule import Checked

DAY = date(2027, 2, 3)
KICKOFF = work.KickoffFact(
    "k", "Kurs 2027", True, True, True, True, True, True, True, True, DAY, "09:00"
)
EMPTY = Facts(today=DAY, kickoff=work.KickoffFact("k", "Kurs 2027"))

STATED: dict[str, Any] = {
    "specific": "Alle som henvender seg til kundesenteret",
    "measurable": "fra 11 dager til 1",
    "achievable": "to fra salg er med",
    "relevant": "kunden slipper å vente",
    "owner_id": "p1",
    "stakeholder_ids": ["s1"],
    "due": DAY,
    "incentive": True,
}


def having(one: Any, **changed: Any) -> Any:
    """The same with this in place of what it had."""
    return replace(one, **changed)


def checked(id: str, plan: Facts | None = None, **changed: Any) -> Checked:
    """What one rule says of an empty plan (or another) with this in place of what it had."""
    facts = having(plan or EMPTY, **changed)
    return next(one for one in plan_check(facts) if one.id == id)


def state(id: str, plan: Facts | None = None, **changed: Any) -> str:
    return checked(id, plan, **changed).state


def codes(id: str, plan: Facts | None = None, **changed: Any) -> list[tuple[str, str]]:
    """(code, record) of each finding."""
    return [(found.code, found.where) for found in checked(id, plan, **changed).findings]


def goals(strategic: int, sub_goals: int = 0, **stated: Any) -> list[work.GoalFact]:
    values = {**STATED, **stated}
    above = [work.GoalFact(f"g{n}", f"Mål {n}", "strategic", **values) for n in range(strategic)]
    below = [
        work.GoalFact(f"d{n}", f"Delmål {n}", "sub_goal", parent_id="g0", **values)
        for n in range(sub_goals)
    ]
    return [*above, *below]


@cache
def full_plan() -> Facts:
    """Everything that the method asks for before the day, and nothing more."""
    three = range(3)
    return Facts(
        today=DAY,
        kickoff=KICKOFF,
        goals=goals(3, 3),
        moves=[work.MoveFact(f"m{n}{i}", "", f"g{n}") for n in three for i in range(2)],
        kpis=[work.KpiFact(f"k{n}", "", f"d{n}", True, True, True, True, True) for n in three],
        links=[work.LinkFact(f"l{n}", "", f"g{n}", None) for n in three],
        focus=[work.FocusFact(f"f{n}", "", True) for n in three],
        initiatives=[
            work.InitiativeFact("i1", "", True, "t1", DAY, DAY.replace(month=5), 2.0, True, True)
        ],
        deliverables=[
            work.DeliverableFact(f"v{n}", "", "p1", ["p2"], True, True, True, True, True)
            for n in three
        ],
        raci=[
            work.RaciFact(f"{letter}{n}", "", f"v{n}", person, letter)
            for n in three
            for letter, person in (("A", "p1"), ("R", "p2"))
        ],
        milestones=[
            work.MilestoneFact(f"ms{w}", "", w, True, True, True, True, True)
            for w in ("30", "60", "90")
        ],
        stakeholders=[
            day.StakeholderFact(f"s{side}", "", side, "high", True, True, True, True, True)
            for side in ("internal", "external")
        ],
        segments=[day.SegmentFact("seg", "", True)],
        sponsors=[day.SponsorFact("sp", "", True)],
        appearances=[
            day.AppearanceFact(f"ap{setting}", "", "sp", setting, True)
            for setting in ("plenary", "group")
        ],
        ambassadors=[
            day.AmbassadorFact(f"am{f}", "", f, True, True, True)
            for f in ("sales", "product", "operations", "hr", "other")
        ],
        dry_runs=[day.DryRunFact("dr", "", 45, True, True)],
        narratives=[
            day.NarrativeFact(f"n{level}", "", level, True, True, True)
            for level in ("organisation", "team", "role")
        ],
        points=[day.PointFact(f"sup{n}") for n in three],
        themes=[day.ThemeFact("th")],
        pages=[day.PageFact("pg", "", "th")],
        messages=[day.MessageFact(f"msg{n}", "", "th") for n in three],
        consequences=[day.ConsequenceFact("con", "", "seg", True, True)],
        cases=[
            day.CaseFact(f"c{kind}", "", kind, True, True, True, True)
            for kind in ("customer_journey", "delivery_flow", "quality_routine")
        ],
        faq=[day.FaqFact("q", "", True)],
        terms=[day.TermFact("w", "", True, True)],
        channels=[day.ChannelFact("ch", "", True, True)],
        steps=[
            day.StepFact(f"st{d}", "", d, True, True, True, True) for d in ("0", "30", "60", "90")
        ],
        risks=[
            day.RiskFact(f"r{area}", "", kind, area, True, True, True)
            for area, kind in (
                ("delivery", "risk"),
                ("capacity", "risk"),
                ("dependency", "opportunity"),
            )
        ],
        blocks=_day(),
        activities=[
            day.ActivityFact("a1", "", "b3", "choice"),
            day.ActivityFact("a2", "", "b6", "top_obstacles"),
        ],
        teams=[day.TeamFact("t1", "", 3.0)],
    )


def block(number: int, kind: str, minutes: int, **told: Any) -> day.BlockFact:
    values: dict[str, Any] = {
        "purpose": True,
        "owner_id": True,
        "customer_problem": True,
        "effect_indicator": True,
        "goal_ids": ["g0"],
        "message_ids": ["msg0", "msg1", "msg2"],
        **told,
    }
    return day.BlockFact(f"b{number}", kind, kind, minutes, **values)


def _day() -> list[day.BlockFact]:
    kinds = (
        ("opening", 15), ("keynote", 15), ("questions_and_answers", 10), ("interactive", 50),
        ("questions_and_answers", 10), ("break", 15), ("interactive", 50),
        ("questions_and_answers", 10), ("risk_discussion", 30), ("closing", 20),
    )  # fmt: skip
    return [block(number, kind, minutes) for number, (kind, minutes) in enumerate(kinds)]
