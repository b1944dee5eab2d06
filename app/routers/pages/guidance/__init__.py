"""Guidance beside each part of the plan, in plain language, by the entity's name."""

from app.routers.pages.guidance import (
    communication,
    delivery,
    direction,
    judgement,
    people,
    portfolio,
    story,
)
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE: dict[str, Guidance] = {
    name: guidance
    for section in (direction, portfolio, delivery, people, story, communication, judgement)
    for name, guidance in section.GUIDANCE.items()
}
