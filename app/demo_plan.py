"""The demo kickoff as values: a credible day of a made-up Norwegian company."""

from typing import Any

TITLE = "Kurs 2027"
ORGANISATION = "Nordlys Energi"

KICKOFF: dict[str, Any] = {
    "title": TITLE,
    "challenge": "Kundene venter i snitt elleve dager på svar når de vil bytte avtale, og vi måler hvor mye vi gjør, "
    "ikke hva det betyr for dem. Vi vil at kunden skal få et klart svar samme dag.",
    "purpose": "Gå herfra med tre leveranser som har eier og frist, og en felles forståelse av hvorfor vi gjør det nå.",
    "expected_effect": "Svartid under ett døgn for ni av ti henvendelser innen juni, og færre som ringer to ganger om det samme.",
    "success_criteria": "Hver gruppe har eier og første steg før den går hjem. Åtte av ti sier at målene er klare for dem.",
    "vision": "Enklest å være kunde hos, for alle som lager, bruker og sparer strøm.",
    "starts_at": "09:00",
    "venue": "Fyrsalen, Brattørkaia, Trondheim",
    "audience": "Ledere, teamledere og fagpersoner fra salg, produkt, drift og HR. 212 påmeldte.",
    "sponsor": "Ingrid Aasen, administrerende direktør",
}

TEAMS = ("Salg og kundesenter", "Produkt og data", "Drift og nett", "HR og økonomi")

# Name, function, seniority, site, and which of the teams.
PEOPLE = (
    ("Ingrid Aasen", "Ledelse", "Direktør", "Trondheim", 3),
    ("Bjørn Tverrå", "Salg", "Leder", "Trondheim", 0),
    ("Siv Ødegård", "Kundesenter", "Leder", "Bodø", 0),
    ("Amir Haddad", "Salg", "Rådgiver", "Bodø", 0),
    ("Marte Lunde", "Produkt", "Leder", "Trondheim", 1),
    ("Øyvind Sæther", "Data", "Arkitekt", "Trondheim", 1),
    ("Nora Kvamme", "Produkt", "Designer", "Tromsø", 1),
    ("Lars-Erik Myhre", "Drift", "Leder", "Mo i Rana", 2),
    ("Ásta Jónsdóttir", "Nett", "Ingeniør", "Mo i Rana", 2),
    ("Tuva Engen", "Drift", "Tekniker", "Tromsø", 2),
    ("Kjersti Bråten", "HR", "Leder", "Trondheim", 3),
    ("Per Åge Nygård", "Økonomi", "Controller", "Bodø", 3),
)

# What each field refers to: in RECORDS by its number there (people and teams: above).
REFERS_TO = {
    "owner_id": "people",
    "supporter_ids": "people",
    "team_id": "teams",
    "parent_id": "goals",
    "goal_id": "goals",
    "kpi_id": "kpis",
    "deliverable_id": "deliverables",
}
# In RECORDS these are days after the kickoff.
IN_DAYS = frozenset({"due", "target_date", "check_by"})

