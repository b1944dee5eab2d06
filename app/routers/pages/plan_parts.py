"""The parts of the plan: each entity's pages, what its empty table says, and its section."""

from dataclasses import dataclass

from app.i18n import mark
from app.operations.entities import (
    ACTIONS,
    AMBASSADORS,
    APPEARANCES,
    ASSUMPTIONS,
    CASE_EFFECTS,
    CASES,
    CAUSE_EFFECT_LINKS,
    CHANNELS,
    CHECK_INS,
    COMMUNICATION_STEPS,
    CONSEQUENCES,
    DECISIONS,
    DELIVERABLES,
    DRY_RUNS,
    FAQ,
    FOCUS_AREAS,
    GOALS,
    INITIATIVES,
    KEY_RESULTS,
    KPIS,
    LEARNINGS,
    MESSAGES,
    MILESTONES,
    NARRATIVES,
    OBJECTIVES,
    PILOTS,
    RACI,
    READINGS,
    RISKS,
    SEGMENTS,
    SPONSORS,
    STAKEHOLDERS,
    STRATEGIC_MOVES,
    SUPPORTING_POINTS,
    TERMS,
    THEME_PAGES,
    THEMES,
    Entity,
)
from app.routers.pages.beside import beside_form_of, smart_as_typed
from app.routers.pages.guidance import GUIDANCE
from app.routers.pages.guidance.guidance import Guidance
from app.routers.pages.records import AsTyped, Empty, RecordPages, Section, says_nothing

TAB = "plan"


@dataclass(frozen=True)
class Part(RecordPages):
    """A part of the plan, with how it is written beside it."""

    guidance: Guidance | None = None


def _part(
    section: Section,
    entity: Entity,
    path: str,
    title: str,
    text: str,
    icon: str,
    *,
    as_typed: AsTyped = says_nothing,
) -> RecordPages:
    made = Part(
        entity,
        path,
        empty=Empty(title, text, icon),
        tab=TAB,
        section=section,
        also_in_form=beside_form_of(path),
        as_typed=as_typed,
        guidance=GUIDANCE[entity.name],
    )
    section.parts.append(made)
    return made


DIRECTION = Section("direction", mark("Direction"))
PORTFOLIO = Section("portfolio", mark("Focus and portfolio"))
DELIVERY = Section("delivery", mark("Delivery"))
PEOPLE = Section("people", mark("Whom it concerns"))
STORY = Section("story", mark("The story"))
COMMUNICATION = Section("communication", mark("Communication"))
JUDGEMENT = Section("judgement", mark("Risks and choices"))
SECTIONS = (DIRECTION, PORTFOLIO, DELIVERY, PEOPLE, STORY, COMMUNICATION, JUDGEMENT)

