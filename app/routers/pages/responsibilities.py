"""Who is responsible for which part of the plan: the table and form."""

from app.i18n import mark
from app.operations.entities import RESPONSIBILITIES
from app.routers.pages.plan_parts import TAB
from app.routers.pages.records import Empty, RecordPages, record_pages

PAGES = RecordPages(
    RESPONSIBILITIES,
    "responsibilities",
    empty=Empty(
        mark("Nobody has a part yet"),
        mark("Say for each part of the plan who sees to it, by when, and what is still open."),
        "users",
    ),
    tab=TAB,
)

router = record_pages(PAGES)
