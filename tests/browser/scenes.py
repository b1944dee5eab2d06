"""Rooms to look at: the day of Nordlys Energi as frozen values, from an empty lobby to the end.

`SCENES` names them; a test renders a region of any of them without a server or a database.
"""

from dataclasses import replace

from app.live.activity import EntryView, kind_of
from app.live.snapshot import (
    ActivityView,
    BlockView,
    ClockView,
    PersonHere,
    PhaseView,
    RoomSnapshot,
)
from app.rules.tally import figures
from app.rules.timebox import phases

NOW = 1_801_559_000_000  # what the pages' server clock says when a scene is shown

DAY = (
    ("Åpning og hvorfor nå", "opening", 10),
    ("Keynote: kunden i 2027", "keynote", 15),
    ("Mål og strategikart", "strategy", 30),
    ("Spørsmål og svar", "questions", 15),
    ("Hva står i veien?", "interactive", 50),
    ("Pause", "break", 15),
    ("Gruppesprint: første leveranse", "sprint", 60),
    ("Lunsj", "break", 45),
    ("Risikodialog", "risk", 25),
    ("Team-OKR", "interactive", 60),
    ("Eierskap og neste steg", "interactive", 40),
    ("Avslutning", "closing", 15),
)
PROBLEM = (
    "Bedriftskunder venter i snitt elleve dager på svar når strømmålingen er feil, "
    "og må ringe tre avdelinger."
)
INDICATOR = "Dager fra kunden melder en målefeil til den er rettet: fra 11 til 3"
NOTES = (
    "Be salget svare først, så drift.\nMinn om at svarene er anonyme.\n"
    "Skal vi kutte noe, er det oppsummeringen til 5 min."
)
OBSTACLES = (
    ("For mange parallelle prosjekter, ingen får nok folk", 71),
    ("Kundedata ligger i tre systemer som ikke snakker sammen", 52),
    ("Uklart hvem som bestemmer mellom salg og produkt", 31),
    ("Opplæringen kommer etter lanseringen, ikke før", 19),
    ("Måltallene måler aktivitet, ikke effekt for kunden", 11),
)
WORDS = (
    ("tempo", 41), ("kunden først", 33), ("trygghet", 29), ("samarbeid", 27), ("mot", 22),
    ("fokus", 19), ("usikker", 14), ("spennende", 13), ("færre prosjekter", 11), ("tillit", 10),
    ("endelig", 9), ("klarhet", 8), ("forventning", 7), ("travelt", 6), ("stolthet", 6),
    ("energi", 5), ("nysgjerrig", 5), ("ansvar", 4), ("prioritering", 4), ("sliten", 3),
    ("håp", 3), ("datakvalitet", 3), ("én retning", 2), ("bærekraft", 2), ("lagånd", 2),
    ("skeptisk", 2), ("på tide", 1), ("kundereisen", 1), ("litt overveldet", 1), ("læring", 1),
)  # fmt: skip
SENTENCES = (
    "At vi faktisk stopper noe før vi starter noe nytt.",
    "Kunden slipper å forklare det samme tre ganger.",
    "En felles oversikt over hvem som eier hva, som er oppdatert.",
    "At ledergruppa svarer på spørsmål samme uke som de stilles.",
    "Færre møter, og at de vi har, ender med en beslutning.",
    "At drift er med fra dag én, ikke når løsningen skal settes i produksjon.",
    "Tid til opplæring før lanseringen. Sist fikk vi en e-post kvelden før, og kundene "
    "visste mer enn oss da telefonene begynte å ringe mandag morgen.",
    "Vi tør å si nei.",
    "At tallene vi styrer etter, handler om kunden.",
    "Én innboks for målefeil.",
    "Mer tid ute hos kundene for oss som sitter på huset.",
    "At vi feirer når noe er ferdig.",
    "Samme svar på samme spørsmål, uansett hvem kunden ringer.",
    "Jeg vil vite hvordan min jobb endrer seg.",
)
NAMES = (
    "Ingrid", "Jonas", "Aisha", "Per Olav", "Sunniva", "Tomasz", "Kari", "Magnus", "Linh",
    "Ragnhild", "Oddvar", "Elin", "Henrik", "Silje", "Biret", "Ola",
)  # fmt: skip
TEAMS = (("t1", "Salg"), ("t2", "Produkt"), ("t3", "Drift"))
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\u202e"
LONG = (
    "Vi mangler en felles forståelse av hva som faktisk er viktigst for kundene våre, og derfor "
    "bruker hver avdeling sin egen målestokk, sitt eget språk og sine egne systemer, slik at det "
    "som ser ut som framgang i én del av huset, blir dobbeltarbeid i en annen, og ingen ser det "
    "før kunden ringer."
)
ONE_WORD = "Kjempelangtord" * 715  # ten thousand letters without a place to break


