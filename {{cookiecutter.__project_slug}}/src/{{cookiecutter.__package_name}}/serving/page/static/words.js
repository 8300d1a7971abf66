// Numbers and names as people read them.

const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const FRACTION = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Write the name of a column as words: sched_dep_time becomes sched dep time. */
export function asWords(name) {
  return name.replaceAll(/[_-]+/g, " ").trim() || name;
}

export function capitalise(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function sayPercent(share) {
  if (share > 0 && share < 0.001) return "less than 0.1%";
  return share > 0.999 && share < 1 ? "more than 99.9%" : PERCENT.format(share);
}

/** Say a probability as people count: about 3 in 10. */
export function sayOdds(probability) {
  if (probability < 0.005) return "fewer than 1 in 200";
  if (probability > 0.995) return "more than 199 in 200";
  if (probability < 0.1) return `about 1 in ${Math.round(1 / probability)}`;
  if (probability <= 0.9) return `about ${Math.round(probability * 10)} in 10`;
  const all = Math.round(1 / (1 - probability));
  return `about ${all - 1} in ${all}`;
}

/** Write a number with four digits, or all of those before the point, and its unit. */
export function sayNumber(value, unit) {
  const text = (Math.abs(value) < 1000 ? FRACTION : WHOLE).format(value);
  return unit ? `${text} ${unit}` : text;
}

/** Write an effect with its sign and as many decimals as the largest needs for three digits. */
export function sayEffect(value, largest) {
  const digits = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(largest))));
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = value.toLocaleString("en", { ...decimals, signDisplay: "always" });
  return text.replace("-", "−");
}

/** Count things: 1 row, 1,200 rows. */
export function count(n, one, many = `${one}s`) {
  return `${WHOLE.format(n)} ${n === 1 ? one : many}`;
}

/** Write a value as it was given. */
export function sayValue(value, { type, unit }) {
  if (value === null) return "unknown";
  if (type === "boolean") return value ? "yes" : "no";
  if (type === "datetime") return value.replace("T", " ");
  return unit ? `${value} ${unit}` : String(value);
}

/** Say what the answers yes and no of a binary task mean. */
export function sayMeaning({ target, positive }) {
  const name = asWords(target);
  const rule = positive.slice(target.length + 1);
  const opposite = rule.startsWith("is ") ? rule.replace("is", "is not") : `not ${rule}`;
  return { yes: `${name} ${rule}`, no: `${name} ${opposite}` };
}
