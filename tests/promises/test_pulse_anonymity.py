"""Nobody learns who answered what in a pulse: not from dumps before and after an answer, not from
the order of rows, not from the files (A01, A02, A06; docs/decisions/0012).

Seen red: groups beside the answers; tags by the server's key; row ids in the order of answers; a
sealed text as long as what was answered; a receipt that is committed before its answer; what was
sealed left behind.
"""

import base64
import hashlib
import hmac
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app import write_ahead_log
from app.models.people import Person
from app.models.pulse_waves import PulseAnswer, PulseInvitation, PulseReceipt, PulseSealed
from tests.live.conftest import _desk
from tests.support.processes import ROOT
from tests.support.pulses import KEY, PulseDesk, pulse_desk
from tests.support.seeded import empty_sqlite

Dump = dict[str, Counter[tuple[Any, ...]]]


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[PulseDesk]:
    for desk in _desk(tmp_path, empty_sqlite(tmp_path)):
        yield pulse_desk(desk.database, desk.kickoff_id, tmp_path)


def dump(pulse: PulseDesk) -> Dump:
    """Everything, as a backup has it: by table its rows, in no order."""
    found: Dump = {}
    with pulse.database.engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (name,) in names.all():
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            found[name] = Counter(tuple(row) for row in rows)
    return found


def between(before: Dump, after: Dump) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that came; none may have gone or changed."""
    assert all(not before[name] - after[name] for name in before), "a row was changed"
    return {name: list((after[name] - before[name]).elements()) for name in after
            if after[name] - before[name]}  # fmt: skip


def test_two_dumps_with_one_answer_between_them_do_not_tell_whose_it_is(pulse: PulseDesk) -> None:
    wave = pulse.open()
    invited = {one.person_id: one for one in pulse.all_of(PulseInvitation)}
    people = {one.id: one for one in pulse.all_of(Person)}
    shapes = []
    for person_id, token in pulse.tokens(wave.id).items():
        before = dump(pulse)
        pulse.pulses.answer(token, pulse.form(text="x"))
        new = between(before, dump(pulse))
        assert new.keys() == {"pulse_receipt", "pulse_answer", "pulse_text", "pulse_sealed"}
        written = str(new)
        one, person = invited[person_id], people[person_id]
        for tells in (person_id, one.id, one.token_hash, token, person.name, person.email,
                      one.team or "?", person.site):  # fmt: skip
            assert tells not in written
        shapes.append([[len(str(value)) for value in row] for rows in new.values() for row in rows])
    # Whoever it is, it looks the same: also the sealed text, whatever was answered.
    assert all(sorted(map(str, shape)) == sorted(map(str, shapes[0])) for shape in shapes)


def test_an_answer_of_one_question_looks_as_long_as_one_of_all(pulse: PulseDesk) -> None:
    wave = pulse.open()
    one, other, *_ = pulse.tokens(wave.id).values()
    pulse.pulses.answer(one, pulse.form())
    pulse.pulses.answer(other, {pulse.questions["five"]: "3"})
    assert len({len(row.sealed) for row in pulse.all_of(PulseSealed)}) == 1


def test_neither_server_key_nor_links_lead_from_a_receipt_to_a_person(pulse: PulseDesk) -> None:
    """Whoever has the database, its backups and the server's key can make every link, and still not
    a tag; who has the wave's key can, for that is how one answer a person is kept."""
    wave = pulse.open()
    tokens = pulse.tokens(wave.id)
    pulse.answer_all(wave.id)
    tags = {one.tag for one in pulse.all_of(PulseReceipt)}
    assert len(tags) == len(tokens)
    known = {value for one in pulse.all_of(PulseInvitation) for value in one.model_dump().values()}
    known |= set(tokens.values()) | {wave.id, pulse.pulse_id}
    made = set()
    for value in (str(one).encode() for one in known):
        made.add(hashlib.sha256(value).digest()[:16])
        made |= {hmac.digest(key, value, "sha256")[:16] for key in (KEY, wave.id.encode())}
    assert not {_text(one) for one in made} & tags
    wave_key = pulse.vault.key(wave.id)
    assert wave_key
    with_it = {_text(hmac.digest(wave_key, str(one).encode(), "sha256")[:16]) for one in known}
    assert tags <= with_it


