// What moved the answer: a table whose numbers are drawn as bars.

import { find, make } from "./dom.js";
import { asWords, capitalise, sayEffect, sayValue } from "./words.js";

const LEAST = 0.01; // Of the largest; less can't be seen.

/** Show the contributions, or that the model has none. */
export function showReasons(view, row, { prediction, contributions }) {
  const all = contributions ?? [];
  const largest = Math.max(...all.map(({ value }) => Math.abs(value)));
  const moving = all.filter(({ value }) => value !== 0 && Math.abs(value) >= LEAST * largest);
  const scale = describeScale(view, prediction);
  find("reasons").replaceChildren(
    make("h3", {}, "What moved it"),
    moving.length
      ? makeTable(view, row, moving, largest, scale)
      : make("p", { class: "hint" }, "This model does not say what moved its answers."),
  );
}

function makeTable({ columns }, row, moving, largest, scale) {
  const lines = moving.map(({ feature, value }) => {
    const name = make("th", { scope: "row" }, ...nameFeature(feature, columns, row));
    return make("tr", {}, name, make("td", {}, drawEffect(value, largest, scale)));
  });
  const titles = ["Input", scale.unit ? `Effect (${scale.unit})` : "Effect"];
  const head = titles.map((title) => make("th", { scope: "col" }, title));
  return make(
    "table",
    {},
    make("caption", {}, `To the right: ${scale.more}. To the left: ${scale.less}.`),
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...lines),
  );
}

/** Say what a positive and a negative effect mean, and in what they are measured. */
function describeScale({ task, goal }, prediction) {
  if (task === "regression") {
    return { more: "a larger number", less: "a smaller one", unit: goal.unit };
  }
  const answer = task === "binary" ? "yes" : prediction;
  return { more: `${answer} more likely`, less: `${answer} less likely`, unit: "log-odds" };
}

function nameFeature(feature, columns, row) {
  const column = columns.find(({ name }) => name === feature);
  const origin = column ? sayValue(row[feature], column) : "made from the inputs";
  return [capitalise(asWords(feature)), " ", make("span", { class: "given" }, origin)];
}

/** Draw an effect from the middle to its side; the number says the same. */
function drawEffect(value, largest, { more, less }) {
  const bar = make("span", { class: value > 0 ? "bar more" : "bar less" });
  const side = ` ${value > 0 ? more : less}`;
  bar.style.width = `${(Math.abs(value) / largest) * 50}%`;
  return make(
    "div",
    { class: "effect" },
    make("span", { class: "track", "aria-hidden": "true" }, bar),
    make("span", {}, sayEffect(value, largest), make("span", { class: "unseen" }, side)),
  );
}
