"""What people in the rehearsal write: bokmål of a Norwegian energy company on the day of its
strategy.

Activities draw on it for their own `imagine`; so does the fallback by shape. Weighted like a real
room: a few thoughts are shared by many, most are said once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

WORDS: Sequence[str] = (
    "samarbeid", "tempo", "trygghet", "kunden", "retning", "mot", "fokus", "tillit", "energi",
    "gjennomføring",
    "nysgjerrig", "spent", "klar", "bærekraft", "læring", "prioritering", "eierskap", "stolthet",
    "forankring",
    "omstilling", "vind", "fleksibilitet", "driftssikkert", "lagspill", "tydelig", "krevende",
    "optimisme",
    "digitalisering", "nettkapasitet", "åpenhet", "samspill", "handlekraft", "forenkling",
    "kvalitet", "ro",
)  # fmt: skip

SENTENCES: Sequence[str] = (
    "Vi må slutte å starte nye prosjekter før de gamle er ferdige.",
    "Kundene merker det først når vi svarer samme dag, ikke samme uke.",
    "Jeg trenger å vite hva jeg skal si nei til på mandag.",
    "Montørene ute må få samme informasjon som kontoret, på samme tid.",
    "Nettkapasiteten blir flaskehalsen lenge før kraften gjør det.",
    "Bra at vi endelig har tall på hva nedetiden koster kunden.",
    "Ikke glem driftssentralen når dere tegner ny organisasjon.",
    "Tre mål er nok. I fjor hadde vi elleve, og ingen husker dem.",
    "La regionene få teste før vi ruller ut til alle.",
    "Det viktigste er at lederne møter opp også på den tredje ukesamlingen.",
    "Batteripiloten i Sunndal viser at vi får til mer enn vi tror.",
    "Vi snakker om kunden hele dagen. Kan vi invitere en neste gang?",
    "Datakvaliteten i anleggsregisteret må på plass før vi automatiserer noe.",
    "Sikkerheten først, også når det haster med tilknytningene.",
    "Hvem eier dette etter dag 90?",
    "Jeg er usikker på om vi har nok prosjektledere til alt som står på veikartet.",
    "Gi oss én liste over prioriteringer, ikke en per avdeling.",
    "Fint å høre strategien forklart uten fremmedord.",
    "Flere av oss må lære å bruke prognosene, ikke bare analyseavdelingen.",
    "Ventetiden på nye tilknytninger er det kundene spør meg om hver uke.",
    "Kan vi få se hva som ble bestemt, skriftlig, før helgen?",
    "Samarbeidet med kommunene avgjør om vi når målene for ladeinfrastruktur.",
    "Mer tid til å øve på beredskap, mindre tid til rapportering.",
    "Jeg tror på dette, men vi må tåle at det går litt saktere i starten.",
    "Snakk med tillitsvalgte tidlig, så blir det lettere for alle.",
    "Det er for langt fra strategien til arbeidsordren.",
    "Skriv ned hva vi slutter med. Det savner jeg.",
    "Vi har kompetansen, men den sitter på tre forskjellige steder.",
    "Digitale møter fungerer, men de viktige avgjørelsene bør tas når vi ser hverandre.",
    "Feil må kunne meldes uten at noen leter etter en skyldig.",
    "Effektmålet om 20 % kortere avbruddstid er riktig, men hvem måler det?",
    "Jeg savner lærlingene i bildet. Det er de som skal gjøre jobben i 2035.",
    "Leverandørene må med, ellers stopper byggingen av trafostasjonene.",
    "God stemning i dag, la oss ta den med hjem.",
)

OBSTACLES: Sequence[str] = (
    "For mange samtidige prosjekter",
    "Uklart hvem som bestemmer i saker på tvers av avdelinger",
    "Data ligger i fire systemer som ikke snakker sammen",
    "For få montører i de nordlige regionene",
    "Lang behandlingstid for konsesjon og tilknytning",
    "Møter som ikke ender i en beslutning",
    "Vi prioriterer på nytt midt i kvartalet",
    "Opplæringen kommer etter at systemet er tatt i bruk",
    "Leveringstid på transformatorer og brytere",
    "Ingen har tid satt av til forbedring",
    "Budsjettet følger linjen, arbeidet går på tvers",
    "Kundens tilbakemeldinger når ikke frem til dem som bygger",
    "Gamle rutiner lever videre ved siden av de nye",
    "For tung anskaffelsesprosess for små piloter",
    "Nøkkelpersoner er opptatt i drift og beredskap",
    "Målene blir ikke fulgt opp etter samlingen",
    # What several say in nearly the same words.
    "For mange prosjekter samtidig",
    "for mange samtidige prosjekter!",
    "Vi har for mange prosjekter på én gang",
    "Uklart hvem som bestemmer på tvers av avdelinger",
    "Uklart hvem som tar beslutninger på tvers",
    "Data ligger i fire systemer som ikke snakker sammen.",
    "Systemene snakker ikke sammen",
    "For få montører i nord",
    "Mangel på montører i de nordlige regionene",
    "Lang behandlingstid på konsesjon",
    "Møter som ikke ender med en beslutning",
    "For mange møter uten beslutning",
    "Vi omprioriterer midt i kvartalet",
    "Opplæringen kommer for sent",
    "Lang leveringstid på transformatorer",
    "Leveringstid på trafoer og brytere",
    "Ingen tid satt av til forbedring",
    "Det er ikke satt av tid til forbedringsarbeid",
    "Gamle rutiner lever videre",
    "Tung anskaffelsesprosess for små piloter",
    "Nøkkelpersoner er bundet opp i drift og beredskap",
    "Målene følges ikke opp etter samlingen",
    # What is said once.
    "Uklare grenser mellom nett og kundesenter",
    "Fagmiljøene sitter på hvert sitt kontor og møtes sjelden",
    "Vi mangler tall på hva avbrudd koster kunden",
    "Kartdata og anleggsregister stemmer ikke overens",
    "Rapporteringen tar to dager hver måned",
    "Kommunene svarer for sent på reguleringsplaner",
    "Lærlinger får ikke nok tid med fagarbeiderne",
    "Innleide lærer seg jobben og forsvinner",
    "Nettmeldingen er forsinket for tredje gang",
    "Vi får ikke nok data fra ladeoperatørene",
    "Regionene får vite om endringer i avisen",
    "Ingen eier kundereisen fra søknad til tilknytning",
    "Cybersikkerhet stopper enkle integrasjoner",
    "Vi tester for sent og retter for dyrt",
    "Sykefraværet på vakt er for høyt",
    "Kompetansen på relévern forsvinner med dem som går av",
    "Kundesenteret ser ikke hva som skjer i felt",
    "Feltfolk må ringe for å få tegninger",
    "Avtalene med entreprenørene låser oss i to år",
    "For lang vei fra idé til godkjent budsjett",
    "Det er vanskelig å si nei til ledelsen",
    "Vi feirer oppstart, men ikke det som blir ferdig",
    "Uenighet om hva som er pilot og hva som er drift",
    "Verneombudet kommer for sent inn i prosjektene",
    "Prognosene brukes ikke i planleggingen av nettet",
    "Været avgjør mer enn planen om høsten",
    "Små feil blir ikke meldt fordi skjemaet er for langt",
    "Ledere bytter stilling før tiltakene virker",
)

CARDS: Sequence[str] = (
    "Kartlegge hvor søknader om tilknytning blir liggende",
    "Snakke med fem kunder som har ventet lengst",
    "Tegne dagens arbeidsflyt fra søknad til strøm",
    "Finne ut hvem som kan godkjenne små avvik",
    "Lage et utkast til svar samme dag",
    "Prøve sjekklisten på to anlegg",
    "Måle ventetiden hver fredag",
    "Avtale en fast time med kundesenteret",
    "Slå sammen de to skjemaene",
    "Rydde i registeret før piloten",
    "Velge region for den første prøven",
    "Skrive ned hva vi slutter med",
    "Be om tilgang til prognosene",
    "Lære opp to montører i Sunndal",
    "Vise resultatet på neste ukesamling",
    "Avklare med verneombudet",
    "Bestille målere til piloten",
    "Sette mål for svartid",
    "Samle spørsmål til leverandøren",
    "Regne på hva nedetiden koster",
    "Lage en enkel plan for september",
    "Invitere kommunen til et møte",
    "Teste varslingen på vakt",
    "Beskrive hva som er ferdig",
)

# Why somebody objects to a proposal.
OBJECTIONS: Sequence[str] = (
    "Vi har ikke folk til det før sommeren.",
    "Kundene i nord får dårligere svar enn i dag.",
    "Det bryter med det vi lovet kommunene i fjor.",
    "Vi mangler tallene som viser at det virker.",
    "Drift må være med fra starten, ikke til slutt.",
)

RISKS: Sequence[str] = (
    "Nøkkelpersoner slutter midt i omleggingen",
    "Leverandøren blir forsinket",
    "Data flyttes med feil",
    "Vi undervurderer opplæringen",
    "Kundene merker det før vi er klare",
    "Uvær tar alle montørene i tre uker",
    "To prosjekter vil ha de samme folkene",
    "Kommunene svarer for sent",
    "Driften må gå foran hver gang",
    "Integrasjonen tåler ikke trafikken",
    "Ingen eier det etter dag 90",
    "Nøkkelfolk slutter underveis",
    "Forsinket leverandør",
)

NOTES: Mapping[str, Sequence[str]] = {
    "worked": (
        "Ukesamlingen holder oss på samme spor",
        "Sjekklisten i felt sparer oss for en tur",
        "Kundesenteret ser saken med en gang",
        "Vi tør å si fra når noe glipper",
        "Piloten i Sunndal",
        "Kort vei fra idé til prøve",
        "Fast time med kommunene",
        "Ukesamlingen holder oss på sporet",
        "Alle vet hvem som eier hva",
        "Svar samme dag på målefeil",
        "Godt humør, også når det stormet",
    ),
    "did_not": (
        "For mange møter uten beslutning",
        "For mange møter uten en beslutning",
        "Data ligger fortsatt i fire systemer",
        "Opplæringen kom for sent",
        "To uker uten prosjektleder",
        "Vi startet nytt før det gamle var ferdig",
        "Ingen målte effekten",
        "Rapportene tok to dager i måneden",
        "Vakt og prosjekt kolliderte",
        "Regionene fikk vite det sist",
    ),
    "adjust": (
        "Ett møte mindre i uka",
        "Opplæring før lansering",
        "Én eier for hver beslutning",
        "Stoppe ett prosjekt før vi starter neste",
        "Måle hver fredag",
        "Montører med fra første dag",
        "Samle alt om kunden på én side",
        "Bytte på hvem som leder",
        "Stenge kalenderen to timer hver onsdag",
    ),
}

QUESTIONS: Sequence[str] = (
    "Hva slutter vi med for å få plass til dette?",
    "Hvordan påvirker strategien bemanningen i driftssentralen?",
    "Når får regionene vite hvilke tiltak de eier?",
    "Blir det flere lærlingplasser?",
    "Hva gjør vi hvis nettmeldingen blir forsinket?",
    "Hvordan måler vi at kunden faktisk merker en forskjell?",
    "Hvem kan si nei når to prosjekter trenger de samme folkene?",
    "Får vi budsjett til å teste i liten skala først?",
    "Hvorfor valgte vi disse tre fokusområdene og ikke vedlikehold?",
    "Hva er den største risikoen ledelsen ser akkurat nå?",
    "Skal batteripiloten utvides til flere steder?",
    "Hvordan blir vi fulgt opp etter de første 30 dagene?",
    "Kan vi få se hovedtallene hver måned?",
    "Hva betyr dette for dem som jobber turnus?",
)

NAMES: Sequence[str] = (
    "Ingrid", "Lars", "Solveig", "Amir", "Kari", "Jonas", "Aud", "Thea", "Mohammed", "Sigrid",
    "Ola", "Nora",
    "Henrik", "Fatima", "Bjørn", "Marit", "Emil", "Åse", "Tuva", "Piotr", "Gunn", "Sander", "Linh",
    "Håkon",
    "Randi", "Elias", "Sunniva", "Even", "Berit", "Yusuf", "Ragnhild", "Tor Arne", "Malin",
    "Øystein", "Leila",
)  # fmt: skip

_ENDINGS: Sequence[str] = (
    "", "", "", "", " Gjelder særlig hos oss i nett.", " Det har vi sett i vedlikehold.",
    " Ta det opp i ledergruppen.",
    " Slik har det vært siden sammenslåingen.", " Kundesenteret merker det hver dag.",
    " Her kan region vest hjelpe.",
)  # fmt: skip


def word(rng: Random) -> str:
    """One word; the first in the list are said most often."""
    return WORDS[_popular(len(WORDS), rng)]


def sentence(rng: Random) -> str:
    """A sentence or two on the strategy of the day."""
    return rng.choice(SENTENCES) + rng.choice(_ENDINGS)


def obstacle(rng: Random) -> str:
    """Something in the way."""
    return OBSTACLES[_popular(len(OBSTACLES), rng)]


def question(rng: Random) -> str:
    """A question to those on stage."""
    return rng.choice(QUESTIONS)


def name(rng: Random) -> str:
    """What somebody calls herself on her phone."""
    return rng.choice(NAMES)


def _popular(size: int, rng: Random) -> int:
    return min(int(rng.expovariate(4.0) * size), size - 1)
