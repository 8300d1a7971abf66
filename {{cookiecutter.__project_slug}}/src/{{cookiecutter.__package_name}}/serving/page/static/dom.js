// Elements are made here and never parsed: what comes from data stays text.

/** Make an element from attributes and children; strings are text, null and false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => isGiven(child)));
  return element;
}

/** Set attributes; true is one without a value, null and false are left out. */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (isGiven(value)) element.setAttribute(name, value === true ? "" : value);
  }
}

export function isGiven(value) {
  return value !== null && value !== undefined && value !== false;
}

export function find(id) {
  return document.getElementById(id);
}

/** Show an error in its place beside an input, or take it away if there is none. */
export function setError(input, place, error) {
  place.replaceChildren(...[error].flat().filter(isGiven));
  if (isGiven(error)) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}
