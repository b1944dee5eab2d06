"""The plan as one text: why, and a table for each of its parts. As a page that is published, and as
HTML and Markdown to be put into a wiki."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.i18n import gettext
from app.models.fields import meta_of
from app.models.kickoffs import Kickoff, KickoffFields
from app.operations import records
from app.operations.entities import (
    ACTIONS,
    DECISIONS,
    DELIVERABLES,
    FOCUS_AREAS,
    GOALS,
    KEY_RESULTS,
    KPIS,
    MESSAGES,
    MILESTONES,
    OBJECTIVES,
    RISKS,
    Entity,
)
from app.outputs import markdown
from app.rendering import day
from app.routers.cells import Table, choices_of, columns_of

WHY = "why"  # the section of the kickoff's own fields that everybody may read
# What everybody may read at a link, and what else those take into a wiki who see the plan.
PUBLISHED = (GOALS, KPIS, FOCUS_AREAS, DELIVERABLES, MILESTONES, OBJECTIVES, KEY_RESULTS, ACTIONS)
LEFT_OUT = {"smart"}  # for those who write the plan
EXPORTED = (*PUBLISHED, MESSAGES, RISKS, DECISIONS)


@dataclass(frozen=True)
class Chapter:
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PlanText:
    """`why` are headings with what is written under them; `about` is the plan in one sentence."""

    title: str
    when: str
    about: str
    as_of: str
    why: Sequence[tuple[str, str]]
    chapters: Sequence[Chapter]


def plan_text(
    session: Session, kickoff: Kickoff, entities: Sequence[Entity], now: datetime
) -> PlanText:
    chapters = [_chapter(session, entity, kickoff, now) for entity in entities]
    when = [day(kickoff.day) if kickoff.day else "", kickoff.venue]
    return PlanText(
        title=kickoff.title,
        when=" · ".join(part for part in when if part),
        about=kickoff.vision or kickoff.purpose or kickoff.challenge,
        as_of=gettext("The plan as of %(day)s") % {"day": day(now, "medium")},
        why=_why(kickoff),
        chapters=[one for one in chapters if one.rows],
    )


def as_markdown(text: PlanText) -> str:
    lines = [f"# {markdown.plain(text.title)}", ""]
    for line in (text.when, text.as_of):
        lines += [markdown.plain(line), ""] if line else []
    for title, written in text.why:
        lines += [f"## {markdown.plain(title)}", ""]
        for paragraph in markdown.paragraphs(written):
            lines += [paragraph, ""]
    for chapter in text.chapters:
        lines += [f"## {markdown.plain(chapter.title)}", ""]
        lines += [*markdown.table(chapter.headings, chapter.rows), ""]
    return "\n".join(lines)


def _why(kickoff: Kickoff) -> list[tuple[str, str]]:
    metas = {name: meta_of(KickoffFields, name) for name in KickoffFields.model_fields}
    return [
        (gettext(meta.label), written)
        for name, meta in metas.items()
        if meta and meta.section == WHY and (written := getattr(kickoff, name))
    ]


def _chapter(session: Session, entity: Entity, kickoff: Kickoff, now: datetime) -> Chapter:
    keys = [entity.ordered_table.position] if entity.ordered else []
    found = session.scalars(
        records.all_of(entity, kickoff.id).order_by(*keys, entity.child.id)
    ).all()
    columns = [one for one in columns_of(entity) if one.name not in LEFT_OUT]
    table = Table(entity, columns, choices_of(session, entity, kickoff.id), kickoff, now)
    rows = [[cell.text for cell in table.cells(record)] for record in found]
    # A column that nobody has filled in says nothing.
    filled = [place for place in range(len(table.columns)) if any(row[place] for row in rows)]
    return Chapter(
        title=gettext(entity.many),
        headings=[table.columns[place].label for place in filled],
        rows=[[row[place] for place in filled] for row in rows],
    )
