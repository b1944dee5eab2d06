"""What stands beside a part of the plan: what it is for, the method's figure, and examples."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guidance:
    """All of it message ids; the last three are examples from there."""

    purpose: str
    figure: str
    customer: str
    product: str
    operations: str
