"""How to write risks, decisions and assumptions: for each part, in plain language."""

from app.i18n import mark
from app.routers.pages.guidance.guidance import Guidance

GUIDANCE = {
    "risks": Guidance(
        purpose=mark(
            "What may happen, how likely it is and how serious, and what you do about it. "
            "Opportunities belong here too. A risk that nobody owns is a worry, not a plan."
        ),
        figure=mark(
            "For delivery, capacity and dependency; each with a measure, an owner and a date."
        ),
        customer=mark("Warnings come too often and are switched off."),
        product=mark("Customers' data are in three systems."),
        operations=mark("The customer centre is short of people in January."),
    ),
    "decisions": Guidance(
        purpose=mark(
            "What was decided, by whom, and from when it holds. Write it down as it falls; when "
            "it changes, supersede it, so that everybody sees what held before."
        ),
        figure=mark("Owner and date on each."),
        customer=mark("E-mail to single persons is no longer answered from March."),
        product=mark("The campaign's money goes to advice for one house at a time."),
        operations=mark("The control room sends the warnings itself."),
    ),
    "assumptions": Guidance(
        purpose=mark(
            "What the plan takes for granted. Choose those that would overturn it if they were "
            "wrong, and say who looks, and by when."
        ),
        figure=mark("Somebody who looks, and a date, on each."),
        customer=mark("Nine of ten customers have given us their phone number."),
        product=mark("The supplier's interface stays as it is until the autumn."),
        operations=mark("The night shift can send warnings beside its other work."),
    ),
}