def blocks(current: int | None = 4, late: int = 0) -> tuple[BlockView, ...]:
    """The day, with block number `current` (from 0) running, or none."""
    made, starts = [], 9 * 60
    for place, (title, kind, minutes) in enumerate(DAY):
        if current is None:
            state = "next" if place == 0 else "later"
        else:
            state = ("later", "next", "now", "done")[
                (place <= current + 1) + (place <= current) + (place < current)
            ]
        if current is not None and place == current + 1:
            starts += late
        made.append(
            BlockView(
                id=f"b{place + 1}",
                number=place + 1,
                title=title,
                kind=kind,
                minutes=minutes,
                starts=starts,
                state=state,
                purpose="Finne de fem hindringene som betyr mest, og hvem som tar dem.",
                owner="Marte Solheim",
                customer_problem=PROBLEM if kind != "break" else "",
                effect_indicator=INDICATOR if kind != "break" else "",
                notes=NOTES,
                phases=tuple(PhaseView(p.name, p.minutes) for p in phases(kind, minutes)),
            )
        )
        starts += minutes
    return tuple(made)


def people(number: int) -> tuple[PersonHere, ...]:
    return tuple(
        PersonHere(
            id=f"p{i}",
            name=NAMES[i % len(NAMES)] if i % 5 else "",
            team=TEAMS[i % 3][1] if i % 4 else "",
            people=6 if i == 3 else 1,
            connected=i % 7 != 0,
        )
        for i in range(number)
    )


