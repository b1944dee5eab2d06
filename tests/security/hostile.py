"""Texts as people with bad intentions write them, and a plan in which every text is one of them."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from app.models.fields import meta_of
from app.models.text import PROSE_MAX, clean_line
from app.operations.entities import (
    CAUSE_EFFECT_LINKS,
    CHECK_INS,
    PLAN,
    READINGS,
    REFERRED,
    RESPONSIBILITIES,
    Entity,
)
from app.operations.records import references_of

# `caught` is a function that the browser's test watches, and an element that no page of ours has.
HOSTILE = (
    "<script>caught()</script>",
    '"><img src=x onerror=caught()>',
    "' onmouseover='caught()' autofocus onfocus='caught()",
    "`><svg onload=caught()>",
    "</script><script>caught()</script>",
    "</title><caught>",
    "</text></svg><caught onclick=caught()>",
    "<svg><style>*{display:none}</style><a xlink:href=javascript:caught()>x</a></svg>",
    "<image href=http://evil.example/x.png />",
    "<iframe srcdoc='<script>parent.caught()</script>'>",
    "javascript:caught()",
    "[her](javascript:caught())",
    "{{ 7 * 7 }}{% include 'caught' %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "<!channel> <@U123> @everyone",
    "<!--caught ]]> <![CDATA[ --!>",
    "&lt;b&gt;caught&amp;lt;",
    "a\r\nSet-Cookie: caught=1\r\n\r\n<caught>",
    "\u202egnp.exe\u2066caught",
    "a\u2028caught()\u2029",
    "Z\u0351\u036b\u0343\u036a\u0302a\u0343\u036a\u0302\u034al\u0351g\u036bo" * 6,
    "Menneskerettighetsorganisasjonskomite" * 5,
    '=HYPERLINK("http://evil.example/";"caught")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '#import "caught": * #panic() $x$ @caught <caught>',
    "../../etc/passwd%00.html%0d%0aX: y",
    "Ærlig talt: Ås, Øygarden, 東京 🎯 العربية",
)
# As many, and nothing in them that any language but Norwegian would read.
PLAIN = tuple(f"Et helt vanlig ord {number} i planen" for number in range(len(HOSTILE)))

_FREE = {"", "area"}


def stored(text: str) -> str:
    """How it comes back from a field of one line."""
    return clean_line(text)


def planted(api: httpx.Client, texts: Sequence[str]) -> str:
    """A new kickoff in which every free text is one of these. Its id."""
    fields = ("purpose", "vision", "challenge", "audience", "sponsor", "venue")
    kickoff = dict(zip(fields, texts, strict=False))
    made = api.post("/api/v1/kickoffs", json={"title": texts[1], "day": "2027-01-12"} | kickoff)
    assert made.status_code == 201, made.text
    where = f"/api/v1/kickoffs/{made.json()['id']}"
    ids: dict[str, list[str]] = {}
    for entity in PLAN:
        if entity is RESPONSIBILITIES:  # one a part of the plan, and a part is not written
            continue
        items = [_record(entity, texts, number, ids) for number in range(len(texts))]
        answer = api.post(f"{where}/{entity.name}/bulk", json={"items": items})
        assert answer.status_code == 201, (entity.name, answer.text)
        ids[entity.name] = [one["id"] for one in answer.json()["items"]]
    return str(made.json()["id"])


def free_texts(entity: Entity) -> Iterator[tuple[str, int]]:
    """The fields in which one may write what one likes, and how much of it."""
    for name, info in entity.fields.model_fields.items():
        meta = meta_of(entity.fields, name)
        if meta and meta.widget in _FREE and not meta.choices and info.annotation is str:
            bounds = [getattr(one, "max_length", None) for one in info.metadata]
            yield name, min(bound for bound in [*bounds, PROSE_MAX] if bound)


def _record(
    entity: Entity, texts: Sequence[str], number: int, ids: dict[str, list[str]]
) -> dict[str, Any]:
    made: dict[str, Any] = {name: texts[number][:most] for name, most in free_texts(entity)}
    for name in references_of(entity):
        meta = meta_of(entity.fields, name)
        others = ids.get(REFERRED[meta.widget].name) if meta and meta.widget in REFERRED else None
        if others and name != entity.acyclic and meta:
            made[name] = [others[number]] if meta.several else others[number]
    if entity in (READINGS, CHECK_INS):
        made["value"] = number
    if entity is CAUSE_EFFECT_LINKS:
        ends = {"cause_goal_id", "effect_kpi_id"}
        made = {name: value for name, value in made.items() if name in ends or "_id" not in name}
    return made
