"""How to write what is told, and how it is repeated: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "narratives": Guidance(
        purpose=mark(
            "One story that people can retell, at three levels: why the organisation does this, "
            "what my team does, what I do. From what is hard today, through what we choose, to "
            "what will be different."
        ),
        figure=mark(
            "1 narrative at 3 levels, each with an example from customer value, operations and "
            "culture."
        ),
        customer=mark("The cottage owner who got three answers to one question."),
        product=mark("The family that moved its hot water to the night."),
        operations=mark("The storm in which 31 called, where 640 had called before."),
    ),
    "supporting-points": Guidance(
        purpose=mark(
            "What makes the story credible: facts and reasons that stand when somebody doubts."
        ),
        figure=mark("3: why it is needed, why we can do it, what we stop doing."),
        customer=mark("4,100 customers left; 43 per cent were tired of waiting."),
        product=mark("What we need exists already, in parts of the house."),
        operations=mark("Three projects are stopped: eleven man-years are free."),
    ),
    "themes": Guidance(
        purpose=mark(
            "What the day is about, in a few headings. A theme has one page to show and few "
            "sentences to remember. What needs more goes into the handout."
        ),
        figure=mark("1 page and at most 3 core messages for each."),
        customer=mark("An answer the same day."),
        product=mark("An invoice that explains itself."),
        operations=mark("Warned before you ask."),
    ),
    "theme-pages": Guidance(
        purpose=mark(
            "The one page of a theme, made for those in the back row: a heading that says it, and"
            " a few short lines. If you must read it aloud, it is too long."
        ),
        figure=mark("1 for each theme."),
        customer=mark("From eleven days to one."),
        product=mark("Three sentences at the top of every invoice."),
        operations=mark("Eight minutes from outage to warning."),
    ),
    "messages": Guidance(
        purpose=mark(
            "A sentence that people can repeat on Monday without looking at it. It is said in the"
            " same words every time, in at least one block of the day."
        ),
        figure=mark("3–5 in all, at most 3 on a theme."),
        customer=mark("Customers have a clear answer the same day."),
        product=mark("Whoever answers owns the case until it is solved."),
        operations=mark("We tell before they ask."),
    ),
    "consequences": Guidance(
        purpose=mark(
            "What a message means for an audience: for its role, how it works and what comes "
            "first. “For you this means …” is what people listen for."
        ),
        figure=mark("Role, process and priorities for every audience."),
        customer=mark("Those who meet customers: you may refund up to 2,000 kroner yourself."),
        product=mark("Product: no text goes out before five customers have read it."),
        operations=mark(
            "Leaders: a quarter of an hour at the figure every week, in place of the monthly "
            "report."
        ),
    ),
    "cases": Guidance(
        purpose=mark(
            "A concrete story from a working day: how it goes now, and how it goes when you have "
            "succeeded. It ties the strategy to what people do."
        ),
        figure=mark("3, one of them a customer's journey; followed up at day 30, 60 and 90."),
        customer=mark("New in the cottage: from moving in to the first invoice."),
        product=mark("The gap in the figures that never reached the invoice."),
        operations=mark("An outage on a Friday night."),
    ),
    "case-effects": Guidance(
        purpose=mark(
            "What came of a case, looked at together with those who work there: better, as before "
            "or worse for the customer, in time and in quality, with something anybody can check."
        ),
        figure=mark("Each case at day 30, 60 and 90."),
        customer=mark("Nine of ten new cottage owners got a right first invoice in May."),
        product=mark("The check found 41 gaps in April; none of them reached an invoice."),
        operations=mark("The warning went out after six minutes on Friday, with a time of repair."),
    ),
    "faq": Guidance(
        purpose=mark(
            "The questions that you hope nobody asks, as those who doubt would put them, each "
            "with the one answer that everybody gives. While questions come in on the day, the "
            "answers are suggested."
        ),
        figure=mark("Every critical question, with an answer and somebody who answers for it."),
        customer=mark("What if I give a customer money back and am wrong?"),
        product=mark("We have had a common inbox before. What is different?"),
        operations=mark("What do we do when the system is down?"),
    ),
    "glossary": Guidance(
        purpose=mark(
            "Words that everybody uses and few mean the same by. Explain them once, with an "
            "example from your own house."
        ),
        figure=mark("Goal, strategy, action and KPI at least, each with an example."),
        customer=mark("Goal: customers have an answer the same day."),
        product=mark("Action: try the text on five customers by the 12th."),
        operations=mark("Strategy: warn of faults instead of answering about them."),
    ),
}
