// CSV as the service writes it.

const SEPARATORS = [",", ";", "\t"];

/** Read the lines of a CSV text, each as a list of its texts. */
export function* readLines(text) {
  const separator = findSeparator(text);
  const cell = new RegExp(
    `("(?:[^"]|"")*"|[^${separator}\\r\\n]*)(${separator}|\\r\\n|\\n|\\r|$)`,
    "y",
  );
  let line = [];
  while (cell.lastIndex < text.length) {
    const [, value, end] = cell.exec(text);
    line.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== separator) {
      yield line;
      line = [];
    }
  }
}

/** Find what separates the values as the service does: what the first line has most of. */
function findSeparator(text) {
  const [head] = text.split("\n", 1);
  const counts = SEPARATORS.map((separator) => head.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))];
}

/** Write lines as CSV; null is an empty text. */
export function writeLines(lines) {
  return lines.map((line) => `${line.map(writeCell).join(",")}\n`).join("");
}

function writeCell(value) {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
