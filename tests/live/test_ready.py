"""L13: what is ready-made can be asked and inserted as it is, in both languages.

Seen red: texts without their bokmål.
"""

import pytest

from app.i18n import gettext, speaking
from app.live.activity import Use, kind_of, ready_made
from app.live.prepared import ActivityFields
from app.live.ready import BLOCKS, Ready
from app.models.agenda import AgendaBlock
from app.models.faults import validated
from app.rendering import icon
from tests.live.conftest import Desk

ACTIVITIES = [(kind, ready) for those in ready_made().values() for kind, ready in those]
TEXTS = sorted(
    {
        *(block.title for block in BLOCKS),
        *(use.value for use in Use),
        *(
            text
            for _, one in ACTIVITIES
            for text in (one.label, one.title, *one.options, *one.said.values())
        ),
    }
)


def test_there_are_enough_of_both() -> None:
    assert len(ACTIVITIES) >= 20
    assert len(BLOCKS) >= 20
    assert len({(kind, one.label) for kind, one in ACTIVITIES}) == len(ACTIVITIES)
    assert len({block.title for block in BLOCKS}) == len(BLOCKS)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("kind, ready", ACTIVITIES, ids=lambda one: getattr(one, "label", one))
def test_an_activity_is_asked_as_it_is(desk: Desk, kind: str, ready: Ready, language: str) -> None:
    with speaking(language):
        asked = ready.asked(kind)
        asked["title"] = gettext(ready.title)
    asked.pop("open")
    validated(ActivityFields, asked)
    logic = kind_of(kind)
    assert ready.mode in logic.modes
    assert bool(asked["options"]) == (logic.asks_options and logic.fewest_options > 0)
    assert desk.activity(
        kind, mode=ready.mode, config=asked["config"], options=asked["options"], status="draft"
    )
    assert icon(ready.icon)


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_in_bokmaal(text: str) -> None:
    with speaking("nb"):
        assert gettext(text) != text


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.title)
def test_a_block_is_one_that_the_agenda_takes(block) -> None:
    made = AgendaBlock.model_validate(
        {"kickoff_id": "k", "title": block.title, "kind": block.kind, "minutes": block.minutes}
    )
    assert made.minutes == block.minutes
