"""The risk picture on paper: the matrix, and below it who does what about each by when."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.risks import DEGREES, RISK_AREAS, RISK_KINDS, Risk, RiskState
from app.outputs.drawn import drawn
from app.outputs.papers.head import names_of, rows_of, short_day
from app.outputs.papers.registry import Paper

WEIGHTS = {"low": 1, "medium": 2, "high": 3}


def weight(risk: Risk) -> int:
    return WEIGHTS[risk.probability] * WEIGHTS[risk.consequence]


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    names = names_of(session, kickoff.id)
    degrees, kinds, areas = dict(DEGREES), dict(RISK_KINDS), dict(RISK_AREAS)
    standing = [one for one in rows_of(session, Risk, kickoff.id) if one.state == RiskState.OPEN]
    return {
        "title": _("Risks and opportunities"),
        "picture": drawn(session, kickoff, "risk-matrix").values,
        "rows": [
            {
                "title": risk.title,
                "risk": risk.kind == "risk",
                "kind": f"{_(kinds[risk.kind])} · {_(areas[risk.area])}",
                "probability": _(degrees[risk.probability]),
                "consequence": _(degrees[risk.consequence]),
                "measure": risk.mitigation,
                "owner": names.get(risk.owner_id or "", ""),
                "due": short_day(risk.due),
            }
            for risk in sorted(standing, key=lambda one: (-weight(one), one.id))
        ],
        "wording": {
            "risk": _("What may happen"),
            "probability": _("Probability"),
            "consequence": _("Consequence"),
            "measures": _("What is done about it"),
            "measure": _("Measure"),
            "owner": _("Owner"),
            "due": _("Due"),
            "empty": _("No open risks and no open opportunities"),
        },
    }


PAPER = Paper(
    "risks",
    mark("Risk picture"),
    mark("Risks and opportunities by probability and consequence, and who does what by when."),
    "shield-alert",
    50,
    _values,
    ("a4", "a3"),
    upright=False,
)
