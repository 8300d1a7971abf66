// Calls of the service, and what it says when it refuses.

import { capitalise } from "./words.js";

const KEY = "api-key";

/** What the service refused: a sentence as message, or the faults of rows. */
export class Refusal extends Error {
  constructor(status, detail) {
    super(
      typeof detail === "string"
        ? capitalise(detail)
        : `The service can't answer this (${status}).`,
    );
    this.status = status;
    this.faults = Array.isArray(detail) ? detail : [];
  }
}

export function keepKey(key) {
  sessionStorage.setItem(KEY, key);
}

export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

/** Send a request, with the key if there is one; throws a Refusal. */
export async function call(path, { headers = {}, ...options } = {}) {
  const key = hasKey() ? { "X-API-Key": sessionStorage.getItem(KEY) } : {};
  const response = await reach(path, { ...options, headers: { ...headers, ...key } });
  if (!response.ok) throw new Refusal(response.status, await readDetail(response));
  return response;
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw new Refusal(0, `The service can't be reached (${error.message}). Try again.`);
  }
}

async function readDetail(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).detail;
  } catch {
    return null; // What stands between, such as a proxy, answers in its own way.
  }
}
