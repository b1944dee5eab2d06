"""The plan's pages work as plain forms: what is typed is kept, faults stand beside their field."""

import io
import re
from html import unescape
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from app import clock
from app.access import Scope
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(product: Product) -> str:
    """A new kickoff's address; its owner is "owner"."""
    browser = product.browser("owner")
    answer = browser.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo"
    )
    assert answer.status_code == 303
    return str(answer.headers["location"]).partition("/plan")[0]


def words(page: str) -> str:
    """The page as read: without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def value_of(page: str, name: str) -> str:
    found = re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)
    assert found, name
    return unescape(found[1])


def add_block(browser: Browser, here: str, title: str, **values: Any) -> str:
    sent = {"kind": "strategy", "minutes": "30", **values}
    answer = browser.post(f"{here}/agenda", title=title, **sent)
    assert answer.status_code == 303, words(answer.text)
    found = re.search(r"/agenda/([0-9a-f-]{36})", answer.headers["location"])
    assert found
    return found[1]


def times(page: str) -> list[tuple[str, str]]:
    """Start and title of each block, as the page has them."""
    found = re.findall(r"<strong>(\d\d:\d\d)</strong>.*?<bdi>(.*?)</bdi>", page, re.DOTALL)
    return [(start, unescape(title)) for start, title in found]


def test_an_empty_list_offers_the_first_one(product: Product) -> None:
    browser = product.browser("outsider")
    page = browser.get("/").text
    assert 'href="/kickoffs/new"' in page


def test_the_next_step_is_the_one_orange_button(owner: Browser, here: str) -> None:
    def step() -> list[str]:
        page = owner.get(here).text
        return re.findall(r'class="button go"[^>]*>.*?<span>(.*?)</span>', page, re.DOTALL)

    assert step() == ["Lag agendaen"]
    add_block(owner, here, "Åpning", kind="opening")
    assert step() == ["Legg til folk"]
    owner.post(f"{here}/people", name="Kari")
    assert step() == ["Åpne konsollen"]
    owner.post(f"{here}/archive")
    assert step() == ["Ta fram igjen"]
    owner.post(f"{here}/unarchive")
    assert step() == ["Åpne konsollen"]


def test_a_new_kickoff_asks_for_the_essentials_and_shows_what_is_wrong_with_the_rest(
    owner: Browser,
) -> None:
    first, _, folded = owner.get("/kickoffs/new").text.partition('<details class="more">')
    essentials = ["title", "day", "starts_at", "venue", "template"]
    assert re.findall(r'id="field-(\w+)"', first)[:5] == essentials
    assert 'id="field-purpose"' in folded
    sent = {"title": "Kurs", "starts_at": "09:00", "time_zone": "Oslo"}
    wrong = owner.post("/kickoffs", **sent)
    assert wrong.status_code == 422
    assert '<details class="more" open>' in wrong.text
    assert "Tidssone: Dette er ikke en tidssone" in words(wrong.text)
    made = owner.post("/kickoffs", **sent | {"time_zone": "Europe/Oslo"})
    assert "Kickoffen er laget" in words(owner.get(made.headers["location"]).text)


def test_a_date_of_another_year_says_which(owner: Browser, here: str) -> None:
    this = clock.now().year
    for year, told in ((this, "3. juni 09:00"), (this + 2, f"3. juni {this + 2} 09:00")):
        kickoff = owner.get(f"{here}/edit").text
        owner.post(f"{here}/edit", title="Kurs", day=f"{year}-06-03", version=version_of(kickoff))
        assert told in words(owner.get(here).text)


def test_a_name_that_asks_is_asked_about_with_one_question_mark(owner: Browser, here: str) -> None:
    add_block(owner, here, "Hva står i veien?")
    add_block(owner, here, "Lunsj", kind="break")
    told = words(owner.get(f"{here}/agenda").text)
    assert "Fjerne «Hva står i veien?» " in told
    assert "Fjerne «Lunsj»?" in told


def test_a_fault_keeps_what_was_typed_and_stands_beside_its_field(
    owner: Browser, here: str
) -> None:
    answer = owner.post(f"{here}/edit", title="   ", venue="Trondheim", day="i morgen", version="1")
    assert answer.status_code == 422
    assert value_of(answer.text, "venue") == "Trondheim"
    assert value_of(answer.text, "day") == "i morgen"
    assert 'id="field-title-error"' in answer.text
    assert 'id="field-day-error"' in answer.text
    assert 'aria-describedby="field-title-help field-title-error"' in answer.text


def test_a_stale_form_comes_back_with_what_was_typed(owner: Browser, here: str) -> None:
    first = owner.post(f"{here}/edit", title="Første", version="1")
    assert first.status_code == 303
    late = owner.post(f"{here}/edit", title="Andre", version="1")
    assert late.status_code == 412
    assert value_of(late.text, "title") == "Andre"
    again = owner.post(f"{here}/edit", title="Andre", version=version_of(late.text))
    assert again.status_code == 303
    assert "Andre" in owner.get(here).text


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_what_people_type_is_text(owner: Browser, here: str) -> None:
    owner.post(f"{here}/people", name="<script>alert(1)</script>")
    page = owner.get(f"{here}/people").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_agenda_computes_times_keeps_fixed_starts_and_shows_the_slack(
    owner: Browser, here: str
) -> None:
    add_block(owner, here, "Åpning", kind="opening", minutes="20")
    add_block(owner, here, "Strategi", minutes="70")
    add_block(owner, here, "Lunsj", kind="break", minutes="45", fixed_start="11:30")
    add_block(owner, here, "Grupper", kind="interactive", minutes="50")
    page = owner.get(f"{here}/agenda").text
    assert times(page) == [
        ("09:00", "Åpning"),
        ("09:20", "Strategi"),
        ("11:30", "Lunsj"),
        ("12:15", "Grupper"),
    ]
    assert "1 t" in words(page)  # 10:30 to 11:30
    assert "(10–30–10)" in words(page)


def test_blocks_move_by_button_and_by_dragging(owner: Browser, here: str) -> None:
    a, b, c = (add_block(owner, here, title) for title in "ABC")

    def titles() -> list[str]:
        return [title for _, title in times(owner.get(f"{here}/agenda").text)]

    owner.post(f"{here}/agenda/{c}/move", steps="-1")
    assert titles() == ["A", "C", "B"]
    owner.post(f"{here}/agenda/{a}/move", steps="-1")
    assert titles() == ["A", "C", "B"]
    owner.post(f"{here}/agenda/{a}/move", after_id=b)
    assert titles() == ["C", "B", "A"]
    owner.post(f"{here}/agenda/{a}/move", after_id="")
    assert titles() == ["A", "C", "B"]
    assert owner.post(f"{here}/agenda/{a}/move", steps="many").status_code == 422


def test_the_arrow_that_moved_a_block_keeps_the_focus(owner: Browser, here: str) -> None:
    first = add_block(owner, here, "A")
    add_block(owner, here, "B")
    moved = owner.post(f"{here}/agenda/{first}/move", steps="1").headers["location"]
    assert "#" not in moved  # a browser heeds no autofocus where the address names a part
    focused = [tag for tag in re.findall(r"<button[^>]+>", owner.get(moved).text) if "autof" in tag]
    assert len(focused) == 1
    assert 'value="1"' in focused[0]
    assert "Flytt A ned" in focused[0]


def test_a_block_that_was_made_asks_for_its_questions_or_for_the_next_block(
    owner: Browser, here: str
) -> None:
    sent = {"title": "A", "kind": "strategy", "minutes": "30"}
    made = owner.post(f"{here}/agenda", **sent).headers["location"]
    assert re.match(rf"{here}/agenda/[0-9a-f-]{{36}}\?", made)
    assert 'value="choice"' in owner.get(made).text
    asking = owner.post(f"{here}/agenda", **sent, then="scale").headers["location"]
    assert asking.endswith("/activities/new?kind=scale")
    assert "Nytt spørsmål: skala" in words(owner.get(asking).text)
    quick = owner.post(f"{here}/agenda", **sent, then="next").headers["location"]
    page = owner.get(quick).text
    assert re.search(r'name="title"[^>]+autofocus', page)
    assert "data-fresh" in page


def test_a_question_button_saves_the_block_first(owner: Browser, here: str) -> None:
    block = f"{here}/agenda/{add_block(owner, here, 'A')}"
    sent = {"title": "Bedre navn", "kind": "strategy", "minutes": "30", "version": "1"}
    asking = owner.post(block, **sent, then="words").headers["location"]
    assert asking == f"{block}/activities/new?kind=words"
    assert "Bedre navn" in words(owner.get(asking).text)
    wrong = owner.post(block, **sent | {"title": "", "version": "2"}, then="words")
    assert wrong.status_code == 422


def test_a_fixed_start_that_cannot_be_kept_is_an_error_and_the_day_still_adds_up(
    owner: Browser, here: str
) -> None:
    add_block(owner, here, "Formiddag", minutes="180")
    add_block(owner, here, "Lunsj", kind="break", minutes="45", fixed_start="13:00")
    add_block(owner, here, "Grupper", kind="interactive", minutes="55", fixed_start="09:10")
    add_block(owner, here, "Slutt", kind="closing", minutes="10")
    page = owner.get(f"{here}/agenda").text
    assert times(page)[-1] == ("13:45", "Slutt")
    told = words(page)
    assert "09:00–13:55" in told
    assert "Grupper : fast til 09:10, men det som står før, varer til 13:45" in told
    assert "data-clash" in page


def test_a_block_is_copied_right_after_itself_and_one_is_put_in_between(
    owner: Browser, here: str
) -> None:
    a = add_block(owner, here, "A")
    add_block(owner, here, "B")
    owner.post(f"{here}/agenda/{a}/copy")
    add_block(owner, here, "Imellom", after_id=a)
    found = [title for _, title in times(owner.get(f"{here}/agenda").text)]
    assert found == ["A", "Imellom", "A", "B"]


def test_own_phases_must_fill_the_block(owner: Browser, here: str) -> None:
    block = add_block(owner, here, "Grupper", kind="sprint", minutes="50")
    where = f"{here}/agenda/{block}"
    sent = {"title": "Grupper", "kind": "sprint", "minutes": "50", "version": "1"}
    names = ["Introduksjon", "Arbeid", "Oppsummering"]
    wrong = owner.post(where, **sent, phase_name=names, phase_minutes=["10", "20", "10"])
    assert wrong.status_code == 422
    assert 'id="field-phases-error"' in wrong.text
    assert words(wrong.text).count("Fasene er 40 minutter til sammen; blokken har 50.") == 2
    right = owner.post(where, **sent, phase_name=names, phase_minutes=["5", "35", "10"])
    assert right.status_code == 303
    assert "(5–35–10)" in words(owner.get(f"{here}/agenda").text)


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_costs_the_same_for_one_block_and_for_three(
    product: Product, owner: Browser, here: str, count: int
) -> None:
    for number in range(count):
        add_block(owner, here, f"Bolk {number}")
    with product.counting() as sent:
        assert owner.get(f"{here}/agenda").status_code == 200
    # who (user, roles), the kickoff; blocks, people, activities
    assert len(sent) == 7


def test_a_block_opens_what_was_prepared_for_it(owner: Browser, here: str) -> None:
    block = f"{here}/agenda/{add_block(owner, here, 'Prioritering')}"
    sent = {"kind": "choice", "title": "Hva først?", "mode": "named"}
    wrong = owner.post(f"{block}/activities", **sent, options="Pris\n  \n")
    assert wrong.status_code == 422
    assert faulty_fields(wrong.text) == ["options"]
    empty = owner.post(f"{block}/activities", kind="choice", title="", mode="named", options="")
    assert faulty_fields(empty.text) == ["title", "options"]
    assert "Spørsmål: Dette må fylles ut." in words(empty.text)
    assert value_of(wrong.text, "title") == "Hva først?"
    made = owner.post(f"{block}/activities", **sent, options="Pris\nSvartid\n", config_max="")
    assert made.status_code == 303
    page = owner.get(block).text
    assert "Hva først?" in words(page)
    found = re.search(r'href="([^"]+/activities/[0-9a-f-]{36})"', page)
    assert found
    assert "Pris\nSvartid" in owner.get(found[1]).text
    scale = owner.post(
        f"{block}/activities", kind="scale", title="Trygg?", mode="anonymous",
        config_min="0", config_max="10", live="true",
    )  # fmt: skip
    assert scale.status_code == 303
    assert owner.post(f"{found[1]}/remove").status_code == 303
    assert "Hva først?" not in words(owner.get(block).text)


@pytest.mark.parametrize(
    "settings, field",
    [
        ({"config_min": "5", "config_max": "5"}, "config_max"),
        ({"config_min": "x"}, "config_min"),
        ({"config_max": "5000"}, "config_max"),
        ({"config_minimum_group": "0"}, "config_minimum_group"),
    ],
)
def test_a_questions_setting_that_cannot_be_is_named_and_told_beside_it(
    owner: Browser, here: str, settings: dict[str, str], field: str
) -> None:
    block = f"{here}/agenda/{add_block(owner, here, 'Skala')}"
    sent = {"kind": "scale", "title": "Trygg?", "mode": "anonymous", **settings}
    wrong = owner.post(f"{block}/activities", **sent)
    assert wrong.status_code == 422
    assert faulty_fields(wrong.text) == [field]
    assert f'href="#field-{field}"' in wrong.text
    assert value_of(wrong.text, "title") == "Trygg?"


def faulty_fields(page: str) -> list[str]:
    return re.findall(r'id="field-(\w+)-error"', page)


def test_the_banner_calls_a_field_by_its_name(owner: Browser, here: str) -> None:
    answer = owner.post(f"{here}/agenda", title="A", kind="break", minutes="0")
    assert answer.status_code == 422
    assert "Minutter: Dette må være 1 eller mer." in words(answer.text)


EXCEL = "Navn;E-post;Gruppe\r\nÅse Bråten;ase@nordlys.example;Drift\r\nJürgen Sæther;;Salg\r\n"


@pytest.mark.parametrize(
    "content",
    [EXCEL.encode("cp1252"), EXCEL.encode("utf-8-sig"), EXCEL.encode(), EXCEL.encode("utf-16")],
    ids=["cp1252", "utf-8 with BOM", "utf-8", "utf-16"],
)
def test_a_csv_file_as_norwegian_excel_writes_it_is_understood(
    product: Product, owner: Browser, here: str, content: bytes
) -> None:
    looked = owner.post(f"{here}/people/import", text="", files={"file": ("folk.csv", content)})
    assert fates(looked.text) == ["new", "new"]
    assert people(product, here) == []  # nothing is written by looking
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", looked.text, re.DOTALL)[1])
    taken = owner.post(
        f"{here}/people/import", text=text, confirm="true", files={"file": ("", b"")}
    )
    assert taken.status_code == 303
    assert people(product, here) == ["Jürgen Sæther", "Åse Bråten"]
    teams = product.api().get(f"/api/v1{here}/teams").json()["items"]
    assert [team["name"] for team in teams] == ["Drift", "Salg"]


def test_people_come_from_an_excel_file_as_every_other_part_of_the_plan(
    product: Product, owner: Browser, here: str
) -> None:
    book = Workbook()
    for row in (["Navn", "Team"], ["Åse Bråten", "Drift"], ["Jürgen Sæther", None]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    looked = owner.post(
        f"{here}/people/import", text="", files={"file": ("folk.xlsx", target.getvalue())}
    )
    assert fates(looked.text) == ["new", "new"]
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", looked.text, re.DOTALL)[1])
    owner.post(f"{here}/people/import", text=text, confirm="true", files={"file": ("", b"")})
    assert people(product, here) == ["Jürgen Sæther", "Åse Bråten"]


def test_a_paste_from_a_spreadsheet_shows_faults_by_row_and_takes_the_rest(
    product: Product, owner: Browser, here: str
) -> None:
    pasted = "\n".join(
        (
            "Kari Nordmann\tkari@nordlys.example\tSalg",
            "\tuten.navn@nordlys.example\tDrift",
            "Ola\tikke en adresse\tDrift",
            "KARI NORDMANN\tKari@Nordlys.example\tSalg",
            "x" * 300 + "\t\t",
        )
    )
    looked = owner.post(f"{here}/people/import", text=pasted, files={"file": ("", b"")})
    assert fates(looked.text) == ["new", "faulty", "faulty", "repeated", "faulty"]
    owner.post(f"{here}/people/import", text=pasted, confirm="true", files={"file": ("", b"")})
    assert people(product, here) == ["Kari Nordmann"]
    again = owner.post(f"{here}/people/import", text=pasted, files={"file": ("", b"")})
    assert fates(again.text)[0] == "known"


def test_what_becomes_of_columns_repeated_lines_and_second_teams_is_told(
    owner: Browser, here: str
) -> None:
    pasted = "Navn;Rolle;Avdeling;Skonr\nKari;Selger;Salg;38\n"
    looked = owner.post(f"{here}/people/import", text=pasted, files={"file": ("", b"")})
    columns = words(looked.text).partition("Slik leses kolonnene")[2]
    for told in ("Rolle Ansiennitet", "Avdeling Funksjon", "Skonr utelates"):
        assert told in columns
    teams = "Navn;Team\nKari;Ærfugl\nKari;Ørn\nKari;ærfugl\n"
    looked = owner.post(f"{here}/people/import", text=teams, files={"file": ("", b"")})
    assert fates(looked.text) == ["new", "repeated", "repeated"]
    assert words(looked.text).count("Samme som linje 2") == 2
    assert words(looked.text).count("Blir stående i «Ærfugl»") == 1


@pytest.mark.parametrize(
    "content, told",
    [
        (b"PK\x03\x04" + bytes(40), "som et regneark"),
        (b"\xd0\xcf\x11\xe0" + bytes(40), "Excel-fil"),
        (b"\n<!DOCTYPE html><table><tr><td>Kari", "nettside"),
        (b"%PDF-1.7 Kari", "ikke tekst"),
    ],
)
def test_a_file_that_is_no_text_is_called_what_it_is(
    owner: Browser, here: str, content: bytes, told: str
) -> None:
    answer = owner.post(f"{here}/people/import", text="Kari", files={"file": ("folk.csv", content)})
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert 'id="field-file-error"' in answer.text


def test_how_many_people_were_added_is_said(owner: Browser, here: str) -> None:
    sent = {"text": "Kari\nOla", "confirm": "true"}
    answer = owner.post(f"{here}/people/import", **sent, files={"file": ("", b"")})
    assert "2 personer er lagt til" in words(owner.get(answer.headers["location"]).text)


def test_a_table_without_an_end_is_refused(owner: Browser, here: str) -> None:
    many = "\n".join(f"Person {number}" for number in range(2001))
    answer = owner.post(f"{here}/people/import", text=many, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert owner.post(
        f"{here}/people/import", text="\x00", files={"file": ("", b"")}
    ).status_code in (200, 422)


def fates(page: str) -> list[str]:
    return re.findall(r'data-fate="(\w+)"', page)


def people(product: Product, here: str) -> list[str]:
    found = product.api(Scope.READ).get(f"/api/v1{here}/people").json()["items"]
    return sorted(person["name"] for person in found)


def test_an_owner_gives_and_takes_roles_and_somebody_stays_owner(
    product: Product, owner: Browser, here: str
) -> None:
    access = f"{here}/access"
    invited = owner.post(f"{access}/members", email="viewer@nordlys.example", role="viewer")
    assert invited.status_code == 303
    viewer = product.browser("viewer")
    assert viewer.get(here).status_code == 200
    assert viewer.get(access).status_code == 403
    assert viewer.post(f"{here}/agenda", title="Nei").status_code == 403
    owner.post(f"{access}/members/{product.users['viewer']}", role="contributor")
    assert viewer.post(f"{here}/agenda", title="Ja", kind="break", minutes="5").status_code == 303
    owner.post(f"{access}/members/{product.users['viewer']}", role="")
    assert viewer.get(here).status_code == 404
    last = owner.post(f"{access}/members/{product.users['owner']}", role="")
    assert last.status_code == 409
    assert owner.get(access).status_code == 200


def test_an_invitation_is_a_link_shown_once(product: Product, owner: Browser, here: str) -> None:
    access = f"{here}/access"
    answer = owner.post(
        f"{access}/members", email="gjest@nordlys.example", name="Gjest", role="viewer"
    )
    address = secret_after(owner, answer)
    assert "/sign-in/" in address
    assert address not in owner.get(access).text
    guest = Browser(product.new_client())
    guest.get(address.removeprefix("http://127.0.0.1"))
    assert guest.get(here).status_code == 200


def test_another_organisations_user_cannot_be_let_in(owner: Browser, here: str) -> None:
    answer = owner.post(f"{here}/access/members", email="foreigner@nordlys.example", role="viewer")
    assert answer.status_code == 422


def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    product: Product, owner: Browser, here: str
) -> None:
    access = f"{here}/access"
    secret = secret_after(owner, owner.post(f"{access}/tokens", name="Rapport", scope=["read"]))
    assert secret not in owner.get(access).text
    client = product.with_bearer(secret)
    assert client.get(f"/api/v1{here}").status_code == 200
    assert client.get(f"/api/v1/kickoffs/{product.kickoff.id}").status_code == 404
    assert [one["id"] for one in client.get("/api/v1/kickoffs").json()["items"]] == [
        here.removeprefix("/kickoffs/")
    ]
    revoke = re.search(rf'action="({access}/tokens/[^"]+/revoke)"', owner.get(access).text)
    assert revoke
    assert owner.post(revoke[1]).status_code == 303
    assert client.get(f"/api/v1{here}").status_code == 401


def secret_after(browser: Browser, answer: httpx.Response) -> str:
    """What the page shows that the form led to; neither address nor answer hold it."""
    page = browser.get(answer.headers["location"]).text
    found = re.search(r'<code id="secret">([^<]+)</code>', page)
    assert found
    secret = unescape(found[1])
    assert secret not in str(answer.headers["location"])
    assert secret not in str(answer.headers["set-cookie"])
    return secret


def test_a_secret_is_shown_to_its_reader_on_its_page_and_not_again(
    product: Product, owner: Browser, here: str
) -> None:
    access = f"{here}/access"
    other = add_kickoff(owner)
    owner.post(f"{access}/tokens", name="Rapport", scope=["read"])
    assert 'id="secret"' not in owner.get(f"{other}/access").text
    cookie = str(owner.http.cookies["kickoff_flash"])
    administrator = product.browser("administrator")
    administrator.http.cookies.set("kickoff_flash", cookie)
    assert 'id="secret"' not in administrator.get(access).text
    assert 'id="secret"' in owner.get(access).text
    assert 'id="secret"' not in owner.get(access).text


@pytest.mark.parametrize(
    "address, page",
    [
        ("/access/members", "/access"),
        ("/access/tokens", "/access"),
        ("/archive", ""),
        ("/agenda/x/copy", "/agenda/x"),
    ],
)
def test_a_forms_address_leads_to_its_page(
    owner: Browser, here: str, address: str, page: str
) -> None:
    answer = owner.http.get(here + address, headers={"accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, here + page)


def test_the_language_is_switched_on_what_a_form_answered(owner: Browser, here: str) -> None:
    token, headers = owner.token, {"referer": f"http://127.0.0.1{here}/access/members"}
    answer = owner.http.post(
        "/language",
        data={"csrf": token, "language": "en"},
        headers=headers | {"origin": "http://127.0.0.1", "accept": "text/html"},
    )
    assert answer.status_code == 200
    assert answer.url.path == f"{here}/access"
    owner.post("/language", language="nb")


def test_a_refused_invitation_keeps_what_was_typed(owner: Browser, here: str) -> None:
    answer = owner.post(f"{here}/access/members", email="kari@", name="Kari Å", role="viewer")
    assert answer.status_code == 422
    assert value_of(answer.text, "email") == "kari@"
    assert 'value="Kari Å" id="field-name"' in answer.text
    assert '<option value="viewer" selected>' in answer.text
    assert 'id="field-email-error"' in answer.text
    nameless = owner.post(f"{here}/access/tokens", name="", scope=["write"])
    assert re.search(r'value="write" checked', nameless.text)
    assert not re.search(r'value="read" checked', nameless.text)


def test_revoking_asks_first(owner: Browser, here: str) -> None:
    owner.post(f"{here}/access/tokens", name="Rapport", scope=["read"])
    page = owner.get(f"{here}/access").text
    form = page[page.index("/revoke") :]
    assert "«Rapport»" in form[: form.index("</form>")]


def test_a_refusal_keeps_the_header_and_the_way_back(product: Product, here: str) -> None:
    viewer = product.browser("viewer")
    its = f"/kickoffs/{product.kickoff.id}"
    refused = viewer.get(f"{its}/access")
    assert refused.status_code == 403
    assert f'href="{its}/agenda"' in refused.text
    gone = viewer.get(f"{its}/people/{product.kickoff.id}")
    assert gone.status_code == 404
    assert f'href="{its}/agenda"' in gone.text
    hidden = viewer.get(here)
    assert hidden.status_code == 404
    assert here not in hidden.text
    nowhere = viewer.get("/nowhere")
    for answer in (hidden, nowhere):
        assert 'href="/account"' in answer.text
    assert 'href="/account"' not in product.browser().get("/nowhere").text


def add_kickoff(browser: Browser) -> str:
    made = browser.post("/kickoffs", title="Annen", starts_at="09:00", time_zone="Europe/Oslo")
    return str(made.headers["location"]).partition("/plan")[0]


def test_a_form_without_its_token_changes_nothing(owner: Browser, here: str) -> None:
    headers = {"origin": "http://127.0.0.1"}
    answer = owner.http.post(f"{here}/archive", headers=headers, follow_redirects=False)
    assert answer.status_code == 403


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_page_is_shown_in_both_languages(
    product: Product, owner: Browser, here: str, language: str
) -> None:
    block = add_block(owner, here, "Bolk")
    for part in (
        "", "/edit", "/copy", "/people", "/people/new", "/people/import", "/teams", "/teams/new",
        "/agenda", "/agenda/new", f"/agenda/{block}", f"/agenda/{block}/activities/new?kind=words",
        "/access",
    ):  # fmt: skip
        answer = owner.http.get(here + part, headers={"accept-language": language})
        assert answer.status_code == 200, part
        assert f'lang="{language}"' in answer.text
        assert "style=" not in answer.text


def test_a_question_that_somebody_else_has_saved_meanwhile_is_not_overwritten(
    owner: Browser, here: str
) -> None:
    block = add_block(owner, here, "Grupper")
    asks = f"{here}/agenda/{block}/activities"
    asked = {"kind": "scale", "mode": "anonymous"}
    assert owner.post(asks, title="Hvor sikre er vi?", **asked).status_code == 303
    found = re.search(rf'href="({asks}/[0-9a-f-]+)"', owner.get(f"{here}/agenda/{block}").text)
    assert found
    version = version_of(owner.get(found[1]).text)
    first = owner.post(found[1], title="Første", version=version, **asked)
    assert first.status_code == 303
    late = owner.post(found[1], title="Andre", version=version, **asked)
    assert late.status_code == 412
    assert value_of(late.text, "title") == "Andre"
    assert "Første" in owner.get(f"{here}/agenda/{block}").text
    again = owner.post(found[1], title="Andre", version=version_of(late.text), **asked)
    assert again.status_code == 303
    assert "Andre" in owner.get(f"{here}/agenda/{block}").text


def test_a_decision_card_is_prepared_in_a_block_by_words_of_its_own(
    owner: Browser, here: str
) -> None:
    block = f"{here}/agenda/{add_block(owner, here, 'A')}"
    assert 'value="vote"' in owner.get(f"{block}/activities/new?kind=decision_card").text
    sent = {"kind": "decision_card", "title": "Hvem leverer?", "mode": "anonymous"}
    sent |= {"config_decided_by": "vote", "config_criteria": "Pris\nTid"}
    wrong = owner.post(f"{block}/activities", **sent, config_options="Bare én")
    assert wrong.status_code == 422
    told = re.search(r'<textarea[^>]+name="config_options"[^>]*>', wrong.text)
    assert told
    assert 'aria-invalid="true"' in told[0], "the fault stands beside what is missing"
    assert "Pris\nTid</textarea>" in wrong.text, "and what was typed is kept"
    made = owner.post(f"{block}/activities", **sent, config_options="Nordisk\nVi selv")
    assert made.status_code == 303
    assert "Hvem leverer?" in owner.get(block).text
