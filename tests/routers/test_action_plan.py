"""The 30-60-90-day plan (F2): four views of the same actions, replanned with a history that nothing
overwrites, several changed at once and taken back, and the weekly review.

Seen red with: a replanning without its reason, one that overwrites a colleague's, an undo over a
later change, a bulk edit of another kickoff's action, a review that counts nothing.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app import clock
from app.models.action_notes import ActionNote
from app.models.actions import Action
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.learnings import DeviationReview, Learning
from app.models.people import Person, Team
from app.operations.derived import today_in
from tests.support.product import Browser, Product

HOSTILE = "Ring <script>alert(1)</script> ti kunder på Ås"


class Plan:
    """A kickoff 20 days ago, two people, one team, and actions that go well and badly."""

    def __init__(self, product: Product, desk: Browser) -> None:
        self.product, self.desk = product, desk
        today = clock.now().date()
        made = self.desk.post(
            "/kickoffs", title="Kurs 2027", day=(today - timedelta(20)).isoformat(),
            starts_at="09:00", time_zone="Europe/Oslo",
        )  # fmt: skip
        self.kickoff_id = str(made.headers["location"]).split("/")[2]
        self.here = f"/kickoffs/{self.kickoff_id}/30-60-90"
        of: dict[str, Any] = {"kickoff_id": self.kickoff_id}
        with product.database.unit_of_work() as session:
            self.today = today_in(session.get_one(Kickoff, self.kickoff_id))
            self.kari = self.add(
                session, Person(**of, name="Kari Bø", email="OWNER@nordlys.example")
            )
            self.ola = self.add(session, Person(**of, name="Ola Ås"))
            self.salg = self.add(session, Team(**of, name="Salg", position="a0"))
            late, ahead = self.today - timedelta(2), self.today + timedelta(30)
            self.late = self.add(session, Action(**of, title=HOSTILE, owner_id=self.kari, due=late))
            self.calm = self.add(
                session,
                Action(
                    **of, title="Velg leverandør", owner_id=self.ola, team_id=self.salg, due=ahead,
                    depends_on_ids=[self.late], status="green", status_at=clock.now(),
                ),
            )  # fmt: skip
            self.bare = self.add(session, Action(**of, title="Uten eier og dato"))
            self.add(
                session,
                Deliverable(
                    **of, title="Felles innboks", position="a0", prioritised=True,
                    owner_id=self.kari, confirmed_at=clock.now(),
                ),
            )  # fmt: skip

    @staticmethod
    def add(session: Any, record: Any) -> str:
        session.add(record)
        session.flush()
        return str(record.id)

    def get(self, path: str = "") -> str:
        answer = self.desk.get(self.here + path)
        assert answer.status_code == 200, answer.text[-3000:]
        return answer.text

    def action(self, id: str) -> Action:
        with self.product.database.reading() as session:
            return session.get_one(Action, id)

    def notes(self, id: str) -> list[ActionNote]:
        with self.product.database.reading() as session:
            wanted = select(ActionNote).where(ActionNote.action_id == id).order_by(ActionNote.id)
            return list(session.exec(wanted))

    def replan(self, id: str, **fields: Any) -> Any:
        said = {"version": str(self.action(id).version), "reason": "Leverandøren er syk"} | fields
        return self.desk.post(f"{self.here}/actions/{id}/replan", **said)


@pytest.fixture(scope="module")
def desk(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def plan(product: Product, desk: Browser) -> Plan:
    return Plan(product, desk)


def titles(page: str) -> list[str]:
    """Of the rows of the list, in order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def test_the_board_shows_each_action_in_its_window_with_icon_word_and_reason(plan: Plan) -> None:
    page = plan.get()
    columns = page.split('<section class="plan-column')[1:]
    assert len(columns) == 4
    assert "&lt;script&gt;" in columns[0]
    assert "<script>alert" not in page
    assert "status-red" in columns[0]
    assert 'class="why"' in columns[0]
    assert "Velg leverandør" in columns[1]
    assert "Uten eier" in columns[3]
    assert 'class="icon"' in columns[0].partition("status-red")[2][:200]


