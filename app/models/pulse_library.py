"""Questions that are ready to be asked, by theme, in our own words.

A question that is taken as it stands here is read in the language of whoever answers it. One that
was rewritten is read as it was written.
"""

from dataclasses import dataclass
from functools import cache

from app.i18n import LANGUAGES, gettext, mark, speaking
from app.models.pulses import Form, Theme


@dataclass(frozen=True)
class Ready:
    """`text` is a message id."""

    code: str
    theme: Theme
    form: Form
    text: str


LIBRARY = (
    Ready("goals_know", Theme.GOALS, Form.FIVE,
          mark("I know what we are to have reached by the end of the 90 days.")),
    Ready("goals_mine", Theme.GOALS, Form.FIVE,
          mark("I can say what the goals mean for what I do this week.")),
    Ready("goals_choose", Theme.GOALS, Form.FIVE,
          mark("When two tasks compete, the goals tell us which comes first.")),
    Ready("progress_forward", Theme.PROGRESS, Form.FIVE,
          mark("In the last two weeks we came closer to our key results.")),
    Ready("progress_reach", Theme.PROGRESS, Form.SEVEN,
          mark("I believe that we reach what we have promised for the next milestone.")),
    Ready("progress_warning", Theme.PROGRESS, Form.WARNING,
          mark("Do you see something that may stop us, and that is not being dealt with?")),
    Ready("progress_obstacle", Theme.PROGRESS, Form.TEXT,
          mark("What stood most in your way these two weeks?")),
    Ready("well_being_fine", Theme.WELL_BEING, Form.FIVE,
          mark("I have felt fine at work these two weeks.")),
    Ready("well_being_say", Theme.WELL_BEING, Form.FIVE,
          mark("I can say that something goes wrong without it costing me anything.")),
    Ready("well_being_help", Theme.WELL_BEING, Form.FIVE,
          mark("Somebody helps me when I am stuck.")),
    Ready("capacity_time", Theme.CAPACITY, Form.FIVE,
          mark("I have the time that my part in this takes.")),
    Ready("capacity_pace", Theme.CAPACITY, Form.SEVEN,
          mark("We could keep up this pace for another three months.")),
    Ready("capacity_warning", Theme.CAPACITY, Form.WARNING,
          mark("Is anybody in your team about to carry too much?")),
    Ready("capacity_drop", Theme.CAPACITY, Form.TEXT,
          mark("What could we stop doing to make room for this?")),
    Ready("effect_notice", Theme.EFFECT, Form.FIVE,
          mark("I notice that what we have changed makes my day easier.")),
    Ready("effect_customers", Theme.EFFECT, Form.FIVE,
          mark("Our customers notice the difference already.")),
    Ready("effect_answered", Theme.EFFECT, Form.FIVE,
          mark("What we said in the last pulse led to something.")),
    Ready("effect_example", Theme.EFFECT, Form.TEXT,
          mark("Name one thing that works better than two weeks ago.")),
    Ready("engagement_worth", Theme.ENGAGEMENT, Form.FIVE,
          mark("This is worth the effort that I put into it.")),
    Ready("engagement_recommend", Theme.ENGAGEMENT, Form.TEN,
          mark("How likely are you to tell a colleague that this work is worth joining?")),
    Ready("engagement_shape", Theme.ENGAGEMENT, Form.SEVEN,
          mark("I can influence how we solve our part.")),
    Ready("friction_wait", Theme.FRICTION, Form.FIVE,
          mark("I get decisions when I need them.")),
    Ready("friction_teams", Theme.FRICTION, Form.FIVE,
          mark("Working with the other teams runs smoothly.")),
    Ready("friction_tools", Theme.FRICTION, Form.FIVE,
          mark("Tools and access do not slow me down.")),
    Ready("friction_one", Theme.FRICTION, Form.TEXT,
          mark("If you could take away one nuisance tomorrow, which would it be?")),
)  # fmt: skip
BY_CODE = {ready.code: ready for ready in LIBRARY}
# A first set: one of each theme, and room to say it in one's own words.
FIRST_SET = (
    "goals_mine", "progress_forward", "progress_warning", "well_being_fine", "capacity_time",
    "effect_notice", "engagement_recommend", "progress_obstacle",
)  # fmt: skip


def in_readers_words(text: str) -> str:
    """A question as whoever reads it reads it."""
    known = _message_ids().get(text)
    return gettext(known) if known else text


@cache
def _message_ids() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {gettext(ready.text): ready.text for ready in LIBRARY}
    return found
