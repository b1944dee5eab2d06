"""What the plan check knows of a record: a value, and of a text mostly that it is there.

A field has its column's name. Where it is a `bool` and the column is not, it says whether somebody
has filled it in (`operations/plan_facts`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    id: str = ""
    title: str = ""
