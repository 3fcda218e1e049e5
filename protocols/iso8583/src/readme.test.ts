/** The example of the README is run, and prints what the README says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as library from './index.ts'
import * as node from './node.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const blockOf = (language: string) =>
  new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readme)?.[1] ?? ''

test('the example prints what it says', () => {
  const { outputText } = ts.transpileModule(blockOf('ts'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  })
  const modules: Record<string, unknown> = {
    '@telepurse/iso8583': library,
    '@telepurse/iso8583/node': node,
  }
  const printed: string[] = []
  const run = new Function('require', 'exports', 'console', outputText)
  run((name: string) => modules[name], {}, { log: (text: string) => printed.push(text) })
  expect(`${printed.join('\n')}\n`).toBe(blockOf('text'))
})

test('all that is exported is spoken of', () => {
  const names = [...Object.keys(library), ...Object.keys(node)]
  expect(names.filter((name) => !readme.includes(name))).toEqual([])
})
