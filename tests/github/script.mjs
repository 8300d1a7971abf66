// Runs a script as actions/github-script does, by the same client and the same toolkit.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import core from '@actions/core'
import { context, getOctokit } from '@actions/github'

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor
const script = new AsyncFunction('github', 'context', 'core', 'require', readFileSync(0, 'utf8'))
try {
  const require = createRequire(import.meta.url)
  await script(getOctokit(process.env.INPUT_TOKEN), context, core, require)
} catch (error) {
  console.error(error)
  core.setFailed(`Unhandled error: ${error}`)
}