RECORDS: dict[str, tuple[dict[str, Any], ...]] = {
    "goals": (
        {"title": "Enklest å være kunde hos", "level": "vision", "kind": "effect", "owner_id": 0},
        {"title": "Kunden får svar samme dag", "kind": "effect", "parent_id": 0, "owner_id": 2},
        {"title": "Riktig faktura første gang", "kind": "effect", "parent_id": 0, "owner_id": 11},
        {
            "title": "Én vei inn for alle henvendelser",
            "level": "sub_goal",
            "parent_id": 1,
            "owner_id": 4,
        },
        {
            "title": "Feil i nettet meldes før kunden merker dem",
            "level": "sub_goal",
            "parent_id": 1,
            "owner_id": 7,
        },
    ),
    "kpis": (
        {
            "title": "Tid fra henvendelse til svar",
            "goal_id": 1,
            "kind": "time",
            "unit": "dager",
            "direction": "down",
            "baseline": 11,
            "target": 1,
            "target_date": 120,
        },
        {
            "title": "Løst uten overføring",
            "goal_id": 3,
            "kind": "quality",
            "unit": "%",
            "baseline": 54,
            "target": 80,
            "target_date": 120,
        },
        {
            "title": "Fakturaer som må rettes",
            "goal_id": 2,
            "kind": "quality",
            "unit": "%",
            "direction": "down",
            "baseline": 3.5,
            "target": 0.8,
            "target_date": 150,
        },
        {
            "title": "Kundetilfredshet",
            "goal_id": 0,
            "kind": "customer_value",
            "unit": "poeng",
            "baseline": 68,
            "target": 75,
            "target_date": 240,
        },
    ),
    "deliverables": (
        {
            "title": "Felles innboks for kundesenter og salg",
            "owner_id": 2,
            "supporter_ids": (4, 5, 10),
            "goal_id": 3,
            "kpi_id": 1,
            "due": 21,
            "done_criteria": "Alle henvendelser kommer inn ett sted, og den eldste står øverst.",
            "prioritised": True,
        },
        {
            "title": "Faktura som forklarer seg selv",
            "owner_id": 11,
            "supporter_ids": (6, 1),
            "goal_id": 2,
            "kpi_id": 2,
            "due": 30,
            "done_criteria": "Fem av fem prøvekunder kan si hvorfor beløpet endret seg.",
            "prioritised": True,
        },
        {
            "title": "Varsel om feil på telefonen",
            "owner_id": 7,
            "supporter_ids": (8, 9),
            "goal_id": 4,
            "kpi_id": 0,
            "due": 28,
            "done_criteria": "Varselet er ute innen ti minutter i Bodø og Tromsø.",
            "prioritised": True,
        },
        {
            "title": "Opplæring i den nye flyten",
            "owner_id": 10,
            "supporter_ids": (2, 3),
            "goal_id": 1,
            "due": 55,
            "done_criteria": "Alle i kundesenteret har løst tre saker i den.",
        },
    ),
    "risks": (
        {
            "title": "Kundedata ligger i tre systemer",
            "area": "dependency",
            "probability": "high",
            "consequence": "high",
            "mitigation": "Øyvind lager en felles nøkkel før innboksen åpner.",
            "owner_id": 5,
            "due": 14,
        },
        {
            "title": "Kundesenteret har ikke folk nok i januar",
            "area": "capacity",
            "consequence": "high",
            "mitigation": "To fra salg er med i vaktlisten de første fire ukene.",
            "owner_id": 2,
            "due": 10,
        },
        {"title": "Varslene kommer for ofte og blir slått av"},
        {
            "title": "Kommunene vil være med på å varsle",
            "kind": "opportunity",
            "consequence": "high",
            "mitigation": "Lars-Erik tar møtet med Bodø kommune.",
            "owner_id": 7,
            "due": 20,
        },
    ),
    "actions": (
        {
            "title": "Velg leverandør til felles innboks",
            "owner_id": 4,
            "team_id": 1,
            "due": 2,
            "deliverable_id": 0,
        },
        {
            "title": "Test fakturateksten på fem kunder",
            "owner_id": 6,
            "team_id": 1,
            "due": 12,
            "status": "green",
            "deliverable_id": 1,
        },
        {
            "title": "Avtal vaktliste med salg for januar",
            "owner_id": 3,
            "team_id": 0,
            "due": 40,
            "status": "yellow",
            "source": "risk",
        },
    ),
    "decisions": (
        {
            "title": "E-post til enkeltpersoner besvares ikke lenger fra 1. mars",
            "owner_id": 2,
            "due": 30,
        },
    ),
    "assumptions": (
        {
            "title": "Ni av ti kunder har telefonnummeret sitt hos oss",
            "owner_id": 5,
            "check_by": 14,
        },
    ),
}

