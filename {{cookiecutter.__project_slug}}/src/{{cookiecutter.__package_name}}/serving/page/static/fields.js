// An input for each column of the schema.

import { isGiven, make, setAttributes } from "./dom.js";
import { asWords, capitalise } from "./words.js";

const UNKNOWN = ["unknown", ""];
const YES_NO = [
  ["yes", "true"],
  ["no", "false"],
];

/** Make the field of a column: label, input, place for its error, hint. */
export function makeField(column, id, example, levels) {
  const input = makeInput(column, example);
  const hint = describe(column);
  setAttributes(input, {
    id,
    required: isRequired(column),
    autocomplete: "off",
    "aria-describedby": hint ? `${id}-error ${id}-hint` : `${id}-error`,
  });
  const offers = column.type === "category" && !column.levels && levels?.length > 0;
  if (offers) input.setAttribute("list", `${id}-levels`);
  return make(
    "div",
    { class: `field ${column.type}` },
    make(
      "label",
      { for: id },
      capitalise(asWords(column.name)),
      column.unit && makeUnit(column.unit),
    ),
    input,
    offers &&
      make("datalist", { id: `${id}-levels` }, ...levels.map((value) => make("option", { value }))),
    make(
      "div",
      {},
      make("p", { id: `${id}-error`, class: "error" }),
      hint && make("p", { id: `${id}-hint`, class: "hint" }, hint),
    ),
  );
}

/** Read an input as JSON has it: null for what is unknown. */
export function readValue(input, column) {
  if (input.value === "") return null;
  if (column.type === "boolean") return input.value === "true";
  return input.type === "number" ? Number(input.value) : input.value;
}

function makeInput(column, example) {
  const choices =
    column.type === "boolean" ? YES_NO : column.levels?.map((level) => [level, level]);
  if (choices) return makeSelect(column, choices, String(example));
  const kind = { number: numberKind, integer: numberKind, datetime: momentKind }[column.type];
  const input = make("input", { type: "text", value: example, ...kind?.(column, example) });
  if (!isRequired(column)) input.placeholder = "unknown";
  return input;
}

function makeSelect(column, choices, chosen) {
  const isChosen = choices.some(([, value]) => value === chosen);
  const all = isRequired(column) && isChosen ? choices : [UNKNOWN, ...choices];
  const options = all.map(([text, value]) =>
    make("option", { value, selected: value === chosen }, text),
  );
  return make("select", {}, ...options);
}

function numberKind({ type, min, max }) {
  // The digits of a phone's small keyboard have no minus.
  const keyboard = type === "integer" ? "numeric" : "decimal";
  const step = type === "integer" ? 1 : "any";
  return { type: "number", min, max, step, inputmode: isGiven(min) && min >= 0 && keyboard };
}

function momentKind({ format }, example) {
  if (format) return {};
  const value = asLocal(example);
  return { type: "datetime-local", value, step: !value.endsWith(":00") && 1 };
}

/** Write a moment for the browser's own field; the service takes one without a zone as UTC. */
function asLocal(example) {
  const text = String(example ?? "").replace(" ", "T");
  const clock = text.includes("T") ? text : `${text}T00:00`;
  const moment = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(clock) ? clock : `${clock}Z`);
  return Number.isNaN(moment) ? "" : new Date(moment).toISOString().slice(0, 19);
}

function isRequired(column) {
  return column.missing === "quarantine";
}

function makeUnit(unit) {
  return make("span", { class: "unit" }, ` ${unit}`);
}

function describe({ type, description, min, max, format }) {
  const range = isGiven(min) && isGiven(max) && `${min} to ${max}`;
  const clock = type === "datetime" && (format ? `written as ${format}` : "in UTC");
  return capitalise([description, range, clock].filter(Boolean).join(", "));
}
