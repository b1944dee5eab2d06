"""Answer a pulse: that a link was used and what was answered are one transaction, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, or_
from sqlmodel import Session, col, select

from app import ids
from app.errors import ActivityClosed, Fault, Invalid
from app.i18n import gettext, ngettext
from app.models.faults import of_code
from app.models.kickoffs import Kickoff
from app.models.pulse_waves import (
    DIMENSIONS,
    PulseAnswer,
    PulseInvitation,
    PulseReceipt,
    PulseSealed,
    PulseText,
    PulseWave,
)
from app.models.pulses import VALUES, Form
from app.models.text import clean_text
from app.operations import pulse_links, pulse_sealing
from app.operations.insertion import insert_once
from app.operations.pulse_sealing import Answered, Seal

TEXT_MAX = 1000


class Standing(StrEnum):
    OPEN = "open"
    USED = "used"
    CLOSED = "closed"


@dataclass(frozen=True)
class Asked:
    """What a link leads to."""

    wave: PulseWave
    invitation: PulseInvitation


@dataclass(frozen=True)
class Given:
    """What somebody answered: a value for each question of a scale, and what they wrote."""

    values: Mapping[str, int]
    texts: Mapping[str, str]


def asked_by(session: Session, token: str) -> Asked | None:
    """None for a link that was never sent."""
    hashed = pulse_links.hashed(token)
    wanted = select(PulseInvitation, PulseWave).where(
        or_(
            col(PulseInvitation.token_hash) == hashed,
            col(PulseInvitation.token_hash_before) == hashed,
        ),
        col(PulseInvitation.wave_id) == col(PulseWave.id),
    )
    row = session.execute(wanted).first()
    return Asked(row[1], row[0]) if row else None


def standing(session: Session, asked: Asked, key: bytes | None) -> Standing:
    # An archived kickoff takes nothing more (docs/decisions/0013); its wave goes on afterwards.
    if not asked.wave.is_open or _is_archived(session, asked.wave):
        return Standing.CLOSED
    used = key is not None and _is_used(session, asked, key)
    return Standing.USED if used else Standing.OPEN


def read(asked: PulseWave, sent: Mapping[str, str]) -> Given:
    """What was filled in, or `Invalid` with what is wrong with which question."""
    values: dict[str, int] = {}
    texts: dict[str, str] = {}
    faults = []
    for question in asked.asked:
        try:
            said = clean_text(sent.get(question["id"], ""))
        except ValueError as error:
            faults.append(Fault(f"/{question['id']}", of_code(str(error))))
            continue
        form = Form(question["form"])
        if not said:
            continue
        if form == Form.TEXT:
            if len(said) > TEXT_MAX:
                sentence = ngettext(
                    "Use at most %(n)d character.", "Use at most %(n)d characters.", TEXT_MAX
                )
                faults.append(Fault(f"/{question['id']}", sentence % {"n": TEXT_MAX}))
            texts[question["id"]] = said
        elif said.isascii() and said.isdecimal() and int(said[:3]) in VALUES[form]:
            values[question["id"]] = int(said[:3])
        else:
            faults.append(Fault(f"/{question['id']}", gettext("Choose one of these.")))
    if not values and not texts and not faults:
        faults.append(Fault("", gettext("Answer at least one question.")))
    if faults:
        raise Invalid(faults=faults)
    return Given(values, texts)


def answer(session: Session, asked: Asked, given: Given, *, key: bytes) -> bool:
    """False where the link was used before: what was answered then is what counts.

    The receipt goes first. Whoever taps twice, tries again or has two tabs waits for the first
    one's commit, finds its receipt and writes nothing.
    """
    # Shared with others who answer; who closes the wave waits for all of them, or is waited for.
    wave = session.scalars(
        select(PulseWave).where(PulseWave.id == asked.wave.id).with_for_update(read=True)
    ).one()
    if not wave.is_open:
        raise ActivityClosed
    tag = pulse_sealing.tag(key, asked.invitation.id)
    if not insert_once(session, PulseReceipt, wave_id=wave.id, tag=tag):
        return False
    rows = [
        {"wave_id": wave.id, "question_id": question, "value": value, "id": ids.random_id()}
        for question, value in given.values.items()
    ]
    if rows:
        session.execute(insert(PulseAnswer), rows)
    written: list[dict[str, Any]] = [
        {"wave_id": wave.id, "question_id": question, "text": text, "id": ids.random_id()}
        for question, text in given.texts.items()
    ]
    if written:
        session.execute(insert(PulseText), written)
    labels = tuple(getattr(asked.invitation, name) for name in DIMENSIONS)
    sealed = Seal(key).close(Answered(labels, given.values))
    session.execute(
        insert(PulseSealed), [{"wave_id": wave.id, "id": ids.random_id(), "sealed": sealed}]
    )
    return True


def how_many_answered(session: Session, wave: PulseWave) -> int:
    """That is no content, and may be known while the wave is open."""
    if wave.answered is not None:
        return wave.answered
    counted = select(func.count()).where(col(PulseReceipt.wave_id) == wave.id)
    return session.scalars(counted).one()


def not_answered(session: Session, wave: PulseWave, key: bytes) -> list[PulseInvitation]:
    """Who is left; whom of them to remind is said by rules/pulse_reminder."""
    tags = set(session.scalars(select(PulseReceipt.tag).where(PulseReceipt.wave_id == wave.id)))
    invited = session.scalars(select(PulseInvitation).where(PulseInvitation.wave_id == wave.id))
    return [one for one in invited if pulse_sealing.tag(key, one.id) not in tags]


def _is_archived(session: Session, wave: PulseWave) -> bool:
    return session.get_one(Kickoff, wave.kickoff_id).archived_at is not None


def _is_used(session: Session, asked: Asked, key: bytes) -> bool:
    found = session.get(
        PulseReceipt,
        {"wave_id": asked.wave.id, "tag": pulse_sealing.tag(key, asked.invitation.id)},
    )
    return found is not None
