// One process that stays: a line {"tool", "file"} in, a line {"seconds", "bytes"} out. Reading the file is not counted.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import juice from 'juice'
import mjml from 'mjml'
import { createLinter, loadTextlintrc } from 'textlint'

const linter = createLinter({ descriptor: await loadTextlintrc({ configFilePath: `${import.meta.dirname}/.textlintrc.json` }) })
const tools = {
  juice: (text) => juice(text),
  mjml: async (text) => (await mjml(text)).html,
  textlint: async (text) => JSON.stringify((await linter.lintText(text, 'issue.md')).messages),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { tool, file } = JSON.parse(line)
  const text = readFileSync(file, 'utf8')
  const start = performance.now()
  const html = await tools[tool](text)
  const seconds = (performance.now() - start) / 1000
  process.stdout.write(`${JSON.stringify({ seconds, bytes: Buffer.byteLength(html) })}\n`)
}
