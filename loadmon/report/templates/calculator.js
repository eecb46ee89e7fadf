"use strict";
(() => {
  const grid = JSON.parse(document.getElementById("plans").textContent);
  const at = id => document.getElementById(id);
  const names = Object.keys(grid.choices);
  const day = 86400000;
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const utc = iso => Date.parse(iso + "T00:00:00Z");
  const short = ms => { const d = new Date(ms); return `${d.getUTCDate()} ${months[d.getUTCMonth()]}`; };
  const shown = tenths => (tenths / 10).toFixed(1);
  let current = null;

  const {questions, screened} = screening(grid.screening);

  function answered(reason, key) {
    const name = `${reason}-${key}`;
    const choice = at(name) ? at(name).value : (document.querySelector(`input[name="${name}"]:checked`) || {value: ""}).value;
    return choice === "" ? null : Number(choice);
  }

  function picked(reason) {
    let index = 0;
    for (const name of names) index = index * grid.choices[name].texts.length + Number(at("slider-" + name).value);
    return grid.pool[grid.plans[grid.reasons[reason].plans][index]];
  }

  /* Every day; a plan that goes on may begin in the middle of a week of the return. */
  function days(plan) {
    return plan.tenths.map((tenths, n) => ({
      when: utc(plan.first) + n * day, week: plan.week + Math.ceil((n + 1 - plan.left) / 7), tenths, kind: grid.texts[plan.kind[n]],
      what: grid.texts[plan.what[n]], minutes: plan.minutes[n], stage: grid.texts[plan.stage[n]], by: grid.texts[plan.by[n]],
    }));
  }

  function weeks(plan) {
    const out = [];
    for (const one of days(plan)) {
      if (plan.week + out.length <= one.week) out.push({number: one.week, start: one.when, days: 0, runs: [], tenths: 0});
      const week = out[out.length - 1];
      week.days += 1;
      if (one.tenths) { week.runs.push(one); week.tenths += one.tenths; }
    }
    return out;
  }

  const run = r => `${weekdays[new Date(r.when).getUTCDay()]}\u00a0${shown(r.tenths)}${r.kind === "walk_run" ? ` (${r.what})` : ""}`;

  function put(tag, parent, text, attributes) {
    const made = document.createElement(tag);
    for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  function list(plan) {
    const body = at("plan-weeks");
    body.replaceChildren();
    for (const week of weeks(plan)) {
      const row = put("tr", body, "");
      put("th", row, week.number, {scope: "row"});
      put("td", row, short(week.start), {class: "n", "data-head": "From"});
      put("td", row, week.runs.map(run).join(" · ") || "no run", {"data-head": "Runs"});
      put("td", row, shown(week.tenths), {class: "n", "data-head": `Week ${grid.units}`});
      put("td", row, [...new Set(week.runs.map(r => r.by))].filter(by => by).join(", "), {"data-head": "Reaches"});
    }
  }

  function describe(plan) {
    at("plan-answer").textContent = `${grid.texts[plan.answer]} Most often limited by: ${grid.texts[plan.binds]}.`;
    const lines = at("plan-notes");
    lines.replaceChildren();
    for (const line of plan.notes) put("li", lines, grid.texts[line]);
  }

  /* The picture, in the pixels that it has. */
  function draw(plan) {
    const box = at("plan-picture"), width = Math.max(260, box.clientWidth), height = 220;
    const left = 34, bottom = 24, top = 12, space = "http://www.w3.org/2000/svg";
    const ahead = weeks(plan), target = grid.target_tenths;
    const past = grid.past.map(week => ({start: utc(week.first), tenths: week.tenths}));
    const first = Math.min(...past.map(w => w.start), ahead[0].start), last = ahead[ahead.length - 1].start + ahead[ahead.length - 1].days * day;
    const most = 1.08 * Math.max(target, ...past.map(w => w.tenths || 0), ...ahead.map(w => w.tenths), 10);
    const x = ms => left + (ms - first) / (last - first) * (width - left - 4);
    const y = tenths => height - bottom - tenths / most * (height - bottom - top);
    const svg = document.createElementNS(space, "svg");
    const add = (tag, attributes, text) => {
      const made = document.createElementNS(space, tag);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      if (text !== undefined) made.textContent = text;
      svg.append(made);
    };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `Planned: ${ahead.map(w => `week ${w.number} ${shown(w.tenths)}`).join(", ")} ${grid.units}`);
    const step = [10, 20, 50, 100, 200, 500].find(s => most / s <= 6) || 1000;
    for (let mark = 0; mark <= most; mark += step) {
      add("line", {x1: left, x2: width, y1: y(mark), y2: y(mark), class: "grid"});
      add("text", {x: left - 5, y: y(mark) + 4, "text-anchor": "end"}, mark / 10);
    }
    const room = days => Math.max(2, (x(first + days * day) - x(first)) * 0.85), wide = room(7);
    for (const week of past) {
      if (week.tenths === null) add("text", {x: x(week.start) + wide / 2, y: y(0) - 4, "text-anchor": "middle"}, "?");
      else add("rect", {x: x(week.start), y: y(week.tenths), width: wide, height: y(0) - y(week.tenths), class: "past"});
    }
    for (const week of ahead) {
      const width = room(week.days);
      add("rect", {x: x(week.start), y: y(week.tenths), width, height: y(0) - y(week.tenths), class: "ahead"});
      const longest = Math.max(0, ...week.runs.map(r => r.tenths));
      if (longest) add("circle", {cx: x(week.start) + width / 2, cy: y(longest), r: Math.min(4, width / 2), class: "longest"});
    }
    add("line", {x1: left, x2: width, y1: y(target), y2: y(target), class: "target"});
    const every = Math.ceil(52 / ((width - left) / ((last - first) / (7 * day)))) * 7 * day;
    for (let ms = first; ms < last - 3 * day; ms += every) add("text", {x: x(ms), y: height - 6}, short(ms));
    box.replaceChildren(svg);
  }

  /* Title and text of one day of the calendar. */
  function entry(one) {
    const distance = `${shown(one.tenths)} ${grid.units}`, whole = one.minutes ? ` ${one.minutes} min` : "";
    const around = one.what.match(/^(walk [\d:]+ min), (.+), \1$/), running = one.what.match(/run ([\d:]+ min)/);
    const bouts = (around ? around[2] : one.what).replace(/[()]/g, ""), ran = running ? ` ${running[1]}` : whole;
    const amount = one.kind === "walk_run" ? whole + (bouts ? `: ${bouts}` : "") : one.tenths ? ` ${distance}${ran && ","}${ran}` : whole;
    let text = one.what ? [`${one.what[0].toUpperCase()}${one.what.slice(1)}.`] : [];
    if (one.tenths) text = one.what.includes("walk") ? [`${distance} of running.`, ...text] : [`Run ${distance}.`];
    if (one.tenths) text.push(`${one.minutes} minutes in all, easy: you can talk while you run.`);
    return [grid.titles[one.kind] + amount, [...text, `Week ${one.week} of the plan${one.stage ? `, ${one.stage}${one.stage.startsWith("week") ? " of its programme" : ""}` : ""}.`, grid.stop].join("\n")];
  }

  /* A calendar with an entry for each day; lines of at most 75 bytes. */
  function calendar(plan) {
    const plain = text => text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/([,;])/g, "\\$1");
    const bytes = text => new TextEncoder().encode(text).length;
    const folded = line => {
      const parts = [""];
      for (const sign of line) {
        if (bytes(parts[parts.length - 1] + sign) > 74) parts.push("");
        parts[parts.length - 1] += sign;
      }
      return parts.join("\r\n ");
    };
    const iso = ms => new Date(ms).toISOString().slice(0, 10), compact = ms => iso(ms).replace(/-/g, "");
    const now = new Date(), stamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//loadmon//ramp//EN", "METHOD:PUBLISH"];
    for (const one of days(plan)) {
      const [title, text] = entry(one);
      lines.push("BEGIN:VEVENT", `UID:${grid.uids[iso(one.when)]}`, `DTSTAMP:${stamp}`,
        `SEQUENCE:${Math.floor((now - Date.UTC(2020, 0, 1)) / 60000)}`,
        `DTSTART;VALUE=DATE:${compact(one.when)}`, `DTEND;VALUE=DATE:${compact(one.when + day)}`,
        `SUMMARY:${plain(title)}`, `DESCRIPTION:${plain(text)}`, "TRANSP:TRANSPARENT", "CATEGORIES:loadmon", "STATUS:CONFIRMED", "END:VEVENT");
    }
    return [...lines, "END:VCALENDAR", ""].map(folded).join("\r\n");
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([calendar(current)], {type: "text/calendar"}));
    link.download = "loadmon-ramp.ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function update() {
    const reason = at("reason").value, asks = grid.reasons[reason].asks;
    const answer = key => answered(asks, key), asked = questions(asks, answer).map(question => question.key);
    for (const all of document.querySelectorAll(".screening")) {
      all.hidden = all.dataset.reason !== asks;
      for (const one of all.querySelectorAll(".question")) one.hidden = !asked.includes(one.dataset.key);
    }
    for (const name of names) {
      const text = grid.choices[name].texts[Number(at("slider-" + name).value)];
      at("shown-" + name).textContent = text;
      at("slider-" + name).setAttribute("aria-valuetext", text);
    }
    const verdict = screened(asks, answer);
    const plan = verdict === "" ? picked(reason) : null;
    current = plan && plan.no === undefined ? plan : null;
    at("sliders").hidden = verdict !== "";
    at("plan").hidden = current === null;
    at("answered").className = verdict ? "refused" : "";
    at("answered").textContent = verdict === null ? grid.open : verdict ? verdict
      : current ? (grid.screening.questions[asks] ? grid.clean : "") : grid.texts[plan.no];
    for (const cell of document.querySelectorAll("[data-answer]")) {
      const question = questions(asks, answer).find(one => one.key === cell.dataset.answer);
      const choice = question ? answer(question.key) : null;
      cell.textContent = choice === null ? "" : question.choices[choice].text;
    }
    if (current) { describe(current); list(current); draw(current); }
  }

  const form = at("calculator");
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", event => event.preventDefault());
  at("save").addEventListener("click", save);
  addEventListener("resize", () => current && draw(current));
  update();
  window.loadmon = {screened, calendar, plan: () => current};
})();
