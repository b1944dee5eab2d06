"""Who is responsible for which part of the plan, and what is still open in it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import OUTCOME, Fields, Id, Meta, Ordered, Prose, foreign


class Part(StrEnum):
    """What the plan is made of, by the names of operations/entities."""

    TEAMS = "teams"
    PEOPLE = "people"
    GROUPS = "groups"
    AGENDA_BLOCKS = "agenda-blocks"
    GOALS = "goals"
    KPIS = "kpis"
    RISKS = "risks"
    DELIVERABLES = "deliverables"
    ACTIONS = "actions"
    DECISIONS = "decisions"
    ASSUMPTIONS = "assumptions"
    STRATEGIC_MOVES = "strategic-moves"
    FOCUS_AREAS = "focus-areas"
    INITIATIVES = "initiatives"
    MILESTONES = "milestones"
    PILOTS = "pilots"
    CAUSE_EFFECT_LINKS = "cause-effect-links"
    READINGS = "readings"
    SEGMENTS = "segments"
    STAKEHOLDERS = "stakeholders"
    NARRATIVES = "narratives"
    SUPPORTING_POINTS = "supporting-points"
    THEMES = "themes"
    THEME_PAGES = "theme-pages"
    MESSAGES = "messages"
    CONSEQUENCES = "consequences"
    FAQ = "faq"
    GLOSSARY = "glossary"
    CHANNELS = "channels"
    COMMUNICATION_STEPS = "communication-steps"
    SPONSORS = "sponsors"
    APPEARANCES = "appearances"
    AMBASSADORS = "ambassadors"
    DRY_RUNS = "dry-runs"
    CASES = "cases"
    CASE_EFFECTS = "case-effects"
    RACI = "raci"
    OBJECTIVES = "objectives"
    KEY_RESULTS = "key-results"
    CHECK_INS = "check-ins"


PARTS = (
    ("teams", mark("Teams")),
    ("people", mark("People")),
    ("groups", mark("Groups")),
    ("agenda-blocks", mark("Agenda blocks")),
    ("goals", mark("Goals")),
    ("kpis", mark("KPIs")),
    ("risks", mark("Risks and opportunities")),
    ("deliverables", mark("Deliverables")),
    ("actions", mark("Actions")),
    ("decisions", mark("Decisions")),
    ("assumptions", mark("Assumptions")),
    ("strategic-moves", mark("Strategic moves")),
    ("focus-areas", mark("Focus areas")),
    ("initiatives", mark("Initiatives")),
    ("milestones", mark("Milestones")),
    ("pilots", mark("Pilots")),
    ("cause-effect-links", mark("Causes and effects")),
    ("readings", mark("Readings")),
    ("segments", mark("Segments")),
    ("stakeholders", mark("Stakeholders")),
    ("narratives", mark("The narrative")),
    ("supporting-points", mark("Supporting points")),
    ("themes", mark("Themes")),
    ("theme-pages", mark("Theme pages")),
    ("messages", mark("Core messages")),
    ("consequences", mark("Consequences for audiences")),
    ("faq", mark("FAQ")),
    ("glossary", mark("Glossary")),
    ("channels", mark("Channels")),
    ("communication-steps", mark("Communication steps")),
    ("sponsors", mark("Sponsors")),
    ("appearances", mark("Appearances")),
    ("ambassadors", mark("Ambassadors")),
    ("dry-runs", mark("Dry runs")),
    ("cases", mark("Cases")),
    ("case-effects", mark("Effects of cases")),
    ("raci", mark("RACI")),
    ("objectives", mark("Objectives")),
    ("key-results", mark("Key results")),
    ("check-ins", mark("Check-ins")),
)


class State(StrEnum):
    OPEN = "open"
    DONE = "done"


STATES = (("open", mark("Still open")), ("done", mark("In place")))
TONES = (("open", "yellow"), ("done", "green"))


class ResponsibilityFields(Fields):
    part: Annotated[Part, Meta("Part of the plan", "", "select", choices=PARTS)] = Field(
        sa_type=String(40)
    )
    person_id: Annotated[
        Id | None, Meta("In charge", "Who sees to it that this part is in place.", "person")
    ] = foreign("person.id", default=None)
    due: Annotated[date | None, Meta("Due", "When it is to be in place.", "date")] = None
    state: Annotated[State, Meta("State", "", "select", OUTCOME, choices=STATES, tones=TONES)] = (
        Field(default=State.OPEN, sa_type=String(10))
    )
    note: Annotated[
        Prose, Meta("What is left", "What is missing, or waits for somebody.", "area", OUTCOME)
    ] = ""


class Responsibility(ResponsibilityFields, Ordered, table=True):
    __tablename__ = "responsibility"
