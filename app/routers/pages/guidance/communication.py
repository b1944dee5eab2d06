"""How to write where and when it is said: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "channels": Guidance(
        purpose=mark(
            "Where it is said, and how many it reaches. Use the channels people already follow; "
            "one that nobody reads reaches nobody."
        ),
        figure=mark("Town hall, e-mail, intranet and social media, each with its reach."),
        customer=mark("Social media, for customers and municipalities."),
        product=mark("The team's own channel, where releases are told."),
        operations=mark("The board in the control room, where every shift passes."),
    ),
    "communication-steps": Guidance(
        purpose=mark(
            "Who hears what on which day. A message has to be heard several times: repeat the "
            "same few, with news of how it goes. Afterwards write how many opened it, came, and "
            "what they said."
        ),
        figure=mark(
            "At least one on the day and at day 30, 60 and 90; measured by opens, attendance and "
            "feedback."
        ),
        customer=mark("Day 60: “Now we warn you when the power goes.”"),
        product=mark("Day 30: “The inbox is open: how you use it.”"),
        operations=mark("Day 90: what customers notice, told at the town hall."),
    ),
}
