"""How to write whom it concerns, and who carries it: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "stakeholders": Guidance(
        purpose=mark(
            "Who can help or stop it, and to whom it matters. For each: what they need, and how "
            "they are involved before, on and after the day. A group with much influence and no "
            "part in it is the classic pitfall."
        ),
        figure=mark("Every one with influence and interest; involvement before, during and after."),
        customer=mark("Customers in the country: eight interviews before the day."),
        product=mark(
            "Developers: show the new flow themselves, and a demonstration every other week."
        ),
        operations=mark(
            "The municipalities: a meeting before, the dates the same afternoon, a common trial "
            "after."
        ),
    ),
    "segments": Guidance(
        purpose=mark(
            "Audiences that expect the same thing of the kickoff. Messages and steps are "
            "addressed to them, so three or four are enough."
        ),
        figure=mark("Leaders, teams and partners at least, each with its expectations."),
        customer=mark(
            "Those who meet customers: want clear answers to give, and time to give them."
        ),
        product=mark("Specialists in product: want to know what is decided, and that it lasts."),
        operations=mark("Suppliers: want the dates early, and one person to talk with."),
    ),
    "sponsors": Guidance(
        purpose=mark(
            "A sponsor lends the change weight and is seen doing so. Write what they commit to "
            "after the day: people watch what leaders do when the stage is gone."
        ),
        figure=mark(
            "Each with a commitment after the day and with appearances in plenary and in groups."
        ),
        customer=mark("Takes customers' calls two hours every Friday."),
        product=mark("Shows progress every other week, also when there is none."),
        operations=mark("Joins one standup a week, at a new place each time."),
    ),
    "appearances": Guidance(
        purpose=mark(
            "Where a sponsor is seen, and why. Small groups count more than the stage: there "
            "people dare to ask."
        ),
        figure=mark("In plenary and in groups for every sponsor, planned and then held."),
        customer=mark("An afternoon on duty in the customer centre."),
        product=mark("Opens the demonstration of the inbox."),
        operations=mark("Standup with the network team."),
    ),
    "ambassadors": Guidance(
        purpose=mark(
            "Colleagues whom others listen to, who carry the story on where you are not. Train "
            "them before the day; give them an easy way to send questions back."
        ),
        figure=mark(
            "5–7 from sales, product, operations and HR, trained in messages, FAQ and a 3-minute "
            "pitch."
        ),
        customer=mark("An adviser whom the others ask when they are stuck."),
        product=mark("A designer who has met the customers."),
        operations=mark("A technician who knows all shifts."),
    ),
    "dry-runs": Guidance(
        purpose=mark(
            "Middle managers are asked first, so they rehearse first: the message in their own "
            "words, and the hard questions. Write down what you learnt and change the plan."
        ),
        figure=mark("45 minutes, with questions and answers, before the day."),
        customer=mark("“Will there be fewer of us in the customer centre?”"),
        product=mark("“Which of our projects are stopped?”"),
        operations=mark("“Who is on duty while we are trained?”"),
    ),
}