# Keys of `blocks` below: title, kind, minutes, owner (index into PEOPLE), and what is shown as the
# block starts.
BLOCKS: tuple[dict[str, Any], ...] = (
    {
        "title": "Åpning: hvorfor nå",
        "kind": "opening",
        "minutes": 10,
        "owner": 0,
        "purpose": "Alle vet hvorfor vi er her, hva som ventes av dem, og hva vi går hjem med.",
        "customer_problem": "«Jeg fikk tre ulike svar på det samme spørsmålet.»",
        "effect_indicator": "Andel som får svar første gang: 61 % i dag, 85 % i juni",
        "notes": "Start presis. Vis dagen på ett bilde. Si høyt at telefonene skal brukes, og hva rommet heter.",
    },
    {
        "title": "Kunden i 2027",
        "kind": "keynote",
        "minutes": 15,
        "owner": 1,
        "purpose": "Se markedet fra kjøkkenbordet til en kunde.",
        "customer_problem": "Fakturaen forklarer ikke hvorfor beløpet endret seg.",
        "effect_indicator": "Kundetilfredshet: 68 i dag, 75 ved årsskiftet",
        "notes": "Bjørn har med to lydklipp. Test lyden i pausen før.",
    },
    {
        "title": "Mål og veivalg",
        "kind": "strategy",
        "minutes": 30,
        "owner": 4,
        "purpose": "De fire målene, og hva vi slutter med.",
        "customer_problem": "Kunden må kjenne organisasjonen vår for å få hjelp.",
        "effect_indicator": "Henvendelser løst uten overføring: 54 % i dag, 80 % i juni",
        "notes": "Si hva vi legger bort før vi sier hva vi begynner med.",
    },
    {
        "title": "Spørsmål og svar",
        "kind": "questions_and_answers",
        "minutes": 15,
        "owner": 0,
        "purpose": "Det som er uklart, blir klart nå.",
    },
    {
        "title": "Hva betyr målene for oss?",
        "kind": "interactive",
        "minutes": 50,
        "owner": 10,
        "purpose": "Hver gruppe sier hva målene betyr i egen hverdag.",
        "customer_problem": "Kunden venter mens vi avklarer hvem som bestemmer.",
        "effect_indicator": "Dager fra henvendelse til svar: 11 i dag, 1 i juni",
        "notes": "Åpne tilliten først, vis den når minst 150 har svart. Gi ordet til to bord før ordskyen.",
    },
    {
        "title": "Pause",
        "kind": "break",
        "minutes": 15,
        "owner": None,
        "purpose": "Kaffe i foajeen.",
    },
    {
        "title": "Slik virker den nye løsningen",
        "kind": "demonstration",
        "minutes": 20,
        "owner": 5,
        "purpose": "Se flyten fra henvendelse til svar, med maler og sjekkliste.",
        "customer_problem": "Kunden fyller inn de samme opplysningene tre ganger.",
        "effect_indicator": "Felt kunden fyller ut: 23 i dag, 7 etter lansering",
    },
    {
        "title": "Lunsj",
        "kind": "break",
        "minutes": 45,
        "owner": None,
        "fixed_start": "11:45",
        "purpose": "Buffet i andre etasje.",
    },
    {
        "title": "Gruppesprint: første leveranse",
        "kind": "sprint",
        "minutes": 60,
        "owner": 7,
        "purpose": "Hver gruppe går ut med én leveranse, en eier og en frist.",
        "customer_problem": "Gode ideer blir liggende fordi ingen eier neste steg.",
        "effect_indicator": "Leveranser med eier og frist når vi går hjem: 3",
        "notes": "Minn om at en eier er en person, ikke en avdeling.",
    },
    {
        "title": "Hva kan gå galt?",
        "kind": "risk_discussion",
        "minutes": 25,
        "owner": 8,
        "purpose": "De fem største risikoene har tiltak, eier og frist.",
        "customer_problem": "Kunden merker omleggingen før den er ferdig.",
        "effect_indicator": "Feil i overgangen som kunden ser: færre enn 20",
    },
    {
        "title": "Eierskap og neste steg",
        "kind": "interactive",
        "minutes": 40,
        "owner": 2,
        "purpose": "Navn og dato på det vi har lovet.",
        "customer_problem": "Vi lover mer enn vi følger opp.",
        "effect_indicator": "Tiltak i rute på dag 30: åtte av ti",
    },
    {
        "title": "Avslutning",
        "kind": "closing",
        "minutes": 15,
        "owner": 0,
        "purpose": "Hva skjer i morgen, og hvem eier hva.",
    },
)

