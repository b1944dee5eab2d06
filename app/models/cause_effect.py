"""Cause and effect (P6): what leads to what, between goals, KPIs, initiatives and deliverables.

Each end of a link names exactly one record.
"""

from typing import Annotated, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.models.fields import Fields, Id, Line, Meta, OfKickoff, foreign

ENDS = ("goal", "kpi", "initiative", "deliverable")


class CauseEffectLinkFields(Fields):
    because: Annotated[Line, Meta("Because", "Why the one leads to the other.")] = ""
    cause_goal_id: Annotated[Id | None, Meta("Cause: goal", "", "goal", "cause")] = foreign(
        "goal.id", default=None, ondelete="CASCADE"
    )
    cause_kpi_id: Annotated[Id | None, Meta("Cause: KPI", "", "kpi", "cause")] = foreign(
        "kpi.id", default=None, ondelete="CASCADE"
    )
    cause_initiative_id: Annotated[
        Id | None, Meta("Cause: initiative", "", "initiative", "cause")
    ] = foreign("initiative.id", default=None, ondelete="CASCADE")
    cause_deliverable_id: Annotated[
        Id | None, Meta("Cause: deliverable", "", "deliverable", "cause")
    ] = foreign("deliverable.id", default=None, ondelete="CASCADE")
    effect_goal_id: Annotated[Id | None, Meta("Effect: goal", "", "goal", "effect")] = foreign(
        "goal.id", default=None, ondelete="CASCADE"
    )
    effect_kpi_id: Annotated[Id | None, Meta("Effect: KPI", "", "kpi", "effect")] = foreign(
        "kpi.id", default=None, ondelete="CASCADE"
    )
    effect_initiative_id: Annotated[
        Id | None, Meta("Effect: initiative", "", "initiative", "effect")
    ] = foreign("initiative.id", default=None, ondelete="CASCADE")
    effect_deliverable_id: Annotated[
        Id | None, Meta("Effect: deliverable", "", "deliverable", "effect")
    ] = foreign("deliverable.id", default=None, ondelete="CASCADE")

    @property
    def ends(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What is named at each end: (kind, id)."""

        def named(end: str) -> list[tuple[str, str]]:
            each = ((kind, getattr(self, f"{end}_{kind}_id")) for kind in ENDS)
            return [(kind, id) for kind, id in each if id]

        return named("cause"), named("effect")

    @model_validator(mode="after")
    def each_end_names_one(self) -> Self:
        cause, effect = self.ends
        if len(cause) != 1 or len(effect) != 1:
            raise PydanticCustomError(
                "one_at_each_end", "choose exactly one cause and exactly one effect"
            )
        if cause == effect:
            raise PydanticCustomError("leads_to_itself", "a cause cannot be its own effect")
        return self


class CauseEffectLink(CauseEffectLinkFields, OfKickoff, table=True):
    __tablename__ = "cause_effect_link"
