// The answer for one row, in words of the goal.

import { find, make } from "./dom.js";
import { showReasons } from "./reasons.js";
import { asWords, capitalise, sayMeaning, sayNumber, sayOdds, sayPercent } from "./words.js";

const SHOWN = 10;

/** Show the prediction for a row and what moved it. */
export function showAnswer(view, row, prediction) {
  const say = { binary: sayBinary, multiclass: sayClass, regression: sayRegression }[view.task];
  find("said").replaceChildren(...say(view, prediction));
  showReasons(view, row, prediction);
  revealAnswer();
}

/** Take what is said as new, and scroll to it unless it is in sight. */
export function revealAnswer() {
  const answer = find("answer");
  answer.classList.remove("stale");
  const { top, bottom } = find("said").getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) answer.scrollIntoView();
}

function sayBinary(view, { prediction, probability }) {
  const { yes, no } = sayMeaning(view.goal);
  const percent = sayPercent(probability);
  const odds = `Probability ${percent}, ${sayOdds(probability)}.`;
  if (prediction === null) {
    return [verdict(strong(percent), yes), gauge(probability), make("p", {}, odds)];
  }
  const limit = sayPercent(view.threshold);
  const rule = `The model says yes from ${limit} on, which was worth most on past rows.`;
  return [
    prediction ? verdict(strong("Yes"), yes) : verdict(strong("No"), no),
    gauge(probability, view.threshold),
    make("p", {}, odds),
    make("p", { class: "hint" }, rule),
  ];
}

function sayClass(view, { prediction, probabilities }) {
  const ordered = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN);
  const lines = ordered.map(([name, probability]) => {
    const drawn = [gauge(probability), make("span", {}, sayPercent(probability))];
    const effect = make("div", { class: "effect" }, ...drawn);
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, effect));
  });
  const title = make("caption", {}, "Probability of the likeliest classes");
  return [
    verdict(asWords(view.goal.target), strong(prediction)),
    make("table", {}, title, make("tbody", {}, ...lines)),
  ];
}

function sayRegression({ goal }, { prediction }) {
  return [verdict(asWords(goal.target), strong(sayNumber(prediction, goal.unit)))];
}

function verdict(first, second) {
  const parts = [first, second].map((part) => (typeof part === "string" ? capitalise(part) : part));
  return make("p", { class: "verdict" }, parts[0], " ", parts[1]);
}

function strong(text) {
  return make("strong", {}, text);
}

/** Draw a probability, and from where it counts as yes; the text beside it says the same. */
function gauge(probability, threshold) {
  const fill = make("span", { class: "fill" });
  fill.style.width = `${probability * 100}%`;
  const drawn = make("span", { class: "gauge", "aria-hidden": "true" }, fill);
  if (threshold !== undefined) {
    const mark = make("span", { class: "mark" });
    mark.style.left = `${threshold * 100}%`;
    drawn.append(mark);
  }
  return drawn;
}
