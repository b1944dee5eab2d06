"""A room's activities and what has been answered in them: queries and sums, for all kinds alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlmodel import Session

from app.live import answers_sql, computing, merging
from app.live.actions import actions_from, kept_of
from app.live.activity import EntryView, kind_of
from app.live.snapshot import ActionView, ActivityView
from app.models.activities import Activity, ActivityStatus, EntryState
from app.rules import tally
from app.rules.tally import Source


@dataclass(frozen=True)
class Counted:
    """What one source gave to an activity. After scrubbing `ballots` says only: enough, or one."""

    figures: tally.Figures = tally.NO_FIGURES
    ballots: int = 0


NOTHING = Counted()
NONE_KNOWN: Mapping[str, ActivityView] = {}


@dataclass(frozen=True)
class Beside:
    """What stands beside the answers, by activity; only commands change it, votes do not."""

    hands: Mapping[str, tally.Figures]
    actions: Mapping[str, Sequence[ActionView]]
    kept: Mapping[str, str]  # the record that it has become


def beside(session: Session, activities: Sequence[Activity]) -> Beside:
    """The hands counted in those that have begun, and what has come of them."""
    begun = [activity.id for activity in activities if activity.status != ActivityStatus.DRAFT]
    return Beside(_hands(session, begun), actions_from(session, begun), kept_of(session, begun))


def activities_of(
    session: Session,
    activities: Sequence[Activity],
    there: Beside,
    known: Mapping[str, ActivityView] = NONE_KNOWN,
) -> tuple[ActivityView, ...]:
    """These activities as they stand now; those that are `known` are not read again."""
    rows = [activity for activity in activities if activity.id not in known]
    begun = [activity for activity in rows if activity.status != ActivityStatus.DRAFT]
    entries = _entries(session, [activity.id for activity in rows])
    merged = {
        activity.id: found
        for activity in begun
        if kind_of(activity.kind).merges and (found := merging.roots(entries.get(activity.id, ())))
    }
    counted = _figures(session, begun, merged)
    prepared = [
        _prepared(
            activity,
            entries.get(activity.id, []),
            counted.get(activity.id, {}),
            there.hands.get(activity.id),
            there.actions.get(activity.id, ()),
            there.kept.get(activity.id, ""),
        )
        for activity in rows
    ]
    results = computing.results([job for view, job in prepared if job is not None])
    made = {view.id: _with_results(view, job, results) for view, job in prepared}
    views = {a.id: known[a.id] if a.id in known else made[a.id] for a in activities}
    return tuple(_with_previous(view, views) for view in views.values())


def _with_previous(view: ActivityView, views: dict[str, ActivityView]) -> ActivityView:
    before = views.get(view.previous_id or "") or _asked_before(view, views.values())
    return replace(view, previous=before) if before else view


def _asked_before(view: ActivityView, views: Iterable[ActivityView]) -> ActivityView | None:
    """The last of its kind that was asked before it, where the kind looks back."""
    at = view.opened_at
    if not view.logic.looks_back or at is None:
        return None
    earlier = [v for v in views if v.kind == view.kind and v.opened_at and v.opened_at < at]
    return max(earlier, key=lambda v: v.opened_at or 0, default=None)


def _with_results(
    view: ActivityView, job: computing.Job | None, results: dict[str, computing.Results]
) -> ActivityView:
    """One broken activity must not take the room with it; the frame says "result unavailable"."""
    if job is None:
        return view
    if view.id not in results:
        return replace(view, failed=True)
    phones, tables, hands = results[view.id]
    return replace(view, result=phones, tables=tables, hands=hands)


def _prepared(
    activity: Activity,
    entries: list[EntryView],
    given: dict[Source, Counted],
    hands: tally.Figures | None,
    acted: Sequence[ActionView],
    kept: str,
) -> tuple[ActivityView, computing.Job | None]:
    """An activity without its results, and what computes them."""
    logic = kind_of(activity.kind)
    options = tuple(e for e in entries if e.position) if logic.asks_options else ()
    actions = tuple(acted)
    phones, tables = given.get(Source.PHONES, NOTHING), given.get(Source.TABLES, NOTHING)
    failed = False
    try:
        config = logic.Config.model_validate(activity.config)
    except ValidationError:
        config, failed = logic.Config(), True
    untold: frozenset[str] = frozenset()

    def compute() -> computing.Results:
        counted = tuple(entry for entry in entries if entry.id not in untold)
        shown = (
            phones.figures if Source.PHONES in view.told else tally.NO_FIGURES,
            tables.figures if Source.TABLES in view.told else None,
            hands,
        )
        return tuple(logic.result(config, counted, f) if f else None for f in shown)

    view = ActivityView(
        id=activity.id,
        kind=activity.kind,
        title=activity.title,
        status=activity.status,
        mode=activity.mode,
        revealed=activity.revealed,
        live=activity.live,
        round=activity.round,
        config=config,
        stage=activity.stage,
        block_id=activity.block_id,
        previous_id=activity.previous_id,
        version=activity.version,
        options=options,
        answered=phones.figures.answered,
        with_tables=phones.figures.answered + tables.figures.answered,
        table_phones=tables.ballots,
        scrubbed=activity.scrubbed,
        opened_at=activity.opened_at,
        closed_at=activity.closed_at,
        failed=failed,
        actions=actions,
        kept_as=kept,
    )
    if logic.moderated:
        told_apart = logic.by_source and not logic.shared_writing
        if told_apart:
            untold = _untold(view, given)
        prepared = {option.id for option in options}
        written = tuple(e for e in entries if e.id not in prepared and e.id not in untold)
        apart = sum(e.state == EntryState.VISIBLE and e.merged_into is None for e in written)
        view = replace(view, entries=written, written=apart)
    return view, None if activity.status == ActivityStatus.DRAFT else (activity.id, compute)


def _untold(view: ActivityView, given: dict[Source, Counted]) -> frozenset[str]:
    """Entries that only those have marked whose figures are not told: nor are their words."""
    told: set[str] = set()
    untold: set[str] = set()
    for source, counted in given.items():
        marked = {entry_id for entry_id, _ in counted.figures.counts}
        (told if source in view.told else untold).update(marked)
    return frozenset(untold - told)


def _entries(session: Session, activity_ids: Sequence[str]) -> dict[str, list[EntryView]]:
    if not activity_ids:
        return {}
    found: dict[str, list[EntryView]] = defaultdict(list)
    for activity_id, *columns in session.execute(answers_sql.ENTRIES, {"ids": activity_ids}):
        found[activity_id].append(EntryView(*columns))
    return found


def _figures(
    session: Session, activities: Sequence[Activity], merged: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[Source, Counted]]:
    """Counts of every activity by source: one select for all kinds, over ballots or what they
    became. `merged`: by activity, which entries stand for which."""
    ids = [activity.id for activity in activities]
    if not ids:
        return {}
    rows: dict[tuple[str, bool], list[tuple[str, int, int]]] = defaultdict(list)
    scrubbed = {activity.id for activity in activities if activity.scrubbed}
    parts = {
        activity_id: {*root_of, *root_of.values()}
        for activity_id, root_of in merged.items()
        if activity_id not in scrubbed  # else each counts once already
    }
    marks = session.execute(answers_sql.MARKS, {"ids": ids})
    for activity_id, entry_id, value, table, count in marks:
        if entry_id not in parts.get(activity_id, ()):
            rows[activity_id, bool(table)].append((entry_id, value, int(count)))
    for activity_id in parts:
        found = merging.merged_marks(session, activity_id, merged[activity_id])
        for entry_id, value, table, count in found:
            rows[activity_id, table].append((entry_id, value, count))
    answered = _answered(session, activities)
    teams = _by_team(session, activities)
    return {
        activity.id: {
            source: Counted(
                replace(
                    tally.figures(answered[activity.id, table][0], rows[activity.id, table]),
                    teams={} if table else teams.get(activity.id, {}),
                ),
                _ballots(activity, answered[activity.id, table], rows[activity.id, table]),
            )
            for source, table in ((Source.PHONES, False), (Source.TABLES, True))
        }
        for activity in activities
    }


def _by_team(
    session: Session, activities: Sequence[Activity]
) -> dict[str, dict[str, dict[tuple[str, int], int]]]:
    """By activity and team, of phones: written down when the ballots became counts."""
    ids = [one.id for one in activities if one.scrubbed and kind_of(one.kind).by_team]
    found: dict[str, dict[str, dict[tuple[str, int], int]]] = {}
    if not ids:
        return found
    for activity_id, team_id, entry_id, value, count in session.execute(
        answers_sql.TEAM_MARKS, {"ids": ids}
    ):
        found.setdefault(activity_id, {}).setdefault(team_id, {})[entry_id, value] = count
    return found


def _ballots(
    activity: Activity, answered: tuple[int, int], rows: Sequence[tuple[str, int, int]]
) -> int:
    """Of a source. Scrubbing kept no figures of what may not be told; then one is too few too."""
    people, ballots = answered
    if not activity.scrubbed:
        return ballots
    return people if rows or not people else 1


def _answered(
    session: Session, activities: Iterable[Activity]
) -> dict[tuple[str, bool], tuple[int, int]]:
    """By activity and whether at a table: how many people, by how many ballots."""
    counts: dict[tuple[str, bool], tuple[int, int]] = defaultdict(lambda: (0, 0))
    by_lane: dict[str | None, list[str]] = defaultdict(list)
    for activity in activities:
        by_lane[kind_of(activity.kind).lane_counted(activity.stage)].append(activity.id)
    for lane, ids in by_lane.items():
        if lane is None:
            found = session.execute(answers_sql.ANSWERED_AT_ALL, {"ids": ids})
        else:
            found = session.execute(answers_sql.ANSWERED_IN_LANE, {"ids": ids, "lane": lane})
        for activity_id, table, people, number in found:
            counts[activity_id, bool(table)] = int(people), int(number)
    for activity in activities:
        if activity.scrubbed:
            for table, people in ((False, activity.answered), (True, activity.answered_people)):
                counts[activity.id, table] = people or 0, 0
    return counts


def _hands(session: Session, activity_ids: Sequence[str]) -> dict[str, tally.Figures]:
    if not activity_ids:
        return {}
    rows: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for activity_id, *hand in session.execute(answers_sql.HANDS, {"ids": activity_ids}):
        rows[activity_id].append(tuple(hand))
    return {
        activity_id: tally.figures(sum(count for _, _, count in found), found)
        for activity_id, found in rows.items()
    }