RUNNING_BLOCK = 4

# Activities: block, kind, title, mode, config, options, and how far they have come when the demo
# starts.
ACTIVITIES: tuple[dict[str, Any], ...] = (
    {
        "block": 0,
        "kind": "questions",
        "title": "Spørsmål til ledelsen",
        "mode": "anonymous",
        "config": {},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 2,
        "kind": "choice",
        "title": "Hvilket mål betyr mest for kundene dine det neste halvåret?",
        "mode": "anonymous",
        "config": {},
        "options": [
            "Svar samme dag",
            "Faktura som er til å forstå",
            "Én person å forholde seg til",
            "Strømsparing som merkes",
        ],
        "stage": "finished",
    },
    {
        "block": 4,
        "kind": "scale",
        "title": "Hvor klart er det for deg hva målene betyr i din hverdag?",
        "mode": "anonymous",
        "config": {"min": 1, "max": 5, "min_label": "Helt uklart", "max_label": "Helt klart"},
        "options": [],
        "stage": "open",
    },
    {
        "block": 4,
        "kind": "words",
        "title": "Hva må vi bli bedre på sammen? Inntil tre ord.",
        "mode": "anonymous",
        "config": {"max": 3},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 4,
        "kind": "open_text",
        "title": "Hva slutter gruppen din med fra mandag?",
        "mode": "named",
        "config": {"approval": True},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 4,
        "kind": "top_obstacles",
        "title": "Hva står i veien for målene?",
        "mode": "anonymous",
        "config": {},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 8,
        "kind": "sprint_board",
        "title": "Tavle for første leveranse",
        "mode": "named",
        "config": {"minutes": 45},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 8,
        "kind": "choice",
        "title": "Hva trenger gruppen mest for å levere innen 30 dager?",
        "mode": "anonymous",
        "config": {"multiple": True, "max": 2},
        "options": [
            "Tid i kalenderen",
            "Avklart mandat",
            "Data fra ett sted",
            "Hjelp fra et annet team",
        ],
        "stage": "draft",
    },
    {
        "block": 10,
        "kind": "team_close",
        "title": "Hva tar gruppen din med seg?",
        "mode": "named",
        "config": {},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 11,
        "kind": "closing",
        "title": "De første 30 dagene",
        "mode": "anonymous",
        "config": {},
        "options": [],
        "stage": "draft",
    },
    {
        "block": 11,
        "kind": "scale",
        "title": "Hvor sannsynlig er det at du vil anbefale denne dagen til en kollega?",
        "mode": "anonymous",
        "config": {
            "min": 0,
            "max": 10,
            "min_label": "Ikke sannsynlig",
            "max_label": "Svært sannsynlig",
        },
        "options": [],
        "stage": "draft",
    },
)

ATTENDEES = (
    "Bjørn", "Siv", "Amir", "Marte", "Øyvind", "Nora", "Lars-Erik", "Ásta", "Tuva", "Kjersti", "Per Åge", "Hanne",
    "Jon Olav", "Wenche", "Fatima", "Sigrid", "Håkon", "Mikkel", "Ragnhild", "Tor-Arne", "Yusuf", "Eline", "Gro",
    "Vebjørn", "Inger Lise", "Sander", "Åse", "Kristoffer",
)  # fmt: skip
