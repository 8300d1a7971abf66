// GitHub's own evaluation of expressions: a line {"text", "context", "status", "files"} in, a line
// {"value"} out. In `text`, each ${{ }} is replaced; a text that is one of them keeps its type.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

const boolean = (name, value) => [
  name,
  { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) },
]
const hash = (root) => ({
  name: 'hashFiles',
  minArgs: 1,
  maxArgs: 255,
  call: (...names) => {
    const found = names.map((name) => `${root}/${name.coerceString()}`).filter(existsSync)
    const sums = found.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
    return new data.StringData(sums.length ? createHash('sha256').update(sums.join()).digest('hex') : '')
  },
})
const toData = (value) => JSON.parse(JSON.stringify(value), data.reviver)
const contexts = [
  ...['github', 'env', 'vars', 'secrets', 'steps', 'needs', 'runner', 'inputs', 'job', 'matrix'],
]

const evaluate = (expression, { context, status, root }) => {
  const functions = new Map([
    boolean('success', status === 'success'),
    boolean('failure', status === 'failure'),
    boolean('cancelled', false),
    boolean('always', true),
    ['hashfiles', hash(root)],
  ])
  const parser = new Parser(new Lexer(expression).lex().tokens, contexts, [...functions.values()])
  return new Evaluator(parser.parse(), toData(context), functions).evaluate()
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(asked.text)
  const value = whole
    ? JSON.parse(JSON.stringify(evaluate(whole[1], asked), data.replacer))
    : asked.text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => evaluate(inner, asked).coerceString())
  console.log(JSON.stringify({ value }))
}
