"""The story and how it is told (P10, P11, P15): narrative, themes, messages, cases, channels."""

from collections import Counter

from app.rules import frames
from app.rules.findings import Finding
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.measures import (
    NOT_BEGUN,
    SHORT,
    TOO_FEW,
    Measured,
    all_of,
    counted,
    counted_for_each,
    each,
    from_findings,
    lacks,
)
from app.rules.plan_check.rule import Rule


def _told_to_each(facts: Facts) -> Measured:
    """Each segment is told what a core message means for its role, process and priorities."""
    if not facts.consequences:
        return Measured(NOT_BEGUN)
    told = {one.segment_id for one in facts.consequences if one.process and one.priorities}
    found = (
        Finding("no_consequence", where=one.id) for one in facts.segments if one.id not in told
    )
    return from_findings(found, facts.segments)


def _repeated(facts: Facts) -> Measured:
    repeated = {message for block in facts.blocks for message in block.message_ids}
    return counted_for_each(facts.messages, dict.fromkeys(repeated, 1), (1, 1))


def _journeys(facts: Facts) -> Measured:
    """One of the cases follows a customer."""
    have, want = (
        sum(one.kind == "customer_journey" for one in facts.cases),
        frames.CUSTOMER_JOURNEYS,
    )
    if facts.cases and not have:
        return Measured(SHORT, 0, want, (Finding(TOO_FEW, 0, want),))
    return counted(have, want)


STORY = (
    Rule(
        "narrative.one",
        "narratives",
        lambda f: counted(
            sum(one.level == "organisation" for one in f.narratives), frames.NARRATIVES
        ),
    ),
    Rule(
        "narrative.levels",
        "narratives",
        lambda f: all_of(frames.NARRATIVE_LEVELS, {one.level for one in f.narratives}),
    ),
    Rule(
        "narrative.examples",
        "narratives",
        lambda f: each(
            f.narratives, lacks("customer_example", "operations_example", "culture_example")
        ),
    ),
    Rule(
        "narrative.points",
        "supporting-points",
        lambda f: counted(len(f.points), frames.SUPPORTING_POINTS),
    ),
    Rule("messages.count", "messages", lambda f: counted(len(f.messages), frames.MESSAGES)),
    Rule(
        "messages.per_theme",
        "messages",
        lambda f: counted_for_each(
            f.themes, Counter(one.theme_id for one in f.messages), frames.MESSAGES_PER_THEME
        ),
    ),
    Rule("messages.repeated_by_a_block", "messages", _repeated),
    Rule("messages.consequences", "consequences", _told_to_each),
    Rule(
        "themes.pages",
        "theme-pages",
        lambda f: counted_for_each(
            f.themes, Counter(one.theme_id for one in f.pages), frames.PAGES_PER_THEME
        ),
    ),
    Rule("cases.count", "cases", lambda f: counted(len(f.cases), frames.CASES)),
    Rule("cases.journey", "cases", _journeys),
    Rule(
        "cases.stated",
        "cases",
        lambda f: each(f.cases, lacks("goal_id", "owner_id", "today", "afterwards")),
    ),
    Rule("faq.answered", "faq", lambda f: each(f.faq, lacks("answer"))),
    Rule("glossary.explained", "glossary", lambda f: each(f.terms, lacks("meaning", "example"))),
)
COMMUNICATION = (
    Rule("channels.reach", "channels", lambda f: each(f.channels, lacks("reach", "owner_id"))),
    Rule(
        "communication.days",
        "communication-steps",
        lambda f: all_of(frames.STEPS, {one.day for one in f.steps}),
    ),
    Rule(
        "communication.stated",
        "communication-steps",
        lambda f: each(f.steps, lacks("due", "channel_id", "segment_id", "owner_id")),
    ),
)
