"""What differs between two versions of a section, said so that one sees of what it is said."""

from datetime import date

from app.models.minutes import MinutesLine
from app.operations.minutes_published import Told
from app.routers.minutes_said import changes_of_section


def line(status: str, text: str = "Test fakturateksten på fem kunder") -> MinutesLine:
    return MinutesLine(
        key="a", text=text, owner="Nora Kvamme", due=date(2026, 11, 5), status=status
    )


def test_a_changed_line_says_which_it_is() -> None:
    """Seen red without the title: "… Kvamme · 5 Nov 2026 · Off track Done", of any action."""
    found = changes_of_section(
        "actions", Told("actions", "", (line("red"),)), Told("actions", "", (line("done"),))
    )
    assert found
    assert [one.title for one in found.lines] == ["Test fakturateksten på fem kunder"]


def test_what_the_pieces_say_themselves_is_not_said_twice() -> None:
    found = changes_of_section(
        "actions",
        Told("actions", "", (line("red", "Kort"),)),
        Told("actions", "", (line("done", "Kort"),)),
    )
    assert found
    shown = [(one.title, " ".join(piece.text for piece in one.pieces)) for one in found.lines]
    assert all(f"{title} {pieces}".count("Kort") == 1 for title, pieces in shown), shown
    new = changes_of_section("actions", Told("actions", "", ()), Told("actions", "", (line(""),)))
    assert new
    assert [one.title for one in new.lines] == [""]
