"""The whole check: every rule by its section, what they say of a plan, and how ready it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.rules.plan_check import agenda, delivery, direction, follow_up, judgement, people, story
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.measures import MET, NOT_BEGUN, SHORT
from app.rules.plan_check.rule import PHASES, Checked, Rule

# In the order in which a plan is worked through.
SECTIONS: dict[str, tuple[Rule, ...]] = {
    "direction": direction.RULES,
    "portfolio": delivery.PORTFOLIO,
    "people": people.RULES,
    "judgement": judgement.RULES,
    "delivery": delivery.DELIVERY,
    "story": story.STORY,
    "communication": story.COMMUNICATION,
    "order": agenda.ORDER,
    "agenda": agenda.AGENDA,
    "day": follow_up.ON_THE_DAY_ITSELF,
    "follow_up": follow_up.FOLLOW_UP,
}


@dataclass(frozen=True)
class Readiness:
    """How many checks are in each state."""

    met: int = 0
    short: int = 0
    not_begun: int = 0

    @property
    def all(self) -> int:
        return self.met + self.short + self.not_begun

    @property
    def share(self) -> float:
        """0 to 1. Of nothing there is nothing left to do."""
        return self.met / self.all if self.all else 1.0

    @property
    def per_cent(self) -> int:
        """Rounded down: 100 is said when everything is met."""
        return 100 * self.met // self.all if self.all else 100


def plan_check(facts: Facts) -> tuple[Checked, ...]:
    """What every rule says of the plan. It advises; nothing is refused."""
    return tuple(
        _checked(rule, section, facts) for section, rules in SECTIONS.items() for rule in rules
    )


def readiness(checks: Iterable[Checked]) -> Readiness:
    states = [check.state for check in checks]
    return Readiness(states.count(MET), states.count(SHORT), states.count(NOT_BEGUN))


def by_phase(checks: Iterable[Checked]) -> dict[str, Readiness]:
    checks = tuple(checks)
    return {phase: readiness(one for one in checks if one.phase == phase) for phase in PHASES}


def of_part(checks: Iterable[Checked], part: str) -> tuple[Checked, ...]:
    """What is mended in one part of the plan."""
    return tuple(check for check in checks if check.part == part)


def _checked(rule: Rule, section: str, facts: Facts) -> Checked:
    told = rule.measure(facts)
    return Checked(
        id=rule.id,
        section=section,
        phase=rule.phase,
        part=rule.part,
        state=told.state,
        have=told.have,
        want=told.want,
        findings=told.findings,
    )
