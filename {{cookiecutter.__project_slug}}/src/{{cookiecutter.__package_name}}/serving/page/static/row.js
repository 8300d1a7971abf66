// The form for one row.

import { revealAnswer, showAnswer } from "./answer.js";
import { find, setError } from "./dom.js";
import { makeErrors, report, sayFault } from "./faults.js";
import { makeField, readValue } from "./fields.js";
import { call } from "./service.js";
import { count } from "./words.js";

// So that no answer stands beside other values than its own.
let [asked, edits] = [0, 0];

/** Fill the form with a field for each column, and let it answer. */
export function startRow(view) {
  const { columns, example, levels } = view;
  const fields = columns.map((column, n) =>
    makeField(column, `column-${n}`, example[column.name], levels[column.name]),
  );
  const inputs = new Map(
    columns.map(({ name }, n) => [name, fields[n].querySelector("input, select")]),
  );
  find("fields").replaceChildren(...fields);
  const form = find("row");
  form.oninput = () => {
    edits += 1;
    find("answer").classList.toggle("stale", find("reasons").hasChildNodes());
  };
  form.onreset = () => {
    showFaults(inputs, []);
    form.oninput();
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const faults = findUnread(columns, inputs);
    showFaults(inputs, faults);
    if (!faults.length) await answer(view, inputs);
  };
}

async function answer(view, inputs) {
  const values = view.columns.map((column) => [
    column.name,
    readValue(inputs.get(column.name), column),
  ]);
  const row = Object.fromEntries(values);
  asked += 1;
  const [question, edit] = [asked, edits];
  try {
    const prediction = await ask(row);
    // A later question has an answer of its own.
    if (question !== asked) return;
    showAnswer(view, row, prediction);
    find("answer").classList.toggle("stale", edit !== edits);
  } catch (error) {
    if (error.faults?.length) showFaults(inputs, error.faults);
    else report(error, refuse);
  }
}

async function ask(row) {
  const response = await call("predict?contributions=true", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ rows: [row] }),
  });
  return (await response.json()).predictions[0];
}

/** Find what was typed and the browser can't read, and so gives as empty. */
function findUnread(columns, inputs) {
  return columns
    .filter(({ name }) => inputs.get(name).validity.badInput)
    .map(({ name, type }) => ({ column: name, rule: `must be a valid ${type}` }));
}

/** Show each fault beside its field, and go to the first. */
function showFaults(inputs, faults) {
  const rules = new Map(faults.map((fault) => [fault.column, sayFault(fault)]));
  for (const [name, input] of inputs) {
    setError(input, find(`${input.id}-error`), rules.get(name));
  }
  if (!faults.length) return;
  const others = faults.filter(({ column }) => !inputs.has(column));
  refuse(
    `${count(faults.length, "value")} to correct.`,
    ...others.map((fault) => `${fault.column}: ${sayFault(fault)}`),
  );
  inputs.get([...inputs.keys()].find((name) => rules.has(name)))?.focus();
}

function refuse(...texts) {
  find("said").replaceChildren(...makeErrors(texts));
  find("reasons").replaceChildren();
  revealAnswer();
}
