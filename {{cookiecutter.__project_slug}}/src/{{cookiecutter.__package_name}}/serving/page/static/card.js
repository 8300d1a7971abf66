// The model card, which the service gives as HTML that holds no script.

import { find } from "./dom.js";
import { makeErrors, report } from "./faults.js";
import { call } from "./service.js";

/** Fetch the card when it is opened. */
export function startCard() {
  const card = find("card");
  card.ontoggle = async () => {
    const place = find("card-text");
    if (!card.open || place.querySelector("h2")) return;
    try {
      const response = await call("model/card", { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      place.replaceChildren(...page.querySelector("main").childNodes);
    } catch (error) {
      report(error, (text) => place.replaceChildren(...makeErrors([text])));
    }
  };
}