def test_no_order_of_rows_tells_who_answered_what(pulse: PulseDesk) -> None:
    """Everybody answers in the order of the list, the first ones with little."""
    wave = pulse.open()
    for number, token in enumerate(pulse.tokens(wave.id).values()):
        pulse.pulses.answer(token, {pulse.questions["seven"]: str(1 + number % 7),
                                    pulse.questions["five"]: "3"})  # fmt: skip
    with pulse.database.engine.connect() as connection:
        for name in ("pulse_answer", "pulse_text", "pulse_receipt", "pulse_sealed"):
            assert (
                "WITHOUT ROWID"
                in connection.execute(
                    text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}
                ).scalar_one()
            )
        found = connection.execute(
            text("SELECT value FROM pulse_answer WHERE question_id = :q"),
            {"q": pulse.questions["seven"]},
        ).scalars()
        values = list(found)
    assert values == sorted(values), "they lie in the order of what was said"


def test_after_a_wave_nothing_of_it_is_left_in_the_files(pulse: PulseDesk, tmp_path: Path) -> None:
    wave = pulse.open()
    pulse.answer_all(wave.id)
    secrets = [one.tag for one in pulse.all_of(PulseReceipt)]
    secrets += [one.sealed[:80] for one in pulse.all_of(PulseSealed)]
    secrets += [one.id for one in pulse.all_of(PulseAnswer)]
    assert all(one.encode() in _bytes(tmp_path) for one in secrets), "there was something to find"
    pulse.pulses.close_now(pulse.database, pulse.kickoff_id, wave.id)
    deadline = time.monotonic() + 5
    while not write_ahead_log.cut(pulse.database) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = _bytes(tmp_path)
    assert not [one for one in secrets if one.encode() in left]
    assert list((tmp_path / "pulse-keys").iterdir()) == []


MOMENTS = (0.002, 0.006, 0.012)  # in the midst of the next answer, on disks fast and slow
CHILD = """
import sys
from pathlib import Path
from app.database import Database
from app.live.pulses import Pulses
from app.live.vault import FileVault
folder, key, *rest = sys.argv[1:]
question, tokens = rest[0], rest[1:]
vault = FileVault(Path(folder) / "pulse-keys")
pulses = Pulses(Database(f"sqlite:///{folder}/kickoff.db"), vault, key.encode())
print("ready", flush=True)
for token in tokens:
    pulses.answer(token, {question: "3"})
    print(token, flush=True)
"""


def test_a_killed_process_has_used_up_no_link_without_its_answer(
    pulse: PulseDesk, tmp_path: Path
) -> None:
    """kill -9 while answers come in: every one that was acknowledged is there, each receipt has its
    answer, and who tries again changes nothing."""
    wave = pulse.open()
    tokens, five = list(pulse.tokens(wave.id).values()), pulse.questions["five"]
    acknowledged = 0
    for number, moment in enumerate(MOMENTS):
        acknowledged += killed(tmp_path, five, tokens[6 * number :], after=2, seconds=moment)
    receipts, answers = len(pulse.all_of(PulseReceipt)), len(pulse.all_of(PulseAnswer))
    assert receipts == answers >= acknowledged >= 2 * len(MOMENTS)
    for token in tokens:
        pulse.pulses.answer(token, {five: "5"})
    values = Counter(one.value for one in pulse.all_of(PulseAnswer))
    assert values == {3: receipts, 5: len(tokens) - receipts}


def killed(folder: Path, question: str, tokens: list[str], *, after: int, seconds: float) -> int:
    """A process of its own that answers, killed so long after so many acknowledgements; how many
    there were."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), KEY.decode(), question, *tokens],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        acknowledged = 0
        for line in child.stdout:
            acknowledged += line.strip() != "ready"
            if acknowledged == after:
                time.sleep(seconds)
                child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    return acknowledged


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("kickoff.db*"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