def test_a_column_shows_its_heaviest_and_the_rest_when_asked_for(plan: Plan) -> None:
    with plan.product.database.unit_of_work() as session:
        of: dict[str, Any] = {"kickoff_id": plan.kickoff_id, "due": plan.today + timedelta(3)}
        those = [
            plan.add(session, Action(**of, title=f"Nr {number}", owner_id=plan.kari))
            for number in range(24)
        ]

    def cards(query: str = "") -> list[str]:
        column = plan.get(query).split('<section class="plan-column')[1]
        assert '<span class="num">25</span>' in column
        return re.findall(r'id="action-([^"]+)"', column)

    short = cards()
    assert len(short) == 20
    assert short[0] == plan.late
    page = plan.get(f"?owner={plan.kari}")
    assert "Vis 5 til" in page or "Show 5 more" in page
    more = re.search(r'href="[^"]*\?(owner=[^"]+whole=30)#window-30"', page)
    assert more
    assert set(cards("?" + more[1].replace("&amp;", "&"))) == {plan.late, *those}
    left_out = next(id for id in those if id not in short)
    assert left_out in cards(f"?at={left_out}")  # where a form leads back to
    assert len(cards("?whole=30")) == 25
    assert plan.get(f"?owner={plan.ola}").count('id="action-') == 1


def test_the_deliverables_of_the_first_30_days_stand_on_top_with_their_owners_word(
    plan: Plan,
) -> None:
    top = plan.get().partition('class="plan-board"')[0]
    assert "Felles innboks" in top
    assert "Kari Bø" in top
    assert "badge-green" in top


@pytest.mark.parametrize(
    "query, found",
    [
        ("", ["Ring", "Velg", "Uten"]),
        ("?owner={ola}", ["Velg"]),
        ("?owner=none", ["Uten"]),
        ("?team={salg}", ["Velg"]),
        ("?status=red", ["Ring"]),
        ("?window=60", ["Velg"]),
        ("?source=risk", []),
        ("?sort=title&order=down", ["Velg", "Uten", "Ring"]),
        ("?sort=nonsense&from=-1&order=x", ["Ring", "Velg", "Uten"]),
        ("?from=9999", []),
    ],
)
def test_the_list_is_filtered_and_sorted_by_its_address(
    plan: Plan, query: str, found: list[str]
) -> None:
    page = plan.get("/list" + query.format(ola=plan.ola, salg=plan.salg))
    assert [title.split()[0] for title in titles(page)] == found


def test_line_and_mine_show_the_same_actions(plan: Plan) -> None:
    assert "Velg" in plan.get("/line")
    mine = plan.get("/mine")
    assert "Kari Bø" in mine
    assert "Ring " in mine
    assert "Velg leverandør" not in mine.partition("cards-mine")[2].partition("</ul>")[0].replace(
        "Venter", ""
    )
    assert "Velg leverandør" in plan.get(f"/mine?person={plan.ola}")


def test_replanning_keeps_what_it_was_why_and_who(plan: Plan) -> None:
    later = plan.today + timedelta(40)
    before = plan.action(plan.late).due
    assert plan.replan(plan.late, due=later.isoformat()).status_code == 303
    assert plan.replan(plan.late, owner_id=plan.ola, reason="Kari har permisjon").status_code == 303
    assert plan.action(plan.late).due == later
    first, second = plan.notes(plan.late)
    assert (first.kind, first.from_due, first.to_due) == ("replanned", before, later)
    assert (first.from_window, first.to_window) == ("30", "60")
    assert (first.text, first.by_name) == ("Leverandøren er syk", "Owner")
    assert (second.kind, second.from_owner, second.to_owner) == ("owner", "Kari Bø", "Ola Ås")
    page = plan.get(f"/actions/{plan.late}")
    for told in ("Leverandøren er syk", "Kari har permisjon", "<s>Kari Bø</s>"):
        assert told in page


def test_a_change_by_the_plain_form_leaves_its_row_too(plan: Plan) -> None:
    api = plan.product.api()
    where = f"/api/v1/kickoffs/{plan.kickoff_id}/actions/{plan.calm}"
    later = (plan.today + timedelta(50)).isoformat()
    answer = api.patch(where, json={"due": later}, headers={"if-match": "*"})
    assert answer.status_code == 200
    [note] = plan.notes(plan.calm)
    assert (note.kind, str(note.to_due), note.text) == ("replanned", later, "")


