/* Which of what is to be done is this phone's own by the owner's name, and which its group's or team's. Painted here,
   for the page is the same for everybody. */
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
      const mine = same(name, owner), near = Boolean(group && place.startsWith(group)) || same(team, theirs);
      row.toggleAttribute("data-own-mine", mine);
      row.toggleAttribute("data-own-ours", near && !mine);
    }
  }

  for (const event of ["morphed", "mine"]) document.addEventListener("kickoff:" + event, paint);
  paint();
})();
