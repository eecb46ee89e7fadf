"use strict";
(() => {
  const at = id => document.getElementById(id);

  /* A part that is folded opens where a link leads to it. */
  function reveal() {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    const own = target.classList.contains("fold") && target.querySelector("details");
    if (own) own.open = true;
    for (const open of document.querySelectorAll("[popover]:popover-open")) open.hidePopover();
    target.scrollIntoView();
  }

  /* Each mark of a picture tells its words to hover, touch and the arrow keys. */
  function tell(figure, mark) {
    for (const one of figure.querySelectorAll(".on")) one.classList.remove("on");
    if (mark) mark.classList.add("on");
    figure.querySelector(".tip").textContent = mark ? mark.dataset.tip : "";
  }

  const seen = figure => [...figure.querySelectorAll("[data-tip]")].filter(mark => mark.getClientRects().length);

  function nearest(figure, x, y) {
    let best = null, least = 24 * 24;
    for (const mark of seen(figure)) {
      const box = mark.getBoundingClientRect();
      const dx = Math.max(box.left - x, 0, x - box.right), dy = Math.max(box.top - y, 0, y - box.bottom);
      const far = dx * dx + dy * dy;
      if (far < least || (far === least && far === 0)) { best = mark; least = far; }
    }
    return best;
  }

  function step(figure, event) {
    const marks = seen(figure), last = marks.length - 1, now = marks.findIndex(mark => mark.classList.contains("on"));
    const places = {ArrowRight: Math.min(last, now + 1), ArrowLeft: now < 0 ? last : Math.max(0, now - 1), Home: 0, End: last};
    if (!(event.key in places)) return;
    event.preventDefault();
    tell(figure, marks[places[event.key]]);
  }

  for (const picture of document.querySelectorAll(".picture[tabindex]")) {
    const figure = picture.closest("figure");
    picture.addEventListener("pointermove", event => tell(figure, nearest(figure, event.clientX, event.clientY)));
    picture.addEventListener("pointerdown", event => tell(figure, nearest(figure, event.clientX, event.clientY)));
    picture.addEventListener("keydown", event => step(figure, event));
  }

  /* What if: which limits of a day a distance is above; as `loadmon today` tells it. */
  const asked = at("what-if-data") && JSON.parse(at("what-if-data").textContent);
  const above = (value, limit) => value > limit + 1e-9 * Math.abs(limit);

  function verdict(limits, km) {
    const over = [], open = [];
    let binds = false;
    for (const [name, limit, unknown, why, from, to, key] of limits) {
      const bound = limit !== null && km >= from && (to === null || km <= to) ? limit : null;
      if (bound !== null) binds = true;
      if (bound !== null && above(km, bound) && !unknown) over.push({key, name, bound, why});
      if (unknown && (bound === null || above(km, bound))) open.push({key, name, why});
    }
    return {verdict: over.length ? "above" : binds && !open.length ? "within" : "unknown", over, open};
  }

  /* Never rounded above what it is. */
  const amount = km => `${Math.floor(10 * km * asked.per_km + 1e-6) / 10} ${asked.units}`;

  function answer() {
    const km = Number(at("what-if-km").value) / asked.per_km, place = Number(at("what-if-day").value), out = at("what-if-answer");
    if (!at("what-if-km").value) { out.textContent = ""; return; }
    if (!(km > 0 && km < 500)) { out.textContent = "That is no distance of a run."; return; }
    const told = verdict(asked.days[place].limits, km);
    const listed = told.over.map(one => `${one.name} (${one.bound > 0 ? `up to ${amount(one.bound)}` : "any run"}: ${one.why})`).join("; ");
    out.textContent = told.verdict === "above" ? `Over a limit: ${listed}.`
      : told.verdict === "within" ? "No rule here would flag it. Nothing flagged is not the same as fine."
      : `Not known: ${told.open.map(one => `${one.name}: ${one.why}`).join("; ") || "there is nothing to compare with"}.`;
  }

  if (asked) {
    at("what-if").hidden = false;
    at("what-if").addEventListener("input", answer);
    at("what-if").addEventListener("submit", event => event.preventDefault());
  }

  /* A line of the diary from what is typed; nothing is sent or kept. */
  function line() {
    const value = name => at("log-" + name).value, pain = value("pain"), rpe = value("rpe");
    if (!/^\d{4}-\d\d-\d\d$/.test(value("date")) || (!pain && !rpe)) return "";
    return [value("date"), pain && value("when"), pain, pain && value("site"), rpe, "", "", ""].join(",");
  }

  function write() {
    at("log-line").textContent = line();
    at("log-said").textContent = line() ? "" : "Choose a pain or an effort, of a day such as 2026-10-11.";
  }

  function saved(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function copy() {
    if (!line()) return write();
    try { await navigator.clipboard.writeText(line()); at("log-said").textContent = "Copied."; }
    catch { getSelection().selectAllChildren(at("log-line")); at("log-said").textContent = "Marked: copy it with Ctrl+C."; }
  }

  if (at("log")) {
    document.querySelector(".log").hidden = false;
    at("log").addEventListener("input", write);
    at("log").addEventListener("submit", event => event.preventDefault());
    at("log-copy").addEventListener("click", copy);
    at("log-save").addEventListener("click", () => line() ? saved(`${at("log-line").dataset.columns}\n${line()}\n`, "diary.csv") : write());
  }

  /* The sheet holds the plan that is on the page; the whole page is printed by its own button. */
  function fill() {
    const plan = at("plan"), box = at("sheet-plan");
    if (!plan || !box) return;
    const rows = [...document.querySelectorAll("#plan-weeks tr")].slice(0, 3).map(row => [...row.children].slice(0, 4).map(cell => cell.textContent));
    box.textContent = plan.hidden ? "" : [at("plan-answer").textContent, ...rows.map(cells => `Week ${cells[0]}, ${cells[1]}: ${cells[2]}, in all ${cells[3]}`)].join("\n");
  }

  for (const [id, whole] of [["print-sheet", false], ["print-whole", true]]) {
    at(id).hidden = false;
    at(id).addEventListener("click", () => { document.body.classList.toggle("whole", whole); print(); });
  }
  addEventListener("beforeprint", fill);
  addEventListener("afterprint", () => document.body.classList.remove("whole"));
  addEventListener("hashchange", () => { fill(); reveal(); });
  document.addEventListener("click", event => { const link = event.target.closest("a[href^='#']"); if (link && link.hash === location.hash) reveal(); });
  reveal();
  window.loadmonPage = {verdict, line};
})();
