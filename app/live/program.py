"""What the projector shows beside activities: the pages, slides and pictures of a block's program,
and the order in which "next" walks all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from app.i18n import LANGUAGES, speaking
from app.live.activity import kind_of
from app.live.shown import ACTIVITY, PAGE, PICTURE, SLIDE, ShownView, StepView
from app.models.activities import Activity
from app.models.agenda import AgendaBlock
from app.models.history import RecordChange
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.models.slides import SlideDeck
from app.models.themes import Theme, ThemePage
from app.operations import slides
from app.outputs.on_stage import on_stage
from app.pictures.picture import registry
from app.rules.program import arranged


def steps_of(
    session: Session, block: AgendaBlock | None, activities: Sequence[Activity]
) -> tuple[StepView, ...]:
    """The steps of a block's program, in the room that has these activities."""
    if block is None:
        return ()
    return tuple(
        step for steps in program_of(session, block, activities).values() for step in steps
    )


def program_of(
    session: Session, block: AgendaBlock, activities: Sequence[Activity]
) -> Mapping[str, Sequence[StepView]]:
    """What a block shows, by its key in the program, in its order: a theme has as many steps as
    pages, slides as many as they are. Of several rounds of an activity the last stands for all."""
    themes = _themes(session, block)
    decks = slides.decks_of_block(session, block.id)
    superseded = {activity.previous_id for activity in activities}
    asked = [
        a
        for a in activities
        if a.block_id == block.id
        and a.id not in superseded
        and not a.on_the_spot
        and not kind_of(a.kind).aside
    ]
    expanded: dict[str, list[StepView]] = {f"theme:{id}": pages for id, pages in themes.items()}
    for deck in decks:
        expanded[f"slides:{deck.id}"] = [
            StepView(f"{SLIDE}:{deck.id}:{number}", SLIDE, deck.title, deck.title, number)
            for number in range(1, deck.pages + 1)
        ]
    for activity in asked:
        key = f"{ACTIVITY}:{activity.id}"
        # A later round stands where the first one was named.
        expanded[key] = [StepView(key, ACTIVITY, activity.title)]
    for code, picture in registry().items():
        key = f"{PICTURE}:{code}"
        if key in block.program:
            expanded[key] = [StepView(key, PICTURE, picture.name)]
    there = [key for key in expanded if not key.startswith(PICTURE)]
    order = arranged(_of_last_rounds(block.program, activities), there)
    return {
        key: [replace(step, part=key) for step in expanded[key]] for key in order if key in expanded
    }


def walk_to(session: Session, room: Room, key: str) -> None:
    """From this step "next" goes on; from what is no step of the block, where it would have gone on
    before."""
    block = session.get(AgendaBlock, room.block_id) if room.block_id else None
    asked = session.exec(select(Activity).where(col(Activity.room_id) == room.id)).all()
    steps = steps_of(session, block, asked)
    keys = [step.key for step in steps]
    # Should it be taken away, what follows stands in its place.
    at, behind = (key, 0) if key in keys else (room.step, 1)
    if at in keys:
        parts = [step.part for step in steps[: keys.index(at) + 1]]
        room.step_after = [*dict.fromkeys(parts)]
        room.step_number = parts.count(parts[-1]) - 1 + behind
    room.step, room.step_phase = key, room.phase


def _of_last_rounds(program: Sequence[str], activities: Sequence[Activity]) -> list[str]:
    """The named keys, with the last round of each activity in the place of the first."""
    after = {a.previous_id: a.id for a in activities if a.previous_id}
    named = []
    for key in program:
        kind, _, id = key.partition(":")
        while kind == ACTIVITY and id in after:
            id = after[id]
        named.append(f"{kind}:{id}")
    return named


def theme_ids_of(block: AgendaBlock) -> list[str]:
    """The themes whose pages a block shows: its own, and those that its program names."""
    named = [key.removeprefix("theme:") for key in block.program if key.startswith("theme:")]
    return [*dict.fromkeys([*block.theme_ids, *named])]


