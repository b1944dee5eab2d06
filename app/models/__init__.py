"""What is stored. Importing this package registers every table."""

from app.models import (
    actions,
    activities,
    agenda,
    answers,
    assumptions,
    decisions,
    deliverables,
    goals,
    groups,
    kickoffs,
    kpis,
    organisations,
    people,
    risks,
    rooms,
)

__all__ = [
    "actions",
    "activities",
    "agenda",
    "answers",
    "assumptions",
    "decisions",
    "deliverables",
    "goals",
    "groups",
    "kickoffs",
    "kpis",
    "organisations",
    "people",
    "risks",
    "rooms",
]
