// A file of rows, given back with the predictions beside them.

import { readLines, writeLines } from "./csv.js";
import { find, make, setError } from "./dom.js";
import { makeErrors, report, sayFault } from "./faults.js";
import { call } from "./service.js";
import { count } from "./words.js";

const CSV = "text/csv";
const FORMATS = new Map([
  ["csv", CSV],
  ["parquet", "application/vnd.apache.parquet"],
]);
const WORDS = new Map([
  ["true", "yes"],
  ["false", "no"],
]);
const SHOWN = 5; // More are in the file.

/** Let the form for files answer, and offer the example row as a file. */
export function startTable(view) {
  const names = view.columns.map(({ name }) => name);
  const example = writeLines([names, names.map((name) => view.example[name])]);
  find("example").href = URL.createObjectURL(new Blob([example], { type: CSV }));
  find("table").onsubmit = async (event) => {
    event.preventDefault();
    const [file] = find("file").files;
    const type = FORMATS.get(file?.name.split(".").pop().toLowerCase());
    if (type) await predictFile(file, type, view.task);
    else refuse(file ? `Must be a .csv or .parquet file, is ${file.name}` : "Must be chosen");
  };
}

async function predictFile(file, type, task) {
  setError(find("file"), find("file-error"));
  URL.revokeObjectURL(find("result").querySelector("a")?.href);
  find("result").replaceChildren(make("p", {}, "Predicting…"));
  try {
    const headers = { "Content-Type": type };
    const response = await call("predict", { method: "POST", headers, body: file });
    const predicted = await response.blob();
    const summary = type === CSV ? summarise(await predicted.text(), task) : [];
    find("result").replaceChildren(...summary, makeDownload(file.name, predicted));
  } catch (error) {
    find("result").replaceChildren();
    const { faults = [] } = error;
    if (faults.length) refuse(...faults.map((fault) => `${fault.column}: ${sayFault(fault)}`));
    else report(error, refuse);
  }
}

function refuse(...texts) {
  setError(find("file"), find("file-error"), makeErrors(texts));
  find("file").focus();
}

/** Say how many rows got which answer, and what is wrong with the first faulty ones. */
function summarise(text, task) {
  const lines = readLines(text);
  const head = lines.next().value ?? [];
  // The added columns are the last, and are renamed where the file has columns of these names.
  const answer = head.findLastIndex((name) => /^prediction(_predicted)*$/.test(name));
  const fault = head.length - 1;
  const answers = new Map();
  const faults = [];
  let rows = 0;
  for (const line of lines) {
    rows += 1;
    if (line[fault]) faults.push(`Row ${rows}: ${line[fault]}`);
    else if (line[answer]) answers.set(line[answer], (answers.get(line[answer]) ?? 0) + 1);
  }
  const groups = task === "regression" ? [] : [...answers].sort(([, a], [, b]) => b - a);
  const words = task === "binary" ? WORDS : new Map();
  const parts = [
    count(rows, "row"),
    ...groups.map(([name, n]) => count(n, words.get(name) ?? name, words.get(name) ?? name)),
    count(faults.length, "faulty", "faulty"),
  ];
  return [
    make("p", {}, `${parts.join(", ")}.`),
    make("ul", {}, ...faults.slice(0, SHOWN).map((line) => make("li", {}, line))),
  ];
}

function makeDownload(name, predicted) {
  const to = name.replace(/(\.\w+)$/, "-predicted$1");
  const link = { class: "button", href: URL.createObjectURL(predicted), download: to };
  return make("p", {}, make("a", link, `Download ${to}`));
}
