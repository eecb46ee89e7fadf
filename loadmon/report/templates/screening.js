"use strict";
/* The questions before a plan, and the text that stands for a plan; as loadmon.ramp.screening. */
const screening = data => {
  /* Questions that are asked, given the answers; some are asked by the answer to another. */
  function questions(reason, answer) {
    return (data.questions[reason] || []).filter(
      ({needs: [key, ...choices]}) => key === undefined || choices.includes(answer(key)));
  }

  /* The text that stands for a plan, null where a question is open, "" for a plan. */
  function screened(reason, answer) {
    let worst = Infinity, open = false;
    const given = {};
    for (const question of questions(reason, answer)) {
      const choice = answer(question.key);
      if (choice === null) { open = true; continue; }
      given[question.key] = choice;
      const leads = question.choices[choice].leads_to;
      if (leads >= 0) worst = Math.min(worst, leads);
    }
    for (const [key, choice, other, choices, leads] of data.together[reason] || []) {
      if (given[key] === choice && choices.includes(given[other])) worst = Math.min(worst, leads);
    }
    if (worst < data.at_once) return data.texts[worst];
    if (open) return null;
    return worst < Infinity ? data.texts[worst] : "";
  }

  return {questions, screened};
};
