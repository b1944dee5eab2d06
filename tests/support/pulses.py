"""A pulse with people of three teams, its waves, and answers by link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.database import Database
from app.live.pulses import Pulses
from app.live.vault import FileVault
from app.models.people import Person
from app.models.pulse_waves import PulseInvitation, PulseWave
from app.operations import pulse_links, records
from app.operations.entities import PEOPLE, PULSE_QUESTIONS, PULSES, TEAMS
from app.operations.pulse_waves import waves_of

KEY = b"the tests' own key, of no worth at all"
FORMS = ("five", "seven", "ten", "warning", "text")
# A site is a team but for two, and one team is too small to be told.
TEAMS_OF = {"Nord": 9, "Sør": 8, "Øst": 3}


@dataclass
class PulseDesk:
    """What a process has for pulses, and a pulse to ask with."""

    database: Database
    vault: FileVault
    kickoff_id: str
    pulse_id: str = ""
    questions: dict[str, str] = field(default_factory=dict)  # by form
    people: list[str] = field(default_factory=list)
    key: bytes = KEY

    @property
    def pulses(self) -> Pulses:
        """As a process that has just started."""
        return Pulses(self.database, self.vault, self.key)

    def fill(self, **fields: Any) -> "PulseDesk":
        with self.database.unit_of_work() as session:
            make = Maker(session, self.kickoff_id)
            for team, size in TEAMS_OF.items():
                team_id = make(TEAMS, name=team)
                for number in range(size):
                    site = "Bodø" if team == "Nord" or number < 2 else "Oslo"
                    name = f"{team} {number}"
                    self.people.append(
                        make(
                            PEOPLE, name=name, email=f"{make.count}@nordlys.example",
                            team_id=team_id, site=site, function="Drift",
                        )
                    )  # fmt: skip
            self.pulse_id = make(PULSES, title="Pulsen", **fields)
            for form in FORMS:
                self.questions[form] = make(
                    PULSE_QUESTIONS, text=f"Spørsmål {form}?", pulse_id=self.pulse_id, form=form
                )
        return self

    def open(self) -> PulseWave:
        return self.pulses.open_now(self.database, self.kickoff_id, self.pulse_id)

    def tokens(self, wave_id: str) -> dict[str, str]:
        """By person, in the order in which people were made."""
        with self.database.reading() as session:
            invited = session.scalars(
                select(PulseInvitation).where(PulseInvitation.wave_id == wave_id)
            )
            by_person = {one.person_id: pulse_links.token_of(self.key, one.id) for one in invited}
        return {one: by_person[one] for one in self.people}

    def form(self, five: int = 4, text: str = "") -> dict[str, str]:
        """What the form sends."""
        said = {"five": str(five), "seven": "6", "ten": "9", "warning": "0", "text": text}
        return {self.questions[name]: value for name, value in said.items()}

    def answer_all(self, wave_id: str, form: Mapping[str, str] | None = None) -> None:
        for token in self.tokens(wave_id).values():
            self.pulses.answer(token, form or self.form())

    def wave(self, wave_id: str) -> PulseWave:
        with self.database.reading() as session:
            return session.get_one(PulseWave, wave_id)

    def waves(self) -> list[PulseWave]:
        with self.database.reading() as session:
            return list(session.scalars(waves_of(self.pulse_id)))

    def all_of(self, table: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table)))

    def people_of(self, team: str) -> Iterator[Person]:
        return (one for one in self.all_of(Person) if one.name.startswith(team))


class Maker:
    def __init__(self, session: Session, kickoff_id: str) -> None:
        self._session, self._kickoff_id = session, kickoff_id
        self.count = 0

    def __call__(self, entity: Any, **values: Any) -> str:
        self.count += 1
        return records.create(self._session, entity, self._kickoff_id, values).id


def pulse_desk(database: Database, kickoff_id: str, folder: Path, **fields: Any) -> PulseDesk:
    return PulseDesk(database, FileVault(folder / "pulse-keys"), kickoff_id).fill(**fields)