_part(
    DIRECTION,
    GOALS,
    "goals",
    mark("No goals yet"),
    mark("Three to five goals carry the day. Say for each what is so when it is met."),
    "target",
    as_typed=smart_as_typed,
)
_part(
    DIRECTION,
    STRATEGIC_MOVES,
    "strategic-moves",
    mark("No strategic moves yet"),
    mark("Two for each goal: what you do differently from now on."),
    "move-up-right",
)
_part(
    DIRECTION,
    KPIS,
    "kpis",
    mark("No KPIs yet"),
    mark("One to three figures for each sub-goal, with where they are and should be."),
    "gauge",
)
_part(
    DIRECTION,
    READINGS,
    "readings",
    mark("No readings yet"),
    mark("What the KPIs stood at on a day. Two of them make a trend."),
    "chart-line",
)
_part(
    DIRECTION,
    CAUSE_EFFECT_LINKS,
    "cause-effect-links",
    mark("No causes and effects yet"),
    mark("What leads to what: the arrows of the strategy map."),
    "git-branch",
)
_part(
    PORTFOLIO,
    FOCUS_AREAS,
    "focus-areas",
    mark("No focus areas yet"),
    mark("Three, in order, each with a reason: what comes first when there is not time for all."),
    "crosshair",
)
_part(
    PORTFOLIO,
    INITIATIVES,
    "initiatives",
    mark("No initiatives yet"),
    mark("What is set going, whose people it takes, and what it depends on."),
    "rocket",
)
_part(
    PORTFOLIO,
    PILOTS,
    "pilots",
    mark("No pilots yet"),
    mark("An initiative tried small, with one note of what was learnt and decided."),
    "flask-conical",
)
_part(
    DELIVERY,
    DELIVERABLES,
    "deliverables",
    mark("No deliverables yet"),
    mark("What is handed over, by one named owner, and when anybody can say it is done."),
    "package",
)
_part(
    DELIVERY,
    RACI,
    "raci",
    mark("No roles yet"),
    mark("For each deliverable who does it, who answers for it, who is asked and who is told."),
    "table-2",
)
_part(
    DELIVERY,
    MILESTONES,
    "milestones",
    mark("No milestones yet"),
    mark("What is reached by day 30, 60 and 90, and how anybody can see it."),
    "milestone",
)
_part(
    DELIVERY,
    ACTIONS,
    "actions",
    mark("No actions yet"),
    mark("Who does what by when. The room makes them of obstacles and cards; so can you."),
    "list-checks",
)
_part(
    DELIVERY,
    LEARNINGS,
    "learnings",
    mark("Nothing learnt yet"),
    mark("What deviated, why, and what is done otherwise now. The weekly review writes it."),
    "notebook-pen",
)
_part(
    DELIVERY,
    OBJECTIVES,
    "objectives",
    mark("No objectives yet"),
    mark("Three to five for each team, drafted before the day or on it."),
    "goal",
)
_part(
    DELIVERY,
    KEY_RESULTS,
    "key-results",
    mark("No key results yet"),
    mark("Two to four for each objective: what is measured, from what to what."),
    "ruler",
)
_part(
    DELIVERY,
    CHECK_INS,
    "check-ins",
    mark("No check-ins yet"),
    mark("What each key result stands at, and how sure its owner is: fifteen seconds a week."),
    "activity",
)
_part(
    PEOPLE,
    STAKEHOLDERS,
    "stakeholders",
    mark("No stakeholders yet"),
    mark("Who is affected, what they need, and how they are involved before, during and after."),
    "users-round",
)
_part(
    PEOPLE,
    SEGMENTS,
    "segments",
    mark("No segments yet"),
    mark("Leaders, teams, partners: what each of them expects."),
    "layers",
)
_part(
    PEOPLE,
    SPONSORS,
    "sponsors",
    mark("No sponsors yet"),
    mark("Who stands behind it, and what they commit to after the day."),
    "megaphone",
)
_part(
    PEOPLE,
    APPEARANCES,
    "appearances",
    mark("No appearances yet"),
    mark("Where and when the sponsors are seen, in plenary and in groups."),
    "calendar-check",
)
_part(
    PEOPLE,
    AMBASSADORS,
    "ambassadors",
    mark("No ambassadors yet"),
    mark("Five to seven from key functions, trained in messages, FAQ and a 3-minute pitch."),
    "hand-heart",
)
_part(
    PEOPLE,
    DRY_RUNS,
    "dry-runs",
    mark("No dry runs yet"),
    mark("45 minutes in which middle managers rehearse, hard questions included."),
    "repeat",
)
_part(
    STORY,
    NARRATIVES,
    "narratives",
    mark("No narrative yet"),
    mark("One story at three levels: the organisation, my team, my role."),
    "book-open",
)
_part(
    STORY,
    SUPPORTING_POINTS,
    "supporting-points",
    mark("No supporting points yet"),
    mark("Three that bear the narrative."),
    "columns-3",
)
_part(
    STORY,
    THEMES,
    "themes",
    mark("No themes yet"),
    mark("What the day is about, with one page and three core messages each."),
    "shapes",
)
_part(
    STORY,
    THEME_PAGES,
    "theme-pages",
    mark("No theme pages yet"),
    mark("One page for each theme, readable from the back row."),
    "presentation",
)
_part(
    STORY,
    MESSAGES,
    "messages",
    mark("No core messages yet"),
    mark("Three for each theme, three to five in all: sentences that people can repeat."),
    "quote",
)
_part(
    STORY,
    CONSEQUENCES,
    "consequences",
    mark("No consequences yet"),
    mark("What a core message means for an audience: its role, its process, its priorities."),
    "arrow-right-left",
)
_part(
    STORY,
    CASES,
    "cases",
    mark("No cases yet"),
    mark("Three that tie the strategy to daily tasks, one of them a customer journey."),
    "briefcase",
)
_part(
    STORY,
    CASE_EFFECTS,
    "case-effects",
    mark("Nothing recorded yet"),
    mark("At day 30, 60 and 90: what has changed for the customer, in time and in quality."),
    "trending-up",
)
_part(
    STORY,
    FAQ,
    "faq",
    mark("No questions yet"),
    mark("The critical questions, each with the one answer that everybody gives."),
    "circle-question-mark",
)
_part(
    STORY,
    TERMS,
    "glossary",
    mark("No terms yet"),
    mark("What goal, strategy, action and KPI mean here, with an example."),
    "book-a",
)
_part(
    COMMUNICATION,
    CHANNELS,
    "channels",
    mark("No channels yet"),
    mark("Town hall, e-mail, intranet, social media: where it is said, and whom it reaches."),
    "radio",
)
_part(
    COMMUNICATION,
    COMMUNICATION_STEPS,
    "communication-steps",
    mark("No communication steps yet"),
    mark("What is said at the kickoff and at day 30, 60 and 90, and how it went."),
    "send",
)
_part(
    JUDGEMENT,
    RISKS,
    "risks",
    mark("No risks and no opportunities yet"),
    mark("What may happen, how likely and how serious, and who does what about it."),
    "shield-alert",
)
_part(
    JUDGEMENT,
    DECISIONS,
    "decisions",
    mark("No decisions yet"),
    mark("They are written down as they fall, and superseded rather than removed."),
    "gavel",
)
_part(
    JUDGEMENT,
    ASSUMPTIONS,
    "assumptions",
    mark("No assumptions yet"),
    mark("What the plan takes for granted, and by when somebody has looked."),
    "lightbulb",
)
