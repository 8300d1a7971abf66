// What is wrong, said where it can be put right.

import { find, make, setError } from "./dom.js";
import { hasKey, keepKey, Refusal } from "./service.js";
import { capitalise } from "./words.js";

/** Write a fault as a sentence: Must be at least 0, is -3. */
export function sayFault({ rule, value }) {
  return capitalise(
    value === null || value === undefined || value === "" ? rule : `${rule}, is ${value}`,
  );
}

/** Show the sentence of a refusal, or ask for the key; what is no refusal is thrown on. */
export function report(error, show) {
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 401) askForKey();
  else show(error.message);
}

/** Make a paragraph of each error. */
export function makeErrors(texts) {
  return texts.map((text) => make("p", { class: "error" }, text));
}

/** Call a function whenever a key was given. */
export function onKey(proceed) {
  find("key").onsubmit = (event) => {
    event.preventDefault();
    const input = find("key-value");
    setError(input, find("key-error"), input.value ? null : "Must be given");
    if (!input.value) return input.focus();
    keepKey(input.value);
    find("key").hidden = true;
    proceed();
  };
}

function askForKey() {
  find("status").replaceChildren();
  find("key").hidden = false;
  const input = find("key-value");
  setError(input, find("key-error"), hasKey() ? "The service does not take this key" : null);
  input.focus();
}
