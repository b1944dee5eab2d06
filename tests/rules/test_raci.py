"""A RACI is measured against the method (P12)."""

import pytest

from app.rules.findings import Finding
from app.rules.raci import Handed, Letter, carried, raci_findings, without_letter


def letters(text: str) -> list[Letter]:
    """ "d:kari=RA d:ola=C": letters of people on deliverables."""
    made = []
    for one in text.split():
        deliverable, _, rest = one.partition(":")
        person, _, roles = rest.partition("=")
        made += [Letter(deliverable, person, role) for role in roles]
    return made


@pytest.mark.parametrize(
    "given, codes",
    [
        ("d:kari=A d:ola=R", []),
        ("d:kari=RA", []),
        ("d:kari=A d:ola=R d:per=C d:siv=I d:una=R", []),
        ("d:ola=R", ["no_accountable"]),
        ("d:kari=A", ["no_responsible"]),
        ("d:kari=A d:ola=AR", ["several_accountable"]),
        ("d:kari=A d:ola=A", ["several_accountable", "no_responsible"]),
        ("d:kari=CI", ["no_accountable", "no_responsible"]),
        ("", ["no_accountable", "no_responsible"]),
        ("other:kari=RA", ["no_accountable", "no_responsible"]),
    ],
)
def test_one_answers_for_a_deliverable_and_somebody_does_it(given: str, codes: list[str]) -> None:
    found = raci_findings([Handed("d")], letters(given))
    assert [one.code for one in found] == codes
    assert {one.where for one in found} <= {"d"}


def test_how_many_answer_for_it_is_said() -> None:
    found = raci_findings([Handed("d")], letters("d:a=AR d:b=A d:c=A"))
    assert found == [Finding("several_accountable", 3, (1, 1), "d")]


def test_owner_and_supporters_have_a_letter_too() -> None:
    one = Handed("d", owner_id="kari", supporter_ids=("ola", "per", "kari"))
    assert without_letter(one, letters("d:per=RA other:kari=R")) == ("kari", "ola")
    assert raci_findings([one], letters("d:per=RA")) == [
        Finding("owner_without_letter", where="d"),
        Finding("supporters_without_letter", 1, where="d"),
    ]
    assert raci_findings([one], letters("d:kari=RA d:ola=C d:per=I")) == []


def test_an_owner_who_supports_too_is_named_once() -> None:
    one = Handed("d", owner_id="kari", supporter_ids=("kari",))
    assert without_letter(one, []) == ("kari",)
    codes = [found.code for found in raci_findings([one], letters("d:per=RA"))]
    assert codes == ["owner_without_letter"]


@pytest.mark.parametrize(
    "roles, open_ones, others, said",
    [
        ("R", 5, 0, None),
        ("R", 6, 0, 6),
        ("A", 7, 0, 7),
        ("RA", 5, 0, None),  # who does it and answers for it carries it once
        ("RA", 6, 0, 6),
        ("CI", 9, 0, None),
        ("R", 5, 9, None),  # what is handed over is carried no longer
    ],
)
def test_nobody_carries_more_than_five(
    roles: str, open_ones: int, others: int, said: int | None
) -> None:
    made = [Handed(f"d{n}", is_open=n < open_ones) for n in range(open_ones + others)]
    given = letters(" ".join(f"{one.id}:kari={roles} {one.id}:x{one.id}=RA" for one in made))
    heavy = [one for one in raci_findings(made, given) if one.code == "overloaded"]
    assert heavy == ([Finding("overloaded", said, (0, 5), "kari")] if said else [])


def test_who_carries_most_is_named_first() -> None:
    made = [Handed(f"d{n}") for n in range(8)]
    given = letters(" ".join([f"d{n}:ola=R" for n in range(8)] + [f"d{n}:a=A" for n in range(6)]))
    assert carried(made, given) == {"ola": 8, "a": 6}
    heavy = [one.where for one in raci_findings(made, given) if one.code == "overloaded"]
    assert heavy == ["ola", "a"]


def test_without_deliverables_there_is_nothing_to_say() -> None:
    assert raci_findings([], letters("gone:kari=A")) == []
