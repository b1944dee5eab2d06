"""An organisation in the middle of its follow-up, written straight into the database: 50 kickoffs
on day 45, with 5,000 actions and 100,000 answers to pulses. The first one has a fifth of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from app import ids
from app.database import Database
from app.demo import ADMINISTRATOR
from app.models.action_notes import ActionNote, NoteKind
from app.models.actions import Action, ActionSource, ActionState, Stated
from app.models.check_ins import CheckIn
from app.models.communication import CommunicationStep
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi, Reading
from app.models.milestones import Milestone
from app.models.objectives import KeyResult, Objective
from app.models.organisations import User
from app.models.people import Person, Team
from app.models.pulse_waves import PulseAnswer, PulseTally, PulseWave
from app.models.pulses import VALUES, Form, Pulse, PulseQuestion
from app.models.risks import Degree, Risk
from app.models.sponsors import Appearance, Sponsor

KICKOFFS, ACTIONS, ANSWERS = 50, 5_000, 100_000
LARGEST = 5  # the first one has one part in so many
DAYS, WEEKS = 45, 6
WAVES = 4
QUESTIONS = (Form.FIVE, Form.FIVE, Form.SEVEN, Form.TEN, Form.WARNING)
ONE_IN = 10  # of the actions is the reader's own


@dataclass(frozen=True)
class Size:
    """How much of each kind a kickoff has."""

    people: int
    teams: int
    objectives: int
    actions: int
    answers: int  # to one question in one wave
    others: int  # deliverables, risks, milestones and the like


def sizes() -> Iterator[Size]:
    asked = WAVES * len(QUESTIONS)
    yield Size(400, 24, 24, ACTIONS // LARGEST, ANSWERS // LARGEST // asked, 100)
    rest = KICKOFFS - 1
    actions, answers = ACTIONS - ACTIONS // LARGEST, ANSWERS - ANSWERS // LARGEST
    for number in range(rest):
        yield Size(
            80,
            8,
            8,
            actions // rest + (number < actions % rest),
            answers // asked // rest + (number < answers // asked % rest),
            20,
        )


def write(database_url: str) -> list[str]:
    """The kickoffs' ids, the largest first."""
    database = Database(database_url)
    try:
        return [_Kickoff(database, number, size).write() for number, size in enumerate(sizes())]
    finally:
        database.dispose()


