"""RACI (P12) as a matrix: deliverables by people, with what is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.milestones import Milestone
from app.models.raci import Raci
from app.operations.entities import PEOPLE
from app.pictures.names import names_of
from app.pictures.picture import Picture
from app.rules.findings import Finding
from app.rules.raci import LETTERS, Handed, Letter, carried, raci_findings, without_letter

MOST_CELLS = 6_000  # of a table that anybody finds a letter in


@dataclass(frozen=True)
class Someone:
    """A column. `finding`: that they carry too much."""

    id: str
    name: str
    carries: int
    finding: Finding | None


@dataclass(frozen=True)
class Written:
    """A letter where it stands; `id` is its record's."""

    id: str
    role: str


@dataclass(frozen=True)
class Cell:
    """A person's letters on a deliverable, after so many columns without any: most of a large
    matrix is empty, and is said in numbers."""

    name: str
    letters: tuple[Written, ...]
    empty_before: int


@dataclass(frozen=True)
class Row:
    """A deliverable: `cells` are those with letters, followed by `empty_after` without. `left_out`
    are the names of its owner and supporters who have none. `is_open`: it is not handed over."""

    id: str
    title: str
    is_open: bool
    cells: tuple[Cell, ...]
    empty_after: int
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]

    def of(self, role: str) -> list[tuple[str, str]]:
        """Who has this letter, by name, and the letter's record."""
        return [
            (cell.name, one.id) for cell in self.cells for one in cell.letters if one.role == role
        ]


@dataclass(frozen=True)
class Matrix:
    people: tuple[Someone, ...]
    rows: tuple[Row, ...]

    @property
    def is_too_wide(self) -> bool:
        """For a column each: the letters have columns then, and the people their names in them."""
        return len(self.people) * len(self.rows) > MOST_CELLS

    @property
    def overloaded(self) -> tuple[Someone, ...]:
        return tuple(one for one in self.people if one.finding)

    @property
    def rows_with_findings(self) -> int:
        return sum(bool(row.findings) for row in self.rows)


def matrix(session: Session, kickoff: Kickoff) -> Matrix:
    letters = _letters(session, kickoff.id)
    handed, titles = handed_of(session, kickoff.id)
    known = names_of(session, PEOPLE, kickoff.id)
    plain = [letter for letter, _ in letters]
    written = defaultdict[str, dict[str, list[Written]]](lambda: defaultdict(list))
    for letter, id in letters:
        written[letter.deliverable_id][letter.person_id].append(Written(id, letter.role))
    about = defaultdict[str, list[Finding]](list)
    for finding in raci_findings(handed, plain):
        about[finding.where].append(finding)
    of_each = defaultdict[str, list[Letter]](list)
    for letter in plain:
        of_each[letter.deliverable_id].append(letter)
    people = tuple(_people(handed, plain, known, about))
    column = {person.id: number for number, person in enumerate(people)}
    rows = tuple(
        Row(
            one.id,
            titles[one.id],
            one.is_open,
            *_cells(written[one.id], column, people),
            tuple(about[one.id]),
            tuple(known.get(id, "") for id in without_letter(one, of_each[one.id])),
        )
        for one in handed
    )
    return Matrix(people, rows)


def _cells(
    written: Mapping[str, Sequence[Written]], column: Mapping[str, int], people: Sequence[Someone]
) -> tuple[tuple[Cell, ...], int]:
    """A row's cells in the order of the columns, and how many empty ones follow."""
    cells, following = [], 0
    for number in sorted(column[id] for id in written if id in column):
        person = people[number]
        cells.append(Cell(person.name, tuple(written[person.id]), number - following))
        following = number + 1
    return tuple(cells), len(people) - following


def handed_of(session: Session, kickoff_id: str) -> tuple[list[Handed], dict[str, str]]:
    """The deliverables as the rule sees them, in their order, and their titles. One is handed over
    when it has milestones and all of them are reached."""
    reached = defaultdict[str, list[bool]](list)
    marks = select(col(Milestone.deliverable_id), col(Milestone.reached_on)).where(
        col(Milestone.kickoff_id) == kickoff_id
    )
    for deliverable_id, reached_on in session.execute(marks).all():
        if deliverable_id:
            reached[deliverable_id].append(reached_on is not None)
    wanted = (
        select(Deliverable.id, Deliverable.title, Deliverable.owner_id, Deliverable.supporter_ids)
        .where(col(Deliverable.kickoff_id) == kickoff_id)
        .order_by(col(Deliverable.position), col(Deliverable.id))
    )
    found = session.execute(wanted).all()
    handed = [
        Handed(id, owner_id, tuple(supporters), not (reached[id] and all(reached[id])))
        for id, _, owner_id, supporters in found
    ]
    return handed, {id: title for id, title, _, _ in found}


def _letters(session: Session, kickoff_id: str) -> list[tuple[Letter, str]]:
    """Each with its record's id, in the order R, A, C, I."""
    wanted = select(Raci.deliverable_id, Raci.person_id, Raci.role, Raci.id).where(
        col(Raci.kickoff_id) == kickoff_id
    )
    found = [
        (Letter(deliverable, person, str(role)), id)
        for deliverable, person, role, id in session.execute(wanted).all()
    ]
    return sorted(found, key=lambda one: (LETTERS.index(one[0].role), one[1]))


def _people(
    handed: Sequence[Handed],
    letters: Sequence[Letter],
    known: dict[str, str],
    about: dict[str, list[Finding]],
) -> Iterator[Someone]:
    """Who has anything to do with the deliverables, by name."""
    concerned = {letter.person_id for letter in letters}
    for one in handed:
        concerned.update(one.supporter_ids, [one.owner_id] if one.owner_id else [])
    counts = carried(handed, letters)
    for id in sorted(concerned & known.keys(), key=lambda id: (known[id].casefold(), id)):
        yield Someone(id, known[id], counts.get(id, 0), next(iter(about.get(id, ())), None))


PICTURE = Picture(
    code="raci-matrix",
    name=mark("RACI matrix"),
    about=mark("Who does it, who answers for it, who is asked and who is told, and what is wrong."),
    icon="table-2",
    order=60,
    view=matrix,
)