def test_a_replanning_says_why_and_changes_something(plan: Plan) -> None:
    later = (plan.today + timedelta(40)).isoformat()
    without = plan.replan(plan.late, due=later, reason=" ")
    assert without.status_code == 422
    assert later in without.text
    same = plan.replan(plan.late, due=str(plan.action(plan.late).due))
    assert same.status_code == 422
    assert plan.replan(plan.late, due="tull").status_code == 422
    assert plan.replan(plan.late, window="75").status_code == 422
    assert plan.notes(plan.late) == []


def test_a_window_that_was_named_stays_when_another_owner_is_set(plan: Plan) -> None:
    plan.replan(plan.late, window="90")
    page = plan.get(f"/actions/{plan.late}")
    assert '<option value="90" selected>' in page
    plan.replan(plan.late, owner_id=plan.ola)
    assert plan.action(plan.late).window == "90"


def test_whoever_moves_a_card_on_the_board_may_give_it_its_new_deadline_there(plan: Plan) -> None:
    before = plan.action(plan.late).due
    assert f'id="due-{plan.late}" name="due" value="{before}"' in plan.get()
    later = str(before + timedelta(days=40))
    assert plan.replan(plan.late, window="60", due=later, back="board").status_code == 303
    moved = plan.action(plan.late)
    assert (moved.window, str(moved.due)) == ("60", later)


def test_two_who_replan_the_same_at_once_lose_nothing(plan: Plan) -> None:
    version = str(plan.action(plan.late).version)
    first, second = plan.today + timedelta(10), plan.today + timedelta(20)
    plan.replan(plan.late, due=first.isoformat(), reason="Den første", version=version)
    refused = plan.replan(plan.late, due=second.isoformat(), reason="Den andre", version=version)
    assert refused.status_code == 412
    assert plan.action(plan.late).due == first
    assert "Den første" in refused.text
    assert "Den andre" in refused.text
    assert second.isoformat() in refused.text
    knowing = re.search(r'name="version" value="(\d+)"', refused.text)
    assert knowing
    again = plan.replan(plan.late, due=second.isoformat(), reason="Den andre", version=knowing[1])
    assert again.status_code == 303
    assert [note.text for note in plan.notes(plan.late)] == ["Den første", "Den andre"]


def test_a_program_replans_with_its_premise_and_reads_the_log(plan: Plan) -> None:
    api, one = plan.product.api(), f"/api/v1/kickoffs/{plan.kickoff_id}/actions/{plan.late}"
    later = (plan.today + timedelta(12)).isoformat()
    body = {"due": later, "reason": "Leverandøren er syk"}
    tag = api.get(one).headers["etag"]
    assert api.post(f"{one}/replannings", json=body).status_code == 428
    named = {"if-match": tag, "idempotency-key": "a-key-of-its-own"}
    first = api.post(f"{one}/replannings", json=body, headers=named)
    assert (first.status_code, first.json()["to_due"]) == (201, later)
    assert first.headers["etag"] == api.get(one).headers["etag"] != tag
    again = api.post(f"{one}/replannings", json=body, headers=named)
    assert (again.status_code, again.json()) == (201, first.json())
    stale = api.post(f"{one}/replannings", json=body | {"due": None}, headers={"if-match": tag})
    assert stale.status_code == 412
    for wrong in ({"due": later}, {"reason": "", "due": None}, {"reason": "x", "window": "75"}):
        refused = api.post(f"{one}/replannings", json=wrong, headers={"if-match": "*"})
        assert refused.status_code == 422
    log = api.get(f"{one}/log").json()["items"]
    assert [(note["kind"], note["text"]) for note in log] == [("replanned", body["reason"])]
    foreign = f"/api/v1/kickoffs/{plan.product.foreign.id}/actions/{plan.late}/log"
    assert api.get(foreign).status_code == 404


