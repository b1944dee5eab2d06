"""The method's day (P16): its blocks with minutes and purposes, each question block after what it
is about, and no two hours without a break."""

from collections.abc import Mapping
from typing import Any

from app.i18n import mark

Row = Mapping[str, Any]

# `key` is what the prepared activities refer to a block by.
BLOCKS: tuple[Row, ...] = (
    {
        "key": "opening",
        "title": mark("Opening: why now"),
        "kind": "opening",
        "minutes": 10,
        "purpose": mark("Everybody knows why we are here, what is expected of them, and the day."),
    },
    {
        "key": "keynote",
        "title": mark("The customer, and what must change"),
        "kind": "keynote",
        "minutes": 15,
        "purpose": mark("See the situation with the customer's eyes: market, facts, result gap."),
    },
    {
        "key": "asked_of_keynote",
        "title": mark("Questions to the speaker"),
        "kind": "questions_and_answers",
        "minutes": 5,
        "purpose": mark("Two questions from the phones, one from the hall."),
    },
    {
        "key": "strategy",
        "title": mark("Goals and choices"),
        "kind": "strategy",
        "minutes": 30,
        "purpose": mark("Three to five goals, the moves to reach them, and what we stop doing."),
    },
    {
        "key": "asked_of_strategy",
        "title": mark("Questions and answers"),
        "kind": "questions_and_answers",
        "minutes": 10,
        "purpose": mark("What is unclear becomes clear now."),
    },
    {
        "key": "coffee",
        "title": mark("Break"),
        "kind": "break",
        "minutes": 15,
    },
    {
        "key": "meaning",
        "title": mark("What do the goals mean for us?"),
        "kind": "interactive",
        "minutes": 50,
        "purpose": mark(
            "Each group says what the goals mean in its own days, and what is in the way."
        ),
    },
    {
        "key": "asked_of_meaning",
        "title": mark("What we still wonder about"),
        "kind": "questions_and_answers",
        "minutes": 5,
        "purpose": mark("The three questions with most votes are answered; the rest tomorrow."),
    },
    {
        "key": "demonstration",
        "title": mark("See how it works"),
        "kind": "demonstration",
        "minutes": 20,
        "purpose": mark("See the new way of working, with templates, checklists and flows."),
    },
    {
        "key": "asked_of_demonstration",
        "title": mark("Questions about what we saw"),
        "kind": "questions_and_answers",
        "minutes": 5,
        "purpose": mark("Everybody knows whom to ask when they try it themselves."),
    },
    {
        "key": "lunch",
        "title": mark("Lunch"),
        "kind": "break",
        "minutes": 45,
    },
    {
        "key": "sprint",
        "title": mark("Group sprint: the first deliverable"),
        "kind": "sprint",
        "minutes": 50,
        "purpose": mark("Each group leaves with one deliverable, one owner and one date."),
    },
    {
        "key": "risks",
        "title": mark("What may go wrong?"),
        "kind": "risk_discussion",
        "minutes": 25,
        "purpose": mark("The largest risks have a measure, an owner and a date."),
    },
    {
        "key": "second_coffee",
        "title": mark("Break"),
        "kind": "break",
        "minutes": 15,
    },
    {
        "key": "ownership",
        "title": mark("Ownership and next step"),
        "kind": "interactive",
        "minutes": 40,
        "purpose": mark("Names and dates on what we have promised."),
    },
    {
        "key": "asked_of_ownership",
        "title": mark("Last questions"),
        "kind": "questions_and_answers",
        "minutes": 5,
        "purpose": mark("Nobody goes home with a question that somebody here could answer."),
    },
    {
        "key": "closing",
        "title": mark("Closing"),
        "kind": "closing",
        "minutes": 15,
        "purpose": mark("What happens tomorrow, and who owns what."),
    },
)
