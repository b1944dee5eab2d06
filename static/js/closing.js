/* Which of what is to be done is this phone's own: by the owner's name, the group or the team. Painted here, for the
   page is the same for everybody. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.closing) return;
  kickoff.closing = true;

  function same(one, other) { return Boolean(one) && one.toLocaleLowerCase() === other?.toLocaleLowerCase(); }

  function paint() {
    const { name, team, group_id: group } = kickoff.me;
    for (const row of document.querySelectorAll(".ahead > li")) {
      const { owner, place, team: theirs } = row.dataset;
      row.toggleAttribute("data-own-mine", same(name, owner) || Boolean(group && place.startsWith(group)) || same(team, theirs));
    }
  }

  for (const event of ["morphed", "mine"]) document.addEventListener("kickoff:" + event, paint);
  paint();
})();
