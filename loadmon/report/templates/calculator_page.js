"use strict";
(() => {
  const grid = JSON.parse(document.getElementById("plans").textContent);
  const at = id => document.getElementById(id);
  const day = 86400000, most_days_ahead = 366;
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const dated = ms => { const d = new Date(ms); return `${weekdays[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]} ${d.getUTCFullYear()}`; };
  const short = ms => { const d = new Date(ms); return `${weekdays[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]}`; };
  const shown = tenths => `${(tenths / 10).toFixed(1)}\u00a0${grid.units}`;
  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  let current = null;

  const {questions, screened} = screening(grid.screening);

  function answered(reason, key) {
    const name = `${reason}-${key}`;
    const choice = at(name) ? at(name).value : (document.querySelector(`input[name="${name}"]:checked`) || {value: ""}).value;
    return choice === "" ? null : Number(choice);
  }

  /* The numbers that were typed; null where a box is empty, NaN where it holds no number. */
  function number(id) {
    const text = at(id).value.trim().replace(",", ".");
    return text === "" ? null : /^\d+(\.\d*)?$/.test(text) ? Number(text) : NaN;
  }
  const date = id => at(id).value === "" ? null : Date.parse(at(id).value + "T00:00:00Z");

  function typed() {
    const now = new Date();
    return {usual: number("usual"), longest: number("longest"), runs: Number(at("runs").value), last: date("last-run"),
      resume: date("resume"), reason: at("reason").value, today: Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())};
  }

  /* What cannot be meant, and the box it stands in; the same refusals as on the command line. */
  function wrong(t) {
    const least = 0.5 * grid.one_km, near = 1e-9;
    if (t.usual !== null && !(t.usual >= least && t.usual <= grid.most)) return ["usual", `The usual week is a number from ${least.toFixed(1)} to ${Math.floor(grid.most)} ${grid.units}.`];
    if (t.longest !== null && !(t.longest >= least)) return ["longest", `The longest run is a number from ${least.toFixed(1)} ${grid.units} on: a shorter run is nothing to plan from.`];
    if (t.usual !== null && t.longest !== null) {
      if (t.longest > t.usual) return ["longest", "The longest run is longer than the whole week: raise the week, or lower the longest run."];
      if (t.usual > t.runs * t.longest + near) return ["runs", `${plural(t.runs, "run")} of at most ${t.longest} ${grid.units} are less than the week: raise the runs or the longest run, or lower the week.`];
      if (t.runs > 1 && (t.usual - t.longest) / (t.runs - 1) < least) return ["runs", `That leaves less than ${least.toFixed(1)} ${grid.units} for each of the other runs: lower the runs or the longest run, or raise the week.`];
    }
    if (t.last !== null && t.last > t.today) return ["last-run", "The last run was today or before."];
    if (t.resume !== null && t.resume < t.today) return ["resume", "That day is past: choose today or a later day."];
    if (t.resume !== null && t.resume - t.today > most_days_ahead * day) return ["resume", "That is more than a year ahead: plan it when it is nearer."];
    if (t.last !== null && t.resume !== null && t.resume <= t.last) return ["resume", "The day to run again is after the last run."];
    return null;
  }

  /* The box that the numbers are rounded down to: the largest week, then most runs, then longest. */
  function box(t, weeks) {
    let best = null;
    weeks.forEach((w, n) => {
      const [week, longest, runs] = grid.weeks[w];
      const fits = week <= 10 * t.usual + 1e-6 && longest <= 10 * t.longest + 1e-6 && runs <= t.runs;
      const key = [week, runs, longest];
      if (fits && (best === null || key.find((x, i) => x !== best.key[i]) > best.key.find((x, i) => x !== key[i]))) best = {n, key, week, longest, runs};
    });
    return best;
  }

  /* The case whose pain is the next higher one, at that place. */
  function caseOf(reason, value) {
    const [before, during, morning] = ["pain_before", "pain", "pain_next_morning"].map(value);
    const pain = Math.max(before || 0, during || 0, morning || 0), worse = morning > before || morning > during, site = value("site");
    const fits = grid.cases.map((one, n) => ({...one, n})).filter(
      one => one.reason === reason && one.pain >= pain && (one.worse || !worse) && (!one.sites.length || one.sites.includes(site)));
    fits.sort((a, b) => a.worse - b.worse || a.pain - b.pain);
    return fits[0];
  }

  function find(t, value) {
    const found = caseOf(t.reason, value), off = Math.round((t.resume - t.last) / day) - 1;
    const week = found === undefined ? null : box(t, found.weeks), up = found === undefined ? -1 : found.days_off.findIndex(d => d >= off);
    if (week === null || up < 0) return {no: "This page has no plan for these numbers. The command has:"};
    const plan = grid.pool[grid.plans[found.n][week.n * found.days_off.length + up]];
    return {plan, week, off: found.days_off[up], found};
  }

  const moved = (text, resume) => text.replace(/\{([+-]\d+)\}/g, (_, n) => dated(resume + Number(n) * day));

  /* Every run: day, tenths, minutes, what to do, and the week of the return it lies in. */
  function runs(plan, resume) {
    const days = grid.lists[plan.days];
    return days.map((d, n) => ({when: resume + d * day, week: plan.week + Math.max(0, Math.ceil((d - plan.first + 1 - plan.left) / 7)),
      tenths: grid.lists[plan.tenths][n], minutes: grid.lists[plan.minutes][n], what: grid.texts[grid.lists[plan.what][n]]}));
  }

  function put(tag, parent, text, attributes) {
    const made = document.createElement(tag);
    for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  function show(t, {plan, week, off, found}) {
    const pain = found.pain ? `, pain up to ${found.pain} of 10${found.worse ? " that is worse on the next morning" : ""}` : "";
    at("made-for").textContent = `Made for ${shown(week.week)} a week in ${plural(week.runs, "run")}, longest ${shown(week.longest)}, ${plural(off, "day")} off${pain}: your numbers rounded down, days off and pain up. loadmon cannot see pain, races, or days you did not mention.`;
    const body = at("plan-weeks"), weeks = new Map();
    for (const run of runs(plan, t.resume)) weeks.set(run.week, [...(weeks.get(run.week) || []), run]);
    body.replaceChildren();
    for (const [number, inside] of weeks) {
      const row = put("tr", body, "");
      put("th", row, `Week ${number}`, {scope: "row", class: "n"});
      const cell = put("td", row, "");
      for (const run of inside) put("div", cell, `${short(run.when)}: ${shown(run.tenths)}, ${run.minutes} min${run.what.includes("walk") ? ` (${run.what})` : ""}`);
      put("td", row, shown(inside.reduce((sum, run) => sum + run.tenths, 0)), {class: "n", "data-head": "In all"});
    }
    const between = grid.lists[plan.between], parts = [];
    for (let n = 0; n < between.length; n += 2) parts.push(`${short(t.resume + between[n] * day)} ${grid.texts[between[n + 1]]}`);
    at("between").textContent = parts.length ? `Between the runs, in the first seven days: ${parts.join("; ")}. None of it counts as running.` : "";
    const notes = at("notes");
    notes.replaceChildren();
    for (const line of grid.lists[plan.notes]) put("li", notes, moved(grid.texts[line], t.resume));
  }

  function command(t) {
    const km = x => `${x}${grid.units === "mi" ? "mi" : ""}`;
    return `loadmon ramp --usual ${km(t.usual)} --longest ${km(t.longest)} --runs ${t.runs} --last-run ${at("last-run").value} --resume ${at("resume").value} --reason ${t.reason}`;
  }

  function update() {
    const t = typed(), asks = grid.asks[t.reason] || "", answer = key => answered(asks, key);
    const asked = questions(asks, answer).map(question => question.key);
    for (const all of document.querySelectorAll(".screening")) {
      all.hidden = all.dataset.reason !== asks;
      for (const one of all.querySelectorAll(".question")) one.hidden = !asked.includes(one.dataset.key);
    }
    const value = key => {
      const question = questions(asks, answer).find(one => one.key === key), choice = question ? answer(key) : null;
      return choice === null ? null : question.choices[choice].value;
    };
    const fault = wrong(t), empty = [t.usual, t.longest, t.last, t.resume].includes(null) || t.reason === "";
    for (const id of ["usual", "longest", "runs", "last-run", "resume"]) at(id).setAttribute("aria-invalid", fault !== null && fault[0] === id);
    const verdict = t.reason === "" ? null : screened(asks, answer);
    let text = "", kind = "";
    current = null;
    if (verdict) [text, kind] = [verdict, "refused"];
    else if (fault) [text, kind] = [fault[1], "wrong"];
    else if (empty) text = "There is no plan until every box is filled.";
    else if (verdict === null) text = grid.open;
    else {
      current = find(t, value);
      if (current.no || current.plan.no !== undefined) {
        [text, kind] = [current.no ? `${current.no}\n${command(t)}` : moved(grid.texts[current.plan.no], t.resume), "refused"];
        current = null;
      } else text = asks ? grid.clean : "";
    }
    at("answered").className = kind;
    at("answered").textContent = text;
    at("plan").hidden = current === null;
    if (current) { show(t, current); at("command").textContent = command(t); }
  }

  const form = at("calculator");
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", event => event.preventDefault());
  update();
  window.loadmon = {current: () => current, runs: () => runs(current.plan, typed().resume)};
})();