def room(current: int | None = 4, **changes: object) -> RoomSnapshot:
    day = blocks(current, late=7 if current else 0)
    running = day[current] if current is not None else None
    left = 760_000
    phase = 1 if running and len(running.phases) > 1 else 0
    clock = None
    if running:
        minutes = running.phases[phase].minutes
        clock = ClockView(
            phase=phase,
            phase_name=running.phases[phase].name,
            phase_minutes=minutes,
            starts_at=NOW + left - minutes * 60_000,
            ends_at=NOW + left,
            left_ms=None,
        )
    snapshot = RoomSnapshot(
        id="room-1",
        kickoff_id="kickoff-1",
        kickoff_title="Nordlys Energi: Kurs 2027",
        vision="Strøm du slipper å tenke på",
        day="2027-02-02",
        venue="Lofoten konferansesenter",
        time_zone="Europe/Oslo",
        name="Hovedsalen",
        code="K7TQ4M",
        join_url="https://kickoff.nordlys.no/j/qrXk2fT9LmNp4RsVwYzB8c",
        join_host="kickoff.nordlys.no",
        spoken_word="fjellrev",
        status="lobby" if current is None else "live",
        locked=False,
        screen="",
        epoch="epoch-1",
        revision=1200,
        control=37,
        participants=212,
        recent=people(14),
        people=people(40),
        teams=TEAMS,
        blocks=day,
        block=running,
        clock=clock,
        drift_minutes=7 if current else 0,
        projected_end=15 * 60 + 35 if current is not None else 15 * 60 + 20,
        undo_name="agenda.next" if current else "",
    )
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def activity(
    kind: str, title: str, config: dict[str, object] | None = None, **changes: object
) -> ActivityView:
    view = ActivityView(
        id=f"a-{kind}",
        kind=kind,
        title=title,
        status="open",
        mode="anonymous",
        revealed=False,
        live=False,
        round=1,
        config=kind_of(kind).Config(**(config or {})),
        block_id="b5",
        answered=0,
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def _counted(view: ActivityView, answered: int, rows: list[tuple[str, int, int]]) -> object:
    return view.logic.result(view.config, view.options or view.entries, figures(answered, rows))


def choice(
    options: tuple[tuple[str, int], ...] = OBSTACLES, answered: int = 184, **changes: object
) -> ActivityView:
    entries = tuple(EntryView(f"o{i}", text) for i, (text, _) in enumerate(options))
    title = str(changes.pop("title", "Hva hindrer oss mest i å lykkes innen 90 dager?"))
    config = changes.pop("config", None)
    view = activity("choice", title, config, options=entries, answered=answered, **changes)  # type: ignore[arg-type]
    rows = [(f"o{i}", 1, n) for i, (_, n) in enumerate(options)]
    return replace(view, result=_counted(view, answered, rows))  # type: ignore[arg-type]


def with_others(view: ActivityView) -> ActivityView:
    """With a show of hands and table phones beside the phones."""
    hands = _counted(view, 14, [(o.id, 1, 5 - i) for i, o in enumerate(view.options[:5])])
    tables = _counted(view, 24, [(o.id, 1, 6 * (i < 2)) for i, o in enumerate(view.options[:5])])
    return replace(view, hands=hands, tables=tables, table_phones=4)  # type: ignore[arg-type]


def scale(
    lowest: int = 0, highest: int = 10, answered: int = 190, **changes: object
) -> ActivityView:
    config = {"min": lowest, "max": highest, "min_label": "Slett ikke", "max_label": "Helt sikkert"}
    title = str(changes.pop("title", "Hvor sannsynlig er det at vi når målene på 90 dager?"))
    view = activity("scale", title, config, answered=answered, **changes)
    shape = (2, 1, 3, 5, 8, 14, 22, 41, 52, 28, 14)
    steps = len(view.config.values)  # type: ignore[attr-defined]
    rows = [
        ("", lowest + i, shape[i * 10 // max(steps - 1, 1)] if answered else 0)
        for i in range(steps)
    ]
    return replace(view, result=_counted(view, answered, rows))  # type: ignore[arg-type]


def words(
    given: tuple[tuple[str, int], ...] = WORDS, answered: int = 171, **changes: object
) -> ActivityView:
    title = str(changes.pop("title", "Hvilke ord beskriver hvordan du går inn i dette året?"))
    entries = tuple(EntryView(f"w{i}", text) for i, (text, _) in enumerate(given))
    view = activity("words", title, answered=answered, entries=entries, **changes)
    rows = [(f"w{i}", 1, n) for i, (_, n) in enumerate(given)]
    return replace(view, result=_counted(view, answered, rows))  # type: ignore[arg-type]


def open_text(given: tuple[str, ...] = SENTENCES, **changes: object) -> ActivityView:
    config = changes.pop("config", {"approval": True})
    title = str(changes.pop("title", "Hva må være annerledes om et år?"))
    entries = tuple(
        EntryView(
            f"e{i:02}",
            text,
            state=("visible", "visible", "visible", "pending", "visible", "hidden")[i % 6]
            if len(given) > 5
            else "visible",
        )
        for i, text in enumerate(given)
    )
    answered = int(str(changes.pop("answered", len(given))))
    view = activity("open_text", title, config, answered=answered, entries=entries, **changes)  # type: ignore[arg-type]
    return replace(view, result=_counted(view, len(given), []))  # type: ignore[arg-type]


def staged(
    view: ActivityView, *others: ActivityView, current: int = 4, **changes: object
) -> RoomSnapshot:
    return room(current, activities=(view, *others), stage_activity_id=view.id, **changes)


def shown(view: ActivityView, **changes: object) -> ActivityView:
    return replace(view, revealed=True, **changes)  # type: ignore[arg-type]


def _second_round() -> ActivityView:
    first = choice(
        tuple((text, n) for (text, _), n in zip(OBSTACLES, (40, 66, 30, 28, 20), strict=True)),
        status="closed",
        revealed=True,
    )
    return shown(choice(), id="a-choice-2", round=2, previous_id=first.id, previous=first)


MANY = tuple(
    (f"{text}{' igjen' * (i // 5)}", 40 - 3 * i) for i, (text, _) in enumerate(OBSTACLES * 3)
)[:12]
HUNDRED = tuple((f"Forslag nummer {i + 1}", (i * 37) % 50) for i in range(100))
YES_NO = (("Ja", 120), ("Nei", 64))

SCENES: dict[str, RoomSnapshot] = {
    "lobby_empty": room(None, participants=0, recent=(), people=()),
    "lobby": room(None),
    "lobby_full": room(
        None,
        participants=400,
        recent=(
            PersonHere("anne", "Anne-Margrethe Øvregård-Christensen", "", 1, True),
            *(person for person in people(29) if person.name),
        ),
    ),
    "lobby_locked": room(None, locked=True),
    "lobby_no_agenda": room(
        None, blocks=(), projected_end=None, participants=3, recent=people(3), people=people(3)
    ),
    "block": room(4),
    "block_long": room(
        4,
        block=replace(
            blocks(4)[4],
            title=LONG[:290],
            customer_problem=LONG,
            effect_indicator=LONG,
            owner="Anne-Margrethe Øvregård-Christensen",
        ),
    ),
    "block_title": room(
        4,
        block=replace(
            blocks(4)[4],
            title="Ærlig øving på Åsgårdstrand: hva vi slutter med, hva vi fortsetter med, og hva "
            "vi begynner med når vi er hjemme",
            customer_problem="",
            purpose="",
            effect_indicator="",
            owner="",
        ),
    ),
    "block_pause": room(5),
    "break_paused": room(
        5, status="paused", clock=replace(room(5).clock, ends_at=None, left_ms=760_000)
    ),  # type: ignore[type-var]
    "block_paused": room(
        4, status="paused", clock=replace(room(4).clock, ends_at=None, left_ms=760_000)
    ),  # type: ignore[type-var]
    "block_overrun": room(4, clock=replace(room(4).clock, ends_at=NOW - 95_000)),  # type: ignore[type-var]
    "choice_draft": staged(choice(answered=0, status="draft")),
    "choice_hidden": staged(choice()),
    "choice_nobody": staged(shown(choice(tuple((text, 0) for text, _ in OBSTACLES), 0))),
    "choice_shown": staged(shown(choice()), open_text()),
    "choice_three": staged(shown(choice(OBSTACLES[:3], 154))),
    "choice_two": staged(shown(choice(YES_NO, title="Skal vi stoppe Prosjekt Fyrlykt nå?"))),
    "choice_twelve": staged(shown(choice(MANY, config={"multiple": True}))),
    "choice_hundred": staged(shown(choice(HUNDRED, config={"multiple": True}))),
    "choice_others": staged(with_others(shown(choice()))),
    "choice_round2": staged(_second_round()),
    "choice_closed": staged(
        shown(choice(), status="closed", closed_at=NOW - 4000),
        undo_name="activity.close",
        undo_touches=("a-choice",),
    ),
    "choice_everyone": staged(shown(choice(answered=212))),
    "choice_too_few": staged(
        shown(choice((("Ja", 2), ("Nei", 1)), 3, config={"minimum_group": 5}), result=None)
    ),
    "choice_failed": staged(shown(choice(), failed=True, result=None)),
    "choice_long": staged(shown(choice(tuple((LONG, n) for _, n in OBSTACLES), title=LONG[:300]))),
    "choice_hostile": staged(
        shown(choice(((HOSTILE, 12), (ONE_WORD, 9), ("Nei", 1)), 22, title=ONE_WORD[:300]))
    ),
    "scale_hidden": staged(scale()),
    "scale_closed": staged(scale(status="closed")),
    "scale_nps": staged(shown(scale())),
    "scale_five": staged(shown(scale(1, 5, title="Jeg vet hva strategien betyr for min jobb"))),
    "scale_hundred": staged(shown(scale(0, 100))),
    "scale_nobody": staged(shown(scale(1, 5, answered=0))),
    "words_hidden": staged(words()),
    "words_shown": staged(shown(words())),
    "words_one": staged(shown(words((("tempo", 1),), 1))),
    "words_two": staged(shown(words(WORDS[:2], 74))),
    "words_few": staged(
        shown(
            words(
                (
                    ("endringskjøring", 5),
                    ("bærekraftsmål", 4),
                    ("ærlighet på øverste hold", 4),
                    ("påvirkning", 3),
                    ("åpenhet", 2),
                ),
                14,
            )
        )
    ),
    "words_nobody": staged(shown(words((), 0))),
    "words_hostile": staged(
        shown(
            words(
                ((HOSTILE[:40], 9), ("W" * 40, 7), ("漢字かな交じり文", 4), ("a\u0301" * 20, 3)), 20
            )
        )
    ),
    "text_hidden": staged(open_text()),
    "text_shown": staged(shown(open_text())),
    "text_one": staged(shown(open_text(SENTENCES[:1]))),
    "text_one_long": staged(shown(open_text((LONG[:280],)))),
    "text_four": staged(shown(open_text(SENTENCES[4:8]))),
    "text_nobody": staged(shown(open_text(()))),
    "text_many": staged(shown(open_text(SENTENCES * 4))),
    "text_hostile": staged(shown(open_text((HOSTILE, ONE_WORD, LONG)))),
    "no_activities": room(4, activities=()),
    "blank": room(4, screen="blank"),
    "join": staged(shown(choice()), screen="join"),
    "locked": room(4, locked=True, typed_codes_paused=True),
    "ended": room(
        11,
        status="ended",
        block=None,
        clock=None,
        blocks=tuple(replace(b, state="done") for b in blocks(11)),
    ),
}