def _themes(session: Session, block: AgendaBlock) -> dict[str, list[StepView]]:
    """The pages of the block's themes, in the themes' order; those of the program too."""
    ids = theme_ids_of(block)
    if not ids:
        return {}
    wanted = (
        select(Theme.id, Theme.title, ThemePage.id, ThemePage.title)
        .join(ThemePage, col(ThemePage.theme_id) == col(Theme.id))
        .where(col(Theme.kickoff_id) == block.kickoff_id, col(Theme.id).in_(ids))
        .order_by(col(ThemePage.position), col(ThemePage.id))
    )
    found: dict[str, list[StepView]] = {id: [] for id in ids}
    for theme_id, theme, page_id, title in session.execute(wanted):
        pages = found[theme_id]
        pages.append(StepView(f"{PAGE}:{page_id}", PAGE, title, theme, len(pages) + 1))
    return {id: pages for id, pages in found.items() if pages}


def is_there(session: Session, kickoff_id: str, item: str) -> bool:
    """Whether a page, slide or picture can be shown in a room of this kickoff."""
    kind, _, rest = item.partition(":")
    if kind == PICTURE:
        return rest in registry()
    if kind == PAGE:
        page = session.get(ThemePage, rest)
        return page is not None and page.kickoff_id == kickoff_id
    deck_id, _, number = rest.partition(":")
    deck = session.get(SlideDeck, deck_id)
    return deck is not None and deck.kickoff_id == kickoff_id and 1 <= int(number) <= deck.pages


def shown_of(
    session: Session, room: Room, kickoff: Kickoff, before: ShownView | None
) -> ShownView | None:
    """What the room shows in an activity's place; None for the block itself, or where it is gone.
    `before` is what was shown at the last look: a picture is drawn anew when the plan changed."""
    kind, _, rest = room.stage_item.partition(":")
    if not kind or room.stage_activity_id is not None:
        return None
    if kind == PICTURE:
        return _picture(session, room, kickoff, rest, before)
    return _page(session, room, rest) if kind == PAGE else _slide(session, room, rest)


def _picture(
    session: Session, room: Room, kickoff: Kickoff, code: str, before: ShownView | None
) -> ShownView | None:
    picture = registry().get(code)
    if picture is None:
        return None
    as_of = session.scalar(_LAST_CHANGE.where(col(RecordChange.kickoff_id) == kickoff.id)) or ""
    if before is not None and (before.key, before.as_of) == (room.stage_item, as_of):
        drawn = before.drawn
    else:
        drawn = {}
        for language in LANGUAGES:
            with speaking(language):
                drawn[language] = on_stage(session, kickoff, picture)
    return ShownView(
        room.stage_item, PICTURE, picture.name, focus=room.stage_focus, drawn=drawn, as_of=as_of
    )


_LAST_CHANGE = select(RecordChange.id).order_by(col(RecordChange.id).desc()).limit(1)


def _page(session: Session, room: Room, page_id: str) -> ShownView | None:
    page = session.get(ThemePage, page_id)
    if page is None or page.kickoff_id != room.kickoff_id:
        return None
    siblings = session.scalars(
        select(ThemePage.id)
        .where(col(ThemePage.theme_id) == page.theme_id)
        .order_by(col(ThemePage.position), col(ThemePage.id))
    ).all()
    return ShownView(
        room.stage_item,
        PAGE,
        page.title,
        of=session.get_one(Theme, page.theme_id).title,
        number=siblings.index(page.id) + 1,
        many=len(siblings),
        points=tuple(line.strip() for line in page.text.splitlines() if line.strip()),
    )


def _slide(session: Session, room: Room, rest: str) -> ShownView | None:
    deck_id, _, number = rest.partition(":")
    found = slides.slide(session, deck_id, int(number))
    if found is None or not is_there(session, room.kickoff_id, room.stage_item):
        return None
    return ShownView(
        room.stage_item,
        SLIDE,
        found.title,
        of=found.title,
        number=found.number,
        many=found.pages,
        text=found.text,
        width=found.width,
        height=found.height,
    )
