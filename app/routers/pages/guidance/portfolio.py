"""How to write what comes first, and what it takes: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "focus-areas": Guidance(
        purpose=mark(
            "What comes first when there is not time for everything. The order is the message: "
            "say why the first comes before the second, and what you leave."
        ),
        figure=mark("3, in order, each with a reason."),
        customer=mark("Response time first: this is where customers leave us."),
        product=mark("Then the invoice: every third call is about it."),
        operations=mark("Then authority in the first line: it works when there is one inbox."),
    ),
    "initiatives": Guidance(
        purpose=mark(
            "An initiative is work that is set going to reach a goal. Say whose people it takes "
            "and how many, what they must know, what it costs and what must be done first. Then "
            "you see whether the plan fits in the house."
        ),
        figure=mark(
            "Capacity, competence, budget and dependencies for each; no team gives more than it "
            "has."
        ),
        customer=mark("One inbox: three people from product for eight weeks."),
        product=mark("Consumption by the hour: waits until the measurements have no gaps."),
        operations=mark("Warnings by phone: three from operations, and the help of product."),
    ),
    "pilots": Guidance(
        purpose=mark(
            "A pilot is an initiative tried small, so that you can learn before it is expensive. "
            "Write down beforehand what you believe will happen; afterwards one note of what did,"
            " and what you decide."
        ),
        figure=mark("2 by day 60, each with one learning note and a decision."),
        customer=mark(
            "If six in the customer centre may refund, two of three cases end in the first call."
        ),
        product=mark("If a customer sees one piece of advice at a time, a third follow it."),
        operations=mark(
            "If 400 households are warned within ten minutes, fewer than one in ten call."
        ),
    ),
}