def test_several_are_changed_at_once_and_taken_back(plan: Plan) -> None:
    ids = [plan.late, plan.bare, plan.calm]
    due = plan.today + timedelta(5)
    was = {id: (plan.action(id).owner_id, plan.action(id).due) for id in ids}
    done = plan.desk.post(
        f"{plan.here}/bulk", ids=ids, set_owner_id=plan.ola, set_due=due.isoformat(), owner=""
    )
    assert done.status_code == 303
    assert {(plan.action(id).owner_id, plan.action(id).due) for id in ids} == {(plan.ola, due)}
    page = plan.desk.get(done.headers["location"]).text
    undo = re.search(r'action="([^"]+/undo)"', page)
    assert undo
    # Somebody goes on with one of them: that is not taken back.
    plan.replan(plan.calm, due=(due + timedelta(1)).isoformat())
    back = plan.desk.post(undo[1])
    assert "undone=2" in back.headers["location"]
    assert "stayed=1" in back.headers["location"]
    assert (plan.action(plan.late).owner_id, plan.action(plan.late).due) == was[plan.late]
    assert (plan.action(plan.bare).owner_id, plan.action(plan.bare).due) == was[plan.bare]
    assert plan.action(plan.calm).due == due + timedelta(1)
    assert "refused=undone" in plan.desk.post(undo[1]).headers["location"]


@pytest.mark.parametrize(
    "fields, refused",
    [
        ({"set_state": "closed"}, "none"),
        ({"ids": ["late"]}, "nothing"),
        ({"ids": ["late"], "set_due": "tull"}, "invalid"),
        ({"ids": ["late"], "set_owner_id": "x" * 36}, "invalid"),
        ({"ids": ["late"], "set_state": "open"}, "same"),
        ({"ids": ["foreign"], "set_state": "closed"}, "invalid"),
    ],
)
def test_a_bulk_edit_that_cannot_be_done_changes_nothing_and_says_so(
    plan: Plan, fields: dict[str, Any], refused: str
) -> None:
    with plan.product.database.unit_of_work() as session:
        foreign = plan.add(session, Action(kickoff_id=plan.product.foreign.id, title="Hemmelig"))
    known = {"late": plan.late, "foreign": foreign}
    if "ids" in fields:
        fields = fields | {"ids": [known[one] for one in fields["ids"]]}
    answer = plan.desk.post(f"{plan.here}/bulk", **fields)
    assert f"refused={refused}" in answer.headers["location"]
    assert plan.desk.get(answer.headers["location"]).status_code == 200
    assert plan.action(foreign).state == "open"
    assert plan.notes(plan.late) == []


def test_the_review_goes_through_what_deviates_and_records_that_it_was_held(plan: Plan) -> None:
    page = plan.get("/review")
    queue = page.partition("review-queue")[2].partition("</nav>")[0]
    assert re.findall(r"at=([0-9a-f-]{36})", queue) == [plan.late, plan.bare]
    plan.desk.post(f"{plan.here}/actions/{plan.late}/state", state="closed", back="review")
    plan.desk.post(
        f"{plan.here}/review/learnt", title="Vi ringte for sent", why="Ingen liste",
        learnt="Lag listen først", changes="Listen ligger klar mandag", action_id=plan.bare,
    )  # fmt: skip
    due = (plan.today + timedelta(9)).isoformat()
    plan.replan(plan.bare, due=due, owner_id=plan.ola, back="review")
    assert plan.desk.post(f"{plan.here}/review/held").status_code == 303
    with plan.product.database.reading() as session:
        of = DeviationReview.kickoff_id == plan.kickoff_id
        review = session.exec(select(DeviationReview).where(of)).one()
        learning = session.exec(select(Learning).where(Learning.action_id == plan.bare)).one()
    assert (review.closed, review.replanned, review.learnings, review.left) == (1, 1, 1, 0)
    assert (review.found, review.held_by) == (2, "Owner")
    assert review.week.weekday() == 0
    assert learning.week == review.week
    plan.desk.post(f"{plan.here}/review/held")
    page = plan.get("/review")
    assert "Vi ringte for sent" in page
    assert 'id="held"' in page


def test_a_learning_note_without_a_title_is_asked_for_with_the_rest_kept(plan: Plan) -> None:
    answer = plan.desk.post(f"{plan.here}/review/learnt", title="", why="Ingen liste", action_id="")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "role, see, edit", [("viewer", 200, 403), ("contributor", 200, 303), ("outsider", 404, 404)]
)
def test_who_may_edit_the_plan_decides(product: Product, role: str, see: int, edit: int) -> None:
    here = f"/kickoffs/{product.kickoff.id}/30-60-90"
    browser = product.browser(role)
    for path in ("", "/list", "/line", "/mine", "/review"):
        assert browser.get(here + path).status_code == see
    assert browser.post(f"{here}/review/held").status_code == edit
    assert browser.post(f"{here}/bulk", ids=[], set_state="closed").status_code == edit
