// Starts the page: asks the service for its model and fills in what it says.

import { startCard } from "./card.js";
import { find } from "./dom.js";
import { makeErrors, onKey, report } from "./faults.js";
import { startRow } from "./row.js";
import { call } from "./service.js";
import { startTable } from "./table.js";
import { asWords, capitalise } from "./words.js";

async function start() {
  if (!find("model").hidden) return;
  try {
    const response = await call("model");
    show(await response.json());
  } catch (error) {
    report(error, (text) => find("status").replaceChildren(...makeErrors([text])));
  }
}

function show(view) {
  const name = capitalise(asWords(view.name));
  document.title = name;
  find("name").textContent = name;
  find("description").textContent = view.description;
  find("statement").textContent = view.goal.statement;
  find("about").textContent = `Version ${view.version}. Questions: ${view.goal.owner}.`;
  startRow(view);
  startTable(view);
  startCard();
  find("status").replaceChildren();
  find("model").hidden = false;
}

onKey(start);
start();
