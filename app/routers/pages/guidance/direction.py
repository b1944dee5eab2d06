"""How to write goals, moves, KPIs and what leads to what: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "goals": Guidance(
        purpose=mark(
            "A goal says what is so when you have succeeded, not what you do to get there. A "
            "result goal says what is delivered, an effect goal what changes because of it. Write"
            " it so that a stranger could tell whether it is met."
        ),
        figure=mark(
            "3–5 strategic goals under one vision, each with an owner, the five SMART criteria "
            "and those who were involved."
        ),
        customer=mark("Nine of ten customers have an answer the same day, by June."),
        product=mark("Every new function is tried on five customers before it is released."),
        operations=mark("Faults in the network are announced before anybody calls."),
    ),
    "strategic-moves": Guidance(
        purpose=mark(
            "A strategic move is a choice: what you do differently from now on to reach the goal."
            " “From … to …” makes it clear. If nobody could mean the opposite, it is not a "
            "choice."
        ),
        figure=mark("2 for each goal."),
        customer=mark(
            "From handing the case on to owning it until the customer says that it is solved."
        ),
        product=mark("From many small releases to few that are tried on customers."),
        operations=mark("From answering about faults to warning of them."),
    ),
    "kpis": Guidance(
        purpose=mark(
            "A KPI is the figure that tells whether you are on your way: where it is today, where"
            " it is to be, and by when. Choose what customers would notice, and what you can read"
            " often."
        ),
        figure=mark("1–3 for each sub-goal; the 3–5 most important are on the strategy map."),
        customer=mark("Days from question to answer: from 11 to 1."),
        product=mark("Customers who use the new function every week: from 6,000 to 20,000."),
        operations=mark("Cycle time from order to done: from 14 days to 5."),
    ),
    "readings": Guidance(
        purpose=mark(
            "A reading is what a KPI stood at on a day. Read at the same time each week, and "
            "write down what explains a jump."
        ),
        figure=mark("At least one before the day, so that everybody starts from the same figure."),
        customer=mark("Satisfaction, 68: the half-yearly survey, 1,840 answers."),
        product=mark("Weekly users, 6,000: after the release in week 14."),
        operations=mark("Faults corrected, 3.5 per cent: meters were changed that month."),
    ),
    "cause-effect-links": Guidance(
        purpose=mark(
            "Each arrow of the strategy map is a claim: this leads to that, because … Draw from "
            "what you do to what customers notice. An arrow nobody can give a reason for should "
            "not be there."
        ),
        figure=mark("One page: every goal is reached from something you do."),
        customer=mark("Fewer handovers → answer the same day, because each one costs two days."),
        product=mark(
            "A text in plain language → fewer calls, because people understand the amount."
        ),
        operations=mark(
            "A check every night → correct invoices, because the gap is filled in time."
        ),
    ),
}