class _Kickoff:
    """One kickoff with all that its dashboard looks at."""

    def __init__(self, database: Database, number: int, size: Size) -> None:
        self.database, self.size = database, size
        self.random = Random(number)
        self.today = datetime.now(UTC).date()
        self.day = self.today - timedelta(days=DAYS)
        self.title = f"Kickoff {number + 1}: ny arbeidsmåte i avdelingene"

    def write(self) -> str:
        with self.database.unit_of_work() as session:
            reader = session.scalars(select(User).where(User.email == ADMINISTRATOR)).one()
            kickoff = Kickoff(
                title=self.title, organisation_id=reader.organisation_id, day=self.day
            )
            self._add(session, kickoff)
            self.kickoff = {"kickoff_id": kickoff.id}
            people = self._people(session, reader.email)
            self._key_results(session, people)
            self._plan(session)
            self._actions(session, people)
            self._pulse(session)
            return kickoff.id

    def _people(self, session: Session, reader: str) -> Sequence[Person]:
        self.teams = self._several(session, Team, self.size.teams, name="Team {}")
        people = [
            Person(
                **self.kickoff,
                name=f"Ola Nordmann {number}",
                email=f"person{number}@nordlys.example" if number else reader,
                function=f"Fag {number % 5}",
                team_id=self.teams[number % len(self.teams)].id,
            )
            for number in range(self.size.people)
        ]
        return self._add(session, *people)

    def _key_results(self, session: Session, people: Sequence[Person]) -> None:
        objectives = [
            Objective(**self.kickoff, title=f"Mål {n}", team_id=self.teams[n % len(self.teams)].id)
            for n in range(self.size.objectives)
        ]
        self._add(session, *objectives)
        self.kpis = self._several(
            session, Kpi, self.size.others // 2, title="Ventetid {}", baseline=10, target=4
        )
        self.key_results = self._add(
            session,
            *(
                KeyResult(
                    **self.kickoff,
                    title=f"Fra 10 til 4 dager ({number})",
                    objective_id=one.id,
                    owner_id=self.random.choice(people).id,
                    baseline=10,
                    target=4,
                    due=self.day + timedelta(days=90),
                )
                for one in objectives
                for number in range(3)
            ),
        )
        for week in range(WEEKS):
            on = self.day + timedelta(weeks=week)
            said = [
                CheckIn(
                    **self.kickoff,
                    key_result_id=one.id,
                    value=10 - week,
                    confidence=self.random.randint(2, 9),
                    said_on=on,
                    said_by_id=one.owner_id,
                )
                for one in self.key_results
            ]
            read = [
                Reading(**self.kickoff, kpi_id=one.id, value=10 - week, read_on=on)
                for one in self.kpis
            ]
            self._add(session, *said, *read)

    def _plan(self, session: Session) -> None:
        many = self.size.others
        soon = self.today + timedelta(days=10)
        self.deliverables = self._several(session, Deliverable, many, title="Leveranse {}")
        grave = {"probability": Degree.HIGH, "consequence": Degree.HIGH}
        self._several(session, Risk, many, title="Risiko {}", due=soon, **grave)
        for window in ("30", "60", "90"):
            due = self.day + timedelta(days=int(window))
            self._several(session, Milestone, many // 4, title="Milepæl {}", window=window, due=due)
        self._several(
            session, CommunicationStep, many, title="Melding {}", done_on=self.day, opened=60
        )
        sponsors = self._several(session, Sponsor, 5, name="Sponsor {}")
        for sponsor in sponsors:
            self._several(
                session, Appearance, many // 4, title="På gulvet {}", sponsor_id=sponsor.id,
                planned_on=self.today, held_on=self.today,
            )  # fmt: skip

    def _actions(self, session: Session, people: Sequence[Person]) -> None:
        actions = [self._action(number, people) for number in range(self.size.actions)]
        self._add(session, *actions)
        said = [
            ActionNote(**self.kickoff, action_id=one.id, kind=NoteKind.STATUS, status=one.status)
            for one in actions
            for _ in range(2)
        ]
        self._add(session, *said)

    def _action(self, number: int, people: Sequence[Person]) -> Action:
        state = self.random.choice(list(ActionState))
        owner = people[0] if number % ONE_IN == 0 else self.random.choice(people)
        return Action(
            **self.kickoff,
            title=f"Gå gjennom vaktlisten med avdeling {number}",
            owner_id=owner.id,
            team_id=owner.team_id,
            due=self.day + timedelta(days=self.random.randint(5, 90)),
            status=self.random.choice(list(Stated)),
            status_at=datetime.combine(self.today, time(8), UTC),
            state=state,
            closed_at=None if state == ActionState.OPEN else datetime.now(UTC),
            source=self.random.choice(list(ActionSource)),
            key_result_id=self.random.choice(self.key_results).id,
            deliverable_id=self.random.choice(self.deliverables).id,
            effort_days=3,
            gap_share=10,
        )

    def _pulse(self, session: Session) -> None:
        pulse = Pulse(**self.kickoff, title="Hvordan går det?", first_day=self.day)
        self._add(session, pulse)
        questions = self._add(
            session,
            *(
                PulseQuestion(**self.kickoff, text=f"Spørsmål {n}?", pulse_id=pulse.id, form=form)
                for n, form in enumerate(QUESTIONS)
            ),
        )
        for number in range(WAVES):
            wave = self._wave(pulse, questions, number)
            self._add(session, wave)
            for question in questions:
                self._answers(session, wave.id, question)

    def _wave(self, pulse: Pulse, questions: Sequence[PulseQuestion], number: int) -> PulseWave:
        opened = datetime.combine(self.day + timedelta(days=1 + 10 * number), time(7), UTC)
        closed = opened + timedelta(days=5)
        return PulseWave(
            **self.kickoff,
            pulse_id=pulse.id,
            number=number + 1,
            opens_at=opened,
            closes_at=closed,
            closed_at=closed,
            settled_at=closed,
            asked=[
                {"id": one.id, "text": one.text, "theme": one.theme, "form": one.form}
                for one in questions
            ],
            invited=2 * self.size.answers,
            answered=self.size.answers,
        )

    def _answers(self, session: Session, wave_id: str, question: PulseQuestion) -> None:
        values = VALUES[Form(question.form)]
        to = {"wave_id": wave_id, "question_id": question.id}
        given = [self.random.choice(values) for _ in range(self.size.answers)]
        rows = [{"id": ids.random_id(), "value": value, **to} for value in given]
        session.execute(insert(PulseAnswer), rows)
        tallies = [
            PulseTally(**to, dimension="team", label=team.name, value=value, count=5)
            for team in self.teams
            for value in values
        ]
        session.add_all(tallies)

    def _several(
        self, session: Session, table: type[Any], count: int, **values: Any
    ) -> Sequence[Any]:
        """So many of a table; `{}` in a text is their number."""
        return self._add(
            session,
            *(
                table(
                    **self.kickoff,
                    **{
                        name: value.format(number) if isinstance(value, str) else value
                        for name, value in values.items()
                    },
                )
                for number in range(count)
            ),
        )

    def _add(self, session: Session, *records: SQLModel) -> Any:
        session.add_all(records)
        session.flush()
        return list(records)
