"""Another key for what is sealed (RELIABILITY S13): everything is sealed anew, in one transaction.

What is sealed stands in columns called `sealed_…`, whatever their table. While the key is changed
two of them open, so what is on its way is delivered, and whoever is stopped in between may begin
again.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Table, select
from sqlmodel import Session, SQLModel, update

from app.database import Database
from app.notify.sealing import opened, sealed
from app.operations.pulse_waves import renew_links
from app.settings import Settings, new_key, write_key

PREFIX = "sealed_"


@dataclass(frozen=True)
class Rotated:
    """`lost` could be opened with neither key: the key before that one is needed. `links` to open
    pulses were made anew."""

    sealed: int = 0
    lost: int = 0
    links: int = 0

    def __add__(self, other: "Rotated") -> "Rotated":
        return Rotated(self.sealed + other.sealed, self.lost + other.lost, self.links + other.links)


def rotate_file(settings: Settings, database: Database) -> Rotated:
    """A new key in the key's file. At each moment the files open all that is stored."""
    now, before = settings.key_file, settings.key_file_before
    if not before.exists():  # else somebody was stopped on the way
        write_key(before, settings.signing_key.decode())
        write_key(now, new_key())
    done = rotate_to(now.read_text().encode(), (before.read_text().encode(),), database)
    if not done.lost:
        before.unlink()
    return done


def rotate_to(key: bytes, before: tuple[bytes, ...], database: Database) -> Rotated:
    """Everything that is sealed is sealed with `key`."""
    with database.unit_of_work() as session:
        done = sum(
            (_reseal(session, column, key, before) for column in sealed_columns()), Rotated()
        )
        return done + Rotated(links=renew_links(session, key))


def sealed_columns() -> list[Column[str]]:
    return [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name.startswith(PREFIX)
    ]


def _reseal(
    session: Session, column: Column[str], key: bytes, before: tuple[bytes, ...]
) -> Rotated:
    table: Table = column.table
    of_row = list(table.primary_key.columns)
    done = Rotated()
    wanted = select(*of_row, column).where(column.is_not(None), column != "").with_for_update()
    for *ids, text in session.execute(wanted).all():
        if opened(key, text) is not None:
            continue
        found = opened(key, text, *before)
        if found is None:
            done += Rotated(lost=1)
            continue
        here = [one == id for one, id in zip(of_row, ids, strict=True)]
        session.execute(update(table).where(*here).values({column: sealed(key, found)}))
        done += Rotated(sealed=1)
    return done
