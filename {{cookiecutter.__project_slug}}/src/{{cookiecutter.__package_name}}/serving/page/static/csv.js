// CSV as the service writes it.

/** Read the lines of a CSV text, each as a list of its texts. */
export function* readLines(text) {
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|\r|$)/y;
  let line = [];
  while (cell.lastIndex < text.length) {
    const [, value, end] = cell.exec(text);
    line.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ",") {
      yield line;
      line = [];
    }
  }
}

/** Write lines as CSV; null is an empty text. */
export function writeLines(lines) {
  return lines.map((line) => `${line.map(writeCell).join(",")}\n`).join("");
}

function writeCell(value) {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
