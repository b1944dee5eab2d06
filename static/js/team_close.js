/* What one's group takes on, said on the phone by a command: the form shows what stands, keeps what is being typed, and
   says how it goes. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.teamClose) return;
  kickoff.teamClose = true;
  const FORMS = 'form[data-own-way][data-kind="team_close"]', PARTS = ["next_step", "owner", "responsibility", "due"];
  const CARD = { next_step: "nextStep", owner: "owner", responsibility: "responsibility", due: "due" };
  let drafts = [];

  function forms() { return document.querySelectorAll(FORMS); }

  /* The group's own card, else the team's, else the one this phone has said. */
  function cardOf(form) {
    const activity = form.dataset.activity, cards = [...document.querySelectorAll(`[data-stated="${CSS.escape(activity)}"] > li`)];
    const { group_id: group, team } = kickoff.me, mine = kickoff.mine[activity]?.data?.next_step;
    return cards.find(({ dataset }) => (group ? dataset.place === group : team ? dataset.team === team : dataset.nextStep === mine));
  }

  function paint() {
    for (const form of forms()) {
      const card = cardOf(form);
      if (!card || form.hasAttribute("data-own-draft")) continue;
      for (const part of PARTS) {
        const field = form.elements[part], value = card.dataset[CARD[part]];
        if (field !== document.activeElement && field.value !== value) field.value = value;
      }
    }
  }

  function tell(form, said, state) {
    form.querySelector("[data-said]").textContent = said;
    form.dataset.ownState = state;
  }

  async function send(form) {
    const line = form.querySelector("[data-said]").dataset, button = form.querySelector("button");
    const data = kickoff.dataOf(form);
    tell(form, line.sending, "sending");
    button.disabled = true;
    const { code, detail } = await kickoff.command("team_close.state", data);
    button.disabled = false;
    if (!code) {
      kickoff.forgetDraft(form);
      kickoff.mine[data.activity] = { seq: 1, ...kickoff.mine[data.activity], data: { next_step: data.next_step } };
      document.activeElement?.blur();
      tell(form, line.done, "saved");
    } else if (code === "activity_closed" && !form.isConnected) kickoff.keepUnsent?.(data.activity, data, "closed_late");
    else tell(form, kickoff.passing.includes(code) ? line.unsent : (code === "invalid" && detail) || kickoff.text(code) || line.unsent, "refused");
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(FORMS)) return;
    event.preventDefault();
    send(event.target);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches(FORMS)) tell(form, "", "");
  });

  /* Closed while somebody was writing: what was written is theirs to read and to copy. */
  document.addEventListener("kickoff:before", () => {
    drafts = [...forms()].filter((form) => form.hasAttribute("data-own-draft"))
      .map((form) => ({ form, activity: form.dataset.activity, data: Object.fromEntries(PARTS.map((part) => [part, form.elements[part].value])) }));
  });
  document.addEventListener("kickoff:morphed", () => {
    for (const { form, activity, data } of drafts) if (!form.isConnected) kickoff.keepUnsent?.(activity, data, "closed_unsent");
    drafts = [];
    paint();
  });
  document.addEventListener("kickoff:mine", paint);
  paint();
})();
