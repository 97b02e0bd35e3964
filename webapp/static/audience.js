// Counts anew whom a letter is for as boxes are ticked; without it, the button "Show who that is" does the same.
const form = document.getElementById("audience");
let waiting = 0;
let asked = 0;

async function count() {
  const mine = ++asked;
  const fields = new FormData(form);
  fields.set("show", "yes");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const who = page.getElementById("who");
  if (who) document.getElementById("who").replaceChildren(...who.childNodes);
}

form?.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => count().catch(() => {}), 300);
});
