"""The permission table as it was decided: a change here is a decision, not a slip."""

from app.access import SCOPES, TABLE, Actor, Permission, Role, Scope, allowed


def test_each_role_may_what_was_decided() -> None:
    reads = {"see_plan", "see_room", "see_projector"}
    decided = {
        Role.OWNER: reads
        | {"edit_plan", "facilitate", "see_notes", "manage_kickoff", "manage_access"}
        | {"manage_webhooks"},
        Role.FACILITATOR: reads | {"edit_plan", "facilitate", "see_notes"},
        Role.CONTRIBUTOR: reads | {"edit_plan"},
        Role.VIEWER: reads,
        Role.ATTENDEE: {"see_room", "submit"},
        Role.PROJECTOR: {"see_projector"},
    }
    assert decided == TABLE
    decided_of_tokens = {
        Scope.READ: reads,
        Scope.WRITE: reads | {"edit_plan", "manage_kickoff"},
        Scope.FACILITATE: reads | {"facilitate", "see_notes"},
        Scope.WEBHOOKS: reads | {"manage_webhooks"},
    }
    assert decided_of_tokens == SCOPES


def test_users_make_kickoffs_and_administrators_manage_the_organisation() -> None:
    user = Actor(id="u", organisation_id="o")
    administrator = Actor(id="a", organisation_id="o", administrator=True)
    token = Actor(id="t", organisation_id="o", scopes=frozenset(Scope))
    for name, who in (("user", user), ("administrator", administrator), ("token", token)):
        assert allowed(who, Permission.CREATE_KICKOFF), name
    managing = Permission.MANAGE_ORGANISATION
    may = [allowed(who, managing) for who in (user, administrator, token)]
    assert may == [False, True, False]
