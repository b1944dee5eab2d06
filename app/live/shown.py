"""What stands on the stage in an activity's place, and the steps of a block's program, as frozen
views."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from app.models.activities import ActivityStatus
from app.outputs.on_stage import EMPTY, PART, StagePicture

PAGE, SLIDE, PICTURE, ACTIVITY = "page", "slide", "picture", "activity"


@dataclass(frozen=True)
class StepView:
    """One step of the program. `key` is what it is shown by; `title` of a picture is a message id.
    `of` is the theme or the deck that it belongs to, `number` its place there, `part` the key in
    the program under which it stands."""

    key: str
    kind: str
    title: str
    of: str = ""
    number: int = 1
    part: str = ""

    @property
    def id(self) -> str:
        """Of an activity; of a page or a deck; a picture's code."""
        return self.key.split(":")[1]


@dataclass(frozen=True)
class ShownView:
    """What stands on the stage in an activity's place. `points` are a page's lines, `text` what is
    said on a slide; `drawn` is a picture, by language. `focus` is what of it is shown or lit."""

    key: str
    kind: str
    title: str
    of: str = ""
    number: int = 1
    many: int = 1  # slides of the deck, pages of the theme
    points: tuple[str, ...] = ()
    text: str = ""
    width: int = 0
    height: int = 0
    focus: str = ""
    drawn: Mapping[str, StagePicture] = field(default_factory=dict, compare=False)
    as_of: str = ""  # the last change of the plan that a picture knows of

    @property
    def id(self) -> str:
        return self.key.split(":")[1]

    def picture(self, language: str) -> StagePicture:
        return self.drawn.get(language, EMPTY)

    def html(self, language: str) -> Markup:
        return self.picture(language).seen(self.focus)

    def page(self, language: str) -> Markup:
        return Markup(self.picture(language).page)  # noqa: S704 -- our fragment, escaped as rendered

    @property
    def parts(self) -> int:
        """Into how many parts a picture falls that cannot be read as a whole."""
        return max((len(one.parts) for one in self.drawn.values()), default=0)

    @property
    def part(self) -> int:
        """Which of them is shown, from 0; -1 for the whole."""
        return max((one.part_of(self.focus) for one in self.drawn.values()), default=-1)

    def focus_after(self, steps: int) -> str | None:
        """The focus of the next part or the one before; None where there is none."""
        to = self.part + steps
        if not -1 <= to < self.parts:
            return None
        return f"{PART}{to}" if to >= 0 else ""


def is_ahead(activities: Mapping[str, str], step: StepView) -> bool:
    """Whether it is an activity, by its status, that nobody has been asked yet."""
    return (
        step.kind == ACTIVITY
        and activities.get(step.id, ActivityStatus.DRAFT) == ActivityStatus.DRAFT
    )
