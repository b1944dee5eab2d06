"""Papers that go with a mail: made in a thread, one at a time, once for all who get the same."""

import re
from collections import OrderedDict
from dataclasses import dataclass

from app.database import Database
from app.i18n import gettext, speaking
from app.models.kickoffs import Kickoff
from app.operations.letters import Said, Taken
from app.operations.notice_kinds import KINDS
from app.outputs.papers.registry import registry

MOST_KEPT = 8  # each some tens of kilobytes
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Attached:
    name: str
    content: bytes


def wants_paper(message: Taken) -> bool:
    return any(KINDS[said.kind].paper for said in message.said)


class Papers:
    """`of` blocks, and is asked by one at a time: whoever is in the room needs the machine too."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: OrderedDict[tuple[str, ...], Attached] = OrderedDict()

    def of(self, message: Taken, language: str) -> tuple[Attached, ...]:
        """Raises PaperNotMade where it is to be tried later."""
        with speaking(language):
            papers = [said for said in message.said if KINDS[said.kind].paper]
            return tuple(self._paper(message.kickoff_id, said, language) for said in papers)

    def _paper(self, kickoff_id: str, said: Said, language: str) -> Attached:
        """The same sheet for everybody who is told the same thing in one language."""
        which = (kickoff_id, said.kind, said.key, language)
        if which not in self._made:
            self._made[which] = self._set(kickoff_id, KINDS[said.kind].paper)
            while len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        return self._made[which]

    def _set(self, kickoff_id: str, code: str) -> Attached:
        paper = registry()[code]
        with self._database.reading() as session:
            kickoff = session.get_one(Kickoff, kickoff_id)
            title, contents = kickoff.title, paper.contents(session, kickoff)
        # Setting takes longer than reading: the database is let go of first.
        made = paper.pdf(contents, paper.sizes[0])
        name = _NOT_IN_NAMES.sub(" ", f"{gettext(paper.name)} – {title}")[:120].strip(" .")
        return Attached(f"{name}.pdf", made)
