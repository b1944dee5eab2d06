"""The permission table as it was decided, word for word: a change here is a decision, not a slip."""

from app.access import SCOPES, TABLE, Actor, Role, Scope, allowed


def test_each_role_may_what_was_decided() -> None:
    reads = {"see_plan", "see_room", "see_projector"}
    assert TABLE == {
        Role.OWNER: reads
        | {"edit_plan", "facilitate", "see_notes", "manage_kickoff", "manage_access"},
        Role.FACILITATOR: reads | {"edit_plan", "facilitate", "see_notes"},
        Role.CONTRIBUTOR: reads | {"edit_plan"},
        Role.VIEWER: reads,
        Role.ATTENDEE: {"see_room", "submit"},
        Role.PROJECTOR: {"see_projector"},
    }
    assert SCOPES == {
        Scope.READ: reads,
        Scope.WRITE: reads | {"edit_plan", "manage_kickoff"},
        Scope.FACILITATE: reads | {"facilitate", "see_notes"},
    }


def test_whoever_signed_in_makes_kickoffs_and_administrators_alone_manage_the_organisation() -> (
    None
):
    user = Actor(id="u", organisation_id="o")
    administrator = Actor(id="a", organisation_id="o", administrator=True)
    token = Actor(id="t", organisation_id="o", scopes=frozenset(Scope))
    for name, who in (("user", user), ("administrator", administrator), ("token", token)):
        assert allowed(who, "create_kickoff"), name  # type: ignore[arg-type]  # templates say words
    may = [allowed(who, "manage_organisation") for who in (user, administrator, token)]  # type: ignore[arg-type]  # likewise
    assert may == [False, True, False]
