"""How to write what is handed over, by whom and when: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "deliverables": Guidance(
        purpose=mark(
            "A deliverable is something that is handed over and can be pointed at. One named "
            "person owns it, others support it, and anybody can see when it is done."
        ),
        figure=mark(
            "3 are prioritised for the first 30 days, and confirmed by their owners before people"
            " leave."
        ),
        customer=mark("A checklist for the hard conversation, tried on twenty calls."),
        product=mark("An invoice that five of five customers can explain."),
        operations=mark("A warning on the phone within ten minutes, in two towns."),
    ),
    "raci": Guidance(
        purpose=mark(
            "Who does the work (R), who answers for it (A), who is asked before (C) and who is "
            "told afterwards (I). It is worth an argument now: it saves many later."
        ),
        figure=mark(
            "Exactly 1 A and at least 1 R for each deliverable; nobody carries more than 5 at once."
        ),
        customer=mark("The checklist: A the head of the customer centre, R two advisers."),
        product=mark("The invoice: A the controller, R the designer, C sales."),
        operations=mark(
            "The warning: A the head of operations, R a technician, I the customer centre."
        ),
    ),
    "milestones": Guidance(
        purpose=mark(
            "A milestone is a state, not an activity: what is so when it is reached. Write the "
            "done-criteria so that two who disagree would check the same thing."
        ),
        figure=mark(
            "At least one at day 30, 60 and 90, each with owner, deliverable, KPI and done-"
            "criteria."
        ),
        customer=mark("Day 30: no question is older than two days, three days in a row."),
        product=mark(
            "Day 60: the new invoice is with everybody, and fewer than 2,200 have called."
        ),
        operations=mark("Day 90: ten nights without a gap that is not explained by seven."),
    ),
    "actions": Guidance(
        purpose=mark(
            "An action is what one person does by a date. Begin with a verb, and make it small "
            "enough to be done in a week or two."
        ),
        figure=mark(
            "One named owner and a date on each; 80 per cent closed or replanned by day 90."
        ),
        customer=mark("Call ten customers who left, and ask why."),
        product=mark("Try the text of the invoice on five customers."),
        operations=mark("Send a warning at two planned outages."),
    ),
    "learnings": Guidance(
        purpose=mark(
            "A learning note says what went otherwise than planned, why, and what is done "
            "otherwise from now on. It blames nobody, and it is short."
        ),
        figure=mark("Each week's deviations are gone through; each pilot has one note by day 60."),
        customer=mark("Customers called twice: the text did not say when. Now it does."),
        product=mark("The pilot had no control group: the next one has."),
        operations=mark("Two outages came at once: the list is ordered by town now."),
    ),
    "objectives": Guidance(
        purpose=mark(
            "An objective says in plain words what is better for whom, without a figure. Each "
            "team writes its own against the launched goals; they are drafts until the team "
            "agrees."
        ),
        figure=mark(
            "3–5 for each team and for leadership, ready in 90 per cent of the teams by day 30."
        ),
        customer=mark("Whoever answers can help."),
        product=mark("One picture of the customer, whatever the screen."),
        operations=mark("Customers hear it from us first."),
    ),
    "key-results": Guidance(
        purpose=mark(
            "A key result is how you see that the objective is being met: from what to what, by "
            "when. It measures what came of the work, not that it was done."
        ),
        figure=mark("2–4 for each objective; at least 3 when a team is ready."),
        customer=mark("Cases that are closed by the first who answers: from 38 to 70 per cent."),
        product=mark("Fields that customers fill in: from 23 to 7."),
        operations=mark("Outages announced within ten minutes: from 22 to 90 per cent."),
    ),
    "check-ins": Guidance(
        purpose=mark(
            "A check-in says what a key result stands at today, and how sure its owner is that the "
            "target will be reached. Say it when you see it: a bad figure early is worth more than "
            "a good one late."
        ),
        figure=mark("One for each key result every second week at least."),
        customer=mark("51 per cent, confidence 6: two new advisers are not trained yet."),
        product=mark("14 fields left, confidence 8: legal has said yes to the shorter form."),
        operations=mark("40 per cent, confidence 4: the supplier has moved the delivery."),
    ),
}
