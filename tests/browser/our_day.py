"""A short day made over REST, in the language of those who come: its room is still a lobby."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from app import clock
from tests.support.server import Server

# Title, kind, minutes, and what the block asks: kind, mode, settings, options.
Asked = tuple[str, str, dict[str, Any], tuple[str, ...]]
BLOCKS: tuple[tuple[str, int, tuple[Asked, ...]], ...] = (
    ("opening", 10, (("words", "anonymous", {"max": 2}, ()),)),
    ("keynote", 15, (("choice", "anonymous", {}, ("one", "two", "three")),)),
    (
        "interactive",
        50,
        (
            ("choice", "named", {"multiple": True, "max": 2}, ("a", "b", "c", "d")),
            ("open_text", "named", {"approval": True}, ()),
        ),
    ),
    ("break", 15, ()),
    ("closing", 15, (("scale", "anonymous", {"min": 1, "max": 5}, ()),)),
)

WORDS: dict[str, dict[str, Any]] = {
    "nb": {
        "title": "Vårsamling 2027",
        "venue": "Kaisalen, Bodø",
        "purpose": "Gå herfra med én ting hver gruppe gjør annerledes fra mandag.",
        "vision": "Enklest å være kunde hos.",
        "opening": "Hvorfor vi er her",
        "keynote": "Kunden som ventet elleve dager",
        "interactive": "Hva stopper oss i hverdagen?",
        "break": "Pause",
        "closing": "Det vi går hjem med",
        "problem": "«Jeg fikk tre ulike svar på det samme spørsmålet.»",
        "indicator": "Andel som får svar første gang: 61 % i dag, 85 % i juni",
        "notes": "Start presis. Si høyt at telefonene skal brukes.",
        "ask_words": "Hvilke ord tar du med deg inn i dette året?",
        "ask_choice": "Hvem skulle kunden ha møtt først?",
        "ask_several": "Hva stopper oss mest? Velg inntil to.",
        "ask_open_text": "Hva slutter gruppen din med fra mandag?",
        "ask_scale": "Jeg vet hva jeg skal gjøre annerledes fra mandag",
        "one": "En egen kontaktperson",
        "two": "En vakttelefon som svarer",
        "three": "En side som viser hvor saken står",
        "a": "For mange prosjekter på én gang",
        "b": "Kundedata i tre systemer",
        "c": "Uklart hvem som bestemmer",
        "d": "Opplæringen kommer etter lanseringen",
        "words": ("tempo, trygghet", "trygghet", "tempo, nysgjerrig"),
        "texts": ("Ukerapporten som ingen leser", "Møter uten beslutning", "Å klage på de andre"),
        "extra": "Mer om kundedata",
    },
    "en": {
        "title": "Spring gathering 2027",
        "venue": "Quay Hall, Bodø",
        "purpose": "Leave with one thing that each group does differently from Monday.",
        "vision": "The easiest company to be a customer of.",
        "opening": "Why we are here",
        "keynote": "The customer who waited eleven days",
        "interactive": "What holds us up day by day?",
        "break": "Break",
        "closing": "What we take home",
        "problem": "“I got three different answers to the same question.”",
        "indicator": "Answered the first time: 61 % today, 85 % in June",
        "notes": "Begin on time. Say aloud that the phones will be used.",
        "ask_words": "Which words do you take into this year?",
        "ask_choice": "Whom should the customer have met first?",
        "ask_several": "What holds us up most? Choose up to two.",
        "ask_open_text": "What does your group stop doing on Monday?",
        "ask_scale": "I know what I will do differently from Monday",
        "one": "A contact of their own",
        "two": "A phone that is answered",
        "three": "A page that shows where the case is",
        "a": "Too many projects at once",
        "b": "Customer data in three systems",
        "c": "Unclear who decides",
        "d": "Training comes after the launch",
        "words": ("pace, trust", "trust", "pace, curious"),
        "texts": (
            "The weekly report nobody reads",
            "Meetings without a decision",
            "Blaming others",
        ),
        "extra": "More about customer data",
    },
}
TEAMS = {"nb": ("Salg", "Produkt", "Drift"), "en": ("Sales", "Product", "Operations")}


@dataclass
class Day:
    """What was made; `asks` has the activities' ids by the name of their words ("ask_scale")."""

    server: Server
    words: dict[str, Any]
    kickoff_id: str = ""
    join_url: str = ""
    asks: dict[str, str] = field(default_factory=dict)

    @property
    def _secret(self) -> str:
        # Not the typed code: that one is nobody's once the day is over.
        return self.join_url.rstrip("/").rpartition("/")[2]

    def result(self, asked: str) -> dict[str, Any]:
        """The figures as a facilitator sees them, published or not."""
        with _api(self.server) as api:
            return _got(api.get(f"rooms/{self._secret}/activities/{self.asks[asked]}/result"))

    def state(self) -> dict[str, Any]:
        with _api(self.server) as api:
            return _got(api.get(f"rooms/{self._secret}"))

    def records(self, collection: str) -> list[dict[str, Any]]:
        """What stands in the plan: "actions"."""
        with _api(self.server) as api:
            found: list[dict[str, Any]] = _got(api.get(f"kickoffs/{self.kickoff_id}/{collection}"))[
                "items"
            ]
            return found


def made(
    server: Server,
    language: str,
    *,
    blocks: tuple[tuple[str, int, tuple[Asked, ...]], ...] = BLOCKS,
    words: dict[str, Any] | None = None,
) -> Day:
    """The short day, or one of other blocks whose `words` are told beside those of every day."""
    words = {**WORDS[language], **(words or {})}
    day = Day(server, words)
    with _api(server) as api:
        about = {name: words[name] for name in ("title", "venue", "purpose", "vision")}
        kickoff = _got(api.post("kickoffs", json={**about, **_from_now_on()}))
        day.kickoff_id = kickoff["id"]
        inside = f"kickoffs/{day.kickoff_id}"
        for name in TEAMS[language]:
            _got(api.post(f"{inside}/teams", json={"name": name}))
        for kind, minutes, asks in blocks:
            shown = {
                "customer_problem": words["problem"],
                "effect_indicator": words["indicator"],
                "notes": words["notes"],
            }
            block = _got(
                api.post(
                    f"{inside}/agenda-blocks",
                    json={
                        "title": words[kind],
                        "kind": kind,
                        "minutes": minutes,
                        **(shown if kind != "break" else {}),
                    },
                )
            )
            for ask in asks:
                name, body = _question(words, ask)
                activity = {**body, "block_id": block["id"]}
                day.asks[name] = _got(api.post(f"{inside}/activities", json=activity))["id"]
        room = _got(api.get(f"{inside}/rooms"))["items"][0]
    day.join_url = room["join_url"]
    return day


def _from_now_on() -> dict[str, str]:
    here = clock.now().astimezone(ZoneInfo("Europe/Oslo"))
    return {"day": here.date().isoformat(), "starts_at": f"{here:%H:%M}"}


def _question(words: dict[str, Any], ask: Asked) -> tuple[str, dict[str, Any]]:
    kind, mode, config, options = ask
    name = "ask_several" if config.get("multiple") else f"ask_{kind}"
    texts = [words[option] for option in options]
    body = {"kind": kind, "mode": mode, "title": words[name], "config": config, "options": texts}
    return name, body


def _api(server: Server) -> httpx.Client:
    return httpx.Client(
        base_url=f"{server.base_url}/api/v1/",
        headers={"authorization": f"Bearer {server.facts.api_token}"},
        timeout=20,
    )


def _got(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found
